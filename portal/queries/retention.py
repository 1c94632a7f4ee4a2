"""What is kept of partners whose files are closed and of applications that came to nothing, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from portal.models import (
    Application,
    CareContact,
    Distributor,
    HistoryEntry,
    PartnerFile,
    PartnerPaper,
    StoredFile,
    User,
    db,
)
from portal.queries.pages import newest
from portal.rules.retention import IDENTITY_PAPERS, RETENTIONS, WITH_THE_APPLICANT, application_kept_until, kept_until
from portal.wording.times import PORTAL_ZONE

#: Rows on one page.
PAGE = 50
#: Nobody signs in under such a login, and no two are alike.
ERASED_LOGIN = "erased-"
#: What of a partner's file names people.
PERSONAL = (
    "legal_name",
    "legal_id_number",
    "contact_name",
    "contact_phone",
    "contact_email",
    "beneficial_phone",
    "bank_account",
    "invoice_address",
    "invoice_phone",
    "introduced_by",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed partner and the exclusive end, UTC, for each kind of data that has one.

    ``left``: whether anything that names people is still there; ``erased_at``: when its accounts were erased.
    """

    distributor: Distributor
    ends: dict[str, datetime]
    left: bool
    erased_at: datetime | None


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
    query = select(Distributor, something_left()).where(Distributor.status == "closed")
    query = query.order_by(Distributor.id).limit(PAGE + 1)
    if after is not None:
        query = query.where(
            Distributor.id > select(Distributor.id).where(Distributor.reference == after).scalar_subquery()
        )
    found = db.session.execute(query).all()
    erased = _erased_at([one.id for one, _left in found])
    rows = [Kept(one, ends_of(one), left, erased.get(one.id)) for one, left in found[:PAGE]]
    return Page(rows, rows[-1].distributor.reference if len(found) > PAGE else None)


def kept_of(distributor: Distributor) -> Kept | None:
    """What is kept of one partner until when; None while its file is not closed."""
    left = db.session.scalar(
        select(something_left()).where(Distributor.id == distributor.id, Distributor.status == "closed")
    )
    if left is None:
        return None
    return Kept(distributor, ends_of(distributor), left, _erased_at([distributor.id]).get(distributor.id))


def _erased_at(distributors: Sequence[int]) -> dict[int, datetime]:
    """When the last account of each was erased, by the history."""
    about = and_(HistoryEntry.subject_type == User.__tablename__, HistoryEntry.subject_id == User.id)
    query = select(User.distributor_id, func.max(HistoryEntry.happened_at)).join(HistoryEntry, about)
    query = query.where(HistoryEntry.verb == "user.erased", User.distributor_id.in_(distributors))
    return {
        number: when for number, when in db.session.execute(query.group_by(User.distributor_id)) if number is not None
    }


def something_left() -> ColumnElement[bool]:
    """Whether anything that names people is left of a partner: accounts, file, talks, identity papers, application."""
    named = exists().where(User.distributor_id == Distributor.id, User.login.not_like(f"{ERASED_LOGIN}%"))
    filed = exists().where(
        PartnerFile.distributor_id == Distributor.id,
        or_(*(getattr(PartnerFile, column).is_not(None) for column in PERSONAL)),
    )
    brought = identity_papers_of(Distributor.id), applications_of(Distributor.id)
    return or_(named, filed, talks_with(Distributor.id).exists(), *(one.exists() for one in brought))


def talks_with(distributor_id: Any) -> Select[Any]:
    """The talks with one distributor that say with whom, until that is forgotten."""
    return select(CareContact).where(CareContact.distributor_id == distributor_id, CareContact.with_whom.is_not(None))


def applications_of(distributor_id: Any) -> Select[Any]:
    """The application of one distributor, until what names people in it is erased."""
    of_it = PartnerFile.distributor_id == distributor_id
    query = select(Application).join(PartnerFile, PartnerFile.id == Application.partner_file_id)
    return query.where(of_it, Application.erased_at.is_(None))


def identity_papers_of(distributor_id: Any) -> Select[Any]:
    """The stored files of identity papers of one distributor that are not erased."""
    query = select(StoredFile).join(PartnerPaper, PartnerPaper.file_id == StoredFile.id)
    return query.join(PartnerFile, PartnerFile.id == PartnerPaper.partner_file_id).where(
        PartnerFile.distributor_id == distributor_id,
        PartnerPaper.kind.in_(IDENTITY_PAPERS),
        StoredFile.erased_at.is_(None),
    )


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
