"""Reads of back-tests for headquarters: the list, one run, and the registrations that a report names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from portal.models import Backtest, Distributor, Registration, User, db
from portal.queries.pages import newest

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """One page of runs, the newest first; ``next_key``, the number of a run in it, opens the following one."""

    rows: Sequence[Backtest]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Whose a registration is and when it was filed: no customer."""

    distributor: str
    filed_at: datetime


def runs(*, asked_by: User | None = None, after: str | None = None) -> Page:
    """Everybody's runs, or those that one person asked for; without their reports."""
    people = (joinedload(Backtest.project), joinedload(Backtest.asked_by))
    query = select(Backtest).options(*people, defer(Backtest.result), defer(Backtest.document))
    if asked_by is not None:
        query = query.where(Backtest.asked_by_id == asked_by.id)
    return Page(*newest(query, Backtest.id, after, PAGE))


def find(reference: str) -> Backtest | None:
    """One run with its project and who asked for it, as it stands now."""
    query = select(Backtest).where(Backtest.reference == reference)
    query = query.options(joinedload(Backtest.project), joinedload(Backtest.asked_by))
    return db.session.scalar(query.execution_options(populate_existing=True))


def registrations(references: Iterable[str]) -> dict[str, Named]:
    """Whose these registrations are, by their references."""
    query = (
        select(Registration.reference, Distributor.name, Registration.filed_at)
        .join(Distributor, Distributor.id == Registration.distributor_id)
        .where(Registration.reference.in_(list(references)))
    )
    return {row.reference: Named(row.name, row.filed_at) for row in db.session.execute(query)}
