"""Cases taken up by somebody, reports from outside, letters of cases, what was settled; alerts about own staff.

Revision ID: finding_cases
Revises: contracts
"""

import sqlalchemy as sa
from alembic import op

revision = "finding_cases"
down_revision = "contracts"
branch_labels = None
depends_on = None

_BEFORE = ("reported", "explanation_asked", "confirmed", "unfounded")
_NOW = ("reported", "investigating", "explanation_asked", "confirmed", "unfounded")
_SANCTIONS_BEFORE = (
    "fine",
    "stop",
    "blacklist",
    "refuse_commission",
    "return_commission",
    "damages",
    "terminate",
    "dismissal",
    "exclude_unit",
    "warning",
    "transfer",
)
_SANCTIONS_NOW = (*_SANCTIONS_BEFORE, "authorities")
_DOCUMENTS_BEFORE = ("filing_slip", "visit_slip", "extension_approval", "ruling", "ruling_extract")
_LETTERS = ("penalty_notice", "explanation_request", "staff_letter", "evidence_package")

# (table, name, condition now, condition before)
CHECKS = (
    ("findings", "finding_state_is_known", f"state IN {_NOW}", f"state IN {_BEFORE}"),
    ("sanctions", "sanction_kind_is_known", f"kind IN {_SANCTIONS_NOW}", f"kind IN {_SANCTIONS_BEFORE}"),
    (
        "documents",
        "document_kind_is_known",
        f"kind IN {(*_DOCUMENTS_BEFORE, *_LETTERS)}",
        f"kind IN {_DOCUMENTS_BEFORE}",
    ),
)
NEW_CHECKS = (
    ("findings", "whistle_blower_leaves_no_name", "code IS NULL OR reported_by_id IS NULL"),
    ("findings", "contact_comes_with_a_code", "contact IS NULL OR code IS NOT NULL"),
    ("findings", "case_is_taken_up_by_a_person", "(taken_up_at IS NULL) = (taken_up_by_id IS NULL)"),
    ("sanctions", "proposal_is_confirmed_by_somebody_else", "proposed_by_id <> decided_by_id"),
    ("sanctions", "settlement_is_recorded_by_a_person", "(settled_at IS NULL) = (settled_by_id IS NULL)"),
    ("sanctions", "only_what_stands_is_settled", "settled_at IS NULL OR state IN ('confirmed', 'upheld')"),
)
# What the look-ups of the last weeks are found by.
_REVEALED = "verb IN ('record.revealed', 'registration.revealed')"


def upgrade():
    op.add_column("findings", sa.Column("submission_key", sa.String(), nullable=True))
    op.add_column("findings", sa.Column("taken_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("findings", sa.Column("taken_up_by_id", sa.BigInteger(), nullable=True))
    op.add_column("findings", sa.Column("about", sa.LargeBinary(), nullable=True))
    op.add_column("findings", sa.Column("persons", sa.LargeBinary(), nullable=True))
    op.add_column("findings", sa.Column("contact", sa.LargeBinary(), nullable=True))
    op.add_column("findings", sa.Column("code", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint("uq_findings_submission_key", "findings", ["submission_key"])
    op.create_unique_constraint("uq_findings_code", "findings", ["code"])
    op.create_foreign_key("fk_findings_taken_up_by_id_users", "findings", "users", ["taken_up_by_id"], ["id"])
    op.add_column("explanations", sa.Column("reference", sa.String(), nullable=True))
    op.create_unique_constraint("uq_explanations_reference", "explanations", ["reference"])
    op.add_column("sanctions", sa.Column("reference", sa.String(), nullable=True))
    op.create_unique_constraint("uq_sanctions_reference", "sanctions", ["reference"])
    op.add_column("sanctions", sa.Column("proposed_by_id", sa.BigInteger(), nullable=True))
    op.add_column("sanctions", sa.Column("proposal", sa.LargeBinary(), nullable=True))
    op.add_column("sanctions", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sanctions", sa.Column("settled_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_sanctions_proposed_by_id_users", "sanctions", "users", ["proposed_by_id"], ["id"])
    op.create_foreign_key("fk_sanctions_settled_by_id_users", "sanctions", "users", ["settled_by_id"], ["id"])
    op.create_table(
        "alerts",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("finding_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('remarked', 'after_lookup', 'changed_after_entry', 'after_arrival')",
            name=op.f("alert_kind_is_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'case', 'set_aside')", name=op.f("alert_state_is_known")),
        sa.CheckConstraint("(state = 'open') = (decided_by_id IS NULL)", name=op.f("alert_is_decided_by_a_person")),
        sa.CheckConstraint("(state = 'case') = (finding_id IS NOT NULL)", name=op.f("opened_case_is_named")),
        sa.CheckConstraint("(state = 'set_aside') = (reason IS NOT NULL)", name=op.f("setting_aside_has_a_reason")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_alerts_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_alerts_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["users.id"], name=op.f("fk_alerts_staff_id_users")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_alerts_finding_id_findings")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_alerts_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("kind", "occasion", name="uq_alerts_once"),
    )
    op.create_index("ix_alerts_open", "alerts", ["id"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_history_revealed", "history", ["happened_at"], postgresql_where=sa.text(_REVEALED))
    for table, name, now, _before in CHECKS:
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, now)
    for table, name, condition in NEW_CHECKS:
        op.create_check_constraint(name, table, condition)


def downgrade():
    op.execute("UPDATE findings SET state = 'reported' WHERE state = 'investigating'")
    op.execute("DELETE FROM sanctions WHERE kind = 'authorities'")
    op.execute(f"DELETE FROM documents WHERE kind IN {_LETTERS}")
    for table, name, _condition in NEW_CHECKS:
        op.drop_constraint(name, table)
    for table, name, _now, before in CHECKS:
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, before)
    op.drop_index("ix_history_revealed", table_name="history")
    op.drop_table("alerts")
    for table, columns in (
        ("sanctions", ("reference", "proposed_by_id", "proposal", "settled_at", "settled_by_id")),
        ("explanations", ("reference",)),
        (
            "findings",
            ("submission_key", "taken_up_at", "taken_up_by_id", "about", "persons", "contact", "code"),
        ),
    ):
        for column in columns:
            op.drop_column(table, column)
