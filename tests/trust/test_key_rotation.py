"""Rotation seals everything again under the new key, guarded tables too, and can be stopped anywhere."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import create_engine, select, text

from portal import crypto
from portal.models import Registration, db
from portal.services import corrections, key_rotation
from tests.fixtures import People, Stage


@pytest.fixture
def new_key(app: Flask) -> Iterator[str]:
    """A second key, which seals from now on; the first only opens."""
    settings = app.extensions["settings"]
    fresh = SecretStr(base64.b64encode(os.urandom(32)).decode())
    both = settings.model_copy(update={"sealing_keys": {**settings.sealing_keys, "k2": fresh}})
    crypto.use_keys(crypto.Keyring.from_settings(both))
    yield "k2"
    crypto.use_keys(crypto.Keyring.from_settings(settings))


@pytest.fixture
def sealed(session, stage: Stage, people: People) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Personal data in plain and in guarded tables, under the first key."""
    registration = stage.file("ana", stage.customer(name="璟琪", id_number="11010519491231002X"))
    people.get("ana").phone = "+8613800138000"
    corrections.correct_customer(
        actor=people.get("bo"), registration=registration, changes={"name": "景琪"}, reason="证件核对"
    )
    session.commit()
    return {"name": registration.customer_name, "phone": registration.phone, "typed": registration.typed}


def key_ids(statement: str) -> set[str]:
    return {crypto.key_id_of(bytes(value)) for (value,) in db.session.execute(text(statement)) if value is not None}


ALL = (
    "SELECT phone FROM registrations UNION ALL SELECT typed FROM registrations"
    " UNION ALL SELECT phone FROM users UNION ALL SELECT before FROM corrections"
)


def rotate_all(app: Flask) -> str:
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["keys", "rotate", "--batch", "2"])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_everything_is_under_the_new_key_and_reads_as_before(app: Flask, sealed, stage: Stage, new_key: str) -> None:
    for _ in range(3):
        stage.file()
    assert "registrations.typed" in rotate_all(app)
    db.session.expire_all()
    assert key_ids(ALL) == {new_key}
    registration = db.session.scalars(select(Registration).order_by(Registration.id)).first()
    assert registration is not None
    assert {"name": registration.customer_name, "phone": registration.phone, "typed": registration.typed} == sealed


def test_a_second_run_finds_nothing_to_do(app: Flask, sealed, new_key: str) -> None:
    rotate_all(app)
    again = rotate_all(app)
    assert {line.split(": ")[1].split()[0] for line in again.splitlines()} == {"0"}


def test_it_goes_on_where_it_was_stopped(app: Flask, sealed, stage: Stage, new_key: str, database_owner_url) -> None:
    db.session.commit()
    engine = create_engine(database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    column = Registration.__table__.c.phone
    with engine.begin() as connection:
        assert len(key_rotation._rotate_batch(connection, column, 0, 1)) == 1
    rotate_all(app)
    engine.dispose()
    assert key_ids(ALL) == {new_key}


def test_the_guards_are_on_again_afterwards(app: Flask, sealed, new_key: str) -> None:
    rotate_all(app)
    off = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
    assert db.session.scalar(text(off)) == 0


def test_every_sealed_column_is_found_and_named_by_its_place() -> None:
    found = list(key_rotation.sealed_columns())
    assert {"registrations.phone", "users.phone", "corrections.before"} <= {str(column) for column in found}
    for column in found:
        assert column.type.column == f"{column.table.name}.{column.name}"
        assert column.table.primary_key.columns.keys() == ["id"]


def test_a_value_under_an_unknown_key_stops_the_run_and_says_nothing_of_it(
    app: Flask, sealed, people: People, new_key
) -> None:
    strange = b"\x01\x02k9" + os.urandom(40)
    db.session.execute(text("UPDATE users SET phone = :sealed WHERE login = 'ana'"), {"sealed": strange})
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert isinstance(done.exception, crypto.SealBroken)
    assert "unknown key for users.phone" in str(done.exception)
