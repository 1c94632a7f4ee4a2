"""What the front desk reads before an arrival on a late filing is registered (RE-2.4, RE-Q2, RE-Q4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from portal.rules.lead_time import lead_clause
from portal.services.late_arrivals import LateArrival
from portal.wording import times
from portal.wording.durations import span


@dataclass(frozen=True)
class LateWords:
    """``short_by`` to the second below a day, the first instant in time, the clause that sets it, what a leader may do."""

    short_by: str
    earliest: str
    clause: str
    excuse: str


def late_arrival_words(late: LateArrival) -> LateWords:
    """The parts of the question."""
    registration = late.registration
    return LateWords(
        exact_span(late.short_by),
        times.second(late.earliest, registration.project.zone),
        lead_clause(registration.is_local),
        _excuse(late.excusable),
    )


def exact_span(length: timedelta) -> str:
    """59 分钟 59 秒: to the second within the hour, where the second decides; above it as ``span``."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    if minutes >= 60:
        return span(length)
    parts = [
        _("%(num)d 分钟", num=minutes) if minutes else "",
        _("%(num)d 秒", num=seconds) if seconds or not minutes else "",
    ]
    return " ".join(part for part in parts if part)


def _excuse(excusable: bool) -> str:
    if excusable:
        return _("登记为自然到访后，带客确认单签齐的，案场负责人可以写明原因例外批准，保护从这次到访起算。")
    return _("登记为自然到访后，本项目的规则不允许例外批准。")
