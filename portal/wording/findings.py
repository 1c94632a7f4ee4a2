"""Findings in words: kinds, states, sanctions with their amounts, and what each waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Finding
from portal.rules.finding_states import UNDECIDED
from portal.wording import times
from portal.wording.durations import countdown
from portal.wording.rulings import FINDINGS

STATES: dict[str, tuple[str, LazyString]] = {
    "reported": ("waiting", _l("待查实")),
    "investigating": ("waiting", _l("调查中")),
    "explanation_asked": ("waiting", _l("已要求说明")),
    "confirmed": ("frozen", _l("已认定")),
    "unfounded": ("expired", _l("不成立")),
}
SANCTIONS: dict[str, LazyString] = {
    "fine": _l("违约金"),
    "stop": _l("停止合作"),
    "blacklist": _l("列入黑名单"),
    "refuse_commission": _l("不付佣金"),
    "return_commission": _l("退还佣金"),
    "damages": _l("赔偿损失"),
    "terminate": _l("解除协议"),
    "dismissal": _l("辞退当事人"),
    "exclude_unit": _l("房源不计渠道业绩"),
    "warning": _l("对管理层严重警告"),
    "transfer": _l("管理层调离、重新评定"),
    "authorities": _l("移送司法机关"),
}
SANCTION_STATES: dict[str, tuple[str, LazyString]] = {
    "proposed": ("waiting", _l("拟处理")),
    "confirmed": ("frozen", _l("已确认")),
    "waived": ("expired", _l("不作处理")),
    "appealed": ("waiting", _l("申诉中")),
    "upheld": ("frozen", _l("申诉后维持")),
    "lifted": ("expired", _p("sanction", "已撤销")),
}
MEANS: dict[str, LazyString] = {
    "questionnaire": _l("问卷调查"),
    "covert_visit": _l("暗访"),
    "interview": _l("与客户面谈"),
    "camera": _l("监控录像"),
    "call": _l("电话回访"),
    "tip": _l("举报"),
}
PILLS: dict[str, LazyString] = {"open": _l("待办理"), "closed": _l("已办结")}
SOON = timedelta(days=1)


def metres(distance: Decimal, radius: int) -> str:
    """Whole metres; a tenth where rounding would move the place across the circle."""
    whole = distance.quantize(Decimal(1), ROUND_HALF_UP)
    shown = distance.quantize(Decimal("0.1"), ROUND_FLOOR) if (whole <= radius) != (distance <= radius) else whole
    return str(_("%(number)s 米", number=shown))


def who_of(finding: Finding) -> str:
    """The distributor, or the project's own team, that it is about."""
    if finding.distributor is not None:
        return finding.distributor.name
    return finding.team or finding.about or _("未指明")


def rows_of(findings: Sequence[Finding], now: datetime, endpoint: str) -> list[dict[str, Any]]:
    """The rows as ``ui.inbox`` takes them; ``endpoint`` is the page of a case."""
    return [_row(finding, now, endpoint) for finding in findings]


def _row(finding: Finding, now: datetime, endpoint: str) -> dict[str, Any]:
    due, tone = waits_for(finding, now)
    parts = [finding.reference, finding.project.name, times.moment(finding.reported_at, finding.project.zone)]
    return {
        "url": url_for(endpoint, reference=finding.reference),
        "what": f"{who_of(finding)} {FINDINGS[finding.kind]}",
        "due": due,
        "tone": tone,
        "meta": " · ".join(parts),
    }


def waits_for(finding: Finding, now: datetime) -> tuple[str, str]:
    """What a case waits for and its tone: the distributor's answer, a finding, a confirmation, an appeal (RE-4.5)."""
    if finding.state in UNDECIDED:
        return _undecided(finding, now)
    appealed = sum(sanction.state == "appealed" for sanction in finding.sanctions)
    proposed = sum(sanction.state == "proposed" for sanction in finding.sanctions)
    if appealed:
        return ngettext("%(num)d 项申诉待决定", "%(num)d 项申诉待决定", appealed), "soon"
    if proposed:
        return ngettext("%(num)d 项处理待确认", "%(num)d 项处理待确认", proposed), "soon"
    return str(STATES[finding.state][1]), ""


def _undecided(finding: Finding, now: datetime) -> tuple[str, str]:
    explanation = finding.explanation
    if explanation is None:
        return str(STATES[finding.state][1]), ""
    if explanation.answered_at is not None:
        return _("已说明，待认定"), "soon"
    if now >= explanation.due_at:
        silent = finding.kind == "false_filing"
        return (_("逾期未说明，建议认定违约报备") if silent else _("逾期未说明，可以认定")), "over"
    left = countdown(explanation.due_at, now, soon_within=SOON, zone=finding.project.zone)
    return left.text, left.tone


def told_rows(findings: Sequence[Finding], now: datetime, endpoint: str) -> list[dict[str, Any]]:
    """The rows of a distributor's own list: what it has to do, and by when."""
    return [_row(finding, now, endpoint) | _own(finding, now) for finding in findings]


def _own(finding: Finding, now: datetime) -> dict[str, Any]:
    """Nothing that is only proposed shows."""
    return {"what": str(FINDINGS[finding.kind])} | dict(zip(("due", "tone"), own_turn(finding, now), strict=True))


def own_turn(finding: Finding, now: datetime) -> tuple[str, str]:
    """What the distributor has to do or wait for, and its tone."""
    explanation = finding.explanation
    if finding.state == "explanation_asked" and explanation is not None:
        if explanation.answered_at is not None:
            return _("已说明，等公司认定"), ""
        return (_("逾期未说明"), "over") if now >= explanation.due_at else _undecided(finding, now)
    if any(one.state == "confirmed" and one.received_at is None for one in finding.sanctions):
        return _("处理通知待确认收到"), "soon"
    if any(one.state == "appealed" for one in finding.sanctions):
        return _("已申诉，等决定"), ""
    return str(STATES[finding.state][1]), ""
