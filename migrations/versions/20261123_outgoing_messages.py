"""Messages that leave the portal, and one-time codes.

Revision ID: outgoing_messages
Revises: care_complaints
"""

import sqlalchemy as sa
from alembic import op

revision = "outgoing_messages"
down_revision = "care_complaints"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("message_channel_is_known")),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("message_state_is_known")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("sent_message_has_its_time")),
        sa.CheckConstraint("(state = 'sent') = (facts IS NULL)", name=op.f("sent_message_is_forgotten")),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("failed_message_says_why")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_messages")),
    )
    op.create_index(
        "ix_outgoing_messages_waiting", "outgoing_messages", ["id"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("about", sa.String(), server_default="", nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("code_is_tried_five_times")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("code_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(
        "ix_one_time_codes_newest",
        "one_time_codes",
        ["address_fingerprint", "purpose", "about", sa.text("id DESC")],
    )


def downgrade():
    op.drop_table("one_time_codes")
    op.drop_table("outgoing_messages")
