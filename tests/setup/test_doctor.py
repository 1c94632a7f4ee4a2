"""The doctor says what is well, and finds what is not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from rq import Worker
from rq.cron import CronScheduler
from sqlalchemy import select, text

from launcher import keys
from portal import crypto, doctor
from portal.config import Settings
from portal.documents import fontconfig, glyphs
from portal.models import StoredFile, db


@pytest.fixture
def patient(app: Flask, empty_database: None) -> Iterator[Flask]:
    """An application context with an empty queue; the application's settings and keys are put back afterwards."""
    settings = app.extensions["settings"]
    app.extensions["redis"].flushdb()
    with app.app_context():
        yield app
        db.session.rollback()
    app.extensions["settings"] = settings
    app.extensions["redis"].flushdb()
    crypto.use_keys(crypto.Keyring.from_settings(settings))


def finding(name: str) -> doctor.Finding:
    return doctor.make(name, dict(doctor.CHECKS)[name])


def change(app: Flask, **values: object) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update=values)


def worker_heard_of(app: Flask, ago: timedelta) -> None:
    worker = Worker(["jieding"], connection=app.extensions["redis"])
    worker.register_birth()
    heard = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    app.extensions["redis"].hset(worker.key, "last_heartbeat", heard)


def scheduler_heard_of(app: Flask, name: str) -> None:
    CronScheduler(app.extensions["redis"], name=name).register_birth()


def test_a_healthy_installation_is_well(patient: Flask) -> None:
    worker_heard_of(patient, timedelta(seconds=1))
    scheduler_heard_of(patient, "one")
    findings = doctor.examine()
    assert [one.line() for one in findings if not one.is_well] == []
    assert [one.name for one in findings] == [name for name, _ in doctor.CHECKS]


def test_the_command_exits_with_1_and_a_line_for_each(patient: Flask) -> None:
    said = patient.test_cli_runner().invoke(args=["doctor"])
    lines = said.output.splitlines()
    assert said.exit_code == 1
    assert len(lines) == len(doctor.CHECKS)
    assert {line[0] for line in lines} == {"✓", "✗"}
    assert all("→" in line for line in lines if line.startswith("✗"))


def test_migrations_that_have_not_run_are_missed(patient: Flask, owner_connection: psycopg.Connection) -> None:
    found = owner_connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found
    owner_connection.execute("UPDATE alembic_version SET version_num = '0001'")
    try:
        assert finding("migrations").remedy == "run: flask db upgrade"
    finally:
        owner_connection.execute("UPDATE alembic_version SET version_num = %s", found)


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_role_that_may_rewrite_history_is_found(
    patient: Flask, owner_connection: psycopg.Connection, privilege: str
) -> None:
    owner_connection.execute(f"GRANT {privilege} ON history TO jieding_app")
    try:
        assert finding("history").said == f"this role may {privilege} history"
    finally:
        owner_connection.execute(f"REVOKE {privilege} ON history FROM jieding_app")


def test_a_worker_that_fell_silent_is_missed(patient: Flask) -> None:
    worker_heard_of(patient, timedelta(minutes=3))
    assert not finding("worker").is_well


def test_two_schedulers_are_one_too_many(patient: Flask) -> None:
    assert not finding("scheduler").is_well
    scheduler_heard_of(patient, "one")
    assert finding("scheduler").is_well
    scheduler_heard_of(patient, "two")
    assert finding("scheduler").remedy == "stop all but one"


def test_a_scheduler_that_was_killed_does_not_count(patient: Flask) -> None:
    scheduler_heard_of(patient, "killed")
    patient.extensions["redis"].zadd("rq:cron_schedulers", {"killed": datetime.now(UTC).timestamp() - 60})
    scheduler_heard_of(patient, "one")
    assert finding("scheduler").is_well


def test_a_clock_that_is_off_is_found(patient: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return datetime.now(tz) - timedelta(seconds=5)

    monkeypatch.setattr(doctor, "datetime", Slow)
    assert finding("clock").said.startswith("+5.0 s")


def test_missing_fonts_are_found(patient: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fontconfig, "FONTS", tmp_path)
    assert finding("fonts").said.startswith("0 of 2")


def test_a_font_without_rare_characters_is_found(patient: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_printable", lambda: frozenset({ord("界")}))
    assert finding("fonts").said == "璟 is missing"


def test_a_database_that_takes_no_documents_is_found(patient: Flask) -> None:
    db.session.execute(text("SET TRANSACTION READ ONLY"))
    assert finding("storage").said == "the database takes no documents (ReadOnlySqlTransaction)"


def test_looking_at_the_storage_leaves_nothing_in_it(patient: Flask) -> None:
    assert finding("storage").is_well
    db.session.commit()
    assert db.session.scalars(select(StoredFile)).all() == []


def test_a_temporary_folder_that_is_not_there_is_found(
    patient: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert finding("storage").said == f"{tmp_path / 'gone'}: No such file or directory"


def test_the_folder_of_a_start_that_is_not_there_is_found(patient: Flask, tmp_path: Path) -> None:
    change(patient, jieding_launcher=str(tmp_path))
    assert f"{tmp_path} is writable" in finding("storage").said
    change(patient, jieding_launcher=str(tmp_path / "gone"))
    assert "No such file" in finding("storage").said


def test_a_storage_without_room_is_found(patient: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = type(shutil.disk_usage(tmp_path))(10, 9, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)
    assert finding("storage").remedy == "make room"


def test_keys_that_do_not_fit_the_database_are_found(patient: Flask, owner_connection: psycopg.Connection) -> None:
    sealed_by_other = crypto.Keyring({"k9": b"9" * 32}, b"m" * 32)
    crypto.use_keys(sealed_by_other)
    sealed = crypto.seal("13800000000", column="users.phone")
    owner_connection.execute(
        "INSERT INTO users (login, name, phone, password_hash, created_at) VALUES ('ana', 'Ana', %s, '', now())",
        (sealed,),
    )
    assert finding("keys").said == "unknown key for users.phone"


def test_keys_of_several_ages_are_well(patient: Flask) -> None:
    made, old = keys.make(), keys.make()
    settings = Settings(
        database_url="postgresql:///unused",
        secret_key=made["SECRET_KEY"],
        sealing_keys=f"{old['SEALING_KEYS']},{made['SEALING_KEYS'].replace('k1', 'k2')}",
        matching_key=made["MATCHING_KEY"],
    )
    change(patient, sealing_keys=settings.sealing_keys)
    assert finding("keys").said.startswith("k1, k2; k2 seals")


def test_one_broken_check_does_not_hide_the_others(patient: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("out of order")

    monkeypatch.setattr(doctor, "CHECKS", (("broken", broken), ("redis", doctor.queue)))
    first, second = doctor.examine()
    assert (first.is_well, first.said) == (False, "RuntimeError: out of order")
    assert second.is_well
