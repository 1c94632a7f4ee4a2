"""Dates and durations are said as people say them, and never a minute more than there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.wording import durations, times

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 4, 7, 14, 32, 5, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[arg-type, misc]


def test_an_exclusive_end_reads_as_the_last_covered_minute() -> None:
    assert times.until(at(2026, 4, 11, 0, 0)) == "2026-04-10 23:59"
    assert times.short_until(at(2026, 4, 11, 0, 0), NOW) == "04-10 23:59"
    assert times.short_until(at(2027, 1, 1, 0, 0), NOW) == "12-31 23:59"


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (at(2026, 4, 7, 14, 21), "14:21"),
        (at(2026, 4, 6, 23, 59), "04-06 23:59"),
        (at(2025, 12, 31, 23, 59), "2025-12-31 23:59"),
        (at(2027, 1, 1, 0, 0), "2027-01-01 00:00"),
    ],
)
def test_today_by_hour_this_year_by_day_other_years_in_full(instant: datetime, words: str) -> None:
    assert times.short_moment(instant, NOW) == words


def test_the_zone_decides_which_day_it_is() -> None:
    late = datetime(2026, 4, 7, 20, 0, tzinfo=UTC)
    assert times.date(late) == "2026-04-08"
    assert times.date(late, ZoneInfo("Europe/London")) == "2026-04-07"
    assert times.machine(late) == "2026-04-08T04:00:00+08:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        times.moment(datetime(2026, 4, 7))


@pytest.mark.parametrize(
    ("length", "chinese", "english"),
    [
        (38 * DAY + timedelta(hours=9, minutes=27), "38 天 9 小时", "38 days 9 h"),
        (DAY + timedelta(hours=9), "1 天 9 小时", "1 day 9 h"),
        (6 * DAY + timedelta(minutes=59), "6 天", "6 days"),
        (timedelta(hours=1, minutes=28, seconds=59), "1 小时 28 分", "1 h 28 min"),
        (timedelta(hours=2), "2 小时", "2 h"),
        (timedelta(minutes=28), "28 分钟", "28 min"),
        (timedelta(seconds=59), "不到 1 分钟", "under a minute"),
        (timedelta(seconds=-5), "不到 1 分钟", "under a minute"),
    ],
)
def test_two_units_at_most(reading, length: timedelta, chinese: str, english: str) -> None:
    with reading("zh_Hans_CN"):
        assert durations.span(length) == chinese
    with reading("en"):
        assert durations.span(length) == english


@given(st.integers(min_value=0, max_value=400 * 24 * 3600))
def test_nobody_is_promised_more_than_is_left(seconds: int) -> None:
    words = durations.span(timedelta(seconds=seconds)).replace("不到 1 分钟", "0 分").split()
    minutes = {"天": 1440, "小时": 60, "分": 1, "分钟": 1}
    promised = sum(int(words[i]) * minutes[words[i + 1]] for i in range(0, len(words), 2))
    assert promised * 60 <= seconds
    assert seconds - promised * 60 < 86400


def test_the_countdown_turns_orange_then_red(reading) -> None:
    end = at(2026, 4, 11, 0, 0)
    with reading("zh_Hans_CN"):
        plain = durations.countdown(end, NOW, soon_within=2 * DAY)
        soon = durations.countdown(end, NOW, soon_within=7 * DAY)
        over = durations.countdown(end, at(2026, 4, 13, 9, 0))
    assert (plain.text, plain.tone, plain.until) == ("还剩 3 天 9 小时", "", "2026-04-10 23:59")
    assert plain.machine == "2026-04-10T23:59:59+08:00"
    assert soon.tone == "soon"
    assert (over.text, over.tone) == ("已超 2 天", "over")


def test_chinese_stands_beside_chinese_without_a_space(reading) -> None:
    end = at(2026, 4, 11, 0, 0)
    with reading("zh_Hans_CN"):
        assert durations.left(end, end - timedelta(seconds=1)) == "还剩不到 1 分钟"
        assert durations.left(end, end) == "已超不到 1 分钟"
        assert durations.left(end, end - timedelta(minutes=5)) == "还剩 5 分钟"


def test_at_the_very_end_the_time_is_over(reading) -> None:
    end = at(2026, 4, 11, 0, 0)
    with reading("en"):
        assert durations.countdown(end, end).tone == "over"
        assert durations.countdown(end, end - timedelta(seconds=1)).text == "under a minute left"
        assert durations.left(end, end + 2 * DAY) == "2 days late"


def test_near_days_have_names(reading) -> None:
    with reading("zh_Hans_CN"):
        assert durations.day_word(at(2026, 4, 7, 16, 0), NOW) == "今天 16:00"
        assert durations.day_word(at(2026, 4, 8, 9, 30), NOW) == "明天 09:30"
        assert durations.day_word(at(2026, 4, 6, 11, 20), NOW) == "昨天 11:20"
        assert durations.day_word(at(2026, 4, 9, 11, 20), NOW) == "04-09 11:20"
