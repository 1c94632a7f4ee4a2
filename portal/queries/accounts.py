"""Reads about accounts: who is signed in, the lists of the administrator and of a distributor's owner."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import RoleGrant, User, db


def person(user_id: int) -> User | None:
    """One person with company, roles and projects, in one statement: every request asks for this."""
    statement = select(User).where(User.id == user_id).options(joinedload(User.grants).joinedload(RoleGrant.project))
    return db.session.execute(statement).unique().scalar_one_or_none()
