"""Arrival notices (RE-3.1): who announced which arrival, when.

Revision ID: arrival_notices
Revises: site_boards
"""

import sqlalchemy as sa
from alembic import op

revision = "arrival_notices"
down_revision = "site_boards"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "arrival_notices",
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("party_size", sa.BigInteger(), nullable=True),
        sa.Column("sent_by_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_arrival_notices_registration_id_registrations"
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name="fk_arrival_notices_sent_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_arrival_notices"),
        sa.UniqueConstraint("seq", name="uq_arrival_notices_seq"),
    )
    op.create_index("ix_arrival_notices_registration", "arrival_notices", ["registration_id", "sent_at"])


def downgrade():
    op.drop_table("arrival_notices")
