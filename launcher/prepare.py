"""`python -m launcher.prepare [FILE]`: everything between a running database and the first page, in one process.

Compiles translations and migrates; with FILE it also fills an empty database with demo data and writes the demo
sign-ins there. One process, because starting the application is what takes the time.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from pathlib import Path

from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select

from portal import create_app
from portal.extensions import db
from portal.models.users import User


def run(app: Flask, *command: str) -> str:
    """Run one command of the application and return what it printed. Raises what it raises."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        app.cli.main(list(command), prog_name="flask", obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    return printed.getvalue()


def is_empty(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalar(select(User.id).limit(1)) is None


def prepare(sign_ins: Path | None) -> None:
    app = create_app()
    gc.freeze()
    run(app, "translations", "compile")
    run(app, "db", "upgrade")
    if sign_ins is not None:
        if is_empty(app):
            run(app, "demo", "seed")
        sign_ins.write_text(run(app, "demo", "sign-ins"), encoding="utf-8")
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    prepare(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
