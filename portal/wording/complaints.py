"""Complaints in words: ways in, whom they are about, states, outcomes, causes; rows of lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Complaint
from portal.wording import times
from portal.wording.durations import countdown

CHANNELS: dict[str, LazyString] = {
    "online": _l("网上"),
    "phone": _p("channel", "电话"),
    "on_site": _l("当面"),
    "box": _l("意见箱"),
    "message": _p("channel", "短信或微信"),
    "partner": _p("channel", "分销商"),
}
SUBJECTS: dict[str, LazyString] = {
    "distributor": _l("分销商或经纪人"),
    "project": _l("项目"),
    "staff": _l("案场或公司的人员"),
    "other": _p("subject", "其他"),
}
STATES: dict[str, tuple[str, LazyString]] = {
    "received": ("waiting", _p("complaint", "待受理")),
    "accepted": ("waiting", _l("已受理")),
    "investigating": ("waiting", _l("调查中")),
    "resolved": ("waiting", _l("待反馈")),
    "fed_back": ("waiting", _l("待投诉人评价")),
    "reopened": ("soon", _l("不满意，重新办理")),
    "closed": ("frozen", _l("已结案，待分析")),
    "analysed": ("frozen", _l("已结案")),
}
#: As the complainant reads them: nothing of the work inside.
OUTSIDE: dict[str, LazyString] = {
    "received": _l("已收到，等受理"),
    "accepted": _l("已受理"),
    "investigating": _l("正在调查"),
    "resolved": _l("已有结论，即将答复"),
    "fed_back": _l("已答复，请您评价"),
    "reopened": _l("重新办理中"),
    "closed": _l("已办结"),
    "analysed": _l("已办结"),
}
OUTCOMES: dict[str, LazyString] = {
    "upheld": _l("属实"),
    "partly": _l("部分属实"),
    "unfounded": _l("不属实"),
    "knowingly_false": _l("明知不实"),
}
GRAVITIES: dict[str, LazyString] = {
    "ordinary": _l("一般，3 个工作日内答复"),
    "complex": _l("复杂，15 个工作日内答复"),
}
CAUSES: dict[str, LazyString] = {
    "service": _l("服务态度"),
    "information": _l("信息不实或不全"),
    "delay": _l("办理拖延"),
    "price": _l("价格与承诺"),
    "staff": _l("人员行为"),
    "partner": _l("分销商行为"),
    "process": _l("流程不顺"),
    "system": _l("系统问题"),
    "other": _p("cause", "其他"),
}
TOLD_BY: dict[str, LazyString] = {
    "phone": _p("channel", "电话"),
    "message": _p("channel", "短信或微信"),
    "in_person": _l("当面"),
    "page": _l("在查询页上"),
}
SATISFACTION: dict[int, LazyString] = {
    5: _l("5 很满意"),
    4: _l("4 满意"),
    3: _l("3 一般"),
    2: _l("2 不满意"),
    1: _l("1 很不满意"),
}
SHOW: dict[str, LazyString] = {
    "open": _p("complaint", "办理中"),
    "learn": _l("待分析原因"),
    "done": _p("complaints", "已结案"),
}
HISTORY: dict[str, LazyString] = {
    "complaint.received": _l("收到投诉 %(reference)s，来源：%(channel)s。"),
    "complaint.accepted": _l("受理 %(reference)s，%(until)s 前答复。"),
    "complaint.assigned": _l("%(reference)s 换人办理。"),
    "complaint.investigated": _l("%(reference)s 第 %(round)s 次调查开始。"),
    "complaint.resolved": _l("%(reference)s 有了结论：%(outcome)s。"),
    "complaint.told": _l("%(reference)s 已答复投诉人：%(by)s。"),
    "complaint.progress": _l("%(reference)s 告知投诉人进展：%(by)s。"),
    "complaint.recounted": _l("%(reference)s 放假安排公布，期限重算为 %(until)s。"),
    "complaint.rated": _l("%(reference)s 投诉人评价 %(satisfaction)s。"),
    "complaint.reopened": _l("%(reference)s 投诉人不满意，重新办理。"),
    "complaint.closed": _l("%(reference)s 结案。"),
    "complaint.analysed": _l("%(reference)s 原因：%(cause)s。"),
    "complaint.disclosed": _l("%(reference)s 投诉人同意公开姓名。"),
    "complaint.handed_over": _l("%(reference)s 转为违规线索 %(finding)s。"),
    "complaint.revealed": _l("查看投诉人的完整资料：%(fields)s，原因：%(reason)s。"),
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "complaint.received": (_l("收到投诉 %(reference)s。"), _l("%(until)s 前受理。")),
    "complaint.assigned": (_l("投诉 %(reference)s 由您办理。"), _l("这一步 %(until)s 前办完。")),
    "complaint.ending": (_l("投诉 %(reference)s 快到期了。"), _l("这一步 %(until)s 前办完。")),
    "complaint.late": (_l("投诉 %(reference)s 已逾期。"), _l("请尽快办理，并告诉投诉人进展。")),
    "complaint.reopened": (_l("投诉 %(reference)s 的投诉人不满意。"), _l("重新调查，%(until)s 前答复。")),
    "complaint.accepted": (_l("您的投诉 %(reference)s 已受理。"), _l("%(until)s 前答复。")),
    "complaint.answered": (_l("您的投诉 %(reference)s 已答复。"), _l("打开看答复，并告诉公司是否满意。")),
    "complaint.progress": (_l("您的投诉 %(reference)s 有进展。"), _l("打开看办理到哪一步。")),
    "complaint.progress_due": (_l("请告知投诉 %(reference)s 的进展。"), _l("%(until)s 前让投诉人知道办理到哪一步。")),
    "complaint.about_you": (_l("有一件与贵司有关的投诉 %(reference)s 已有结论。"), _l("打开看公司的说明。")),
}
VALUES: dict[str, dict[Any, LazyString]] = {
    "channel": {**CHANNELS},
    "outcome": {**OUTCOMES},
    "cause": {**CAUSES},
    "by": {**TOLD_BY},
}
SOON = timedelta(days=1)


def about_of(complaint: Complaint) -> str:
    """Whom it is about: the distributor or project once known, else in the complainant's words."""
    if complaint.distributor is not None:
        return complaint.distributor.name
    if complaint.about == "project" and complaint.project is not None:
        return complaint.project.name
    return complaint.who or str(SUBJECTS[complaint.about])


def from_of(complaint: Complaint) -> str:
    """Who complains: the distributor, or the customer as they called themselves."""
    if complaint.complaining is not None:
        return complaint.complaining.name
    return complaint.name or _("未留姓名")


def rows_of(complaints: Sequence[Complaint], now: datetime) -> list[dict[str, Any]]:
    """The rows for whoever handles complaints, as ``ui.inbox`` takes them."""
    return [_row(one, now) for one in complaints]


def own_rows(complaints: Sequence[Complaint]) -> list[dict[str, Any]]:
    """The rows of a distributor's own complaints."""
    return [_own_row(one, str(OUTSIDE[one.state]), one.facts) for one in complaints]


def about_rows(complaints: Sequence[Complaint]) -> list[dict[str, Any]]:
    """The rows of complaints about a distributor, without what was said and who said it."""
    return [_own_row(one, outcome_of(one), _("与贵司有关的投诉")) for one in complaints]


def outcome_of(complaint: Complaint) -> str:
    """How the last inquiry that is finished came out; empty before."""
    done = [one for one in complaint.rounds if one.outcome]
    return str(OUTCOMES[done[-1].outcome or ""]) if done else ""


def _row(one: Complaint, now: datetime) -> dict[str, Any]:
    left = countdown(one.due_at, now, soon_within=SOON) if one.due_at is not None else None
    owner = one.owner.name if one.owner else _("还没有人受理")
    parts = [one.reference, str(CHANNELS[one.channel]), str(STATES[one.state][1]), owner]
    return {
        "url": url_for("hq.show_complaint", reference=one.reference),
        "what": _("%(who)s 投诉%(about)s", who=from_of(one), about=about_of(one)),
        "due": left.text if left else "",
        "tone": left.tone if left else "",
        "meta": " · ".join(parts),
    }


def _own_row(one: Complaint, due: str, what: str) -> dict[str, Any]:
    short = what if len(what) <= 40 else what[:40] + "…"
    return {
        "url": url_for("distributor.show_complaint", reference=one.reference),
        "what": short,
        "due": due,
        "tone": "",
        "meta": " · ".join([one.reference, times.moment(one.received_at)]),
    }
