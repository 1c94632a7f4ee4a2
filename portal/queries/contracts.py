"""Reads about contracts: whether one in force covers a project."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select

from portal.models import Contract, ContractProject, db

_IN_FORCE = (
    Contract.signed_at <= bindparam("now"),
    Contract.starts_at <= bindparam("now"),
    or_(Contract.ends_at.is_(None), Contract.ends_at > bindparam("now")),
    or_(Contract.ended_at.is_(None), Contract.ended_at > bindparam("now")),
)
_NAMES_PROJECT = exists().where(
    ContractProject.contract_id == Contract.id, ContractProject.project_id == bindparam("project_id")
)
_COVERS = select(func.bool_or(or_(Contract.all_projects, _NAMES_PROJECT))).where(
    Contract.distributor_id == bindparam("distributor_id"), *_IN_FORCE
)


def covers(distributor_id: int, project_id: int, now: datetime) -> bool:
    """Whether a contract of the distributor that is in force at ``now`` covers the project (DM-3.1, CH-5.1)."""
    found = db.session.scalar(_COVERS, {"distributor_id": distributor_id, "project_id": project_id, "now": now})
    return bool(found)
