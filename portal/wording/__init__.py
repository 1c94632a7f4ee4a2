"""Everything that turns values into what people read: filters, globals and the context of every page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale

from portal import clock
from portal.htmx import wants_fragment
from portal.navigation import navigation
from portal.rules.clauses import clause
from portal.rules.masking import group_phone, mask_id_number, mask_phone
from portal.wording import durations, partner_doors, people, statuses, timeline, times  # noqa: F401 - people says who is signed in
from portal.wording.calendars import may_move
from portal.wording.locale import LOCALES
from portal.wording.money import money
from portal.wording.reveals import REASONS


def _zone(zone: ZoneInfo | str | None) -> ZoneInfo:
    """The zone asked for, else the one of the page's project (``g.zone``), else the portal's."""
    chosen = zone or g.get("zone") or times.PORTAL_ZONE
    return chosen if isinstance(chosen, ZoneInfo) else ZoneInfo(chosen)


def page_zone() -> ZoneInfo:
    """The zone that the page shows times in: its project's, else the portal's."""
    return _zone(None)


def page_now() -> datetime:
    """The database's time, asked once per page, so that everything on it is judged at one instant."""
    if "page_now" not in g:
        g.page_now = clock.now()
    return g.page_now  # type: ignore[no-any-return]


def _shown(show: Any) -> Any:
    """A filter from a formatting function: None stays a dash, the zone is the page's."""
    return lambda instant, zone=None: "–" if instant is None else show(instant, _zone(zone))


def _shown_beside_now(show: Any) -> Any:
    return lambda instant, zone=None: "–" if instant is None else show(instant, page_now(), _zone(zone))


def _countdown(end: datetime, soon_within: Any = None, zone: Any = None) -> durations.Countdown:
    return durations.countdown(end, page_now(), soon_within=soon_within, zone=_zone(zone))


def _days_long(count: int) -> timedelta:
    return timedelta(days=count)


def clause_meaning(clause_id: str) -> str:
    """The one-sentence meaning of a clause in the reader's language."""
    return clause(clause_id).meaning(str(get_locale() or "zh_Hans_CN"))


def endpoint_url(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, None when this installation has none."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def language_links() -> list[tuple[str, str, str]]:
    """(lang attribute, name, address) of every language but the reader's; the address comes back to this page."""
    here = str(get_locale() or "zh_Hans_CN")
    if "account.set_language" not in current_app.view_functions:
        return []
    return [
        (html_lang(code), name, url_for("account.set_language", lang=code, next=request.path))
        for code, name in LOCALES.items()
        if code != here
    ]


def html_lang(code: str | None = None) -> str:
    """The lang attribute of a locale: zh-Hans or en."""
    return "en" if (code or str(get_locale() or "")).startswith("en") else "zh-Hans"


def _page_context() -> dict[str, Any]:
    who = navigation.person() if has_request_context() else None
    # A fragment has no frame around it: its counters would be asked of the database in vain.
    framed = who if who and not wants_fragment() else None
    return {
        "who": who,
        "nav": navigation.groups(framed.roles) if framed else (),
        "tabs": navigation.tabs(framed.roles) if framed else (),
        "unread_notices": navigation.unread,
        "frame": "layout_site_tablet.html" if who and who.frame == "tablet" else "layout.html",
    }


FILTERS: dict[str, Any] = {
    "date": _shown(times.date),
    "moment": _shown(times.moment),
    "second": _shown(times.second),
    "hour": _shown(times.hour),
    "until": _shown(times.until),
    "machine": _shown(times.machine),
    "short_date": _shown_beside_now(times.short_date),
    "short_moment": _shown_beside_now(times.short_moment),
    "short_until": _shown_beside_now(times.short_until),
    "day_word": _shown_beside_now(durations.day_word),
    "span": durations.span,
    "closed_up": durations.closed_up,
    "days_long": _days_long,
    "money": money,
    "mask_phone": mask_phone,
    "mask_id": mask_id_number,
    "group_phone": group_phone,
    "may_move": may_move,
}

GLOBALS: dict[str, Any] = {
    "look_of": statuses.look_of,
    "countdown_of": _countdown,
    "timeline_of": timeline.draw,
    "share_left": timeline.share_left,
    "clause_meaning": clause_meaning,
    "endpoint_url": endpoint_url,
    "language_links": language_links,
    "html_lang": html_lang,
    "page_now": page_now,
    "reveal_reasons": REASONS,
    "barred": partner_doors.barred,
    "partner_doors": partner_doors.DOORS,
}


def register(app: Flask) -> None:
    """Teach the application's templates to speak."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(GLOBALS)
    app.context_processor(_page_context)
