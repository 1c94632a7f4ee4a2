"""Prospects: companies that might become distributors: found, spoken to, evaluated before they apply (CM-2.1 to 2.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from portal.rules.refusal import Refusal

#: D.1: found by research, recruiting or a fair; told by somebody; they asked by themselves.
SOURCES = ("research", "recruiting", "fair", "introduced", "inquiry")
#: CM-2.2: by telephone, mail or in person.
CONTACT_KINDS = ("phone", "mail", "in_person")
#: CM-2.3: market potential, reputation, willingness to cooperate; each 0 to 100.
EVALUATED = ("market", "reputation", "willingness")
STATES = ("open", "invited", "applied", "dropped")


def state_of(*, dropped: bool, applied: bool, invited: bool) -> str:
    """How far a prospect is; ``invited`` while a link can still be opened."""
    if dropped:
        return "dropped"
    if applied:
        return "applied"
    return "invited" if invited else "open"


def check_invitation(state: str, contacts: int, evaluations: int) -> None:
    """Raises Refusal unless the prospect is open, was spoken to (CM-2.2), and its evaluation form is filled in (CM-2.3).

    An application goes to the review group, and there is no review without the form.
    """
    check_open(state, "open")
    if not contacts:
        raise Refusal("prospect_not_spoken_to", "CM-2.2")
    if not evaluations:
        raise Refusal("prospect_not_evaluated", "CM-2.3")


def check_evaluation(state: str, contacts: int, scores: Mapping[str, Decimal]) -> None:
    """Raises Refusal for a prospect nobody has spoken to or that has applied, and for a score missing or beyond 0 to 100."""
    check_open(state, "open", "invited")
    if not contacts:
        raise Refusal("prospect_not_spoken_to", "CM-2.2")
    if scores.keys() != set(EVALUATED) or not all(0 <= score <= 100 for score in scores.values()):
        raise Refusal("evaluation_incomplete", "CM-2.3")


def check_open(state: str, *states: str) -> None:
    """Raises Refusal unless the prospect is in one of ``states``."""
    if state not in states:
        raise Refusal("prospect_not_open", "CM-2.2")
