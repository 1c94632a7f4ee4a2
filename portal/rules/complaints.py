"""The life of a complaint (D.10): which step follows which, and by when. What is not in the table is refused.

The rules say "as soon as possible" and "promptly" (CX-5.2, DS-4.5, DS-4.7); the times below are proposals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.rules.refusal import Refusal
from portal.rules.working_days import working_days_end

#: Working days. Promptly without a number is one working day (GD-8).
ACKNOWLEDGE_DAYS = 1
#: An ordinary complaint is answered within three, a complex one within fifteen, settled when it is accepted (DS-Q1, DS-Q3).
ANSWER_DAYS = {"ordinary": 3, "complex": 15}
#: While a complex one is worked on, the complainant hears every so many working days how far it is (DS-4.4).
PROGRESS_DAYS = 5
#: The outcome is told promptly (DS-4.7, GD-8).
FEEDBACK_DAYS = 1
#: As long the complainant is waited for before the service closes without a word from there.
SATISFACTION_DAYS = 5
#: A month of working days for the cause and its measures (DS-5.10).
ANALYSIS_DAYS = 22

STATES = ("received", "accepted", "investigating", "resolved", "fed_back", "reopened", "closed", "analysed")
#: Between the acceptance and the outcome.
IN_WORK = ("accepted", "investigating", "reopened")
GRAVITIES = tuple(ANSWER_DAYS)
CHANNELS = ("online", "phone", "on_site", "box", "message", "partner")
#: Written down by somebody of the company, for somebody who called, came or wrote.
TAKEN_DOWN = ("phone", "on_site", "box", "message")
SUBJECTS = ("distributor", "project", "staff", "other")
OUTCOMES = ("upheld", "partly", "unfounded", "knowingly_false")
CAUSES = ("service", "information", "delay", "price", "staff", "partner", "process", "system", "other")
#: From this mark on somebody who says nothing more counts as satisfied.
CONTENT_FROM = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table."""

    start: str | None
    end: str
    clause: str


STEPS: tuple[Step, ...] = (
    Step(None, "received", "CX-5.1"),
    Step("received", "accepted", "DS-4.5"),
    Step("accepted", "investigating", "DS-4.6"),
    Step("investigating", "resolved", "DM-12.4"),
    Step("resolved", "fed_back", "DS-4.7"),
    Step("fed_back", "closed", "DS-4.7"),
    Step("fed_back", "reopened", "DS-4.7"),
    # The table leads into REOPENED and not out of it: it is investigated again.
    Step("reopened", "investigating", "DS-4.6"),
    Step("closed", "analysed", "DS-5.10"),
)
_CLAUSES = {(step.start, step.end): step.clause for step in STEPS}


def step(start: str | None, end: str) -> str:
    """The clause by which a complaint goes from ``start`` to ``end``. Raises Refusal when the table has no such line."""
    if (start, end) not in _CLAUSES:
        raise Refusal("complaint_step", "CX-5.3")
    return _CLAUSES[start, end]


def next_of(state: str) -> tuple[str, ...]:
    """What may follow."""
    return tuple(line.end for line in STEPS if line.start == state)


def due(state: str, since: datetime, gravity: str, answer_due: datetime | None, zone: ZoneInfo) -> datetime | None:
    """By when a complaint that came into ``state`` at ``since`` is to leave it; exclusive bound, UTC. None: nothing is due.

    The time to answer runs from the acceptance (``answer_due``) through the investigation; reopening begins it anew.
    """
    if state in ("accepted", "reopened"):
        return working_days_end(since, ANSWER_DAYS[gravity], zone)
    if state == "investigating":
        return answer_due
    days = _DAYS.get(state)
    return None if days is None else working_days_end(since, days, zone)


def progress_due(state: str, gravity: str, heard_at: datetime, zone: ZoneInfo) -> datetime | None:
    """By when the complainant, who last heard at ``heard_at``, is to hear how far it is; exclusive bound, UTC (DS-4.4).

    None: the complaint is ordinary, or nobody is at work on it.
    """
    if gravity != "complex" or state not in IN_WORK:
        return None
    return working_days_end(heard_at, PROGRESS_DAYS, zone)


def check_progress(state: str, gravity: str) -> None:
    """Raises Refusal unless a complex complaint is being worked on (DS-4.4)."""
    if gravity != "complex" or state not in IN_WORK:
        raise Refusal("complaint_without_progress", "DS-4.4")


def check_outcome(outcome: str, *, by_partner: bool) -> None:
    """Only a distributor's complaint can be found knowingly false: that is a breach (DM-4.9, DM-Q2). Raises Refusal."""
    if outcome == "knowingly_false" and not by_partner:
        raise Refusal("knowingly_false_is_of_partners", "DM-4.9")


def check_closing(satisfaction: int | None, due_at: datetime | None, now: datetime) -> None:
    """Closed once the complainant has said how it came out, or the time to say so is over (DS-4.7). Raises Refusal."""
    if satisfaction is None and due_at is not None and now < due_at:
        raise Refusal("complaint_waits_for_a_word", "DS-4.7", ends_at=due_at)


def is_breach(outcome: str | None) -> bool:
    """Whether the complainant broke a rule by complaining (DM-4.9, DM-Q2)."""
    return outcome == "knowingly_false"


_DAYS = {
    "received": ACKNOWLEDGE_DAYS,
    "resolved": FEEDBACK_DAYS,
    "fed_back": SATISFACTION_DAYS,
    "closed": ANALYSIS_DAYS,
}
