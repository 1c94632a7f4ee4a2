"""The lists of registrations, the same in every room: one page by its key, each row with its standing, what links keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, request

from portal.addresses import page_reference
from portal.edge import me, or_404
from portal.queries import customer_visits
from portal.queries.registration_lists import UnknownKey, Wanted, page_of
from portal.wording.standings import shown


def registrations(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """``page`` and its ``rows`` of (registration, standing); a key that is no registration of the person's is a 404."""
    try:
        page = page_of(me(), wanted, now, after=_key("after"), before=_key("before"))
    except UnknownKey:
        abort(404)
    visits = customer_visits.latest_of(page.rows)
    return {"page": page, "rows": [(row, shown(row, visits.get(row.id), now)) for row in page.rows]}


def kept(*names: str) -> dict[str, str]:
    """The filters in the address that every link of a list keeps."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def _key(name: str) -> str | None:
    return or_404(page_reference(name)) if request.args.get(name) else None
