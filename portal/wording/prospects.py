"""Prospects in words: where found, how spoken to, how far; rows of the list, history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Prospect
from portal.rules.masking import mask_contact
from portal.wording import times

SOURCES: dict[str, LazyString] = {
    "research": _l("市场调研"),
    "recruiting": _l("招商"),
    "fair": _l("展会"),
    "introduced": _l("他人介绍"),
    "inquiry": _l("对方来询"),
}
CONTACTS: dict[str, LazyString] = {
    "phone": _p("channel", "电话"),
    "mail": _p("channel", "邮件"),
    "in_person": _l("当面"),
}
#: State -> look of its chip and its word.
STATES: dict[str, tuple[str, LazyString]] = {
    "open": ("waiting", _p("prospect", "接触中")),
    "invited": ("held", _p("prospect", "已邀请申请")),
    "applied": ("live", _p("prospect", "已开始申请")),
    "dropped": ("expired", _p("prospect", "不再跟进")),
}
PILLS: dict[str, LazyString] = {"open": _l("跟进中"), "dropped": _p("prospect", "不再跟进")}
EVALUATED: dict[str, LazyString] = {
    "market": _l("市场潜力"),
    "reputation": _l("信誉"),
    "willingness": _l("合作意愿"),
}
HISTORY: dict[str, LazyString] = {
    "prospect.evaluated": _l("填写客户评估表。"),
    "prospect.noted": _l("记入潜在分销商，来源：%(source)s。"),
    "prospect.contacted": _l("与潜在分销商联系：%(kind)s。"),
    "prospect.invited": _l("邀请潜在分销商申请。"),
    "prospect.dropped": _l("不再跟进潜在分销商。"),
}


def rows_of(prospects: Sequence[Prospect], now: datetime) -> list[dict[str, Any]]:
    """The rows of the list as ``ui.inbox`` takes them."""
    return [_row(prospect, now) for prospect in prospects]


def address_of(prospect: Prospect) -> str:
    """Where it is reached, masked; empty once it is forgotten."""
    if prospect.contact is None:
        return ""
    return mask_contact(prospect.contact, prospect.channel)


def _row(prospect: Prospect, now: datetime) -> dict[str, Any]:
    _look, word = STATES[prospect.state_at(now)]
    number = len(prospect.contacts)
    talked = ngettext("联系过 %(num)d 次", "联系过 %(num)d 次", number) if number else _("还没有联系过")
    parts = [str(SOURCES[prospect.source]), talked, times.short_date(prospect.found_at, now)]
    return {
        "url": url_for("hq.show_prospect", prospect_id=prospect.id),
        "what": prospect.name,
        "due": str(word),
        "tone": "" if number else "soon",
        "meta": " · ".join(parts),
    }
