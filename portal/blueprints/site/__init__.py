"""The room of a site (案场): reception, back office, consultant, site leader. Everybody sees the projects of their own."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

bp = Blueprint("site", __name__, url_prefix="/site")

#: The files of this room; each binds its routes to ``bp`` when it is imported.
MODULES = (
    "context",
    "arrivals",
    "visits",
    "slips",
    "walk_ins",
    "audits",
    "inbox",
    "sign_offs",
    "excuses",
    "extensions",
    "entries",
    "classifications",
    "registrations",
    "corrections",
    "reveals",
    "archive",
    "deals",
    "deal_imports",
    "relations",
    "cases",
    "enforcements",
    "navigation",
)


def register(app: Flask) -> None:
    """Bind the room to the application."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}")
    app.register_blueprint(bp)
