"""An application for a bulk extension as headquarters reads it: rows of the inbox, what each decision would mean."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.models import Extension, Registration
from portal.services.extensions import granted_end
from portal.wording import durations, times

#: From when on the time left is shown as urgent.
SOON = timedelta(days=7)
STATES = {"pending": "awaiting_decision", "approved": "approved", "rejected": "rejected", "lapsed": "void"}


def inbox_row(extension: Extension, current: str | None, now: datetime, kept: dict[str, Any]) -> dict[str, Any]:
    """A row of the inbox, marked when it is the selected one; ``kept`` are the arguments that every address keeps."""
    registration = extension.registration
    left = durations.countdown(extension.original_end, now, soon_within=SOON, zone=registration.project.zone)
    asked = times.short_date(extension.asked_at, now, registration.project.zone)
    return {
        "url": url_for("hq.show_extension", reference=extension.reference, **kept),
        "what": _("大宗延期 · %(name)s", name=registration.company or registration.customer_name),
        "due": left.text,
        "tone": left.tone,
        "meta": " · ".join((registration.project.name, registration.distributor.name, _("%(date)s 申请", date=asked))),
        "current": extension.reference == current,
    }


def outcomes_of(extension: Extension, now: datetime) -> dict[str, Any]:
    """What each decision gives: the two ends as people say them, and how many days in all a consent makes."""
    registration = extension.registration
    terms = registration.policy.terms
    new_end = extension.new_end or granted_end(registration)
    zone = registration.project.zone
    return {
        "new_end": new_end,
        "new_end_words": times.short_until(new_end, now, zone),
        "old_end_words": times.short_until(extension.original_end, now, zone),
        "total_days": min(terms.protection.days + terms.extension.days, terms.extension.cap_days),
        "over": now >= extension.original_end,
        "days": _days_gained(registration),
    }


def _days_gained(registration: Registration) -> int:
    terms = registration.policy.terms
    return min(terms.extension.days, terms.extension.cap_days - terms.protection.days)
