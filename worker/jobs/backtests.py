"""Back-tests: one by its job, by one worker at a time, and the sweep over those whose worker died."""

from __future__ import annotations

from portal import clock, jobs
from portal.services import backtest_runs
from portal.services.backtest_runs import Line
from portal.transaction import snapshot, transaction
from worker.context import describe, job


@job
def run_backtest(backtest_id: int) -> None:
    """Run a back-test that waits, or begin anew with one whose worker died. Returns at once while another is at it."""
    with backtest_runs.alone(backtest_id) as line:
        if line is not None and _begin(backtest_id):
            _run(backtest_id, line)


def _begin(backtest_id: int) -> bool:
    with transaction():
        return backtest_runs.begin(backtest_id=backtest_id, now=clock.now())


def _run(backtest_id: int, line: Line) -> None:
    """A failure is noted with the back-test and raised again; one that was stopped leaves what it had."""
    try:
        with snapshot():
            report = backtest_runs.rehearse_asked(backtest_id, line.note)
        with transaction():
            backtest_runs.finish(backtest_id=backtest_id, report=report, now=clock.now())
    except backtest_runs.Stopped:
        return
    except Exception as error:
        with transaction():
            backtest_runs.note_failure(backtest_id=backtest_id, reason=describe(error), now=clock.now())
        raise


@job
def take_up() -> None:
    """Ask again for what is not finished: the queue was away when it was asked for, or its worker was killed."""
    with transaction():
        for backtest_id in backtest_runs.unfinished(now=clock.now()):
            jobs.enqueue_if_lost(jobs.RUN_BACKTEST, backtest_id)
