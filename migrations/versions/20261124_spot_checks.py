"""Spot checks of past deals: samples, their deals, what was asked and said (RE-4.6, RE-4.7).

Revision ID: spot_checks
Revises: delegations
"""

import sqlalchemy as sa
from alembic import op

revision = "spot_checks"
down_revision = "delegations"
branch_labels = None
depends_on = None

# A first answer is written once (RE-4.7).
REVOKE = """
DO $$
DECLARE holder record;
BEGIN
  FOR holder IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
     WHERE table_schema = current_schema() AND table_name = 'check_tries'
       AND grantee <> current_user AND grantee <> 'PUBLIC'
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON check_tries FROM %I', holder.grantee);
  END LOOP;
END $$
"""
_ANSWERS = "('confirmed', 'name_unknown', 'not_referred')"
_RESULTS = "('confirmed', 'name_unknown', 'not_referred', 'unreachable', 'declined', 'wrong_number')"


def upgrade():
    op.create_table(
        "spot_checks",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("distributor_id", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("conclusion", sa.LargeBinary(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("checked_days_go_forward")),
        sa.CheckConstraint("number BETWEEN 1 AND population", name=op.f("sample_is_of_its_population")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("check_is_closed_by_a_person")),
        sa.CheckConstraint("(closed_at IS NULL) = (conclusion IS NULL)", name=op.f("closed_check_has_a_conclusion")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_spot_checks_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_spot_checks_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["users.id"], name=op.f("fk_spot_checks_drawn_by_id_users")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_spot_checks_closed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
        sa.UniqueConstraint("reference", name=op.f("uq_spot_checks_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_spot_checks_seq")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_spot_checks_submission_key")),
    )
    op.create_table(
        "checked_deals",
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["spot_checks.id"], name=op.f("fk_checked_deals_check_id_spot_checks")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_checked_deals_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_checked_deals_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_checked_deals_finding_id_findings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_deals")),
        sa.UniqueConstraint("check_id", "deal_id", name="uq_checked_deals_once"),
        sa.UniqueConstraint("check_id", "position", name="uq_checked_deals_position"),
    )
    op.create_index("ix_checked_deals_of_finding", "checked_deals", ["finding_id"], unique=False)
    op.create_table(
        "check_tries",
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("method IN ('call', 'questionnaire', 'interview')", name=op.f("way_of_asking_is_known")),
        sa.CheckConstraint(f"result IN {_RESULTS}", name=op.f("result_of_asking_is_known")),
        sa.CheckConstraint(f"NOT is_first OR result IN {_ANSWERS}", name=op.f("only_an_answer_is_the_first")),
        sa.CheckConstraint(
            f"result NOT IN {_ANSWERS} OR words IS NOT NULL", name=op.f("answer_is_kept_in_its_words")
        ),
        sa.CheckConstraint("asked_at <= recorded_at", name=op.f("asked_before_it_is_recorded")),
        sa.ForeignKeyConstraint(["line_id"], ["checked_deals.id"], name=op.f("fk_check_tries_line_id_checked_deals")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_check_tries_asked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_tries")),
    )
    op.create_index("ix_check_tries_of_line", "check_tries", ["line_id", "id"], unique=False)
    op.create_index(
        "uq_check_tries_first", "check_tries", ["line_id"], unique=True, postgresql_where=sa.text("is_first")
    )
    op.execute(
        "CREATE TRIGGER check_tries_is_append_only BEFORE UPDATE OR DELETE ON check_tries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER check_tries_is_not_emptied BEFORE TRUNCATE ON check_tries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(REVOKE)


def downgrade():
    op.drop_table("check_tries")
    op.drop_table("checked_deals")
    op.drop_table("spot_checks")
