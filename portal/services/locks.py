"""The rows that a command holds while it decides, always in one order: distributor, identities, registration.

What a transaction holds already is not locked again: nobody else can have changed it meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session, class_mapper
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.models import Distributor, Extension, Registration, Visit, db
from portal.rules.refusal import Refusal
from portal.services import identities

_HELD = "rows_held"
_STANDING = ("status", "asked_exit_from", "leaves_at")
_DISTRIBUTOR = (
    select(Distributor)
    .where(Distributor.id == bindparam("id"))
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who files whom, both locked, from what time on, in which place of the order of recording; the registration's id to be."""

    distributor: Distributor
    prints: identities.Fingerprints
    now: datetime
    seq: int
    registration_id: int


def lock_distributor(distributor_id: int | None) -> Distributor:
    """Keep the distributor's status as it is until we have decided. Refusal for a person of no distributor."""
    held = db.session.get(Distributor, distributor_id) if _holds(Distributor, distributor_id) else None
    if held is not None:
        return held
    distributor = db.session.scalar(_DISTRIBUTOR, {"id": distributor_id})
    if distributor is None:
        raise Refusal("no_distributor", "RE-1.1")
    _hold(Distributor, distributor_id)
    return distributor


def lock_filer(distributor_id: int | None, project_id: int, prints: identities.Fingerprints) -> Filer:
    """Keep the distributor's status as it is and hold the customer's identities, in one statement.

    Raises Refusal for a person of no distributor.
    """
    taken = identities.lock_with_filer(distributor_id, project_id, prints)
    distributor = db.session.get(Distributor, distributor_id) if taken is not None else None
    if taken is None or distributor is None:
        raise Refusal("no_distributor", "RE-1.1")
    for name in _STANDING:
        set_committed_value(distributor, name, getattr(taken, name))
    _hold(Distributor, distributor_id)
    return Filer(distributor, prints, taken.last_at, taken.seq, taken.registration_id)


def hold_distributor(distributor_id: int | None) -> Distributor:
    """The distributor, read afresh, kept from every filing and every other change until the transaction ends.

    Whoever changes its status or its contracts comes this way: filings in flight are waited for, later ones see what is
    decided now. Raises NoResultFound.
    """
    query = select(Distributor).where(Distributor.id == distributor_id).with_for_update(of=Distributor)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def lock_registration(registration: Registration) -> tuple[Distributor, datetime]:
    """Hold the distributor, the customer's identities and the registration, read afresh; returns the time from here on."""
    distributor = lock_distributor(registration.distributor_id)
    if _holds(Registration, registration.id):
        return distributor, clock.now()
    prints = {key.kind: key.fingerprint for key in registration.keys}
    now = identities.lock(registration.project_id, prints)
    _refresh(registration)
    return distributor, now


def lock_visit(visit: Visit) -> None:
    """Hold the visit, read afresh. After its registration, never before."""
    if not _holds(Visit, visit.id):
        _refresh(visit)


def lock_extension(extension: Extension) -> None:
    """Hold the extension, read afresh. After its registration, never before."""
    if not _holds(Extension, extension.id):
        _refresh(extension)


def written(model: type[Registration | Visit | Extension], row_id: int) -> None:
    """Say that this transaction wrote the row itself, so that it holds it."""
    _hold(model, row_id)


def _refresh(row: Registration | Visit | Extension) -> None:
    """Lock the row and read its columns again; what it is related to stays loaded."""
    columns = [attribute.key for attribute in class_mapper(type(row)).column_attrs]
    db.session.refresh(row, attribute_names=columns, with_for_update=True)
    written(type(row), row.id)


def _holds(model: type[Any], row_id: int | None) -> bool:
    return (model, row_id) in db.session.info.get(_HELD, ())


def _hold(model: type[Any], row_id: int | None) -> None:
    db.session.info.setdefault(_HELD, set()).add((model, row_id))


@event.listens_for(Session, "after_soft_rollback")
def _forget_after_rollback(session: Session, previous: Any) -> None:
    """A rollback, to a savepoint too, gives locks back."""
    session.info.pop(_HELD, None)


@event.listens_for(Session, "after_commit")
def _forget_after_commit(session: Session) -> None:
    """The end of the transaction gives every lock back."""
    session.info.pop(_HELD, None)
