"""Every field of a filing, tried with what people and programs send: a clear sentence, nothing lost, nothing stored."""

from __future__ import annotations

import html

import pytest

from tests.distributor.conftest import NEW, send, typed, words_of
from tests.fixtures import csrf_of

LONG = "长" * 5000
BAD = [
    ("project", "", "请选择项目"),
    ("project", "QQ", "没有这个项目"),
    ("project", "YQ-2604-4F7K2M", "没有这个项目"),
    ("project", "<b>YQ</b>", "没有这个项目"),
    ("name", "", "请填写客户姓名"),
    ("name", "   ", "请填写客户姓名"),
    ("name", LONG, "最多 40 个字符"),
    ("name", "<script>alert()</script>", "不能用的符号"),
    ("name", "张三😀", "不能用的符号"),
    ("name", "13900007716", "姓名里有数字"),
    ("name", "张\x00三", "控制字符"),
    ("name", "张\x1b三", "控制字符"),
    ("name", "张\u202e三", "控制字符"),
    ("name", "……", "请填写客户姓名或称呼"),
    ("phone", "", "请填写手机号"),
    ("phone", "139****7716", "被隐藏"),
    ("phone", "139xxxx7716", "被隐藏"),
    ("phone", "1390000771", "11 位"),
    ("phone", "139000077166", "11 位"),
    ("phone", "十三九", "不是能用的手机号"),
    ("phone", "<b>13900007716</b>", "不是能用的手机号"),
    ("phone", "139\x000007716", "控制字符"),
    ("phone", "1" * 5000, "最多 40 个字符"),
    ("phone", "YQ-2604-4F7K2M", "不是能用的手机号"),
    ("residence", "", "本地还是外地"),
    ("residence", "mars", "本地还是外地"),
    ("place", "火星", "没有认出这个城市"),
    ("place", "<i>上海</i>", "网页代码"),
    ("place", LONG, "最多 40 个字符"),
    ("arrival", "yesterday", "请从给出的到访时间中选择"),
    ("buyer", "dog", "个人或公司"),
    ("party_size", "0", "1 到 99"),
    ("party_size", "-3", "1 到 99"),
    ("party_size", "三", "1 到 99"),
    ("party_size", "٣", "1 到 99"),
    ("party_size", "9" * 10, "1 到 99"),
    ("id_number", "99010119900307123", "证件号读不懂"),
    ("id_number", "990101199003071238", "校验位不对"),
    ("id_number", "990101199013071238", "校验位不对"),
    ("id_number", "<u>1", "证件号读不懂"),
    ("id_number", "证件😀", "证件号读不懂"),
    ("id_number", "1\x0023456", "控制字符"),
    ("note", "<img src=x onerror=alert(1)>", "网页代码"),
    ("note", "好客户😀", "打印不出来"),
    ("note", LONG, "最多 500 个字符"),
    ("note", "a\x00b", "控制字符"),
    ("declared", None, "请先确认报备声明"),
    ("told", None, "请先告知客户"),
    ("declaration_version", "0", "重新勾选"),
    ("declaration_version", "", "重新勾选"),
    ("notice_version", "<u>1", "重新勾选"),
]
COMPANY = [
    ("company_name", "", "购房公司全称"),
    ("company_name", "<b>公司</b>", "网页代码"),
    ("company_name", "橘", "太短"),
    ("company_name", "公司🏢", "打印不出来"),
    ("company_name", LONG, "最多 80 个字符"),
    ("company_code", "91350100", "18 位"),
    ("company_code", "91350100M000100Y44", "校验位不对"),
    ("company_code", "\x00" * 18, "控制字符"),
    ("company_code", LONG, "最多 40 个字符"),
]
TIMES = [
    "",
    "明天",
    "2026-13-45T99:99",
    "1999-01-01T10:00",
    "9999-12-31T23:59",
    "<b>",
    "2026-01-01T10:00+08:00",
    "0001-01-01T00:00",
]


@pytest.mark.parametrize(("field", "value", "says"), BAD, ids=lambda value: ascii(value)[:24])
def test_a_bad_value_is_answered_with_a_sentence(browse, stored, field: str, value: str | None, says: str) -> None:
    answer = send(browse("ana"), **{"note": "别丢了我", field: value})
    assert answer.status_code == 422
    assert says in words_of(answer)
    assert stored() == 0
    assert field == "note" or "别丢了我" in answer.get_data(as_text=True)
    _comes_back_harmless(answer, value)


@pytest.mark.parametrize(("field", "value", "says"), COMPANY, ids=lambda value: ascii(value)[:24])
def test_a_bad_company_is_answered_with_a_sentence(browse, stored, field: str, value: str, says: str) -> None:
    given = {"buyer": "company", "company_name": "橘灯房产有限公司", field: value}
    answer = send(browse("ana"), **given)
    assert answer.status_code == 422 and stored() == 0
    assert says in words_of(answer)
    _comes_back_harmless(answer, value)


@pytest.mark.parametrize("value", TIMES)
def test_a_bad_time_is_answered_with_a_sentence(browse, stored, value: str) -> None:
    answer = send(browse("ana"), arrival="other", planned_at=value)
    assert answer.status_code == 422 and stored() == 0


def test_a_company_without_the_switch_is_not_dropped(browse, stored) -> None:
    answer = send(browse("ana"), buyer="person", company_name="橘灯房产")
    assert answer.status_code == 422 and stored() == 0
    assert "请把购房人改为" in words_of(answer)


def test_a_city_that_contradicts_is_questioned(browse, stored) -> None:
    answer = send(browse("ana"), residence="away", place="杭州")
    assert answer.status_code == 422 and stored() == 0
    assert "不一致" in words_of(answer)


@pytest.mark.parametrize("key", ["", "x", "0" * 5000, "<b>", "\x00"])
def test_a_strange_form_key_harms_nobody(browse, stored, key: str) -> None:
    assert send(browse("ana"), submission_key=key).status_code == 303
    assert stored() == 1


def test_a_masked_number_is_refused_under_the_rules(browse) -> None:
    answer = send(browse("ana"), phone="166****3391")
    assert "号码有几位被隐藏" in words_of(answer) and "RE-8.4" in words_of(answer)
    assert 'value="166****3391"' in answer.get_data(as_text=True)


def test_a_filing_without_its_token_is_given_back(browse, stored) -> None:
    answer = browse("ana").post(NEW, data=typed(note="还在"))
    assert answer.status_code == 419 and stored() == 0


def test_an_empty_filing_names_every_field_that_is_missing(browse, stored) -> None:
    ana = browse("ana")
    answer = ana.post(NEW, data={"csrf_token": csrf_of(ana)})
    assert answer.status_code == 422 and stored() == 0
    for words in ("请填写客户姓名", "请填写手机号", "请先确认报备声明", "请先告知客户"):
        assert words in words_of(answer)


@pytest.mark.parametrize("field", ["", "nothing", "submission_key\x00", "<b>"])
def test_a_check_of_no_field_is_a_400(browse, field: str) -> None:
    ana = browse("ana")
    headers = {"HX-Request": "true", "HX-Trigger-Name": field} if field.isprintable() else {"HX-Request": "true"}
    form = typed() | {"csrf_token": csrf_of(ana)}
    assert ana.post("/distributor/filings/check", data=form, headers=headers).status_code == 400


def _comes_back_harmless(answer, value: str | None) -> None:
    page = answer.get_data(as_text=True)
    if value and "<" in value:
        assert value not in page.replace(html.escape(value), "")
