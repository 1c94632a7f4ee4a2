"""A deputy signs only by a delegation that names it for this second; both names are kept (DO-2.3, DO-Q2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.models import Application, Delegation, HistoryEntry, Notice, RoleGrant, db
from portal.queries import delegations as found
from portal.queries.applications import waits_for
from portal.rules.refusal import Refusal
from portal.services import application_decisions, delegations
from portal.services.unacceptable import Unacceptable
from tests.applying import reach
from tests.fixtures import People

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)
TODAY = date(2026, 3, 2)
LATER = datetime(2026, 3, 5, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def named(people: People, **changes: Any) -> Delegation:
    """Dan lets Kit sign for him from today to the fourth."""
    asked: dict[str, Any] = {
        "actor": people.get("dan"),
        "matter": "department_signature",
        "principal": people.get("dan"),
        "deputy": people.get("kit"),
        "first_day": TODAY,
        "last_day": date(2026, 3, 4),
        "reason": "出差",
    }
    return delegations.name_deputy(**(asked | changes))


def sign(people: People, application: Application, who: str, delegation: Delegation | None) -> Any:
    return application_decisions.sign(
        actor=people.get(who), application=application, approved=True, reason="同意", delegation=delegation
    )


def test_it_stands_from_now_to_the_last_second_of_its_last_day(session: Any, people: People) -> None:
    made = named(people)
    assert (made.starts_at, made.ends_at) == (NOON, LATER)
    later = named(people, matter="department_signature", first_day=date(2026, 3, 5), last_day=date(2026, 3, 5))
    assert (later.starts_at, later.ends_at) == (LATER, LATER + timedelta(days=1))


def test_the_deputy_signs_to_the_last_second_and_both_are_named(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    with clock.set_to(LATER), pytest.raises(Refusal, match="delegation_not_standing"):
        sign(people, application, "kit", given)
    with clock.set_to(LATER - SECOND):
        assert found.deputies_of("department_manager", LATER - SECOND) == [people.users["kit"]]
        stands_in = found.roles_stood_for(people.users["kit"], LATER - SECOND)
        assert waits_for(application, people.get("kit"), stands_in)
        made = sign(people, application, "kit", given)
    assert (made.role, made.as_deputy, made.signer.name) == ("department_manager", True, "康洁")
    assert made.delegation.principal.name == "丁楠"
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "application.signed_for")).one()
    assert entry.facts["delegation"] == given.reference
    assert (entry.actor_id, entry.clause) == (people.users["kit"], "DO-Q2")


def test_without_a_delegation_nobody_signs_for_another(session: Any, people: People) -> None:
    application = reach(people, "examined")
    with pytest.raises(Refusal, match="signature_out_of_turn"):
        sign(people, application, "kit", None)


def test_a_delegation_of_another_or_for_another_signature_opens_nothing(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    with pytest.raises(Refusal, match="delegation_not_standing"):
        sign(people, application, "fin", given)
    general = named(people, actor=people.get("gia"), matter="general_signature", principal=people.get("gia"))
    with pytest.raises(Refusal, match="signature_out_of_turn"):
        sign(people, application, "kit", general)


def test_who_reviewed_does_not_sign_as_a_deputy(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people, deputy=people.get("hua"))
    with pytest.raises(Refusal, match="signature_by_reviewer"):
        sign(people, application, "hua", given)


def test_one_deputy_does_not_sign_for_both(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    general = named(people, actor=people.get("gia"), matter="general_signature", principal=people.get("gia"))
    sign(people, application, "kit", given)
    with pytest.raises(Refusal, match="signature_by_the_same"):
        sign(people, application, "kit", general)
    with pytest.raises(Refusal, match="delegation_not_standing"):
        sign(people, application, "dan", general)
    assert sign(people, application, "gia", None).role == "general_manager"
    assert application.state == "approved"


def test_who_let_another_sign_the_first_does_not_sign_the_second(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    sign(people, application, "kit", given)
    session.add(RoleGrant(user_id=people.users["dan"], role="general_manager"))
    session.commit()
    with pytest.raises(Refusal, match="signature_by_the_same"):
        sign(people, application, "dan", None)


def test_what_was_taken_back_signs_nothing_from_that_second(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    with clock.set_to(NOON + SECOND):
        delegations.take_back(actor=people.get("dan"), delegation=given)
        with pytest.raises(Refusal, match="delegation_not_standing"):
            sign(people, application, "kit", given)
        with pytest.raises(Refusal, match="delegation_is_over"):
            delegations.take_back(actor=people.get("dan"), delegation=given)
        assert named(people, deputy=people.get("fin")).reference != given.reference


def test_it_lapses_with_the_role_of_who_gave_it(session: Any, people: People) -> None:
    application, given = reach(people, "examined"), named(people)
    session.delete(session.scalars(select(RoleGrant).where(RoleGrant.user_id == people.users["dan"])).one())
    session.flush()
    session.expire_all()
    with pytest.raises(Refusal, match="delegation_not_standing"):
        sign(people, application, "kit", given)
    assert found.deputies_of("department_manager", NOON) == []


def test_the_administrator_names_one_for_who_is_ill_and_both_are_told(session: Any, people: People) -> None:
    made = named(people, actor=people.get("ada"))
    told = session.scalars(select(Notice.user_id).where(Notice.kind == "delegation.made")).all()
    assert set(told) == {people.users["dan"], people.users["kit"]}
    assert made.made_by_id == people.users["ada"]
    with pytest.raises(Refusal, match="delegation_of_others"):
        named(people, actor=people.get("gia"), first_day=date(2026, 3, 9), last_day=date(2026, 3, 9))
    with pytest.raises(Refusal, match="delegation_of_others"):
        delegations.take_back(actor=people.get("gia"), delegation=made)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"first_day": date(2026, 3, 1)}, "first_day", "delegation_starts_past"),
        ({"last_day": date(2026, 3, 1)}, "last_day", "delegation_ends_before"),
    ],
)
def test_days_that_cannot_be(session: Any, people: People, changes: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(Unacceptable) as problem:
        named(people, **changes)
    assert (problem.value.field, problem.value.reason) == (field, reason)


def test_one_deputy_at_a_time(session: Any, people: People) -> None:
    named(people)
    db.session.commit()
    with pytest.raises(Unacceptable) as problem:
        named(people, deputy=people.get("fin"), first_day=date(2026, 3, 4), last_day=date(2026, 3, 9))
    assert problem.value.reason == "deputy_taken"


def test_the_database_takes_no_deputy_without_a_delegation(session: Any, people: People) -> None:
    application = reach(people, "approved")
    with pytest.raises(IntegrityError, match="deputy_has_a_delegation"):
        session.execute(
            text("UPDATE application_signatures SET as_deputy = true WHERE application_id = :id"),
            {"id": application.id},
        )
