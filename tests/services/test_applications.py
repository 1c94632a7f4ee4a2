"""An application from the proved address to the two signatures, step by step; what each step refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import (
    Application,
    Distributor,
    HistoryEntry,
    OutgoingMessage,
    db,
)
from portal.rules.refusal import Refusal
from portal.services import (
    application_decisions,
    application_reviews,
    applications,
    partner_files,
)
from portal.services.blacklist_matches import open_matches
from portal.services.claim_sending import Brought
from portal.services.unacceptable import Unacceptable
from portal.wording.times import PORTAL_ZONE
from tests.applying import WAY, begin, bring, company_code, fill, go_on, picture, reach, survey, write
from tests.fixtures import People

NEEDED = {"licence", "legal_rep_id", "business_plan"}


def refused(because: str, command: Callable[..., Any], **facts: Any) -> Refusal:
    """What the command refuses with; nothing of it is kept."""
    with pytest.raises(Refusal, match=because) as caught:
        command(**facts)
    db.session.rollback()
    return caught.value


def said(kind: str) -> list[dict[str, str]]:
    messages = db.session.query(OutgoingMessage).filter_by(kind=kind)
    return [json.loads(message.facts or "{}") for message in messages]


def test_the_address_leads_back_to_the_draft(session: Any, people: People) -> None:
    application = fill(begin("chen@example.cn"))
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        again = begin(" Chen@Example.cn")
    assert again.id == application.id
    assert again.partner_file.bank_account == application.partner_file.bank_account


def test_numbers_are_read_into_one_spelling_and_sealed(session: Any) -> None:
    application = fill(begin(), contact_phone="136 0000 0001", bank_account="3301 0000-0000 0001")
    file = application.partner_file
    assert (file.contact_phone, file.bank_account) == ("+8613600000001", "3301000000000001")
    stored = db.session.execute(db.text("SELECT * FROM partner_files")).mappings().one()
    assert not any(b"3301000000000001" in bytes(value) for value in stored.values() if isinstance(value, bytes))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("registration_code", "91330106MA2AX12340", "company_code_wrong"),
        ("legal_id_number", "330106198001010000", "resident_id_wrong"),
        ("contact_phone", "1380000", "phone_length"),
        ("bank_account", "12AB", "bank_account_wrong"),
        ("invoice_tax_number", "1", "tax_number_wrong"),
    ],
)
def test_a_number_that_cannot_be_is_not_kept(session: Any, field: str, value: str, reason: str) -> None:
    application = begin()
    with pytest.raises(Unacceptable) as caught:
        applications.save_step(application=application, values={field: value})
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_natural_persons_card_has_its_check_digit(session: Any) -> None:
    application = begin()
    with pytest.raises(Unacceptable, match="bank_account_wrong"):
        applications.save_step(
            application=application, values={"partner_type": "person", "bank_account": "6222021202012345678"}
        )


def test_what_is_missing_is_named_until_it_is_there(session: Any, people: People) -> None:
    application = begin()
    missing = refused("application_incomplete", applications.send_application, application=application).facts["missing"]
    assert {"name", "bank_account", "invoice_title", *NEEDED} <= set(missing)
    fill(application)
    assert applications.send_application(application=application).state == "applied"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"cooperation": "temporary"}, "cooperation_ends_on"),
        ({"cooperation": "regional"}, "territory"),
        ({"registration_code": ""}, "registration_code"),
    ],
)
def test_a_type_of_cooperation_asks_for_its_own(session: Any, changes: dict[str, str], missing: str) -> None:
    application = fill(begin(), **changes)
    refusal = refused("application_incomplete", applications.send_application, application=application)
    assert refusal.facts["missing"] == (missing,)


def test_a_natural_person_needs_no_licence(session: Any) -> None:
    application = fill(begin(), partner_type="person", registration_code="", bank_account="6222021202012345675")
    assert applications.send_application(application=application).state == "applied"


def test_pressed_twice_it_is_sent_once(session: Any, people: People) -> None:
    application = fill(begin())
    for _ in range(2):
        applications.send_application(application=application)
        db.session.commit()
    assert db.session.query(HistoryEntry).filter_by(verb="application.sent").count() == 1
    assert len(said("application_received")) == 1


def test_once_sent_it_cannot_be_changed(session: Any, people: People) -> None:
    application = reach(people, "applied")
    refused("application_is_sent", applications.save_step, application=application, values={"name": "别的公司"})


def test_returned_it_keeps_everything_and_comes_back_to_review(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    account = application.partner_file.bank_account
    refused(
        "return_needs_a_remark",
        application_reviews.return_application,
        actor=people.get("hua"),
        application=application,
        remarks={"bank_name": " "},
    )
    application_reviews.return_application(
        actor=people.get("hua"), application=application, remarks={"bank_name": "写明支行"}
    )
    db.session.commit()
    assert (application.state, application.partner_file.bank_account) == ("returned", account)
    assert said("application_returned")[0]["reference"] == application.reference
    applications.save_step(application=application, values={"bank_name": "杭州银行文二路支行"})
    applications.send_application(application=application)
    db.session.commit()
    assert application.state == "in_review"
    assert all(remark.answered_at for remark in application.remarks)


def test_a_refused_paper_is_missing_again(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    paper = application.partner_file.current_papers[0]
    partner_files.check_paper(actor=people.get("hua"), paper=paper, accepted=False, sealed=False, remark="看不清")
    assert applications.missing_of(application.partner_file, clock.now()) == (paper.kind,)


def test_a_paper_that_is_valid_no_more_is_missing_and_is_not_accepted(session: Any, people: People) -> None:
    application, today = reach(people, "in_review"), clock.now().astimezone(PORTAL_ZONE).date()
    ended = bring(application, "legal_rep_id", 91, valid_until=today - timedelta(days=1))
    assert applications.missing_of(application.partner_file, clock.now()) == ("legal_rep_id",)
    with pytest.raises(Refusal) as refused:
        partner_files.check_paper(actor=people.get("hua"), paper=ended, accepted=True, sealed=False, remark=None)
    assert (refused.value.reason, refused.value.clause) == ("paper_is_over", "DO-2.2")
    last_day = bring(application, "legal_rep_id", 92, valid_until=today)
    assert applications.missing_of(application.partner_file, clock.now()) == ()
    partner_files.check_paper(actor=people.get("hua"), paper=last_day, accepted=True, sealed=False, remark=None)
    assert last_day.state == "accepted"


def test_a_newer_paper_replaces_and_the_older_stays(session: Any) -> None:
    application = fill(begin())
    bring(application, "licence", shade=77)
    licences = [paper for paper in application.partner_file.papers if paper.kind == "licence"]
    assert [paper.replaced_at is None for paper in licences] == [False, True]


def test_a_licence_without_its_seal_does_not_pass(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    licence = next(one for one in application.partner_file.current_papers if one.kind == "licence")
    facts = {"actor": people.get("hua"), "paper": licence}
    refused("paper_needs_its_seal", partner_files.check_paper, **facts, accepted=True, sealed=False, remark=None)
    refused("paper_needs_a_remark", partner_files.check_paper, **facts, accepted=False, sealed=False, remark=" ")
    partner_files.check_paper(**facts, accepted=True, sealed=True, remark=None)
    refused("paper_is_checked", partner_files.check_paper, **facts, accepted=False, sealed=True, remark="看不清")


def test_the_review_ends_only_when_nothing_is_missing(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    finish = {"actor": people.get("hua"), "application": application}
    refused("paper_not_accepted", application_reviews.finish_surveys, **finish)
    for paper in application.partner_file.current_papers:
        partner_files.check_paper(actor=people.get("hua"), paper=paper, accepted=True, sealed=True, remark=None)
    db.session.commit()
    refused("checklist_incomplete", application_reviews.finish_surveys, **finish)
    points = ["lawful", "product", "funds", "after_sales", "permit", "status_valid", "no_duplicate"]
    application_reviews.tick_points(**finish, points=points)
    db.session.commit()
    refused("inquiry_missing", application_reviews.finish_surveys, **finish)
    write(people, application, "market", "credit", "background")
    assert application_reviews.finish_surveys(**finish).state == "surveyed"


def test_a_permit_that_was_brought_is_looked_at_too(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    bring(application, "permit", shade=78)
    for paper in application.partner_file.current_papers:
        if paper.kind != "permit":
            partner_files.check_paper(actor=people.get("hua"), paper=paper, accepted=True, sealed=True, remark=None)
    db.session.commit()
    facts = {"actor": people.get("hua"), "application": application}
    refusal = refused("paper_not_accepted", application_reviews.finish_surveys, **facts)
    assert refusal.clause == "DO-1.2"


def test_an_inquiry_lies_not_in_the_future(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    refused(
        "inquiry_in_the_future",
        application_reviews.write_inquiry,
        actor=people.get("hua"),
        application=application,
        kind="market",
        held_on=(clock.now() + timedelta(days=2)).date(),
        findings="x",
    )


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("step", WAY[1:])
def test_every_step_is_taken_from_its_own_state_alone(session: Any, people: People, state: str, step: str) -> None:
    application = reach(people, state)
    if WAY.index(step) == WAY.index(state) + 1:
        go_on(people, application, step)
        assert application.state == step
    elif step != "applied":
        with pytest.raises(Refusal):
            go_on(people, application, step)


def test_an_invitation_opens_once_with_its_name(session: Any, people: People) -> None:
    applications.invite(actor=people.get("hua"), name="西湖分销", contact="xihu@example.cn", locale="zh_Hans_CN")
    db.session.commit()
    link = said("application_invited")[0]["link"].rsplit("/", 1)[1]
    application = applications.accept_invitation(link=link)
    db.session.commit()
    assert (application.origin, application.partner_file.name) == ("invitation", "西湖分销")
    assert application.partner_file.contact_email == "xihu@example.cn"
    refused("invitation_is_used", applications.accept_invitation, link=link)
    refused("invitation_is_used", applications.accept_invitation, link="nothing")


def test_an_invitation_sent_twice_is_one(session: Any, people: People) -> None:
    said_so = {"actor": people.get("hua"), "contact": "xihu@example.cn", "locale": "zh_Hans_CN"}
    first, again, other = (applications.invite(name=name, **said_so) for name in ("西湖分销", "西湖分销", "滨江分销"))
    assert first.id == again.id != other.id
    assert len(said("application_invited")) == 2
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        assert applications.invite(name="西湖分销", **said_so).id not in (first.id, other.id)


def test_an_invitation_ends(session: Any, people: People) -> None:
    applications.invite(actor=people.get("hua"), name="西湖分销", contact="xihu@example.cn", locale="en")
    db.session.commit()
    link = said("application_invited")[0]["link"].rsplit("/", 1)[1]
    with clock.set_to(clock.now() + timedelta(days=14)):
        refused("invitation_is_used", applications.accept_invitation, link=link)


def test_sealed_fields_are_shown_for_a_reason_on_record(session: Any, people: People) -> None:
    application = reach(people, "applied")
    refused(
        "reveal_needs_a_reason", partner_files.reveal, actor=people.get("hua"), file=application.partner_file, reason=""
    )
    whole = partner_files.reveal(actor=people.get("hua"), file=application.partner_file, reason="check_identity")
    assert whole["bank_account"] == application.partner_file.bank_account
    entry = db.session.query(HistoryEntry).filter_by(verb="partner_file.revealed").one()
    assert "bank_account" in entry.facts["fields"] and whole["bank_account"] not in json.dumps(entry.facts)


def test_the_paper_that_is_kept_is_cleaned(session: Any) -> None:
    application = begin()
    paper = bring(application, "other")
    assert paper.file.media_type == "image/png" and paper.file.stored_by_id is None
    assert picture(10)[:8] == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(Unacceptable, match="file_kind"):
        partner_files.bring_paper(
            actor=None,
            file=application.partner_file,
            kind="other",
            brought=Brought(b"MZ\x90", "x.pdf"),
            valid_until=date(2030, 1, 1),
        )


def test_survey_helper_leaves_no_step_out(session: Any, people: People) -> None:
    application = reach(people, "in_review")
    survey(people, application)
    application_reviews.check_review(db.session.get_one(Application, application.id))


def rejected(people: People, **changes: Any) -> Application:
    application = reach(people, "examined", **changes)
    application_decisions.sign(actor=people.get("dan"), application=application, approved=False, reason="区域已满")
    db.session.commit()
    return application


def test_after_a_rejection_the_address_applies_anew_and_the_old_one_stays(session: Any, people: People) -> None:
    old = rejected(people)
    new = applications.begin_anew(application=old)
    db.session.commit()
    assert (old.state, new.state, new.contact_fingerprint) == ("rejected", "prospect", old.contact_fingerprint)
    assert new.partner_file_id != old.partner_file_id and new.partner_file.name == old.partner_file.name
    assert new.partner_file.bank_account_fingerprint == old.partner_file.bank_account_fingerprint
    assert not new.partner_file.current_papers and len(old.partner_file.current_papers) == len(NEEDED)
    assert applications.begin_anew(application=old).id == new.id


@pytest.mark.parametrize("state", ["applied", "approved"])
def test_only_who_was_rejected_applies_anew(session: Any, people: People, state: str) -> None:
    application = reach(people, state)
    if state == "approved":
        refused("application_not_rejected", applications.begin_anew, application=application)
    else:
        assert applications.begin_anew(application=application).id == application.id


def test_an_invitation_after_a_rejection_begins_a_new_one(session: Any, people: People) -> None:
    old = rejected(people)
    applications.invite(actor=people.get("hua"), name="新名称", contact=old.contact, locale="zh_Hans_CN")
    db.session.commit()
    link = said("application_invited")[0]["link"].rsplit("/", 1)[-1]
    new = applications.accept_invitation(link=link)
    db.session.commit()
    assert (new.origin, new.state, new.partner_file.name) == ("invitation", "prospect", "新名称") and new.id != old.id


def test_a_registration_code_has_one_application_under_way(session: Any, people: People) -> None:
    first, second = reach(people, "applied", number=7001), fill(begin(), number=7001)
    refused("application_code_open", applications.send_application, application=second)
    assert second.state == "prospect"
    go_on(people, first, "in_review")
    for state in ("surveyed", "examined"):
        go_on(people, first, state)
    application_decisions.sign(actor=people.get("dan"), application=first, approved=False, reason="区域已满")
    db.session.commit()
    go_on(people, second, "applied")
    assert second.state == "applied"


def test_a_person_has_no_registration_code_to_be_held_by(session: Any, people: People) -> None:
    sent = [reach(people, "applied", partner_type="person", bank_account="6222021234567890128") for _ in range(2)]
    assert [one.sent_code for one in sent] == [None, None]


def test_who_was_rejected_does_not_pass_the_blacklist_by_applying_anew(session: Any, people: People) -> None:
    code = company_code(7002)
    old = rejected(people, number=7002)
    distributor = db.session.get_one(Distributor, people.get("ben").distributor_id)
    distributor.registration_code, distributor.status = code, "blacklisted"
    db.session.commit()
    new = fill(applications.begin_anew(application=old), number=7002)
    go_on(people, new, "applied")
    assert open_matches(new.partner_file)
