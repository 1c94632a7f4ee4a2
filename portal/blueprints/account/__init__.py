"""One's own account: signing in and out, the password, the language, and where to begin. For everybody."""

from __future__ import annotations

import importlib

from flask import Blueprint, Flask

bp = Blueprint("account", __name__)

#: The files of this room; each binds its routes to ``bp`` when it is imported.
MODULES = ("files", "home", "notices", "passwords", "policies", "profile", "search", "sign_in", "tips")


def register(app: Flask) -> None:
    """Bind the room to the application."""
    for name in MODULES:
        importlib.import_module(f"{__name__}.{name}")
    app.register_blueprint(bp)
