"""What each role may learn of a clash: one table, by fact, role, and whether the customer has bought (RE-8.3, RE-Q28, RE-Q30).

Pages and queries ask it where they decide what to show; the page 披露表 prints it; a test looks for every cell on real pages.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.rules.roles import ROLES


class Seen(StrEnum):
    """``own``: what concerns one's own company and nothing else. ``masked``: without the digits in the middle."""

    YES = "yes"
    NO = "no"
    MASKED = "masked"
    OWN = "own"


class Phase(StrEnum):
    """Before the first deal event of the customer, and from then on."""

    BEFORE = "before"
    AFTER = "after"


#: Brokers and owners of every distributor in the clash stand in the same two columns: each is the others' rival.
COLUMNS = ROLES
_BRIEF = {"y": Seen.YES, "n": Seen.NO, "m": Seen.MASKED, "o": Seen.OWN, "-": Seen.NO}

# The roles in the order of COLUMNS: broker owner | reception back_office consultant site_leader | hq_channel
# department_manager general_manager legal customer_service finance administrator auditor. On the left before the deal, on
# the right after it; "-" marks what does not exist yet.
_TABLE: dict[str, tuple[str, str]] = {
    "registration": ("oo yyyy ynnnnnny", "oo yyyy ynnnnnny"),
    "other_exists": ("nn yyyy ynnnnnny", "nn yyyy ynnnnnny"),
    "other_name": ("nn yyyy ynnnnnny", "nn yyyy ynnnnnny"),
    "number_of_registrations": ("nn nyny ynnnnnny", "nn nyny ynnnnnny"),
    "buyer_phone": ("mm mmmm mnnnnnnm", "mm mmmm mnnnnnnm"),
    "deal_event": ("-- ---- --------", "oo nyyy ynnnnnny"),
    "unit": ("-- ---- --------", "oo nyyy ynnnnnny"),
    "amount": ("-- ---- --------", "nn nyyy nnnnnnnn"),
    "deal_owner": ("-- ---- --------", "oo nyyy ynnnnnny"),
    "claim": ("-- ---- --------", "oo nyny ynnnnnny"),
    "ruling": ("-- ---- --------", "nn nyny ynnnnnny"),
    "ruling_extract": ("-- ---- --------", "oo nnnn nnnnnnnn"),
    "clause": ("-- ---- --------", "oo nyyy ynnnnnny"),
}


def _read(row: str) -> dict[str, Seen]:
    letters = row.replace(" ", "")
    return {role: _BRIEF[letter] for role, letter in zip(COLUMNS, letters, strict=True)}


TABLE: Mapping[str, Mapping[Phase, Mapping[str, Seen]]] = {
    fact: {Phase.BEFORE: _read(before), Phase.AFTER: _read(after)} for fact, (before, after) in _TABLE.items()
}


def seen_by(roles: frozenset[str] | set[str], fact: str, phase: Phase = Phase.AFTER) -> Seen:
    """The most that one of the person's roles may learn of ``fact``. Raises KeyError for a fact outside the table."""
    values = {TABLE[fact][phase][role] for role in roles}
    return next((seen for seen in (Seen.YES, Seen.OWN, Seen.MASKED) if seen in values), Seen.NO)


def shows(roles: frozenset[str] | set[str], phase: Phase = Phase.AFTER) -> dict[str, bool]:
    """By fact: whether a page for this person, about its own company or site, has a place for it at all."""
    return {fact: seen_by(roles, fact, phase) is not Seen.NO for fact in TABLE}
