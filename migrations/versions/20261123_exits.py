"""Endings with their duties, hand-overs and signatures; documents of the whole group.

Revision ID: exits
Revises: enforcements
"""

import sqlalchemy as sa
from alembic import op

revision = "exits"
down_revision = "enforcements"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "filing_slip",
    "visit_slip",
    "extension_approval",
    "ruling",
    "ruling_extract",
    "penalty_notice",
    "explanation_request",
    "staff_letter",
    "evidence_package",
)
KINDS = (*KINDS_BEFORE, "exit_approval", "termination_letter", "settlement")


def _id():
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _of(table, column, other, *, nullable=False):
    """A column that names a row of another table, and its constraint."""
    key = sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
    return sa.Column(column, sa.BigInteger(), nullable=nullable), key


def _time(name, *, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name, *, nullable=True):
    return sa.Column(name, sa.String(), nullable=nullable)


def _sealed(name, *, nullable=True):
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _check(condition, name):
    return sa.CheckConstraint(condition, name=op.f(name))


def upgrade():
    op.add_column("distributors", _text("asked_exit_from"))
    op.add_column("distributors", _time("leaves_at"))
    op.alter_column("documents", "project_id", nullable=True)
    op.drop_constraint(op.f("document_kind_is_known"), "documents", type_="check")
    op.create_check_constraint(op.f("document_kind_is_known"), "documents", f"kind IN {KINDS}")
    _create_exits()
    _create_duties()
    _create_handovers()
    _create_signatures()


def _create_exits():
    op.create_table(
        "exits",
        _id(),
        _text("reference", nullable=False),
        _text("submission_key"),
        *_of("exits", "distributor_id", "distributors"),
        _text("kind", nullable=False),
        _text("state", nullable=False),
        _text("clause", nullable=False),
        _sealed("reason", nullable=False),
        _time("asked_at", nullable=False),
        *_of("exits", "asked_by_id", "users", nullable=True),
        *_of("exits", "finding_id", "findings", nullable=True),
        _time("ends_at"),
        _time("decided_at"),
        *_of("exits", "decided_by_id", "users", nullable=True),
        _sealed("decision_reason"),
        _time("effective_at"),
        _sealed("settlement"),
        _time("settled_up_at"),
        *_of("exits", "settled_up_by_id", "users", nullable=True),
        _time("closed_at"),
        *_of("exits", "closed_by_id", "users", nullable=True),
        _check("kind IN ('voluntary', 'termination', 'blacklist')", "exit_kind_is_known"),
        _check(
            "state IN ('asked', 'proposed', 'approved', 'refused', 'taken_back', 'overtaken', 'in_force', 'closed')",
            "exit_state_is_known",
        ),
        _check("state NOT IN ('approved', 'refused') OR decided_by_id IS NOT NULL", "exit_is_decided_by_a_person"),
        _check("(decided_by_id IS NULL) = (decided_at IS NULL)", "exit_decision_has_a_time"),
        _check(
            "kind <> 'termination' OR state = 'refused' OR decided_by_id <> asked_by_id",
            "termination_is_confirmed_by_somebody_else",
        ),
        _check("(state IN ('in_force', 'closed')) <= (effective_at IS NOT NULL)", "end_has_an_instant"),
        _check("(state = 'closed') = (closed_by_id IS NOT NULL)", "exit_is_closed_by_a_person"),
        _check("(settlement IS NULL) = (settled_up_at IS NULL)", "settlement_has_a_time"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exits")),
        sa.UniqueConstraint("reference", name=op.f("uq_exits_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_exits_submission_key")),
    )
    op.create_index(
        "uq_exits_one_open",
        "exits",
        ["distributor_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'proposed', 'approved', 'in_force')"),
    )
    op.create_index("ix_exits_coming", "exits", ["ends_at"], postgresql_where=sa.text("state = 'approved'"))


def _create_duties():
    op.create_table(
        "exit_duties",
        _id(),
        *_of("exit_duties", "exit_id", "exits"),
        _text("kind", nullable=False),
        _text("state", nullable=False),
        _time("decided_at"),
        *_of("exit_duties", "decided_by_id", "users", nullable=True),
        _sealed("note"),
        _check(
            "kind IN ('customers', 'requests', 'findings', 'commission', 'papers', 'accounts', 'settlement', "
            "'confidentiality')",
            "duty_kind_is_known",
        ),
        _check("state IN ('open', 'done', 'waived')", "duty_state_is_known"),
        _check("(state = 'open') = (decided_by_id IS NULL)", "duty_is_ticked_by_a_person"),
        _check("(decided_at IS NULL) = (decided_by_id IS NULL)", "tick_has_a_time"),
        _check("state <> 'waived' OR note IS NOT NULL", "waived_with_a_reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_duties")),
        sa.UniqueConstraint("exit_id", "kind", name="uq_exit_duties_once"),
    )


def _create_handovers():
    op.create_table(
        "exit_handovers",
        _id(),
        *_of("exit_handovers", "exit_id", "exits"),
        *_of("exit_handovers", "registration_id", "registrations"),
        _text("choice", nullable=False),
        _time("decided_at", nullable=False),
        *_of("exit_handovers", "decided_by_id", "users"),
        _time("signed_at"),
        _check("choice IN ('run_on', 'release')", "handover_is_known"),
        _check("signed_at IS NULL OR choice = 'release'", "only_a_release_is_signed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_handovers")),
        sa.UniqueConstraint("exit_id", "registration_id", name="uq_exit_handovers_once"),
    )
    op.create_index(op.f("ix_exit_handovers_registration_id"), "exit_handovers", ["registration_id"])


def _create_signatures():
    op.create_table(
        "exit_signatures",
        _id(),
        *_of("exit_signatures", "exit_id", "exits"),
        _text("paper", nullable=False),
        _text("method", nullable=False),
        _sealed("signer_name", nullable=False),
        _sealed("strokes"),
        _text("digest", nullable=False),
        _time("signed_at", nullable=False),
        *_of("exit_signatures", "signed_by_id", "users"),
        _check("paper IN ('release', 'settlement')", "signed_paper_is_known"),
        _check("method IN ('glass', 'paper')", "exit_signature_method_is_known"),
        _check("(method = 'glass') = (strokes IS NOT NULL)", "exit_glass_has_strokes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_signatures")),
    )
    op.create_index(op.f("ix_exit_signatures_exit_id"), "exit_signatures", ["exit_id"])
    op.create_index(
        "uq_exit_signatures_settlement",
        "exit_signatures",
        ["exit_id"],
        unique=True,
        postgresql_where=sa.text("paper = 'settlement'"),
    )


def downgrade():
    for table in ("exit_signatures", "exit_handovers", "exit_duties", "exits"):
        op.drop_table(table)
    new = tuple(kind for kind in KINDS if kind not in KINDS_BEFORE)
    op.execute(f"DELETE FROM documents WHERE kind IN {new}")
    op.drop_constraint(op.f("document_kind_is_known"), "documents", type_="check")
    op.create_check_constraint(op.f("document_kind_is_known"), "documents", f"kind IN {KINDS_BEFORE}")
    op.alter_column("documents", "project_id", nullable=False)
    op.drop_column("distributors", "leaves_at")
    op.drop_column("distributors", "asked_exit_from")
