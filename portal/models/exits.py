"""Endings (退出与终止): how a cooperation ends, what is still to be done, who takes the running customers (DM-12, CH-5.9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.distributors import Distributor
from portal.models.findings import Finding
from portal.models.registrations import Registration
from portal.models.users import User
from portal.rules.exits import DUTY_KINDS, DUTY_STATES, HANDOVERS, KINDS, OPEN, STATES

SIGNED_PAPERS = ("release", "settlement")


class Exit(Numbered, Base):
    """The file of one ending. ``ends_at`` is an exclusive bound, UTC: for a voluntary one the wished, then the granted end."""

    __tablename__ = "exits"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="exit_kind_is_known"),
        CheckConstraint(f"state IN {STATES}", name="exit_state_is_known"),
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by_id IS NOT NULL", name="exit_is_decided_by_a_person"
        ),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="exit_decision_has_a_time"),
        CheckConstraint(
            "kind <> 'termination' OR state = 'refused' OR decided_by_id <> asked_by_id",
            name="termination_is_confirmed_by_somebody_else",
        ),
        CheckConstraint("(state IN ('in_force', 'closed')) <= (effective_at IS NOT NULL)", name="end_has_an_instant"),
        CheckConstraint("(state = 'closed') = (closed_by_id IS NOT NULL)", name="exit_is_closed_by_a_person"),
        CheckConstraint("(settlement IS NULL) = (settled_up_at IS NULL)", name="settlement_has_a_time"),
        Index(
            "uq_exits_one_open",
            "distributor_id",
            "kind",
            unique=True,
            postgresql_where=text(f"state IN {OPEN}"),
        ),
        Index("ix_exits_coming", "ends_at", postgresql_where=text("state = 'approved'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    kind: Mapped[str]
    state: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("exits.reason"))
    asked_at: Mapped[datetime]
    # None: the system, when the ending followed from something else.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    ends_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_reason: Mapped[str | None] = mapped_column(Sealed("exits.decision_reason"))
    effective_at: Mapped[datetime | None]
    # The final settlement as it was put up for signature (JSON), so that its paper is the same whenever it is printed.
    settlement: Mapped[str | None] = mapped_column(Sealed("exits.settlement"))
    settled_up_at: Mapped[datetime | None]
    settled_up_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])
    settled_up_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[settled_up_by_id])
    closed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[closed_by_id])
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")
    duties: Mapped[list[ExitDuty]] = relationship(order_by="ExitDuty.id", lazy="selectin")
    signatures: Mapped[list[ExitSignature]] = relationship(order_by="ExitSignature.id", lazy="selectin")

    def signature(self, paper: str) -> ExitSignature | None:
        """The partner's signature on the release of customers or on the settlement."""
        return next((one for one in self.signatures if one.paper == paper), None)


class ExitDuty(Numbered, Base):
    """One duty and what somebody ticked. What the portal counts by itself is never ticked (portal/rules/exits.py)."""

    __tablename__ = "exit_duties"
    __table_args__ = (
        UniqueConstraint("exit_id", "kind", name="uq_exit_duties_once"),
        CheckConstraint(f"kind IN {DUTY_KINDS}", name="duty_kind_is_known"),
        CheckConstraint(f"state IN {DUTY_STATES}", name="duty_state_is_known"),
        CheckConstraint("(state = 'open') = (decided_by_id IS NULL)", name="duty_is_ticked_by_a_person"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="tick_has_a_time"),
        CheckConstraint("state <> 'waived' OR note IS NOT NULL", name="waived_with_a_reason"),
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("exits.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None] = mapped_column(Sealed("exit_duties.note"))

    decided_by: Mapped[User | None] = relationship(lazy="joined")


class ExitHandover(Numbered, Base):
    """What becomes of one running registration when its distributor leaves. ``signed_at``: the partner gives it up."""

    __tablename__ = "exit_handovers"
    __table_args__ = (
        UniqueConstraint("exit_id", "registration_id", name="uq_exit_handovers_once"),
        CheckConstraint(f"choice IN {HANDOVERS}", name="handover_is_known"),
        CheckConstraint("signed_at IS NULL OR choice = 'release'", name="only_a_release_is_signed"),
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("exits.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    choice: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")


class ExitSignature(Numbered, Base):
    """What the partner signed, by hand on the glass or on paper; ``digest`` is of the text it stood under."""

    __tablename__ = "exit_signatures"
    __table_args__ = (
        CheckConstraint(f"paper IN {SIGNED_PAPERS}", name="signed_paper_is_known"),
        CheckConstraint("method IN ('glass', 'paper')", name="exit_signature_method_is_known"),
        CheckConstraint("(method = 'glass') = (strokes IS NOT NULL)", name="exit_glass_has_strokes"),
        Index("uq_exit_signatures_settlement", "exit_id", unique=True, postgresql_where=text("paper = 'settlement'")),
    )

    exit_id: Mapped[int] = mapped_column(ForeignKey("exits.id"), index=True)
    paper: Mapped[str]
    method: Mapped[str]
    signer_name: Mapped[str] = mapped_column(Sealed("exit_signatures.signer_name"))
    # JSON: {"strokes": [[[x, y, ms], …], …], "width": …, "height": …}
    strokes: Mapped[str | None] = mapped_column(Sealed("exit_signatures.strokes"))
    digest: Mapped[str]
    signed_at: Mapped[datetime]
    # Who was signed in: the partner itself, or whoever took in the paper.
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
