"""The page of one customer: what can be done now and what cannot, its history without what is none of a distributor's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import audit, clock
from portal.models import HistoryEntry, db
from portal.queries.trails import READABLE
from portal.services import classification, corrections, records
from portal.wording.trails import SENTENCES
from tests.distributor.conftest import reference_in, send, words_of
from tests.fixtures import csrf_of

#: What must never be readable, whatever is added: whose customer it also is, and what the company noted for itself.
SECRET = {
    "rank",
    "rival",
    "source",
    "reason",
    "reason_digest",
    "flag",
    "digest",
    "correction_id",
    "lead_seconds",
    "policy",
}


@pytest.fixture
def page(app, browse, stage):
    """``page(build, who)`` builds a registration of Ana's as of now and shows its page."""

    def show(build, who: str = "ana"):
        with app.app_context():
            reference = build(clock.now()).reference
            db.session.commit()
        return browse(who).get(f"/distributor/customers/{reference}")

    return show


def _visited(stage, now, *, days: float, bulk: bool | None = None, complete: bool = True):
    with clock.set_to(now - timedelta(days=days + 1)):
        registration = stage.file()
    with clock.set_to(now - timedelta(days=days)):
        visit = stage.sign(stage.arrive(registration))
        if complete:
            stage.complete(visit)
        if bulk is not None:
            classification.classify(
                actor=stage.people.get("bo"), registration=registration, bulk=bulk, reason="内部备注"
            )
    return registration


def test_a_hold_offers_the_code_and_refuses_the_rest(page, stage) -> None:
    words = words_of(page(lambda now: stage.file()))
    may, may_not = words.split("您可以", 1)[1].split("现在不能", 1)
    assert "出示二维码" in may and "RE-3.2" in may
    assert "延长报备保护" in may_not and "RE-2.9" in may_not
    assert "申请大宗延期" in may_not and "RE-2.11" in may_not
    assert "重新报备" in may_not and "RE-2.8" in may_not


def test_a_bulk_customer_offers_the_extension(page, stage) -> None:
    answer = page(lambda now: _visited(stage, now, days=40, bulk=True))
    may, may_not = words_of(answer).split("您可以", 1)[1].split("现在不能", 1)
    assert "申请大宗延期 45 天" in may and "申请大宗延期" not in may_not
    assert "内部备注" not in words_of(answer)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda stage, now: _visited(stage, now, days=10, complete=False), "还没有录入完成"),
        (lambda stage, now: _visited(stage, now, days=10), "还没有认定为大宗"),
        (lambda stage, now: _visited(stage, now, days=10, bulk=False), "还没有认定为大宗"),
    ],
)
def test_an_extension_that_would_fail_says_why(page, stage, build, says: str) -> None:
    words = words_of(page(lambda now: build(stage, now)))
    assert says in words.split("现在不能", 1)[1]


def test_an_expired_customer_may_be_filed_again(app, browse, stage) -> None:
    with app.app_context():
        with clock.set_to(clock.now() - timedelta(days=20)):
            reference = stage.file(customer=stage.customer(name="吴昊", phone="+8613900004490")).reference
        db.session.commit()
    ana = browse("ana")
    assert "重新报备" in words_of(ana.get(f"/distributor/customers/{reference}")).split("您可以", 1)[1]
    form = ana.get(f"/distributor/filings/new?again={reference}").get_data(as_text=True)
    assert 'value="吴昊"' in form and "13900004490" not in form


def test_a_late_filing_says_so_with_its_clause(page, stage) -> None:
    def build(now):
        registration = stage.file()
        stage.arrive(registration)
        return registration

    words = words_of(page(build))
    assert "报备过晚" in words and "RE-2.4" in words and "列为自然到访" in words


def test_a_refusal_by_a_company_record_names_no_source(page, stage, people) -> None:
    def build(now):
        customer = stage.customer()
        with clock.set_to(now - timedelta(days=3)):
            records.record_customer(actor=people.get("bo"), project=people.project(), source="call", customer=customer)
        with clock.set_to(now - timedelta(days=2)):
            registration = stage.file(customer=customer)
        with clock.set_to(now - timedelta(days=1)):
            visit = stage.sign(stage.arrive(registration))
            stage.people.get("bo")
            from portal.services import visit_flow

            visit_flow.audit_visit(actor=people.get("bo"), visit=visit, passed=True, reason="来电记录在先")
        return registration

    words = words_of(page(build))
    assert "不符合条件" in words and "RE-4.1" in words
    assert not any(word in words for word in ("来电", "来电记录在先", "自然到访", "老带新"))


def test_a_correction_stands_beside_what_was_filed(page, stage, people) -> None:
    def build(now):
        registration = stage.file(customer=stage.customer(name="张三", phone="+8613900001111"))
        corrections.correct_customer(
            actor=people.get("bo"),
            registration=registration,
            changes={"name": "张珊", "phone": "+8613900002222"},
            reason="客户当面更正",
        )
        return registration

    words = words_of(page(build))
    assert "张三" in words and "张珊" in words
    assert "139****1111" in words and "139****2222" in words and "13900001111" not in words
    assert "客户当面更正" not in words and "RE-Q43" in words


def test_the_history_has_a_sentence_and_a_clause_for_each_step(page, stage) -> None:
    words = words_of(page(lambda now: _visited(stage, now, days=10, bulk=True))).split("历史", 1)[1]
    for sentence in ("报备收到", "三方已签带客确认单", "审核通过", "案场负责人签批", "录入销售系统", "认定为大宗客户"):
        assert sentence in words
    for clause in ("RE-2.8", "RE-3.2", "RE-3.3", "RE-3.4", "RE-3.5", "RE-2.7"):
        assert clause in words


def test_only_listed_facts_leave_the_house() -> None:
    assert set(READABLE) <= set(audit.VOCABULARY)
    for verb, facts in READABLE.items():
        assert facts <= audit.VOCABULARY[verb]
        assert not facts & SECRET
        assert not verb.startswith(("record.", "job.", "policy.", "user.", "distributor."))
    assert not {"extension.commented", "visit.left_open", "registration.revealed"} & set(READABLE)


def test_every_readable_step_has_a_sentence() -> None:
    assert set(SENTENCES) == set(READABLE)


def test_a_rival_who_files_the_same_customer_leaves_no_trace(app, browse, stage) -> None:
    with app.app_context():
        customer = stage.customer(name="同一位")
        mine = stage.file(customer=customer).reference
        db.session.commit()
    ana = browse("ana")
    before = words_of(ana.get(f"/distributor/customers/{mine}"))
    with app.app_context():
        theirs = stage.file(who="ben", customer=customer).reference
        db.session.commit()
    after = words_of(ana.get(f"/distributor/customers/{mine}"))
    assert theirs not in after and "乙渠道" not in after
    assert before.split("历史")[1].split("没有连上")[0] == after.split("历史")[1].split("没有连上")[0]


@pytest.mark.parametrize("path", ["", "/extension", "/visit-slip.pdf", "/extension.pdf"])
@pytest.mark.parametrize("name", ["ben", "abe"])
def test_a_strangers_number_does_not_exist(browse, name: str, path: str) -> None:
    reference = reference_in(send(browse("ana")))
    assert browse(name).get(f"/distributor/customers/{reference}{path}").status_code == 404


def test_an_owner_opens_the_companys_customers(browse) -> None:
    reference = reference_in(send(browse("ana")))
    assert browse("olga").get(f"/distributor/customers/{reference}").status_code == 200


@pytest.mark.parametrize("name", ["rui", "bo", "hua", "ada", "aud"])
def test_staff_have_their_own_rooms(browse, name: str) -> None:
    reference = reference_in(send(browse("ana")))
    assert browse(name).get(f"/distributor/customers/{reference}").status_code == 403


def test_a_whole_number_needs_a_reason_and_leaves_a_trace(app, browse) -> None:
    ana = browse("ana")
    reference = reference_in(send(ana, phone="13900006868"))
    address = f"/distributor/customers/{reference}"
    assert "13900006868" not in ana.get(address).get_data(as_text=True)
    token = {"csrf_token": csrf_of(ana)}
    asked = ana.post(f"{address}/reveal", data=token)
    assert asked.status_code == 422 and "00006868" not in asked.get_data(as_text=True).replace(" ", "")
    shown = ana.post(f"{address}/reveal", data=token | {"reason": "contact"})
    assert shown.status_code == 200 and "139 0000 6868" in words_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "registration.revealed")).one()
        assert entry.facts == {"fields": ["phone"], "reason": "contact"}
    ben = browse("ben")
    theirs = {"csrf_token": csrf_of(ben), "reason": "contact"}
    assert ben.post(f"{address}/reveal", data=theirs).status_code == 404
