"""Contracts (分销合同): what binds a distributor and the company, for which projects, from when to when (DM-3, CH-5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered
from portal.models.distributors import Distributor
from portal.models.projects import Project

#: ``carried_over``: signed on paper before the portal kept contracts.
CONTRACT_KINDS = ("agreement", "amendment", "renewal", "carried_over")


class Contract(Numbered, Base):
    """One contract. It is in force from ``starts_at`` until ``ends_at``, or until it was ended before, once both have signed.

    All bounds are UTC, the ends exclusive; an open end is None.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONTRACT_KINDS}", name="contract_kind_is_known"),
        CheckConstraint("ends_at > starts_at", name="contract_ends_after_it_starts"),
        CheckConstraint("ended_at IS NULL OR signed_at IS NOT NULL", name="only_a_signed_contract_ends"),
        Index("ix_contracts_signed", "distributor_id", postgresql_where=text("signed_at IS NOT NULL")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    kind: Mapped[str]
    # True: every project of the group, also those that come later.
    all_projects: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    # When the second side signed.
    signed_at: Mapped[datetime | None]
    # When it was ended before its time.
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    projects: Mapped[list[ContractProject]] = relationship(
        back_populates="contract", order_by="ContractProject.id", lazy="selectin", cascade="all, delete-orphan"
    )


class ContractProject(Numbered, Base):
    """A project that the contract covers."""

    __tablename__ = "contract_projects"
    __table_args__ = (Index("uq_contract_projects_once", "contract_id", "project_id", unique=True),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))

    contract: Mapped[Contract] = relationship(back_populates="projects")
    project: Mapped[Project] = relationship(lazy="joined")
