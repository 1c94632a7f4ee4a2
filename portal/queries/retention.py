"""What is kept of partners whose files are closed and of applications that came to nothing, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from portal.models import Application, Distributor, PartnerFile, PartnerPaper, User, db
from portal.queries.pages import newest
from portal.rules.retention import RETENTIONS, WITH_THE_APPLICANT, application_kept_until, kept_until
from portal.wording.times import PORTAL_ZONE

#: Rows on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed partner and the exclusive end, UTC, for each kind of data that has one."""

    distributor: Distributor
    ends: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Page:
    """Those closed first stand first; ``next_key`` (a reference) opens the following page."""

    rows: Sequence[Kept]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class KeptApplication:
    """An application that came to nothing; ``ends_at``: the exclusive end, UTC, None once it is erased."""

    application: Application
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Those begun last stand first; ``next_key`` (a reference) opens the following page."""

    rows: Sequence[KeptApplication]
    next_key: str | None


def fruitless_applications(after: str | None = None) -> ApplicationPage:
    """A page of applications that were rejected, or wait for their applicants, with when what they hold is erased."""
    query = select(Application).where(Application.state.in_((*WITH_THE_APPLICANT, "rejected")))
    found, next_key = newest(query, Application.id, after, PAGE)
    numbers = [one.id for one in found]
    touched = dict(db.session.execute(select(Application.id, touched_at()).where(Application.id.in_(numbers))).all())
    return ApplicationPage([KeptApplication(one, application_end(one, touched[one.id])) for one in found], next_key)


def application_end(application: Application, touched: datetime) -> datetime | None:
    """Until when an application that came to nothing is kept; None once it is erased."""
    if application.erased_at is not None:
        return None
    since = application.state_since if application.state == "rejected" else touched
    return application_kept_until(application.state, since, PORTAL_ZONE)


def touched_at() -> ColumnElement[datetime]:
    """When an application was last moved, its form last changed or a paper last brought; UTC."""
    changed = select(PartnerFile.changed_at).where(PartnerFile.id == Application.partner_file_id)
    brought = select(func.max(PartnerPaper.brought_at)).where(
        PartnerPaper.partner_file_id == Application.partner_file_id
    )
    parts = (one.correlate(Application).scalar_subquery() for one in (changed, brought))
    return func.greatest(Application.state_since, *parts)


def closed_partners(after: str | None = None) -> Page:
    """A page of closed partners with what is kept of them until when."""
    query = select(Distributor).where(Distributor.status == "closed").order_by(Distributor.id).limit(PAGE + 1)
    if after is not None:
        query = query.where(
            Distributor.id > select(Distributor.id).where(Distributor.reference == after).scalar_subquery()
        )
    found = db.session.scalars(query).all()
    rows = [Kept(one, ends_of(one)) for one in found[:PAGE]]
    return Page(rows, found[PAGE - 1].reference if len(found) > PAGE else None)


def ends_of(distributor: Distributor) -> dict[str, datetime]:
    """By the kind of data, for a closed partner."""
    closed_at = distributor.status_since
    return {one.kind: kept_until(closed_at, one.years, PORTAL_ZONE) for one in RETENTIONS if one.years is not None}


def people_of(distributor: Distributor) -> Sequence[User]:
    """Everybody who ever had an account of the distributor."""
    query = select(User).where(User.distributor_id == distributor.id).order_by(User.id)
    return db.session.scalars(query).unique().all()


def file_of(distributor: Distributor) -> PartnerFile | None:
    """The file with which the partner applied."""
    return db.session.scalars(select(PartnerFile).where(PartnerFile.distributor_id == distributor.id)).unique().first()
