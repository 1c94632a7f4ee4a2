"""Visits (到访): the arrival at the front desk, its slip, and the flow audit, signature, entry (RE-3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.distributors import Distributor
from portal.models.projects import Project
from portal.models.registrations import Registration
from portal.models.users import User

VISIT_RESULTS = ("unsigned", "registered", "natural", "refused", "repeat")
AUDIT_RESULTS = ("passed", "failed", "company_record")
PARTIES = ("customer", "broker", "reception")
REFUSERS = ("customer", "broker")


class Visit(Ordered, Base):
    """One arrival. ``result`` is what the front desk put on record; the flow goes on only from ``registered``.

    ``unsigned``: waiting for the slip. ``natural``/``refused``: with the clause. ``repeat``: a later visit, nothing restarts.
    """

    __tablename__ = "visits"
    __table_args__ = (
        CheckConstraint(f"result IN {VISIT_RESULTS}", name="visit_result_is_known"),
        CheckConstraint("result NOT IN ('natural', 'refused') OR clause IS NOT NULL", name="harm_has_a_clause"),
        CheckConstraint("result <> 'registered' OR signed_at IS NOT NULL", name="unsigned_does_not_go_on"),
        CheckConstraint("result <> 'registered' OR registration_id IS NOT NULL", name="flow_needs_a_filing"),
        CheckConstraint(
            "audited_at IS NULL OR (result = 'registered' AND audit_result IS NOT NULL)", name="audit_follows_the_desk"
        ),
        CheckConstraint(f"audit_result IN {AUDIT_RESULTS}", name="audit_result_is_known"),
        CheckConstraint(
            "leader_signed_at IS NULL OR (audit_result = 'passed' AND leader_id IS DISTINCT FROM audited_by_id)",
            name="leader_signs_a_passed_audit_of_another",
        ),
        CheckConstraint("entered_at IS NULL OR leader_signed_at IS NOT NULL", name="entry_follows_the_signature"),
        CheckConstraint("(entered_at IS NULL) = (channel_source IS NULL)", name="entry_names_the_channel_source"),
        CheckConstraint(
            "(excuse_declined_at IS NULL) = (excuse_declined_by_id IS NULL)"
            " AND (excuse_declined_at IS NULL) = (excuse_decline_reason IS NULL)",
            name="declined_excuse_has_a_person_and_a_reason",
        ),
        Index(
            "uq_visits_one_flow_per_registration",
            "registration_id",
            unique=True,
            postgresql_where=text("result = 'registered'"),
        ),
        Index("ix_visits_day", "project_id", "arrived_at"),
        # The flows that somebody at the site has to take a step further.
        Index(
            "ix_visits_open",
            "project_id",
            "arrived_at",
            postgresql_where=text("result = 'registered' AND entered_at IS NULL"),
        ),
        Index("ix_visits_registration", "registration_id"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    arrived_at: Mapped[datetime]
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    party_size: Mapped[int | None]
    broker_present: Mapped[str | None]
    result: Mapped[str]
    clause: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    audited_at: Mapped[datetime | None]
    audited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    audit_result: Mapped[str | None]
    audit_reason: Mapped[str | None]
    leader_signed_at: Mapped[datetime | None]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime | None]
    consultant_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    channel_source: Mapped[str | None]
    excused_at: Mapped[datetime | None]
    excused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    excuse_reason: Mapped[str | None]
    excuse_declined_at: Mapped[datetime | None]
    excuse_declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    excuse_decline_reason: Mapped[str | None] = mapped_column(Sealed("visits.excuse_decline_reason"))
    alerted_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    audited_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[audited_by_id])
    leader: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[leader_id])
    consultant: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[consultant_id])
    registered_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[registered_by_id])
    signatures: Mapped[list[Signature]] = relationship(back_populates="visit", lazy="select")


class Signature(Numbered, Base):
    """One party's signature on the visit slip: strokes on the glass, or a photographed paper slip."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("visit_id", "party", name="uq_signatures_once"),
        CheckConstraint(f"party IN {PARTIES}", name="party_is_known"),
        CheckConstraint("method IN ('glass', 'paper')", name="signature_method_is_known"),
        CheckConstraint("(method = 'glass') = (strokes IS NOT NULL)", name="glass_has_strokes"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    party: Mapped[str]
    method: Mapped[str]
    signer_name: Mapped[str] = mapped_column(Sealed("signatures.signer_name"))
    # A paper signature has no strokes: SQL NULL, not the JSON value null, which the check would take for strokes.
    strokes: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))
    image: Mapped[bytes | None]
    digest: Mapped[str]
    signed_at: Mapped[datetime]

    visit: Mapped[Visit] = relationship(back_populates="signatures")


class SlipRefusal(Numbered, Base):
    """Somebody would not sign the slip. It stays on record also when the same person signs later that day.

    The front desk itself does not refuse: whoever registers the arrival signs or leaves the slip open.
    """

    __tablename__ = "slip_refusals"
    __table_args__ = (
        UniqueConstraint("visit_id", "party", name="uq_slip_refusals_once"),
        CheckConstraint(f"party IN {REFUSERS}", name="refuser_is_known"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    party: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("slip_refusals.reason"))
    refused_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
