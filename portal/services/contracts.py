"""Commands about contracts. Whoever changes whether one is in force holds the distributor's row first, as filing does."""

from __future__ import annotations

from datetime import datetime

from portal import audit
from portal.models import Contract, ContractProject, Distributor, Project, User, db


def carry_over(
    *,
    actor: User | None,
    distributor: Distributor,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime | None = None,
    projects: tuple[Project, ...] = (),
) -> Contract:
    """Record a contract that was signed on paper elsewhere; without ``projects`` it covers all of them (CH-5.1)."""
    contract = Contract(
        reference=f"HT-{distributor.reference}",
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
    db.session.add(contract)
    db.session.flush()
    audit.record("contract.carried_over", contract, actor=actor, now=now, clause="CH-5.1", reference=contract.reference)
    return contract
