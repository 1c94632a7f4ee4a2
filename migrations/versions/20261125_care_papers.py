"""Evaluation forms of prospects; research of each quarter and reports of each half year.

Revision ID: care_papers
Revises: erased_applications
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "care_papers"
down_revision = "erased_applications"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "prospect_evaluations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prospect_id", sa.BigInteger(), nullable=False),
        sa.Column("market", sa.Numeric(5, 2), nullable=False),
        sa.Column("reputation", sa.Numeric(5, 2), nullable=False),
        sa.Column("willingness", sa.Numeric(5, 2), nullable=False),
        sa.Column("reasons", sa.LargeBinary(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evaluated_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("market BETWEEN 0 AND 100", name=op.f("market_lies_in_0_to_100")),
        sa.CheckConstraint("reputation BETWEEN 0 AND 100", name=op.f("reputation_lies_in_0_to_100")),
        sa.CheckConstraint("willingness BETWEEN 0 AND 100", name=op.f("willingness_lies_in_0_to_100")),
        sa.ForeignKeyConstraint(
            ["evaluated_by_id"], ["users.id"], name=op.f("fk_prospect_evaluations_evaluated_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["prospect_id"], ["prospects.id"], name=op.f("fk_prospect_evaluations_prospect_id_prospects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_evaluations")),
    )
    op.create_index("ix_prospect_evaluations_of", "prospect_evaluations", ["prospect_id", "id"])
    op.create_table(
        "care_tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=True),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.Column("measures", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('research', 'report')", name=op.f("care_task_is_known")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("care_task_period_has_days")),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL) AND (done_at IS NULL) = (findings IS NULL)"
            " AND (done_at IS NULL) = (figures IS NULL)",
            name=op.f("done_care_task_is_whole"),
        ),
        sa.CheckConstraint(
            "kind <> 'report' OR (done_at IS NULL) = (measures IS NULL)", name=op.f("report_says_what_follows")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_care_tasks_done_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_tasks")),
        sa.UniqueConstraint("kind", "first_day", name=op.f("uq_care_tasks_one_per_period")),
        sa.UniqueConstraint("reference", name=op.f("uq_care_tasks_reference")),
    )
    op.create_index("ix_care_tasks_open", "care_tasks", ["due_at"], postgresql_where=sa.text("done_at IS NULL"))


def downgrade():
    op.drop_table("care_tasks")
    op.drop_table("prospect_evaluations")
