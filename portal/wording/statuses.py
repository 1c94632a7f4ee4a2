"""Status chips: one colour and one icon per meaning in every object, and the word of each state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

ICONS = {
    "held": "bookmark",
    "live": "shield-check",
    "soon": "hourglass-low",
    "frozen": "lock",
    "waiting": "progress",
    "expired": "clock-off",
    "refused": "circle-x",
    "void": "ban",
}
"""The eight looks (class and icon); a state has one of them."""


@dataclass(frozen=True)
class Look:
    """How a state is shown: the class of the chip, its icon and its word."""

    css: str
    icon: str
    word: LazyString | str


_STATES: dict[str, tuple[str, LazyString]] = {
    # registrations
    "held": ("held", _p("status", "报备保护")),
    "hold_soon": ("soon", _l("报备 · 快到期")),
    "live": ("live", _l("保护期内")),
    "visited": ("live", _l("保护期内")),
    "protected": ("live", _l("保护期内")),
    "protection_soon": ("soon", _l("保护期 · 快到期")),
    "extension_running": ("live", _l("延期中")),
    "extended": ("live", _l("延期中")),
    "soon": ("soon", _l("快到期")),
    "frozen": ("frozen", _l("归属已锁定")),
    "expired": ("expired", _l("已过期")),
    "late": ("refused", _l("报备过晚")),
    "refused": ("refused", _l("不符合条件")),
    "void": ("void", _l("已作废")),
    # visits
    "waiting": ("waiting", _l("待处理")),
    "expected": ("held", _l("预计到访")),
    "awaiting_signatures": ("waiting", _l("待签字")),
    "awaiting_excuse": ("waiting", _l("待负责人")),
    "awaiting_audit": ("waiting", _l("待审核")),
    "awaiting_sign_off": ("waiting", _l("待签批")),
    "awaiting_entry": ("waiting", _l("待录入")),
    "awaiting_classification": ("waiting", _l("待认定大宗")),
    "entered": ("frozen", _l("已录入")),
    "audit_failed": ("refused", _l("审核不通过")),
    "natural": ("refused", _l("自然到访")),
    "declined": ("refused", _l("拒签")),
    # extensions
    "awaiting_opinion": ("waiting", _l("待案场意见")),
    "awaiting_decision": ("waiting", _l("待渠道部决定")),
    "approved": ("live", _l("已同意")),
    "rejected": ("refused", _l("已拒绝")),
    "withdrawn": ("expired", _l("已撤回")),
    # distributors, projects and accounts
    "active": ("live", _l("合作中")),
    "contracted": ("waiting", _l("已签约待启用")),
    "urged": ("waiting", _l("督促中")),
    "warned": ("waiting", _l("已警告")),
    "downgraded": ("waiting", _l("已降级")),
    "exit_requested": ("waiting", _l("申请退出")),
    "suspended": ("refused", _l("已暂停")),
    "blacklisted": ("void", _l("黑名单")),
    "exited": ("expired", _l("已退出")),
    "terminated": ("void", _l("已终止")),
    "closed": ("expired", _l("已结清关闭")),
    "enabled": ("live", _l("可用")),
    "disabled": ("expired", _l("已停用")),
    "locked_out": ("refused", _l("已锁定")),
    # documents and jobs
    "queued": ("waiting", _l("排队中")),
    "running": ("waiting", _l("进行中")),
    "done": ("frozen", _l("已完成")),
    "issued": ("frozen", _l("已签发")),
    "failed": ("refused", _l("失败")),
    "draft": ("expired", _l("草稿")),
}


def look_of(state: str | Enum, word: str | LazyString | None = None, css: str | None = None) -> Look:
    """The look of a state; ``word`` replaces its usual word (已签 2/3), ``css`` its look. KeyError for an unknown state."""
    name = str(state.value if isinstance(state, Enum) else state)
    shown, usual = _STATES[name]
    chosen = css or shown
    return Look(chosen, ICONS[chosen], word or usual)


def states() -> tuple[str, ...]:
    """Every state that has a word, for the gallery and for tests."""
    return tuple(_STATES)
