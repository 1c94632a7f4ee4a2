"""A registration code has one application under way, and an address finds its earlier ones.

Revision ID: one_open_code
Revises: legal_role
"""

import sqlalchemy as sa
from alembic import op

revision = "one_open_code"
down_revision = "legal_role"
branch_labels = None
depends_on = None

UNDER_WAY = "('applied', 'in_review', 'returned', 'surveyed', 'examined')"


def upgrade():
    op.add_column("applications", sa.Column("sent_code", sa.String(), nullable=True))
    op.execute(
        f"""
        UPDATE applications SET sent_code = earliest.code
        FROM (SELECT DISTINCT ON (file.registration_code) one.id, file.registration_code AS code
              FROM applications one JOIN partner_files file ON file.id = one.partner_file_id
              WHERE one.state IN {UNDER_WAY} AND file.partner_type = 'company'
                AND file.registration_code IS NOT NULL
              ORDER BY file.registration_code, one.applied_at, one.id) earliest
        WHERE earliest.id = applications.id
        """
    )
    op.create_index(
        "uq_applications_one_code",
        "applications",
        ["sent_code"],
        unique=True,
        postgresql_where=sa.text(f"state IN {UNDER_WAY}"),
    )
    op.create_index("ix_applications_contact", "applications", ["contact_fingerprint", "id"])


def downgrade():
    op.drop_index("ix_applications_contact", "applications")
    op.drop_column("applications", "sent_code")
