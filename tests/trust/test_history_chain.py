"""The history is chained over what is committed; whatever is changed, taken out or put in afterwards is found."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from launcher.postgres import PostgresServer
from portal import clock
from portal.audit import entry_digest
from portal.models import HistoryEntry, HistorySeal, db
from portal.services import sealing
from tests.fixtures import SUPERUSER, People, Stage
from worker.jobs import history as history_job

STORY = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def forger(postgres_server: PostgresServer, database_name: str):  # type: ignore[no-untyped-def]
    """The superuser with the guards off: what somebody with the machine in hand could do."""
    with psycopg.connect(postgres_server.url(role=SUPERUSER, database=database_name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def chained(session, stage: Stage, people: People) -> int:  # type: ignore[no-untyped-def]
    """A project with two links and a tail; its id."""
    for _ in range(2):
        stage.file(), stage.file()
        session.commit()
        sealing.seal(now=clock.now())
        session.commit()
    stage.file()
    session.commit()
    return people.project_id


def report(chain: int) -> sealing.ChainReport:
    db.session.expire_all()
    found = sealing.verify(chain)
    assert isinstance(found, sealing.ChainReport), found
    return found


def broken(chain: int) -> sealing.Broken:
    db.session.rollback()
    found = sealing.verify(chain)
    assert isinstance(found, sealing.Broken), found
    return found


def entry_ids(chain: int) -> list[int]:
    return list(
        db.session.scalars(select(HistoryEntry.id).where(HistoryEntry.project_id == chain).order_by(HistoryEntry.id))
    )


def test_a_whole_chain_is_reported_with_its_tail(chained: int) -> None:
    found = report(chained)
    assert (found.links, found.tail) == (2, 1)
    assert found.sealed + found.tail == len(entry_ids(chained))


def test_entries_of_no_project_have_a_chain_of_their_own(chained: int) -> None:
    assert report(0).sealed > 0


def test_sealing_twice_adds_nothing(session, chained: int) -> None:
    history_job.seal()
    links = session.scalar(select(func.count()).select_from(HistorySeal))
    history_job.seal()
    assert session.scalar(select(func.count()).select_from(HistorySeal)) == links
    assert report(chained).tail == 0


def test_entries_told_in_another_zone_verify_all_the_same(session, stage: Stage, people: People) -> None:
    with clock.set_to(STORY.astimezone(ZoneInfo("Asia/Shanghai"))):
        stage.file()
    session.commit()
    assert report(people.project_id).tail >= 1


@pytest.mark.parametrize("place", [0, 3, -1])
@pytest.mark.parametrize(
    "change",
    [
        "facts = jsonb_set(facts, '{until}', '\"2030-01-01\"')",
        "happened_at = happened_at - interval '1 hour'",
        "actor_role = 'auditor'",
        "clause = 'RE-9.9'",
        "digest = repeat('0', 64)",
    ],
)
def test_a_changed_entry_is_found_sealed_or_not(chained: int, forger, place: int, change: str) -> None:
    entry_id = entry_ids(chained)[place]
    forger.execute(f"UPDATE history SET {change} WHERE id = %s", (entry_id,))
    found = broken(chained)
    assert (found.entry_id, found.why) == (entry_id, "changed")


def test_a_changed_entry_with_a_fitting_digest_is_found_by_the_link(chained: int, forger) -> None:
    entry = db.session.scalars(
        select(HistoryEntry).order_by(HistoryEntry.id).where(HistoryEntry.project_id == chained)
    ).first()
    assert entry is not None
    columns = [column.name for column in HistoryEntry.__table__.columns if column.name != "digest"]
    forged = {name: getattr(entry, name) for name in columns} | {"clause": "RE-9.9"}
    forger.execute("UPDATE history SET clause = 'RE-9.9', digest = %s WHERE id = %s", (entry_digest(forged), entry.id))
    assert broken(chained).why == "link_changed"


def test_a_missing_entry_is_found(chained: int, forger) -> None:
    entry_id = entry_ids(chained)[1]
    forger.execute("DELETE FROM history WHERE id = %s", (entry_id,))
    found = broken(chained)
    assert (found.entry_id, found.why) == (entry_id, "missing")


def test_an_entry_put_in_later_is_found(chained: int, forger) -> None:
    first, second = entry_ids(chained)[:2]
    columns = "project_id, happened_at, actor_id, actor_role, verb, subject_type, subject_id, clause, facts, digest"
    forger.execute("DELETE FROM history WHERE id = %s", (first,))
    forger.execute(
        f"INSERT INTO history (id, {columns}) OVERRIDING SYSTEM VALUE SELECT %s, {columns} FROM history WHERE id = %s",
        (first - 1_000, second),
    )
    assert broken(chained).why == "slipped_in"


def test_a_missing_link_is_found(chained: int, forger) -> None:
    forger.execute("DELETE FROM history_seals WHERE chain = %s AND number = 1", (chained,))
    assert broken(chained).why == "link_missing"


def test_the_application_can_neither_change_nor_delete(session, chained: int) -> None:
    for statement in ("UPDATE history SET verb = 'x'", "DELETE FROM history_seals", "TRUNCATE history"):
        with pytest.raises(Exception, match=r"permission denied|append-only"):
            session.execute(text(statement))
        session.rollback()


def test_an_older_entry_still_being_written_is_waited_for(
    session, stage: Stage, people: People, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow transaction has taken a lower number than one that has committed: nothing is sealed over its head."""
    monkeypatch.setattr(sealing, "PATIENCE_SECONDS", 0.3)
    insert = (
        "INSERT INTO history (project_id, happened_at, actor_role, verb, subject_type, subject_id, facts, digest)"
        " VALUES (%s, now(), 'system', 'user.enabled', 'users', 1, '{}', 'x') RETURNING id"
    )
    with psycopg.connect(database_url) as slow:
        slow_id = slow.execute(insert, (people.project_id,)).fetchone()[0]  # type: ignore[index]
        stage.file()
        session.commit()
        assert max(entry_ids(people.project_id)) > slow_id
        sealing.seal(now=clock.now())
        session.commit()
        assert session.scalar(select(func.count()).select_from(HistorySeal)) == 0
        slow.commit()
    sealing.seal(now=clock.now())
    session.commit()
    sealed = session.scalars(select(HistorySeal).where(HistorySeal.chain == people.project_id)).one()
    assert slow_id in sealed.entry_ids


def test_two_sealers_at_once_do_not_meet(session, stage: Stage, database_url: str) -> None:
    stage.file()
    session.commit()
    with psycopg.connect(database_url) as other:
        other.execute(str(sealing._SEALER_LOCK))
        assert sealing.seal(now=clock.now()) == 0
        session.commit()
        assert session.scalar(select(func.count()).select_from(HistorySeal)) == 0


def test_the_command_says_whole_and_exits_0(app: Flask, chained: int) -> None:
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["history", "verify", "--project", "YQ"])
    assert (done.exit_code, done.output.startswith("YQ: whole")) == (0, True)


def test_the_command_names_the_first_broken_entry_and_exits_1(app: Flask, chained: int, forger) -> None:
    entry_id = entry_ids(chained)[0]
    db.session.rollback()
    forger.execute("UPDATE history SET verb = 'registration.voided' WHERE id = %s", (entry_id,))
    done = app.test_cli_runner().invoke(args=["history", "verify"])
    assert done.exit_code == 1
    assert f"entry {entry_id} is not what was written" in done.output


def test_the_command_knows_no_such_project(app: Flask, people: People) -> None:
    assert app.test_cli_runner().invoke(args=["history", "verify", "--project", "XX"]).exit_code == 1
