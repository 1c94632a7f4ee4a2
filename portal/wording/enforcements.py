"""Enforcements in words: what was decided, each step of it, what became of the registrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Enforcement, EnforcementEffect, EnforcementStep

KINDS: dict[str, LazyString] = {
    "suspend": _l("暂停合作"),
    "blacklist": _l("终止合作，列入黑名单"),
    "terminate": _l("终止合作"),
    "exit": _l("退出合作"),
    "reinstate": _l("恢复合作"),
}
_REFUSED = _l("报备、带客、申请一律拒收")
_DOORS: dict[str, LazyString] = {"suspend": _l("不再收报备和申请"), "reinstate": _l("重新收报备和申请")}
_KEPT: dict[str, LazyString] = {"suspend": _l("正在进行的照常到期")}
_STEPS: dict[str, LazyString] = {
    "sessions": _l("登录会话全部结束"),
    "void": _l("正在进行的报备保护、保护期作废"),
    "lapse": _l("未决的延期申请失效"),
    "keep": _l("归属已锁定的不受影响"),
    "hold": _l("已有成交的佣金暂缓，等指定人员决定"),
    "stay_void": _l("以前作废的不恢复，须重新报备"),
    "move_up": _l("后面的报备递补，名次已更新"),
    "tell_partner": _l("通知对方人员"),
    "tell_sites": _l("通知有关项目的案场负责人和后台"),
}
_PEOPLE = frozenset({"tell_partner", "tell_sites"})
_ACCOUNTS = frozenset({"door", "sessions"})
EFFECTS: dict[str, LazyString] = {
    "voided": _l("作废"),
    "lapsed": _l("延期失效"),
    "kept": _l("不受影响"),
    "moved_up": _l("递补"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step as the page shows it; ``effect`` is the list of registrations that it leads to."""

    step: EnforcementStep
    words: str
    number: str
    effect: str | None


def lines_of(enforcement: Enforcement) -> list[Line]:
    """Every step in its order."""
    leads = {"void": "voided", "lapse": "lapsed", "keep": "kept", "move_up": "moved_up"}
    return [
        Line(step, _words(enforcement.kind, step.step), _number(step), leads.get(step.step) if step.count else None)
        for step in enforcement.steps
    ]


def word_of(enforcement: Enforcement) -> str:
    """What was decided."""
    return str(KINDS[enforcement.kind])


def place_of(effect: EnforcementEffect) -> str:
    """From which place to which; nothing for those that have no place any more."""
    if effect.rank_after is None:
        return ""
    return _("第 %(before)d 位 → 第 %(after)d 位", before=effect.rank_before, after=effect.rank_after)


def pills_of(counts: dict[str, int]) -> Sequence[tuple[str, LazyString, int]]:
    """The effects that there are, with their words and numbers."""
    return [(effect, word, counts[effect]) for effect, word in EFFECTS.items() if counts[effect]]


def _words(kind: str, step: str) -> str:
    if step == "door":
        return str(_DOORS.get(kind, _REFUSED))
    return str(_KEPT.get(kind, _STEPS[step]) if step == "keep" else _STEPS[step])


def _number(step: EnforcementStep) -> str:
    if step.count is None:
        return ""
    if step.step in _ACCOUNTS:
        return ngettext("%(num)d 个账号", "%(num)d 个账号", step.count)
    if step.step in _PEOPLE:
        return _("%(num)d 人次", num=step.count)
    if step.step == "hold":
        return ngettext("%(num)d 宗", "%(num)d 宗", step.count)
    return _("%(num)d 份", num=step.count)
