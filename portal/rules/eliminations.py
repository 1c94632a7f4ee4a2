"""A ruled case as a table: one row per registration in order of lock, and at which step each fell out (RE-Q35)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from portal.rules.attribution import CORRECT, EARLIEST, OWNER, RUNNING, UNVISITED, Candidate, Case, Verdict
from portal.rules.ranking import lock_order

#: The columns of the table in the order in which the rule asks them, each with its clause.
STEPS = ((UNVISITED, "RE-8.3"), (RUNNING, "RE-8.4"), (CORRECT, "RE-8.7"), (EARLIEST, "RE-8.6"))


@dataclass(frozen=True, slots=True)
class Row:
    """One registration. ``place`` counts from 0 in order of lock; ``behind`` is how much later than the winner's it is."""

    place: int
    candidate: Candidate
    step: int
    clause: str
    behind: timedelta | None

    @property
    def wins(self) -> bool:
        """Whether the rule leaves this one."""
        return self.step == OWNER

    def passed(self, step: int) -> bool:
        """Whether it got through ``step``."""
        return self.step > step


def rows_of(case: Case, verdicts: Iterable[Verdict]) -> tuple[Row, ...]:
    """The rows of a case as it was ruled. A registration that played no part has no verdict and no row."""
    found = {verdict.registration: verdict for verdict in verdicts}
    ordered = sorted(
        (one for one in case.candidates if one.registration.seq in found),
        key=lambda one: lock_order(one.registration, case.tie_break),
    )
    winner = next((one for one in ordered if found[one.registration.seq].step == OWNER), None)
    return tuple(_row(place, one, found[one.registration.seq], winner) for place, one in enumerate(ordered))


def _row(place: int, candidate: Candidate, verdict: Verdict, winner: Candidate | None) -> Row:
    behind = None
    if winner is not None and verdict.step == EARLIEST:
        behind = candidate.registration.filed_at - winner.registration.filed_at
    return Row(place, candidate, verdict.step, verdict.clause, behind)
