"""The back office's audit of first visits (RE-3.3): what waits, and everything that one decision needs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from portal.access import Permission
from portal.models import CompanyRecord, PastedMessage, RecordKey, Registration, RoleGrant, User, Visit, db
from portal.queries import matches
from portal.queries.site_waiting import WAITS
from portal.queries.visits import in_projects
from portal.rules.lead_time import in_time, lead_clause
from portal.rules.ranking import lock_order
from portal.rules.resemblance import MISSING, ONE_OFF, SAME, compare

FIELDS = ("customer_name", "phone", "id_number", "company", "company_code")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in the filing and in the company's record; ``likeness`` as in rules/resemblance.py."""

    field: str
    filed: str | None
    recorded: str | None
    likeness: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A running registration of the same customer with its rank; for the company's eyes only."""

    registration: Registration
    rank: int
    own: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What the auditor sees of a visit. ``blocking``: company records older than the filing, which refuse it (RE-4.1)."""

    visit: Visit
    registration: Registration
    lead_kept: bool
    lead_clause: str
    held: bool
    blocking: Sequence[CompanyRecord]
    later_records: Sequence[CompanyRecord]
    rivals: list[Rival]
    differences: list[Difference]
    message: str | None

    @property
    def record(self) -> CompanyRecord | None:
        """The company's record that is set beside the filing: the newest."""
        return next(iter([*reversed(self.later_records), *reversed(self.blocking)]), None)

    @property
    def rank(self) -> int | None:
        return next((rival.rank for rival in self.rivals if rival.own), None)

    @property
    def identity_open(self) -> bool:
        """Whether a person has to say which of two different entries is right."""
        return any(one.likeness not in {SAME, MISSING} for one in self.differences)

    @property
    def one_character_off(self) -> bool:
        return any(one.likeness == ONE_OFF for one in self.differences)

    @property
    def needs_reason(self) -> bool:
        """Whether passing this visit has to be explained: something is left for a person to judge."""
        return self.identity_open or not self.lead_kept or not self.held


def waiting(user: User) -> Select[Visit]:
    """The visits that wait for an audit where the person audits, the first arrival first."""
    return (
        in_projects(user, Permission.AUDIT_VISIT)
        .join(Visit.registration)
        .where(*WAITS["audit"](None))
        .order_by(Visit.arrived_at, Visit.seq)
    )


def queue(user: User) -> Sequence[Visit]:
    """See ``waiting``."""
    return db.session.scalars(waiting(user)).unique().all()


def case_of(visit: Visit, registration: Registration, now: datetime) -> Case:
    """Everything that the decision on ``visit`` needs; visit and registration come from their own scope."""
    terms = registration.policy.terms
    records = _records(registration)
    blocking = [record for record in records if record.seq < registration.seq and record.lifted_at is None]
    later = [record for record in records if record.seq > registration.seq and record.visit_id != visit.id]
    return Case(
        visit=visit,
        registration=registration,
        lead_kept=in_time(
            registration.filed_at,
            visit.arrived_at,
            is_local=registration.is_local,
            lead_time=terms.lead_time,
            zone=registration.project.zone,
        ),
        lead_clause=lead_clause(registration.is_local),
        held=visit.arrived_at < registration.hold_ends_at,
        blocking=blocking,
        later_records=later,
        rivals=rivals_of(registration, now),
        differences=_differences(registration, [*blocking, *later]),
        message=_message(registration),
    )


def rivals_of(registration: Registration, now: datetime) -> list[Rival]:
    """Every running registration of this customer, this one included, by rank."""
    fingerprints = [key.fingerprint for key in registration.keys]
    tie_break = registration.policy.terms.tie_break
    running = sorted(
        matches.with_distributors(registration.project_id, fingerprints, now),
        key=lambda one: lock_order(one.facts(), tie_break),
    )
    return [Rival(one, rank, one.id == registration.id) for rank, one in enumerate(running, start=1)]


def _records(registration: Registration) -> Sequence[CompanyRecord]:
    """All company records that share a strong key with the filing, in the order of recording."""
    same = select(RecordKey.record_id).where(
        RecordKey.project_id == registration.project_id,
        RecordKey.fingerprint.in_([key.fingerprint for key in registration.keys]),
    )
    return db.session.scalars(select(CompanyRecord).where(CompanyRecord.id.in_(same)).order_by(CompanyRecord.seq)).all()


def _differences(registration: Registration, records: Sequence[CompanyRecord]) -> list[Difference]:
    """Field by field against the newest record; without one nothing can be compared."""
    if not records:
        return []
    record = max(records, key=lambda one: one.seq)
    pairs = [(field, getattr(registration, field), getattr(record, field)) for field in FIELDS]
    return [Difference(field, filed, recorded, compare(filed, recorded)) for field, filed, recorded in pairs]


def _message(registration: Registration) -> str | None:
    """The pasted message that the filing was read from."""
    if registration.pasted_message_id is None:
        return None
    return db.session.scalar(select(PastedMessage.text).where(PastedMessage.id == registration.pasted_message_id))


def leaders_of(project_id: int) -> Sequence[User]:
    """The site leaders of a project, who sign next."""
    query = (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.project_id == project_id, RoleGrant.role == "site_leader", User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return db.session.scalars(query).unique().all()
