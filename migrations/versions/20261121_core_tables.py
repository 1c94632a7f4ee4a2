"""core tables

Revision ID: 0001
Revises: 
Create Date: 2026-11-21 19:46:35.501397

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    # A trusted extension: the owner of the database may create it.
    op.execute('CREATE EXTENSION IF NOT EXISTS btree_gist')
    op.execute('CREATE SEQUENCE event_order')
    op.create_table('distributors',
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_pinyin', sa.String(), server_default='', nullable=False),
    sa.Column('registration_code', sa.String(), nullable=True),
    sa.Column('status', sa.String(), server_default='active', nullable=False),
    sa.Column('status_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status_reason', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("status IN ('active', 'suspended', 'blacklisted', 'exited')", name=op.f('distributor_status_is_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distributors')),
    sa.UniqueConstraint('name', name=op.f('uq_distributors_name')),
    sa.UniqueConstraint('reference', name=op.f('uq_distributors_reference'))
    )
    op.create_index('uq_distributors_registration_code', 'distributors', ['registration_code'], unique=True, postgresql_where=sa.text('registration_code IS NOT NULL'))
    op.create_table('history_seals',
    sa.Column('chain', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('entry_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('previous_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_seals')),
    sa.UniqueConstraint('chain', 'number', name='uq_history_seals_number')
    )
    op.create_table('policies',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('policy_versions_count_from_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policies')),
    sa.UniqueConstraint('code', 'version', name='uq_policies_code_version')
    )
    op.create_table('projects',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('group_name', sa.String(), server_default='', nullable=False),
    sa.Column('timezone', sa.String(), server_default='Asia/Shanghai', nullable=False),
    sa.Column('city_code', sa.String(), nullable=False),
    sa.Column('city_name', sa.String(), server_default='', nullable=False),
    sa.Column('address', sa.String(), server_default='', nullable=False),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6), nullable=False),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6), nullable=False),
    sa.Column('opens_at', sa.Time(), server_default='09:00', nullable=False),
    sa.Column('closes_at', sa.Time(), server_default='20:30', nullable=False),
    sa.Column('bulk_criterion', sa.String(), server_default='', nullable=False),
    sa.Column('is_open', sa.Boolean(), server_default='true', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("code ~ '^[A-Z0-9]{2,6}$'", name=op.f('project_code_is_short')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('site_is_on_earth')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('site_opens_before_it_closes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_projects')),
    sa.UniqueConstraint('code', name=op.f('uq_projects_code')),
    sa.UniqueConstraint('name', name=op.f('uq_projects_name'))
    )
    op.create_table('documents',
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('distributor_id', sa.BigInteger(), nullable=True),
    sa.Column('check_code', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('failure', sa.String(), nullable=True),
    sa.Column('fact_digest', sa.String(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ready_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("(state = 'ready') = (content IS NOT NULL) AND (state = 'ready') = (sha256 IS NOT NULL)", name=op.f('ready_document_has_content_and_hash')),
    sa.CheckConstraint("kind IN ('filing_slip', 'visit_slip', 'extension_approval')", name=op.f('document_kind_is_known')),
    sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f('document_state_is_known')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_documents_distributor_id_distributors')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_documents_project_id_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('check_code', name=op.f('uq_documents_check_code')),
    sa.UniqueConstraint('kind', 'subject_id', name='uq_documents_once'),
    sa.UniqueConstraint('reference', name=op.f('uq_documents_reference'))
    )
    op.create_index('ix_documents_waiting', 'documents', ['created_at'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('identity_locks',
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_identity_locks_project_id_projects')),
    sa.PrimaryKeyConstraint('project_id', 'kind', 'fingerprint', name=op.f('pk_identity_locks'))
    )
    op.create_table('project_policies',
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('policy_id', sa.BigInteger(), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_project_policies_policy_id_policies')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_policies_project_id_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_policies')),
    sa.UniqueConstraint('project_id', 'effective_from', name='uq_project_policies_one_start')
    )
    op.create_index(op.f('ix_project_policies_project_id'), 'project_policies', ['project_id'], unique=False)
    op.create_table('users',
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=True),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('distributor_id', sa.BigInteger(), nullable=True),
    sa.Column('locale', sa.String(), server_default='zh_Hans_CN', nullable=False),
    sa.Column('must_change_password', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('failed_sign_ins', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('session_epoch', sa.BigInteger(), server_default=sa.text('1'), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_project_id', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint('failed_sign_ins >= 0', name=op.f('failed_sign_ins_are_counted')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_users_distributor_id_distributors')),
    sa.ForeignKeyConstraint(['last_project_id'], ['projects.id'], name=op.f('fk_users_last_project_id_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('login', name=op.f('uq_users_login'))
    )
    op.create_index(op.f('ix_users_distributor_id'), 'users', ['distributor_id'], unique=False)
    op.create_table('history',
    sa.Column('project_id', sa.BigInteger(), nullable=True),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('actor_role', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('subject_type', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('clause', sa.String(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_history_actor_id_users')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_history_project_id_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history'))
    )
    op.create_index('ix_history_project', 'history', ['project_id', 'id'], unique=False)
    op.create_index('ix_history_subject', 'history', ['subject_type', 'subject_id', 'id'], unique=False)
    op.create_table('notices',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('occasion', sa.String(), nullable=False),
    sa.Column('subject_type', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('clause', sa.String(), nullable=True),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notices_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('user_id', 'kind', 'occasion', name='uq_notices_once')
    )
    op.create_index('ix_notices_unread', 'notices', ['user_id'], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('pasted_messages',
    sa.Column('broker_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('pasted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['broker_id'], ['users.id'], name=op.f('fk_pasted_messages_broker_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pasted_messages'))
    )
    op.create_index(op.f('ix_pasted_messages_broker_id'), 'pasted_messages', ['broker_id'], unique=False)
    op.create_table('role_grants',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("(role IN ('reception', 'back_office', 'consultant', 'site_leader')) = (project_id IS NOT NULL)", name=op.f('site_roles_name_their_project')),
    sa.CheckConstraint("role IN ('broker', 'owner', 'reception', 'back_office', 'consultant', 'site_leader', 'hq_channel', 'customer_service', 'finance', 'administrator', 'auditor')", name=op.f('role_is_known')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_role_grants_project_id_projects')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants'))
    )
    op.create_index(op.f('ix_role_grants_user_id'), 'role_grants', ['user_id'], unique=False)
    op.create_index('uq_role_grants_once', 'role_grants', ['user_id', 'role', sa.literal_column('coalesce(project_id, 0)')], unique=True)
    op.create_table('registrations',
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('distributor_id', sa.BigInteger(), nullable=False),
    sa.Column('broker_id', sa.BigInteger(), nullable=False),
    sa.Column('policy_id', sa.BigInteger(), nullable=False),
    sa.Column('submission_key', sa.Uuid(), nullable=True),
    sa.Column('pasted_message_id', sa.BigInteger(), nullable=True),
    sa.Column('customer_name', sa.LargeBinary(), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=False),
    sa.Column('id_number', sa.LargeBinary(), nullable=True),
    sa.Column('company', sa.LargeBinary(), nullable=True),
    sa.Column('company_code', sa.LargeBinary(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('typed', sa.LargeBinary(), nullable=False),
    sa.Column('residence', sa.String(), nullable=True),
    sa.Column('is_local', sa.Boolean(), nullable=False),
    sa.Column('bulk_expected', sa.Boolean(), nullable=False),
    sa.Column('party_size', sa.BigInteger(), nullable=True),
    sa.Column('planned_visit_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declaration_version', sa.String(), nullable=False),
    sa.Column('notice_version', sa.String(), nullable=False),
    sa.Column('search_tokens', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hold_ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('visited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('visit_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pending_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extension_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), sa.Computed('coalesce(extension_ends_at, pending_until, visit_ends_at, hold_ends_at)', persisted=True), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome_clause', sa.String(), nullable=True),
    sa.Column('is_bulk', sa.Boolean(), nullable=True),
    sa.Column('end_noted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("outcome IN ('late', 'company_record', 'audit_failed', 'void')", name=op.f('outcome_is_known')),
    sa.CheckConstraint('(outcome IS NULL) = (outcome_at IS NULL) AND (outcome IS NULL) = (outcome_clause IS NULL)', name=op.f('outcome_has_time_and_clause')),
    sa.CheckConstraint('(visited_at IS NULL) = (visit_ends_at IS NULL)', name=op.f('visit_has_an_end')),
    sa.CheckConstraint('entered_at IS NULL OR visited_at IS NOT NULL', name=op.f('entry_follows_a_visit')),
    sa.CheckConstraint('extension_ends_at > visit_ends_at', name=op.f('extension_prolongs')),
    sa.CheckConstraint('extension_ends_at IS NULL OR visit_ends_at IS NOT NULL', name=op.f('extension_follows_a_visit')),
    sa.CheckConstraint('hold_ends_at > filed_at', name=op.f('hold_ends_after_filing')),
    sa.CheckConstraint('pending_until IS NULL OR extension_ends_at IS NULL', name=op.f('pending_or_granted')),
    sa.CheckConstraint('visited_at >= filed_at AND visited_at < hold_ends_at', name=op.f('first_visit_lies_in_the_hold')),
    sa.ForeignKeyConstraint(['broker_id'], ['users.id'], name=op.f('fk_registrations_broker_id_users')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_registrations_distributor_id_distributors')),
    sa.ForeignKeyConstraint(['pasted_message_id'], ['pasted_messages.id'], name=op.f('fk_registrations_pasted_message_id_pasted_messages')),
    sa.ForeignKeyConstraint(['policy_id'], ['policies.id'], name=op.f('fk_registrations_policy_id_policies')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_registrations_project_id_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registrations')),
    sa.UniqueConstraint('reference', name=op.f('uq_registrations_reference')),
    sa.UniqueConstraint('seq', name=op.f('uq_registrations_seq')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_registrations_submission_key'))
    )
    op.create_index('ix_registrations_of_broker', 'registrations', ['broker_id', 'ends_at', 'id'], unique=False)
    op.create_index('ix_registrations_of_distributor', 'registrations', ['distributor_id', 'ends_at', 'id'], unique=False)
    op.create_index('ix_registrations_running', 'registrations', ['project_id', 'ends_at'], unique=False, postgresql_where=sa.text('outcome IS NULL'))
    op.create_index('ix_registrations_search', 'registrations', ['search_tokens'], unique=False, postgresql_using='gin')
    op.create_table('classifications',
    sa.Column('registration_id', sa.BigInteger(), nullable=False),
    sa.Column('is_bulk', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_classifications_decided_by_id_users')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_classifications_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_classifications'))
    )
    op.create_index(op.f('ix_classifications_registration_id'), 'classifications', ['registration_id'], unique=False)
    op.create_table('corrections',
    sa.Column('registration_id', sa.BigInteger(), nullable=False),
    sa.Column('corrected_by_id', sa.BigInteger(), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('before', sa.LargeBinary(), nullable=False),
    sa.Column('after', sa.LargeBinary(), nullable=False),
    sa.Column('after_deal', sa.Boolean(), nullable=False),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['corrected_by_id'], ['users.id'], name=op.f('fk_corrections_corrected_by_id_users')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_corrections_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrections')),
    sa.UniqueConstraint('seq', name=op.f('uq_corrections_seq'))
    )
    op.create_index(op.f('ix_corrections_registration_id'), 'corrections', ['registration_id'], unique=False)
    op.create_table('extensions',
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('registration_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('asked_by_id', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('original_end', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opinion', sa.String(), nullable=True),
    sa.Column('opinion_by_id', sa.BigInteger(), nullable=True),
    sa.Column('opinion_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision_reason', sa.String(), nullable=True),
    sa.Column('new_end', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("(state = 'approved') = (new_end IS NOT NULL)", name=op.f('approval_has_an_end')),
    sa.CheckConstraint("(state IN ('approved', 'rejected')) = (decided_by_id IS NOT NULL)", name=op.f('decision_has_a_person')),
    sa.CheckConstraint("state IN ('pending', 'approved', 'rejected', 'lapsed')", name=op.f('extension_state_is_known')),
    sa.CheckConstraint('(opinion IS NULL) = (opinion_by_id IS NULL)', name=op.f('opinion_has_a_person')),
    sa.CheckConstraint('new_end > original_end', name=op.f('approval_prolongs')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_extensions_asked_by_id_users')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_extensions_decided_by_id_users')),
    sa.ForeignKeyConstraint(['opinion_by_id'], ['users.id'], name=op.f('fk_extensions_opinion_by_id_users')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_extensions_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extensions')),
    sa.UniqueConstraint('reference', name=op.f('uq_extensions_reference')),
    sa.UniqueConstraint('registration_id', name=op.f('uq_extensions_registration_id')),
    sa.UniqueConstraint('seq', name=op.f('uq_extensions_seq'))
    )
    op.create_index('ix_extensions_pending', 'extensions', ['asked_at'], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_table('filing_drafts',
    sa.Column('broker_id', sa.BigInteger(), nullable=False),
    sa.Column('pasted_message_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('fields', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registration_id', sa.BigInteger(), nullable=True),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['broker_id'], ['users.id'], name=op.f('fk_filing_drafts_broker_id_users')),
    sa.ForeignKeyConstraint(['pasted_message_id'], ['pasted_messages.id'], name=op.f('fk_filing_drafts_pasted_message_id_pasted_messages')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_filing_drafts_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filing_drafts'))
    )
    op.create_index(op.f('ix_filing_drafts_broker_id'), 'filing_drafts', ['broker_id'], unique=False)
    op.create_table('registration_keys',
    sa.Column('registration_id', sa.BigInteger(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('distributor_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('covers', postgresql.TSTZRANGE(), nullable=False),
    sa.Column('guarded', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    postgresql.ExcludeConstraint((sa.column('project_id'), '='), (sa.column('distributor_id'), '='), (sa.column('kind'), '='), (sa.column('fingerprint'), '='), (sa.column('covers'), '&&'), where=sa.text('guarded'), using='gist', name='one_running_registration_per_distributor'),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_registration_keys_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_keys')),
    sa.UniqueConstraint('registration_id', 'kind', 'fingerprint', name='uq_registration_keys_once')
    )
    op.create_index('ix_registration_keys_match', 'registration_keys', ['project_id', 'fingerprint'], unique=False)
    op.create_table('visits',
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('registration_id', sa.BigInteger(), nullable=True),
    sa.Column('distributor_id', sa.BigInteger(), nullable=True),
    sa.Column('submission_key', sa.String(), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('registered_by_id', sa.BigInteger(), nullable=True),
    sa.Column('party_size', sa.BigInteger(), nullable=True),
    sa.Column('broker_present', sa.String(), nullable=True),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('clause', sa.String(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('audited_by_id', sa.BigInteger(), nullable=True),
    sa.Column('audit_result', sa.String(), nullable=True),
    sa.Column('audit_reason', sa.String(), nullable=True),
    sa.Column('leader_signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('leader_id', sa.BigInteger(), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('consultant_id', sa.BigInteger(), nullable=True),
    sa.Column('channel_source', sa.String(), nullable=True),
    sa.Column('excused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('excused_by_id', sa.BigInteger(), nullable=True),
    sa.Column('excuse_reason', sa.String(), nullable=True),
    sa.Column('alerted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("audit_result IN ('passed', 'failed', 'company_record')", name=op.f('audit_result_is_known')),
    sa.CheckConstraint("audited_at IS NULL OR (result = 'registered' AND audit_result IS NOT NULL)", name=op.f('audit_follows_the_desk')),
    sa.CheckConstraint("leader_signed_at IS NULL OR (audit_result = 'passed' AND leader_id IS DISTINCT FROM audited_by_id)", name=op.f('leader_signs_a_passed_audit_of_another')),
    sa.CheckConstraint("result <> 'registered' OR registration_id IS NOT NULL", name=op.f('flow_needs_a_filing')),
    sa.CheckConstraint("result <> 'registered' OR signed_at IS NOT NULL", name=op.f('unsigned_does_not_go_on')),
    sa.CheckConstraint("result IN ('unsigned', 'registered', 'natural', 'refused', 'repeat')", name=op.f('visit_result_is_known')),
    sa.CheckConstraint("result NOT IN ('natural', 'refused') OR clause IS NOT NULL", name=op.f('harm_has_a_clause')),
    sa.CheckConstraint('(entered_at IS NULL) = (channel_source IS NULL)', name=op.f('entry_names_the_channel_source')),
    sa.CheckConstraint('entered_at IS NULL OR leader_signed_at IS NOT NULL', name=op.f('entry_follows_the_signature')),
    sa.ForeignKeyConstraint(['audited_by_id'], ['users.id'], name=op.f('fk_visits_audited_by_id_users')),
    sa.ForeignKeyConstraint(['consultant_id'], ['users.id'], name=op.f('fk_visits_consultant_id_users')),
    sa.ForeignKeyConstraint(['distributor_id'], ['distributors.id'], name=op.f('fk_visits_distributor_id_distributors')),
    sa.ForeignKeyConstraint(['excused_by_id'], ['users.id'], name=op.f('fk_visits_excused_by_id_users')),
    sa.ForeignKeyConstraint(['leader_id'], ['users.id'], name=op.f('fk_visits_leader_id_users')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_visits_project_id_projects')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['users.id'], name=op.f('fk_visits_registered_by_id_users')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_visits_registration_id_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits')),
    sa.UniqueConstraint('reference', name=op.f('uq_visits_reference')),
    sa.UniqueConstraint('seq', name=op.f('uq_visits_seq')),
    sa.UniqueConstraint('submission_key', name=op.f('uq_visits_submission_key'))
    )
    op.create_index('ix_visits_day', 'visits', ['project_id', 'arrived_at'], unique=False)
    op.create_index('ix_visits_registration', 'visits', ['registration_id'], unique=False)
    op.create_index('uq_visits_one_flow_per_registration', 'visits', ['registration_id'], unique=True, postgresql_where=sa.text("result = 'registered'"))
    op.create_table('company_records',
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('customer_name', sa.LargeBinary(), nullable=False),
    sa.Column('phone', sa.LargeBinary(), nullable=True),
    sa.Column('id_number', sa.LargeBinary(), nullable=True),
    sa.Column('company', sa.LargeBinary(), nullable=True),
    sa.Column('company_code', sa.LargeBinary(), nullable=True),
    sa.Column('party_size', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger(), nullable=True),
    sa.Column('visit_id', sa.BigInteger(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seq', sa.BigInteger(), server_default=sa.text("nextval('event_order')"), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("source IN ('natural', 'call', 'own', 'referral', 'partner')", name=op.f('record_source_is_known')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_company_records_project_id_projects')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_company_records_recorded_by_id_users')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_company_records_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_records')),
    sa.UniqueConstraint('seq', name=op.f('uq_company_records_seq'))
    )
    op.create_index(op.f('ix_company_records_project_id'), 'company_records', ['project_id'], unique=False)
    op.create_index(op.f('ix_company_records_visit_id'), 'company_records', ['visit_id'], unique=False)
    op.create_table('signatures',
    sa.Column('visit_id', sa.BigInteger(), nullable=False),
    sa.Column('party', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('signer_name', sa.LargeBinary(), nullable=False),
    sa.Column('strokes', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('image', sa.LargeBinary(), nullable=True),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.CheckConstraint("(method = 'glass') = (strokes IS NOT NULL)", name=op.f('glass_has_strokes')),
    sa.CheckConstraint("method IN ('glass', 'paper')", name=op.f('signature_method_is_known')),
    sa.CheckConstraint("party IN ('customer', 'broker', 'reception')", name=op.f('party_is_known')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_signatures_visit_id_visits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatures')),
    sa.UniqueConstraint('visit_id', 'party', name='uq_signatures_once')
    )
    op.create_table('record_keys',
    sa.Column('record_id', sa.BigInteger(), nullable=False),
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['company_records.id'], name=op.f('fk_record_keys_record_id_company_records')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_keys')),
    sa.UniqueConstraint('record_id', 'kind', 'fingerprint', name='uq_record_keys_once')
    )
    op.create_index('ix_record_keys_match', 'record_keys', ['project_id', 'fingerprint'], unique=False)


def downgrade():
    op.drop_index('ix_record_keys_match', table_name='record_keys')
    op.drop_table('record_keys')
    op.drop_table('signatures')
    op.drop_index(op.f('ix_company_records_visit_id'), table_name='company_records')
    op.drop_index(op.f('ix_company_records_project_id'), table_name='company_records')
    op.drop_table('company_records')
    op.drop_index('uq_visits_one_flow_per_registration', table_name='visits', postgresql_where=sa.text("result = 'registered'"))
    op.drop_index('ix_visits_registration', table_name='visits')
    op.drop_index('ix_visits_day', table_name='visits')
    op.drop_table('visits')
    op.drop_index('ix_registration_keys_match', table_name='registration_keys')
    op.drop_table('registration_keys')
    op.drop_index(op.f('ix_filing_drafts_broker_id'), table_name='filing_drafts')
    op.drop_table('filing_drafts')
    op.drop_index('ix_extensions_pending', table_name='extensions', postgresql_where=sa.text("state = 'pending'"))
    op.drop_table('extensions')
    op.drop_index(op.f('ix_corrections_registration_id'), table_name='corrections')
    op.drop_table('corrections')
    op.drop_index(op.f('ix_classifications_registration_id'), table_name='classifications')
    op.drop_table('classifications')
    op.drop_index('ix_registrations_search', table_name='registrations', postgresql_using='gin')
    op.drop_index('ix_registrations_running', table_name='registrations', postgresql_where=sa.text('outcome IS NULL'))
    op.drop_index('ix_registrations_of_distributor', table_name='registrations')
    op.drop_index('ix_registrations_of_broker', table_name='registrations')
    op.drop_table('registrations')
    op.drop_index('uq_role_grants_once', table_name='role_grants')
    op.drop_index(op.f('ix_role_grants_user_id'), table_name='role_grants')
    op.drop_table('role_grants')
    op.drop_index(op.f('ix_pasted_messages_broker_id'), table_name='pasted_messages')
    op.drop_table('pasted_messages')
    op.drop_index('ix_notices_unread', table_name='notices', postgresql_where=sa.text('read_at IS NULL'))
    op.drop_table('notices')
    op.drop_index('ix_history_subject', table_name='history')
    op.drop_index('ix_history_project', table_name='history')
    op.drop_table('history')
    op.drop_index(op.f('ix_users_distributor_id'), table_name='users')
    op.drop_table('users')
    op.drop_index(op.f('ix_project_policies_project_id'), table_name='project_policies')
    op.drop_table('project_policies')
    op.drop_table('identity_locks')
    op.drop_index('ix_documents_waiting', table_name='documents', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('documents')
    op.drop_table('projects')
    op.drop_table('policies')
    op.drop_table('history_seals')
    op.drop_index('uq_distributors_registration_code', table_name='distributors', postgresql_where=sa.text('registration_code IS NOT NULL'))
    op.drop_table('distributors')
    op.execute('DROP SEQUENCE event_order')
