"""Findings with place, offence and registration; explanations, evidence, sanctions and their appeals; excluded units.

Revision ID: findings
Revises: backtests
"""

import sqlalchemy as sa
from alembic import op

revision = "findings"
down_revision = "backtests"
branch_labels = None
depends_on = None

# (name, condition now, condition before)
CHECKS = (
    (
        "finding_state_is_known",
        "state IN ('reported', 'explanation_asked', 'confirmed', 'unfounded')",
        "state IN ('reported', 'confirmed', 'unfounded')",
    ),
    (
        "finding_is_decided_by_a_person",
        "(state IN ('confirmed', 'unfounded')) = (decided_by_id IS NOT NULL)",
        "(state = 'reported') = (decided_by_id IS NULL)",
    ),
)
NEW_CHECKS = (
    ("place_has_both_coordinates", "(latitude IS NULL) = (longitude IS NULL)"),
    ("distance_needs_a_place", "distance_m IS NULL OR latitude IS NOT NULL"),
    ("only_a_confirmed_finding_is_an_offence", "offence IS NULL OR state = 'confirmed'"),
)


def upgrade():
    op.create_table(
        "explanations",
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prolonged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("answer_has_a_time")),
        sa.CheckConstraint("due_at > asked_at", name=op.f("explanation_has_time")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_explanations_answered_by_id_users")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_explanations_asked_by_id_users")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_explanations_finding_id_findings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
        sa.UniqueConstraint("finding_id", name="uq_explanations_once"),
    )
    op.create_table(
        "finding_files",
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("by_distributor", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_finding_files_file_id_stored_files")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_files_finding_id_findings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_files")),
    )
    op.create_index(op.f("ix_finding_files_finding_id"), "finding_files", ["finding_id"], unique=False)
    op.create_table(
        "sanctions",
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal", sa.LargeBinary(), nullable=True),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("appeal_reason", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by_id IS NULL)", name=op.f("sanction_is_decided_by_a_person")
        ),
        sa.CheckConstraint(
            "(state IN ('upheld', 'lifted')) = (appeal_decided_by_id IS NOT NULL)",
            name=op.f("appeal_is_decided_by_a_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('fine', 'stop', 'blacklist', 'refuse_commission', 'return_commission', 'damages', 'terminate', 'dismissal', 'exclude_unit', 'warning', 'transfer')",
            name=op.f("sanction_kind_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'waived', 'appealed', 'upheld', 'lifted')",
            name=op.f("sanction_state_is_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("sanction_amount_is_positive")),
        sa.CheckConstraint("appeal_decided_by_id <> decided_by_id", name=op.f("appeal_is_decided_by_somebody_else")),
        sa.ForeignKeyConstraint(
            ["appeal_decided_by_id"], ["users.id"], name=op.f("fk_sanctions_appeal_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_sanctions_decided_by_id_users")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_sanctions_finding_id_findings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
        sa.UniqueConstraint("finding_id", "kind", name="uq_sanctions_once"),
    )
    op.add_column("deals", sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("findings", sa.Column("registration_id", sa.BigInteger(), nullable=True))
    op.add_column("findings", sa.Column("team", sa.String(), nullable=True))
    op.add_column("findings", sa.Column("latitude", sa.Numeric(precision=9, scale=6), nullable=True))
    op.add_column("findings", sa.Column("longitude", sa.Numeric(precision=9, scale=6), nullable=True))
    op.add_column("findings", sa.Column("distance_m", sa.Numeric(precision=10, scale=1), nullable=True))
    op.add_column("findings", sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("findings", sa.Column("policy_id", sa.BigInteger(), nullable=True))
    op.add_column("findings", sa.Column("clause", sa.String(), nullable=True))
    op.add_column("findings", sa.Column("offence", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_findings_registration_id"), "findings", ["registration_id"], unique=False)
    op.create_foreign_key(op.f("fk_findings_policy_id_policies"), "findings", "policies", ["policy_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_findings_registration_id_registrations"), "findings", "registrations", ["registration_id"], ["id"]
    )
    for name, now, _before in CHECKS:
        op.drop_constraint(name, "findings")
        op.create_check_constraint(name, "findings", now)
    for name, condition in NEW_CHECKS:
        op.create_check_constraint(name, "findings", condition)


def downgrade():
    op.execute("UPDATE findings SET state = 'reported' WHERE state = 'explanation_asked'")
    for name, _condition in NEW_CHECKS:
        op.drop_constraint(name, "findings")
    for name, _now, before in CHECKS:
        op.drop_constraint(name, "findings")
        op.create_check_constraint(name, "findings", before)
    op.drop_constraint(op.f("fk_findings_registration_id_registrations"), "findings", type_="foreignkey")
    op.drop_constraint(op.f("fk_findings_policy_id_policies"), "findings", type_="foreignkey")
    op.drop_index(op.f("ix_findings_registration_id"), table_name="findings")
    op.drop_column("findings", "offence")
    op.drop_column("findings", "clause")
    op.drop_column("findings", "policy_id")
    op.drop_column("findings", "happened_at")
    op.drop_column("findings", "distance_m")
    op.drop_column("findings", "longitude")
    op.drop_column("findings", "latitude")
    op.drop_column("findings", "team")
    op.drop_column("findings", "registration_id")
    op.drop_column("deals", "excluded_at")
    op.drop_table("sanctions")
    op.drop_index(op.f("ix_finding_files_finding_id"), table_name="finding_files")
    op.drop_table("finding_files")
    op.drop_table("explanations")
