"""Class and care of distributors: classes, account owners, contacts, half-year sheets; complaints and their rounds.

Revision ID: care_complaints
Revises: finding_cases
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "care_complaints"
down_revision = "finding_cases"
branch_labels = None
depends_on = None

# Who had which class, who looked after whom and what was talked about is not rewritten.
APPEND_ONLY = ("class_changes", "account_appointments", "care_contacts")
REVOKE = """
DO $$
DECLARE holder record;
BEGIN
  FOR holder IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
     WHERE table_schema = current_schema() AND table_name = '{table}' AND grantee <> current_user AND grantee <> 'PUBLIC'
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', holder.grantee);
  END LOOP;
END $$
"""


def upgrade():
    op.create_table(
        "account_appointments",
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("deputy_id", sa.BigInteger(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("owner_id <> deputy_id", name=op.f("deputy_is_somebody_else")),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"], ["users.id"], name=op.f("fk_account_appointments_appointed_by_id_users")
        ),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("fk_account_appointments_deputy_id_users")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_account_appointments_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_account_appointments_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_appointments")),
    )
    op.create_index(
        "ix_account_appointments_of_distributor", "account_appointments", ["distributor_id", "id"], unique=False
    )
    op.create_table(
        "assessments",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sheet", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("judgement", sa.LargeBinary(), nullable=True),
        sa.Column("total", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_by_id", sa.BigInteger(), nullable=True),
        sa.Column("letter", sa.String(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.BigInteger(), nullable=True),
        sa.Column("measures", sa.LargeBinary(), nullable=True),
        sa.Column("measures_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("measures_by_id", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(state = 'measures') = (measures IS NOT NULL)", name=op.f("measures_are_written")),
        sa.CheckConstraint("(state = 'scheduled') = (scored_by_id IS NULL)", name=op.f("sheet_is_scored_by_a_person")),
        sa.CheckConstraint(
            "(state IN ('published', 'measures')) = (published_at IS NOT NULL)", name=op.f("publication_has_a_time")
        ),
        sa.CheckConstraint(
            "(state IN ('scheduled', 'scored')) = (confirmed_by_id IS NULL)",
            name=op.f("sheet_is_confirmed_by_a_person"),
        ),
        sa.CheckConstraint("letter IN ('A', 'B', 'C')", name=op.f("assessed_class_is_known")),
        sa.CheckConstraint("proposed IN ('A', 'B', 'C')", name=op.f("proposed_class_is_known")),
        sa.CheckConstraint("result IN ('passed', 'warned', 'downgraded')", name=op.f("result_is_known")),
        sa.CheckConstraint(
            "state IN ('scheduled', 'scored', 'confirmed', 'published', 'measures')",
            name=op.f("assessment_state_is_known"),
        ),
        sa.CheckConstraint("confirmed_by_id <> scored_by_id", name=op.f("sheet_is_confirmed_by_somebody_else")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("assessed_period_has_days")),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("total_lies_between_0_and_100")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_assessments_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_assessments_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["measures_by_id"], ["users.id"], name=op.f("fk_assessments_measures_by_id_users")),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_assessments_published_by_id_users")),
        sa.ForeignKeyConstraint(["scored_by_id"], ["users.id"], name=op.f("fk_assessments_scored_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("distributor_id", "first_day", name="uq_assessments_one_per_half_year"),
        sa.UniqueConstraint("reference", name=op.f("uq_assessments_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_assessments_seq")),
    )
    op.create_index(
        "ix_assessments_open", "assessments", ["due_at"], unique=False, postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_table(
        "care_contacts",
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_whom", sa.LargeBinary(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('call', 'visit', 'meeting', 'message', 'market')", name=op.f("contact_kind_is_known")
        ),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("contact_lies_in_the_past")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_care_contacts_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_care_contacts_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_contacts")),
    )
    op.create_index("ix_care_contacts_of_distributor", "care_contacts", ["distributor_id", "happened_at"], unique=False)
    op.create_table(
        "class_changes",
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=False),
        sa.Column("assessment_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("letter IN ('A', 'B', 'C')", name=op.f("class_is_known")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_class_changes_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], name=op.f("fk_class_changes_changed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_class_changes_distributor_id_distributors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_changes")),
    )
    op.create_index("ix_class_changes_of_distributor", "class_changes", ["distributor_id", "id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("complaining_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("disclosed", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=True),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("who", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        sa.Column("gravity", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("cause_note", sa.LargeBinary(), nullable=True),
        sa.Column("measures", sa.LargeBinary(), nullable=True),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("analysed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(channel = 'online') = (recorded_by_id IS NULL)", name=op.f("taken_down_by_a_person")),
        sa.CheckConstraint("(channel = 'partner') = (code IS NULL)", name=op.f("everybody_else_has_a_code")),
        sa.CheckConstraint(
            "(channel = 'partner') = (complaining_id IS NOT NULL)", name=op.f("a_partners_complaint_names_the_partner")
        ),
        sa.CheckConstraint("(state = 'analysed') = (cause IS NOT NULL)", name=op.f("analysis_names_a_cause")),
        sa.CheckConstraint("(state = 'received') = (accepted_at IS NULL)", name=op.f("accepted_complaint_has_a_time")),
        sa.CheckConstraint(
            "(state IN ('closed', 'analysed')) = (closed_at IS NOT NULL)", name=op.f("closing_has_a_time")
        ),
        sa.CheckConstraint(
            "about IN ('distributor', 'project', 'staff', 'other')", name=op.f("complaint_subject_is_known")
        ),
        sa.CheckConstraint(
            "cause IN ('service', 'information', 'delay', 'price', 'staff', 'partner', 'process', 'system', 'other')",
            name=op.f("complaint_cause_is_known"),
        ),
        sa.CheckConstraint(
            "channel IN ('online', 'phone', 'on_site', 'box', 'message', 'partner')",
            name=op.f("complaint_channel_is_known"),
        ),
        sa.CheckConstraint("gravity IN ('ordinary', 'complex')", name=op.f("complaint_gravity_is_known")),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'investigating', 'resolved', 'fed_back', 'reopened', 'closed', 'analysed')",
            name=op.f("complaint_state_is_known"),
        ),
        sa.CheckConstraint("(accepted_at IS NULL) = (owner_id IS NULL)", name=op.f("accepted_complaint_has_an_owner")),
        sa.ForeignKeyConstraint(["analysed_by_id"], ["users.id"], name=op.f("fk_complaints_analysed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["complaining_id"], ["distributors.id"], name=op.f("fk_complaints_complaining_id_distributors")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_complaints_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_complaints_finding_id_findings")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_complaints_owner_id_users")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_complaints_project_id_projects")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_complaints_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaints_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_complaints_seq")),
    )
    op.create_index("ix_complaints_about", "complaints", ["distributor_id", "seq"], unique=False)
    op.create_index("ix_complaints_analysed", "complaints", ["closed_at"], unique=False)
    op.create_index("ix_complaints_by", "complaints", ["complaining_id", "seq"], unique=False)
    op.create_index("ix_complaints_due", "complaints", ["due_at"], unique=False)
    op.create_table(
        "complaint_rounds",
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.BigInteger(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("inquiry", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("partner_note", sa.LargeBinary(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.String(), nullable=True),
        sa.Column("told_by_id", sa.BigInteger(), nullable=True),
        sa.Column("satisfaction", sa.BigInteger(), nullable=True),
        sa.Column("satisfaction_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'partly', 'unfounded', 'knowingly_false')", name=op.f("outcome_is_known")
        ),
        sa.CheckConstraint(
            "told_by IN ('phone', 'message', 'in_person', 'page')", name=op.f("way_of_telling_is_known")
        ),
        sa.CheckConstraint("(resolved_at IS NULL) = (answer IS NULL)", name=op.f("outcome_has_an_answer")),
        sa.CheckConstraint("(resolved_at IS NULL) = (outcome IS NULL)", name=op.f("outcome_has_a_time")),
        sa.CheckConstraint("(satisfaction IS NULL) = (satisfaction_at IS NULL)", name=op.f("satisfaction_has_a_time")),
        sa.CheckConstraint("(told_at IS NULL) = (told_by IS NULL)", name=op.f("telling_has_a_way")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("satisfaction_is_1_to_5")),
        sa.CheckConstraint("satisfaction IS NULL OR told_at IS NOT NULL", name=op.f("satisfied_with_what_was_told")),
        sa.CheckConstraint("told_at IS NULL OR resolved_at IS NOT NULL", name=op.f("told_after_it_is_resolved")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["users.id"], name=op.f("fk_complaint_rounds_begun_by_id_users")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_rounds_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["users.id"], name=op.f("fk_complaint_rounds_resolved_by_id_users")
        ),
        sa.ForeignKeyConstraint(["told_by_id"], ["users.id"], name=op.f("fk_complaint_rounds_told_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_rounds")),
        sa.UniqueConstraint("complaint_id", "number", name="uq_complaint_rounds_number"),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(REVOKE.format(table=table))


def downgrade():
    for table in (
        "complaint_rounds",
        "complaints",
        "class_changes",
        "care_contacts",
        "assessments",
        "account_appointments",
    ):
        op.drop_table(table)
