"""Evidence as each person may open it: one's own, the owner the company's, site and headquarters that of their cases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import undefer

from portal.access import Permission, may, projects_for
from portal.models import Claim, ClaimFile, FindingFile, PartnerPaper, Relation, StoredFile, User, db


def find(file_id: int, user: User) -> StoredFile | None:
    """The file with its content, if the person may open it and it is not erased."""
    wanted = (StoredFile.id == file_id, StoredFile.erased_at.is_(None), _visible_to(user))
    return db.session.scalar(select(StoredFile).where(*wanted).options(undefer(StoredFile.content)))


def _of_claims_and_relations() -> ColumnElement[bool]:
    """What was brought in a case of breach, and papers of partner files, are opened there alone, on record (RE-4.3, GD-13)."""
    breaches = select(FindingFile.file_id).union(select(PartnerPaper.file_id))
    elsewhere = select(ClaimFile.file_id).union(select(Relation.file_id).where(Relation.file_id.is_not(None)))
    return or_(StoredFile.id.not_in(breaches), StoredFile.id.in_(elsewhere))


def _visible_to(user: User) -> ColumnElement[bool]:
    if may(user, Permission.SEE_ALL_REGISTRATIONS):
        return _of_claims_and_relations()
    if user.distributor_id is not None:
        own = StoredFile.distributor_id == user.distributor_id
        return own if "owner" in user.roles else own & (StoredFile.stored_by_id == user.id)
    projects = projects_for(user, Permission.SEE_EVIDENCE)
    if not projects:
        return false()
    claimed = (
        select(ClaimFile.file_id).join(Claim, Claim.id == ClaimFile.claim_id).where(Claim.project_id.in_(projects))
    )
    proving = select(Relation.file_id).where(Relation.project_id.in_(projects), Relation.file_id.is_not(None))
    return or_(StoredFile.id.in_(claimed), StoredFile.id.in_(proving))
