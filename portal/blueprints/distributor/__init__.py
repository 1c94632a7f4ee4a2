"""Distributors: brokers and owners."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

bp = Blueprint("distributor", __name__, url_prefix="/distributor")

#: The files of this room; each binds its routes to ``bp`` when it is imported.
MODULES = (
    "navigation",
    "home",
    "filings",
    "drafts",
    "registrations",
    "extensions",
    "announcements",
    "claims",
    "rulings",
    "ruling_papers",
    "findings",
    "company",
    "company_file",
    "contracts",
    "exits",
    "complaints",
    "brokers",
)


def register(app: Flask) -> None:
    """Bind the room to the application."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}")
    app.register_blueprint(bp)
