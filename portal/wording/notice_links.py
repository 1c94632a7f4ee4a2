"""Where a notice leads its reader: the page of what it is about, in the reader's own room."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from portal.models.users import DISTRIBUTOR_ROLES, SITE_ROLES, User
from portal.queries.notices import Told

_PAGES = {
    "registrations": "show_registration",
    "visits": "show_visit",
    "extensions": "show_extension",
    "distributors": "show_distributor",
    "enforcements": "show_enforcement",
    "import_batches": "show_import",
    "backtests": "show_backtest",
    "claims": "show_claim",
    "findings": "show_finding",
    "ruling_parties": "show_ruling",
    "assessments": "show_assessment",
    "care_tasks": "show_care_task",
    "complaints": "show_complaint",
    "applications": "show_application",
    "contracts": "show_contract",
    "exits": "show_exit",
}


def address_of(told: Told, reader: User) -> str | None:
    """The page, or None when the reader's room has none of that kind."""
    if told.notice.subject_type == "documents":
        return _address("hq.show_jobs")
    if told.notice.subject_type == "contract_templates" and told.reference:
        name, _dash, version = told.reference.rpartition("-")
        return _address("hq.show_contract_template", name=name, version=int(version))
    if told.notice.subject_type == "delegations":
        return _address("hq.list_delegations")
    page = _PAGES.get(told.notice.subject_type)
    return _address(f"{_room_of(reader)}.{page}", reference=told.reference) if page and told.reference else None


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _room_of(reader: User) -> str:
    if reader.roles & set(DISTRIBUTOR_ROLES):
        return "distributor"
    return "site" if reader.roles & set(SITE_ROLES) else "hq"
