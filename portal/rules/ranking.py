"""Who is first among the running registrations of one customer (RE-8.6, RE-Q12, RE-Q30, RE-F1, RE-F2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from portal.rules.standing import RegistrationFacts

LockOrder = tuple[float, ...]
_NEVER = float("inf")


def lock_order(facts: RegistrationFacts, tie_break: Sequence[str]) -> LockOrder:
    """The order of locks: the filing time, then the policy's tie-breaks, the order of recording last."""
    ties = [_TIES[name](facts) for name in tie_break]
    return (facts.filed_at.timestamp(), *ties, facts.seq)


def rank_of(
    facts: RegistrationFacts, others: Iterable[RegistrationFacts], instant: datetime, tie_break: Sequence[str]
) -> int:
    """1 leads. ``others`` are the registrations that share a strong key; only those that run at ``instant`` count."""
    mine = lock_order(facts, tie_break)
    return 1 + sum(
        1
        for other in others
        if other.seq != facts.seq and other.runs_at(instant) and lock_order(other, tie_break) < mine
    )


def moves_up(
    facts: RegistrationFacts,
    gone: Iterable[RegistrationFacts],
    left: Iterable[RegistrationFacts],
    instant: datetime,
    tie_break: Sequence[str],
) -> tuple[int, int] | None:
    """The rank before and after ``gone`` fell away, all that ran until ``instant``; None when they stood behind (RE-Q34)."""
    mine, after = lock_order(facts, tie_break), rank_of(facts, left, instant, tie_break)
    ahead = sum(1 for other in gone if lock_order(other, tie_break) < mine)
    return (after + ahead, after) if ahead else None


def leader(
    candidates: Iterable[RegistrationFacts], instant: datetime, tie_break: Sequence[str]
) -> RegistrationFacts | None:
    """The running registration with the earliest lock, or None when nobody's runs (RE-F3)."""
    running = [facts for facts in candidates if facts.runs_at(instant)]
    return min(running, key=lambda facts: lock_order(facts, tie_break), default=None)


def _front_desk(facts: RegistrationFacts) -> float:
    return _NEVER if facts.visited_at is None else facts.visited_at.timestamp()


def _recorded(facts: RegistrationFacts) -> float:
    return float(facts.seq)


_TIES = {"front_desk": _front_desk, "recorded": _recorded}
