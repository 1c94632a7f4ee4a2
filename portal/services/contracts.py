"""Contracts that were signed on paper outside the portal: carried over when it began, or recorded with their scan (CH-5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, text

from portal import audit, clock
from portal.models import Contract, ContractProject, ContractSignature, Distributor, Project, StoredFile, User, db
from portal.rules.contract_states import check_may_sign
from portal.rules.contract_terms import bounds
from portal.services import contract_signing
from portal.services.contract_signing import Paper
from portal.services.files import store_file
from portal.services.locks import hold_distributor
from portal.services.references import group_reference
from portal.services.unacceptable import Unacceptable
from portal.wording.times import PORTAL_ZONE

_NEXT = text("SELECT nextval(pg_get_serial_sequence('contracts', 'id'))")


def carry_over(
    *,
    actor: User | None,
    distributor: Distributor,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime | None = None,
    projects: Sequence[Project] = (),
    paper: Paper | None = None,
) -> Contract:
    """Record a contract that was signed on paper elsewhere; without ``projects`` it covers all of them (CH-5.1)."""
    number = db.session.scalar(_NEXT) or 0
    contract = Contract(
        id=number,
        reference=group_reference("HT", number, now),
        distributor_id=distributor.id,
        kind="carried_over",
        state="signed",
        all_projects=not projects,
        starts_at=starts_at,
        ends_at=ends_at,
        signed_at=starts_at,
        created_at=now,
        projects=[ContractProject(project_id=project.id) for project in projects],
    )
    if paper is not None:
        contract_signing.add_paper(contract, paper, actor, now)
    db.session.add(contract)
    db.session.flush()
    audit.record("contract.carried_over", contract, actor=actor, now=now, clause="CH-5.1", reference=contract.reference)
    return contract


def record_paper_contract(
    *,
    actor: User,
    distributor: Distributor,
    first_day: date,
    last_day: date,
    projects: Sequence[Project],
    company_signer: str,
    partner_signer: str,
    scan: tuple[bytes, str],
) -> Contract:
    """Record a paper contract with its scan; an approved distributor is then under contract (CH-5.1, CH-5.5).

    ``scan`` is content and name. The same scan again is the contract it already is. Raises Refusal, and Unacceptable
    for last_day and scan.
    """
    held = hold_distributor(distributor.id)
    check_may_sign(held.status)
    now = clock.now()
    starts_at, ends_at = bounds(first_day, last_day, PORTAL_ZONE)
    if last_day < first_day or ends_at <= now:
        raise Unacceptable("last_day", "contract_term_backwards" if last_day < first_day else "contract_term_length")
    file = store_file(actor=actor, content=scan[0], name=scan[1], distributor_id=held.id, field="scan")
    known = _with_scan(held, file)
    if known is not None:
        return known
    paper = Paper(file=file, company_signer=company_signer, partner_signer=partner_signer)
    contract = carry_over(
        actor=actor, distributor=held, now=now, starts_at=starts_at, ends_at=ends_at, projects=projects, paper=paper
    )
    contract.drafted_by_id = actor.id
    contract_signing.make_contracted(held, actor, now)
    return contract


def _with_scan(distributor: Distributor, file: StoredFile) -> Contract | None:
    query = (
        select(Contract)
        .join(ContractSignature, ContractSignature.contract_id == Contract.id)
        .where(Contract.distributor_id == distributor.id, ContractSignature.file_id == file.id)
    )
    return db.session.scalars(query.limit(1)).first()
