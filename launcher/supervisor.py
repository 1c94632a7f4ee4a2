"""Keeps processes running: one that ends is started again, later and later while it keeps ending."""

from __future__ import annotations

import time
from dataclasses import dataclass

from launcher.console import say
from launcher.processes import Child

LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0
GLANCE = 0.3


@dataclass
class Watched:
    """A child with its history: the pause before its next start grows until it has run for a minute. Seconds."""

    child: Child
    started: float
    pause: float = 1.0
    due: float | None = None

    def look(self, now: float) -> None:
        """Notice its end, or start it when its pause is over."""
        if self.due is not None:
            self._start_when_due(now)
        elif not self.child.is_running:
            self._notice_end(now)

    def _start_when_due(self, now: float) -> None:
        if self.due is not None and now >= self.due:
            self.child.start()
            self.started, self.due = now, None

    def _notice_end(self, now: float) -> None:
        if now - self.started > SETTLED_AFTER:
            self.pause = 1.0
        end = f"{self.child.name} ended (exit code {self.child.exit_code})"
        say(f"{end}; starting it again in {self.pause:.0f} s. See {self.child.log}")
        self.due = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)


def watch(children: list[Child]) -> None:
    """Never returns; a signal's exception ends it."""
    watched = [Watched(child, time.monotonic()) for child in children]
    while True:
        now = time.monotonic()
        for one in watched:
            one.look(now)
        time.sleep(GLANCE)
