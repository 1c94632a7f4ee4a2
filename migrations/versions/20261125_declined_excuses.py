"""A site leader may decline to excuse a late filing (RE-Q4).

Revision ID: declined_excuses
Revises: urged
"""

import sqlalchemy as sa
from alembic import op

revision = "declined_excuses"
down_revision = "urged"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("visits", sa.Column("excuse_declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visits", sa.Column("excuse_declined_by_id", sa.BigInteger(), nullable=True))
    op.add_column("visits", sa.Column("excuse_decline_reason", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_visits_excuse_declined_by_id_users"), "visits", "users", ["excuse_declined_by_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("declined_excuse_has_a_person_and_a_reason"),
        "visits",
        "(excuse_declined_at IS NULL) = (excuse_declined_by_id IS NULL)"
        " AND (excuse_declined_at IS NULL) = (excuse_decline_reason IS NULL)",
    )


def downgrade():
    op.drop_constraint("declined_excuse_has_a_person_and_a_reason", "visits", type_="check")
    op.drop_constraint("fk_visits_excuse_declined_by_id_users", "visits", type_="foreignkey")
    op.drop_column("visits", "excuse_decline_reason")
    op.drop_column("visits", "excuse_declined_by_id")
    op.drop_column("visits", "excuse_declined_at")
