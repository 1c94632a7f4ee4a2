"""A rehearsal: many stories over as many processes as there are cores, each process on its own scratch database."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from flask import current_app

from portal.config import Settings
from portal.models import db
from portal.rules.policies import Policy as Terms
from portal.scenarios import runner
from portal.scenarios.scratch import scratch_settings
from portal.scenarios.stories import Story, StoryError
from portal.services import policies

#: Fewer stories than this are played in this process: starting another costs more than they do.
_WORTH_A_PROCESS = 12


@dataclass(frozen=True, slots=True)
class Result:
    """One story's result in plain values, or the error that stopped it."""

    path: str
    title: str
    passed: int = 0
    failures: tuple[str, ...] = ()
    actual: Mapping[str, Mapping[str, Any]] | None = None
    error: str | None = None


def rehearse(paths: Sequence[Path], draft: Mapping[str, Any] | None = None) -> list[Result]:
    """Play the stories, in the order given, under their own policies or under ``draft``.

    Raises PolicyError for a draft that is not a policy, ScratchRefused when no database can be made.
    """
    if draft is not None:
        Terms.from_document(draft)
    settings: Settings = current_app.extensions["settings"]
    processes = max(1, min(os.cpu_count() or 1, len(paths) // _WORTH_A_PROCESS))
    shares = [list(paths[start::processes]) for start in range(processes)]
    with scratch_settings(settings, processes) as databases:
        play = partial(play_share, draft=draft)
        if processes == 1:
            results = [play(databases[0], shares[0])]
        else:
            with ProcessPoolExecutor(processes, mp_context=_way_to_start()) as pool:
                results = list(pool.map(play, databases, shares))
    by_path = {result.path: result for share in results for result in share}
    return [by_path[str(path)] for path in paths]


def _way_to_start() -> BaseContext:
    """Copies of this process have loaded already what others would load for seconds. Of a process with several threads there
    is no safe copy: a lock that another thread holds would never be given back in it.
    """
    return get_context("fork" if threading.active_count() == 1 else "forkserver")


def play_share(settings: Settings, paths: Sequence[Path], draft: Mapping[str, Any] | None) -> list[Result]:
    """Play some stories on the database of ``settings``, in an application of their own."""
    from portal import create_app

    app = create_app(settings)
    with app.app_context(), closing(_Engine()):
        # The staff and the policies serve story after story, each in a transaction of its own.
        db.session().expire_on_commit = False
        staff = runner.hire_staff()
        policy = None if draft is None else policies.publish(actor=None, document=draft)
        db.session.commit()
        return [_result(path, partial(runner.play, staff=staff, policy=policy)) for path in paths]


class _Engine:
    """Gives the connections back, so that the scratch database can be dropped."""

    def close(self) -> None:
        db.session.remove()
        db.engine.dispose()


def _result(path: Path, play: Any) -> Result:
    try:
        story: Story = runner.read(path)
        performance = play(story)
    except StoryError as error:
        return Result(str(path), path.stem, error=str(error))
    return Result(str(path), story.title, performance.passed, performance.failures, performance.actual)
