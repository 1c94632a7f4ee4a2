"""The overview (总览): what became of a month's filings, what ends soon, who has to act."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.queries import dashboard, projects
from portal.wording import dashboard as words
from portal.wording import page_now


@bp.get("/overview")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def show_dashboard() -> ResponseReturnValue:
    """One month of one project or of all; the address is the filter."""
    month = words.month_of(request.args.get("month", ""), page_now())
    project = projects.project(request.args.get("project", ""))
    figures = _figures(month, project.id if project else None)
    chosen = {"month": month, "project": project, "months": words.months(page_now())}
    return render_template("hq/dashboard/page.html", **chosen, projects=projects.projects(), **figures)


def _figures(month: words.Month, project_id: int | None) -> dict[str, Any]:
    now, before = page_now(), words.month_before(month)
    funnel = dashboard.funnel(month.start, month.end, project_id)
    waiting = dashboard.waiting(now, project_id)
    return {
        "funnel": funnel,
        "steps": words.funnel_steps(funnel),
        "change": words.change_words(funnel.filed, dashboard.filed_in(before.start, before.end, project_id)),
        "share": words.share_words,
        "chart": words.chart(dashboard.endings(now, project_id), now),
        "waiting": [(words.WAITING[one.kind], one) for one in waiting if one.number],
        "undecided": next(one for one in waiting if one.kind == "decision"),
        "shares": dashboard.shares(month.start, month.end, project_id),
    }
