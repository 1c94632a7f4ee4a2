"""A contract from its draft to the day after its end (DM-3, CH-5): two pairs of eyes, two signatures, one text."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock, crypto, signing
from portal.documents.pades import examine
from portal.models import (
    Contract,
    ContractSignature,
    Document,
    HistoryEntry,
    Notice,
    PartnerFile,
    Project,
    StoredFile,
    db,
)
from portal.queries import contracts as found
from portal.queries.documents import content_of, of_subject
from portal.rules.refusal import Refusal
from portal.services import (
    contract_drafts,
    contract_ends,
    contract_notices,
    contract_reviews,
    contract_signing,
    printing,
)
from portal.services.contract_signing import Paper
from portal.services.unacceptable import Unacceptable
from tests import contracting
from tests.fixtures import People, Stage

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)


def at(day: str, hour: str = "00:00:00") -> datetime:
    return datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZONE)


@pytest.fixture(autouse=True)
def at_noon():
    with clock.set_to(NOON):
        yield


@pytest.fixture
def alone(session, people: People) -> People:
    """甲渠道 is approved and has no contract."""
    contracting.without_contracts(people, status="approved")
    return people


def refusal_of(command, **facts) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as refused:
        command(**facts)
    return refused.value.reason, refused.value.clause


def test_from_the_draft_to_the_first_filing(session, alone: People, stage: Stage) -> None:
    contract = contracting.signed(alone)
    assert (contract.state, contract.signed_at) == ("signed", NOON)
    assert (contract.starts_at, contract.ends_at) == (at("2026-03-02"), at("2027-03-02"))
    assert alone.distributor().status == "contracted"
    alone.distributor().status = "active"
    session.flush()
    assert stage.file("ana").filed_at == NOON
    with clock.set_to(at("2027-03-01", "23:59:59")):
        assert stage.file("ana").id
    with clock.set_to(at("2027-03-02")), pytest.raises(Refusal, match="no_contract"):
        stage.file("ana")


def test_the_amounts_come_from_the_policy_in_figures_and_capitals(session, alone: People) -> None:
    text = json.loads(contracting.open_to_sign(alone).text or "")
    said = "".join(paragraph for article in text["articles"] for paragraph in article["paragraphs"])
    for words in (
        "¥100,000.00（人民币壹拾万元整）",
        "¥50,000.00（人民币伍万元整）",
        "3 日内退还",
        "提前 30 日",
        "每季度带客到访不少于 30 组",
    ):
        assert words in said
    assert "2026 年 3 月 2 日 零时起，至 2027 年 3 月 1 日 二十四时止" in said
    assert "甲渠道" in text["preamble"][1]
    assert text["articles"][13]["title"].startswith("第十四条")
    assert any("45" in sentence for part in text["annexes"][0]["chapters"] for sentence in part["sentences"])


def test_nobody_reviews_what_they_wrote(session, alone: People) -> None:
    contract = contracting.drafted(alone)
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    asked = {"actor": alone.get("hua"), "contract": contract, "passed": True, "remarks": ""}
    assert refusal_of(contract_reviews.review_contract, **asked) == ("contract_reviewed_by_its_drafter", "CH-5.4")
    assert contract.state == "review"


def test_a_returned_draft_keeps_everything_and_its_remarks(session, alone: People) -> None:
    contract = contracting.drafted(alone)
    before = contract.fields
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    contract_reviews.review_contract(actor=alone.get("leo"), contract=contract, passed=False, remarks="写明区域")
    assert (contract.state, contract.remarks, contract.fields, contract.text) == ("draft", "写明区域", before, None)
    assert session.scalars(select(Notice.user_id).where(Notice.kind == "contract.returned")).all() == [
        alone.users["hua"]
    ]


@pytest.mark.parametrize("state", ["review", "signing", "signed", "withdrawn"])
def test_only_a_draft_changes(session, alone: People, state: str) -> None:
    contract = contracting.drafted(alone)
    if state == "review":
        contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    elif state == "signing":
        contracting.open_to_sign(alone, contract)
    elif state == "signed":
        contracting.signed(alone, contract)
    else:
        contract_drafts.withdraw(actor=alone.get("hua"), contract=contract)
    asked = {"actor": alone.get("hua"), "contract": contract, "draft": contracting.draft(territory="宁波")}
    assert refusal_of(contract_drafts.change_draft, **asked) == ("contract_not_a_draft", "CH-5.4")


def test_a_text_that_was_changed_behind_the_portal_is_not_signed(session, alone: People) -> None:
    contract = contracting.open_to_sign(alone)
    contract.text = (contract.text or "").replace("100,000", "1,000")
    session.flush()
    asked = {"actor": alone.get("hua"), "contract": contract, "seen": contract.text_digest}
    assert refusal_of(contract_signing.sign_for_company, **asked)[0] == "contract_text_changed"


def test_whoever_read_another_text_does_not_sign_this_one(session, alone: People) -> None:
    contract = contracting.open_to_sign(alone)
    asked = {"actor": alone.get("hua"), "contract": contract, "seen": "0" * 64}
    assert refusal_of(contract_signing.sign_for_company, **asked)[0] == "contract_text_changed"


def test_without_a_certificate_only_paper(session, app, alone: People, monkeypatch) -> None:
    contract = contracting.open_to_sign(alone)
    settings = app.extensions["settings"].model_copy(update={"signing_key": ""})
    monkeypatch.setitem(app.extensions, "settings", settings)
    asked = {"actor": alone.get("hua"), "contract": contract, "seen": contract.text_digest}
    assert refusal_of(contract_signing.sign_for_company, **asked) == ("no_signing_certificate", "CH-5.5")


def test_a_wrong_code_signs_nothing(session, alone: People) -> None:
    contract, olga = contracting.open_to_sign(alone), alone.get("olga")
    olga.phone = contracting.PHONE
    contract_signing.send_signing_code(actor=olga, contract=contract, channel="sms")
    session.commit()
    wrong = f"{(int(contracting.last_code()) + 1) % 1_000_000:06}"
    with pytest.raises(Unacceptable, match="code"):
        contract_signing.sign_for_partner(
            actor=olga,
            contract=contract,
            seen=contract.text_digest or "",
            title="",
            channel="sms",
            code=wrong,
            strokes=contracting.STROKES,
        )
    assert session.scalars(select(ContractSignature)).all() == []


def test_a_code_for_one_contract_does_not_sign_another(session, alone: People) -> None:
    one, other = contracting.open_to_sign(alone), contracting.open_to_sign(alone, contracting.drafted(alone))
    olga = alone.get("olga")
    olga.phone = contracting.PHONE
    contract_signing.send_signing_code(actor=olga, contract=one, channel="sms")
    session.commit()
    with pytest.raises(Unacceptable, match="code"):
        contract_signing.sign_for_partner(
            actor=olga,
            contract=other,
            seen=other.text_digest or "",
            title="",
            channel="sms",
            code=contracting.last_code(),
            strokes=contracting.STROKES,
        )


def test_a_side_signs_once(session, alone: People) -> None:
    contract = contracting.signed(alone)
    contracting.sign_company(alone, contract)
    contract_signing.sign_for_partner(
        actor=alone.get("olga"),
        contract=contract,
        seen=contract.text_digest or "",
        title="",
        channel="sms",
        code="000000",
        strokes=contracting.STROKES,
    )
    assert len(session.scalars(select(ContractSignature)).all()) == 2
    assert len(session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "contract.signed")).all()) == 1


@pytest.mark.parametrize("status", ["exit_requested", "exited", "terminated", "blacklisted", "closed"])
def test_nothing_is_signed_with_whom_the_cooperation_has_ended(session, alone: People, status: str) -> None:
    contract = contracting.open_to_sign(alone)
    alone.distributor().status = status
    session.flush()
    asked = {"actor": alone.get("hua"), "contract": contract, "seen": contract.text_digest}
    assert refusal_of(contract_signing.sign_for_company, **asked) == ("contract_partner_gone", "DM-12.5")


def test_a_second_contract_changes_nothing_of_the_state(session, people: People) -> None:
    before = people.distributor().status_since
    contracting.signed(people)
    assert (people.distributor().status, people.distributor().status_since) == ("active", before)


def test_the_signed_paper_is_sealed_and_a_changed_byte_is_found(session, alone: People) -> None:
    contract = contracting.signed(alone)
    paper = of_subject("contract_signed", contract.id)
    assert paper is not None
    printing.print_now(document_id=paper.id, now=clock.now())
    session.flush()
    content = content_of(paper) or b""
    seal = signing.seal()
    assert examine(content, seal).unaltered
    assert examine(content, seal).ours
    for place in (len(content) // 3, content.index(b"/Contents") - 40, 2000):
        changed = bytearray(content)
        changed[place] ^= 1
        assert not examine(bytes(changed), seal).unaltered
    assert not examine(content + b"\n", seal).unaltered


def test_both_on_paper(session, alone: People) -> None:
    contract = contracting.open_to_sign(alone)
    scan = StoredFile(
        sha256="0" * 64, media_type="application/pdf", size=1, name="s.pdf", content=b"x", stored_at=clock.now()
    )
    session.add(scan)
    session.flush()
    paper = Paper(file=scan, company_signer="周正", partner_signer="欧佳")
    for _ in range(2):
        contract_signing.hand_in_paper(actor=alone.get("hua"), contract=contract, paper=paper)
    assert [(one.side, one.method) for one in contract.signatures] == [("company", "paper"), ("partner", "paper")]
    assert (contract.state, alone.distributor().status) == ("signed", "contracted")
    assert session.scalar(select(Document).where(Document.kind == "contract_signed")) is None


def test_paper_does_not_mix_with_what_was_signed_here(session, alone: People) -> None:
    contract = contracting.open_to_sign(alone)
    contracting.sign_company(alone, contract)
    paper = Paper(file=StoredFile(id=1), company_signer="a", partner_signer="b")
    asked = {"actor": alone.get("hua"), "contract": contract, "paper": paper}
    assert refusal_of(contract_signing.hand_in_paper, **asked)[0] == "contract_partly_signed"


def test_an_amendment_takes_over_to_the_second(session, people: People, stage: Stage) -> None:
    contracting.without_contracts(people)
    other = session.get(Project, people.other_project_id)
    before = contracting.signed(
        people, contracting.drafted(people, wanted=contracting.draft(None, None, people.project()))
    )
    wanted = contracting.draft(date(2026, 4, 1), None, other)
    change = contract_drafts.draft_amendment(actor=people.get("hua"), amended=before, draft=wanted)
    contracting.signed(people, change)
    assert (before.ended_at, change.starts_at, change.ends_at) == (at("2026-04-01"), at("2026-04-01"), before.ends_at)
    for moment, covered in ((at("2026-04-01") - SECOND, people.project_id), (at("2026-04-01"), other.id)):
        assert found.covered(people.distributor().id, moment) == {covered}


def test_an_amendment_signed_late_takes_over_when_it_is_signed(session, people: People) -> None:
    contracting.without_contracts(people)
    before = contracting.signed(people)
    change = contract_drafts.draft_amendment(actor=people.get("hua"), amended=before, draft=contracting.draft())
    contracting.open_to_sign(people, change)
    with clock.set_to(NOON + timedelta(days=3)):
        contracting.sign_partner(people, change)
        contracting.sign_company(people, change)
    assert before.ended_at == change.signed_at == NOON + timedelta(days=3)


def test_one_change_at_a_time(session, people: People) -> None:
    asked = {"actor": people.get("hua"), "amended": contracting.signed(people)}
    first, again = (contract_drafts.draft_amendment(draft=contracting.draft(), **asked) for _ in range(2))
    assert first is again
    with pytest.raises(Unacceptable, match="contract_change_open"):
        contract_drafts.draft_amendment(draft=contracting.draft(target_deals="9"), **asked)


def test_a_decision_about_the_renewal_sent_twice_is_told_once(session, people: People) -> None:
    contracting.without_contracts(people)
    before, kind = contracting.signed(people), "contract.to_renew"
    for second in range(3):
        with clock.set_to(NOON + timedelta(days=1, seconds=second)):
            contract_ends.decide_renewal(actor=people.get("hua"), contract=before, renew=True, reason="目标完成")
    assert session.query(Notice).filter_by(kind=kind, user_id=people.users["olga"]).count() == 1


def test_a_renewal_continues_without_a_gap(session, people: People) -> None:
    contracting.without_contracts(people)
    before = contracting.signed(people)
    hua, wanted = people.get("hua"), contracting.draft(date(2020, 1, 1), date(2028, 3, 1))
    asked = {"actor": hua, "renewed": before, "draft": wanted}
    assert refusal_of(contract_drafts.draft_renewal, **asked) == ("renewal_not_decided", "DM-10.4")
    contract_ends.decide_renewal(actor=hua, contract=before, renew=True, reason="目标完成")
    contracting.signed(people, contract_drafts.draft_renewal(**asked))
    for moment in (at("2027-03-02") - SECOND, at("2027-03-02")):
        assert found.covers(people.distributor().id, people.project_id, moment)
    assert refusal_of(contract_ends.decide_renewal, actor=hua, contract=before, renew=False, reason="x")[0] == (
        "renewal_under_way"
    )


def test_reminders_come_once_each_and_the_end_is_told(session, people: People) -> None:
    contracting.without_contracts(people, "甲渠道", "乙渠道")
    contracting.signed(people)
    end, told = at("2027-03-02"), []
    for left in (timedelta(days=60, seconds=1), *(timedelta(days=days) for days in (60, 59, 30, 7, 1)), timedelta(0)):
        told.append((contract_notices.remind(end - left) > 0, contract_notices.remind(end - left)))
    assert told == [(False, 0), (True, 0), (False, 0), (True, 0), (True, 0), (False, 0), (True, 0)]
    kinds = session.scalars(select(Notice.kind).where(Notice.user_id == people.users["olga"])).all()
    assert kinds.count("contract.ending") == 3
    assert kinds.count("contract.expired") == 1


def test_ending_all_contracts_is_idempotent(session, people: People) -> None:
    contract, waiting = contracting.signed(people), contracting.drafted(people)
    distributor, hua = people.distributor(), people.get("hua")
    ends = {"actor": hua, "distributor": distributor, "at": NOON + SECOND, "clause": "RE-5.4", "reason": "黑名单"}
    assert contract_ends.end_contracts(**ends) == 2
    assert contract_ends.end_contracts(**ends) == 0
    assert (contract.ended_at, contract.ended_clause, waiting.state) == (NOON + SECOND, "RE-5.4", "withdrawn")
    assert found.covered(distributor.id, NOON) and not found.covered(distributor.id, NOON + SECOND)


def test_a_later_end_does_not_prolong(session, people: People) -> None:
    contract = contracting.signed(people)
    ends = {"actor": None, "distributor": people.distributor(), "clause": "DM-12.6", "reason": "x"}
    ended = [contract_ends.end_contracts(at=NOON + timedelta(days=days), **ends) for days in (30, 31, 0)]
    assert ended == [2, 0, 2]
    assert contract.ended_at == NOON


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 3, 1), date(2027, 3, 1), "first_day"),
        (date(2026, 3, 2), date(2026, 3, 1), "last_day"),
        (date(2026, 3, 2), date(2037, 3, 1), "last_day"),
    ],
)
def test_days_that_cannot_be(session, alone: People, first: date, last: date, field: str) -> None:
    with pytest.raises(Unacceptable) as problem:
        contracting.drafted(alone, wanted=contracting.draft(first, last))
    assert problem.value.field == field


def test_targets_are_not_left_out(session, alone: People) -> None:
    with pytest.raises(Unacceptable, match="target_deals"):
        contracting.drafted(alone, wanted=contracting.draft(target_deals=""))


def test_pressed_twice_it_is_one_draft(session, alone: People) -> None:
    one, two = (contracting.drafted(alone, submission_key="k") for _ in range(2))
    assert one is two
    assert len(session.scalars(select(Contract).where(Contract.distributor_id == alone.distributor().id)).all()) == 1


def test_without_a_template_nothing_is_drafted(session, alone: People) -> None:
    asked = {"actor": alone.get("hua"), "distributor": alone.distributor(), "draft": contracting.draft()}
    assert refusal_of(contract_drafts.draft_contract, **asked) == ("contract_template_missing", "CH-5.2")
    assert db.session.scalar(select(Contract).where(Contract.distributor_id == alone.distributor().id)) is None


def test_whoever_shares_a_key_with_a_blacklisted_partner_gets_no_contract(session, alone: People) -> None:
    now = clock.now()
    for name, phone in (("甲渠道", contracting.PHONE), ("乙渠道", contracting.PHONE)):
        file = PartnerFile(distributor_id=alone.distributor(name).id, created_at=now, changed_at=now)
        file.contact_phone = phone
        file.contact_phone_fingerprint = crypto.fingerprint("phone", phone)
        session.add(file)
    contract = contracting.drafted(alone)
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    alone.distributor("乙渠道").status = "blacklisted"
    session.flush()
    asked = {"actor": alone.get("leo"), "contract": contract, "passed": True, "remarks": ""}
    assert refusal_of(contract_reviews.review_contract, **asked) == ("partner_matches_blacklist", "RE-5.4")
