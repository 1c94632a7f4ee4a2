"""Let a site's boards and queues read only what they show, and a company record sent twice be kept once.

Revision ID: site_boards
Revises: worker_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "site_boards"
down_revision = "worker_indexes"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_registrations_of_project", "registrations", ["project_id", "ends_at", "id"])
    op.create_index(
        "ix_registrations_planned",
        "registrations",
        ["project_id", "planned_visit_at"],
        postgresql_where=sa.text("outcome IS NULL AND planned_visit_at IS NOT NULL"),
    )
    op.create_index(
        "ix_visits_open",
        "visits",
        ["project_id", "arrived_at"],
        postgresql_where=sa.text("result = 'registered' AND entered_at IS NULL"),
    )
    op.create_index("ix_company_records_day", "company_records", ["project_id", "recorded_at"])
    op.add_column("company_records", sa.Column("submission_key", sa.String(), nullable=True))
    op.create_unique_constraint("uq_company_records_submission_key", "company_records", ["submission_key"])


def downgrade():
    op.drop_constraint("uq_company_records_submission_key", "company_records")
    op.drop_column("company_records", "submission_key")
    op.drop_index("ix_company_records_day", table_name="company_records")
    op.drop_index("ix_visits_open", table_name="visits")
    op.drop_index("ix_registrations_planned", table_name="registrations")
    op.drop_index("ix_registrations_of_project", table_name="registrations")
