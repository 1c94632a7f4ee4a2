"""Paste to file: a message becomes drafts that are looked at, completed and filed one after another."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from portal.models import FilingDraft, PastedMessage, Registration, db
from tests.distributor.conftest import reference_in, send, words_of
from tests.fixtures import csrf_of

PASTE, DRAFTS = "/distributor/filings/paste", "/distributor/drafts"
ONE = "云栖府报备\n客户：林书航先生 166****3391\n明天下午3点到访，夫妇两位\n上海来的 橘灯房产 陈立"
TWO = "云栖府报备\n1、张三 16600001234 明天下午3点\n2、李四 16600005678 明天下午3点"


def paste(client, message: str):
    return client.post(PASTE, data={"text": message, "csrf_token": csrf_of(client)})


def test_a_message_fills_the_form_field_by_field(app, browse, stored) -> None:
    ana = browse("ana")
    answer = paste(ana, ONE)
    assert answer.status_code == 303
    page = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'value="林书航"' in page and 'value="166****3391"' in page and '<option selected value="YQ">' in page
    assert "手机号：缺" in page and "被隐藏" in page
    assert "明天下午3点" in page and "166****3391\n明天下午3点到访" in page
    assert re.search(r'id="residence-1" value="away" checked', page)
    assert stored() == 0


def test_a_project_that_the_message_does_not_name_is_left_to_the_broker(browse, stored) -> None:
    ana = browse("ana")
    reference_in(send(ana, "/distributor/filings/new"))
    address = paste(ana, "报备客户：曹颖慧 13500026913 明天下午4点半").headers["Location"]
    page = ana.get(address).get_data(as_text=True)
    assert '<option selected value="">' in page and '<option selected value="YQ">' not in page
    assert "请选择项目" in page and "项目：缺" in page


def test_what_need_not_be_said_is_not_called_missing(browse) -> None:
    ana = browse("ana")
    page = ana.get(paste(ana, "云栖府 曹颖慧 13500026913").headers["Location"]).get_data(as_text=True)
    assert "认出 3 项，缺 0 项" in page
    assert "客户来自：请核对" in page
    assert "人数：缺" not in page and "到访时间：缺" not in page


def test_the_other_one_under_the_same_number_is_in_the_note(app, browse, stored) -> None:
    ana = browse("ana")
    address = paste(ana, "云栖府 张三/李四 13500026913 明天下午4点半").headers["Location"]
    page = ana.get(address).get_data(as_text=True)
    assert 'value="张三"' in page and "同来：李四" in page
    assert "姓名：请核对" in page and "李四 没有另立草稿，已写进备注" in page
    reference_in(send(ana, address, name="张三", phone="13500026913", note="同来：李四"))
    with app.app_context():
        assert db.session.scalars(select(Registration.note)).one() == "同来：李四"


def test_a_draft_is_filed_with_its_source_text(app, browse, stored) -> None:
    ana = browse("ana")
    address = paste(ana, ONE).headers["Location"]
    reference_in(send(ana, address, name="林书航", phone="16600003391", residence="away"))
    with app.app_context():
        found = db.session.scalars(select(Registration)).one()
        source = db.session.get_one(PastedMessage, found.pasted_message_id)
        draft = db.session.scalars(select(FilingDraft)).one()
        assert source.text == ONE
        assert (draft.registration_id, draft.fields) == (found.id, "{}")
        number = found.reference
    assert reference_in(ana.get(address)) == number
    assert stored() == 1


def test_a_draft_sent_twice_is_filed_once(browse, stored) -> None:
    ana = browse("ana")
    address, key = paste(ana, ONE).headers["Location"], "6f2f6f7e-8f43-4f58-9f3c-1d6d2f0c9a11"
    given = {"phone": "16600003391", "submission_key": key}
    assert reference_in(send(ana, address, **given)) == reference_in(send(ana, address, **given))
    assert stored() == 1


def test_several_customers_become_several_drafts(browse) -> None:
    ana = browse("ana")
    paste(ana, TWO)
    page = ana.get(DRAFTS).get_data(as_text=True)
    addresses = list(dict.fromkeys(re.findall(r'href="(/distributor/drafts/[0-9a-f]+)"', page)))
    assert len(addresses) == 2 and "张三" in page and "李四" in page
    receipt = reference_in(send(ana, addresses[0], name="张三", phone="16600001234"))
    assert "还有 1 份草稿" in words_of(ana.get(f"/distributor/filings/{receipt}/receipt"))


def test_a_message_that_files_nobody_is_given_back(app, browse) -> None:
    ana = browse("ana")
    answer = paste(ana, "早上好，今天天气不错")
    assert answer.status_code == 422
    assert "没有认出要报备的客户" in words_of(answer) and "今天天气不错" in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(PastedMessage)).all() == []


@pytest.mark.parametrize(
    ("message", "says"), [("", "请先粘贴"), ("  \n ", "请先粘贴"), ("长" * 5000, "最多 4000"), ("张\x00三", "控制字符")]
)
def test_a_bad_message_is_answered_with_a_sentence(browse, message: str, says: str) -> None:
    answer = paste(browse("ana"), message)
    assert answer.status_code == 422 and says in words_of(answer)


def test_markup_and_emoji_in_a_message_are_evidence_and_harmless(browse) -> None:
    ana = browse("ana")
    answer = paste(ana, "云栖府报备😀 <script>alert(1)</script>\n客户：张三 16600001234")
    page = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page


def test_what_was_pasted_is_sealed(app, browse) -> None:
    paste(browse("ana"), ONE)
    with app.app_context():
        raw = db.session.execute(text("SELECT text FROM pasted_messages")).scalar_one()
        fields = db.session.execute(text("SELECT fields FROM filing_drafts")).scalar_one()
    assert "林书航".encode() not in bytes(raw) and "林书航".encode() not in bytes(fields)


def test_a_deleted_draft_takes_its_message_along(app, browse) -> None:
    ana = browse("ana")
    address = paste(ana, ONE).headers["Location"]
    form = {"csrf_token": csrf_of(ana)}
    assert ana.post(f"{address}/delete", data=form).status_code == 303
    assert ana.post(f"{address}/delete", data=form).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(PastedMessage)).all() == []


def test_a_message_stays_while_a_filing_refers_to_it(app, browse) -> None:
    ana = browse("ana")
    first = paste(ana, TWO).headers["Location"]
    second = next(
        found
        for found in re.findall(r'href="(/distributor/drafts/[0-9a-f]+)"', ana.get(DRAFTS).get_data(as_text=True))
        if found != first
    )
    reference_in(send(ana, first, name="张三", phone="16600001234"))
    ana.post(f"{second}/delete", data={"csrf_token": csrf_of(ana)})
    with app.app_context():
        assert db.session.scalars(select(PastedMessage)).one().text == TWO


@pytest.mark.parametrize("name", ["ben", "abe", "olga"])
def test_drafts_are_ones_own(browse, name: str) -> None:
    address = paste(browse("ana"), ONE).headers["Location"]
    other = browse(name)
    form = {"csrf_token": csrf_of(other)}
    assert other.get(address).status_code == 404
    assert other.post(address, data=form).status_code == 404
    assert other.post(f"{address}/delete", data=form).status_code == 404
    assert "林书航" not in words_of(other.get(DRAFTS))


@pytest.mark.parametrize("code", ["0", "x", "-1", "%00", "YQ-2604-4F7K2M", "9" * 40])
def test_a_strange_code_is_a_404(browse, code: str) -> None:
    assert browse("ana").get(f"{DRAFTS}/{code}").status_code == 404


def test_staff_have_no_drafts(browse) -> None:
    assert browse("bo").get(PASTE).status_code == 403
    assert browse("bo").get(DRAFTS).status_code == 403
