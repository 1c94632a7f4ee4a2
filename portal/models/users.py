"""Accounts and the roles they hold, bound to a distributor or to projects."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.distributors import Distributor
from portal.models.projects import Project
from portal.rules.roles import DISTRIBUTOR_ROLES, HQ_ROLES, ROLES, SITE_ROLES

__all__ = ["DISTRIBUTOR_ROLES", "HQ_ROLES", "ROLES", "SITE_ROLES", "RoleGrant", "SignInAttempts", "User"]


class User(UserMixin, Numbered, Base):
    """A person who signs in. ``session_epoch`` rises to end every open session at once."""

    __tablename__ = "users"

    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(Sealed("users.phone"))
    password_hash: Mapped[str]
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"), index=True)
    locale: Mapped[str] = mapped_column(default="zh_Hans_CN", server_default="zh_Hans_CN")
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    session_epoch: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))

    distributor: Mapped[Distributor | None] = relationship(lazy="joined")
    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", lazy="selectin", cascade="all, delete-orphan")

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def project_ids(self, *roles: str) -> frozenset[int]:
        """The projects in which this person holds one of ``roles`` (any site role when none is named)."""
        wanted = roles or SITE_ROLES
        return frozenset(grant.project_id for grant in self.grants if grant.role in wanted and grant.project_id)


class RoleGrant(Numbered, Base):
    """One role of one person; site roles name their project, the others none."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role_is_known"),
        CheckConstraint(f"(role IN {SITE_ROLES}) = (project_id IS NOT NULL)", name="site_roles_name_their_project"),
        Index("uq_role_grants_once", "user_id", "role", text("coalesce(project_id, 0)"), unique=True),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))

    user: Mapped[User] = relationship(back_populates="grants")
    project: Mapped[Project | None] = relationship(lazy="joined")


class SignInAttempts(Base):
    """Failed sign-ins in a row under one login, counted alike whether or not there is such an account.

    The login is kept as its fingerprint: people type their passwords into the wrong field.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (CheckConstraint("failures >= 0", name="failed_sign_ins_are_counted"),)

    login_fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    locked_until: Mapped[datetime | None]
    last_tried_at: Mapped[datetime] = mapped_column(index=True)
