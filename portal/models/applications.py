"""Applications to become a distributor: how they came, what was found out, who scored, spoke and signed (DM-2, DO-2, CH-3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.delegations import Delegation
from portal.models.outgoing_messages import CHANNELS
from portal.models.partner_files import PartnerFile
from portal.models.users import User
from portal.rules.applications import AREAS, DEPARTMENTS, INQUIRIES, SIGNERS
from portal.rules.partner_states import APPLICATION_STATES

ORIGINS = ("public", "invitation")
#: An applicant has one application at a time: in these states another one is none of the address's business.
OPEN_STATES = ("prospect", "applied", "in_review", "returned", "surveyed", "examined")
#: Sent and not decided: in these states another one is none of the registration code's business either.
UNDER_WAY = ("applied", "in_review", "returned", "surveyed", "examined")


class Application(Numbered, Base):
    """One application; its particulars stand in the partner file. ``contact`` is the address that was proved by a code."""

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint(f"state IN {APPLICATION_STATES}", name="application_state_is_known"),
        CheckConstraint(f"origin IN {ORIGINS}", name="application_origin_is_known"),
        CheckConstraint(f"channel IN {CHANNELS}", name="application_channel_is_known"),
        CheckConstraint("(state = 'prospect') = (applied_at IS NULL)", name="sent_application_has_its_time"),
        CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided_application_has_its_time"
        ),
        CheckConstraint(
            "(override_at IS NULL) = (override_reason IS NULL) AND (override_at IS NULL) = (override_by_id IS NULL)",
            name="override_is_by_a_person_with_a_reason",
        ),
        UniqueConstraint("partner_file_id"),
        Index(
            "uq_applications_one_open",
            "contact_fingerprint",
            unique=True,
            postgresql_where=text(f"state IN {OPEN_STATES}"),
        ),
        Index("uq_applications_one_code", "sent_code", unique=True, postgresql_where=text(f"state IN {UNDER_WAY}")),
        Index("ix_applications_contact", "contact_fingerprint", "id"),
        Index(
            "ix_applications_to_erase",
            "state",
            "state_since",
            "id",
            postgresql_where=text("erased_at IS NULL AND state IN ('prospect', 'returned', 'rejected')"),
        ),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="prospect", server_default="prospect")
    origin: Mapped[str]
    channel: Mapped[str]
    contact: Mapped[str] = mapped_column(Sealed("applications.contact"))
    contact_fingerprint: Mapped[bytes]
    locale: Mapped[str]
    partner_file_id: Mapped[int] = mapped_column(ForeignKey("partner_files.id"))
    # The company's registration code as it was last sent: of two open applications with one code the first stays.
    sent_code: Mapped[str | None]
    begun_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    # Since when it is in its present state.
    state_since: Mapped[datetime]
    # Who takes care of it: whoever took it up.
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # The points of the checklist that the reviewer confirmed.
    ticked: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmation: Mapped[str | None]
    # Until when the next signature is due (exclusive), UTC.
    signature_due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    # The reason told to the applicant (CH-3.12).
    decision_reason: Mapped[str | None]
    override_at: Mapped[datetime | None]
    override_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    override_reason: Mapped[str | None]
    # Since when nothing in it names anybody any more: contact and file were erased, papers and findings with them.
    erased_at: Mapped[datetime | None]
    # The matches that the override covers, as "distributor id:key"; a new one stops the application again.
    overridden: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))

    partner_file: Mapped[PartnerFile] = relationship(lazy="joined")
    reviewer: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[reviewer_id])
    confirmed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by_id])
    override_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[override_by_id])
    remarks: Mapped[list[Remark]] = relationship(order_by="Remark.id", lazy="selectin")
    inquiries: Mapped[list[Inquiry]] = relationship(order_by="Inquiry.id", lazy="selectin")
    scores: Mapped[list[Score]] = relationship(order_by="Score.id", lazy="selectin")
    opinions: Mapped[list[Opinion]] = relationship(order_by="Opinion.id", lazy="selectin")
    signatures: Mapped[list[ApplicationSignature]] = relationship(order_by="ApplicationSignature.id", lazy="selectin")


class Remark(Numbered, Base):
    """What the reviewer wants corrected, beside which field; answered when the application comes back."""

    __tablename__ = "application_remarks"
    __table_args__ = (Index("ix_application_remarks_of", "application_id", "id"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    field: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]


class Inquiry(Numbered, Base):
    """A survey, an interview or an inspection, written down (CH-3.7, CH-3.8, DM-2.9, DM-2.10). Append-only."""

    __tablename__ = "application_inquiries"
    __table_args__ = (
        CheckConstraint(f"kind IN {tuple(INQUIRIES)}", name="inquiry_kind_is_known"),
        Index("ix_application_inquiries_of", "application_id", "id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    kind: Mapped[str]
    held_on: Mapped[date]
    findings: Mapped[str] = mapped_column(Sealed("application_inquiries.findings"))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    written_by: Mapped[User] = relationship(lazy="joined")


def _score(area: str) -> Mapped[Decimal | None]:
    return mapped_column(Numeric(5, 2), CheckConstraint(f"{area} BETWEEN 0 AND 100", name=f"{area}_score_is_0_to_100"))


class Score(Numbered, Base):
    """The sheet of one member of the review group; empty until the member has filled it in (CM-2.5, CH-3.10)."""

    __tablename__ = "application_scores"
    __table_args__ = (
        CheckConstraint(
            " AND ".join(f"({area} IS NULL) = (scored_at IS NULL)" for area in AREAS), name="sheet_is_whole_or_empty"
        ),
        UniqueConstraint("application_id", "member_id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    named_at: Mapped[datetime]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    compliance: Mapped[Decimal | None] = _score("compliance")
    strength: Mapped[Decimal | None] = _score("strength")
    business: Mapped[Decimal | None] = _score("business")
    brand: Mapped[Decimal | None] = _score("brand")
    management: Mapped[Decimal | None] = _score("management")
    finances: Mapped[Decimal | None] = _score("finances")
    comment: Mapped[str | None]
    scored_at: Mapped[datetime | None]

    member: Mapped[User] = relationship(lazy="joined", foreign_keys=[member_id])

    def sheet(self) -> dict[str, Decimal] | None:
        """The scores by area; None while the sheet is empty."""
        values: dict[str, Any] = {area: getattr(self, area) for area in AREAS}
        return None if self.scored_at is None else values


class Opinion(Numbered, Base):
    """What a department says, once (CH-3.11)."""

    __tablename__ = "application_opinions"
    __table_args__ = (
        CheckConstraint(f"department IN {DEPARTMENTS}", name="opinion_department_is_known"),
        UniqueConstraint("application_id", "department"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    department: Mapped[str]
    passed: Mapped[bool]
    reason: Mapped[str]
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    given_by: Mapped[User] = relationship(lazy="joined")


class ApplicationSignature(Numbered, Base):
    """A signature: the department manager's, then the general manager's, or their deputies' (DO-2.3, DO-Q2)."""

    __tablename__ = "application_signatures"
    __table_args__ = (
        CheckConstraint(f"role IN {SIGNERS}", name="signer_role_is_known"),
        UniqueConstraint("application_id", "role"),
        UniqueConstraint("application_id", "signer_id"),
        CheckConstraint("delegation_id IS NULL OR as_deputy", name="delegation_is_for_a_deputy"),
        CheckConstraint("NOT as_deputy OR delegation_id IS NOT NULL", name="deputy_has_a_delegation"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    role: Mapped[str]
    signer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Signed for somebody who is away (DO-Q2), by which delegation. Those before there were delegations name none.
    as_deputy: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegations.id"))
    approved: Mapped[bool]
    reason: Mapped[str]
    signed_at: Mapped[datetime]

    signer: Mapped[User] = relationship(lazy="joined")
    delegation: Mapped[Delegation | None] = relationship(lazy="joined")


class Invitation(Numbered, Base):
    """An invitation to apply: a link that opens once; only its keyed hash is kept."""

    __tablename__ = "application_invitations"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="invitation_channel_is_known"),
        CheckConstraint("expires_at > invited_at", name="invitation_lasts"),
        Index("ix_application_invitations_to_erase", "expires_at", "id", postgresql_where=text("erased_at IS NULL")),
    )

    link_hash: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]
    channel: Mapped[str]
    contact: Mapped[str] = mapped_column(Sealed("application_invitations.contact"))
    locale: Mapped[str]
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"))
    # Since when name and contact are gone.
    erased_at: Mapped[datetime | None]

    invited_by: Mapped[User] = relationship(lazy="joined")
