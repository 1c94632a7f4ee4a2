"""Policy documents (报备政策): versions of the rules, and from when each binds a project."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered
from portal.rules.policies import Policy as Terms

_TERMS: dict[str, Terms] = {}


class Policy(Numbered, Base):
    """One version of one regime's parameters. ``document`` never changes once published."""

    __tablename__ = "policies"
    __table_args__ = (
        UniqueConstraint("code", "version", name="uq_policies_code_version"),
        CheckConstraint("version > 0", name="policy_versions_count_from_one"),
    )

    code: Mapped[str]
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def terms(self) -> Terms:
        """The parameters, typed. A published document never changes, so each is read once per process."""
        terms = _TERMS.get(self.digest)
        if terms is None:
            terms = _TERMS[self.digest] = Terms.from_document(self.document)
        return terms


class ProjectPolicy(Numbered, Base):
    """From ``effective_from`` on, filings in the project are made under this policy; the latest start wins."""

    __tablename__ = "project_policies"
    __table_args__ = (UniqueConstraint("project_id", "effective_from", name="uq_project_policies_one_start"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    effective_from: Mapped[datetime]

    policy: Mapped[Policy] = relationship(lazy="joined")
