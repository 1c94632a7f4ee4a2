"""The list of what waits at headquarters, as its page shows it: rows of every kind, the pills with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.addresses import hidden
from portal.models import (
    Alert,
    Application,
    Assessment,
    CareTask,
    Complaint,
    Contract,
    ContractTemplate,
    Exit,
    Finding,
    User,
)
from portal.queries import inbox
from portal.queries.inbox import Item, Waiting
from portal.queries.inbox_reads import OPINIONS
from portal.wording import alerts, care, care_tasks, complaints, contracts, durations, exits, extensions, findings
from portal.wording.rulings import FINDINGS

PILLS: dict[str, LazyString] = {
    "all": _l("全部"),
    "overdue": _l("已超期"),
    "extension": _l("大宗延期"),
    "with_opinion": _l("有案场意见"),
    "without_opinion": _l("还没有意见"),
    "application": _l("分销商申请"),
    "contract": _l("合同"),
    "template": _l("合同模板"),
    "exit": _l("退出与终止"),
    "complaint": _p("list", "投诉"),
    "finding": _l("违规认定"),
    "alert": _l("预警"),
    "assessment": _l("半年评审"),
    "task": _l("调研与报告"),
}
STEPS: dict[str, dict[str, LazyString]] = {
    "application": {
        "take_up": _l("待受理"),
        "review": _l("待您审查"),
        "score": _l("待您评分"),
        "opinion": _l("待本部门意见"),
        "confirm": _l("待您推进评审"),
        "sign": _l("待您签批"),
    },
    "contract": {"review": contracts.STATES["review"][1], "sign": _l("待公司签署")},
    "template": {"review": contracts.TEMPLATE_STATES["review"][1]},
    "exit": {state: exits.STATES[state][1] for state in ("asked", "proposed")},
    "complaint": {state: word for state, (_look, word) in complaints.STATES.items()},
    "finding": {
        "take_up": findings.STATES["reported"][1],
        "find": _l("待认定"),
        "sanction": _l("处理待确认"),
        "appeal": _l("申诉待决定"),
    },
    "alert": {"look_into": alerts.STATES["open"][1]},
    "task": dict.fromkeys(care_tasks.KINDS, care_tasks.STATES[False][1]),
    "assessment": {state: care.STATES[state][1] for state in ("scheduled", "scored", "confirmed")},
}
#: Where the kinds are listed whole: what the inbox has need not be pointed to.
LISTS = (
    "hq.show_inbox",
    "hq.list_applications",
    "hq.list_contracts",
    "hq.list_exits",
    "hq.list_complaints",
    "hq.list_findings",
    "hq.list_alerts",
)


def list_values(
    user: User, shown: str, after: str | None, current: str | None, waiting: Sequence[Waiting], now: datetime
) -> dict[str, Any]:
    """What the list shows; ``current`` is the number of the extension beside it."""
    page = inbox.page_of(user, shown, now, after)
    kept = {name: value for name, value in (("show", shown), ("after", after)) if value not in ("all", None)}
    loaded, counts = inbox.load(page.items), counts_of(waiting)
    rows = [_row(item, loaded[item.kind, item.number], current, kept, now) for item in page.items]
    return {
        "page": page,
        "rows": rows,
        "shown": shown,
        "counts": counts,
        "pills_shown": _pills(counts, shown),
        "words": PILLS,
        "lists": [url_for(endpoint) for endpoint in LISTS],
    }


def counts_of(waiting: Sequence[Waiting]) -> dict[str, str]:
    """The numbers of the pills, as people read them: 99+."""
    numbers = dict.fromkeys(PILLS, 0)
    for one in waiting:
        numbers["all"] += one.number
        numbers["overdue"] += one.overdue
        numbers[one.kind] += one.number
        if one.step in numbers:
            numbers[one.step] += one.number
    return {name: str(number) if number < inbox.MOST else f"{inbox.MOST - 1}+" for name, number in numbers.items()}


def _pills(counts: dict[str, str], shown: str) -> set[str]:
    """What the list can be narrowed to: nothing that is empty or is the whole of it; extensions further once chosen."""
    further = shown == "extension" or shown in OPINIONS
    useful = {
        name for name, number in counts.items() if number != "0" and (number != counts["all"] or name == "overdue")
    }
    return {"all"} | (useful if further else useful - set(OPINIONS))


def _row(item: Item, found: Any, current: str | None, kept: dict[str, str], now: datetime) -> dict[str, Any]:
    if item.kind == "extension":
        return extensions.inbox_row(found, current, now, kept)
    due, tone = _due(item, now)
    url, what, reference = _SAYS[item.kind](found)
    step = str(STEPS[item.kind][item.step])
    return {
        "url": url,
        "what": what,
        "due": due,
        "tone": tone,
        "meta": f"{step} · {reference}" if reference else step,
        "current": False,
    }


def _due(item: Item, now: datetime) -> tuple[str, str]:
    """How long is left, or how long it has waited; what should have been seen to by now is marked."""
    if item.due_at is not None:
        left = durations.countdown(item.due_at, now, soon_within=extensions.SOON)
        return left.text, left.tone
    waited = durations.closed_up(_("等了 %(span)s", span=durations.span(now - item.since, units=1)))
    return waited, "soon" if item.order_at <= now else ""


def _application(found: Application) -> tuple[str, str, str]:
    what = _("申请 · %(name)s", name=found.partner_file.name or _("未填名称"))
    return url_for("hq.show_application", reference=found.reference), what, found.reference


def _contract(found: Contract) -> tuple[str, str, str]:
    what = f"{contracts.KINDS[found.kind]} · {found.distributor.name}"
    return url_for("hq.show_contract", reference=found.reference), what, found.reference


def _template(found: ContractTemplate) -> tuple[str, str, str]:
    what = _("合同模板 · %(name)s 第 %(version)d 版", name=found.body["title"], version=found.version)
    return url_for("hq.show_contract_template", name=found.name, version=found.version), what, ""


def _exit(found: Exit) -> tuple[str, str, str]:
    what = f"{exits.KINDS[found.kind]} · {found.distributor.name}"
    return url_for("hq.show_exit", reference=found.reference), what, found.reference


def _complaint(found: Complaint) -> tuple[str, str, str]:
    what = _("%(who)s 投诉%(about)s", who=complaints.from_of(found), about=complaints.about_of(found))
    return url_for("hq.show_complaint", reference=found.reference), what, found.reference


def _finding(found: Finding) -> tuple[str, str, str]:
    what = f"{FINDINGS[found.kind]} · {findings.who_of(found)}"
    return url_for("hq.show_finding", reference=found.reference), what, f"{found.reference} · {found.project.name}"


def _alert(found: Alert) -> tuple[str, str, str]:
    """An alert has no page of its own: the list is opened where it leads."""
    what = f"{alerts.ALERTS[found.kind]} · {found.registration.distributor.name}"
    address = url_for("hq.list_alerts", before=hidden(found.id + 1))
    return address, what, f"{found.registration.reference} · {found.project.name}"


def _assessment(found: Assessment) -> tuple[str, str, str]:
    what = f"{care.half_word(found.first_day)} · {found.distributor.name}"
    return url_for("hq.show_assessment", reference=found.reference), what, found.reference


def _task(found: CareTask) -> tuple[str, str, str]:
    return url_for("hq.show_care_task", reference=found.reference), care_tasks.title_of(found), found.reference


_SAYS: dict[str, Callable[[Any], tuple[str, str, str]]] = {
    "application": _application,
    "contract": _contract,
    "template": _template,
    "exit": _exit,
    "complaint": _complaint,
    "finding": _finding,
    "alert": _alert,
    "assessment": _assessment,
    "task": _task,
}
