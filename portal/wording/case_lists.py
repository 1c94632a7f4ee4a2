"""The list of cases in words: which deal, who claims it, how long is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.queries.case_inbox import CaseRow
from portal.wording import times
from portal.wording.deals import EVENTS
from portal.wording.durations import countdown
from portal.wording.rulings import ORIGINS

PILLS: dict[str, LazyString] = {
    "waiting": _l("待裁定"),
    "open": _l("申请期内"),
    "ruled": _l("已裁定"),
    "all": _l("全部成交"),
}
_SOON = timedelta(days=1)


def rows_of(cases: Sequence[CaseRow], now: datetime, endpoint: str) -> list[dict[str, Any]]:
    """The rows as ``ui.inbox`` takes them; ``endpoint`` is the page of a case."""
    return [_row(case, now, endpoint) for case in cases]


def _row(case: CaseRow, now: datetime, endpoint: str) -> dict[str, Any]:
    zone = case.deal.project.zone
    running = case.due_at is not None and (case.claims or case.due_at > now)
    due = countdown(case.due_at, now, soon_within=_SOON, zone=zone) if case.due_at and running else None
    owner = case.ruling.owner.name if case.ruling.owner else _("公司")
    what = " ".join(part for part in (case.deal.unit, str(EVENTS[case.event.kind])) if part)
    happened = times.moment(case.event.happened_at, zone)
    claimed = (
        ngettext("%(num)d 份申请", "%(num)d 份申请", case.claims) if case.claims else str(ORIGINS[case.ruling.origin])
    )
    meta = [case.deal.project.name, case.deal.reference, happened, _("归属 %(owner)s", owner=owner), claimed]
    return {
        "url": url_for(endpoint, reference=case.deal.reference),
        "what": what,
        "due": _running(case, due.text)
        if due
        else _("%(day)s 得出", day=times.short_date(case.ruling.decided_at, now, zone)),
        "tone": due.tone if due else "",
        "meta": " · ".join(str(part) for part in meta),
    }


def _running(case: CaseRow, left: str) -> str:
    return _("待裁定，%(left)s", left=left) if case.claims else _("申请期%(left)s", left=left)
