"""Where a registration stands at an instant, and by which clause (RE-2.8 to RE-2.12, RE-F2, RE-F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ONE_SECOND = timedelta(seconds=1)
#: An outcome that harms ends the registration at once; a breach voids it, the rest refuses it (RE-F3).
VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFacts:
    """What the rules know of a registration. Times are UTC; every end is an exclusive bound.

    ``visited_seq`` and ``outcome_seq`` say when in the order of recording the first visit was signed and the outcome came:
    they decide between events of one second (RE-F1).
    """

    seq: int
    filed_at: datetime
    hold_ends_at: datetime
    visited_at: datetime | None = None
    visit_ends_at: datetime | None = None
    pending_until: datetime | None = None
    extension_ends_at: datetime | None = None
    entered_at: datetime | None = None
    frozen_at: datetime | None = None
    outcome: str | None = None
    outcome_at: datetime | None = None
    outcome_clause: str | None = None
    visited_seq: int | None = None
    outcome_seq: int | None = None

    @property
    def ends_at(self) -> datetime:
        """The exclusive end as the facts are now, like the generated column of the table."""
        return self.extension_ends_at or self.pending_until or self.visit_ends_at or self.hold_ends_at

    def runs_at(self, instant: datetime) -> bool:
        """Whether it holds the customer. A frozen one counts until its original end (RE-F2)."""
        return self.outcome is None and self.filed_at <= instant < self.ends_at


@dataclass(frozen=True, slots=True)
class Standing:
    """A registration at an instant.

    ``status`` is live, expired, void, refused or frozen; ``stage`` hold, visit or extended; ``until`` the last second
    covered; ``undecided`` says that an extension asked for in time holds the customer meanwhile (RE-Q10).
    """

    status: str
    stage: str | None = None
    until: datetime | None = None
    clause: str | None = None
    undecided: bool = False


def standing_at(facts: RegistrationFacts, instant: datetime) -> Standing:
    """The standing at ``instant``. ``clause`` says why it is not live; a live one cites the clause it runs under."""
    if facts.outcome is not None:
        status = "void" if facts.outcome == VOID else "refused"
        return Standing(status, clause=facts.outcome_clause)
    if facts.frozen_at is not None and facts.frozen_at <= instant:
        return Standing("frozen", stage_of(facts), last_second(facts.ends_at), "RE-Q27")
    if not facts.runs_at(instant):
        return Standing("expired", clause=expiry_clause(facts))
    return Standing("live", stage_of(facts), last_second(_stated_end(facts)), running_clause(facts), _undecided(facts))


def stage_of(facts: RegistrationFacts) -> str:
    """hold until the first visit, visit for the 45 days, extended once granted."""
    if facts.extension_ends_at is not None:
        return "extended"
    return "hold" if facts.visit_ends_at is None else "visit"


def expiry_clause(facts: RegistrationFacts) -> str:
    """Why time ran out: no visit (RE-2.9), the 45 days (RE-2.10), the extension (RE-2.12)."""
    return {"hold": "RE-2.9", "visit": "RE-2.10", "extended": "RE-2.12"}[stage_of(facts)]


def running_clause(facts: RegistrationFacts) -> str:
    """Under which clause a live registration runs."""
    return {"hold": "RE-2.8", "visit": "RE-2.10", "extended": "RE-2.11"}[stage_of(facts)]


def last_second(exclusive_end: datetime) -> datetime:
    """The last second that belongs to the period."""
    return exclusive_end - ONE_SECOND


def _undecided(facts: RegistrationFacts) -> bool:
    return facts.pending_until is not None


def _stated_end(facts: RegistrationFacts) -> datetime:
    """While an extension is undecided the end stated stays the original one (RE-Q10)."""
    if facts.pending_until is not None and facts.visit_ends_at is not None:
        return facts.visit_ends_at
    return facts.ends_at
