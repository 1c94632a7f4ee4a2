"""Filing a customer: what is kept, who is refused, what is done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.models import Document, HistoryEntry, Registration, RegistrationKey, db
from portal.queries import matches
from portal.rules.refusal import Refusal
from portal.services import partnership
from tests.fixtures import People, Stage

MORNING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


def test_a_filing_is_held_to_the_end_of_the_seventh_day(session, stage: Stage) -> None:
    with clock.set_to(MORNING):
        registration = stage.file()
    assert registration.hold_ends_at == datetime(2026, 3, 12, 16, 0, tzinfo=UTC)
    assert registration.reference.startswith("YQ-2603-")


def test_the_same_distributor_is_pointed_to_its_running_filing(session, stage: Stage) -> None:
    customer = stage.customer()
    first = stage.file("ana", customer)
    with pytest.raises(Refusal) as refused:
        stage.file("abe", customer)
    assert (refused.value.clause, refused.value.facts["reference"]) == ("RE-2.8", first.reference)


def test_a_rival_is_accepted_and_ranked_behind(session, stage: Stage) -> None:
    customer = stage.customer()
    first, second = stage.file("ana", customer), stage.file("ben", customer)
    now = clock.now()
    assert [matches.rank(row, now, ("recorded",)) for row in (first, second)] == [1, 2]


def test_the_same_form_sent_twice_files_once(session, stage: Stage) -> None:
    customer, key = stage.customer(), uuid4()
    first = stage.file("ana", customer, submission_key=key)
    assert stage.file("ana", customer, submission_key=key).id == first.id
    assert session.scalar(select(func.count()).select_from(Registration)) == 1


@pytest.mark.parametrize(("change", "clause"), [("suspend", "DM-12.1"), ("blacklist", "RE-5.4")])
def test_a_stopped_distributor_files_nothing(session, stage: Stage, people: People, change: str, clause: str) -> None:
    getattr(partnership, change)(actor=people.get("hua"), distributor=people.distributor(), reason="检查")
    with pytest.raises(Refusal) as refused:
        stage.file("ana")
    assert refused.value.clause == clause


def test_a_filing_writes_history_and_orders_its_slip(session, stage: Stage) -> None:
    registration = stage.file()
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "registration.filed")).one()
    assert (entry.subject_id, entry.clause) == (registration.id, "RE-2.8")
    assert session.scalars(select(Document.state)).one() == "waiting"


def test_the_database_itself_refuses_a_second_running_registration(session, stage: Stage) -> None:
    first = stage.file("ana", stage.customer())
    second = stage.file("ana", stage.customer())
    key = session.scalars(select(RegistrationKey).where(RegistrationKey.registration_id == first.id)).one()
    twin = session.scalars(select(RegistrationKey).where(RegistrationKey.registration_id == second.id)).one()
    with pytest.raises(IntegrityError, match="one_running_registration_per_distributor"):
        twin.fingerprint = key.fingerprint
        db.session.flush()


def test_the_filing_time_cannot_be_rewritten(session, stage: Stage) -> None:
    registration = stage.file()
    with pytest.raises(IntegrityError, match="what was filed does not change"):
        registration.filed_at -= timedelta(days=1)
        db.session.flush()


def test_what_a_filing_rests_on_is_planned_once_per_connection(session, stage: Stage) -> None:
    for _ in range(8):
        stage.file()
    planned = text(
        "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%sent_before%'"
    )
    ((anew, kept),) = session.execute(planned).all()
    assert (anew, kept > 0) == (0, True)
