"""Let the worker find ends that have come without reading a million registrations.

Revision ID: worker_indexes
Revises: sign_in_attempts
"""

import sqlalchemy as sa
from alembic import op

revision = "worker_indexes"
down_revision = "sign_in_attempts"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_registrations_end_due",
        "registrations",
        ["ends_at"],
        postgresql_where=sa.text(
            "outcome IS NULL AND frozen_at IS NULL AND (end_noted_at IS NULL OR end_noted_at < ends_at)"
        ),
    )


def downgrade():
    op.drop_index("ix_registrations_end_due", table_name="registrations")
