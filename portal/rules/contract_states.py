"""The lives of a contract and of its template (D.12): which step may follow which, and how a signed contract stands. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.rules.refusal import Refusal

#: A contract is written, reviewed, signed by both; or withdrawn before that.
CONTRACT_STATES = ("draft", "review", "signing", "signed", "withdrawn")
TEMPLATE_STATES = ("draft", "review", "in_force", "superseded")
#: Somebody still has to do something about it.
OPEN_STATES = ("draft", "review", "signing")
#: How long before its end a contract counts as ending: the first reminder.
ENDING = timedelta(days=60)
#: By whom a contract may still be concluded: nobody whose cooperation has ended (DM-12.5, RE-5.4).
MAY_SIGN = frozenset({"approved", "contracted", "active", "urged", "warned", "downgraded", "suspended"})

STEPS: dict[tuple[str, str], str] = {
    ("draft", "review"): "CH-5.4",
    ("review", "draft"): "CH-5.4",
    ("review", "signing"): "CH-5.4",
    ("signing", "signed"): "CH-5.5",
    ("draft", "withdrawn"): "CH-5.7",
    ("review", "withdrawn"): "CH-5.7",
    ("signing", "withdrawn"): "CH-5.7",
}
TEMPLATE_STEPS: dict[tuple[str, str], str] = {
    ("draft", "review"): "CH-5.4",
    ("review", "draft"): "CH-5.4",
    ("review", "in_force"): "CH-5.4",
    ("in_force", "superseded"): "CH-5.8",
}


@dataclass(frozen=True, slots=True)
class Term:
    """When a signed contract binds: UTC, ends exclusive. ``ended_clause`` CH-5.8 says that another one took its place."""

    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None = None
    ended_clause: str | None = None

    @property
    def last(self) -> datetime | None:
        """The exclusive end that holds: the earlier of the two, None when it is open."""
        return min((end for end in (self.ends_at, self.ended_at) if end is not None), default=None)


def check_step(before: str, after: str) -> str:
    """The clause of the step. Raises Refusal(CH-5.7) for one that is not in the table."""
    return _step(STEPS, before, after, "contract_step_not_possible")


def check_template_step(before: str, after: str) -> str:
    """The clause of the step of a template. Raises Refusal(CH-5.8) for one that is not in the table."""
    return _step(TEMPLATE_STEPS, before, after, "template_step_not_possible")


def check_may_sign(status: str) -> None:
    """Raises Refusal when the cooperation with this distributor has ended or is about to (DM-12.5)."""
    if status not in MAY_SIGN:
        raise Refusal("contract_partner_gone", "DM-12.5", status=status)


def check_other_person(writers: Collection[int], reviewer_id: int) -> None:
    """Raises Refusal when the reviewer wrote any of it: the legal review is another pair of eyes (CH-5.4, GD-9)."""
    if reviewer_id in writers:
        raise Refusal("contract_reviewed_by_its_drafter", "CH-5.4")


def standing(term: Term, now: datetime) -> str:
    """How a signed contract stands at ``now``: agreed, in_force, ending, amended, expired or ended."""
    last = term.last
    if last is not None and now >= last:
        if term.ended_at != last:
            return "expired"
        return "amended" if term.ended_clause == "CH-5.8" else "ended"
    if now < term.starts_at:
        return "agreed"
    return "ending" if last is not None and last - now <= ENDING else "in_force"


def _step(table: dict[tuple[str, str], str], before: str, after: str, reason: str) -> str:
    clause = table.get((before, after))
    if clause is None:
        raise Refusal(reason, "CH-5.7" if table is STEPS else "CH-5.8", before=before, after=after)
    return clause
