"""The secrets of an installation: made at the first start, kept in ``var/keys.env``, never made again."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from launcher.console import CannotStart

NAMES = ("SECRET_KEY", "SEALING_KEYS", "MATCHING_KEY")
HEADER = "# Made at the first start. Keep a copy: without these keys nothing that was sealed can be read again.\n"


def obtain(path: Path, *, given: Mapping[str, str], has_data: bool) -> dict[str, str]:
    """The secrets to run with; those that the environment gives go before those of the file.

    Raises CannotStart when the file is damaged, or gone while a database is there whose content it sealed.
    """
    if all(given.get(name) for name in NAMES):
        return {name: given[name] for name in NAMES}
    if not path.exists():
        if has_data:
            raise CannotStart(
                f"{path} is gone, but the database is still there and was sealed with the keys in it.\n"
                "  Put the file back from your copy, or start over with: ./run --reset-demo"
            )
        _write(path, make())
    kept = read(path)
    return {name: given.get(name) or kept[name] for name in NAMES}


def make() -> dict[str, str]:
    """A fresh set of secrets."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SEALING_KEYS": f"k1:{_random_key()}",
        "MATCHING_KEY": _random_key(),
    }


def read(path: Path) -> dict[str, str]:
    """The secrets of the file, made private again if it was not. Raises CannotStart naming what is damaged."""
    path.chmod(0o600)
    lines = [line for line in _text(path).splitlines() if line.strip() and not line.startswith("#")]
    pairs = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    damaged = [name for name in NAMES if not _is_whole(name, pairs.get(name, ""))]
    if damaged:
        raise CannotStart(
            f"{path} is damaged: {', '.join(damaged)} is missing or cut short.\n"
            "  Put the file back from your copy; it is not made again, because new keys could not open what is sealed."
        )
    return pairs


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        return ""


def _is_whole(name: str, value: str) -> bool:
    if name == "SECRET_KEY":
        return len(value) >= 32
    if name == "MATCHING_KEY":
        return _is_key(value)
    pairs = [pair.partition(":") for pair in value.split(",")]
    return all(key_id.strip() and _is_key(key) for key_id, _, key in pairs)


def _is_key(value: str) -> bool:
    try:
        return len(base64.b64decode(value, validate=True)) == 32
    except ValueError:
        return False


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _write(path: Path, values: Mapping[str, str]) -> None:
    """Write the whole file or none of it: a start that is cut off leaves no half of a key behind."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(HEADER + "".join(f"{name}={value}\n" for name, value in values.items()))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
