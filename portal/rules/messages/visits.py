"""When the customer comes: days and hours put together, read from the moment the message came."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.rules.messages import clocks
from portal.rules.messages.days import Day, FoundDay, find_days
from portal.rules.messages.numerals import HAN, read_number

ZONE = ZoneInfo("Asia/Shanghai")
_FILLER = re.compile(r"(?:[\s,的约()在t@_]|大概|大约|左右|预计|差不多|-{1,2}(?=\d\d?[:点]))*")
_AFTER = re.compile(
    rf"(?<!提前)(?<!超过)(?<!车程)(?<!需要)(?:(\d{{1,3}}(?:\.5)?|[{HAN}]{{1,3}}|半)\s?个?(半)?\s?(小时|钟头|h|分钟|min|刻钟)(半)?)"
    r"\s?(?:左右)?\s?(?:[之以]?后|内?(?:能|就|可)?(?:到|过来|来|抵达)|later)"
)
_AT_ONCE = re.compile(
    r"马上[就要]?[到来过带去]|现在就?[到来过带去]|在路上|即刻|立刻|这就[到来过去]"
    r"|一会儿?就?[到来过去]|待会儿?|(?:稍后|晚点就?|晚些)[到来过带去]|随后[到来过]|on the way"
    r"|(?:等一?会儿?|过一?会儿?|等一?下)就?[到来过带去]"
)
_TOLD_NOT_PLANNED = re.compile(
    r"\s?(?:刚|已经?|打过|打了|联系|沟通|聊|加了|报[的过了备]|提交|登记过|发[的过]|看过|来过|说|问|约好|成交|认购|签)"
)


_DECLINED = re.compile(r"\s?(?:来不了|不来|没空|没时间|没法|去不了|不行|不方便|有事)")
_HEADS_A_LIST = re.compile(r"\s?(?:客户|来访|到访|带看)?报备[\s】\]:*#]*(?:\n|$)")
_AHEAD = ("明", "后", "大后", "次")


@dataclass(frozen=True)
class Moment:
    """A visit as said: a day, a part of the day, an hour; each may be missing. ``after`` counts from the message."""

    start: int
    end: int
    day: Day | None = None
    period: str | None = None
    clock: clocks.FoundClock | None = None
    after: timedelta | None = None
    at_once: bool = False

    @property
    def has_hour(self) -> bool:
        """Whether an instant, not only a day, was said."""
        return self.clock is not None or self.after is not None

    @property
    def guessed(self) -> bool:
        """Whether the half of the day, or the hour altogether, was filled in by us."""
        clock = self.clock
        return self.at_once or (clock is not None and clocks.is_guessed(clock.hour, self.period, certain=clock.certain))

    def filled_from(self, other: Moment) -> Moment:
        """This moment with what it lacks taken from another one."""
        if self.after is not None:
            return self
        day, clock = self.day or other.day, self.clock
        period = self.period or (other.period if clock else None)
        if clock is None and other.clock is not None:
            clock, period = other.clock, self.period or other.period
        return replace(self, day=day, clock=clock, period=period)

    def resolve(self, received_at: datetime) -> date | datetime | None:
        """The day, or the instant in Asia/Shanghai, seen from the moment the message came."""
        received = received_at.astimezone(ZONE)
        if self.after is not None:
            return (received + self.after).replace(second=0, microsecond=0)
        day = self.day.meant(received.date()) if self.day else received.date()
        if day is None or self.clock is None:
            return day
        instant = self._at(day)
        if self.day and self.day.weekday_only and instant < received and day == received.date():
            return instant + timedelta(days=7)
        return instant

    def _at(self, day: date) -> datetime:
        assert self.clock is not None
        hour, minute = clocks.on_the_clock(self.clock.hour, self.clock.minute, self.period)
        if clocks.is_guessed(hour, self.period, certain=self.clock.certain):
            hour += 12
        midnight = datetime.combine(day, time(), ZONE)
        return midnight + timedelta(days=hour // 24, hours=hour % 24, minutes=minute)


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    day: FoundDay | None = None
    period: str | None = None
    clock: clocks.FoundClock | None = None


def _pieces(text: str, start: int, end: int) -> list[_Piece]:
    """Days, parts of days and hours in order; of two that overlap the one named first in the list of readings."""
    found = [_Piece(each.start, each.end, day=each) for each in find_days(text, start, end)]
    found += [_Piece(each.start, each.end, clock=each) for each in clocks.find_clocks(text, start, end)]
    found += [_Piece(each.start, each.end, period=each.words) for each in clocks.find_periods(text, start, end)]
    kept: list[_Piece] = []
    for piece in found:
        if all(piece.end <= other.start or piece.start >= other.end for other in kept):
            kept.append(piece)
    return sorted(kept, key=lambda piece: piece.start)


def _grown(moment: Moment, piece: _Piece) -> Moment | None:
    """The moment with one more piece, or None when that place is taken."""
    if piece.day is not None:
        taken = moment.day is not None and not (moment.clock is None and moment.period is None)
        return (
            None if taken or piece.day.day is None else replace(moment, day=moment.day or piece.day.day, end=piece.end)
        )
    if piece.clock is not None:
        return None if moment.clock is not None else replace(moment, clock=piece.clock, end=piece.end)
    return (
        None
        if moment.period is not None or moment.clock is not None
        else replace(moment, period=piece.period, end=piece.end)
    )


def _begun(piece: _Piece) -> Moment:
    day = piece.day.day if piece.day else None
    return Moment(piece.start, piece.end, day=day, period=piece.period, clock=piece.clock)


def _joined(text: str, pieces: list[_Piece], end: int) -> list[tuple[Moment, bool]]:
    """Moments in order, each with whether it lies in the past."""
    moments: list[tuple[Moment, bool]] = []
    for piece in pieces:
        past = piece.day is not None and piece.day.day is None
        if moments and not past:
            last, last_past = moments[-1]
            if piece.start < last.end:
                continue
            adjacent = _FILLER.fullmatch(text, last.end, piece.start) is not None
            grown = _grown(last, piece) if adjacent else None
            if grown is not None:
                moments[-1] = (_closed(text, grown, end), last_past)
                continue
        moments.append((_closed(text, _begun(piece), end), past))
    return moments


def _closed(text: str, moment: Moment, end: int) -> Moment:
    if moment.clock is None:
        compact = (
            clocks.compact_clock(text, moment.end + 1, end)
            if moment.day and text[moment.end : moment.end + 1] in (" ", "_")
            else None
        )
        return replace(moment, clock=compact, end=compact.end) if compact else moment
    stop = clocks.skip_ending(text, moment.end, end)
    return replace(moment, end=stop)


def _stands(moment: Moment) -> bool:
    """一点 without a day or a part of the day is "a little", not an hour."""
    return not (moment.clock and moment.clock.weak and moment.day is None and moment.period is None)


def _told(text: str, moment: Moment) -> bool:
    """Whether it was the hour of something else: 今天报备的, but not 明日报备."""
    if _DECLINED.match(text, moment.end):
        return True
    if _HEADS_A_LIST.match(text, moment.end) and text[: moment.start].rstrip(" 【[*#")[-1:] in ("", "\n"):
        return False
    return not text.startswith(_AHEAD, moment.start) and _TOLD_NOT_PLANNED.match(text, moment.end) is not None


def _length(match: re.Match[str]) -> timedelta | None:
    words, half_before, unit, half_after = match.groups()
    if words == "半":
        amount = 0.5
    else:
        number = float(words) if re.fullmatch(r"\d+(?:\.5)?", words) else read_number(words)
        if number is None:
            return None
        amount = number + (0.5 if half_before or half_after else 0)
    minutes = {"分钟": 1, "min": 1, "刻钟": 15}.get(unit, 60)
    return timedelta(minutes=round(amount * minutes))


def _counted(text: str, start: int, end: int) -> list[Moment]:
    found = []
    for match in _AFTER.finditer(text, start, end):
        length = _length(match)
        if length is not None:
            found.append(Moment(match.start(), match.end(), after=length))
    return found


def find_moments(text: str, start: int, end: int) -> list[Moment]:
    """All moments in ``text[start:end]`` that may be a visit, in order."""
    counted = _counted(text, start, end)
    pieces = [
        piece
        for piece in _pieces(text, start, end)
        if all(piece.end <= each.start or piece.start >= each.end for each in counted)
    ]
    planned = [m for m, past in _joined(text, pieces, end) if not past and _stands(m) and not _told(text, m)]
    return sorted([*counted, *planned], key=lambda moment: moment.start)


def find_at_once(text: str, start: int, end: int) -> list[Moment]:
    """马上到, 在路上: today, when nothing better is said."""
    return [Moment(m.start(), m.end(), at_once=True) for m in _AT_ONCE.finditer(text, start, end)]
