"""Hours as people name them: 下午3点, 两点半, 14:30, 2:30pm, 2-4点, 上午; on a clock of 24 hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.rules.messages.numerals import HAN, NUMBER, START, read_number

_MORNING = ("凌晨", "清晨", "早晨", "早上", "上午", "大早", "一早", "朝早", "早", "晨", "am", "a.m.", "morning")
_NOON = ("中午", "正午")
_AFTERNOON: tuple[str, ...] = ("午后", "下午", "下昼", "下晚", "傍晚", "晚上", "晚间", "夜里", "夜晚", "晚")
_AFTERNOON += ("pm", "p.m.", "afternoon", "evening")
_QUARTERS = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45, "整": 0, "钟": 0}


@dataclass(frozen=True)
class FoundPeriod:
    """Where a part of the day is named."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class FoundClock:
    """Where an hour is named, as written; ``certain`` when it cannot be meant on a 12-hour clock, ``weak`` when it is
    an hour only beside a day or a part of the day (一点: also "a little")."""

    start: int
    end: int
    hour: int
    minute: int
    certain: bool = False
    weak: bool = False


_PERIOD = re.compile(
    r"凌晨|清晨|早晨|早上|上午|正午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜晚|一大早|一早|朝早|下昼|下晚"
    r"|(?<=[今明天日号末一二三四五六])(?:早|晚)|[早晚](?=\s?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})\s?[:点])"
    r"|(?<![a-z])(?:a\.m\.|p\.m\.|am|pm|morning|afternoon|evening)(?![a-z])"
)
_GREETING = re.compile(r"好|安")
_COLON = re.compile(
    r"(?<!\d)(?<!\d:)([01]?\d|2[0-4])\s?:\s?([0-5]\d)(?::[0-5]\d)?(?!\d)\s?(a\.?m\.?(?![a-z])|p\.?m\.?(?![a-z]))?"
)
_POINT = re.compile(
    rf"{START}(?<!个)(?<!\d\.)({NUMBER})\s?(?:点钟|点|时(?!间|候|段))(?:(半|[一三13]刻|整|钟)|({NUMBER})(?:分|(?![\d{HAN}人位个口大名号月点次组批期室房套.]|\s?[人位名口])))?"
)
_MEANT = re.compile(r"\s?(?:[到来去看]|过来|过去|左右|之?前|之?后|见)")  # 两点到
_AMPM = re.compile(r"(?<!\d)(?<!\d[:.])(\d{1,2})\s?(a\.?m\.?(?![a-z])|p\.?m\.?(?![a-z]))")
_RANGE = re.compile(
    rf"{START}(?<!\d[:.])({NUMBER})\s?(?:[-~—–至到]|--)\s?(?:{NUMBER}\s?[点时](?!间)半?|\d{{1,2}}:\d\d|\d{{1,2}}\s?(am|pm))"
)
_COMPACT_BEHIND_PERIOD = re.compile(r"(?<=[午上早晚])\s?(?:([01]\d|2[0-3])([0-5]\d)|(1?\d)\.([0-5][05]))(?!\d)")
_COMPACT = re.compile(r"(?<!\d)([01]\d|2[0-3])([0-5]\d)(?!\d)")
_ENDING = re.compile(
    rf"\s?(?:[-~—–至到]|--)+\s?(?:(?:次日|凌晨|早上|上午|中午|下午|傍晚|晚上)\s?)?(?:\d{{1,2}}:\d\d(?::\d\d)?|{NUMBER}\s?[点时]半?(?:\d{{1,2}}分?)?|\d{{1,2}}\s?[ap]m)"
)


def find_periods(text: str, start: int, end: int) -> Iterator[FoundPeriod]:
    """All parts of a day named in ``text[start:end]``; a greeting (早上好) names none."""
    for match in _PERIOD.finditer(text, start, end):
        if not _GREETING.match(text, match.end()):
            yield FoundPeriod(match.start(), match.end(), match.group())


def _half_day(words: str | None) -> str | None:
    return words.replace(".", "") if words else None


def _clock(match: re.Match[str], hour: int | None, minute: int | None, *, weak: bool = False) -> FoundClock | None:
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    certain = hour > 12 or hour == 0 or match.group(1).startswith("0") or match.group().count(":") == 2
    return FoundClock(match.start(), match.end(), hour, minute, certain, weak)


def _with_half_day(found: FoundClock | None, half: str | None) -> FoundClock | None:
    if found is None or half is None:
        return found
    hour, minute = on_the_clock(found.hour, found.minute, half)
    return FoundClock(found.start, found.end, hour, minute, certain=True)


def _point(match: re.Match[str]) -> FoundClock | None:
    quarter, minutes = match.group(2), match.group(3)
    minute = _QUARTERS.get(quarter, 0) if quarter else read_number(minutes) if minutes else 0
    little = not match.group(1).isdecimal() and match.group(1) in "一两二三" and not (quarter or minutes)
    weak = little and not _MEANT.match(match.string, match.end())
    return _clock(match, _first_hour(match.group(1)), minute, weak=weak)


def _first_hour(words: str) -> int | None:
    """三四点 counts from three."""
    about = len(words) == 2 and not words.isdecimal() and "十" not in words and "廿" not in words
    return read_number(words[0] if about else words)


def find_clocks(text: str, start: int, end: int) -> Iterator[FoundClock]:
    """All hours named in ``text[start:end]``; a span gives its start."""
    for match in _RANGE.finditer(text, start, end):
        if begun := _with_half_day(_clock(match, read_number(match.group(1)), 0), match.group(2)):
            yield begun
    for match in _COLON.finditer(text, start, end):
        found = _clock(match, int(match.group(1)), int(match.group(2)))
        if found := _with_half_day(found, _half_day(match.group(3))):
            yield found
    for match in _AMPM.finditer(text, start, end):
        if found := _with_half_day(_clock(match, int(match.group(1)), 0), _half_day(match.group(2))):
            yield found
    for match in _COMPACT_BEHIND_PERIOD.finditer(text, start, end):  # 下午1500, 下午3.30
        hour, minute = (int(digits) for digits in match.groups() if digits)
        yield FoundClock(match.start(), match.end(), hour, minute, certain=hour > 12)
    for match in _POINT.finditer(text, start, end):
        if found := _point(match):
            yield found


def compact_clock(text: str, start: int, end: int) -> FoundClock | None:
    """Four digits right behind a day: 20260312 1430."""
    match = _COMPACT.match(text, start, end)
    return FoundClock(match.start(), match.end(), int(match.group(1)), int(match.group(2)), True) if match else None


def skip_ending(text: str, start: int, end: int) -> int:
    """Where the end of a span (-16:00) that begins at ``start`` is over."""
    match = _ENDING.match(text, start, end)
    return match.end() if match else start


def on_the_clock(hour: int, minute: int, period: str | None) -> tuple[int, int]:
    """The hour and minute on a clock of 24 hours, given the part of the day; hour 24 is the next midnight."""
    if period in _NOON:
        return (hour + 12 if hour <= 3 else hour), minute
    if period in _AFTERNOON and hour <= 12:
        if hour == 12:
            return (24 if period in ("晚上", "晚", "夜里", "夜晚", "晚间") else 12), minute
        return hour + 12, minute
    if period in ("凌晨", "am") and hour == 12:
        return 0, minute
    return hour, minute


def is_guessed(hour: int, period: str | None, *, certain: bool) -> bool:
    """Whether an hour said without its half of the day was taken for the afternoon: nobody views a home at 3 at night."""
    return period is None and not certain and 1 <= hour <= 6
