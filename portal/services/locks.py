"""The rows that a command holds while it decides, always in one order: distributor, identities, registration."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect, select

from portal.models import Distributor, Extension, Registration, Visit, db
from portal.rules.refusal import Refusal
from portal.services import identities


def lock_distributor(distributor_id: int | None) -> Distributor:
    """Keep the distributor's status as it is until we have decided. Refusal for a person of no distributor."""
    query = (
        select(Distributor)
        .where(Distributor.id == distributor_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    distributor = db.session.scalar(query)
    if distributor is None:
        raise Refusal("no_distributor", "RE-1.1")
    return distributor


def lock_registration(registration: Registration) -> tuple[Distributor, datetime]:
    """Hold the distributor, the customer's identities and the registration, read afresh; returns the time from here on."""
    distributor = lock_distributor(registration.distributor_id)
    prints = {key.kind: key.fingerprint for key in registration.keys}
    now = identities.lock(registration.project_id, prints)
    _refresh(registration)
    return distributor, now


def lock_visit(visit: Visit) -> None:
    """Hold the visit, read afresh. After its registration, never before."""
    _refresh(visit)


def lock_extension(extension: Extension) -> None:
    """Hold the extension, read afresh. After its registration, never before."""
    _refresh(extension)


def _refresh(row: Registration | Visit | Extension) -> None:
    """Lock the row and read its columns again; what it is related to stays loaded."""
    columns = [attribute.key for attribute in inspect(type(row)).column_attrs]
    db.session.refresh(row, attribute_names=columns, with_for_update=True)
