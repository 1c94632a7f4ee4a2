"""A row of the developer's sales system read into a deal event: which column is which, and what is wrong with a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from portal.rules.customers import (
    PhoneUnreadable,
    company_code_is_sound,
    read_company_code,
    read_id_number,
    read_phone,
    resident_id_is_sound,
)
from portal.rules.periods import UTC

#: Column -> the headings that name it; what is documented and offered as a file is the first Chinese and the first English.
COLUMNS: dict[str, tuple[str, ...]] = {
    "deal": ("成交编号", "deal_number", "交易编号", "合同编号", "订单编号", "deal number", "deal no"),
    "event": ("步骤", "event", "成交步骤", "业务类型", "step"),
    "happened_at": ("时间", "happened_at", "成交时间", "日期", "成交日期", "date", "time"),
    "unit": ("房号", "unit", "房间", "房源", "room"),
    "amount": ("金额", "amount", "成交金额", "总价", "price"),
    "name": ("购房人", "buyer", "客户姓名", "姓名", "name", "buyer name"),
    "phone": ("手机号", "phone", "电话", "联系电话", "mobile"),
    "id_number": ("证件号", "id_number", "身份证号", "证件号码", "id number"),
    "company": ("购房公司", "company", "公司名称"),
    "company_code": ("统一社会信用代码", "company_code", "信用代码"),
}
BUYER = ("name", "phone", "id_number", "company", "company_code")
NEEDED = ("deal", "event", "happened_at", "name")
EVENTS: dict[str, tuple[str, ...]] = {
    "deposit": ("认筹", "deposit", "意向金", "诚意金"),
    "subscription": ("认购", "subscription", "定金"),
    "signing": ("签约", "signing", "合同签约"),
    "online_signing": ("网签", "online_signing", "online signing", "网签备案"),
}
_LONGEST = {"deal": 60, "unit": 40, "name": 40, "company": 80}
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
_DAYS = ("%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d")
_BETWEEN = re.compile(r"[、,，;；/\n]+")
_LARGEST = Decimal(10) ** 11
_MOST_BUYERS = 8


class RowProblem(Exception):
    """What is wrong: a reason, and the column in which it stands."""

    def __init__(self, reason: str, column: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A deal event as the row tells it. ``happened_at`` in UTC, ``exact`` unless the row names the day alone.

    Buyers are the values of a customer, in clean spelling.
    """

    deal: str
    kind: str
    happened_at: datetime
    exact: bool
    unit: str | None
    amount: Decimal | None
    buyers: tuple[dict[str, Any], ...]


def column_places(head: Sequence[str]) -> dict[str, int]:
    """Which column stands where: ``name`` for the first buyer, ``name2`` for the second (购房人2, buyer2) and so on."""
    names = {_plain(name): column for column, spellings in COLUMNS.items() for name in spellings}
    found: dict[str, int] = {}
    for place, heading in enumerate(head):
        stem, number = _numbered(_plain(heading))
        column = names.get(stem)
        if column is not None and (number == "" or column in BUYER):
            found.setdefault(column + ("" if number in ("", "1") else number), place)
    return found


def missing_columns(places: Mapping[str, int]) -> tuple[str, ...]:
    """The columns without which no row can be read."""
    numbers = () if {"phone", "id_number", "company_code"} & places.keys() else ("phone",)
    return (*(column for column in NEEDED if column not in places), *numbers)


def read_row(cells: Mapping[str, str], zone: ZoneInfo, now: datetime) -> ReadRow:
    """One row, its cells by column. Raises RowProblem for the first cell that cannot be read."""
    happened_at, exact = _instant(cells, zone, now)
    return ReadRow(
        deal=_text(cells, "deal", needed=True) or "",
        kind=_event(cells),
        happened_at=happened_at,
        exact=exact,
        unit=_text(cells, "unit"),
        amount=_amount(cells),
        buyers=_buyers(cells),
    )


def _plain(heading: str) -> str:
    return re.sub(r"[\s_*＊()（）:：.-]", "", unicodedata.normalize("NFKC", heading)).lower()


def _numbered(heading: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?)([1-8]?)", heading)
    assert found is not None
    return found[1], found[2]


def _text(cells: Mapping[str, str], column: str, *, needed: bool = False) -> str | None:
    text = unicodedata.normalize("NFC", cells.get(column, "")).strip()
    if needed and not text:
        raise RowProblem("cell_empty", column)
    if len(text) > _LONGEST.get(column.rstrip("2345678"), 60):
        raise RowProblem("cell_too_long", column)
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn", "Cf"} for sign in text):
        raise RowProblem("cell_unreadable", column)
    return text or None


def _event(cells: Mapping[str, str]) -> str:
    text = _plain(_text(cells, "event", needed=True) or "")
    kind = next((kind for kind, names in EVENTS.items() if text in map(_plain, names)), None)
    if kind is None:
        raise RowProblem("event_unknown", "event")
    return kind


def _instant(cells: Mapping[str, str], zone: ZoneInfo, now: datetime) -> tuple[datetime, bool]:
    """With a day alone its last second, or the present when it is today: periods end at midnight, so none is cut short."""
    text = (_text(cells, "happened_at", needed=True) or "").replace("/", "-")
    exact = _parsed(text, _FORMATS)
    if exact is not None:
        return exact.replace(tzinfo=zone).astimezone(UTC), True
    day = _parsed(text, _DAYS)
    if day is None:
        raise RowProblem("time_unreadable", "happened_at")
    last = datetime.combine(day.date(), time(23, 59, 59), tzinfo=zone).astimezone(UTC)
    today = day.date() == now.astimezone(zone).date()
    return (now if today else last), False


def _parsed(text: str, formats: Sequence[str]) -> datetime | None:
    for form in formats:
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found if 2000 <= found.year <= 2100 else None
    return None


def _amount(cells: Mapping[str, str]) -> Decimal | None:
    text = re.sub(r"[\s,，¥￥元]", "", unicodedata.normalize("NFKC", cells.get("amount", "")))
    if not text:
        return None
    try:
        amount = Decimal(text) if re.fullmatch(r"\d{1,14}(\.\d{1,6})?", text) else Decimal(-1)
    except InvalidOperation:
        amount = Decimal(-1)
    if amount < 0 or amount >= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise RowProblem("amount_unreadable", "amount")
    return amount


def _buyers(cells: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
    """The first buyer's cells may name several, divided by 、 or ; the further ones have columns of their own."""
    several = _several(cells)
    further = [str(number) for number in range(2, _MOST_BUYERS + 1) if _is_named(cells, str(number))]
    rows = [*several, *({column: cells.get(column + number, "") for column in BUYER} for number in further)]
    marks = ["", *("" for _ in several[1:]), *further]
    return tuple(_buyer(row, mark) for row, mark in zip(rows, marks, strict=True))


def _is_named(cells: Mapping[str, str], number: str) -> bool:
    """Whether there is a buyer of this number. Raises RowProblem when its columns are filled in but for the name."""
    named = bool(cells.get(f"name{number}", "").strip())
    if not named and any(cells.get(column + number, "").strip() for column in BUYER):
        raise RowProblem("cell_empty", f"name{number}")
    return named


def _several(cells: Mapping[str, str]) -> list[dict[str, str]]:
    parts = {column: _divided(cells.get(column, "")) for column in BUYER}
    count = len(parts["name"])
    if count == 0:
        raise RowProblem("cell_empty", "name")
    if count > _MOST_BUYERS:
        raise RowProblem("buyers_too_many", "name")
    for column, values in parts.items():
        # One name has what is in its cells; of several each must have its own, or the wrong one would get it.
        if values and len(values) != count:
            raise RowProblem("buyers_do_not_match", column)
    return [{column: values[place] if values else "" for column, values in parts.items()} for place in range(count)]


def _divided(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell.strip()) if part.strip()]


def _buyer(cells: Mapping[str, str], mark: str) -> dict[str, Any]:
    name = _text(cells, "name", needed=True)
    phone, id_number, code = _phone(cells, mark), _id_number(cells, mark), _code(cells, mark)
    company = _text(cells, "company")
    if code and not company:
        raise RowProblem("company_needed", f"company{mark}")
    if not (phone or id_number or code):
        raise RowProblem("buyer_without_number", f"phone{mark}")
    return {"name": name, "phone": phone, "id_number": id_number, "company": company, "company_code": code}


def _phone(cells: Mapping[str, str], mark: str) -> str | None:
    text = cells.get("phone", "").strip()
    if not text:
        return None
    try:
        return read_phone(text)
    except PhoneUnreadable:
        raise RowProblem("phone_unreadable", f"phone{mark}") from None


def _id_number(cells: Mapping[str, str], mark: str) -> str | None:
    number = read_id_number(cells.get("id_number", ""))
    if not number:
        return None
    if len(number) == 18 and not resident_id_is_sound(number):
        raise RowProblem("id_number_unsound", f"id_number{mark}")
    if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise RowProblem("id_number_unreadable", f"id_number{mark}")
    return number


def _code(cells: Mapping[str, str], mark: str) -> str | None:
    code = read_company_code(cells.get("company_code", ""))
    if code and not company_code_is_sound(code):
        raise RowProblem("company_code_unsound", f"company_code{mark}")
    return code or None
