"""Spot checks in words: how a customer was asked, what came of it, how a deal of the sample stands; the report as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import CheckedDeal, SpotCheck
from portal.rules.spot_checks import MOST_TRIES, first_answer
from portal.wording import times
from portal.wording.imports import harmless

METHODS: dict[str, LazyString] = {
    "call": _l("电话"),
    "questionnaire": _l("问卷"),
    "interview": _l("面谈"),
}
RESULTS: dict[str, LazyString] = {
    "confirmed": _l("认可该分销商"),
    "name_unknown": _l("没听说过该分销商"),
    "not_referred": _l("不是该分销商推荐"),
    "unreachable": _l("联系不上"),
    "declined": _l("不愿回答"),
    "wrong_number": _l("号码不对"),
}
#: The chip of a line by its first answer; "" while there is none.
LOOKS: dict[str, tuple[str, LazyString]] = {
    "": ("waiting", _l("待询问")),
    "confirmed": ("live", _l("属实")),
    "name_unknown": ("frozen", _l("疑似违约报备")),
    "not_referred": ("frozen", _l("疑似违约报备")),
    "given_up": ("expired", _p("check", "已换抽")),
}
HISTORY: dict[str, LazyString] = {
    "spot_check.drawn": _l("抽查 %(reference)s：从 %(population)s 笔成交中抽取 %(number)s 笔，种子 %(seed)s。"),
    "spot_check.answered": _l("抽查 %(reference)s：%(deal)s %(result)s。"),
    "spot_check.replaced": _l("抽查 %(reference)s：%(deal)s 三次没有问到，换抽 %(by)s。"),
    "spot_check.closed": _l("抽查 %(reference)s 已出报告。"),
}


def list_rows(checks: Sequence[SpotCheck], waiting: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rows as ``ui.inbox`` takes them."""
    return [_list_row(one, waiting.get(one.id, 0)) for one in checks]


def _list_row(check: SpotCheck, waiting: int) -> dict[str, Any]:
    drawn = _("%(population)d 笔中抽 %(number)d 笔", population=check.population, number=check.number)
    when = f"{check.drawn_by.name} {times.moment(check.drawn_at)}"
    open_still = ngettext("%(num)d 笔待询问", "%(num)d 笔待询问", waiting)
    return {
        "url": url_for("hq.show_spot_check", reference=check.reference),
        "what": scope_of(check),
        "due": _("已出报告") if check.closed_at else open_still if waiting else _("待出报告"),
        "tone": "" if check.closed_at else "soon",
        "meta": " · ".join((check.reference, drawn, when)),
    }


def scope_of(check: SpotCheck) -> str:
    """Whose deals and of which project were drawn from."""
    whose = check.distributor.name if check.distributor else _("全部分销商")
    return f"{whose} · {check.project.name if check.project else _('全部项目')}"


def _deal_row(line: CheckedDeal, runs: bool) -> dict[str, Any]:
    check, deal = line.check, line.deal
    asked = url_for("hq.ask_customer", reference=check.reference, line_id=line.id)
    number = len(line.tries)
    facts = (
        line.distributor.name,
        deal.project.name,
        ngettext("问了 %(num)d 次", "问了 %(num)d 次", number) if number else "",
    )
    case = line.finding.reference if line.finding else ""
    return {
        "url": asked if runs else url_for("hq.show_case", reference=deal.reference),
        "what": " ".join((f"{line.position}.", deal.reference, deal.unit or "")),
        "due": look_of(line)[1],
        "tone": {"waiting": "soon", "frozen": "over"}.get(look_of(line)[0], ""),
        "meta": " · ".join(fact for fact in (*facts, case) if fact),
    }


def look_of(line: CheckedDeal) -> tuple[str, str]:
    """The colour and the word of a deal of the sample."""
    look, word = LOOKS["given_up" if line.given_up_at else first_answer([one.result for one in line.tries]) or ""]
    return look, str(word)


def show_values(check: SpotCheck, *, runs: bool) -> dict[str, Any]:
    """What the page of a check shows; ``runs``: the reader asks the customers."""
    lines = check.lines
    standing = [line for line in lines if line.given_up_at is None]
    answered = [line for line in standing if first_answer([one.result for one in line.tries])]
    return {
        "check": check,
        "scope": scope_of(check),
        "rows": [_deal_row(line, runs) for line in lines],
        "cases": [line.finding for line in lines if line.finding is not None],
        "answered": len(answered),
        "waiting": len(standing) - len(answered),
        "methods": METHODS,
        "results": RESULTS,
        "most_tries": MOST_TRIES,
    }


def report_of(check: SpotCheck) -> bytes:
    """The sample and what every customer was asked and said, as a table for spreadsheets (UTF-8 with its mark)."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("抽查"), check.reference, _("种子"), check.seed, _("成交总数"), check.population])
    table.writerow(
        [
            _("次序"),
            _("成交"),
            _("分销商"),
            _("结果"),
            _("方式"),
            _("时间"),
            _("询问人"),
            _("首答"),
            _("原话"),
            _("认定"),
        ]
    )
    for line in check.lines:
        table.writerows(_rows(line))
    return "\ufeff".encode() + out.getvalue().encode()


def _rows(line: CheckedDeal) -> list[list[str]]:
    head = [str(line.position), line.deal.reference, harmless(line.distributor.name)]
    if not line.tries:
        return [[*head, look_of(line)[1], "", "", "", "", "", ""]]
    case = line.finding.reference if line.finding else ""
    return [
        [
            *head,
            str(RESULTS[one.result]),
            str(METHODS[one.method]),
            times.moment(one.asked_at),
            harmless(one.asked_by.name),
            _("是") if one.is_first else "",
            harmless(one.words or ""),
            case if one.is_first else "",
        ]
        for one in line.tries
    ]
