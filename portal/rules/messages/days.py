"""Days as people name them: 明天, 周六, 下周二, 3月8日, 3/8, 15号; and the calendar day they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.messages.numerals import HAN, NUMBER, START, read_number
from portal.rules.messages.words.feasts import FIXED, MOVING, NEW_YEAR, date_of
from portal.rules.messages.words.surnames import COMMON

_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKDAYS |= {str(number): number - 1 for number in range(1, 7)}
_ENGLISH = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_RELATIVE = {"今": 0, "当": 0, "本日": 0, "明": 1, "次日": 1, "翌日": 1, "后": 2, "大后": 3}
_RELATIVE |= {"today": 0, "tonight": 0, "tomorrow": 1}
_LONG_AGO = timedelta(days=90)
_HALF_DAY = "早晨|早上|早|晨|上午|中午|下午|傍晚|晚上|晚"


@dataclass(frozen=True)
class Day:
    """A day as named. ``meant`` gives the calendar day, seen from the day on which the message came.

    ``may_be_past_today``: a bare weekday or date of month that names today and an hour already over means the next one.
    """

    meant: Callable[[date], date | None]
    weekday_only: bool = False
    is_today: bool = False


@dataclass(frozen=True)
class FoundDay:
    """Where a day is named; ``day`` is None for a day gone by (昨天), which is no visit."""

    start: int
    end: int
    day: Day | None


_YMD = re.compile(r"(?<!\d)(20\d\d)\s*(?:[-/.]\s*(\d{1,2})\s*[-/.]|年\s*(\d{1,2})\s*月)\s*(\d{1,2})(?!\d)\s*[日号]?")
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
# 0308 is a day where an hour follows.
_FOUR_DIGITS = re.compile(
    r"(?<![\da-z:.])(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    rf"(?=[ _,]{{0,2}}(?:{_HALF_DAY}|\d{{1,2}}\s?[:点时]|(?<=[ _])[0-2]\d[0-5]\d(?!\d)))"
)
_MONTH_DAY = re.compile(
    rf"{START}({NUMBER})\s*月\s*({NUMBER})(?![\d{HAN}])\s*(?:[-~至到]\s*\d{{1,2}}(?=[日号]))?[日号]?"
)
_NUMERIC = re.compile(
    r"(?<![\da-z])(?<!\d[:./-])(?!(?<=[午上早晚])1?\d\.[0-5][05](?!\d))(0?[1-9]|1[0-2])\s?([./-])\s?(0?[1-9]|[12]\d|3[01])(?![\d:㎡%℃+])(?!\2\d)"
    r"(?!\s*(?:[万亿平米折元年倍人位个口室房天套组楼栋幢层成期点时分岁大小卫厅环]|h\b|km|m2))"
)
_OF_MONTH = re.compile(
    rf"(?<![月第])(下个?月|本月|这个月|当月)?\s?{START}(?<!\d:)({NUMBER})(?:\s*[-~至到]\s*\d{{1,2}})?\s*[日号]"
    r"(?![楼院线地块房栋门厅客顾单馆店码台座盘路街铺机口位])"
)
_RELATIVE_DAY = re.compile(
    rf"(今|明)(?:明|后)?[两]?[天日]|(大后|后|当|今|明)(?:[天日]|儿个?)|本日|(?<![-~—到至])(?:次日|翌日)|(?<![\u4e00-\u9fff])(今|明)(?=\s?(?:{_HALF_DAY}))|(今|明)(?=[早晚]|上午|下午|中午|晨)"
    r"|today|tonight|tomorrow"
)
_WEEKDAY = re.compile(
    r"(下下个?|下个?|本|这个?|当)?\s?(?:(周|星期|礼拜)\s?([一二三四五六日末]|[1-6](?!\d))|(周|星期|礼拜)(天))"
    r"(?![\u4e00-\u9fff])|(下下个?|下个?|本|这个?|当)?(周|星期|礼拜)([一二三四五六日天末])"
    r"(?=(?<=星期.)|(?<=礼拜.)|[上中下早晚凌清傍午夜到来看过去约的和或、左前要想有带会能可以准具六日]|[一二三四五六七八九十两]{1,2}(?:点|[组位批个])|[全一整两]天|都|有|还|再|就|先|之)"
)
_ENGLISH_DAY = re.compile(
    r"(?<![a-z])(next\s+|this\s+)?(mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|nes|ur)?(?:day)?(?![a-z])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_ENGLISH_DATE = re.compile(
    rf"(?<![\da-z])(?:(\d{{1,2}})(?:st|nd|rd|th)?\s?{_MONTH_NAME}|{_MONTH_NAME}\s?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))(?![a-z])"
)
_IN_DAYS = re.compile(rf"{START}({NUMBER})\s*(天|日|周|个?星期|个?礼拜)[之以]?后")
# Some people are called 国庆, and 五一 may be a whole week: only what is said about a day makes it one.
_FEAST = re.compile(
    rf"(?<![一二三四五六七八九十\d{''.join(sorted(COMMON))}])({'|'.join([*FIXED, *MOVING])})"
    rf"(?:节日?)?(?:(?:小?长?假期?|黄金周)?的?第({NUMBER})天|当[天日]|那[天日]"
    rf"|(?<=节)(?<!国庆节)(?<!春节)(?<!劳动节)(?![前后期假]|档|优惠|活动)|(?=\s?(?:{_HALF_DAY}|\d{{1,2}}[:点])))"
)
_NEW_YEARS_DAY = re.compile(r"(?:大年|正月|年)初([一二三四五六七八九十])")
_PAST = re.compile(
    r"昨[天日晚早]|大?前[天日]|(?<![早晚])上(?:个?月|周[一二三四五六日末]?|星期.?|礼拜.?)|前几天|yesterday"
)


def _relative(match: re.Match[str]) -> Day:
    word = next((group for group in match.groups() if group), match.group())
    return Day(lambda today: today + timedelta(days=_RELATIVE[word]), is_today=_RELATIVE[word] == 0)


def _on_weekday(number: int, which: str) -> Day:
    def meant(today: date) -> date:
        monday = today - timedelta(days=today.weekday())
        if which.startswith("下"):
            return monday + timedelta(days=7 * (2 if which.startswith("下下") else 1) + number)
        return today + timedelta(days=(number - today.weekday()) % 7)

    return Day(meant, weekday_only=not which)


def _weekday(match: re.Match[str]) -> Day:
    groups = match.groups()
    letter = next(group for group in (groups[2], groups[4], groups[7]) if group)
    return _on_weekday(_WEEKDAYS[letter], groups[0] or groups[5] or "")


def _english_day(match: re.Match[str]) -> Day:
    return _on_weekday(_ENGLISH[match.group(2)], "下" if (match.group(1) or "").startswith("next") else "")


def _english_date(match: re.Match[str]) -> Day | None:
    day, month = int(match.group(1) or match.group(4)), match.group(2) or match.group(3)
    return _in_year(_MONTHS.index(month) + 1, day) if 1 <= day <= 31 else None


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _calendar(year: int, month: int, day: int) -> Day:
    return Day(lambda _today: _safe_date(year, month, day))


def _in_year(month: int, day: int) -> Day:
    """The year is the one that makes it a coming day, or one not long gone."""

    def meant(today: date) -> date | None:
        for year in (today.year - 1, today.year, today.year + 1):
            found = _safe_date(year, month, day)
            if found and found >= today - _LONG_AGO:
                return found
        return None

    return Day(meant)


def _of_month(which: str, number: int) -> Day:
    def meant(today: date) -> date | None:
        first = today.replace(day=1)
        for ahead in range(1 if which.startswith("下") else 0, 4):
            months = first.month - 1 + ahead
            found = _safe_date(first.year + months // 12, months % 12 + 1, number)
            if found and (which or found >= today):
                return found
        return None

    return Day(meant)


def _in_days(match: re.Match[str]) -> Day | None:
    number = read_number(match.group(1))
    if number is None:
        return None
    days = number * (1 if match.group(2) in "天日" else 7)
    return Day(lambda today: today + timedelta(days=days))


def _month_day(match: re.Match[str]) -> Day | None:
    month, day = read_number(match.group(1)), read_number(match.group(2))
    return _in_year(month, day) if month and day and month <= 12 and day <= 31 else None


def _year_month_day(match: re.Match[str]) -> Day:
    return _calendar(int(match.group(1)), int(match.group(2) or match.group(3)), int(match.group(4)))


def _compact(match: re.Match[str]) -> Day:
    return _calendar(int(match.group(1)), int(match.group(2)), int(match.group(3)))


def _four_digits(match: re.Match[str]) -> Day:
    return _in_year(int(match.group(1)), int(match.group(2)))


def _numeric(match: re.Match[str]) -> Day:
    return _in_year(int(match.group(1)), int(match.group(3)))


def _day_of_month(match: re.Match[str]) -> Day | None:
    number = read_number(match.group(2))
    return _of_month(match.group(1) or "", number) if number and number <= 31 else None


def _feast_in_coming(name: str, days_later: int) -> Day:
    def meant(today: date) -> date | None:
        for year in (today.year, today.year + 1):
            month_day = date_of(name, year)
            found = date(year, *month_day) + timedelta(days=days_later) if month_day else None
            if found and found >= today:
                return found
        return None

    return Day(meant)


def _feast(match: re.Match[str]) -> Day | None:
    number = read_number(match.group(2)) if match.group(2) else 1
    return _feast_in_coming(match.group(1), number - 1) if number else None


def _new_years_day(match: re.Match[str]) -> Day | None:
    return _feast_in_coming(NEW_YEAR, (read_number(match.group(1)) or 1) - 1)


# The first reading of a stretch wins.
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Day | None]], ...] = (
    (_PAST, lambda _match: None),
    (_YMD, _year_month_day),
    (_COMPACT, _compact),
    (_FOUR_DIGITS, _four_digits),
    (_MONTH_DAY, _month_day),
    (_IN_DAYS, _in_days),
    (_FEAST, _feast),
    (_NEW_YEARS_DAY, _new_years_day),
    (_OF_MONTH, _day_of_month),
    (_NUMERIC, _numeric),
    (_WEEKDAY, _weekday),
    (_RELATIVE_DAY, _relative),
    (_ENGLISH_DAY, _english_day),
    (_ENGLISH_DATE, _english_date),
)


def find_days(text: str, start: int, end: int) -> Iterator[FoundDay]:
    """All days named in ``text[start:end]``, readings in order of precedence."""
    for pattern, reader in _READERS:
        for match in pattern.finditer(text, start, end):
            day = reader(match)
            if day is not None or pattern is _PAST:
                yield FoundDay(match.start(), match.end(), day)
