"""Headquarters: the channel department, the administrator, the auditor."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

bp = Blueprint("hq", __name__, url_prefix="/hq")

#: The files of this room; each binds its routes to ``bp`` when it is imported.
MODULES = (
    "navigation",
    "inbox",
    "extensions",
    "registrations",
    "rulings",
    "findings",
    "finding_letters",
    "alerts",
    "spot_checks",
    "dashboard",
    "accounts",
    "distributors",
    "contracts",
    "contract_drafts",
    "contract_templates",
    "partners",
    "enforcements",
    "commission_decisions",
    "exits",
    "applications",
    "delegations",
    "partner_files",
    "messages",
    "care",
    "care_tasks",
    "prospects",
    "assessments",
    "complaints",
    "complaint_causes",
    "history",
    "jobs",
    "permissions",
    "disclosure",
    "backtests",
    "policies",
    "projects",
)


def register(app: Flask) -> None:
    """Bind the room to the application."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}")
    app.register_blueprint(bp)
