"""The consultant records a deal: works, invalid, wrong role, stranger, twice; rows of buyers, later events, what is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal import clock
from portal.addresses import hidden
from portal.models import Deal, DealBuyer, DealEvent, HistoryEntry, db
from tests.fixtures import People, Stage, csrf_of, search
from tests.pages import assert_page, form_values, text_of
from tests.send import send, send_read

NEW = "/site/deals/new"
ID = "11010519491231002X"


def buyer(place: int = 0, **values: str) -> dict[str, str]:
    """The fields of one buyer's row."""
    typed = {"document": "id_card", "name": "张三", "phone": "13900001111", "id_number": "", "company": ""} | values
    return {f"buyers-{place}-{name}": value for name, value in typed.items()}


def event(**values: str) -> dict[str, str]:
    """A whole form with one buyer, unless values say otherwise."""
    zone_now = "2026-04-01T10:00:00"
    typed = {"kind": "subscription", "happened_at": zone_now, "unit": "3-1201", "amount": "3,280,000.00"}
    return {**typed, "checked": "y", "submission_key": str(uuid4()), **buyer(), **values}


def only(app, model):  # type: ignore[no-untyped-def]
    with app.app_context():
        return db.session.scalars(select(model)).one()


def test_a_deal_is_recorded_and_its_owner_told_with_the_clause(app, browse, people: People) -> None:
    cai = browse("cai")
    assert_page(cai.get(NEW))
    answer = send(cai, NEW, **event())
    assert answer.status_code == 303, text_of(answer.get_data(as_text=True))
    page = text_of(assert_page(cai.get(answer.headers["Location"])))
    assert "公司自有" in page and "3-1201" in page and "¥3,280,000.00" in page
    assert "13900001111" not in page and "139****1111" in page
    deal = only(app, Deal)
    assert deal.owner_id is None and deal.clause == "RE-4.1"


def test_the_distributor_with_the_visit_owns_it(app, browse, stage: Stage, people: People) -> None:
    morning = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)
    with app.app_context():
        with clock.set_to(morning):
            registration = stage.file(customer=stage.customer(phone="+8613900001111"))
        with clock.set_to(morning + timedelta(hours=4)):
            stage.sign(stage.arrive(registration))
        db.session.commit()
        reference = registration.reference
    cai = browse("cai")
    page = text_of(assert_page(cai.get(send(cai, NEW, **event()).headers["Location"])))
    assert "甲渠道" in page and reference in page and "归属已锁定" in page
    assert only(app, Deal).clause == "RE-8.4"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": ""}, "请选择步骤。"),
        ({"kind": "online_signing"}, "请选择步骤。"),
        ({"happened_at": "yesterday"}, "日期和时间读不懂"),
        ({"happened_at": "9999999-01-01T00:00"}, "日期和时间读不懂"),
        ({"unit": ""}, "请填写房号。"),
        ({"amount": "-5"}, "金额读不懂"),
        ({"amount": "1.234"}, "金额读不懂"),
        ({"amount": "NaN"}, "金额读不懂"),
        ({"checked": ""}, "请先核对每位购房人的证件原件。"),
        (buyer(name=""), "请填写姓名。"),
        (buyer(phone="139****1111"), "号码有遮挡"),
        (buyer(phone=""), "至少一项"),
        (buyer(phone="", id_number="110105194912310021"), "校验位不对"),
        (buyer(document="other", phone="", id_number="E1"), "5 到 20 位"),
        (buyer(document="company"), "公司购房须写公司全称。"),
        (buyer(document="company", company="杭州云创科技有限公司", company_code="X"), "校验不通过"),
        (buyer(document="passport"), "请选择证件的种类。"),
        ({"submission_key": "mine"}, "提交标记不对"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_everything_typed(
    app, browse, people: People, values: dict[str, str], words: str
) -> None:
    typed = event() | {"unit": "9-901"} | values
    page = assert_page(send(browse("cai"), NEW, **typed), 422)
    assert words in text_of(page)
    assert "unit" in values or 'value="9-901"' in page
    with app.app_context():
        assert db.session.scalars(select(Deal)).all() == []


@pytest.mark.parametrize(
    ("values", "clause"),
    [({"happened_at": "2099-01-01T10:00:00"}, "RE-8.1")],
)
def test_a_refusal_is_said_in_words_and_nothing_typed_is_lost(
    browse, people: People, values: dict[str, str], clause: str
) -> None:
    page = assert_page(send(browse("cai"), NEW, **(event() | values)), 409)
    assert "成交时间晚于现在。" in text_of(page) and clause in page
    assert 'value="3-1201"' in page and 'value="13900001111"' in page


@pytest.mark.parametrize("who", ["ana", "rui", "bo", "lin", "hua", "fin", "kit", "ada", "aud"])
def test_nobody_else_records_deals(browse, people: People, who: str) -> None:
    client = browse(who)
    assert client.get(NEW).status_code in {403, 404}
    assert send(client, NEW, **event()).status_code in {403, 404}


def test_a_deal_of_another_project_does_not_exist(app, browse, people: People) -> None:
    send(browse("cai"), NEW, **event())
    reference = only(app, Deal).reference
    assert browse("sid").get(f"/site/deals/{reference}").status_code == 404
    assert browse("bo").get(f"/site/deals/{reference}").status_code == 200


def test_sent_twice_it_is_recorded_once(app, browse, people: People) -> None:
    cai, form = browse("cai"), event()
    first, again = (send(cai, NEW, **form) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    only(app, DealEvent)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "3-1202"},
        {"amount": "3,280,000.01"},
        {"kind": "deposit"},
        buyer(phone="13900002222"),
        buyer(name="李四"),
    ],
    ids=str,
)
def test_a_form_brought_back_and_changed_is_not_lost_without_a_word(
    app, browse, people: People, change: dict[str, str]
) -> None:
    cai, form = browse("cai"), event()
    assert send(cai, NEW, **form).status_code == 303
    assert "这张表已经登记过一笔成交" in assert_page(send(cai, NEW, **form | change), 422)
    only(app, DealEvent)


def test_buyers_are_added_and_taken_away_without_losing_what_was_typed(browse, people: People) -> None:
    cai = browse("cai")
    more = assert_page(send(cai, NEW, **event(), rows="add"))
    assert 'name="buyers-1-name"' in more and 'value="13900001111"' in more and 'value="3-1201"' in more
    both = event() | buyer(1, name="李四", phone="13900002222")
    less = assert_page(send(cai, NEW, **both, rows="remove-0"))
    assert 'name="buyers-1-name"' not in less and 'value="李四"' in less and "13900001111" not in less
    assert "invalid-note" not in less


def test_with_htmx_only_the_rows_come_back(browse, people: People) -> None:
    cai = browse("cai")
    token = csrf_of(cai)
    piece = cai.post(NEW, data=event() | {"rows": "add", "csrf_token": token}, headers={"HX-Request": "true"})
    html = assert_page(piece, fragment=True)
    assert html.lstrip().startswith("<fieldset") and 'name="buyers-1-name"' in html


@pytest.mark.parametrize("wish", ["remove-7", "remove-", "remove-x", "nothing", "remove-99999999999999999999"])
def test_strange_wishes_change_nothing(browse, people: People, wish: str) -> None:
    page = assert_page(send(browse("cai"), NEW, **event(), rows=wish))
    assert 'name="buyers-0-name"' in page and 'name="buyers-1-name"' not in page


def test_there_are_never_more_than_eight_buyers(browse, people: People) -> None:
    many = {name: value for place in range(8) for name, value in buyer(place).items()}
    page = assert_page(send(browse("cai"), NEW, **(event() | many), rows="add"))
    assert 'name="buyers-7-name"' in page and 'name="buyers-8-name"' not in page


def test_a_later_event_begins_with_the_last_buyers_and_keeps_what_is_left_empty(app, browse, people: People) -> None:
    cai = browse("cai")
    send(cai, NEW, **(event(kind="deposit") | buyer(id_number=ID)))
    address = f"/site/deals/{only(app, Deal).reference}/events/new"
    form = assert_page(cai.get(address))
    assert 'value="张三"' in form and "13900001111" not in form and ID not in form and "139****1111" in form
    kept = form_values(form, "seen")["buyers-0-kept"]
    rows = buyer(name="张三", phone="") | {"buyers-0-kept": kept} | buyer(1, name="李四", phone="13900002222")
    answer = send_read(cai, address, **(event(kind="signing", happened_at="2026-04-05T10:00:00") | rows))
    assert answer.status_code == 303
    with app.app_context():
        last = db.session.scalars(select(DealEvent).order_by(DealEvent.seq.desc())).first()
        assert [(one.customer_name, one.phone, one.id_number) for one in last.buyers] == [
            ("张三", "+8613900001111", ID),
            ("李四", "+8613900002222", None),
        ]
    page = text_of(assert_page(cai.get(answer.headers["Location"])))
    assert "和上一步相比" in page and "加入 李四" in page


def test_the_number_that_is_kept_is_the_same_persons_whatever_was_recorded_meanwhile(app, browse) -> None:
    one, two = browse("cai"), browse("cai")
    send(one, NEW, **event(kind="deposit"))
    address = f"/site/deals/{only(app, Deal).reference}/events/new"
    before = form_values(assert_page(two.get(address)), "seen")
    joined = buyer(name="李四", phone="13900002222") | buyer(1, name="张三", phone="13900001111")
    signed = event(kind="subscription", happened_at="2026-04-03T10:00:00") | joined
    assert send_read(one, address, **signed).status_code == 303
    late = before | {"kind": "signing", "happened_at": "2026-04-05T10:00:00", "checked": "y"}
    html = assert_page(send(two, address, **late), 409)
    assert "您打开这一页之后" in html and "李四、张三" in text_of(html), "who buys beside by now is shown"
    again = form_values(html, "seen")
    assert send(two, address, **again).status_code == 303
    with app.app_context():
        last = db.session.scalars(select(DealEvent).order_by(DealEvent.seq.desc())).first()
        assert [(one.customer_name, one.phone) for one in last.buyers] == [("张三", "+8613900001111")]


@pytest.mark.parametrize("place", ["0", "2fffffff", "9" * 5000])
def test_kept_rows_cannot_reach_buyers_that_are_not_there(app, browse, people: People, place: str) -> None:
    cai = browse("cai")
    send(cai, NEW, **event(kind="deposit"))
    address = f"/site/deals/{only(app, Deal).reference}/events/new"
    rows = buyer(phone="") | {"buyers-0-kept": place}
    assert_page(send(cai, address, **(event(kind="signing") | rows)), 422)


def test_a_step_is_recorded_once_and_in_its_order(app, browse, people: People) -> None:
    cai = browse("cai")
    send(cai, NEW, **event(kind="signing"))
    address = f"/site/deals/{only(app, Deal).reference}/events/new"
    assert 'value="deposit"' not in assert_page(cai.get(address))
    earlier = event(kind="online_signing", happened_at="2026-03-01T10:00:00") | {"buyers-0-kept": "0"}
    page = assert_page(send(cai, address, **earlier), 409)
    assert "时间也须先后一致" in text_of(page)


def test_a_company_buys_with_its_code(app, browse, people: People) -> None:
    from stdnum.cn import uscc

    body = "91330106MA2CCCCC3"
    code = body + uscc.calc_check_digit(body)
    row = buyer(document="company", company="杭州云创科技有限公司", company_code=code, phone="")
    assert send(browse("cai"), NEW, **(event() | row)).status_code == 303
    assert only(app, DealBuyer).company_code == code


def test_a_number_that_another_deal_bears_is_an_objection(app, browse, people: People) -> None:
    cai = browse("cai")
    send(cai, NEW, **event(source_number="XS-1"))
    page = assert_page(send(cai, NEW, **event(source_number="XS-1")), 422)
    assert "已有这个编号的成交" in text_of(page)
    only(app, Deal)


def test_the_whole_number_is_shown_for_a_reason_and_on_record(app, browse, people: People) -> None:
    cai = browse("cai")
    send(cai, NEW, **event())
    deal, row = only(app, Deal).reference, only(app, DealBuyer).id
    address = f"/site/deals/{deal}/buyers/{hidden(row)}/reveal"
    assert_page(send(cai, address), 422)
    page = text_of(assert_page(send(cai, address, reason="check_identity")))
    assert "139 0000 1111" in page
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "deal.revealed")).one()
        assert entry.facts == {"fields": ["company_code", "id_number", "phone"], "reason": "check_identity"}
    assert send(browse("rui"), address, reason="contact").status_code in {403, 404}
    assert send(browse("sid"), address, reason="contact").status_code == 404


@pytest.mark.parametrize("words", ["1111", "3-1201", "1201", "31201", "张三", "zhangsan"])
def test_deals_are_found_by_unit_last_four_and_name(browse, people: People, words: str) -> None:
    cai = browse("cai")
    send(cai, NEW, **event())
    assert "3-1201" in text_of(assert_page(search(cai, "/site/deals", words)))
    assert "没有找到" in text_of(assert_page(search(cai, "/site/deals", "9999")))


def test_the_list_goes_by_key_newest_first(app, browse, people: People) -> None:
    from portal.queries import site_deals

    cai = browse("cai")
    with app.app_context():
        size = site_deals.PAGE
    for number in range(size + 2):
        form = event(unit=f"U{number:02}") | buyer(phone=f"139000{number:05}")
        assert send(cai, NEW, **form).status_code == 303
    first = assert_page(cai.get("/site/deals"))
    assert f"U{size + 1:02}" in first and "U01" not in first
    older = re.search(r'href="(/site/deals\?after=[^"]+)"', first)
    assert older is not None
    second = assert_page(cai.get(older[1]))
    assert "U00" in second and "U01" in second and "U02" not in second
    newer = re.search(r'href="(/site/deals\?before=[^"]+)"', second)
    assert newer is not None and f"U{size + 1:02}" in assert_page(cai.get(newer[1]))
    assert cai.get("/site/deals?after=YQ-D0000-000000").status_code == 404
