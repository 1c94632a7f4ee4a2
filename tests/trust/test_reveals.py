"""Whole numbers are shown to those who have business with them, for a reason, on record; and to nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Permission, may
from portal.models import HistoryEntry
from portal.rules.refusal import Refusal
from portal.services import outgoing_messages, reveals
from portal.wording.reveals import MESSAGE_REASONS
from portal.wording.reveals import REASONS as WORDS
from tests.fixtures import People, Stage

SEES = ("ana", "olga", "rui", "bo", "cai", "lin", "hua")
DOES_NOT = ("ben", "abe", "sid", "kit", "fin", "ada", "aud", "dan", "gia", "leo")


def reveal(people: People, who: str, registration, reason: str = "contact", fields=("phone",)):  # type: ignore[no-untyped-def]
    return reveals.reveal_registration(
        actor=people.get(who), registration=registration, fields=fields, reason=reason, now=clock.now()
    )


@pytest.mark.parametrize("who", SEES)
def test_who_has_business_with_the_customer_sees_the_number(session, stage: Stage, people: People, who: str) -> None:
    registration = stage.file("ana")
    assert reveal(people, who, registration) == {"phone": registration.phone}


@pytest.mark.parametrize("who", DOES_NOT)
def test_nobody_else_does(session, stage: Stage, people: People, who: str) -> None:
    registration = stage.file("ana")
    with pytest.raises(reveals.OutOfScope):
        reveal(people, who, registration)


def test_the_cast_covers_every_person(people: People) -> None:
    assert set(SEES) | set(DOES_NOT) == set(people.users)


def test_it_is_on_record_with_the_reason_and_without_the_number(session, stage: Stage, people: People) -> None:
    registration = stage.file("ana")
    reveal(people, "bo", registration, "check_identity", ("phone", "id_number"))
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "registration.revealed")).one()
    assert entry.facts == {"fields": ["id_number", "phone"], "reason": "check_identity"}
    assert (entry.actor_id, entry.clause) == (people.users["bo"], "GD-13")


@pytest.mark.parametrize(
    ("reason", "fields"), [("", ("phone",)), ("因为", ("phone",)), ("contact", ()), ("contact", ("typed",))]
)
def test_without_a_listed_reason_or_field_nothing_is_shown(
    session, stage: Stage, people: People, reason, fields
) -> None:
    registration = stage.file("ana")
    with pytest.raises(Refusal, match="reveal_needs_a_reason"):
        reveal(people, "bo", registration, reason, fields)


def test_a_distributor_sees_no_company_record(session, stage: Stage, people: People) -> None:
    from portal.services.records import write_record

    record = write_record(
        actor=people.get("rui"), project=people.project(), source="call", customer=stage.customer(), now=clock.now()
    )
    session.flush()
    given = {"record": record, "fields": ("phone",), "reason": "contact", "now": clock.now()}
    assert may(people.get("ana"), Permission.REVEAL_PERSONAL_DATA)
    with pytest.raises(reveals.OutOfScope):
        reveals.reveal_record(actor=people.get("ana"), **given)
    assert reveals.reveal_record(actor=people.get("bo"), **given) == {"phone": record.phone}


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(reveals.REASONS)
    assert set(MESSAGE_REASONS) == set(outgoing_messages.REASONS)
