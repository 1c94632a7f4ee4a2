"""Who may ask for a bulk extension, when, and what a consent gives (RE-2.11, RE-2.12; RE-Q10, Q41, Q51; RE-F5, F11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.rules.periods import period_end
from portal.rules.policies import ExtensionTerms, Protection
from portal.rules.refusal import Refusal
from portal.rules.standing import RegistrationFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionCase:
    """The registration, its class, and whether it was asked for before."""

    registration: RegistrationFacts
    at: datetime
    is_bulk: bool | None
    asked_before: bool
    terms: ExtensionTerms


def check_application(case: ExtensionCase) -> None:
    """Raises Refusal unless the application may be made: the time first, then everything else (RE-F5)."""
    registration = case.registration
    if not registration.runs_at(case.at):
        raise Refusal("extension_after_end", "RE-2.11")
    if case.asked_before or case.terms.times == 0:
        raise Refusal("extension_once", "RE-2.12")
    if registration.frozen_at is not None:
        raise Refusal("extension_of_frozen", "RE-2.11")
    if registration.visited_at is None:
        raise Refusal("extension_before_visit", "RE-2.11")
    if case.terms.needs_entry and registration.entered_at is None:
        raise Refusal("extension_before_entry", "RE-2.11")
    if case.terms.needs_bulk and not case.is_bulk:
        raise Refusal("extension_needs_bulk", "RE-2.11")


def extended_end(visited_at: datetime, protection: Protection, terms: ExtensionTerms, zone: ZoneInfo) -> datetime:
    """The exclusive end after consent: from the old end, never beyond the cap (RE-2.12), in UTC."""
    days = min(protection.days + terms.days, terms.cap_days)
    return period_end(visited_at, days, zone, count=protection.count)
