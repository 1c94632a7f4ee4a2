"""The role legal: it alone reviews contracts and their templates.

Revision ID: legal_role
Revises: message_tries
"""

from alembic import op

revision = "legal_role"
down_revision = "message_tries"
branch_labels = None
depends_on = None

BEFORE = (
    "broker",
    "owner",
    "reception",
    "back_office",
    "consultant",
    "site_leader",
    "hq_channel",
    "department_manager",
    "general_manager",
    "customer_service",
    "finance",
    "administrator",
    "auditor",
)
NOW = (*BEFORE, "legal")


def upgrade():
    op.drop_constraint("role_is_known", "role_grants", type_="check")
    op.create_check_constraint("role_is_known", "role_grants", f"role IN {NOW}")


def downgrade():
    op.execute("DELETE FROM role_grants WHERE role = 'legal'")
    op.drop_constraint("role_is_known", "role_grants", type_="check")
    op.create_check_constraint("role_is_known", "role_grants", f"role IN {BEFORE}")
