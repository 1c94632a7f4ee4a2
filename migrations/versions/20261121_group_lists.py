"""Let headquarters' list walk all registrations by their end, and its overview read a month of filings only.

Revision ID: group_lists
Revises: arrival_notices
"""

from alembic import op

revision = "group_lists"
down_revision = "arrival_notices"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_registrations_by_end", "registrations", ["ends_at", "id"])
    op.create_index("ix_registrations_filed", "registrations", ["filed_at"], postgresql_using="brin")


def downgrade():
    op.drop_index("ix_registrations_filed", table_name="registrations")
    op.drop_index("ix_registrations_by_end", table_name="registrations")
