"""Delegations in words: what is delegated, how one stands, what history and notices say (DO-Q2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Delegation, User
from portal.rules.delegations import state_at
from portal.services.delegations import may_take_back

MATTERS: dict[str, LazyString] = {
    "department_signature": _l("部门经理签批分销商申请"),
    "general_signature": _l("总经理签批分销商申请"),
}
#: State -> the look of its chip and its word.
STATES: dict[str, tuple[str, LazyString]] = {
    "coming": ("held", _l("未到日期")),
    "standing": ("live", _l("生效中")),
    "ended": ("void", _l("已收回")),
    "over": ("expired", _l("已到期")),
    "lapsed": ("refused", _l("已失效")),
}
HISTORY: dict[str, LazyString] = {
    "delegation.made": _l("授权 %(reference)s：%(matter)s，到 %(until)s。"),
    "delegation.ended": _l("收回授权 %(reference)s：%(matter)s。"),
    "application.signed_for": _l("受托代%(role)s签批：%(approved)s，授权 %(delegation)s。"),
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "delegation.made": (
        _l("授权 %(reference)s 已登记。"),
        _l("到 %(until)s 为止，代理人以自己的名义代签，纸面写明两个人。"),
    ),
    "delegation.ended": (_l("授权 %(reference)s 已收回。"), _l("从现在起代理人不能再代签；已经签的照旧有效。")),
}
VALUES: dict[str, Mapping[Any, LazyString]] = {"matter": MATTERS}
_GONE = _l("什么都没有改动。")
_TYPED = _l("您填的内容都还在。")
REFUSALS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "delegation_not_standing": (
        _l("现在没有让您代签的授权。"),
        _TYPED,
        _l("请本人或管理员先登记授权，写明从哪天到哪天。"),
    ),
    "delegation_of_others": (_l("只能授权自己的签批。"), _TYPED, _l("请本人登记，或请管理员代为登记。")),
    "delegation_without_the_role": (_l("授权人没有这个岗位，或账号已停用。"), _TYPED, _l("请选择在岗的授权人。")),
    "delegation_to_oneself": (_l("不能授权给本人。"), _TYPED, _l("请选择另一位同事。")),
    "delegation_to_an_outsider": (
        _l("这位同事不能代签：须是看得到申请的集团人员，不是管理员或审计。"),
        _TYPED,
        _l("请选择另一位同事。"),
    ),
    "delegation_is_over": (_l("这份授权已经收回或到期。"), _GONE, _l("重新打开这一页，看过现在的状态再决定。")),
}


def rows_of(delegations: Sequence[Delegation], user: User, now: datetime) -> list[dict[str, Any]]:
    """The list: who for whom, how it stands, and whether this person may take it back."""
    return [_row(one, user, state_at(one.facts(), now)) for one in delegations]


def _row(one: Delegation, user: User, state: str) -> dict[str, Any]:
    look, word = STATES[state]
    open_still = state in ("coming", "standing", "lapsed")
    return {
        "one": one,
        "matter": MATTERS[one.matter],
        "look": look,
        "state": word,
        "last": one.facts().last,
        "may_end": open_still and may_take_back(one, user),
    }


def signers_of(signer: User, delegation: Delegation | None) -> str:
    """Who signed, and in whose place: both names."""
    if delegation is None:
        return signer.name
    return _("%(deputy)s（代 %(principal)s）", deputy=signer.name, principal=delegation.principal.name)
