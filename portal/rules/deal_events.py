"""In which order a deal goes (D.7): deposit, subscription, signing, online signing; which of them can freeze it (RE-Q27)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.rules.refusal import Refusal

ORDER = ("deposit", "subscription", "signing", "online_signing")
#: The online signing freezes nothing: the signing before it did, or nobody's protection ran.
FREEZING = ("deposit", "subscription", "signing")


def check_event(kind: str, happened_at: datetime, now: datetime, before: Collection[tuple[str, datetime]]) -> None:
    """Raises Refusal unless this event may follow those ``before`` it, each (kind, time)."""
    if happened_at > now:
        raise Refusal("deal_event_in_the_future", "RE-8.1")
    if any(earlier == kind for earlier, _ in before):
        raise Refusal("deal_event_recorded", "RE-8.1")
    if any(ORDER.index(earlier) > ORDER.index(kind) or at > happened_at for earlier, at in before):
        raise Refusal("deal_event_out_of_order", "RE-8.1")
    if kind == "online_signing" and not before:
        raise Refusal("online_signing_without_signing", "RE-6.2")


def next_kinds(before: Collection[str]) -> tuple[str, ...]:
    """Which events may follow those already recorded, in their order; an online signing follows something."""
    last = max((ORDER.index(kind) for kind in before), default=-1)
    return tuple(kind for place, kind in enumerate(ORDER) if place > last and (before or kind in FREEZING))
