"""Deals, their buyers and events, relations, claims with files, findings, rulings; keys and places in the order of recording.

Revision ID: deals
Revises: group_lists
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "deals"
down_revision = "group_lists"
branch_labels = None
depends_on = None

APPEND_ONLY = ("deal_events", "deal_buyers", "buyer_keys", "rulings", "ruling_parties", "former_keys")
DOCUMENT_KINDS = "('filing_slip', 'visit_slip', 'extension_approval', 'ruling', 'ruling_extract')"
FORMER_KINDS = "('filing_slip', 'visit_slip', 'extension_approval')"

# When a first visit counted and when an outcome came, in the order of recording: it decides within one second (RE-F1).
REGISTRATION_KEEPS_ORDER = """
CREATE FUNCTION registration_keeps_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.visited_at IS DISTINCT FROM OLD.visited_at THEN
    NEW.visited_seq := CASE WHEN NEW.visited_at IS NOT NULL THEN nextval('event_order') END;
  END IF;
  IF NEW.outcome IS DISTINCT FROM OLD.outcome THEN
    NEW.outcome_seq := CASE WHEN NEW.outcome IS NOT NULL THEN nextval('event_order') END;
  END IF;
  RETURN NEW;
END $$
"""

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
        "stored_files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')",
            name=op.f("file_type_is_known"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("file_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_stored_files_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["stored_by_id"], ["users.id"], name=op.f("fk_stored_files_stored_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_sha256"), "stored_files", ["sha256"], unique=False)
    op.create_table(
        "relations",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("one_name", sa.LargeBinary(), nullable=False),
        sa.Column("one_phone", sa.LargeBinary(), nullable=True),
        sa.Column("other_name", sa.LargeBinary(), nullable=False),
        sa.Column("other_phone", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("kind IN ('spouse', 'parent', 'child', 'sibling')", name=op.f("relation_kind_is_listed")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("withdrawal_has_a_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_relations_file_id_stored_files")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_relations_project_id_projects")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_relations_recorded_by_id_users")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_relations_withdrawn_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
        sa.UniqueConstraint("seq", name=op.f("uq_relations_seq")),
    )
    op.create_index(op.f("ix_relations_project_id"), "relations", ["project_id"], unique=False)
    op.create_table(
        "deals",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("source_number", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(frozen_at IS NULL) = (registration_id IS NULL)", name=op.f("freezing_names_a_registration")
        ),
        sa.CheckConstraint("registration_id IS NULL OR owner_id IS NOT NULL", name=op.f("frozen_deal_has_an_owner")),
        sa.ForeignKeyConstraint(["owner_id"], ["distributors.id"], name=op.f("fk_deals_owner_id_distributors")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_deals_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_deals_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint("project_id", "source_number", name="uq_deals_source_number"),
        sa.UniqueConstraint("reference", name=op.f("uq_deals_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_deals_seq")),
    )
    op.create_index("ix_deals_of_project", "deals", ["project_id", "id"], unique=False)
    op.create_index("ix_deals_of_registration", "deals", ["registration_id"], unique=False)
    op.create_table(
        "former_keys",
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_former_keys_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_keys")),
    )
    op.create_index("ix_former_keys_match", "former_keys", ["project_id", "fingerprint"], unique=False)
    op.create_index(op.f("ix_former_keys_registration_id"), "former_keys", ["registration_id"], unique=False)
    op.create_table(
        "relation_keys",
        sa.Column("relation_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("side IN ('one', 'other')", name=op.f("relation_side_is_known")),
        sa.ForeignKeyConstraint(["relation_id"], ["relations.id"], name=op.f("fk_relation_keys_relation_id_relations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation_keys")),
        sa.UniqueConstraint("relation_id", "side", "kind", "fingerprint", name="uq_relation_keys_once"),
    )
    op.create_index("ix_relation_keys_match", "relation_keys", ["project_id", "fingerprint"], unique=False)
    op.create_table(
        "deal_events",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('deposit', 'subscription', 'signing', 'online_signing')", name=op.f("deal_event_is_known")
        ),
        sa.CheckConstraint("source IN ('consultant', 'import')", name=op.f("deal_event_source_is_known")),
        sa.CheckConstraint("amount >= 0", name=op.f("amount_is_not_negative")),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("deal_event_lies_in_the_past")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_events_deal_id_deals")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_deal_events_project_id_projects")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_deal_events_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_events")),
        sa.UniqueConstraint("deal_id", "kind", name="uq_deal_events_once"),
        sa.UniqueConstraint("reference", name=op.f("uq_deal_events_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_deal_events_seq")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_deal_events_submission_key")),
    )
    op.create_index("ix_deal_events_recorded", "deal_events", ["project_id", "recorded_at"], unique=False)
    op.create_table(
        "findings",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=True),
        sa.Column("deal_id", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(state = 'reported') = (decided_by_id IS NULL)", name=op.f("finding_is_decided_by_a_person")
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'malicious_grab', 'interception', 'poaching', 'false_filing', 'staff_dumping')",
            name=op.f("finding_kind_is_known"),
        ),
        sa.CheckConstraint("state IN ('reported', 'confirmed', 'unfounded')", name=op.f("finding_state_is_known")),
        sa.CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name=op.f("finding_decision_has_a_time")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_findings_deal_id_deals")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_findings_decided_by_id_users")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_findings_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_findings_project_id_projects")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["users.id"], name=op.f("fk_findings_reported_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("reference", name=op.f("uq_findings_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_findings_seq")),
    )
    op.create_index("ix_findings_of_deal", "findings", ["deal_id"], unique=False)
    op.create_index("ix_findings_of_distributor", "findings", ["distributor_id", "id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("broker_id", sa.BigInteger(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=True),
        sa.Column("typed", sa.LargeBinary(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("submission_key", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("answer_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR state <> 'decided'", name=op.f("only_a_claim_on_a_deal_is_decided")
        ),
        sa.CheckConstraint("state IN ('open', 'decided', 'unfounded')", name=op.f("claim_state_is_known")),
        sa.ForeignKeyConstraint(["broker_id"], ["users.id"], name=op.f("fk_claims_broker_id_users")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_claims_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["deal_events.id"], name=op.f("fk_claims_event_id_deal_events")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_claims_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_claims_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("reference", name=op.f("uq_claims_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_claims_seq")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_claims_submission_key")),
    )
    op.create_index("ix_claims_of_distributor", "claims", ["distributor_id", "id"], unique=False)
    op.create_index(
        "ix_claims_open",
        "claims",
        ["project_id", "claimed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_claims_one_per_event",
        "claims",
        ["event_id", "distributor_id"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_table(
        "deal_buyers",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("customer_name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("company", sa.LargeBinary(), nullable=True),
        sa.Column("company_code", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["deal_events.id"], name=op.f("fk_deal_buyers_event_id_deal_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_buyers")),
        sa.UniqueConstraint("event_id", "position", name="uq_deal_buyers_position"),
    )
    op.create_table(
        "rulings",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("policy_id", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("registration_id", sa.BigInteger(), nullable=True),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.BigInteger(), nullable=True),
        sa.Column("finding_id", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(origin = 'redetermined') = (clause = 'RE-8.5') AND (origin = 'redetermined') = (finding_id IS NOT NULL)",
            name=op.f("redetermination_cites_its_clause_and_finding"),
        ),
        sa.CheckConstraint(
            "(origin IN ('ruled', 'redetermined')) = (confirmed_by_id IS NOT NULL)", name=op.f("ruling_has_its_person")
        ),
        sa.CheckConstraint(
            "origin IN ('event', 'fallen', 'ruled', 'redetermined')", name=op.f("ruling_origin_is_known")
        ),
        sa.CheckConstraint(
            "registration_id IS NULL OR owner_id IS NOT NULL", name=op.f("ruled_registration_has_an_owner")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_rulings_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_rulings_deal_id_deals")),
        sa.ForeignKeyConstraint(["event_id"], ["deal_events.id"], name=op.f("fk_rulings_event_id_deal_events")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_rulings_finding_id_findings")),
        sa.ForeignKeyConstraint(["owner_id"], ["distributors.id"], name=op.f("fk_rulings_owner_id_distributors")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_rulings_policy_id_policies")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_rulings_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_rulings_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["supersedes_id"], ["rulings.id"], name=op.f("fk_rulings_supersedes_id_rulings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.UniqueConstraint("reference", name=op.f("uq_rulings_reference")),
        sa.UniqueConstraint("seq", name=op.f("uq_rulings_seq")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_rulings_supersedes_id")),
    )
    op.create_index("ix_rulings_of_deal", "rulings", ["deal_id", "seq"], unique=False)
    op.create_table(
        "buyer_keys",
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["deal_buyers.id"], name=op.f("fk_buyer_keys_buyer_id_deal_buyers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_keys")),
        sa.UniqueConstraint("buyer_id", "kind", "fingerprint", name="uq_buyer_keys_once"),
    )
    op.create_index("ix_buyer_keys_match", "buyer_keys", ["project_id", "fingerprint"], unique=False)
    op.create_table(
        "claim_files",
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_files_claim_id_claims")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_claim_files_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_files")),
    )
    op.create_index(op.f("ix_claim_files_claim_id"), "claim_files", ["claim_id"], unique=False)
    op.create_table(
        "ruling_parties",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("ruling_id", sa.BigInteger(), nullable=False),
        sa.Column("distributor_id", sa.BigInteger(), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=True),
        sa.Column("wins", sa.Boolean(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributors.id"], name=op.f("fk_ruling_parties_distributor_id_distributors")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_ruling_parties_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(["ruling_id"], ["rulings.id"], name=op.f("fk_ruling_parties_ruling_id_rulings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling_parties")),
        sa.UniqueConstraint("reference", name=op.f("uq_ruling_parties_reference")),
        sa.UniqueConstraint("ruling_id", "distributor_id", name="uq_ruling_parties_once"),
        sa.UniqueConstraint("seq", name=op.f("uq_ruling_parties_seq")),
    )
    op.create_index("ix_ruling_parties_of_distributor", "ruling_parties", ["distributor_id", "id"], unique=False)
    op.add_column(
        "registration_keys", sa.Column("since_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("registrations", sa.Column("visited_seq", sa.BigInteger(), nullable=True))
    op.add_column("registrations", sa.Column("outcome_seq", sa.BigInteger(), nullable=True))
    op.drop_constraint("document_kind_is_known", "documents")
    op.create_check_constraint("document_kind_is_known", "documents", f"kind IN {DOCUMENT_KINDS}")
    op.execute(REGISTRATION_KEEPS_ORDER)
    op.execute(
        "CREATE TRIGGER registration_keeps_order BEFORE UPDATE OF visited_at, outcome ON registrations "
        "FOR EACH ROW EXECUTE FUNCTION registration_keeps_order()"
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
    op.execute("DROP TRIGGER registration_keeps_order ON registrations")
    op.execute("DROP FUNCTION registration_keeps_order()")
    op.execute("DELETE FROM documents WHERE kind IN ('ruling', 'ruling_extract')")
    op.drop_constraint("document_kind_is_known", "documents")
    op.create_check_constraint("document_kind_is_known", "documents", f"kind IN {FORMER_KINDS}")
    op.drop_column("registrations", "outcome_seq")
    op.drop_column("registrations", "visited_seq")
    op.drop_column("registration_keys", "since_seq")
    op.drop_index("ix_ruling_parties_of_distributor", table_name="ruling_parties")
    op.drop_table("ruling_parties")
    op.drop_index(op.f("ix_claim_files_claim_id"), table_name="claim_files")
    op.drop_table("claim_files")
    op.drop_index("ix_buyer_keys_match", table_name="buyer_keys")
    op.drop_table("buyer_keys")
    op.drop_index("ix_rulings_of_deal", table_name="rulings")
    op.drop_table("rulings")
    op.drop_table("deal_buyers")
    op.drop_index("uq_claims_one_per_event", table_name="claims", postgresql_where=sa.text("event_id IS NOT NULL"))
    op.drop_index("ix_claims_open", table_name="claims", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_claims_of_distributor", table_name="claims")
    op.drop_table("claims")
    op.drop_index("ix_findings_of_distributor", table_name="findings")
    op.drop_index("ix_findings_of_deal", table_name="findings")
    op.drop_table("findings")
    op.drop_index("ix_deal_events_recorded", table_name="deal_events")
    op.drop_table("deal_events")
    op.drop_index("ix_relation_keys_match", table_name="relation_keys")
    op.drop_table("relation_keys")
    op.drop_index(op.f("ix_former_keys_registration_id"), table_name="former_keys")
    op.drop_index("ix_former_keys_match", table_name="former_keys")
    op.drop_table("former_keys")
    op.drop_index("ix_deals_of_registration", table_name="deals")
    op.drop_index("ix_deals_of_project", table_name="deals")
    op.drop_table("deals")
    op.drop_index(op.f("ix_relations_project_id"), table_name="relations")
    op.drop_table("relations")
    op.drop_index(op.f("ix_stored_files_sha256"), table_name="stored_files")
    op.drop_table("stored_files")
