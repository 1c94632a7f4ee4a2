"""A second number of a pasted message is said, kept with the draft, and may have a draft of its own; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.models import FilingDraft, Registration, db
from portal.rules.messages import read_message
from portal.services.drafts import open_draft
from portal.services.spare_numbers import SpareNumber, spare_numbers
from tests.distributor.conftest import reference_in, send, words_of
from tests.fixtures import csrf_of

Browse = Callable[..., Any]
PASTE, DRAFTS = "/distributor/filings/paste", "/distributor/drafts"
COUPLE = "云栖府 张三夫妇 13800001111、13900002222 明天下午3点 上海来的 甲渠道王磊 13600003333"
WHEN = datetime(2026, 3, 2, 2, tzinfo=UTC)


def paste(client: Any, message: str) -> str:
    answer = client.post(PASTE, data={"text": message, "csrf_token": csrf_of(client)})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def draft_number(client: Any, draft: str, place: str = "0") -> Any:
    return client.post(f"{draft}/number", data={"place": place, "csrf_token": csrf_of(client)})


@pytest.mark.parametrize(
    ("message", "spare"),
    [
        (COUPLE, [[SpareNumber("13900002222", "张三")]]),
        ("云栖府 张三 138 0000 1111 / 139-0000-2222", [[SpareNumber("13900002222", "张三")]]),
        (
            "云栖府\n1、张三 13800001111 13900002222\n2、李四 13700004444",
            [[SpareNumber("13900002222", "张三")], []],
        ),
        (
            "江畔里 柴碧云 13622220057 周五 19:00 立家不动产 阮棠13511110002 同事：小林13511110003",
            [[SpareNumber("13511110003", "")]],
        ),
        ("云栖府 张三 13800001111，13800001111 明天", [[]]),
        ("云栖府 张三 138****1111 13900002222", [[SpareNumber("13900002222", "张三")]]),
        ("云栖府\n张三、李四\n13800001111、13900002222", [[], []]),
        ("客户：毛宁\n电话：137 0000 3301 1\n项目：江畔里\n丁渠道 周凯 18300006677", [[]]),
        ("「张三 13900002222」\n——————\n云栖府 李四 13800001111", [[]]),
    ],
)
def test_what_the_reading_leaves_over(message: str, spare: list[list[SpareNumber]]) -> None:
    read = read_message(message, received_at=WHEN, projects=["云栖府", "江畔里"])
    assert spare_numbers(message, read.entries) == spare


def test_the_number_is_said_with_whose_it_may_be_and_the_first_is_to_be_checked(browse: Browse) -> None:
    ana = browse("ana")
    page = ana.get(paste(ana, COUPLE))
    words = words_of(page)
    assert "消息里的其他号码" in words and "13900002222" in words and "写在张三的号码后面" in words
    assert "手机号：请核对" in words
    assert 'value="13800001111"' in page.get_data(as_text=True)
    assert "还有号码没有用上" in words_of(ana.get(DRAFTS))


def test_without_a_second_number_nothing_is_said(browse: Browse) -> None:
    ana = browse("ana")
    assert "其他号码" not in words_of(ana.get(paste(ana, "云栖府 张三 13800001111 明天下午3点")))


def test_it_gets_a_draft_of_its_own_once(app: Flask, browse: Browse) -> None:
    ana = browse("ana")
    first = paste(ana, COUPLE)
    answer, again = draft_number(ana, first), draft_number(ana, first)
    assert answer.headers["Location"] == again.headers["Location"] != first
    page = ana.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'value="13900002222"' in page and '<option selected value="YQ">' in page and 'value="张三"' not in page
    assert re.search(r'id="residence-1" value="away" checked', page)
    assert "姓名：缺" in page and "其他号码" not in page
    assert "已另立草稿" in words_of(ana.get(first))
    with app.app_context():
        assert [draft.position for draft in db.session.scalars(select(FilingDraft))] == [1, 2]


def test_both_are_filed_from_one_message(app: Flask, browse: Browse) -> None:
    ana = browse("ana")
    first = paste(ana, COUPLE)
    second = draft_number(ana, first).headers["Location"]
    reference_in(send(ana, first, name="张三", phone="13800001111", residence="away"))
    reference_in(send(ana, second, name="李梅", phone="13900002222", residence="away"))
    with app.app_context():
        filed = db.session.scalars(select(Registration).order_by(Registration.id)).all()
        assert [one.phone for one in filed] == ["+8613800001111", "+8613900002222"]
        assert filed[0].pasted_message_id == filed[1].pasted_message_id


def test_asked_again_after_it_was_deleted_no_other_is_made(app: Flask, browse: Browse) -> None:
    ana = browse("ana")
    first = paste(ana, COUPLE)
    second = draft_number(ana, first).headers["Location"]
    ana.post(f"{second}/delete", data={"csrf_token": csrf_of(ana)})
    assert draft_number(ana, first).headers["Location"] == first
    with app.app_context():
        assert len(db.session.scalars(select(FilingDraft)).all()) == 1


@pytest.mark.parametrize("place", ["", "x", "-1", "١", "9" * 50])
def test_a_place_that_is_none_is_no_request_of_ours(app: Flask, browse: Browse, place: str) -> None:
    ana = browse("ana")
    assert draft_number(ana, paste(ana, COUPLE), place).status_code == 400


def test_a_place_behind_the_last_changes_nothing(app: Flask, browse: Browse) -> None:
    ana = browse("ana")
    first = paste(ana, COUPLE)
    assert draft_number(ana, first, "7").headers["Location"] == first
    with app.app_context():
        (draft,) = db.session.scalars(select(FilingDraft))
        assert [one.drafted for one in open_draft(draft).spare] == [False]


@pytest.mark.parametrize("who", ["ben", "abe"])
def test_drafts_of_others_are_not_there(browse: Browse, who: str) -> None:
    assert draft_number(browse(who), paste(browse("ana"), COUPLE)).status_code == 404


def test_the_number_is_sealed(app: Flask, browse: Browse) -> None:
    paste(browse("ana"), COUPLE)
    with app.app_context():
        raw = db.session.execute(text("SELECT fields FROM filing_drafts")).scalar_one()
    assert b"13900002222" not in bytes(raw)
