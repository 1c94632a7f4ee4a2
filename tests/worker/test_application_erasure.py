"""Applications that came to nothing are erased at their midnight, once; number, scores and the decision stay (decision 7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.models import Application, HistoryEntry, Invitation, OutgoingMessage, PartnerFile, StoredFile, db
from portal.queries import applications as found
from portal.rules.applications import STEPS
from portal.rules.prospects import EVALUATED
from portal.rules.refusal import Refusal
from portal.services import (
    application_decisions,
    application_erasure,
    application_reviews,
    applications,
    housekeeping,
    prospects,
)
from portal.transaction import transaction
from tests.applying import begin, bring, fill, reach
from tests.fixtures import People
from tests.pages import assert_page
from worker.jobs.applications import erase_expired
from worker.jobs.exits import erase_expired as erase_partners

Browse = Callable[..., FlaskClient]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
#: Ten in the morning in Hangzhou; the midnights there that begin the same day three years, and 180 days, later.
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
REJECTED_OVER, ABANDONED_OVER = datetime(2029, 3, 1, 16, tzinfo=UTC), datetime(2026, 8, 28, 16, tzinfo=UTC)
FIELDS = [field for fields in STEPS.values() for field in fields]


def rejected(people: People, **changes: Any) -> Application:
    application = reach(people, "examined", **changes)
    application_decisions.sign(actor=people.get("dan"), application=application, approved=False, reason="区域已满")
    db.session.commit()
    return application


def run(at: datetime) -> None:
    with clock.set_to(at):
        erase_expired()
    db.session.expire_all()


def contents(application: Application) -> list[bytes]:
    return [db.session.get_one(StoredFile, paper.file_id).content for paper in application.partner_file.papers]


def typed(file: PartnerFile) -> set[str]:
    return {field for field in FIELDS if getattr(file, field) is not None} - {"partner_type"}


def told() -> list[tuple[str, dict[str, Any]]]:
    query = select(HistoryEntry).where(HistoryEntry.verb == "application.erased").order_by(HistoryEntry.id)
    return [(entry.actor_role, entry.facts) for entry in db.session.scalars(query)]


def test_a_rejected_one_is_kept_to_the_second_and_erased_once(session: Any, people: People) -> None:
    with clock.set_to(START):
        application = rejected(people)
        inquiries = len(application.inquiries)
    run(REJECTED_OVER - SECOND)
    assert (
        application.erased_at is None and all(contents(application)) and "legal_name" in typed(application.partner_file)
    )
    run(REJECTED_OVER)
    run(REJECTED_OVER + DAY)
    assert (application.erased_at, application.contact, application.state) == (REJECTED_OVER, "已清除", "rejected")
    assert typed(application.partner_file) == {"name", "registration_code"}
    assert contents(application) and not any(contents(application))
    assert [one.findings for one in application.inquiries] == ["已清除"] * inquiries != []
    assert application.decision_reason == "区域已满" and all(score.sheet() for score in application.scores)
    assert told() == [("system", {"reference": application.reference, "state": "rejected"})]


def test_of_a_natural_person_the_name_goes_too(session: Any, people: People) -> None:
    with clock.set_to(START):
        application = begin()
        typed_in = {"partner_type": "person", "name": "陈一", "contact_name": "陈一", "experience": "三年"}
        applications.save_step(application=application, values=typed_in)
        db.session.commit()
    run(ABANDONED_OVER)
    assert typed(application.partner_file) == set() and application.erased_at == ABANDONED_OVER


def test_what_was_never_sent_counts_from_the_last_thing_the_applicant_did(session: Any, people: People) -> None:
    with clock.set_to(START - 5 * DAY):
        application = begin("lu@example.cn")
    with clock.set_to(START - DAY):
        fill(application)
    with clock.set_to(START):
        bring(application, "other", shade=200)
        db.session.commit()
    run(ABANDONED_OVER - SECOND)
    assert application.erased_at is None
    run(ABANDONED_OVER)
    assert application.erased_at == ABANDONED_OVER and found.by_id(application.id) is None
    with pytest.raises(Refusal, match="application_is_erased"):
        applications.save_step(application=application, values={"name": "再来"})
    db.session.rollback()
    assert begin("lu@example.cn").id != application.id


def test_what_was_sent_back_and_never_corrected_frees_its_code(session: Any, people: People) -> None:
    with clock.set_to(START):
        application = reach(people, "in_review")
        remarks = {"name": "与执照不符"}
        application_reviews.return_application(actor=people.get("hua"), application=application, remarks=remarks)
        db.session.commit()
    code = application.sent_code
    run(ABANDONED_OVER)
    assert (application.state, application.sent_code, code is not None) == ("returned", None, True)
    assert [one.words for one in application.remarks] == ["已清除"]


@pytest.mark.parametrize("state", ["applied", "surveyed", "examined", "approved"])
def test_what_the_company_still_works_on_or_approved_is_kept(session: Any, people: People, state: str) -> None:
    with clock.set_to(START):
        application = reach(people, state)
    run(REJECTED_OVER + 400 * DAY)
    assert application.erased_at is None and "legal_name" in typed(application.partner_file)


def test_a_killed_run_is_taken_up_by_the_next(session: Any, people: People) -> None:
    """Each application is a transaction of its own."""
    with clock.set_to(START):
        both = [rejected(people), rejected(people)]
    with clock.set_to(REJECTED_OVER), pytest.raises(KeyboardInterrupt):
        with transaction():
            assert application_erasure.erase_next(now=clock.now()) == 1
        with transaction():
            application_erasure.erase_next(now=clock.now())
            raise KeyboardInterrupt
    db.session.expire_all()
    assert [one.erased_at for one in both] == [REJECTED_OVER, None] and all(contents(both[1]))
    run(REJECTED_OVER + DAY)
    assert [one.erased_at for one in both] == [REJECTED_OVER, REJECTED_OVER + DAY] and len(told()) == 2


def test_what_was_approved_goes_with_its_partner(session: Any, people: People) -> None:
    with clock.set_to(START):
        application = reach(people, "approved")
        partner = application.partner_file.distributor
        assert partner is not None
        partner.status, partner.status_since = "closed", START
        db.session.commit()
    with clock.set_to(REJECTED_OVER):
        erase_partners()
        erase_partners()
    db.session.expire_all()
    assert (application.erased_at, application.contact, len(told())) == (REJECTED_OVER, "已清除", 1)
    assert application.partner_file.legal_name is None and application.partner_file.name is not None


def test_the_prospect_it_came_of_is_forgotten_with_it(session: Any, people: People) -> None:
    hua = people.get("hua")
    with clock.set_to(START):
        prospect = prospects.note_prospect(
            actor=hua, name="远帆渠道", source="fair", contact="lu@example.cn", contact_name="陆远", remark=None
        )
        prospects.note_contact(actor=hua, prospect=prospect, kind="phone", happened_at=None, needs="想代理云栖府")
        scores = dict.fromkeys(EVALUATED, Decimal(80))
        prospects.evaluate(actor=hua, prospect=prospect, scores=scores, reasons="门店多")
        prospects.invite(actor=hua, prospect=prospect, locale="zh_Hans_CN")
        db.session.commit()
        application = applications.accept_invitation(link=newest_link())
        db.session.commit()
    run(ABANDONED_OVER)
    assert application.erased_at == ABANDONED_OVER
    assert (prospect.contact, prospect.contact_name, prospect.erased_at) == (None, None, ABANDONED_OVER)
    assert prospect.name == "远帆渠道" and prospect.state_at(ABANDONED_OVER) == "applied"


def newest_link() -> str:
    message = db.session.query(OutgoingMessage).order_by(OutgoingMessage.id.desc()).first()
    assert message is not None
    return str(json.loads(message.facts or "{}")["link"]).rsplit("/", 1)[-1]


def test_an_invitation_that_nobody_opened_is_forgotten(session: Any, people: People) -> None:
    with clock.set_to(START):
        made = applications.invite(actor=people.get("hua"), name="远帆", contact="lu@example.cn", locale="zh_Hans_CN")
        db.session.commit()
    over = made.expires_at + timedelta(days=180)
    run(over - SECOND)
    assert made.contact == "lu@example.cn"
    run(over)
    kept = db.session.get_one(Invitation, made.id)
    assert (kept.name, kept.contact, kept.erased_at) == ("已清除", "已清除", over)


def test_messages_that_left_are_deleted_after_half_a_year(session: Any, people: People) -> None:
    with clock.set_to(START):
        begin("lu@example.cn")
        message = db.session.query(OutgoingMessage).one()
        message.state, message.sent_at, message.facts = "sent", START, None
        db.session.commit()
    for at, left in ((START + 180 * DAY, 1), (START + 180 * DAY + SECOND, 0)):
        with clock.set_to(at), transaction():
            housekeeping.clear_away(now=at)
        assert db.session.query(OutgoingMessage).count() == left


def test_the_pages_say_when_it_goes_and_that_it_went(session: Any, people: People, browse: Browse) -> None:
    with clock.set_to(START):
        application = rejected(people)
        html = assert_page(browse("hua").get("/hq/retention"))
    assert application.reference in html and "2029-03-02" in html
    run(REJECTED_OVER)
    with clock.set_to(REJECTED_OVER + DAY):
        client = browse("hua")
        html = assert_page(client.get("/hq/retention"))
        page = assert_page(client.get(f"/hq/applications/{application.reference}"))
    assert "已清除" in html and "个人信息和材料已清除" in page and "湖畔渠道" in page and "chen" not in page
