"""Entering a new distributor: after its contract is signed the office files it and lets it begin (DO-2.4 to DO-2.6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit, clock
from portal.models import Distributor, PartnerFile, RoleGrant, User, db
from portal.rules.partner_states import check_step
from portal.rules.refusal import Refusal
from portal.services import notices
from portal.services.locks import hold_distributor


def enter_partner(*, actor: User, distributor: Distributor, folder_location: str) -> Distributor:
    """Contracted becomes active: it may file from now on (DO-2.5). ``folder_location``: where the paper lies (DO-2.6).

    Raises Refusal unless a signed contract has made it contracted, and for whoever presses twice.
    """
    hold_distributor(distributor.id)
    if distributor.status != "contracted":
        raise Refusal("partner_not_contracted", "DO-2.5")
    if not folder_location.strip():
        raise Refusal("entry_needs_a_folder", "DO-2.6")
    now, step = clock.now(), check_step(distributor.status, "active")
    distributor.status, distributor.status_since, distributor.status_reason = "active", now, None
    _put_away(distributor, folder_location, now)
    audit.record("distributor.entered", distributor, actor=actor, now=now, clause=step.clause)
    owners = owners_of(distributor.id)
    notices.tell(owners, "distributor.entered", distributor, f"distributor:{distributor.id}:entered", "DO-2.5", now=now)
    return distributor


def owners_of(distributor_id: int) -> list[int]:
    """The owners of a distributor, as user ids."""
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    mine = (RoleGrant.role == "owner", User.distributor_id == distributor_id, User.disabled_at.is_(None))
    return list(db.session.scalars(query.where(*mine)))


def _put_away(distributor: Distributor, folder_location: str, now: datetime) -> None:
    file = db.session.scalar(select(PartnerFile).where(PartnerFile.distributor_id == distributor.id))
    if file is None:
        file = PartnerFile(distributor_id=distributor.id, name=distributor.name, created_at=now, changed_at=now)
        file.registration_code = distributor.registration_code
        db.session.add(file)
    file.folder_location, file.changed_at = folder_location, now
    db.session.flush()
