"""Messages remember a try whose end nobody noted, so that they are repeated for it at most once.

Revision ID: message_tries
Revises: complaint_keys
"""

import sqlalchemy as sa
from alembic import op

revision = "message_tries"
down_revision = "complaint_keys"
branch_labels = None
depends_on = None


def upgrade():
    for name in ("in_doubt", "repeated"):
        op.add_column(
            "outgoing_messages", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    op.add_column("outgoing_messages", sa.Column("runs", sa.BigInteger(), server_default=sa.text("1"), nullable=False))
    op.create_check_constraint(
        op.f("only_a_waiting_message_is_in_doubt"), "outgoing_messages", "NOT in_doubt OR state = 'waiting'"
    )


def downgrade():
    for name in ("in_doubt", "repeated", "runs"):
        op.drop_column("outgoing_messages", name)
