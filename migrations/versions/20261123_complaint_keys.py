"""Complaints carry the mark of the form that they came from: the same form sent twice is one complaint.

Revision ID: complaint_keys
Revises: applications
"""

import sqlalchemy as sa
from alembic import op

revision = "complaint_keys"
down_revision = "applications"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("complaints", sa.Column("submission_key", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE complaints SET submission_key = convert_to(reference, 'UTF8')")
    op.alter_column("complaints", "submission_key", nullable=False)
    op.create_unique_constraint(op.f("uq_complaints_submission_key"), "complaints", ["submission_key"])


def downgrade():
    op.drop_column("complaints", "submission_key")
