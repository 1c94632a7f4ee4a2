"""The timetable and the names of jobs: every name leads to a job. That the portal knows no worker is a wall of the house."""

from __future__ import annotations

from importlib import import_module

import pytest

from portal import jobs
from portal.wording.jobs import NAMES
from worker import schedule
from worker.main import WORKS


@pytest.mark.parametrize("name", jobs.JOB_NAMES)
def test_job_names_resolve(name: str) -> None:
    module, function = name.rsplit(".", 1)
    assert callable(getattr(import_module(module), function))


def test_every_periodic_job_has_one_beat_and_can_be_found_by_its_name() -> None:
    for periodic in schedule.TIMETABLE:
        assert (periodic.seconds is None) != (periodic.cron is None)
        found = getattr(import_module(periodic.work.__module__), periodic.work.__name__)
        assert found is periodic.work


@pytest.mark.parametrize("name", [jobs.ENFORCE, jobs.SEND_MESSAGE])
def test_what_somebody_waits_for_goes_before_the_slips(name: str) -> None:
    order = WORKS[""]
    assert order.index(jobs.queue_of(name)) < order.index(jobs.queue_of(jobs.PRINT_DOCUMENT))


def test_what_is_filed_now_is_printed_before_what_a_sweep_found() -> None:
    order = WORKS[""]
    assert order.index(jobs.queue_of(jobs.PRINT_DOCUMENT)) < order.index(jobs.BACKLOG_QUEUE)


def test_some_worker_looks_at_every_queue() -> None:
    assert {queue for looked_at in WORKS.values() for queue in looked_at} == set(jobs.QUEUES)
    assert {jobs.queue_of(name) for name in jobs.JOB_NAMES} <= set(jobs.QUEUES)


def test_every_job_has_a_name_for_people() -> None:
    periodic = {f"{one.work.__module__}.{one.work.__name__}" for one in schedule.TIMETABLE}
    assert set(NAMES) == periodic | set(jobs.JOB_NAMES)
