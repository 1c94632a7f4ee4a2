"""What one has been told, newest first; the bell leads here."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.account import bp
from portal.navigation import navigation
from portal.queries import notices as found
from portal.services import notices
from portal.transaction import transaction
from portal.wording import page_now, times
from portal.wording.notice_links import address_of
from portal.wording.notices import Said, describe


@bp.get("/notices")
@requires(Permission.USE_OWN_ACCOUNT)
def list_notices() -> ResponseReturnValue:
    """My notices. Reading them changes nothing: "all read" is a button."""
    page = found.notices_of(current_user, before=page_number_key("before"))
    return render_template("account/notices.html", page=page, say=_sentence, address_of=address_of)


@bp.post("/notices/read")
@requires(Permission.USE_OWN_ACCOUNT)
def mark_notices_read() -> ResponseReturnValue:
    """Take what was shown as read; what came meanwhile stays unread."""
    up_to = request.form.get("up_to", "")
    if not (up_to.isascii() and up_to.isdigit() and len(up_to) <= 18):
        abort(400)
    with transaction():
        notices.mark_read(actor=current_user, now=page_now(), up_to=int(up_to))
    return htmx.go(url_for(".list_notices"))


@navigation.count_unread
def count_unread() -> int:
    """For the bell."""
    return found.unread(current_user)


def _sentence(told: found.Told) -> Said:
    zone = ZoneInfo(told.zone) if told.zone else times.PORTAL_ZONE
    return describe(told.notice.kind, told.notice.facts, zone)
