"""Points of the rulebook that no story reaches: cooling-off, corrections, policies in time, the clock set back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import CompanyRecord, Correction
from portal.queries import matches
from portal.rules.policies import preset, with_parameters
from portal.rules.refusal import Refusal
from portal.services import corrections, extensions, policies, records, visit_flow
from tests.fixtures import People, Stage

MORNING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
TIES = ("recorded",)


def test_a_cooling_off_delays_the_next_filing(session, stage: Stage, people: People) -> None:
    with clock.set_to(MORNING - timedelta(days=1)):
        strict = policies.publish(actor=None, document=with_parameters(preset("RE"), {"refiling.cooling_off_days": 2}))
        policies.bind(actor=None, project=people.project(), policy=strict, effective_from=MORNING)
    customer = stage.customer()
    with clock.set_to(MORNING):
        first = stage.file("ana", customer)
    with clock.set_to(first.hold_ends_at + timedelta(days=2, seconds=-1)), pytest.raises(Refusal) as refused:
        stage.file("ana", customer)
    assert refused.value.clause == "RE-Q8"
    with clock.set_to(first.hold_ends_at + timedelta(days=2)):
        assert stage.file("ana", customer).id != first.id


def test_a_filing_keeps_the_policy_it_was_made_under(session, stage: Stage, people: People) -> None:
    with clock.set_to(MORNING):
        before = stage.file()
        longer = policies.publish(actor=None, document=with_parameters(preset("RE"), {"hold.days": 10}))
        policies.bind(actor=None, project=people.project(), policy=longer, effective_from=MORNING + timedelta(hours=1))
    with clock.set_to(MORNING + timedelta(minutes=59, seconds=59)):
        last_before = stage.file()
    with clock.set_to(MORNING + timedelta(hours=1)):
        after = stage.file()
    held = [row.hold_ends_at - MORNING.replace(hour=16) for row in (before, last_before, after)]
    assert [period.days for period in held] == [7, 7, 10]
    assert before.policy_id != after.policy_id


def test_a_policy_is_not_bound_to_the_past(session, people: People) -> None:
    policy = policies.publish(actor=None, document=with_parameters(preset("RE"), {"hold.days": 3}))
    with pytest.raises(Refusal) as refused:
        policies.bind(
            actor=None, project=people.project(), policy=policy, effective_from=clock.now() - timedelta(seconds=1)
        )
    assert refused.value.clause == "GD-11"


def test_a_clock_set_back_does_not_make_a_later_filing_first(session, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(MORNING):
        first = stage.file("ana", customer)
    with clock.set_to(MORNING - timedelta(hours=1)):
        second = stage.file("ben", customer)
    assert second.filed_at >= first.filed_at
    assert [matches.rank(row, MORNING, TIES) for row in (first, second)] == [1, 2]


def test_a_correction_keeps_the_filing_time_and_both_versions(session, stage: Stage, people: People) -> None:
    registration = stage.file("ana", stage.customer(phone="+8613800055501"))
    filed_at = registration.filed_at
    corrections.correct_customer(
        actor=people.get("bo"), registration=registration, changes={"phone": "+8613800055502"}, reason="客户更正"
    )
    correction = session.scalars(select(Correction)).one()
    assert registration.filed_at == filed_at
    assert json.loads(correction.before) == {"phone": "+8613800055501"}
    assert json.loads(correction.after) == {"phone": "+8613800055502"}


def test_after_a_correction_the_corrected_number_matches_and_the_old_one_does_not(
    session, stage: Stage, people: People
) -> None:
    wrong, right = stage.customer(phone="+8613800055503"), stage.customer(phone="+8613800055504")
    registration = stage.file("ana", wrong)
    corrections.correct_customer(
        actor=people.get("bo"), registration=registration, changes={"phone": right.phone}, reason="客户更正"
    )
    ranks = [matches.rank(stage.file("ben", customer), clock.now(), TIES) for customer in (right, wrong)]
    assert ranks == [2, 1]


def test_a_correction_that_changes_nothing_is_refused(session, stage: Stage, people: People) -> None:
    registration = stage.file("ana")
    with pytest.raises(Refusal) as refused:
        corrections.correct_customer(
            actor=people.get("bo"), registration=registration, changes={"name": "张三"}, reason="无"
        )
    assert refused.value.clause == "RE-Q43"


def test_an_excuse_may_meet_a_filing_made_meanwhile(session, stage: Stage, people: People) -> None:
    customer = stage.customer()
    with clock.set_to(MORNING):
        late = stage.file("ana", customer)
    with clock.set_to(MORNING + timedelta(minutes=30)):
        visit = stage.sign(stage.arrive(late))
        again = stage.file("ana", customer)
        visit_flow.excuse_late_filing(actor=people.get("lin"), visit=visit, reason="前台排队")
    now = MORNING + timedelta(hours=1)
    assert [matches.rank(row, now, TIES) for row in (late, again)] == [1, 2]
    assert session.scalars(select(CompanyRecord.lifted_at)).one() is not None


def test_a_decision_is_taken_once(session, stage: Stage, people: People) -> None:
    with clock.set_to(MORNING):
        registration = stage.file()
    with clock.set_to(MORNING + timedelta(hours=2)):
        stage.complete(stage.sign(stage.arrive(registration)))
        registration.is_bulk = True
        extension = extensions.ask_extension(actor=people.get("ana"), registration=registration, reason="三套以上")
        extensions.decide_extension(actor=people.get("hua"), extension=extension, approve=True, reason="同意")
        with pytest.raises(Refusal):
            extensions.decide_extension(actor=people.get("hua"), extension=extension, approve=False, reason="反悔")
    assert registration.ends_at == datetime(2026, 6, 3, 16, 0, tzinfo=UTC)


def test_a_record_says_nothing_and_blocks_only_what_is_filed_later(session, stage: Stage, people: People) -> None:
    customer = stage.customer()
    before = stage.file("ana", customer)
    records.record_customer(actor=people.get("rui"), project=people.project(), source="call", customer=customer)
    after = stage.file("ben", customer)
    assert matches.older_records(before) == []
    assert len(matches.older_records(after)) == 1


def test_a_number_tells_nothing_of_how_many_there_are(session, stage: Stage) -> None:
    references = [stage.file().reference for _ in range(20)]
    assert len(set(references)) == 20
    assert sorted(references) != references
