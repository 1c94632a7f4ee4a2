"""Reads of prospects, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Application, Invitation, Prospect, ProspectEvaluation, db
from portal.queries.pages import newest_behind

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``older`` is the id before which the next one begins."""

    prospects: Sequence[Prospect]
    older: int | None = None


def page_of(*, dropped: bool, before: int | None = None) -> Page:
    """Those on the list, or those that were taken off it."""
    query = select(Prospect).where(Prospect.dropped_at.is_not(None) if dropped else Prospect.dropped_at.is_(None))
    return Page(*newest_behind(query, Prospect.id, before, PAGE))


def find(number: int) -> Prospect | None:
    """One prospect, with who found it and who dropped it."""
    options = (joinedload(Prospect.found_by), joinedload(Prospect.dropped_by))
    return db.session.scalars(select(Prospect).where(Prospect.id == number).options(*options)).unique().one_or_none()


def evaluations_of(application: Application) -> Sequence[ProspectEvaluation]:
    """The evaluation forms that were filled in before the applicant was invited, the newest first (CM-2.3)."""
    query = select(ProspectEvaluation).join(Prospect, Prospect.id == ProspectEvaluation.prospect_id)
    query = query.join(Invitation, Invitation.id == Prospect.invitation_id)
    mine = query.where(Invitation.application_id == application.id)
    return db.session.scalars(mine.order_by(ProspectEvaluation.id.desc())).unique().all()


def application_of(prospect: Prospect) -> str | None:
    """The number of the application that its invitation began."""
    number = prospect.invitation.application_id if prospect.invitation is not None else None
    query = select(Application.reference).where(Application.id == number)
    return None if number is None else db.session.scalar(query)
