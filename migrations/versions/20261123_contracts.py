"""More states of a distributor (D.1); contracts, one carried over for every distributor that works with us already.

Revision ID: contracts
Revises: counted_from_the_index
"""

import sqlalchemy as sa
from alembic import op

revision = "contracts"
down_revision = "counted_from_the_index"
branch_labels = None
depends_on = None

BEFORE = ("active", "suspended", "blacklisted", "exited")
NOW = (
    "approved",
    "contracted",
    "active",
    "warned",
    "downgraded",
    "suspended",
    "exit_requested",
    "exited",
    "terminated",
    "blacklisted",
    "closed",
)
# What the older portal knew of the newer states.
FORMER = {
    "approved": "suspended",
    "contracted": "suspended",
    "warned": "active",
    "downgraded": "active",
    "exit_requested": "active",
    "terminated": "exited",
    "closed": "exited",
}
CARRY_OVER = """
INSERT INTO contracts (reference, distributor_id, kind, all_projects, starts_at, signed_at, created_at)
SELECT 'HT-' || reference, id, 'carried_over', true, created_at, created_at, now()
  FROM distributors
"""


def upgrade():
    op.drop_constraint("distributor_status_is_known", "distributors", type_="check")
    op.create_check_constraint("distributor_status_is_known", "distributors", f"status IN {NOW}")
    op.create_table(
        "contracts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("all_projects", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreement', 'amendment', 'renewal', 'carried_over')", name=op.f("contract_kind_is_known")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("contract_ends_after_it_starts")),
        sa.CheckConstraint("ended_at IS NULL OR signed_at IS NOT NULL", name=op.f("only_a_signed_contract_ends")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_contracts_distributor_id_distributors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("reference", name=op.f("uq_contracts_reference")),
    )
    op.create_index(
        "ix_contracts_signed", "contracts", ["distributor_id"], postgresql_where=sa.text("signed_at IS NOT NULL")
    )
    op.create_table(
        "contract_projects",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_projects_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_contract_projects_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_projects")),
    )
    op.create_index("uq_contract_projects_once", "contract_projects", ["contract_id", "project_id"], unique=True)
    op.execute(CARRY_OVER)


def downgrade():
    op.drop_table("contract_projects")
    op.drop_table("contracts")
    op.drop_constraint("distributor_status_is_known", "distributors", type_="check")
    for state, former in FORMER.items():
        op.execute(f"UPDATE distributors SET status = '{former}' WHERE status = '{state}'")
    op.create_check_constraint("distributor_status_is_known", "distributors", f"status IN {BEFORE}")
