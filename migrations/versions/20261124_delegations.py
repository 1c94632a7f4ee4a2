"""Delegations: a deputy's signature names in whose place it stands.

Signatures by deputies from before name no delegation: they stay as they are, new ones cannot do without.

Revision ID: delegations
Revises: one_open_code
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "delegations"
down_revision = "one_open_code"
branch_labels = None
depends_on = None

SPAN = "(CASE WHEN ended_at <= starts_at THEN 'empty'::tstzrange ELSE tstzrange(starts_at, LEAST(ends_at, ended_at)) END)"


def upgrade():
    op.create_table(
        "delegations",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("principal_id", sa.BigInteger(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "matter IN ('department_signature', 'general_signature')", name=op.f("delegation_matter_is_known")
        ),
        sa.CheckConstraint("principal_id <> deputy_id", name=op.f("nobody_is_his_own_deputy")),
        sa.CheckConstraint("starts_at >= made_at", name=op.f("delegation_never_reaches_back")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("delegation_ends_after_it_starts")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("delegation_is_ended_by_a_person")),
        postgresql.ExcludeConstraint(
            (sa.column("principal_id"), "="),
            (sa.column("matter"), "="),
            (sa.text(SPAN), "&&"),
            using="gist",
            name="delegation_has_one_deputy_at_a_time",
        ),
        sa.ForeignKeyConstraint(["principal_id"], ["users.id"], name=op.f("fk_delegations_principal_id_users")),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("fk_delegations_deputy_id_users")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_delegations_made_by_id_users")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_delegations_ended_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
        sa.UniqueConstraint("reference", name=op.f("uq_delegations_reference")),
    )
    op.create_index(op.f("ix_delegations_deputy_id"), "delegations", ["deputy_id"])
    op.add_column("application_signatures", sa.Column("delegation_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_application_signatures_delegation_id_delegations"),
        "application_signatures",
        "delegations",
        ["delegation_id"],
        ["id"],
    )
    op.create_check_constraint(
        "delegation_is_for_a_deputy", "application_signatures", "delegation_id IS NULL OR as_deputy"
    )
    op.execute(
        "ALTER TABLE application_signatures ADD CONSTRAINT deputy_has_a_delegation"
        " CHECK (NOT as_deputy OR delegation_id IS NOT NULL) NOT VALID"
    )


def downgrade():
    op.drop_constraint("deputy_has_a_delegation", "application_signatures", type_="check")
    op.drop_constraint("delegation_is_for_a_deputy", "application_signatures", type_="check")
    op.drop_column("application_signatures", "delegation_id")
    op.drop_table("delegations")
