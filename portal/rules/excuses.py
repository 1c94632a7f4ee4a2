"""When a site leader may excuse a late filing (RE-2.4, RE-Q4, RE-Q42, RE-F9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.rules.refusal import Refusal
from portal.rules.standing import RegistrationFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """The visit to be excused and what stands beside it."""

    excusable: bool
    registration: RegistrationFacts | None
    arrived_at: datetime
    visit_clause: str | None
    signed: bool
    already_excused: bool
    deal_happened: bool
    older_company_record: bool


def check_excuse(case: Excuse) -> None:
    """Raises Refusal unless the lateness of this visit may be excused. Having been declined stands in no way."""
    _check_late(case)
    if not case.excusable:
        raise Refusal("policy_excuses_nobody", "RE-2.4")
    if not case.signed:
        raise Refusal("excuse_needs_signed_visit", "RE-2.4")
    if case.deal_happened:
        raise Refusal("excuse_after_deal", "RE-2.4")
    if case.older_company_record:
        raise Refusal("excuse_against_record", "RE-4.1")


def check_decline(case: Excuse) -> None:
    """Raises Refusal unless the lateness of this visit waits for a leader; also one that may not be excused any more."""
    _check_late(case)
    if not case.signed:
        raise Refusal("excuse_needs_signed_visit", "RE-2.4")


def _check_late(case: Excuse) -> None:
    registration = case.registration
    if registration is None:
        raise Refusal("nothing_to_excuse", "RE-2.4")
    if case.arrived_at >= registration.hold_ends_at:
        raise Refusal("excuse_after_hold", "RE-2.9")
    if case.already_excused or registration.outcome != "late" or case.visit_clause != "RE-2.4":
        raise Refusal("nothing_to_excuse", "RE-2.4")
