"""Whom of a distributor one talked with may be forgotten when its time is over; nothing else in the log may change.

Revision ID: contacts_forget
Revises: care_papers
"""

from alembic import op

revision = "contacts_forget"
down_revision = "care_papers"
branch_labels = None
depends_on = None

# The roles that may write into the log may empty this one column of it.
ALLOW = """
DO $$
DECLARE holder record;
BEGIN
  FOR holder IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
     WHERE table_schema = current_schema() AND table_name = 'care_contacts' AND privilege_type = 'INSERT'
       AND grantee <> current_user AND grantee <> 'PUBLIC'
  LOOP
    EXECUTE format('{verb} UPDATE (with_whom) ON care_contacts {preposition} %I', holder.grantee);
  END LOOP;
END $$
"""


def upgrade():
    op.execute("DROP TRIGGER care_contacts_is_append_only ON care_contacts")
    op.execute(
        "CREATE TRIGGER care_contacts_is_append_only BEFORE DELETE OR UPDATE OF id, distributor_id, kind, happened_at, "
        "summary, recorded_at, recorded_by_id ON care_contacts FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER care_contacts_only_forgets BEFORE UPDATE OF with_whom ON care_contacts "
        "FOR EACH ROW WHEN (NEW.with_whom IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(ALLOW.format(verb="GRANT", preposition="TO"))


def downgrade():
    op.execute(ALLOW.format(verb="REVOKE", preposition="FROM"))
    op.execute("DROP TRIGGER care_contacts_only_forgets ON care_contacts")
    op.execute("DROP TRIGGER care_contacts_is_append_only ON care_contacts")
    op.execute(
        "CREATE TRIGGER care_contacts_is_append_only BEFORE UPDATE OR DELETE ON care_contacts "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
