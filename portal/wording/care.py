"""Class and care in words: classes, kinds of contact, the sheet's indicators and figures, its states and results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Assessment
from portal.queries.care import DueContact
from portal.rules.care import Half
from portal.wording import care_tasks, page_now, times
from portal.wording.durations import countdown
from portal.wording.money import money

CLASSES: dict[str, LazyString] = {
    "A": _l("A 级"),
    "B": _l("B 级"),
    "C": _l("C 级"),
}
#: What the class means for the distributor, with its clause.
TREATMENT: dict[str, tuple[LazyString, str]] = {
    "A": (_l("重点关注，每月至少深入沟通或回访一次，配客户经理和副经理。"), "CM-3.2"),
    "B": (_l("每月至少跟进一次，提供支持和服务。"), "CM-3.3"),
    "C": (_l("定期发送市场信息，保持基本联系。"), "CM-3.4"),
}
CONTACTS: dict[str, LazyString] = {
    "call": _p("channel", "电话"),
    "visit": _l("走访"),
    "meeting": _l("会谈"),
    "message": _p("channel", "短信或微信"),
    "market": _l("市场信息"),
}
STATES: dict[str, tuple[str, LazyString]] = {
    "scheduled": ("waiting", _l("待评分")),
    "scored": ("waiting", _l("待复核")),
    "confirmed": ("waiting", _l("待公布")),
    "published": ("live", _l("已公布")),
    "measures": ("frozen", _l("已公布，措施已定")),
}
RESULTS: dict[str, tuple[str, LazyString]] = {
    "passed": ("live", _l("合格")),
    "warned": ("soon", _l("不合格，警告")),
    "downgraded": ("refused", _l("连续不合格，降级")),
}
INDICATORS: dict[str, LazyString] = {
    "sales": _l("销售业绩"),
    "influence": _l("市场影响力"),
    "feedback": _l("客户反馈"),
    "service": _l("服务与配合"),
    "compliance": _l("合规"),
}
FIGURES: dict[str, LazyString] = {
    "filings": _p("figure", "报备"),
    "visits": _p("figure", "首次到访"),
    "visit_rate": _l("到访率"),
    "deals": _p("figure", "成交"),
    "amount": _l("成交金额"),
    "findings": _p("figure", "认定违规"),
    "complaints": _l("被投诉"),
    "complaints_upheld": _l("其中属实"),
    "knowingly_false": _l("不实投诉"),
    "contacts": _l("联系记录"),
}
SHOW: dict[str, LazyString] = {"reviews": _l("半年评审"), "contacts": _l("联系到期"), "published": _l("已公布")}
HISTORY: dict[str, LazyString] = {
    **care_tasks.HISTORY,
    "care.class_given": _l("定为 %(letter)s 级。"),
    "care.appointed": _l("指定客户经理。"),
    "care.contacted": _l("记录一次联系：%(kind)s。"),
    "assessment.opened": _l("半年评审 %(reference)s 开始，%(until)s 前公布。"),
    "assessment.scored": _l("%(reference)s 已评分，总分 %(total)s。"),
    "assessment.confirmed": _l("%(reference)s 已复核，定为 %(letter)s 级。"),
    "assessment.published": _l("%(reference)s 已公布：%(letter)s 级，%(result)s。"),
    "assessment.measures_noted": _l("%(reference)s 已写明措施。"),
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    **care_tasks.NOTICES,
    "care.targets_missed": (_l("%(reference)s 没有达到合同约定的上一期目标。"), _l("打开看目标与完成，可以督促。")),
    "care.review_opened": (_l("半年评审 %(reference)s 已开始。"), _l("%(until)s 前评分、复核、公布。")),
    "care.review_ending": (_l("半年评审 %(reference)s 快到期了。"), _l("%(until)s 前须公布。")),
    "care.review_late": (_l("半年评审 %(reference)s 已逾期。"), _l("请尽快评分、复核、公布。")),
    "care.review_scored": (_l("半年评审 %(reference)s 已评分。"), _l("由评分以外的同事复核、定级。")),
    "care.contact_ending": (_l("%(reference)s 该联系了。"), _l("%(until)s 前至少联系一次，并记下来。")),
    "care.contact_missed": (_l("%(reference)s 逾期未联系。"), _l("请补上联系，并记下来。")),
    "assessment.published": (_l("贵司的半年评审 %(reference)s 已公布。"), _l("打开看级别、评分和理由。")),
}
SOON = timedelta(days=7)


def half_word(first_day: Any) -> str:
    """2026 年上半年"""
    half = Half(first_day, first_day)
    words = _("%(year)d 年上半年", year=first_day.year), _("%(year)d 年下半年", year=first_day.year)
    return words[half.number - 1]


def figure(name: str, value: Any) -> str:
    """A figure of the sheet as it is read; a dash when there is none."""
    if value is None:
        return "–"
    if name == "amount":
        return money(Decimal(value))
    return f"{value}%" if name == "visit_rate" else str(value)


def review_rows(assessments: Sequence[Assessment]) -> list[dict[str, Any]]:
    """The rows of sheets as ``ui.inbox`` takes them."""
    return [_review_row(one) for one in assessments]


def contact_rows(lines: Sequence[DueContact]) -> list[dict[str, Any]]:
    """The rows of contacts that are due as ``ui.inbox`` takes them."""
    return [_contact_row(line) for line in lines]


def _review_row(one: Assessment) -> dict[str, Any]:
    left = countdown(one.due_at, page_now(), soon_within=SOON)
    open_ = one.published_at is None
    parts = [one.reference, half_word(one.first_day), str(STATES[one.state][1]) if open_ else _outcome(one)]
    return {
        "url": url_for("hq.show_assessment", reference=one.reference),
        "what": one.distributor.name,
        "due": left.text if open_ else times.date(one.published_at or one.opened_at),
        "tone": left.tone if open_ else "",
        "meta": " · ".join(parts),
    }


def _outcome(one: Assessment) -> str:
    return f"{CLASSES[str(one.letter)]} · {one.total} · {RESULTS[str(one.result)][1]}"


def _contact_row(line: DueContact) -> dict[str, Any]:
    left = countdown(line.due_at, page_now(), soon_within=SOON)
    last = _("上次 %(day)s", day=times.date(line.last_at)) if line.last_at else _("还没有联系记录")
    return {
        "url": url_for("hq.show_care", reference=line.distributor.reference),
        "what": f"{line.distributor.name} {CLASSES[line.letter]}",
        "due": left.text,
        "tone": left.tone,
        "meta": " · ".join([line.distributor.reference, last, every(line.cadence.months)]),
    }


def every(months: int) -> str:
    """How often a class is spoken to."""
    if months == 1:
        return _("每月至少一次")
    return str(ngettext("每 %(num)d 个月至少一次", "每 %(num)d 个月至少一次", months))


#: What the templates of care call things by.
WORDS: dict[str, Any] = {
    "class_words": CLASSES,
    "treatment": TREATMENT,
    "contact_words": CONTACTS,
    "review_states": STATES,
    "review_results": RESULTS,
    "every": every,
    "half_word": half_word,
}
