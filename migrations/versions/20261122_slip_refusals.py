"""Refusals to sign the visit slip (RE-3.2): who would not, why, when.

Revision ID: slip_refusals
Revises: claim_rows
"""

import sqlalchemy as sa
from alembic import op

revision = "slip_refusals"
down_revision = "claim_rows"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "slip_refusals",
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("party IN ('customer', 'broker')", name=op.f("ck_slip_refusals_refuser_is_known")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_slip_refusals_visit_id_visits"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name="fk_slip_refusals_recorded_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_slip_refusals"),
        sa.UniqueConstraint("visit_id", "party", name="uq_slip_refusals_once"),
    )


def downgrade():
    op.drop_table("slip_refusals")
