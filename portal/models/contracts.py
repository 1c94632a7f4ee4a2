"""Contracts (分销合同): what binds a distributor and the company, for which projects, from when to when (DM-3, CH-5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.distributors import Distributor
from portal.models.files import StoredFile
from portal.models.policies import Policy
from portal.models.projects import Project
from portal.models.users import User
from portal.rules.contract_states import CONTRACT_STATES, TEMPLATE_STATES

#: ``carried_over``: signed on paper before the portal kept contracts, or outside it.
CONTRACT_KINDS = ("agreement", "amendment", "renewal", "carried_over")
SIDES = ("company", "partner")
#: ``account``: pressed by an authorised person signed in; ``glass``: by hand on the glass with a one-time code.
SIGNING_METHODS = ("account", "glass", "paper")
_OPEN = "state IN ('draft', 'review', 'signing')"


class ContractTemplate(Numbered, Base):
    """One version of a template: articles with named fields. ``body`` does not change once it is in force."""

    __tablename__ = "contract_templates"
    __table_args__ = (
        UniqueConstraint("name", "version", name="uq_contract_templates_version"),
        CheckConstraint(f"state IN {TEMPLATE_STATES}", name="contract_template_state_is_known"),
        CheckConstraint("version > 0", name="contract_template_versions_count_from_one"),
        CheckConstraint("reviewed_by_id <> drafted_by_id", name="contract_template_is_reviewed_by_another"),
        CheckConstraint(
            "state IN ('draft', 'review') OR reviewed_by_id IS NOT NULL", name="contract_template_in_force_is_reviewed"
        ),
        Index("uq_contract_templates_in_force", "name", unique=True, postgresql_where=text("state = 'in_force'")),
        Index(
            "uq_contract_templates_in_work",
            "name",
            unique=True,
            postgresql_where=text("state IN ('draft', 'review')"),
        ),
    )

    name: Mapped[str]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    # What the reviewer said when it was last decided on.
    remarks: Mapped[str | None]
    superseded_at: Mapped[datetime | None]

    drafted_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[drafted_by_id])
    reviewed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[reviewed_by_id])


class Contract(Numbered, Base):
    """One contract. It is in force from ``starts_at`` until ``ends_at``, or until it was ended before, once both have signed.

    All bounds are UTC, the ends exclusive; an open end is None. ``text`` is what is signed: it is fixed with its digest
    when the legal review lets it pass, and never changes afterwards.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONTRACT_KINDS}", name="contract_kind_is_known"),
        CheckConstraint(f"state IN {CONTRACT_STATES}", name="contract_state_is_known"),
        CheckConstraint("ends_at > starts_at", name="contract_ends_after_it_starts"),
        CheckConstraint("ended_at IS NULL OR signed_at IS NOT NULL", name="only_a_signed_contract_ends"),
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_contract_has_a_time"),
        CheckConstraint("(text IS NULL) = (text_digest IS NULL)", name="contract_text_has_its_digest"),
        CheckConstraint(
            "state NOT IN ('signing', 'signed') OR kind = 'carried_over' OR text IS NOT NULL",
            name="what_is_signed_is_fixed",
        ),
        CheckConstraint("reviewed_by_id <> drafted_by_id", name="contract_is_reviewed_by_another"),
        CheckConstraint(
            "(kind IN ('amendment', 'renewal')) = (amends_id IS NOT NULL)", name="amendment_names_what_it_amends"
        ),
        CheckConstraint("(renewal IS NULL) = (renewal_decided_by_id IS NULL)", name="renewal_is_decided_by_a_person"),
        CheckConstraint("renewal IN ('renew', 'end')", name="renewal_decision_is_known"),
        Index("ix_contracts_signed", "distributor_id", postgresql_where=text("signed_at IS NOT NULL")),
        Index("ix_contracts_of_distributor", "distributor_id", "id"),
        Index("ix_contracts_open", "state", "id", postgresql_where=text(_OPEN)),
        Index("ix_contracts_ending", "ends_at", postgresql_where=text("state = 'signed'")),
        Index("uq_contracts_one_change", "amends_id", unique=True, postgresql_where=text(_OPEN)),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    # The contract that an amendment supersedes from its start on, or that a renewal follows.
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("contract_templates.id"))
    # The policy whose amounts stand in the text and which is annexed to it.
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    # True: every project of the group, also those that come later.
    all_projects: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    # What was typed into the fields of the template, as JSON.
    fields: Mapped[str | None] = mapped_column(Sealed("contracts.fields"))
    text: Mapped[str | None] = mapped_column(Sealed("contracts.text"))
    text_digest: Mapped[str | None]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime | None]
    remarks: Mapped[str | None] = mapped_column(Sealed("contracts.remarks"))
    # When the second side signed.
    signed_at: Mapped[datetime | None]
    # When it was ended before its time, or superseded; by which clause, why and by whom (None: the portal itself).
    ended_at: Mapped[datetime | None]
    ended_clause: Mapped[str | None]
    ended_reason: Mapped[str | None] = mapped_column(Sealed("contracts.ended_reason"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # Whether it is to be renewed (DM-10.4): renew or end, and why.
    renewal: Mapped[str | None]
    renewal_reason: Mapped[str | None] = mapped_column(Sealed("contracts.renewal_reason"))
    renewal_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    renewal_decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    template: Mapped[ContractTemplate | None] = relationship(lazy="raise_on_sql")
    policy: Mapped[Policy | None] = relationship(lazy="raise_on_sql")
    amends: Mapped[Contract | None] = relationship(lazy="raise_on_sql", remote_side="Contract.id")
    drafted_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[drafted_by_id])
    reviewed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[reviewed_by_id])
    projects: Mapped[list[ContractProject]] = relationship(
        back_populates="contract", order_by="ContractProject.id", lazy="selectin", cascade="all, delete-orphan"
    )
    signatures: Mapped[list[ContractSignature]] = relationship(
        back_populates="contract", order_by="ContractSignature.id", lazy="selectin", cascade="all, delete-orphan"
    )


class ContractProject(Numbered, Base):
    """A project that the contract covers."""

    __tablename__ = "contract_projects"
    __table_args__ = (Index("uq_contract_projects_once", "contract_id", "project_id", unique=True),)

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))

    contract: Mapped[Contract] = relationship(back_populates="projects")
    project: Mapped[Project] = relationship(lazy="joined")


class ContractSignature(Numbered, Base):
    """One side's signature under the text with this digest; a side signs once (CH-5.5)."""

    __tablename__ = "contract_signatures"
    __table_args__ = (
        UniqueConstraint("contract_id", "side", name="uq_contract_signatures_once"),
        CheckConstraint(f"side IN {SIDES}", name="contract_side_is_known"),
        CheckConstraint(f"method IN {SIGNING_METHODS}", name="signing_method_is_known"),
        CheckConstraint("(method = 'glass') = (strokes IS NOT NULL)", name="hand_on_glass_has_strokes"),
        CheckConstraint("(method = 'paper') = (file_id IS NOT NULL)", name="signed_paper_has_its_scan"),
        CheckConstraint("method <> 'account' OR side = 'company'", name="partner_signs_by_hand"),
        CheckConstraint("(code_channel IS NULL) = (code_address IS NULL)", name="code_went_somewhere"),
        CheckConstraint("method = 'paper' OR text_digest IS NOT NULL", name="signature_is_under_a_text"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    side: Mapped[str]
    method: Mapped[str]
    signer_name: Mapped[str] = mapped_column(Sealed("contract_signatures.signer_name"))
    signer_title: Mapped[str] = mapped_column(default="", server_default="")
    # Who was signed in: the signer, or who recorded the paper.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # {"strokes": [[[x, y, milliseconds], …], …], "width": …, "height": …} as JSON.
    strokes: Mapped[str | None] = mapped_column(Sealed("contract_signatures.strokes"))
    # How the one-time code went and to which masked address.
    code_channel: Mapped[str | None]
    code_address: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    text_digest: Mapped[str | None]
    signed_at: Mapped[datetime]

    contract: Mapped[Contract] = relationship(back_populates="signatures")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
