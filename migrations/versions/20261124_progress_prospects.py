"""What complainants are told of complex complaints; prospects with their contacts.

Revision ID: progress_prospects
Revises: spot_checks
"""

import sqlalchemy as sa
from alembic import op

revision = "progress_prospects"
down_revision = "spot_checks"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "complaint_progress",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("complaint_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "told_by IN ('phone', 'message', 'in_person', 'page')", name=op.f("way_of_telling_progress_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_progress_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(["told_by_id"], ["users.id"], name=op.f("fk_complaint_progress_told_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_progress")),
    )
    op.create_index("ix_complaint_progress_of", "complaint_progress", ["complaint_id", "id"])
    op.create_table(
        "prospects",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("contact_fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("remark", sa.LargeBinary(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by_id", sa.BigInteger(), nullable=False),
        sa.Column("invitation_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped_reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "source IN ('research', 'recruiting', 'fair', 'introduced', 'inquiry')",
            name=op.f("prospect_source_is_known"),
        ),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("prospect_channel_is_known")),
        sa.CheckConstraint(
            "(contact IS NULL) = (channel IS NULL) AND (contact IS NULL) = (contact_fingerprint IS NULL)",
            name=op.f("prospect_address_is_whole"),
        ),
        sa.CheckConstraint(
            "(dropped_at IS NULL) = (dropped_by_id IS NULL) AND (dropped_at IS NULL) = (dropped_reason IS NULL)",
            name=op.f("prospect_is_dropped_by_a_person_with_a_reason"),
        ),
        sa.CheckConstraint("(dropped_at IS NULL) = (contact IS NOT NULL)", name=op.f("dropped_prospect_is_forgotten")),
        sa.ForeignKeyConstraint(["found_by_id"], ["users.id"], name=op.f("fk_prospects_found_by_id_users")),
        sa.ForeignKeyConstraint(["dropped_by_id"], ["users.id"], name=op.f("fk_prospects_dropped_by_id_users")),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["application_invitations.id"],
            name=op.f("fk_prospects_invitation_id_application_invitations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospects")),
        sa.UniqueConstraint("contact_fingerprint", name=op.f("uq_prospects_contact_fingerprint")),
    )
    op.create_table(
        "prospect_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("prospect_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'mail', 'in_person')", name=op.f("prospect_contact_kind_is_known")),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("prospect_contact_lies_in_the_past")),
        sa.ForeignKeyConstraint(
            ["prospect_id"], ["prospects.id"], name=op.f("fk_prospect_contacts_prospect_id_prospects")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_prospect_contacts_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_contacts")),
    )
    op.create_index("ix_prospect_contacts_of", "prospect_contacts", ["prospect_id", "id"])


def downgrade():
    op.drop_table("prospect_contacts")
    op.drop_table("prospects")
    op.drop_table("complaint_progress")
