"""The cards of a broker's first page: who, until when, what to do; and the rows of what others are working on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.models import Registration
from portal.queries.customer_visits import latest_of
from portal.services.offers import extension_refusal
from portal.wording import durations
from portal.wording.standings import Case, Shown, shown


@dataclass(frozen=True, slots=True)
class Todo:
    """A card. ``planned`` is the visit to come, if it is near, ``valid`` from when on it counts.

    ``may_extend``: the application would succeed now.
    """

    registration: Registration
    shown: Shown
    planned: datetime | None
    valid: datetime
    may_extend: bool

    @property
    def due(self) -> datetime:
        """By when something has to be done: what the cards are sorted by."""
        return self.planned or self.registration.ends_at


@dataclass(frozen=True, slots=True)
class Wait:
    """A row about somebody else's turn."""

    registration: Registration
    what: str
    due: str
    meta: str


def todos(rows: Sequence[Registration], now: datetime) -> list[Todo]:
    """The cards, the most urgent first."""
    visits = latest_of(rows)
    cards = [
        Todo(
            row,
            shown(row, visits.get(row.id), now),
            row.planned_visit_at if _is_near(row, now) else None,
            Case(row, visits.get(row.id), now).earliest_arrival,
            extension_refusal(row, now) is None,
        )
        for row in rows
    ]
    return sorted(cards, key=lambda card: card.due)


def waits(rows: Sequence[Registration], now: datetime) -> list[Wait]:
    """What others are working on."""
    visits = latest_of(rows)
    return [_wait(row, shown(row, visits.get(row.id), now), now) for row in rows]


def _wait(row: Registration, standing: Shown, now: datetime) -> Wait:
    asked = row.pending_until is not None
    what = (
        _("%(name)s · 大宗延期", name=row.customer_name) if asked else _("%(name)s · 到访流程", name=row.customer_name)
    )
    since = durations.day_word(row.visited_at or row.filed_at, now, row.project.zone)
    meta = standing.next if asked else _("%(when)s 到访，%(next)s", when=since, next=standing.next)
    return Wait(row, what, row.project.name, meta)


def _is_near(row: Registration, now: datetime) -> bool:
    planned = row.planned_visit_at
    return row.visited_at is None and planned is not None and 0 < (planned - now).total_seconds() < 24 * 3600
