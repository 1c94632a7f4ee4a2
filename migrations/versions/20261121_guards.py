"""Guards that no column can state: append-only history, facts that never move, keys that follow their registration.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("history", "history_seals", "corrections", "classifications")

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# What was filed, by whom and when decides who is first for ever (RE-Q12); it never changes.
REGISTRATION_STAYS = """
CREATE FUNCTION registration_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.seq, NEW.reference, NEW.project_id, NEW.distributor_id, NEW.broker_id, NEW.policy_id, NEW.filed_at,
      NEW.hold_ends_at, NEW.typed, NEW.declaration_version, NEW.notice_version)
     IS DISTINCT FROM
     (OLD.seq, OLD.reference, OLD.project_id, OLD.distributor_id, OLD.broker_id, OLD.policy_id, OLD.filed_at,
      OLD.hold_ends_at, OLD.typed, OLD.declaration_version, OLD.notice_version)
  THEN RAISE EXCEPTION 'what was filed does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""

KEYS_FOLLOW = """
CREATE FUNCTION keys_follow_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE registration_keys
     SET covers = tstzrange(NEW.filed_at,
                            CASE WHEN NEW.outcome IS NULL THEN NEW.ends_at ELSE greatest(NEW.outcome_at, NEW.filed_at) END)
   WHERE registration_id = NEW.id;
  RETURN NULL;
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
    for function in (REFUSE_CHANGE, REGISTRATION_STAYS, KEYS_FOLLOW):
        op.execute(function)
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
    op.execute(
        "CREATE TRIGGER registration_stays BEFORE UPDATE ON registrations "
        "FOR EACH ROW EXECUTE FUNCTION registration_stays()"
    )
    op.execute(
        "CREATE TRIGGER registration_is_not_deleted BEFORE DELETE ON registrations "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER keys_follow_registration AFTER UPDATE OF "
        "visit_ends_at, pending_until, extension_ends_at, outcome, outcome_at ON registrations "
        "FOR EACH ROW EXECUTE FUNCTION keys_follow_registration()"
    )


def downgrade():
    for name in ("keys_follow_registration", "registration_is_not_deleted", "registration_stays"):
        op.execute(f"DROP TRIGGER {name} ON registrations")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER {table}_is_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_is_not_emptied ON {table}")
    for function in ("keys_follow_registration", "registration_stays", "refuse_change"):
        op.execute(f"DROP FUNCTION {function}()")
