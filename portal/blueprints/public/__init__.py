"""What anybody may open: whether a document is genuine, what a clause says, whether the portal is well."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

bp = Blueprint("public", __name__)

#: The files of this room; each binds its routes to ``bp`` when it is imported.
MODULES = ("applications", "checks", "complaints", "clauses", "health", "tips")


def register(app: Flask) -> None:
    """Bind the room to the application."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}")
    app.register_blueprint(bp)
