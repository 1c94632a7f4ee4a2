"""Research of the quarter and report of the half year in words: kinds, figures, rows of the list, notices, history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import CareTask
from portal.rules.care_tasks import CLAUSES, REMIND_DAYS
from portal.wording import times
from portal.wording.durations import countdown

KINDS: dict[str, LazyString] = {"research": _l("市场调研"), "report": _l("执行评价报告")}
#: What is asked of whoever does it.
ASKED: dict[str, LazyString] = {
    "research": _l("调研市场，发现潜在分销商，逐家记下；写明调研了什么、发现了什么。"),
    "report": _l("评价这半年级别、联系、评审和投诉办得怎样；写明结论和改进措施。"),
}
FIGURES: dict[str, LazyString] = {
    "class_a": _l("A 级分销商"),
    "class_b": _l("B 级分销商"),
    "class_c": _l("C 级分销商"),
    "contacts": _l("联系记录"),
    "class_changes": _l("定级、调级"),
    "sheets": _l("半年评审应评"),
    "published": _l("半年评审已公布"),
    "late": _l("半年评审逾期"),
    "complaints": _l("收到投诉"),
    "researches": _l("完成市场调研"),
    "prospects": _l("新记下的潜在分销商"),
    "talks": _l("与潜在分销商联系"),
    "evaluations": _l("填写的客户评估表"),
    "invited": _l("邀请申请的"),
    "dropped": _l("不再跟进的"),
}
STATES: dict[bool, tuple[str, LazyString]] = {False: ("waiting", _l("待完成")), True: ("live", _l("已完成"))}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "care.research_opened": (_l("本季度市场调研 %(reference)s 已开始。"), _l("%(until)s 前完成，写明发现。")),
    "care.research_ending": (_l("市场调研 %(reference)s 快到期了。"), _l("%(until)s 前完成，写明发现。")),
    "care.research_late": (_l("市场调研 %(reference)s 已逾期。"), _l("请尽快完成，写明发现。")),
    "care.report_opened": (_l("执行评价报告 %(reference)s 该写了。"), _l("%(until)s 前完成，写明改进措施。")),
    "care.report_ending": (_l("执行评价报告 %(reference)s 快到期了。"), _l("%(until)s 前完成，写明改进措施。")),
    "care.report_late": (_l("执行评价报告 %(reference)s 已逾期。"), _l("请尽快完成，写明改进措施。")),
}
HISTORY: dict[str, LazyString] = {
    "care.research_opened": _l("市场调研 %(reference)s 开始，%(until)s 前完成。"),
    "care.research_done": _l("市场调研 %(reference)s 已完成。"),
    "care.report_opened": _l("执行评价报告 %(reference)s 开始，%(until)s 前完成。"),
    "care.report_done": _l("执行评价报告 %(reference)s 已完成。"),
}
_SOON = timedelta(days=max(REMIND_DAYS))


def period_word(kind: str, first: date) -> str:
    """2026 年第 2 季度, 2026 年上半年"""
    if kind == "research":
        return _("%(year)d 年第 %(quarter)d 季度", year=first.year, quarter=(first.month + 2) // 3)
    return _("%(year)d 年上半年", year=first.year) if first.month == 1 else _("%(year)d 年下半年", year=first.year)


def title_of(task: CareTask) -> str:
    """市场调研 · 2026 年第 2 季度"""
    return f"{KINDS[task.kind]} · {period_word(task.kind, task.first_day)}"


def figure_rows(figures: dict[str, int]) -> list[tuple[str, int]]:
    """The figures with their words, in their order."""
    return [(str(word), figures[name]) for name, word in FIGURES.items() if name in figures]


def rows_of(tasks: Sequence[CareTask], now: datetime) -> list[dict[str, Any]]:
    """The rows of the list as ``ui.inbox`` takes them."""
    return [_row(task, now) for task in tasks]


def _row(task: CareTask, now: datetime) -> dict[str, Any]:
    left = countdown(task.due_at, now, soon_within=_SOON)
    _look, word = STATES[task.done_at is not None]
    parts = [task.reference, str(word), *([task.done_by.name] if task.done_by else [])]
    return {
        "url": url_for("hq.show_care_task", reference=task.reference),
        "what": title_of(task),
        "due": left.text if task.done_at is None else times.date(task.done_at),
        "tone": left.tone if task.done_at is None else "",
        "meta": " · ".join(parts),
    }


#: What the templates of the tasks call things by.
WORDS: dict[str, Any] = {"asked": ASKED, "task_states": STATES, "clauses": CLAUSES, "title_of": title_of}
