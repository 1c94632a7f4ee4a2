"""Files of the sales system with their rows; deals found by unit and buyer; why a relation was withdrawn.

Revision ID: deal_imports
Revises: slip_refusals
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "deal_imports"
down_revision = "slip_refusals"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "deals",
        sa.Column("search_tokens", postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_index("ix_deals_search", "deals", ["search_tokens"], postgresql_using="gin")
    op.add_column("relations", sa.Column("withdrawn_reason", sa.LargeBinary(), nullable=True))
    op.add_column("relations", sa.Column("submission_key", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_relations_submission_key"), "relations", ["submission_key"])
    op.create_table(
        "import_batches",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_import_batches_created_by_id_users")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_import_batches_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("reference", name=op.f("uq_import_batches_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_import_batches_seq")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_import_batches_submission_key")),
    )
    op.create_index(op.f("ix_import_batches_project_id"), "import_batches", ["project_id"])
    op.create_index(
        "ix_import_batches_unfinished", "import_batches", ["id"], postgresql_where=sa.text("finished_at IS NULL")
    )
    op.create_table(
        "import_rows",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("column", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name=op.f("answered_row_has_a_time")),
        sa.CheckConstraint("state <> 'imported' OR event_id IS NOT NULL", name=op.f("imported_row_names_its_event")),
        sa.CheckConstraint("state <> 'refused' OR problem IS NOT NULL", name=op.f("refused_row_has_a_reason")),
        sa.CheckConstraint(
            "state IN ('waiting', 'imported', 'present', 'refused')", name=op.f("import_row_state_is_known")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["event_id"], ["deal_events.id"], name=op.f("fk_import_rows_event_id_deal_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("batch_id", "number", name="uq_import_rows_number"),
    )
    op.create_index(
        "ix_import_rows_waiting", "import_rows", ["batch_id", "number"], postgresql_where=sa.text("state = 'waiting'")
    )


def downgrade():
    op.drop_table("import_rows")
    op.drop_table("import_batches")
    op.drop_constraint(op.f("uq_relations_submission_key"), "relations", type_="unique")
    op.drop_column("relations", "submission_key")
    op.drop_column("relations", "withdrawn_reason")
    op.drop_index("ix_deals_search", table_name="deals")
    op.drop_column("deals", "search_tokens")
