"""One claim per broker, event and kind of claim; deal events found by the time at which they happened.

Revision ID: claim_rows
Revises: deals
"""

import sqlalchemy as sa
from alembic import op

revision = "claim_rows"
down_revision = "deals"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index("uq_claims_one_per_event", table_name="claims")
    op.create_index(
        "uq_claims_one_per_event",
        "claims",
        ["event_id", "broker_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL AND typed IS NULL"),
    )
    op.create_index("ix_claims_of_broker", "claims", ["broker_id", "id"])
    op.create_index("ix_claims_answer_due", "claims", ["answer_at"], postgresql_where=sa.text("typed IS NOT NULL"))
    op.create_index("ix_deal_events_happened", "deal_events", ["happened_at"])


def downgrade():
    op.drop_index("ix_deal_events_happened", table_name="deal_events")
    op.drop_index("ix_claims_answer_due", table_name="claims")
    op.drop_index("ix_claims_of_broker", table_name="claims")
    op.drop_index("uq_claims_one_per_event", table_name="claims")
    op.create_index(
        "uq_claims_one_per_event",
        "claims",
        ["event_id", "distributor_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
