"""The settings that every process of an installation runs with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dotenv import dotenv_values

from launcher import keys, signing
from launcher.places import Places
from launcher.processes import MARK


@dataclass(frozen=True)
class Given:
    """What the person has set: the environment before the file ``.env``."""

    values: dict[str, str]

    @property
    def has_database(self) -> bool:
        return bool(self.values.get("DATABASE_URL"))

    @property
    def has_redis(self) -> bool:
        return bool(self.values.get("REDIS_URL"))


def read_given(places: Places) -> Given:
    kept = {name: value for name, value in dotenv_values(places.root / ".env").items() if value is not None}
    return Given({**kept, **os.environ})


def base(places: Places, given: Given) -> dict[str, str]:
    """What servers start with: no libpq settings when the database is our own, and the mark by which a later start
    finds what a killed one left running."""
    values = dict(given.values)
    if not given.has_database:
        values = {name: value for name, value in values.items() if not name.startswith("PG")}
    return values | {MARK: str(places.var), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(places.root)}


def compose(
    places: Places, given: Given, *, services: Mapping[str, str], address: str, has_data: bool
) -> dict[str, str]:
    """What the application starts with. Raises CannotStart when the keys are damaged or gone."""
    secrets = keys.obtain(places.keys, given=given.values, has_data=has_data)
    certificate = signing.obtain(places.signing, given=given.values, matching_key=secrets["MATCHING_KEY"])
    defaults = {
        "PUBLIC_URL": address,
        "COOKIE_SECURE": "false",
        "FLASK_APP": str(places.root / "wsgi.py"),
    }
    return {**defaults, **base(places, given), **secrets, **certificate, **services}
