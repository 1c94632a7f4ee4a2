"""How long is left, as people say it: two units at most, rounded down, so that nobody is promised a minute too much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.wording import times

_BETWEEN_CHINESE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Countdown:
    """``text`` ("还剩 3 天 9 小时"), its ``tone`` ("", "soon", "over"), and the end in people's and the machine's spelling."""

    text: str
    tone: str
    until: str
    machine: str


def _days(count: int) -> str:
    return str(ngettext("%(num)d 天", "%(num)d 天", count))


def span(length: timedelta, units: int = 2) -> str:
    """3 天 9 小时; under a day hours and minutes; under an hour minutes; under a minute says so.

    A second unit of zero is left out. ``units=1`` keeps only the first: "已超 2 天".
    """
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        parts = [_days(days), _("%(num)d 小时", num=hours) if hours else ""]
    elif hours:
        parts = [_("%(num)d 小时", num=hours), _("%(num)d 分", num=minutes) if minutes else ""]
    elif minutes:
        parts = [_("%(num)d 分钟", num=minutes)]
    else:
        parts = [_("不到 1 分钟")]
    return " ".join(part for part in parts[:units] if part)


def closed_up(words: str) -> str:
    """A sentence around a span: Chinese stands beside Chinese without a space, 等了不到 1 分钟, but 等了 3 分钟."""
    return _BETWEEN_CHINESE.sub("", words)


def left(end: datetime, now: datetime) -> str:
    """还剩 3 天 9 小时 while ``now`` lies before the exclusive ``end``, 已超 2 天 from then on."""
    if now < end:
        return closed_up(_("还剩 %(span)s", span=span(end - now)))
    return closed_up(_("已超 %(span)s", span=span(now - end, units=1)))


def countdown(
    end: datetime, now: datetime, *, soon_within: timedelta | None = None, zone: ZoneInfo = times.PORTAL_ZONE
) -> Countdown:
    """Everything that the countdown shows. ``soon_within`` is the reminder time of what is counted (policy)."""
    tone = "over" if now >= end else "soon" if soon_within is not None and end - now <= soon_within else ""
    return Countdown(left(end, now), tone, times.until(end, zone), times.machine(times.last_covered(end), zone))


def day_word(instant: datetime, now: datetime, zone: ZoneInfo = times.PORTAL_ZONE) -> str:
    """今天 16:00, 明天 09:30, 昨天 11:20, else 04-10 16:00."""
    gap = (times.in_zone(instant, zone).date() - times.in_zone(now, zone).date()).days
    clock = times.hour(instant, zone)
    near = {
        0: lambda: _("今天 %(clock)s", clock=clock),
        1: lambda: _("明天 %(clock)s", clock=clock),
        -1: lambda: _("昨天 %(clock)s", clock=clock),
    }
    return str(near[gap]()) if gap in near else times.short_moment(instant, now, zone)
