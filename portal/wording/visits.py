"""How visits are spoken of at a site: the stage of a visit, what stands behind a filing at the desk, who is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Project, Registration, Visit
from portal.rules.lead_time import earliest_arrival, in_time, lead_clause
from portal.rules.refusal import Refusal
from portal.rules.standing import standing_at
from portal.rules.visit_stages import steps_of
from portal.wording import times
from portal.wording.durations import closed_up, span
from portal.wording.refusals import Words, describe

#: Each stage of portal.rules.visit_stages as a state of portal/wording/statuses.py and, where it differs, its own word.
STAGES: dict[str, tuple[str, LazyString | None]] = {
    "awaiting_signatures": ("awaiting_signatures", None),
    "declined": ("declined", None),
    "late": ("late", None),
    "awaiting_excuse": ("awaiting_excuse", None),
    "excuse_declined": ("natural", _l("自然到访 · 未获例外")),
    "awaiting_audit": ("awaiting_audit", None),
    "awaiting_sign_off": ("awaiting_sign_off", None),
    "awaiting_entry": ("awaiting_entry", None),
    "entered": ("entered", None),
    "audit_failed": ("audit_failed", None),
    "natural": ("natural", None),
    "refused": ("refused", None),
    "repeat": ("live", _l("再次到访")),
    "unsigned_closed": ("expired", _l("当日未签齐")),
    "void": ("void", None),
}

_STEP_WORDS: dict[str, LazyString] = {
    "desk": _l("前台登记签单"),
    "audit": _l("后台审核"),
    "sign_off": _l("负责人签批"),
    "entry": _l("顾问录入"),
}

#: Whose turn it is in each stage that waits for somebody.
TURNS: dict[str, LazyString] = {
    "awaiting_signatures": _l("等前台签齐带客确认单"),
    "declined": _l("有人拒签，当日改变主意仍可签齐"),
    "late": _l("签齐后可由案场负责人例外批准"),
    "awaiting_excuse": _l("等案场负责人决定是否例外"),
    "awaiting_audit": _l("等案场后台审核"),
    "awaiting_sign_off": _l("等案场负责人签批"),
    "awaiting_entry": _l("等置业顾问录入"),
}

#: The board goes on refreshing itself for a while after closing: the last customers are still being signed in.
_AFTER_CLOSING = timedelta(hours=2)
_BEFORE_OPENING = timedelta(hours=2)


@dataclass(frozen=True)
class DeskLook:
    """A filing at the desk: the state of its chip, whether an arrival now would count, and what to say about time."""

    state: str
    good: bool
    words: str


def desk_look(registration: Registration, now: datetime) -> DeskLook:
    """What reception reads beside a filing. The rules decide at the arrival; this only says what they see now."""
    standing = standing_at(registration.facts(), now)
    if standing.status != "live":
        state = registration.outcome if registration.outcome in {"late", "void"} else standing.status
        return DeskLook(state or standing.status, False, _("现在到访不计入这份报备"))
    if registration.visited_at is not None:
        return DeskLook("live", True, _("再次到访，不重新计时"))
    return _hold_look(registration, now)


def _hold_look(registration: Registration, now: datetime) -> DeskLook:
    zone = registration.project.zone
    lead_time = registration.policy.terms.lead_time
    earliest = earliest_arrival(registration.filed_at, is_local=registration.is_local, lead_time=lead_time, zone=zone)
    since = times.short_moment(earliest, now, zone)
    return DeskLook("held", now >= earliest, _("%(time)s 起有效", time=since))


def lead_words(visit: Visit) -> tuple[bool, str, str]:
    """Whether the filing was in time for the visit, how long before it was made, and the clause (RE-2.2, RE-2.3)."""
    registration = visit.registration
    if registration is None:
        return False, _("没有报备"), "RE-2.4"
    good = in_time(
        registration.filed_at,
        visit.arrived_at,
        is_local=registration.is_local,
        lead_time=registration.policy.terms.lead_time,
        zone=registration.project.zone,
    )
    ahead = span(visit.arrived_at - registration.filed_at)
    where = _("本地") if registration.is_local else _("外地")
    words = closed_up(_("%(where)s，提前 %(span)s", where=where, span=ahead))
    return good, words, lead_clause(registration.is_local)


def is_open_now(project: Project, now: datetime) -> bool:
    """Whether the site is at work, with some time before and after its opening hours."""
    local = now.astimezone(project.zone)
    opens = local.replace(hour=project.opens_at.hour, minute=project.opens_at.minute, second=0)
    closes = local.replace(hour=project.closes_at.hour, minute=project.closes_at.minute, second=0)
    return opens - _BEFORE_OPENING <= local <= closes + _AFTER_CLOSING


def refresh_words(project: Project, now: datetime) -> str:
    """Whether the board refreshes itself, for its corner: since when it stands, from when it will, or no longer."""
    local = now.astimezone(project.zone)
    if is_open_now(project, now):
        return _("%(time)s 已更新", time=times.hour(now, project.zone))
    opens = local.replace(hour=project.opens_at.hour, minute=project.opens_at.minute, second=0)
    if local < opens:
        return _("还没开馆，%(time)s 起自动更新", time=times.hour(opens - _BEFORE_OPENING, project.zone))
    return _("已闭馆，不再自动更新")


def closing_of_day(visit: Visit) -> datetime:
    """The closing time of the visit's day: until then the flow should be finished (RE-3.7)."""
    project = visit.project
    day = visit.arrived_at.astimezone(project.zone)
    return day.replace(hour=project.closes_at.hour, minute=project.closes_at.minute, second=0, microsecond=0)


#: Each kind of portal.queries.site_inbox: its word and the page on which it is decided.
INBOX_KINDS: dict[str, tuple[LazyString, str]] = {
    "audit": (_l("到访审核"), "site.show_audit"),
    "sign_off": (_l("签批"), "site.show_sign_off"),
    "excuse": (_l("过晚例外"), "site.show_excuse"),
    "opinion": (_l("延期意见"), "site.show_extension"),
    "entry": (_l("录入"), "site.show_entry"),
    "classification": (lazy_pgettext("menu", "大宗认定"), "site.show_classification"),
}


def obstacle_words(refusal: Refusal | None) -> Words | None:
    """The three sentences of what stands in the way, None when nothing does."""
    return None if refusal is None else describe(refusal)


def flow_steps(stage: str) -> list[tuple[LazyString, str]]:
    """The flow as ``ui.steps`` takes it."""
    return [(_STEP_WORDS[name], look) for name, look in steps_of(stage)]
