"""Draft policies tried on what really happened.

Revision ID: backtests
Revises: deal_imports
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "backtests"
down_revision = "deal_imports"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "backtests",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("name", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'stopped')", name=op.f("backtest_state_is_known")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("backtest_covers_some_time")),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name=op.f("finished_backtest_has_a_result")),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'stopped')) = (finished_at IS NOT NULL)",
            name=op.f("ended_backtest_has_an_end"),
        ),
        sa.CheckConstraint("state <> 'running' OR started_at IS NOT NULL", name=op.f("running_backtest_has_begun")),
        sa.CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name=op.f("failed_backtest_says_why")),
        sa.CheckConstraint(
            "done >= 0 AND (total IS NULL OR done <= total)", name=op.f("backtest_does_no_more_than_all")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_backtests_asked_by_id_users")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_backtests_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtests")),
        sa.UniqueConstraint("reference", name=op.f("uq_backtests_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_backtests_seq")),
        sa.UniqueConstraint("asked_by_id", "submission_key", name="uq_backtests_sent_once"),
    )
    op.create_index("ix_backtests_of_asker", "backtests", ["asked_by_id", "id"])
    op.create_index("ix_backtests_unfinished", "backtests", ["id"], postgresql_where=sa.text("finished_at IS NULL"))


def downgrade():
    op.drop_table("backtests")
