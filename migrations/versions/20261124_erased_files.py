"""Stored files can be erased: content and name go, that there was one stays.

Revision ID: erased_files
Revises: progress_prospects
"""

import sqlalchemy as sa
from alembic import op

revision = "erased_files"
down_revision = "progress_prospects"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("stored_files", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("stored_files", "erased_at")
