"""Partners that are urged (D.1 URGED, CH-14.4); how a breach was found out (RE-4.3).

Revision ID: urged
Revises: erased_files
"""

import sqlalchemy as sa
from alembic import op

revision = "urged"
down_revision = "erased_files"
branch_labels = None
depends_on = None

_BEFORE = (
    "'approved', 'contracted', 'active', 'warned', 'downgraded', 'suspended', 'exit_requested', 'exited', "
    "'terminated', 'blacklisted', 'closed'"
)
_AFTER = _BEFORE.replace("'active', ", "'active', 'urged', ")
_MEANS = "'questionnaire', 'covert_visit', 'interview', 'camera', 'call', 'tip'"


def upgrade():
    _know(_AFTER)
    op.add_column("findings", sa.Column("means", sa.String(), nullable=True))
    op.create_check_constraint("means_of_checking_is_known", "findings", f"means IN ({_MEANS})")


def downgrade():
    op.drop_column("findings", "means")
    # Whoever was urged works with us as before.
    op.execute("UPDATE distributors SET status = 'active' WHERE status = 'urged'")
    op.execute("UPDATE distributors SET asked_exit_from = 'active' WHERE asked_exit_from = 'urged'")
    _know(_BEFORE)


def _know(states):
    op.drop_constraint("distributor_status_is_known", "distributors", type_="check")
    op.create_check_constraint("distributor_status_is_known", "distributors", f"status IN ({states})")
