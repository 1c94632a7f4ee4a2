"""Prospects: companies that might become distributors, found and spoken to before they apply (CM-2.1, CM-2.2). Pure."""

from __future__ import annotations

from portal.rules.refusal import Refusal

#: D.1: found by research, recruiting or a fair; told by somebody; they asked by themselves.
SOURCES = ("research", "recruiting", "fair", "introduced", "inquiry")
#: CM-2.2: by telephone, mail or in person.
CONTACT_KINDS = ("phone", "mail", "in_person")
STATES = ("open", "invited", "applied", "dropped")


def state_of(*, dropped: bool, applied: bool, invited: bool) -> str:
    """How far a prospect is; ``invited`` while a link can still be opened."""
    if dropped:
        return "dropped"
    if applied:
        return "applied"
    return "invited" if invited else "open"


def check_invitation(state: str, contacts: int) -> None:
    """Raises Refusal for whom nobody has spoken to yet, and unless the prospect is open (CM-2.2)."""
    check_open(state, "open")
    if not contacts:
        raise Refusal("prospect_not_spoken_to", "CM-2.2")


def check_open(state: str, *states: str) -> None:
    """Raises Refusal unless the prospect is in one of ``states``."""
    if state not in states:
        raise Refusal("prospect_not_open", "CM-2.2")
