"""What the front desk reads before an arrival is registered that would come out as natural (RE-2.4, RE-2.9, RE-Q2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from portal.rules.lead_time import lead_clause
from portal.rules.refusal import Refusal
from portal.services.lapsed_arrivals import LapsedArrival
from portal.services.late_arrivals import LateArrival
from portal.services.reception import Question
from portal.wording import times
from portal.wording.durations import span


@dataclass(frozen=True)
class LateWords:
    """``short_by`` to the second below a day, the first instant in time, the clause that sets it, what a leader may do."""

    short_by: str
    earliest: str
    clause: str
    excuse: str


@dataclass(frozen=True)
class LapsedWords:
    """When the protection ended and the clause; whether a new filing is possible and from when on it would count.

    ``instead`` is the number of a running filing of the same customer, to be registered in its place.
    """

    until: str
    clause: str
    without_visit: bool
    again: str
    again_clause: str | None
    lead_clause: str
    instead: str


def desk_question(asked: Question) -> LateWords | LapsedWords:
    """The parts of the question."""
    return late_words(asked) if isinstance(asked, LateArrival) else lapsed_words(asked)


def lapsed_words(lapsed: LapsedArrival) -> LapsedWords:
    """The parts of the question about a filing whose time is over (RE-2.9, RE-2.10, RE-2.12)."""
    registration, obstacle = lapsed.registration, lapsed.obstacle
    zone = registration.project.zone
    return LapsedWords(
        until=times.until(lapsed.ended_at, zone),
        clause=lapsed.clause,
        without_visit=registration.visited_at is None,
        again=_again(lapsed, obstacle),
        again_clause="RE-Q8" if obstacle is None else obstacle.clause,
        lead_clause="" if obstacle is not None else lead_clause(registration.is_local),
        instead=str(obstacle.facts["reference"]) if obstacle is not None and obstacle.reason == "already_filed" else "",
    )


def _again(lapsed: LapsedArrival, obstacle: Refusal | None) -> str:
    zone = lapsed.registration.project.zone
    if obstacle is None:
        earliest = times.second(lapsed.earliest, zone)
        return _(
            "经纪人现在就可以重新报备，不用等。现在报备的，%(earliest)s 起到访算数，到时登记新的那份。",
            earliest=earliest,
        )
    if obstacle.reason == "already_filed":
        return _("这家分销商已经重新报备，请登记 %(reference)s。", reference=obstacle.facts["reference"])
    if obstacle.reason == "cooling_off":
        return _("%(time)s 起才能重新报备。", time=times.second(obstacle.facts["free_at"], zone))
    return _("这家分销商现在不能报备。")


def late_words(late: LateArrival) -> LateWords:
    """The parts of the question about a filing made too late."""
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
