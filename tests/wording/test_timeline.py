"""The time line puts everything where it belongs and lets nothing overlap."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.wording.timeline import Timeline, draw, share_left

DAY = timedelta(days=1)
FILED = datetime(2026, 2, 20, 2, 12, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 2, 20, 16, tzinfo=UTC)
HOLD_END = MIDNIGHT + 7 * DAY
VISIT = FILED + 4 * DAY
VISIT_END = MIDNIGHT + 49 * DAY
EXTENDED = VISIT_END + 45 * DAY


def kinds(line: Timeline) -> list[tuple[str, str]]:
    return [(bar.role, bar.kind) for bar in line.bars]


def test_a_hold_is_one_bar_with_its_seven_days() -> None:
    line = draw(filed_at=FILED, hold_end=HOLD_END, now=FILED + DAY)
    assert kinds(line) == [("hold", "held")]
    assert line.bars[0].days == 7
    assert [end.role for end in line.ends] == ["hold"]


def test_a_visit_replaces_the_rest_of_the_hold() -> None:
    line = draw(filed_at=FILED, hold_end=HOLD_END, visit_at=VISIT, visit_end=VISIT_END, now=VISIT + DAY)
    assert kinds(line) == [("held_until_visit", "held"), ("visit", "live")]
    assert line.bars[1].days == 45
    assert [end.role for end in line.ends] == ["visit"]


def test_an_extension_is_dashed_until_it_is_granted() -> None:
    facts = {"filed_at": FILED, "hold_end": HOLD_END, "visit_at": VISIT, "visit_end": VISIT_END, "ext_end": EXTENDED}
    asked = draw(**facts, now=VISIT_END - DAY, asked_at=VISIT_END - 2 * DAY)
    granted = draw(**facts, now=VISIT_END + DAY, granted=True)
    assert kinds(asked)[-1] == ("extension", "ext")
    assert kinds(granted)[-1] == ("extension", "live")
    assert [event.role for event in asked.events] == ["filed", "visited", "asked"]


def test_an_undecided_extension_keeps_the_line_alive_beyond_the_old_end() -> None:
    facts = {"filed_at": FILED, "hold_end": HOLD_END, "visit_at": VISIT, "visit_end": VISIT_END, "ext_end": EXTENDED}
    waiting = draw(**facts, now=VISIT_END + DAY, asked_at=VISIT_END - DAY, undecided=True)
    refused = draw(**facts, now=VISIT_END + DAY, asked_at=VISIT_END - DAY)
    assert [kind for _role, kind in kinds(waiting)] == ["held", "live", "ext"]
    assert {kind for _role, kind in kinds(refused)} == {"gone"}


def test_what_ran_out_is_grey_from_its_start() -> None:
    line = draw(filed_at=FILED, hold_end=HOLD_END, now=HOLD_END)
    assert kinds(line) == [("hold", "gone")]
    not_yet = draw(filed_at=FILED, hold_end=HOLD_END, now=HOLD_END - timedelta(seconds=1))
    assert kinds(not_yet) == [("hold", "held")]


def test_a_deal_freezes_what_follows_it() -> None:
    frozen = draw(
        filed_at=FILED,
        hold_end=HOLD_END,
        visit_at=VISIT,
        visit_end=VISIT_END,
        now=VISIT_END + 9 * DAY,
        frozen_at=VISIT + DAY,
    )
    assert kinds(frozen) == [("held_until_visit", "held"), ("visit", "live"), ("visit", "frozen")]
    assert frozen.bars[1].days is None


def test_an_early_end_greys_only_what_would_have_followed() -> None:
    ended = draw(
        filed_at=FILED,
        hold_end=HOLD_END,
        visit_at=VISIT,
        visit_end=VISIT_END,
        now=VISIT + 5 * DAY,
        ended_at=VISIT + 3 * DAY,
    )
    assert [kind for _, kind in kinds(ended)] == ["held", "live", "gone"]


@given(
    visited=st.integers(1, 7 * 24 - 1),
    now=st.integers(0, 120 * 24),
    asked=st.none() | st.integers(0, 44 * 24),
    possible=st.booleans(),
)
def test_everything_stays_inside_in_order_and_apart(visited: int, now: int, asked: int | None, possible: bool) -> None:
    hour = timedelta(hours=1)
    line = draw(
        filed_at=FILED,
        hold_end=HOLD_END,
        visit_at=FILED + visited * hour,
        visit_end=VISIT_END,
        ext_end=EXTENDED if possible else None,
        asked_at=VISIT_END - asked * hour if asked is not None else None,
        now=FILED + now * hour,
    )
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 and bar.width >= 0 for bar in line.bars)
    for left, right in zip(line.bars, line.bars[1:], strict=False):
        assert abs(left.x + left.width - right.x) < 0.02
    starts = [event.label_x for event in line.events if event.anchor == "start"]
    assert all(b - a >= 16.9 for a, b in itertools.pairwise(starts))
    assert 0 <= line.now.x <= 100


def test_words_keep_clear_of_the_pin() -> None:
    line = draw(filed_at=FILED, hold_end=HOLD_END, now=FILED + 3 * DAY)
    bar = line.bars[0]
    assert line.now.x in (bar.words_from, bar.words_to)
    assert abs(bar.middle - line.now.x) > 10


def test_the_share_left_is_between_nothing_and_all() -> None:
    assert share_left(MIDNIGHT, MIDNIGHT + 10 * DAY, MIDNIGHT + 4 * DAY) == 60
    assert share_left(MIDNIGHT, MIDNIGHT + 10 * DAY, MIDNIGHT - DAY) == 100
    assert share_left(MIDNIGHT, MIDNIGHT + 10 * DAY, MIDNIGHT + 99 * DAY) == 0
    assert share_left(MIDNIGHT, MIDNIGHT, MIDNIGHT) == 0
