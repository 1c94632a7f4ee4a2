"""Contracts are written from templates, reviewed, signed by both sides, amended, renewed and ended.

Revision ID: contract_papers
Revises: exits
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "contract_papers"
down_revision = "exits"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('draft', 'review', 'signing')")
TEMPLATE_OPEN = sa.text("state IN ('draft', 'review')")
TIME = sa.DateTime(timezone=True)
COLUMNS = (
    ("submission_key", sa.String()),
    ("amends_id", sa.BigInteger()),
    ("template_id", sa.BigInteger()),
    ("policy_id", sa.BigInteger()),
    ("fields", sa.LargeBinary()),
    ("text", sa.LargeBinary()),
    ("text_digest", sa.String()),
    ("drafted_by_id", sa.BigInteger()),
    ("submitted_at", TIME),
    ("reviewed_by_id", sa.BigInteger()),
    ("reviewed_at", TIME),
    ("remarks", sa.LargeBinary()),
    ("ended_clause", sa.String()),
    ("ended_reason", sa.LargeBinary()),
    ("ended_by_id", sa.BigInteger()),
    ("renewal", sa.String()),
    ("renewal_reason", sa.LargeBinary()),
    ("renewal_decided_by_id", sa.BigInteger()),
    ("renewal_decided_at", TIME),
)
POINTERS = (
    ("amends_id", "contracts"),
    ("template_id", "contract_templates"),
    ("policy_id", "policies"),
    ("drafted_by_id", "users"),
    ("reviewed_by_id", "users"),
    ("ended_by_id", "users"),
    ("renewal_decided_by_id", "users"),
)
CHECKS = (
    ("contract_state_is_known", "state IN ('draft', 'review', 'signing', 'signed', 'withdrawn')"),
    ("signed_contract_has_a_time", "(state = 'signed') = (signed_at IS NOT NULL)"),
    ("contract_text_has_its_digest", "(text IS NULL) = (text_digest IS NULL)"),
    (
        "what_is_signed_is_fixed",
        "state NOT IN ('signing', 'signed') OR kind = 'carried_over' OR text IS NOT NULL",
    ),
    ("contract_is_reviewed_by_another", "reviewed_by_id <> drafted_by_id"),
    ("amendment_names_what_it_amends", "(kind IN ('amendment', 'renewal')) = (amends_id IS NOT NULL)"),
    ("renewal_is_decided_by_a_person", "(renewal IS NULL) = (renewal_decided_by_id IS NULL)"),
    ("renewal_decision_is_known", "renewal IN ('renew', 'end')"),
)

KINDS_BEFORE = (
    "filing_slip",
    "visit_slip",
    "extension_approval",
    "ruling",
    "ruling_extract",
    "penalty_notice",
    "explanation_request",
    "staff_letter",
    "evidence_package",
    "exit_approval",
    "termination_letter",
    "settlement",
)
KINDS_NOW = (*KINDS_BEFORE, "contract", "contract_signed")


def upgrade():
    _allow_documents(KINDS_NOW)
    _templates()
    op.add_column("contracts", sa.Column("state", sa.String(), nullable=False, server_default="signed"))
    op.alter_column("contracts", "state", server_default=None)
    for name, kind in COLUMNS:
        op.add_column("contracts", sa.Column(name, kind, nullable=True))
    for name, table in POINTERS:
        op.create_foreign_key(f"fk_contracts_{name}_{table}", "contracts", table, [name], ["id"])
    op.execute("UPDATE contracts SET state = 'draft' WHERE signed_at IS NULL")
    op.create_unique_constraint("uq_contracts_submission_key", "contracts", ["submission_key"])
    for name, rule in CHECKS:
        op.create_check_constraint(name, "contracts", rule)
    op.create_index("ix_contracts_of_distributor", "contracts", ["distributor_id", "id"])
    op.create_index("ix_contracts_open", "contracts", ["state", "id"], postgresql_where=OPEN)
    op.create_index("ix_contracts_ending", "contracts", ["ends_at"], postgresql_where=sa.text("state = 'signed'"))
    op.create_index("uq_contracts_one_change", "contracts", ["amends_id"], unique=True, postgresql_where=OPEN)
    _signatures()


def _templates():
    op.create_table(
        "contract_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("submitted_at", TIME, nullable=True),
        sa.Column("reviewed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_at", TIME, nullable=True),
        sa.Column("remarks", sa.String(), nullable=True),
        sa.Column("superseded_at", TIME, nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'in_force', 'superseded')", name=op.f("contract_template_state_is_known")
        ),
        sa.CheckConstraint("version > 0", name=op.f("contract_template_versions_count_from_one")),
        sa.CheckConstraint("reviewed_by_id <> drafted_by_id", name=op.f("contract_template_is_reviewed_by_another")),
        sa.CheckConstraint(
            "state IN ('draft', 'review') OR reviewed_by_id IS NOT NULL",
            name=op.f("contract_template_in_force_is_reviewed"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["users.id"], name=op.f("fk_contract_templates_drafted_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["users.id"], name=op.f("fk_contract_templates_reviewed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_templates")),
        sa.UniqueConstraint("name", "version", name="uq_contract_templates_version"),
    )
    op.create_index(
        "uq_contract_templates_in_force",
        "contract_templates",
        ["name"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_index(
        "uq_contract_templates_in_work",
        "contract_templates",
        ["name"],
        unique=True,
        postgresql_where=TEMPLATE_OPEN,
    )


def _signatures():
    op.create_table(
        "contract_signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("signer_name", sa.LargeBinary(), nullable=False),
        sa.Column("signer_title", sa.String(), server_default="", nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("strokes", sa.LargeBinary(), nullable=True),
        sa.Column("code_channel", sa.String(), nullable=True),
        sa.Column("code_address", sa.String(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("text_digest", sa.String(), nullable=True),
        sa.Column("signed_at", TIME, nullable=False),
        sa.CheckConstraint("side IN ('company', 'partner')", name=op.f("contract_side_is_known")),
        sa.CheckConstraint("method IN ('account', 'glass', 'paper')", name=op.f("signing_method_is_known")),
        sa.CheckConstraint("(method = 'glass') = (strokes IS NOT NULL)", name=op.f("hand_on_glass_has_strokes")),
        sa.CheckConstraint("(method = 'paper') = (file_id IS NOT NULL)", name=op.f("signed_paper_has_its_scan")),
        sa.CheckConstraint("method <> 'account' OR side = 'company'", name=op.f("partner_signs_by_hand")),
        sa.CheckConstraint("(code_channel IS NULL) = (code_address IS NULL)", name=op.f("code_went_somewhere")),
        sa.CheckConstraint("method = 'paper' OR text_digest IS NOT NULL", name=op.f("signature_is_under_a_text")),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_signatures_contract_id_contracts")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_contract_signatures_user_id_users")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_contract_signatures_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_signatures")),
        sa.UniqueConstraint("contract_id", "side", name="uq_contract_signatures_once"),
    )


def _allow_documents(kinds):
    op.drop_constraint("document_kind_is_known", "documents", type_="check")
    op.create_check_constraint("document_kind_is_known", "documents", f"kind IN {kinds}")


def downgrade():
    op.execute("DELETE FROM documents WHERE kind IN ('contract', 'contract_signed')")
    _allow_documents(KINDS_BEFORE)
    op.drop_table("contract_signatures")
    op.execute("DELETE FROM contract_projects WHERE contract_id IN (SELECT id FROM contracts WHERE signed_at IS NULL)")
    op.execute("DELETE FROM contracts WHERE signed_at IS NULL")
    for name in ("uq_contracts_one_change", "ix_contracts_ending", "ix_contracts_open", "ix_contracts_of_distributor"):
        op.drop_index(name, "contracts")
    for name, _rule in CHECKS:
        op.drop_constraint(name, "contracts", type_="check")
    for name, _kind in (*COLUMNS, ("state", None)):
        op.drop_column("contracts", name)
    op.drop_table("contract_templates")
