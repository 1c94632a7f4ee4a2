"""Count failed sign-ins by login, so that a login without an account is answered like one with an account.

Revision ID: sign_in_attempts
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "sign_in_attempts"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sign_in_attempts",
        sa.Column("login_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("failed_sign_ins_are_counted")),
        sa.PrimaryKeyConstraint("login_fingerprint", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_last_tried_at"), "sign_in_attempts", ["last_tried_at"])
    op.drop_constraint("failed_sign_ins_are_counted", "users", type_="check")
    op.drop_column("users", "failed_sign_ins")
    op.drop_column("users", "locked_until")


def downgrade():
    op.add_column("users", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("failed_sign_ins", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint("failed_sign_ins_are_counted", "users", "failed_sign_ins >= 0")
    op.drop_index(op.f("ix_sign_in_attempts_last_tried_at"), "sign_in_attempts")
    op.drop_table("sign_in_attempts")
