"""Applications to become a distributor, partner files with their papers; the two roles that sign applications.

Revision ID: applications
Revises: contract_papers
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "applications"
down_revision = "contract_papers"
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
    "customer_service",
    "finance",
    "administrator",
    "auditor",
)
NOW = (*BEFORE, "department_manager", "general_manager")

AREAS = ("compliance", "strength", "business", "brand", "management", "finances")
WHOLE = " AND ".join(f"({area} IS NULL) = (scored_at IS NULL)" for area in AREAS)


def upgrade():
    op.drop_constraint("role_is_known", "role_grants", type_="check")
    op.create_check_constraint("role_is_known", "role_grants", f"role IN {NOW}")
    op.create_table(
        "partner_files",
        sa.Column("distributor_id", sa.BigInteger(), nullable=True),
        sa.Column("partner_type", sa.String(), server_default="company", nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("registration_code", sa.String(), nullable=True),
        sa.Column("legal_name", sa.LargeBinary(), nullable=True),
        sa.Column("legal_id_number", sa.LargeBinary(), nullable=True),
        sa.Column("legal_id_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("contact_email", sa.LargeBinary(), nullable=True),
        sa.Column("beneficial_phone", sa.LargeBinary(), nullable=True),
        sa.Column("beneficial_phone_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("bank_name", sa.String(), nullable=True),
        sa.Column("bank_account", sa.LargeBinary(), nullable=True),
        sa.Column("bank_account_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("invoice_title", sa.String(), nullable=True),
        sa.Column("invoice_tax_number", sa.String(), nullable=True),
        sa.Column("invoice_address", sa.LargeBinary(), nullable=True),
        sa.Column("invoice_phone", sa.LargeBinary(), nullable=True),
        sa.Column("cooperation", sa.String(), nullable=True),
        sa.Column("cooperation_ends_on", sa.Date(), nullable=True),
        sa.Column("territory", sa.String(), nullable=True),
        sa.Column("areas", sa.String(), nullable=True),
        sa.Column("products", sa.String(), nullable=True),
        sa.Column("expected_volume", sa.BigInteger(), nullable=True),
        sa.Column("experience", sa.String(), nullable=True),
        sa.Column("introduced_by", sa.LargeBinary(), nullable=True),
        sa.Column("folder_location", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("cooperation IN ('important', 'temporary', 'regional')", name=op.f("cooperation_is_known")),
        sa.CheckConstraint("partner_type IN ('company', 'person')", name=op.f("partner_type_is_known")),
        sa.CheckConstraint("expected_volume >= 0", name=op.f("expected_volume_is_no_debt")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_partner_files_distributor_id_distributors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_files")),
        sa.UniqueConstraint("distributor_id", name=op.f("uq_partner_files_distributor_id")),
    )
    op.create_index("ix_partner_files_account", "partner_files", ["bank_account_fingerprint"])
    op.create_index("ix_partner_files_beneficial_phone", "partner_files", ["beneficial_phone_fingerprint"])
    op.create_index("ix_partner_files_code", "partner_files", ["registration_code"])
    op.create_index("ix_partner_files_contact_phone", "partner_files", ["contact_phone_fingerprint"])
    op.create_index("ix_partner_files_legal_id", "partner_files", ["legal_id_fingerprint"])
    op.create_table(
        "applications",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="prospect", nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("contact_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("partner_file_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=True),
        sa.Column("ticked", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("confirmation", sa.String(), nullable=True),
        sa.Column("signature_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("override_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("override_by_id", sa.BigInteger(), nullable=True),
        sa.Column("override_reason", sa.String(), nullable=True),
        sa.Column(
            "overridden", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(state = 'prospect') = (applied_at IS NULL)", name=op.f("sent_application_has_its_time")),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("decided_application_has_its_time"),
        ),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("application_channel_is_known")),
        sa.CheckConstraint("origin IN ('public', 'invitation')", name=op.f("application_origin_is_known")),
        sa.CheckConstraint(
            "state IN ('prospect', 'applied', 'in_review', 'returned', 'surveyed', 'examined', 'approved', 'rejected')",
            name=op.f("application_state_is_known"),
        ),
        sa.CheckConstraint(
            "(override_at IS NULL) = (override_reason IS NULL) AND (override_at IS NULL) = (override_by_id IS NULL)",
            name=op.f("override_is_by_a_person_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_applications_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(["override_by_id"], ["users.id"], name=op.f("fk_applications_override_by_id_users")),
        sa.ForeignKeyConstraint(
            ["partner_file_id"], ["partner_files.id"], name=op.f("fk_applications_partner_file_id_partner_files")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_applications_reviewer_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("partner_file_id", name=op.f("uq_applications_partner_file_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
    )
    op.create_index(
        "uq_applications_one_open",
        "applications",
        ["contact_fingerprint"],
        unique=True,
        postgresql_where=sa.text("state IN ('prospect', 'applied', 'in_review', 'returned', 'surveyed', 'examined')"),
    )
    op.create_table(
        "application_inquiries",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('market', 'credit', 'background', 'interview', 'inspection')", name=op.f("inquiry_kind_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_inquiries_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_application_inquiries_written_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_inquiries")),
    )
    op.create_index("ix_application_inquiries_of", "application_inquiries", ["application_id", "id"])
    op.create_table(
        "application_invitations",
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("invitation_channel_is_known")),
        sa.CheckConstraint("expires_at > invited_at", name=op.f("invitation_lasts")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_invitations_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_application_invitations_invited_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_invitations")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_application_invitations_link_hash")),
    )
    op.create_table(
        "application_opinions",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("department IN ('finance', 'customer_service')", name=op.f("opinion_department_is_known")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_opinions_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["users.id"], name=op.f("fk_application_opinions_given_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_opinions")),
        sa.UniqueConstraint(
            "application_id", "department", name=op.f("uq_application_opinions_application_id_department")
        ),
    )
    op.create_table(
        "application_remarks",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_remarks_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_application_remarks_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_remarks")),
    )
    op.create_index("ix_application_remarks_of", "application_remarks", ["application_id", "id"])
    op.create_table(
        "application_scores",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.BigInteger(), nullable=False),
        sa.Column("compliance", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("strength", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("business", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("brand", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("management", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("finances", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(WHOLE, name=op.f("sheet_is_whole_or_empty")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_scores_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["users.id"], name=op.f("fk_application_scores_member_id_users")),
        sa.ForeignKeyConstraint(["named_by_id"], ["users.id"], name=op.f("fk_application_scores_named_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_scores")),
        sa.UniqueConstraint("application_id", "member_id", name=op.f("uq_application_scores_application_id_member_id")),
    )
    op.create_table(
        "application_signatures",
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("signer_id", sa.BigInteger(), nullable=False),
        sa.Column("as_deputy", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("role IN ('department_manager', 'general_manager')", name=op.f("signer_role_is_known")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_application_signatures_application_id_applications")
        ),
        sa.ForeignKeyConstraint(["signer_id"], ["users.id"], name=op.f("fk_application_signatures_signer_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_signatures")),
        sa.UniqueConstraint("application_id", "role", name=op.f("uq_application_signatures_application_id_role")),
        sa.UniqueConstraint(
            "application_id", "signer_id", name=op.f("uq_application_signatures_application_id_signer_id")
        ),
    )
    op.create_table(
        "partner_papers",
        sa.Column("partner_file_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought_by_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (checked_at IS NULL)", name=op.f("checked_paper_has_its_time")),
        sa.CheckConstraint(
            "kind IN ('licence', 'legal_rep_id', 'business_plan', 'account_permit', 'permit', 'invoice_proof', 'other')",
            name=op.f("paper_kind_is_known"),
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR kind <> 'licence' OR sealed", name=op.f("accepted_licence_bears_a_seal")
        ),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'refused')", name=op.f("paper_state_is_known")),
        sa.CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("paper_is_checked_by_a_person")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["users.id"], name=op.f("fk_partner_papers_brought_by_id_users")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_partner_papers_checked_by_id_users")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_partner_papers_file_id_stored_files")),
        sa.ForeignKeyConstraint(
            ["partner_file_id"], ["partner_files.id"], name=op.f("fk_partner_papers_partner_file_id_partner_files")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_papers")),
    )
    op.create_index(
        "ix_partner_papers_ending",
        "partner_papers",
        ["valid_until"],
        unique=False,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index(op.f("ix_partner_papers_partner_file_id"), "partner_papers", ["partner_file_id"])
    op.create_index(
        "uq_partner_papers_current",
        "partner_papers",
        ["partner_file_id", "kind"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL AND kind <> 'other'"),
    )


def downgrade():
    op.drop_table("partner_papers")
    op.drop_table("application_signatures")
    op.drop_table("application_scores")
    op.drop_table("application_remarks")
    op.drop_table("application_opinions")
    op.drop_table("application_invitations")
    op.drop_table("application_inquiries")
    op.drop_table("applications")
    op.drop_table("partner_files")
    op.execute("DELETE FROM role_grants WHERE role IN ('department_manager', 'general_manager')")
    op.drop_constraint("role_is_known", "role_grants", type_="check")
    op.create_check_constraint("role_is_known", "role_grants", f"role IN {BEFORE}")
