"""What the views of headquarters share: a registration fetched for the person, how much waits for the person."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g

from portal.edge import me, or_404
from portal.models import Registration
from portal.queries import inbox, registrations
from portal.wording import page_now


def registration_or_404(reference: str) -> Registration:
    """The registration; the page then shows its project's time."""
    found = or_404(registrations.find(reference, me()))
    g.zone = found.project.zone
    return found


def waiting_now() -> Sequence[inbox.Waiting]:
    """What waits for the person, by kind and step: read once for a page, however many places of it show a number."""
    if "waiting" not in g:
        g.waiting = inbox.waiting(me(), page_now())
    waiting: Sequence[inbox.Waiting] = g.waiting
    return waiting
