"""Applications, invitations and prospects whose personal data was erased when its time was over.

Revision ID: erased_applications
Revises: declined_excuses
"""

import sqlalchemy as sa
from alembic import op

revision = "erased_applications"
down_revision = "declined_excuses"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("applications", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("application_invitations", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prospects", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_applications_to_erase",
        "applications",
        ["state", "state_since", "id"],
        postgresql_where=sa.text("erased_at IS NULL AND state IN ('prospect', 'returned', 'rejected')"),
    )
    op.create_index(
        "ix_application_invitations_to_erase",
        "application_invitations",
        ["expires_at", "id"],
        postgresql_where=sa.text("erased_at IS NULL"),
    )
    op.drop_constraint(op.f("dropped_prospect_is_forgotten"), "prospects", type_="check")
    op.create_check_constraint(
        op.f("prospect_is_forgotten"),
        "prospects",
        "(dropped_at IS NULL AND erased_at IS NULL) = (contact IS NOT NULL)",
    )


def downgrade():
    op.drop_constraint(op.f("prospect_is_forgotten"), "prospects", type_="check")
    op.create_check_constraint(
        op.f("dropped_prospect_is_forgotten"), "prospects", "(dropped_at IS NULL) = (contact IS NOT NULL)"
    )
    op.drop_index("ix_application_invitations_to_erase", table_name="application_invitations")
    op.drop_index("ix_applications_to_erase", table_name="applications")
    op.drop_column("prospects", "erased_at")
    op.drop_column("application_invitations", "erased_at")
    op.drop_column("applications", "erased_at")
