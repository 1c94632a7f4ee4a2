"""Who else stands on record under the same strong keys. For the company's eyes and for the rules; never for distributors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload
from sqlalchemy.types import LargeBinary

from portal.models import CompanyRecord, RecordKey, Registration, RegistrationKey, db
from portal.queries.registrations import WITH_PARTIES
from portal.rules.ranking import rank_of
from portal.rules.standing import RegistrationFacts

_FINGERPRINTS = bindparam("fingerprints", type_=ARRAY(LargeBinary))

_SAME_CUSTOMER = (
    select(RegistrationKey.registration_id)
    .where(RegistrationKey.project_id == bindparam("project_id"), RegistrationKey.fingerprint == _FINGERPRINTS.any_())
    .distinct()
)
_RUNNING = select(Registration).where(
    Registration.id.in_(_SAME_CUSTOMER), Registration.outcome.is_(None), Registration.ends_at > bindparam("instant")
)
_FACTS = tuple(field.name for field in fields(RegistrationFacts))
_RUNNING_FACTS = _RUNNING.with_only_columns(
    Registration.distributor_id, *(getattr(Registration, name) for name in _FACTS)
)
_RUNNING_OF = (
    _RUNNING.where(Registration.distributor_id == bindparam("distributor_id"))
    .options(*WITH_PARTIES)
    .order_by(Registration.seq)
)
# By the keys alone, and fenced off: in a young table, which nothing is known of yet, the planner would rather walk through
# all that runs. Whose it is stands with the keys too.
_OWN_OF_CUSTOMER = (
    select(Registration.reference, Registration.ends_at, Registration.outcome, Registration.seq)
    .where(Registration.id.in_(_SAME_CUSTOMER.where(RegistrationKey.distributor_id == bindparam("distributor_id"))))
    .offset(literal_column("0"))
    .subquery("own_of_customer")
)
OWN_RUNNING = (
    select(_OWN_OF_CUSTOMER.c.reference, _OWN_OF_CUSTOMER.c.ends_at)
    .where(_OWN_OF_CUSTOMER.c.outcome.is_(None), _OWN_OF_CUSTOMER.c.ends_at > bindparam("instant"))
    .order_by(_OWN_OF_CUSTOMER.c.seq)
    .limit(1)
)
_LAST_ENDED_OF = (
    select(Registration.ends_at)
    .where(
        Registration.id.in_(_SAME_CUSTOMER),
        Registration.distributor_id == bindparam("distributor_id"),
        Registration.outcome.is_(None),
    )
    .order_by(Registration.ends_at.desc())
    .limit(1)
)
_BLOCKING_RECORDS = (
    select(CompanyRecord)
    .where(
        CompanyRecord.id.in_(
            select(RecordKey.record_id).where(
                RecordKey.project_id == bindparam("project_id"), RecordKey.fingerprint == _FINGERPRINTS.any_()
            )
        ),
        CompanyRecord.lifted_at.is_(None),
        CompanyRecord.seq < bindparam("seq"),
    )
    .order_by(CompanyRecord.seq)
)


def running_of(
    distributor_id: int, project_id: int, fingerprints: Iterable[bytes], instant: datetime
) -> Registration | None:
    """The distributor's own running registration of this customer, the earliest when a correction made two meet."""
    values = {
        "project_id": project_id,
        "fingerprints": list(fingerprints),
        "instant": instant,
        "distributor_id": distributor_id,
    }
    return db.session.scalars(_RUNNING_OF, values).first()


def own_running(
    distributor_id: int, project_id: int, fingerprints: Iterable[bytes], instant: datetime
) -> tuple[str, datetime] | None:
    """Number and end of what ``running_of`` finds; nothing is unsealed."""
    values = {
        "project_id": project_id,
        "fingerprints": list(fingerprints),
        "instant": instant,
        "distributor_id": distributor_id,
    }
    found = db.session.execute(OWN_RUNNING, values).first()
    return None if found is None else (found.reference, found.ends_at)


def last_end_of(distributor_id: int, project_id: int, fingerprints: Iterable[bytes]) -> datetime | None:
    """When the distributor's last registration of this customer ended or will end (for a cooling-off, RE-Q8)."""
    values = {"project_id": project_id, "fingerprints": list(fingerprints), "distributor_id": distributor_id}
    return db.session.scalar(_LAST_ENDED_OF, values)


def older_records(registration: Registration) -> Sequence[CompanyRecord]:
    """Company-source records of this customer made before the filing and not lifted (RE-4.1, RE-Q14, RE-Q32)."""
    values = {
        "project_id": registration.project_id,
        "fingerprints": [key.fingerprint for key in registration.keys],
        "seq": registration.seq,
    }
    return db.session.scalars(_BLOCKING_RECORDS, values).all()


def rank(registration: Registration, instant: datetime, tie_break: Sequence[str]) -> int | None:
    """The registration's rank at ``instant``, 1 leads; None when it does not run."""
    if not registration.facts().runs_at(instant):
        return None
    rivals = running_facts(registration.project_id, [key.fingerprint for key in registration.keys], instant)
    return rank_of(registration.facts(), [facts for _, facts in rivals], instant, tie_break)


def running_facts(
    project_id: int, fingerprints: Iterable[bytes], instant: datetime
) -> list[tuple[int, RegistrationFacts]]:
    """The facts of every running registration of this customer, each with its distributor's id; nothing is unsealed."""
    values = {"project_id": project_id, "fingerprints": list(fingerprints), "instant": instant}
    rows = db.session.execute(_RUNNING_FACTS, values).all()
    return [(row[0], RegistrationFacts(**dict(zip(_FACTS, row[1:], strict=True)))) for row in rows]


def with_distributors(project_id: int, fingerprints: Iterable[bytes], instant: datetime) -> Sequence[Registration]:
    """The running registrations of this customer with their distributors and brokers, for the site's audit page."""
    values = {"project_id": project_id, "fingerprints": list(fingerprints), "instant": instant}
    query = _RUNNING.options(joinedload(Registration.distributor), joinedload(Registration.broker))
    return db.session.scalars(query, values).all()
