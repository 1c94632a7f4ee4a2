"""Filing a customer (报备, RE-1.4): who asks, lock, one's own running filing, then the registration, its keys and its slip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from portal import audit, jobs
from portal.models import Policy, Project, Registration, User, db
from portal.queries import matches
from portal.rules.customers import is_local
from portal.rules.lead_time import earliest_arrival
from portal.rules.partnership import check_contract, check_may_act
from portal.rules.periods import period_end
from portal.rules.policies import Policy as Terms
from portal.rules.refusal import Refusal
from portal.services import documents, identities, policies
from portal.services.customers import Customer, search_tokens
from portal.services.filing_statements import EMPTY_ROW, ground_of, write_filing
from portal.services.locks import Filer, lock_distributor, lock_filer, written
from portal.services.references import reference
from portal.straight import as_read


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


@dataclass(frozen=True, slots=True)
class Filed:
    """A registration as it was just written, with the parties that are known; most filers go on with its number alone."""

    row: Mapping[str, Any]
    parties: Mapping[str, Any]

    @property
    def reference(self) -> str:
        return str(self.row["reference"])

    @property
    def registration(self) -> Registration:
        """The registration, as if it had just been read."""
        registration = as_read(Registration, self.row)
        for name, party in self.parties.items():
            set_committed_value(registration, name, party)
        return registration


def file_customer(*, actor: User, project: Project, filing: Filing) -> Filed:
    """File a customer for the actor's distributor (RE-2.1, 2.8, 4.2). A form sent twice gives the one registration.

    Nothing here depends on what others have filed: a second filer's answer is the first filer's (RE-Q30).
    Raises Refusal: RE-5.4, DM-12.1, DM-3.1 (who asks), RE-1.4 (a closed project), RE-2.8 (own running registration, RE-Q33).
    """
    prints = filing.customer.fingerprints
    if "phone" not in prints:
        check_may_act(lock_distributor(actor.distributor_id).status)
        raise Refusal("phone_needed", "RE-8.4")
    filer = lock_filer(actor.distributor_id, project.id, prints)
    distributor, now = filer.distributor, filer.now
    check_may_act(distributor.status)
    ground = ground_of(filer, project.id, filing.submission_key)
    if ground.sent_before is not None:
        sent = db.session.get_one(Registration, ground.sent_before)
        return Filed({"id": sent.id, "reference": sent.reference}, {})
    # Again, now that the instant is known: an approved exit takes effect to the second (DM-12.6).
    check_may_act(distributor.status_at(now))
    check_contract(ground.covered)
    check_takes_filings(project)
    policy = ground.policy or policies.in_force(project.id, now)
    _check_own_filing(ground.own, project)
    _check_cooling_off(distributor.id, project, prints, policy.terms, now)
    return _write(actor, project, policy, filing, filer)


def earliest_valid_arrival(registration: Registration, project: Project, terms: Terms) -> datetime:
    """From when on the front desk accepts the visit as this filing's (RE-2.2, RE-2.3), UTC."""
    return earliest_arrival(
        registration.filed_at, is_local=registration.is_local, lead_time=terms.lead_time, zone=project.zone
    )


def check_takes_filings(project: Project) -> None:
    """Raises Refusal: RE-1.4, when the project is closed to new filings."""
    if not project.is_open:
        raise Refusal("project_takes_no_filings", "RE-1.4")


def check_own_filings(
    distributor_id: int, project: Project, prints: identities.Fingerprints, terms: Terms, now: datetime
) -> None:
    """Raises Refusal: RE-2.8 while one's own filing of this customer runs (RE-Q33), RE-Q8 during a cooling-off."""
    _check_own_filing(matches.own_running(distributor_id, project.id, prints.values(), now), project)
    _check_cooling_off(distributor_id, project, prints, terms, now)


def _check_own_filing(own: tuple[str, datetime] | None, project: Project) -> None:
    if own is not None:
        raise Refusal("already_filed", "RE-2.8", reference=own[0], ends_at=own[1], zone=project.timezone)


def _check_cooling_off(
    distributor_id: int, project: Project, prints: identities.Fingerprints, terms: Terms, now: datetime
) -> None:
    if not terms.cooling_off_days:
        return
    ended_at = matches.last_end_of(distributor_id, project.id, prints.values())
    free_at = None if ended_at is None else ended_at + timedelta(days=terms.cooling_off_days)
    if free_at is not None and now < free_at:
        raise Refusal("cooling_off", "RE-Q8", free_at=free_at, zone=project.timezone)


def _write(actor: User, project: Project, policy: Policy, filing: Filing, filer: Filer) -> Filed:
    """The registration with its keys, its first entry in the history and its slip."""
    row = _row(actor, project, policy, filing, filer)
    made = write_filing(row, filer.prints, _entry(row, actor, project, policy), documents.filing_slip(row))
    written(Registration, row["id"])
    jobs.hand_in_after_commit(made.document_id)
    parties = {"project": project, "policy": policy, "distributor": filer.distributor, "broker": actor}
    return Filed(row | {"ends_at": made.ends_at}, parties)


def _row(actor: User, project: Project, policy: Policy, filing: Filing, filer: Filer) -> dict[str, Any]:
    customer, terms, now = filing.customer, policy.terms, filer.now
    return EMPTY_ROW | dict(
        id=filer.registration_id,
        seq=filer.seq,
        reference=reference("registration", project, filer.seq, now),
        project_id=project.id,
        distributor_id=filer.distributor.id,
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


def _locality(filing: Filing, project: Project) -> bool:
    if filing.declared_local is not None:
        return filing.declared_local
    return is_local(filing.customer.residence, project.city_code)


def _entry(row: dict[str, Any], actor: User, project: Project, policy: Policy) -> dict[str, Any]:
    filed_at, lead_time = row["filed_at"], policy.terms.lead_time
    return audit.entry_of(
        "registration.filed",
        (Registration.__tablename__, row["id"]),
        actor=actor,
        now=filed_at,
        project_id=project.id,
        clause="RE-2.8",
        reference=row["reference"],
        until=row["hold_ends_at"],
        earliest_arrival=earliest_arrival(filed_at, is_local=row["is_local"], lead_time=lead_time, zone=project.zone),
        policy=f"{policy.code}-{policy.version}",
        declaration=row["declaration_version"],
        pasted=row["pasted_message_id"] is not None,
    )
