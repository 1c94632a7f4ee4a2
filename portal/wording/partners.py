"""What a change of a distributor's status does, in words, before it is confirmed; and its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.queries.changes import Change
from portal.queries.comebacks import Comeback
from portal.queries.partners import Effects
from portal.rules.partner_states import TRANSITIONS, steps_from
from portal.wording.history import describe
from portal.wording.people import ROLE_WORDS

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """A step about a cooperation: its words, what it does, its clause, its icon; and why it may not be possible."""

    word: LazyString
    confirm: LazyString
    why: LazyString
    not_now: LazyString
    clause: str
    icon: str
    harm: bool = False


#: In the order in which they are offered; the keys are the events of the table D.1.
ACTS: dict[str, Act] = {
    "urge": Act(
        _l("督促"),
        _l("确认督促"),
        _l("照常报备，记入档案，请其赶上约定的目标。"),
        _l("只有合作中的可以督促。"),
        "CH-14.4",
        "bell",
    ),
    "warn": Act(
        _l("警告"),
        _l("确认警告"),
        _l("照常报备，记入档案。"),
        _l("只有合作中、督促中或已降级的可以警告。"),
        "DM-11.3",
        "alert-triangle",
    ),
    "downgrade": Act(
        _l("降级"),
        _l("确认降级"),
        _l("照常报备，记入档案。"),
        _l("警告以后仍不合格的才降级。"),
        "DM-11.3",
        "arrow-down",
    ),
    "recover": Act(
        _l("解除督促、警告或降级"),
        _l("确认解除"),
        _l("已经赶上或考核合格，恢复正常合作。"),
        _l("没有要解除的督促、警告或降级。"),
        "CM-3.5",
        "arrow-up",
    ),
    "suspend": Act(
        _l("暂停合作"),
        _l("确认暂停"),
        _l("不能再报备和申请，已有的保护继续到期满。"),
        _l("只有合作中的分销商可以暂停。"),
        "DM-12.1",
        "player-stop",
    ),
    "reinstate": Act(
        _l("恢复合作"),
        _l("确认恢复"),
        _l("已作废的报备不恢复。"),
        _l("没有暂停、终止或列入黑名单。"),
        "RE-Q46",
        "player-play",
    ),
    "terminate": Act(
        _l("提出终止合作"),
        _l("提出，交另一位同事确认"),
        _l("另一位同事确认后立刻终止，未成交的作废。"),
        _l("合作还没有开始，没有可以终止的。"),
        "DM-12.2",
        "x",
        harm=True,
    ),
    "blacklist": Act(
        _l("终止合作，列入黑名单"),
        _l("确认列入黑名单"),
        _l("登录立刻结束，未成交的报备和保护作废。"),
        _l("已在黑名单或已结案，或还没有签合同。"),
        "RE-5.4",
        "ban",
        harm=True,
    ),
}


#: Why nothing can be terminated once the cooperation is over, by state. A blacklisted partner's contracts run until its file
#: is begun (DM-12.5).
_OVER: dict[str, LazyString] = {
    "blacklisted": _l("已列入黑名单，合作已经停止；合同在建立清退档案时终止。"),
    **dict.fromkeys(("exited", "terminated", "closed"), _l("合作已经结束，合同也已终止或到期。")),
}


def not_now(step: str, status: str) -> LazyString:
    """Why a step is not possible in this state."""
    return _OVER[status] if step == "terminate" and status in _OVER else ACTS[step].not_now


def consequences(step: str, effects: Effects) -> list[Line]:
    """(sentence, clause) of everything that follows from the step, with the numbers of this moment.

    What taking a distributor back brings is ``comes_back``.
    """
    return _STEPS[step](effects)


def comes_back(comeback: Comeback) -> list[Line]:
    """What comes back when the cooperation is taken up again, and what does not (CH-5.7, DM-3.1, DM-12.5, RE-Q46)."""
    return _what_returns(comeback) + _what_does_not(comeback)


def _what_returns(comeback: Comeback) -> list[Line]:
    signs_in = (_("恢复：合作状态；负责人和没有关闭的账号可以登录。"), "DM-12.1")
    if comeback.standing:
        named = "、".join(one.reference for one in comeback.standing)
        return [signs_in, (_("恢复：仍在期内的合同 %(named)s，按它们的项目可以报备。", named=named), "DM-3.1")]
    return [signs_in, (_("没有在期内的合同：签好新合同以前不能报备。"), "DM-3.1")]


def _what_does_not(comeback: Comeback) -> list[Line]:
    lines: list[Line] = []
    if comeback.ended:
        named = "、".join(one.reference for one in comeback.ended)
        lines.append((_("不恢复：已经终止的合同 %(named)s，须双方另签。", named=named), "CH-5.7"))
    if comeback.closed:
        named = "、".join(one.name for one in comeback.closed)
        lines.append((_("不恢复：终止时关闭的账号（%(named)s），须逐个恢复。", named=named), "DM-12.5"))
    lines.append((_("不恢复：已作废的报备，须重新报备。"), "RE-Q46"))
    if comeback.held:
        words = ngettext(
            "不放行：暂缓的 %(num)d 笔佣金，须有人写明理由放行。",
            "不放行：暂缓的 %(num)d 笔佣金，须有人写明理由放行。",
            comeback.held,
        )
        lines.append((words, "RE-Q34"))
    return lines


def offers(status: str) -> tuple[list[str], list[str]]:
    """(what may be done about a cooperation in this state, what may not), as the table D.1 has it."""
    possible = {TRANSITIONS[status, after].event for after in steps_from(status)}
    return [act for act in ACTS if act in possible], [act for act in ACTS if act not in possible]


def told(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The history of the cooperation as ``ui.trail`` takes it."""
    return [
        {
            "at": change.entry.happened_at,
            "words": describe(change.entry.verb, change.entry.facts),
            "clause": change.entry.clause,
            "by": " ".join(str(part) for part in (ROLE_WORDS.get(change.entry.actor_role), change.by) if part),
            "system": change.by is None,
        }
        for change in changes
    ]


def _suspension(effects: Effects) -> list[Line]:
    return [
        (_("从现在起不能报备、申请延期；其人员仍能登录查看。"), "DM-12.1"),
        (_("正在进行的 %(num)d 份报备保护和保护期照常走到期满。", num=effects.voidable), "RE-Q34"),
        (_("已提出的 %(num)d 份延期申请照常决定。", num=effects.requests), "RE-F11"),
    ]


def _blacklisting(effects: Effects) -> list[Line]:
    return [
        (
            ngettext(
                "%(num)d 个账号的登录立刻结束，不能再报备、带客、申请。",
                "%(num)d 个账号的登录立刻结束，不能再报备、带客、申请。",
                effects.people,
            ),
            "RE-5.4",
        ),
        (
            _(
                "作废 %(holds)d 份报备保护、%(protections)d 份保护期，后面的报备依次递补。",
                holds=effects.holds,
                protections=effects.protections,
            ),
            "RE-Q34",
        ),
        (_("%(num)d 份未决的延期申请失效。", num=effects.requests), "RE-F11"),
        (_("%(num)d 份归属已锁定的不受影响。", num=effects.frozen), "RE-Q34"),
    ]


def _urging(effects: Effects) -> list[Line]:
    return [
        (_("照常报备、带客和申请；督促和理由记入档案，负责人和经纪人会收到通知。"), "CH-14.4"),
    ]


def _warning(effects: Effects) -> list[Line]:
    return [
        (_("可以照常报备、带客和申请；警告记入档案。"), "DM-11.3"),
        (_("再次考核不合格的降级或清退；合格的解除警告。"), "DM-11.3"),
    ]


def _downgrading(effects: Effects) -> list[Line]:
    return [
        (_("可以照常报备、带客和申请；降级记入档案。"), "DM-11.3"),
        (_("仍不合格的清退；考核合格的恢复。"), "DM-11.3"),
    ]


def _recovery(effects: Effects) -> list[Line]:
    return [(_("督促、警告或降级解除，恢复正常合作。"), "CM-3.5")]


def _termination(effects: Effects) -> list[Line]:
    return [
        (_("立刻停止报备、带客和申请；合同同时终止。"), "DM-12.2"),
        (
            _(
                "作废 %(holds)d 份报备保护、%(protections)d 份保护期，后面的报备依次递补。",
                holds=effects.holds,
                protections=effects.protections,
            ),
            "DM-12.5",
        ),
        (_("%(num)d 份未决的延期申请失效。", num=effects.requests), "RE-F11"),
        (accounts_close(effects), "DM-12.5"),
        (_("归属已锁定的 %(num)d 份不受影响，其佣金暂缓。", num=effects.frozen), "RE-Q34"),
    ]


def accounts_close(effects: Effects) -> str:
    """What becomes of the accounts when a cooperation ends."""
    return ngettext(
        "%(num)d 个账号里，经纪人的到时关闭；负责人可以登录查看和签字，直到结案。",
        "%(num)d 个账号里，经纪人的到时关闭；负责人可以登录查看和签字，直到结案。",
        effects.people,
    )


_STEPS: dict[str, Callable[[Effects], list[Line]]] = {
    "urge": _urging,
    "warn": _warning,
    "downgrade": _downgrading,
    "recover": _recovery,
    "terminate": _termination,
    "suspend": _suspension,
    "blacklist": _blacklisting,
}
