"""Prospects: noted, spoken to, evaluated, invited, and what they may not do before (CM-2.1 to 2.3, D.1)."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal import clock
from portal.models import HistoryEntry, OutgoingMessage, Prospect, db
from portal.queries import prospects as found
from portal.rules import prospects as rules
from portal.rules.refusal import Refusal
from portal.services import applications, prospects
from portal.services.unacceptable import Unacceptable
from tests.fixtures import People


def noted(people: People, contact: str = "lu@example.cn") -> Prospect:
    made = prospects.note_prospect(
        actor=people.get("hua"),
        name="远帆渠道有限公司",
        source="fair",
        contact=contact,
        contact_name="陆远",
        remark="春季展会认识",
    )
    db.session.commit()
    return made


def speak(people: People, prospect: Prospect, **more: Any) -> None:
    facts = {"kind": "phone", "happened_at": None, "needs": "想代理云栖府的公寓"} | more
    prospects.note_contact(actor=people.get("hua"), prospect=prospect, **facts)
    db.session.commit()


def evaluate(people: People, prospect: Prospect, market: str = "80", reasons: str = "区域内有三十名经纪人") -> None:
    scores = {"market": Decimal(market), "reputation": Decimal("75.5"), "willingness": Decimal(90)}
    prospects.evaluate(actor=people.get("hua"), prospect=prospect, scores=scores, reasons=reasons)
    db.session.commit()


def invited(people: People, prospect: Prospect) -> str:
    """The link that leaves."""
    prospects.invite(actor=people.get("hua"), prospect=prospect, locale="zh_Hans_CN")
    db.session.commit()
    message = db.session.query(OutgoingMessage).order_by(OutgoingMessage.id.desc()).first()
    assert message is not None and message.kind == "application_invited" and message.address == "lu@example.cn"
    return str(json.loads(message.facts or "{}")["link"]).rsplit("/", 1)[-1]


def test_noted_spoken_to_invited_and_applied(session: Any, people: People) -> None:
    prospect = noted(people)
    assert prospect.state_at(clock.now()) == "open"
    speak(people, prospect)
    speak(people, prospect)
    assert len(prospect.contacts) == 1
    evaluate(people, prospect)
    link = invited(people, prospect)
    assert prospect.state_at(clock.now()) == "invited"
    application = applications.accept_invitation(link=link)
    db.session.commit()
    assert prospect.state_at(clock.now()) == "applied" and found.application_of(prospect) == application.reference
    assert application.partner_file.name == "远帆渠道有限公司"
    verbs = [entry.verb for entry in session.query(HistoryEntry).filter_by(subject_type="prospects")]
    assert sorted(verbs) == ["prospect.contacted", "prospect.evaluated", "prospect.invited", "prospect.noted"]
    assert [str(one.market) for one in found.evaluations_of(application)] == ["80.00"]


def test_there_is_no_invitation_without_the_evaluation_form(session: Any, people: People) -> None:
    prospect = noted(people)
    with pytest.raises(Refusal, match="prospect_not_spoken_to"):
        evaluate(people, prospect)
    db.session.rollback()
    speak(people, prospect)
    with pytest.raises(Refusal, match="prospect_not_evaluated") as refused:
        invited(people, prospect)
    assert refused.value.clause == "CM-2.3"
    db.session.rollback()
    for market, reasons in (("100.5", "好"), ("-1", "好"), ("80", " ")):
        with pytest.raises(Refusal, match="evaluation_incomplete"):
            evaluate(people, prospect, market, reasons)
        db.session.rollback()


def test_the_form_sent_twice_is_one_and_a_new_one_counts(session: Any, people: People) -> None:
    prospect = noted(people)
    speak(people, prospect)
    for market in ("80", "80", "60"):
        evaluate(people, prospect, market)
    assert [str(one.market) for one in prospect.evaluations] == ["80.00", "60.00"]
    raw = session.execute(db.text("SELECT reasons FROM prospect_evaluations LIMIT 1")).scalar_one()
    assert "经纪人".encode() not in bytes(raw)


def test_nobody_is_invited_before_somebody_has_spoken_to_them(session: Any, people: People) -> None:
    prospect = noted(people)
    with pytest.raises(Refusal, match="prospect_not_spoken_to"):
        prospects.invite(actor=people.get("hua"), prospect=prospect, locale="zh_Hans_CN")


def test_invited_once_while_the_link_can_be_opened_and_again_afterwards(session: Any, people: People) -> None:
    prospect = noted(people)
    speak(people, prospect)
    evaluate(people, prospect)
    invited(people, prospect)
    with pytest.raises(Refusal, match="prospect_not_open"):
        prospects.invite(actor=people.get("hua"), prospect=prospect, locale="zh_Hans_CN")
    db.session.rollback()
    ends = prospect.invitation.expires_at
    with clock.set_to(ends - timedelta(seconds=1)):
        assert prospect.state_at(clock.now()) == "invited"
    with clock.set_to(ends):
        assert prospect.state_at(clock.now()) == "open"
        invited(people, prospect)
        assert prospect.invitation.expires_at > ends


def test_who_is_dropped_is_forgotten_and_may_be_found_again(session: Any, people: People) -> None:
    prospect = noted(people)
    prospects.drop(actor=people.get("hua"), prospect=prospect, reason="区域已满")
    db.session.commit()
    assert (prospect.contact, prospect.contact_name, prospect.name) == (None, None, "远帆渠道有限公司")
    with pytest.raises(Refusal, match="prospect_not_open"):
        speak(people, prospect)
    db.session.rollback()
    assert [one.id for one in found.page_of(dropped=True).prospects] == [prospect.id]
    assert noted(people).id != prospect.id


def test_an_address_is_on_the_list_once_and_sealed(session: Any, people: People) -> None:
    noted(people)
    with pytest.raises(Unacceptable, match="prospect_known"):
        noted(people, " LU@Example.cn ")
    db.session.rollback()
    with pytest.raises(Unacceptable, match="email_wrong"):
        noted(people, "lu@")
    db.session.rollback()
    raw = session.execute(db.text("SELECT contact, contact_name, remark FROM prospects")).one()
    assert not any(b"lu@" in bytes(value) or "陆远".encode() in bytes(value) for value in raw)


def test_a_talk_lies_in_the_past(session: Any, people: People) -> None:
    prospect = noted(people)
    with pytest.raises(Refusal, match="contact_in_the_future"):
        speak(people, prospect, happened_at=clock.now() + timedelta(minutes=5))


def test_the_list_is_read_page_by_page(session: Any, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "PAGE", 2)
    numbers = [noted(people, f"lu{one}@example.cn").id for one in range(3)]
    page = found.page_of(dropped=False)
    rest = found.page_of(dropped=False, before=page.older)
    assert [one.id for one in (*page.prospects, *rest.prospects)] == numbers[::-1] and rest.older is None


@pytest.mark.parametrize("state", rules.STATES)
def test_only_an_open_prospect_is_invited(state: str) -> None:
    if state == "open":
        rules.check_invitation(state, 1, 1)
    else:
        with pytest.raises(Refusal, match="prospect_not_open"):
            rules.check_invitation(state, 1, 1)
