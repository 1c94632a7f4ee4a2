"""Where a person begins: the first page of the room, or a choice between rooms."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.account import bp
from portal.navigation import navigation
from portal.wording.people import menu_of
from portal.wording.rooms import rooms_of


@bp.get("/")
@requires(Permission.USE_OWN_ACCOUNT)
def show_home() -> ResponseReturnValue:
    """Go to the first page of the person's room; whoever works in several chooses."""
    rooms = rooms_of(current_user)
    if len(rooms) > 1:
        return render_template("account/choose_room.html", rooms=[(room, _door(room.roles)) for room in rooms])
    return htmx.go(_door(menu_of(current_user)))


def _door(roles: tuple[str, ...]) -> str:
    """The first item of the navigation: its order follows the day's work."""
    links = [link for group in navigation.groups(roles) for link in group.items]
    return links[0].url if links else url_for(".show_account")
