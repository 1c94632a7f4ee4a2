"""How a cooperation ends: asked for by the partner or ordered by the company, and what is still to be done (DM-12, CH-5.9).

Beside the life of the partner (portal/rules/partner_states.py) every ending has a life of its own: the file of the ending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import local_date, midnight, period_end
from portal.rules.refusal import Refusal

#: Whole days between the day of the request and the last day of cooperation: the rulebook leaves the length open (DM-Q4).
NOTICE_DAYS = 30
#: So far ahead somebody may wish to leave; a date further away is a slip of the pen.
FURTHEST_DAYS = 366

KINDS = ("voluntary", "termination", "blacklist")
#: ``asked`` by the partner, or ``proposed`` by one person of the company and to be confirmed by another; ``approved`` for a
#: date to come; ``overtaken`` by something stronger, such as a termination while a request was open; ``in_force``: ended,
#: with duties left.
STATES = ("asked", "proposed", "approved", "refused", "taken_back", "overtaken", "in_force", "closed")
#: In which a distributor has one file of a kind at most.
OPEN = ("asked", "proposed", "approved", "in_force")
#: In which the cooperation goes on and the file may still change that.
PENDING = ("asked", "proposed", "approved")
#: What a file goes from, and to what.
MOVES = frozenset(
    {
        ("asked", "approved"),
        ("asked", "refused"),
        ("asked", "taken_back"),
        ("asked", "overtaken"),
        ("proposed", "in_force"),
        ("proposed", "refused"),
        ("proposed", "overtaken"),
        ("approved", "in_force"),
        ("approved", "overtaken"),
        ("in_force", "overtaken"),
        ("in_force", "closed"),
    }
)
#: On which the company may end a cooperation by itself.
TERMINATION_CLAUSES = ("DM-12.2", "DM-12.5", "RE-4.8", "CH-14.2")
#: States of a distributor after the end, in which duties are left to be done.
AFTER_THE_END = frozenset({"exited", "terminated", "blacklisted"})
HANDOVERS = ("run_on", "release")


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the checklist. ``seen``: the portal counts by itself what is open, and nobody ticks against that count."""

    kind: str
    clause: str
    seen: bool


#: In the order in which they are done.
DUTIES = (
    Duty("customers", "DM-12.7", seen=True),
    Duty("requests", "CH-5.9", seen=True),
    Duty("findings", "CH-5.9", seen=True),
    Duty("commission", "CH-5.9", seen=False),
    Duty("papers", "DM-12.5", seen=False),
    Duty("accounts", "DM-12.5", seen=True),
    Duty("settlement", "CH-5.9", seen=True),
    Duty("confidentiality", "DM-4.15", seen=False),
)
DUTY_KINDS = tuple(duty.kind for duty in DUTIES)
#: ``waived``: somebody decided, with a reason, that it need not be done. Only what is not seen is waived.
DUTY_STATES = ("open", "done", "waived")


def status_at(status: str, asked_from: str | None, leaves_at: datetime | None, now: datetime) -> str:
    """The state of a distributor as it counts at ``now``, whatever the worker has written down by then.

    An approved exit takes effect at its instant, and a suspension outlasts the wish to leave: asking opens no door.
    """
    if status != "exit_requested":
        return status
    if leaves_at is not None and leaves_at <= now:
        return "exited"
    return "suspended" if asked_from == "suspended" else status


def may_come_in(status: str, *, owner: bool) -> bool:
    """Whether a person of a distributor may sign in: after the end the owner alone, to read, until the file is closed."""
    if status in ("exited", "terminated"):
        return owner
    return status not in ("blacklisted", "closed")


def is_former(status: str) -> bool:
    """Whether the cooperation is over and its owner comes to read, sign and answer, nothing else (DM-12.7)."""
    return status in ("exited", "terminated")


def earliest_day(asked_at: datetime, zone: ZoneInfo) -> date:
    """The first day that may be the last of the cooperation: the day of asking is not counted (DM-Q4, GD-2)."""
    return local_date(period_end(asked_at, NOTICE_DAYS, zone) - timedelta(seconds=1), zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The exclusive end, in UTC, of a cooperation whose last day is ``day``."""
    return midnight(day + timedelta(days=1), zone)


def check_notice(asked_at: datetime, ends_at: datetime, zone: ZoneInfo) -> None:
    """Raises Refusal when the wished end leaves less than NOTICE_DAYS whole days, or more than FURTHEST_DAYS."""
    earliest = period_end(asked_at, NOTICE_DAYS, zone)
    if ends_at < earliest:
        raise Refusal("exit_too_soon", "DM-Q4", ends_at=earliest, days=NOTICE_DAYS)
    if ends_at > period_end(asked_at, FURTHEST_DAYS, zone):
        raise Refusal("exit_too_far", "DM-Q4", days=FURTHEST_DAYS)


def check_move(before: str, after: str) -> None:
    """Raises Refusal when the file of an ending does not go from the one state to the other."""
    if (before, after) not in MOVES:
        raise Refusal("exit_not_open", "DM-12.6")


def check_confirmer(proposed_by: int | None, confirmed_by: int) -> None:
    """Raises Refusal when the person who proposed a termination confirms it as well (GD-9)."""
    if proposed_by == confirmed_by:
        raise Refusal("termination_by_its_proposer", "GD-9")


def duty(kind: str) -> Duty:
    """The line of the checklist. Raises KeyError for none."""
    return {one.kind: one for one in DUTIES}[kind]


def duty_state(kind: str, ticked: str, still_open: int) -> str:
    """How a duty stands: what the portal counts goes before what anybody ticked."""
    if duty(kind).seen:
        return "open" if still_open else "done"
    return ticked


def check_tick(kind: str) -> None:
    """Raises Refusal when the portal counts this duty by itself."""
    if duty(kind).seen:
        raise Refusal("duty_is_counted", "CH-5.9")


def check_close(still_open: int) -> None:
    """Raises Refusal while a duty is open: the file closes when all are done (DM-12.7)."""
    if still_open:
        raise Refusal("exit_duties_open", "DM-12.7", number=still_open)
