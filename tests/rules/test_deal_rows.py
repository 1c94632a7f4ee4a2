"""A row of the sales system: columns in two languages, several buyers, times, amounts; every bad cell has its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.rules.deal_changes import Buyer, Change, changes
from portal.rules.deal_events import next_kinds
from portal.rules.deal_rows import COLUMNS, RowProblem, column_places, missing_columns, read_row

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 4, 10, 3, 0, 0, tzinfo=UTC)
ID = "11010519491231002X"
ROW = {"deal": "XS-1", "event": "认购", "happened_at": "2026-04-07 16:00", "name": "张三", "phone": "13900001111"}


def test_headings_in_both_languages_name_the_same_columns() -> None:
    for language in (0, 1):
        head = [names[language] for names in COLUMNS.values()]
        assert column_places(head) == {column: place for place, column in enumerate(COLUMNS)}


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Deal Number", "deal"),
        ("成交编号*", "deal"),
        ("购房人2", "name2"),
        ("buyer2", "name2"),
        ("Buyer 3", "name3"),
        ("手机号1", "phone"),
        ("身份证号", "id_number"),
        ("备注", None),
        ("金额2", None),
        ("", None),
    ],
)
def test_a_heading_is_known_however_it_is_spelled(heading: str, column: str | None) -> None:
    assert list(column_places([heading])) == ([column] if column else [])


def test_what_is_missing_is_named() -> None:
    assert missing_columns(column_places(["成交编号", "时间"])) == ("event", "name", "phone")
    assert missing_columns(column_places(["成交编号", "步骤", "时间", "购房人", "证件号"])) == ()


def test_a_whole_row() -> None:
    read = read_row({**ROW, "amount": "¥3,280,000.50元", "unit": "3-1201", "id_number": ID.lower()}, ZONE, NOW)
    assert (read.deal, read.kind, read.unit, read.amount) == ("XS-1", "subscription", "3-1201", Decimal("3280000.50"))
    assert read.happened_at == datetime(2026, 4, 7, 8, 0, tzinfo=UTC) and read.exact
    assert read.buyers[0] == {
        "name": "张三",
        "phone": "+8613900001111",
        "id_number": ID,
        "company": None,
        "company_code": None,
    }


@pytest.mark.parametrize(
    ("typed", "instant", "exact"),
    [
        ("2026/4/7 16:00:05", datetime(2026, 4, 7, 8, 0, 5, tzinfo=UTC), True),
        ("2026-04-07", datetime(2026, 4, 7, 15, 59, 59, tzinfo=UTC), False),
        ("2026年4月7日", datetime(2026, 4, 7, 15, 59, 59, tzinfo=UTC), False),
        ("20260407", datetime(2026, 4, 7, 15, 59, 59, tzinfo=UTC), False),
        ("2026-04-10", NOW, False),
        ("2026-04-11", datetime(2026, 4, 11, 15, 59, 59, tzinfo=UTC), False),
    ],
)
def test_a_day_alone_is_its_last_second_and_today_the_present(typed: str, instant: datetime, exact: bool) -> None:
    read = read_row({**ROW, "happened_at": typed}, ZONE, NOW)
    assert (read.happened_at, read.exact) == (instant, exact)


@pytest.mark.parametrize(
    "cells",
    [
        {"name": "张三、李四", "phone": "13900001111、13900002222"},
        {"name": "张三; 李四", "phone": "13900001111；13900002222"},
        {"name2": "李四", "phone2": "13900002222"},
    ],
)
def test_several_buyers_in_a_cell_or_in_columns(cells: dict[str, str]) -> None:
    read = read_row(ROW | cells, ZONE, NOW)
    assert [(one["name"], one["phone"]) for one in read.buyers] == [
        ("张三", "+8613900001111"),
        ("李四", "+8613900002222"),
    ]


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ({"deal": " "}, "cell_empty", "deal"),
        ({"deal": "X" * 61}, "cell_too_long", "deal"),
        ({"deal": "X\x00"}, "cell_unreadable", "deal"),
        ({"event": ""}, "cell_empty", "event"),
        ({"event": "退房"}, "event_unknown", "event"),
        ({"happened_at": "昨天"}, "time_unreadable", "happened_at"),
        ({"happened_at": "0001-01-01"}, "time_unreadable", "happened_at"),
        ({"happened_at": "2026-02-30"}, "time_unreadable", "happened_at"),
        ({"amount": "三百万"}, "amount_unreadable", "amount"),
        ({"amount": "-1"}, "amount_unreadable", "amount"),
        ({"amount": "1.005"}, "amount_unreadable", "amount"),
        ({"amount": "9" * 12}, "amount_unreadable", "amount"),
        ({"name": ""}, "cell_empty", "name"),
        ({"name": "、".join("甲" * 9)}, "buyers_too_many", "name"),
        ({"name": "张三、李四"}, "buyers_do_not_match", "phone"),
        ({"phone": "139****1111"}, "phone_unreadable", "phone"),
        ({"phone": ""}, "buyer_without_number", "phone"),
        ({"id_number": "110105194912310021"}, "id_number_unsound", "id_number"),
        ({"id_number": "12"}, "id_number_unreadable", "id_number"),
        ({"company_code": "91330106MA2CCCCC3X"}, "company_code_unsound", "company_code"),
        ({"name2": "李四"}, "buyer_without_number", "phone2"),
        ({"phone2": "13900002222"}, "cell_empty", "name2"),
        ({"name2": "李四", "phone2": "139"}, "phone_unreadable", "phone2"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_reason(cells: dict[str, str], reason: str, column: str) -> None:
    with pytest.raises(RowProblem) as problem:
        read_row(ROW | cells, ZONE, NOW)
    assert (problem.value.reason, problem.value.column) == (reason, column)


ZHANG, LI = Buyer(name="张三", phone="1"), Buyer(name="李四", phone="2")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([ZHANG], [ZHANG], ()),
        ([ZHANG], [ZHANG, LI], (Change("joined", "李四"),)),
        ([ZHANG, LI], [LI], (Change("left", "张三"),)),
        ([ZHANG], [LI], (Change("left", "张三"), Change("joined", "李四"))),
        (
            [ZHANG],
            [Buyer(name="张三", phone="1", id_number="A")],
            (Change("changed", "张三", (("id_number", None, "A"),)),),
        ),
        ([ZHANG], [Buyer(name="张山", phone="1")], (Change("changed", "张山", (("name", "张三", "张山"),)),)),
        ([ZHANG], [Buyer(name="张三", phone="9")], (Change("changed", "张三", (("phone", "1", "9"),)),)),
    ],
)
def test_what_changed_between_two_events(before: list[Buyer], after: list[Buyer], said: tuple[Change, ...]) -> None:
    assert changes(before, after) == said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], ("deposit", "subscription", "signing")),
        (["deposit"], ("subscription", "signing", "online_signing")),
        (["deposit", "signing"], ("online_signing",)),
        (["online_signing"], ()),
    ],
)
def test_which_steps_come_next(before: list[str], after: tuple[str, ...]) -> None:
    assert next_kinds(before) == after
