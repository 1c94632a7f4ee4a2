"""A site's day as it is filed away: every visit with its stage, counts, and what was left open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.models import Project
from portal.queries import arrivals
from portal.queries.visits import Row
from portal.rules.periods import local_date
from portal.rules.visit_stages import AT_THE_DESK, IN_THE_FLOW

#: Stages of a flow that was started and not finished.
_OPEN = AT_THE_DESK | IN_THE_FLOW | {"unsigned_closed"}


@dataclass(frozen=True, slots=True)
class Day:
    """One day. ``walk_ins``: customers who came by themselves; ``counts``: visits by stage."""

    rows: list[Row]
    walk_ins: int
    counts: Counter[str]
    previous: date
    following: date

    @property
    def open(self) -> list[Row]:
        return [row for row in self.rows if row.stage in _OPEN]

    @property
    def signed(self) -> int:
        return sum(1 for row in self.rows if row.visit.result == "registered")

    @property
    def entered(self) -> int:
        return self.counts["entered"]


def today(project: Project, now: datetime) -> date:
    """The calendar day of ``now`` in the project's zone."""
    return local_date(now, project.zone)


def day_of(project: Project, day: date, now: datetime) -> Day:
    """Everything about ``day``, as it stands at ``now``."""
    rows = arrivals.visits_of_day(project, day, now)
    one = timedelta(days=1)
    came_alone = arrivals.counted(project, *arrivals.day_bounds(project, day))
    return Day(rows, came_alone, Counter(row.stage for row in rows), day - one, day + one)
