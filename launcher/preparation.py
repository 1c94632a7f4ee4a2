"""Whether the database and the translations are as this version of the program wants them; makes them so."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from launcher.console import CannotStart
from launcher.places import Places
from launcher.processes import Child, leashed, wait_until

SECONDS_AT_MOST = 900


def ensure(places: Places, env: Mapping[str, str], *, demo: bool) -> None:
    """Migrate, compile and, with ``demo``, fill an empty database; nothing when that was done already.

    Raises CannotStart with the end of the log.
    """
    wanted = {"files": _fingerprint(places), "demo": demo}
    if _was_done(places, env, wanted):
        return
    places.prepared.unlink(missing_ok=True)
    _prepare(places, env, demo)
    done = wanted | {"revision": _revision(env["DATABASE_URL"])}
    places.prepared.write_text(json.dumps(done), encoding="utf-8")


def forget(places: Places) -> None:
    places.prepared.unlink(missing_ok=True)
    places.sign_ins.unlink(missing_ok=True)


def _was_done(places: Places, env: Mapping[str, str], wanted: Mapping[str, object]) -> bool:
    """The note of the last time still holds, and the database is where the note says."""
    if not places.prepared.exists():
        return False
    done = json.loads(places.prepared.read_text(encoding="utf-8"))
    has_enough = done["demo"] or not wanted["demo"]
    return has_enough and done["files"] == wanted["files"] and done["revision"] == _revision(env["DATABASE_URL"])


def _prepare(places: Places, env: Mapping[str, str], demo: bool) -> None:
    arguments = [str(places.sign_ins)] if demo else []
    command = [sys.executable, "-m", "launcher.prepare", *arguments]
    child = Child("prepare", [], env, places.log("prepare"), cwd=places.root)
    child.argv = leashed(command, child.stop_signal)
    child.start()
    try:
        wait_until(lambda: not child.is_running, seconds=SECONDS_AT_MOST)
    finally:
        child.stop()
    if child.exit_code != 0:
        raise CannotStart(f"Preparing the database failed; {child.log} ends with:\n{child.last_words()}")


def _revision(url: str) -> str | None:
    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), connect_timeout=10) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database of DATABASE_URL does not answer: {error}") from None
    return str(found[0]) if found else None


def _fingerprint(places: Places) -> str:
    digest = hashlib.sha256()
    for path in _sources(places.root):
        digest.update(f"{path.relative_to(places.root)}\0".encode() + path.read_bytes())
    compiled = sorted((places.root / "portal" / "translations").rglob("*.mo"))
    return digest.hexdigest() + f"-{len(compiled)}"


def _sources(root: Path) -> Iterator[Path]:
    yield from sorted((root / "migrations" / "versions").glob("*.py"))
    yield from sorted((root / "portal" / "translations").rglob("*.po"))
