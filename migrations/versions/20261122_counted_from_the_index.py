"""Let the pills over a list be counted from the index alone, without reading a thousand rows all over the table.

Revision ID: counted_from_the_index
Revises: findings
"""

from alembic import op

revision = "counted_from_the_index"
down_revision = "findings"
branch_labels = None
depends_on = None

_LISTS = {"ix_registrations_of_distributor": "distributor_id", "ix_registrations_of_broker": "broker_id"}
_COUNTED = ["outcome", "frozen_at", "visited_at", "pending_until"]


def upgrade():
    for index, scope in _LISTS.items():
        op.drop_index(index, table_name="registrations")
        op.create_index(index, "registrations", [scope, "ends_at", "id"], postgresql_include=_COUNTED)


def downgrade():
    for index, scope in _LISTS.items():
        op.drop_index(index, table_name="registrations")
        op.create_index(index, "registrations", [scope, "ends_at", "id"])
