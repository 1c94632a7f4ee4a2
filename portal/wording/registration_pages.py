"""A registration's page as the company's people read it: everything known of it, the same at the site and at headquarters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.models import Extension, Registration, Visit
from portal.queries import audits, site_registrations, trails
from portal.wording.customers import facts_of, line_of
from portal.wording.site_registrations import told
from portal.wording.standings import shown


def known_of(
    registration: Registration, visit: Visit | None, extension: Extension | None, now: datetime
) -> dict[str, Any]:
    """Standing, time line, facts, ranks, decisions, corrections and the whole history. ``visit`` is the latest."""
    return {
        "standing": shown(registration, visit, now),
        "extension": extension,
        "line": line_of(registration, extension, now),
        "facts": facts_of(registration, visit),
        "rivals": audits.rivals_of(registration, now),
        "decisions": site_registrations.classifications_of(registration),
        "corrections": site_registrations.corrections_of(registration),
        "trail": told(site_registrations.history_of(registration), registration.project.zone),
        "sealed_until": trails.sealed_until(registration),
    }
