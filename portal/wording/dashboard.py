"""The overview in words and in geometry: bars in per cent, so that one drawing serves every width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.queries.dashboard import DAYS_AHEAD, EndingDay, Funnel
from portal.rules.periods import midnight
from portal.wording.times import PORTAL_ZONE, in_zone

#: kind of work -> what waits, who acts, by which clause.
WAITING: dict[str, tuple[LazyString, LazyString, str]] = {
    "audit": (_l("到访审核"), _l("案场后台"), "RE-3.3"),
    "sign_off": (_l("到访签批"), _l("案场负责人"), "RE-3.4"),
    "entry": (_l("客户录入"), _l("置业顾问"), "RE-3.5"),
    "classification": (_l("大宗认定"), _l("案场后台或负责人"), "RE-2.7"),
    "opinion": (_l("延期意见"), _l("案场负责人"), "RE-Q10"),
    "decision": (_l("延期决定"), _l("渠道部"), "RE-2.11"),
}
_CHART_HEIGHT, _TOP, _BOTTOM = 252, 30, 214
_LEFT = 7.0


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the portal's zone: [start, end) in UTC, and its name in addresses, 2026-04."""

    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the funnel: its width in per cent of the first, and its share of the step before."""

    words: str
    number: int
    width: float
    of_previous: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart; positions in per cent across, pixels down."""

    day: date
    holds: int
    protections: int
    x: float
    middle: float
    width: float
    hold_y: float
    hold_height: float
    live_y: float
    live_height: float

    @property
    def number(self) -> int:
        return self.holds + self.protections


def month_of(key: str, now: datetime) -> Month:
    """The month called ``key``, this one when there is no such month or it has not come yet."""
    local = in_zone(now, PORTAL_ZONE)
    this = _month(local.year, local.month)
    return next((month for month in months(now) if month.key == key), this)


def months(now: datetime, count: int = 12) -> list[Month]:
    """This month and those before it, the newest first."""
    local = in_zone(now, PORTAL_ZONE)
    numbers = [local.year * 12 + local.month - 1 - back for back in range(count)]
    return [_month(number // 12, number % 12 + 1) for number in numbers]


def month_before(month: Month) -> Month:
    """The month before this one."""
    local = in_zone(month.start, PORTAL_ZONE)
    number = local.year * 12 + local.month - 2
    return _month(number // 12, number % 12 + 1)


def funnel_steps(funnel: Funnel) -> list[Step]:
    """The bars, from filing to entry."""
    stages = (
        (_("报备"), funnel.filed),
        (_("首次到访"), funnel.visited),
        (_("审核通过"), funnel.audited),
        (_("签批"), funnel.signed_off),
        (_("录入"), funnel.entered),
    )
    before = [None, *(number for _words, number in stages)]
    return [
        Step(words, number, _per_cent(number, funnel.filed), _of_previous(number, previous))
        for (words, number), previous in zip(stages, before, strict=False)
    ]


def change_words(now: int, before: int) -> str:
    """比上月多 112, 比上月少 8, 与上月相同."""
    if now == before:
        return _("与上月相同")
    if now > before:
        return _("比上月多 %(num)s", num=f"{now - before:,}")
    return _("比上月少 %(num)s", num=f"{before - now:,}")


def share_words(part: int, whole: int) -> str:
    """58%, a dash of nothing."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def chart(days: Sequence[EndingDay], now: datetime) -> dict[str, Any]:
    """The endings of the next days, every day in its place, with the scale."""
    first = in_zone(now, PORTAL_ZONE).date()
    found = {one.day: one for one in days}
    shown = [found.get(day, EndingDay(day, 0, 0)) for day in (first + timedelta(days=n) for n in range(DAYS_AHEAD))]
    step = _round_up(max([one.holds + one.protections for one in shown] + [1]))
    bars = [_bar(place, one, 2 * step) for place, one in enumerate(shown)]
    highest = max(bars, key=lambda bar: bar.number)
    return {
        "height": _CHART_HEIGHT,
        "bars": bars,
        "lines": [(_down(number, 2 * step), number) for number in (0, step, 2 * step)],
        "highest": highest if highest.number else None,
        "total": sum(bar.number for bar in bars),
    }


def _month(year: int, number: int) -> Month:
    start = date(year, number, 1)
    end = date(year + number // 12, number % 12 + 1, 1)
    return Month(f"{year}-{number:02}", midnight(start, PORTAL_ZONE), midnight(end, PORTAL_ZONE))


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _of_previous(number: int, previous: int | None) -> str:
    return _("上一步 %(share)s", share=share_words(number, previous)) if previous else ""


def _round_up(most: int) -> int:
    """Half of the scale: the least of 1, 2, 5, 10, 20, 50 … whose double is not less than the highest bar."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if 2 * step >= most:
                return step
        size *= 10


def _down(number: int, most: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * number / most, 1)


def _bar(place: int, one: EndingDay, most: int) -> Bar:
    room = (100 - _LEFT) / DAYS_AHEAD
    x = _LEFT + place * room + 0.8
    width = room - 1.6
    hold_y, live_y = _down(one.holds, most), _down(one.holds + one.protections, most)
    return Bar(
        day=one.day,
        holds=one.holds,
        protections=one.protections,
        x=round(x, 2),
        middle=round(x + width / 2, 2),
        width=round(width, 2),
        hold_y=hold_y,
        hold_height=round(_BOTTOM - hold_y, 1),
        live_y=live_y,
        live_height=round(hold_y - live_y, 1),
    )
