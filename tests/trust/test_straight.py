"""Statements that go straight to the driver say, see and keep to themselves what the session's own do."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, create_engine, inspect, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, OperationalError

from portal import clock
from portal.models import Distributor, PastedMessage, Project, User, db
from portal.queries import accounts, projects
from portal.straight import Entity, Straight, as_read
from portal.transaction import transaction
from tests.fixtures import People

_NAME = Straight(select(User.name, User.id).where(User.login == bindparam("login")))
_WRONG = Straight(text("SELECT CAST(:typed AS integer), CAST(:phone AS text)"))


def _seen(instance: Any) -> dict[str, Any]:
    return {column.key: getattr(instance, column.key) for column in inspect(type(instance)).column_attrs}


@pytest.mark.parametrize("login", ["ana", "olga", "lin", "hua"])
def test_the_person_of_a_request_is_the_person_that_the_session_reads(people: People, app: Flask, login: str) -> None:
    with app.app_context():
        found = accounts.person_now(people.users[login])
        assert found is not None
        straight = found[0]
        seen = (
            _seen(straight),
            straight.roles,
            straight.project_ids(),
            straight.distributor and _seen(straight.distributor),
        )
        db.session.expunge_all()
        read = db.session.get_one(User, people.users[login])
        assert (_seen(read), read.roles, read.project_ids(), read.distributor and _seen(read.distributor)) == seen


def test_nobody_is_nobody(people: People, app: Flask) -> None:
    with app.app_context():
        assert accounts.person_now(0) is None


def test_projects_are_those_that_the_session_reads(people: People, app: Flask) -> None:
    with app.app_context():
        straight = [_seen(project) for project in projects.projects()]
        db.session.expunge_all()
        assert straight == [_seen(project) for project in db.session.scalars(select(Project).order_by(Project.code))]


def test_what_is_changed_afterwards_is_kept(people: People, app: Flask) -> None:
    with app.app_context():
        with transaction():
            person = accounts.person_now(people.users["ana"])
            assert person is not None
            person[0].last_project_id = people.project_id
        db.session.remove()
        assert people.get("ana").last_project_id == people.project_id


def test_an_object_that_the_session_has_stays_the_one_with_its_changes(people: People, app: Flask) -> None:
    with app.app_context():
        company = people.distributor()
        company.status_reason = "待核对"
        assert as_read(Distributor, {"id": company.id, "status_reason": None}) is company
        assert company.status_reason == "待核对"
        db.session.rollback()


def test_attributes_left_out_are_read_when_asked_for(people: People, app: Flask) -> None:
    with app.app_context():
        person = as_read(User, {"id": people.users["ana"]})
        assert not inspect(person).modified
        assert person.name == "安娜"


def test_sealed_columns_are_unsealed_in_objects_and_sealed_in_rows(people: People, app: Flask) -> None:
    message = Entity(PastedMessage, "message")
    query = Straight(select(*message.columns))
    with app.app_context():
        with transaction():
            row = PastedMessage(broker_id=people.users["ana"], text="黄维 13900001234", pasted_at=clock.now())
            db.session.add(row)
        db.session.expunge_all()
        found = query.row({})
        assert b"13900001234" not in bytes(found.message_text)
        read = message.of(found)
        assert read is not None and read.text == "黄维 13900001234"


def test_a_row_by_name_and_none_when_there_is_none(people: People, app: Flask) -> None:
    with app.app_context():
        found = _NAME.row({"login": "ana", "nobody asked": 1})
        assert (found.name, found.id) == ("安娜", people.users["ana"])
        assert _NAME.row({"login": "nobody"}) is None


def test_a_lost_connection_takes_what_was_remembered_with_it(people: People, app: Flask) -> None:
    """The statement's cursor stays with the connection; on the next one it is another."""
    with app.app_context():
        assert _NAME.row({"login": "ana"}).name == "安娜"
        assert _NAME.row({"login": "bo"}).name == "何佳"
        kept = db.session.connection().info["straight_cursors"]
        before = kept[_NAME]
        assert _NAME.row({"login": "ana"}).name == "安娜" and kept[_NAME] is before
        db.session.connection().invalidate()
        db.session.rollback()
        assert _NAME.row({"login": "ana"}).name == "安娜"
        assert db.session.connection().info["straight_cursors"][_NAME] is not before


def test_arrays_arrive_as_they_are(people: People, app: Flask) -> None:
    numbers, pieces, words = [1, -(2**63), 0], [b"", b"\x00\\\xff", b'"'], ["", 'a"b', "c\\d", "{e,f}", "NULL", "名"]
    given = {"numbers": ARRAY(BigInteger), "pieces": ARRAY(LargeBinary), "words": ARRAY(Text)}
    query = Straight(select(*(bindparam(name, type_=kind).label(name) for name, kind in given.items())))
    with app.app_context():
        found = query.row({"numbers": numbers, "pieces": pieces, "words": words})
        assert (found.numbers, [bytes(piece) for piece in found.pieces], found.words) == (numbers, pieces, words)
        assert query.row({"numbers": [], "pieces": [], "words": []})._asdict() == {
            "numbers": [],
            "pieces": [],
            "words": [],
        }


def test_a_value_that_is_missing_is_refused(people: People, app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match="login"):
        _NAME.row({})


def test_a_failure_says_nothing_of_the_values_and_is_rolled_back(people: People, app: Flask) -> None:
    with app.app_context():
        with pytest.raises(DBAPIError) as failure, transaction():
            people.get("ana").name = "改名"
            db.session.flush()
            _WRONG.row({"typed": "x", "phone": "13900001234"})
        assert "13900001234" not in str(failure.value)
        assert people.get("ana").name == "安娜"


def test_a_lost_connection_is_given_up_and_the_next_command_has_another(
    people: People, app: Flask, database_url: str
) -> None:
    other = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with app.app_context():
        db.engine.dispose()
        with pytest.raises(OperationalError) as failure, transaction():
            pid = db.session.scalar(text("SELECT pg_backend_pid()"))
            with other.connect() as connection:
                # The answer comes when the process is gone: the command below meets a closed door for certain.
                connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
            _NAME.row({"login": "ana"})
        other.dispose()
        assert failure.value.connection_invalidated
        assert _NAME.row({"login": "ana"}).name == "安娜"
