"""What the views of headquarters share: a registration fetched for the person, a step taken, how much waits for the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.edge import carry_out, me, or_404, say, status_of
from portal.models import Registration
from portal.queries import inbox, registrations
from portal.wording import page_now


def registration_or_404(reference: str) -> Registration:
    """The registration; the page then shows its project's time."""
    found = or_404(registrations.find(reference, me()))
    g.zone = found.project.zone
    return found


def take_step(
    form: Any, command: Callable[..., Any], *, page: Callable[[], str], where: str, **facts: Any
) -> ResponseReturnValue:
    """A step about what a page shows: the ``page`` once more while what was sent will not do, else ``where`` anew."""
    if carry_out(form, command, actor=me(), **facts) is None:
        return page(), status_of(form)
    say(_("已保存。"), _("经办人和时间都已记录。"))
    return htmx.go(where)


def waiting_now() -> Sequence[inbox.Waiting]:
    """What waits for the person, by kind and step: read once for a page, however many places of it show a number."""
    if "waiting" not in g:
        g.waiting = inbox.waiting(me(), page_now())
    waiting: Sequence[inbox.Waiting] = g.waiting
    return waiting
