"""Enforcements with their steps and effects; deals whose commission waits.

Revision ID: enforcements
Revises: outgoing_messages
"""

import sqlalchemy as sa
from alembic import op

revision = "enforcements"
down_revision = "outgoing_messages"
branch_labels = None
depends_on = None


def _id():
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _of(table, column, other, *, nullable=False):
    """A column that names a row of another table, and its constraint."""
    key = sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
    return sa.Column(column, sa.BigInteger(), nullable=nullable), key


def upgrade():
    op.create_table(
        "enforcements",
        _id(),
        sa.Column("reference", sa.String(), nullable=False),
        *_of("enforcements", "distributor_id", "distributors"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        *_of("enforcements", "asked_by_id", "users", nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *_of("enforcements", "finding_id", "findings", nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('suspend', 'blacklist', 'terminate', 'exit', 'reinstate')",
            name=op.f("enforcement_kind_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcements")),
        sa.UniqueConstraint("reference", name=op.f("uq_enforcements_reference")),
    )
    op.create_index("ix_enforcements_of_distributor", "enforcements", ["distributor_id", "id"])
    op.create_index(
        "ix_enforcements_unfinished", "enforcements", ["id"], postgresql_where=sa.text("finished_at IS NULL")
    )
    op.create_table(
        "enforcement_steps",
        _id(),
        *_of("enforcement_steps", "enforcement_id", "enforcements"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("reached", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("count >= 0", name=op.f("step_counts_upwards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_steps")),
        sa.UniqueConstraint("enforcement_id", "step", name="uq_enforcement_steps_once"),
    )
    op.create_table(
        "enforcement_effects",
        _id(),
        *_of("enforcement_effects", "enforcement_id", "enforcements"),
        sa.Column("effect", sa.String(), nullable=False),
        *_of("enforcement_effects", "registration_id", "registrations"),
        *_of("enforcement_effects", "project_id", "projects"),
        sa.Column("rank_before", sa.BigInteger(), nullable=True),
        sa.Column("rank_after", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("effect IN ('voided', 'lapsed', 'kept', 'moved_up')", name=op.f("effect_is_known")),
        sa.CheckConstraint(
            "(effect = 'moved_up') = (rank_after IS NOT NULL)", name=op.f("only_who_moves_up_has_ranks")
        ),
        sa.CheckConstraint("rank_after < rank_before", name=op.f("ranks_go_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enforcement_effects")),
        sa.UniqueConstraint("enforcement_id", "effect", "registration_id", name="uq_enforcement_effects_once"),
    )
    op.create_table(
        "commission_holds",
        _id(),
        *_of("commission_holds", "distributor_id", "distributors"),
        *_of("commission_holds", "deal_id", "deals"),
        *_of("commission_holds", "enforcement_id", "enforcements"),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        *_of("commission_holds", "released_by_id", "users", nullable=True),
        sa.Column("release_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL) AND (released_at IS NULL) = (release_reason IS NULL)",
            name=op.f("release_has_a_person_and_a_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_holds")),
    )
    op.create_index(
        "uq_commission_holds_open",
        "commission_holds",
        ["deal_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index("ix_commission_holds_of_distributor", "commission_holds", ["distributor_id", "id"])
    op.create_index("ix_commission_holds_of_enforcement", "commission_holds", ["enforcement_id", "id"])


def downgrade():
    for table in ("commission_holds", "enforcement_effects", "enforcement_steps", "enforcements"):
        op.drop_table(table)
