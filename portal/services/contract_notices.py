"""Telling people about contracts: the partner's owners, who wrote, reviews and signs; reminders before the end (DM-10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.access import PERMISSIONS, Permission
from portal.models import Contract, RoleGrant, User, db
from portal.one_by_one import each
from portal.queries.contracts import later_of
from portal.rules.contract_terms import REMINDERS, reminder_due
from portal.services import notices
from portal.services.distributor_notices import WORTH_TELLING


def tell_owners(
    contract: Contract, kind: str, clause: str, now: datetime, *, until: datetime | None = None, occasion: str = ""
) -> int:
    """Tell the owners of the distributor, once per occasion."""
    return _tell(_owners(contract.distributor_id), contract, kind, clause, now, until=until, occasion=occasion)


def tell_drafter(contract: Contract, kind: str, clause: str, now: datetime) -> int:
    """Tell who wrote it; once per review."""
    people = [] if contract.drafted_by_id is None else [contract.drafted_by_id]
    reviewed = contract.reviewed_at.isoformat() if contract.reviewed_at else ""
    return _tell(people, contract, kind, clause, now, occasion=reviewed)


def tell_signers(contract: Contract, now: datetime) -> int:
    """Tell who signs for the company."""
    return _tell(holders(Permission.SIGN_CONTRACT), contract, "contract.to_sign", "CH-5.5", now)


def remind(now: datetime) -> int:
    """Remind both sides 60, 30 and 7 days before the end, and tell of the end; how many were told anew (DM-10.4).

    A contract that was ended, superseded or renewed already is past reminding.
    """
    return each(_ending(now), lambda contract: _remind(contract, now))


def holders(permission: Permission) -> Sequence[int]:
    """The people of headquarters who may do this, as user ids."""
    roles = [role for role, granted in PERMISSIONS.items() if permission in granted]
    query = select(User.id).join(RoleGrant, RoleGrant.user_id == User.id)
    return db.session.scalars(query.where(RoleGrant.role.in_(roles), User.disabled_at.is_(None)).distinct()).all()


def _remind(contract: Contract, now: datetime) -> int:
    assert contract.ends_at is not None
    if later_of(contract).renewed is not None:
        return 0
    people = [*_owners(contract.distributor_id), *holders(Permission.MANAGE_CONTRACTS)]
    if contract.ends_at <= now:
        return _tell(people, contract, "contract.expired", "DM-3.1", now, until=contract.ends_at)
    days = reminder_due(contract.ends_at, now)
    occasion = f"{contract.ends_at.isoformat()}:{days}"
    return _tell(people, contract, "contract.ending", "DM-10.4", now, until=contract.ends_at, occasion=occasion)


def _ending(now: datetime) -> Sequence[Contract]:
    query = select(Contract).where(
        Contract.state == "signed",
        Contract.ends_at > now - WORTH_TELLING,
        Contract.ends_at <= now + timedelta(days=max(REMINDERS)),
        Contract.ended_at.is_(None),
    )
    return db.session.scalars(query.order_by(Contract.id)).all()


def _owners(distributor_id: int) -> Sequence[int]:
    query = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == "owner", User.distributor_id == distributor_id, User.disabled_at.is_(None))
    )
    return db.session.scalars(query).all()


def _tell(
    people: Iterable[int],
    contract: Contract,
    kind: str,
    clause: str,
    now: datetime,
    *,
    until: datetime | None = None,
    occasion: str = "",
) -> int:
    facts = {"reference": contract.reference} | ({"until": until} if until else {})
    return notices.tell(people, kind, contract, f"{contract.reference}:{occasion}", clause, facts, now=now)
