"""How a distributor reads where its registration stands: the chip, how long is left, and what comes next, with its clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from portal.models import Registration, Visit
from portal.rules import classification
from portal.rules.customer_states import state_of
from portal.rules.endings import soon_within
from portal.rules.lead_time import lead_clause
from portal.rules.periods import local_date
from portal.rules.policies import Policy as Terms
from portal.rules.standing import stage_of
from portal.rules.visit_stages import VisitState
from portal.rules.visit_stages import stage_of as visit_stage_of
from portal.services.registrations import earliest_valid_arrival
from portal.wording import durations, times


@dataclass(frozen=True, slots=True)
class Case:
    """A registration with what its sentences need. ``visit`` is its latest visit."""

    registration: Registration
    visit: Visit | None
    now: datetime

    @property
    def terms(self) -> Terms:
        return self.registration.policy.terms

    @property
    def earliest_arrival(self) -> datetime:
        return earliest_valid_arrival(self.registration, self.registration.project, self.terms)

    def day(self, instant: datetime) -> str:
        return durations.day_word(instant, self.now, self.registration.project.zone)

    def end(self, exclusive: datetime) -> str:
        return times.short_until(exclusive, self.now, self.registration.project.zone)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a row, card or header.

    ``ends_at`` is the exclusive end to count down to, None where ``line`` says it in words. ``next`` is one sentence with
    the clause ``clause``. ``look`` is the colour of the thin bar.
    """

    state: str
    starts_at: datetime
    ends_at: datetime | None
    soon: timedelta
    line: str
    next: str
    clause: str | None

    @property
    def look(self) -> str:
        return {"held": "held", "hold_soon": "soon", "protection_soon": "soon"}.get(self.state, "live")


def shown(registration: Registration, visit: Visit | None, now: datetime) -> Shown:
    """The standing of ``registration`` at ``now``; its project and policy must be loaded."""
    case = Case(registration, visit, now)
    facts = registration.facts()
    soon = soon_within(stage_of(facts), case.terms.reminders)
    state = state_of(facts, now, soon, _visit_stage(case))
    said, clause = _NEXT[state](case)
    line = _LINES[state](case) if state in _LINES else ""
    end = None if line else _stated_end(registration)
    return Shown(state, _start(registration), end, soon, line, said, clause)


def _stated_end(registration: Registration) -> datetime:
    """An extension that nobody has granted yet is promised to nobody: until then the original end is what counts (RE-Q10)."""
    if registration.extension_ends_at is None and registration.visit_ends_at is not None:
        return registration.visit_ends_at
    return registration.ends_at


def _start(registration: Registration) -> datetime:
    if registration.extension_ends_at is not None and registration.visit_ends_at is not None:
        return registration.visit_ends_at
    return registration.visited_at or registration.filed_at


def _visit_stage(case: Case) -> str | None:
    visit, registration = case.visit, case.registration
    if visit is None:
        return None
    zone = registration.project.zone
    return visit_stage_of(
        VisitState(
            result=visit.result,
            clause=visit.clause,
            outcome=registration.outcome,
            same_day=local_date(visit.arrived_at, zone) == local_date(case.now, zone),
            signed=visit.signed_at is not None,
            audit_result=visit.audit_result,
            signed_off=visit.leader_signed_at is not None,
            entered=visit.entered_at is not None,
            in_hold=visit.arrived_at < registration.hold_ends_at,
        )
    )


Said = tuple[str, str | None]


def _held(case: Case) -> Said:
    registration = case.registration
    clause = lead_clause(registration.is_local)
    valid = case.earliest_arrival
    planned = registration.planned_visit_at
    if planned is not None and planned > case.now and planned >= valid:
        return _("%(when)s 到访，%(valid)s 起有效", when=case.day(planned), valid=case.day(valid)), clause
    if valid > case.now:
        return _("%(when)s 起到访有效", when=case.day(valid)), clause
    return _("还没有到访，带客到访后保护 %(days)d 天", days=case.terms.protection.days), "RE-2.10"


def _hold_soon(case: Case) -> Said:
    return _("还没有到访。到期不能延长"), "RE-2.9"


def _live(case: Case) -> Said:
    registration = case.registration
    if registration.is_bulk:
        return _("大宗客户，可申请延期 %(days)d 天", days=case.terms.extension.days), "RE-2.11"
    if registration.is_bulk is None and registration.visited_at is not None:
        due = classification.due_at(
            registration.visited_at, case.terms.classification_due_days, registration.project.zone
        )
        if case.now <= due:
            return _(
                "案场 %(due)s 前认定是否大宗", due=times.short_date(due, case.now, registration.project.zone)
            ), "RE-2.7"
        return _("案场还没有认定是否大宗"), "RE-2.7"
    return _("非大宗客户，到期不延长"), "RE-2.11"


def _extended(case: Case) -> Said:
    return _("已延期，最长 %(days)d 天", days=case.terms.extension.cap_days), "RE-2.12"


def _asked(case: Case) -> Said:
    return _("等渠道部决定延期，期间继续受保护"), "RE-2.11"


def _with_site(who: Callable[[], str]) -> Callable[[Case], Said]:
    return lambda case: (who(), "RE-3.7")


def _expired(case: Case) -> Said:
    clause = {"hold": "RE-2.9", "visit": "RE-2.10", "extended": "RE-2.12"}[stage_of(case.registration.facts())]
    return _("可以重新报备"), clause


def _late(case: Case) -> Said:
    clause = case.registration.outcome_clause
    return (_("本地客户须提前报备") if case.registration.is_local else _("外地客户须提前一天报备")), clause


def _ended(case: Case) -> Said:
    return _("有疑问请联系案场"), case.registration.outcome_clause


def _frozen(case: Case) -> Said:
    return _("归属不再变动"), None


_NEXT: dict[str, Callable[[Case], Said]] = {
    "held": _held,
    "hold_soon": _hold_soon,
    "live": _live,
    "protection_soon": _live,
    "extended": _extended,
    "awaiting_decision": _asked,
    "awaiting_signatures": _with_site(lambda: _("请客户、经纪人和前台在带客确认单上签字")),
    "awaiting_audit": _with_site(lambda: _("等案场后台审核，快慢不影响保护")),
    "awaiting_sign_off": _with_site(lambda: _("等案场负责人签批，快慢不影响保护")),
    "awaiting_entry": _with_site(lambda: _("等置业顾问录入，快慢不影响保护")),
    "expired": _expired,
    "late": _late,
    "refused": _ended,
    "audit_failed": _ended,
    "void": _ended,
    "frozen": _frozen,
}


def _after_visit(case: Case) -> str:
    arrived, end = case.registration.visited_at, case.registration.visit_ends_at
    if arrived is None or end is None:
        return _("%(when)s 到访，待签字", when=case.day(case.visit.arrived_at)) if case.visit else ""
    return _("%(when)s 到访，通过后至 %(end)s", when=case.day(arrived), end=case.end(end))


def _expired_line(case: Case) -> str:
    end = case.end(case.registration.ends_at)
    if case.registration.visited_at is None:
        return _("%(end)s 到期，未到访", end=end)
    return _("%(end)s 到期", end=end)


def _outcome_day(case: Case) -> str:
    at = case.registration.outcome_at or case.now
    return times.short_date(at, case.now, case.registration.project.zone)


def _undecided_line(case: Case) -> str:
    """Nothing while the original end can be counted down to; after it the customer stays protected all the same."""
    end = _stated_end(case.registration)
    return "" if case.now < end else _("%(end)s 到期，决定之前继续受保护", end=case.end(end))


def _frozen_line(case: Case) -> str:
    at = case.registration.frozen_at or case.now
    return _("%(day)s 锁定", day=times.short_date(at, case.now, case.registration.project.zone))


_LINES: dict[str, Callable[[Case], str]] = {
    "awaiting_signatures": _after_visit,
    "awaiting_audit": _after_visit,
    "awaiting_sign_off": _after_visit,
    "awaiting_entry": _after_visit,
    "expired": _expired_line,
    "late": lambda case: _("%(day)s 到访，列为自然到访", day=_outcome_day(case)),
    "refused": lambda case: _("%(day)s 不符合条件", day=_outcome_day(case)),
    "audit_failed": lambda case: _("%(day)s 审核不通过", day=_outcome_day(case)),
    "void": lambda case: _("%(day)s 作废", day=_outcome_day(case)),
    "frozen": _frozen_line,
    "awaiting_decision": _undecided_line,
}
