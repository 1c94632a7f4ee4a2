"""What is kept of partners whose files are closed, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.models import Distributor, PartnerFile, User, db
from portal.rules.retention import RETENTIONS, kept_until
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
