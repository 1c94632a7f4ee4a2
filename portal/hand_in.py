"""Documents on their way to the worker: each by itself, or in a busy server those of one moment together by a thread.

A thread spares every filing the way to Redis, and the wait when Redis hangs. What a killed server had in hand is a row in
the state ``waiting``, which a sweep of the worker finds.
"""

from __future__ import annotations

import logging
import time
from queue import Queue
from threading import Thread

from flask import Flask

from portal import jobs

log = logging.getLogger(__name__)

#: Seconds in which documents gather: nobody sees them, and a morning's filings share one message.
PAUSE = 0.05


class HandIn:
    """Takes the ids of documents after their commit; sends each at once until ``gather`` is called."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._taken: Queue[int] | None = None

    def take(self, document_id: int) -> None:
        """Have the document printed. Never fails: what cannot be sent waits for the sweep."""
        if self._taken is None:
            jobs.hand_in(self._app, [document_id])
        else:
            self._taken.put(document_id)

    def gather(self) -> None:
        """Send from a thread from now on. For a process that serves many, after it was forked."""
        self._taken = Queue()
        Thread(target=self._send_on, args=(self._taken,), name="hand-in", daemon=True).start()

    def finish(self, seconds: float = 2) -> bool:
        """Wait until nothing is in hand, so long at most; whether nothing is."""
        until = time.monotonic() + seconds
        while self._taken is not None and self._taken.unfinished_tasks and time.monotonic() < until:
            time.sleep(PAUSE / 5)
        return self._taken is None or not self._taken.unfinished_tasks

    def _send_on(self, taken: Queue[int]) -> None:
        while True:
            together = [taken.get()]
            time.sleep(PAUSE)
            while not taken.empty():
                together.append(taken.get())
            try:
                jobs.hand_in(self._app, together)
            except Exception:
                log.exception("%d documents wait for the sweep", len(together))
            for _ in together:
                taken.task_done()


def register(app: Flask) -> None:
    """Give the application its way of handing in."""
    app.extensions["hand_in"] = HandIn(app)
