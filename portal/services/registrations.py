"""Filing a customer (报备, RE-1.4): who asks, lock, one's own running filing, then the registration, its keys and its slip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import LargeBinary, Table, Text, bindparam, func, insert, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from portal import audit
from portal.models import Distributor, Policy, Project, Registration, RegistrationKey, User, db
from portal.queries import contracts, matches
from portal.rules.customers import is_local
from portal.rules.lead_time import earliest_arrival
from portal.rules.partnership import check_contract, check_may_act
from portal.rules.periods import period_end
from portal.rules.policies import Policy as Terms
from portal.rules.refusal import Refusal
from portal.services import documents, identities, policies
from portal.services.customers import Customer, search_tokens
from portal.services.locks import lock_distributor, written
from portal.services.references import reference

_SENT_BEFORE = select(Registration.id).where(
    Registration.submission_key == bindparam("key"), Registration.distributor_id == bindparam("distributor_id")
)

# Built once, and not left to the session's unit of work: filing is what most requests of a morning do.
_R, _K = Registration, RegistrationKey
_BY_DATABASE = {"id", "ends_at"}
_GIVEN = [column.name for column in _R.__table__.columns if column.name not in _BY_DATABASE]
_FILED = (
    insert(cast(Table, _R.__table__))
    .values({name: bindparam(name) for name in _GIVEN})
    .returning(_R.id, _R.ends_at, _R.project_id, _R.distributor_id, _R.filed_at, _R.hold_ends_at)
    .cte("filed")
)
_KINDS = bindparam("kinds", type_=ARRAY(Text))
_PAIRS = (
    func.unnest(_KINDS, bindparam("prints", type_=ARRAY(LargeBinary)))
    .table_valued("kind", "fingerprint")
    .render_derived()
)
_KEYED = insert(cast(Table, _K.__table__)).from_select(
    ["registration_id", "project_id", "distributor_id", "covers", "kind", "fingerprint"],
    select(
        _FILED.c.id,
        _FILED.c.project_id,
        _FILED.c.distributor_id,
        func.tstzrange(_FILED.c.filed_at, _FILED.c.hold_ends_at),
        _PAIRS.c.kind,
        _PAIRS.c.fingerprint,
    ).select_from(_FILED.join(_PAIRS, true())),
    include_defaults=False,
)
_WRITE = select(_FILED.c.id, _FILED.c.ends_at).add_cte(_KEYED.cte("keyed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a broker sends: the customer and the circumstances, clean; ``typed`` is kept as evidence.

    ``declared_local`` is the filer's word (RE-Q3); without it the residence code of the customer decides.
    """

    customer: Customer
    declared_local: bool | None = None
    planned_visit_at: datetime | None = None
    bulk_expected: bool = False
    party_size: int | None = None
    note: str | None = None
    declaration_version: str
    notice_version: str
    typed: Mapping[str, str] = field(default_factory=dict)
    pasted_message_id: int | None = None
    submission_key: UUID | None = None


def file_customer(*, actor: User, project: Project, filing: Filing) -> Registration:
    """File a customer for the actor's distributor (RE-2.1, 2.8, 4.2). A form sent twice gives the one registration.

    Nothing here depends on what others have filed: a second filer's answer is the first filer's (RE-Q30).
    Raises Refusal: RE-5.4, DM-12.1, DM-3.1 (who asks), RE-2.8 (own running registration, RE-Q33).
    """
    distributor = lock_distributor(actor.distributor_id)
    check_may_act(distributor.status)
    prints = filing.customer.fingerprints
    if "phone" not in prints:
        raise Refusal("phone_needed", "RE-8.4")
    now, seq = identities.lock_and_count(project.id, prints)
    sent_before = _sent_before(actor, filing.submission_key)
    if sent_before is not None:
        return sent_before
    # Again, now that the instant is known: an approved exit takes effect to the second (DM-12.6).
    check_may_act(distributor.status_at(now))
    check_contract(contracts.covers(distributor.id, project.id, now))
    policy = policies.in_force(project.id, now)
    check_own_filings(distributor.id, project, prints, policy.terms, now)
    registration = _write(actor, distributor, project, policy, filing, now, seq)
    _remember(registration, actor, project, policy)
    documents.order_filing_slip(registration, now)
    return registration


def earliest_valid_arrival(registration: Registration, project: Project, terms: Terms) -> datetime:
    """From when on the front desk accepts the visit as this filing's (RE-2.2, RE-2.3), UTC."""
    return earliest_arrival(
        registration.filed_at, is_local=registration.is_local, lead_time=terms.lead_time, zone=project.zone
    )


def _sent_before(actor: User, submission_key: UUID | None) -> Registration | None:
    if submission_key is None:
        return None
    found = db.session.scalar(_SENT_BEFORE, {"key": submission_key, "distributor_id": actor.distributor_id})
    return None if found is None else db.session.get_one(Registration, found)


def check_own_filings(
    distributor_id: int, project: Project, prints: identities.Fingerprints, terms: Terms, now: datetime
) -> None:
    """Raises Refusal: RE-2.8 while one's own filing of this customer runs (RE-Q33), RE-Q8 during a cooling-off."""
    own = matches.own_running(distributor_id, project.id, prints.values(), now)
    if own is not None:
        raise Refusal("already_filed", "RE-2.8", reference=own[0], ends_at=own[1], zone=project.timezone)
    if terms.cooling_off_days:
        _check_cooling_off(distributor_id, project, prints, terms, now)


def _check_cooling_off(
    distributor_id: int, project: Project, prints: identities.Fingerprints, terms: Terms, now: datetime
) -> None:
    ended_at = matches.last_end_of(distributor_id, project.id, prints.values())
    free_at = None if ended_at is None else ended_at + timedelta(days=terms.cooling_off_days)
    if free_at is not None and now < free_at:
        raise Refusal("cooling_off", "RE-Q8", free_at=free_at, zone=project.timezone)


def _write(
    actor: User, distributor: Distributor, project: Project, policy: Policy, filing: Filing, now: datetime, seq: int
) -> Registration:
    customer = filing.customer
    terms = policy.terms
    values = dict(
        seq=seq,
        reference=reference("registration", project, seq, now),
        project_id=project.id,
        distributor_id=distributor.id,
        broker_id=actor.id,
        policy_id=policy.id,
        submission_key=filing.submission_key,
        pasted_message_id=filing.pasted_message_id,
        **customer.columns(),
        note=filing.note,
        typed=json.dumps(dict(filing.typed), ensure_ascii=False),
        residence=customer.residence,
        is_local=_locality(filing, project),
        bulk_expected=filing.bulk_expected,
        party_size=filing.party_size,
        planned_visit_at=filing.planned_visit_at,
        declaration_version=filing.declaration_version,
        notice_version=filing.notice_version,
        search_tokens=search_tokens(customer),
        filed_at=now,
        hold_ends_at=period_end(now, terms.hold.days, project.zone, count=terms.hold.count),
    )
    registration = _insert(values, customer.fingerprints)
    parties = {"project": project, "policy": policy, "distributor": distributor, "broker": actor}
    for name, party in parties.items():
        set_committed_value(registration, name, party)
    written(registration)
    return registration


def _locality(filing: Filing, project: Project) -> bool:
    if filing.declared_local is not None:
        return filing.declared_local
    return is_local(filing.customer.residence, project.city_code)


def _insert(values: dict[str, Any], prints: identities.Fingerprints) -> Registration:
    """Write the row and its keys; the registration as if it had just been read."""
    row = dict.fromkeys(_GIVEN) | values
    made = db.session.execute(_WRITE, row | {"kinds": list(prints), "prints": list(prints.values())}).one()
    registration = Registration(id=made.id, ends_at=made.ends_at, **row)
    make_transient_to_detached(registration)
    db.session.add(registration)
    return registration


def _remember(registration: Registration, actor: User, project: Project, policy: Policy) -> None:
    audit.record(
        "registration.filed",
        registration,
        actor=actor,
        now=registration.filed_at,
        clause="RE-2.8",
        reference=registration.reference,
        until=registration.hold_ends_at,
        earliest_arrival=earliest_valid_arrival(registration, project, policy.terms),
        policy=f"{policy.code}-{policy.version}",
        declaration=registration.declaration_version,
        pasted=registration.pasted_message_id is not None,
    )
