"""The protection time line as plain geometry: where each bar, ring and label stands, in per cent of the width.

One drawing serves every width. Pure: instants in, positions out; the words are the macro's (templates/macros/timeline.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_MARGIN = 4.0
_LABEL_GAP = 17.0
_ROOM_FOR_WORDS = 16.0


@dataclass(frozen=True)
class Bar:
    """A stretch of time. ``kind`` is its look: held, live, ext (possible or asked), frozen, gone.

    ``days`` is the counted length of a whole period (the starting day does not count, GD-2), None for a part of one.
    """

    kind: str
    role: str
    x: float
    width: float
    days: int | None
    words_from: float
    words_to: float

    @property
    def middle(self) -> float:
        """Where its words stand: the middle of the longer part beside the pin of now."""
        return round((self.words_from + self.words_to) / 2, 2)

    @property
    def has_room(self) -> bool:
        """Whether words fit inside at 390 pixels."""
        return self.words_to - self.words_from >= _ROOM_FOR_WORDS


@dataclass(frozen=True)
class Point:
    """An instant on the line: an event (filed, visited, asked, frozen), an end (hold, visit, extension) or now.

    ``x`` is where it is, ``label_x`` where its words start, so that two neighbours do not overlap.
    """

    role: str
    at: datetime
    x: float
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Timeline:
    """Everything there is to draw."""

    bars: tuple[Bar, ...]
    events: tuple[Point, ...]
    ends: tuple[Point, ...]
    now: Point


def draw(
    *,
    filed_at: datetime,
    hold_end: datetime,
    now: datetime,
    visit_at: datetime | None = None,
    visit_end: datetime | None = None,
    ext_end: datetime | None = None,
    granted: bool = False,
    asked_at: datetime | None = None,
    frozen_at: datetime | None = None,
    ended_at: datetime | None = None,
    undecided: bool = False,
) -> Timeline:
    """Place a registration's life between filing and its last possible end (RE-2.8, 2.10, 2.11).

    Ends are exclusive bounds. ``ext_end`` is where an extension ends that is possible or asked for, or, with ``granted``,
    decided. ``frozen_at`` is the deal event, ``ended_at`` an end before its time (voided, audit failed).
    ``undecided``: an extension asked for in time holds the customer beyond the old end (RE-Q10).
    """
    stretches = _stretches(filed_at, hold_end, visit_at, visit_end, ext_end, granted)
    scale = _Scale(filed_at, max([stretch[3] for stretch in stretches] + [now]), now)
    cut = _cut(stretches, now, frozen_at, ended_at, undecided)
    happened = (("filed", filed_at), ("visited", visit_at), ("asked", asked_at), ("frozen", frozen_at))
    return Timeline(
        bars=tuple(bar for stretch in stretches for bar in _bars(stretch, scale, cut)),
        events=_spread([_point(role, at, scale) for role, at in happened if at is not None]),
        ends=tuple(_point(role, end, scale) for role, _, _, end in stretches if role != "held_until_visit"),
        now=_point("now", now, scale),
    )


_Stretch = tuple[str, str, datetime, datetime]


def _stretches(
    filed_at: datetime,
    hold_end: datetime,
    visit_at: datetime | None,
    visit_end: datetime | None,
    ext_end: datetime | None,
    granted: bool,
) -> list[_Stretch]:
    """(role, look, start, end) of each period. The visit ends the hold's own stretch: from then on the visit protects."""
    if visit_at is None or visit_end is None:
        return [("hold", "held", filed_at, hold_end)]
    found: list[_Stretch] = [("held_until_visit", "held", filed_at, visit_at), ("visit", "live", visit_at, visit_end)]
    if ext_end is not None:
        found.append(("extension", "live" if granted else "ext", visit_end, ext_end))
    return found


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime
    now: datetime

    def at(self, instant: datetime) -> float:
        length = (self.end - self.start).total_seconds() or 1.0
        share = (instant - self.start).total_seconds() / length
        return round(_MARGIN + share * (100 - 2 * _MARGIN), 2)


_Cut = tuple[datetime, str] | None


def _cut(
    stretches: list[_Stretch], now: datetime, frozen_at: datetime | None, ended_at: datetime | None, undecided: bool
) -> _Cut:
    """From when on the bars look frozen or gone. A line whose time has run out is gone from its start."""
    if frozen_at is not None:
        return frozen_at, "frozen"
    if ended_at is not None:
        return ended_at, "gone"
    running_end = max(end for _, kind, _, end in stretches if undecided or kind != "ext")
    return (stretches[0][2], "gone") if now >= running_end else None


def _bars(stretch: _Stretch, scale: _Scale, cut: _Cut) -> list[Bar]:
    role, kind, start, end = stretch
    if cut is None or cut[0] >= end:
        return [_bar(role, kind, start, end, scale, (end - start).days)]
    if cut[0] <= start:
        return [_bar(role, cut[1], start, end, scale)]
    return [_bar(role, kind, start, cut[0], scale), _bar(role, cut[1], cut[0], end, scale)]


def _bar(role: str, kind: str, start: datetime, end: datetime, scale: _Scale, days: int | None = None) -> Bar:
    x, right, pin = scale.at(start), scale.at(end), scale.at(scale.now)
    beside = ((x, right),) if not x < pin < right else ((x, pin), (pin, right))
    words_from, words_to = max(beside, key=lambda part: part[1] - part[0])
    return Bar(kind, role, x, round(right - x, 2), days, words_from, words_to)


def _point(role: str, at: datetime, scale: _Scale) -> Point:
    x = scale.at(at)
    anchor = "start" if x < 18 else "end" if x > 82 else "middle"
    return Point(role, at, x, x, anchor)


def _spread(points: list[Point]) -> tuple[Point, ...]:
    """Push each label right of its neighbour's; a label that would leave the drawing stands at its end instead."""
    placed: list[Point] = []
    for point in sorted(points, key=lambda point: point.x):
        least = placed[-1].label_x + _LABEL_GAP if placed else 0.0
        label_x = max(point.x, least)
        anchor = "start"
        if label_x > 100 - _LABEL_GAP:
            label_x, anchor = 100.0, "end"
        placed.append(Point(point.role, point.at, point.x, round(label_x, 2), anchor))
    return tuple(placed)


def share_left(start: datetime, end: datetime, now: datetime) -> int:
    """Whole per cent of the period [start, end) that is left, for the thin bar under a countdown."""
    length = (end - start).total_seconds()
    if length <= 0:
        return 0
    return max(0, min(100, round(100 * (end - now).total_seconds() / length)))
