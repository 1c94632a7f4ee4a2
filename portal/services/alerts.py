"""Alerts (预警): patterns that look like customers thrown to a distributor, found in what is on record (RE-7.2).

Found again and again by the worker, each coincidence once. They prove nothing: a person opens a case or sets them aside.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from portal import audit, clock
from portal.models import (
    Alert,
    CompanyRecord,
    Correction,
    Finding,
    HistoryEntry,
    RecordKey,
    Registration,
    RegistrationKey,
    User,
    Visit,
    db,
)
from portal.rules.refusal import Refusal

#: To read a number and to have it filed takes minutes; after half an hour it is chance as likely as intent.
LOOKUP_WINDOW = timedelta(minutes=30)
#: A customer who was on record first and is filed within a day has hardly been found by the distributor meanwhile.
ARRIVAL_WINDOW = timedelta(days=1)
#: How far back each sweep looks, so that a worker that was away for weeks misses nothing.
LOOK_BACK = timedelta(days=30)

_COLUMNS = (
    "kind",
    "occasion",
    "project_id",
    "registration_id",
    "staff_id",
    "before_at",
    "happened_at",
    "found_at",
    "state",
)


def sweep(now: datetime) -> int:
    """Put every coincidence of the last weeks on record that is not there yet; how many were new."""
    return sum(_keep(pattern(now - LOOK_BACK), kind, now) for kind, pattern in _PATTERNS.items())


def set_aside(*, actor: User, alert: Alert, reason: str) -> Alert:
    """Nothing is in it, and why. Raises Refusal without a reason or once it is decided."""
    now = _hold(alert)
    if not reason.strip():
        raise Refusal("sanction_needs_a_reason", "RE-7.2")
    alert.state, alert.decided_at, alert.decided_by_id, alert.reason = "set_aside", now, actor.id, reason
    db.session.flush()
    digest = audit.reason_digest(reason)
    audit.record("alert.set_aside", alert, actor=actor, now=now, clause="RE-7.2", kind=alert.kind, reason_digest=digest)
    return alert


def make_a_case(*, actor: User, alert: Alert, finding: Finding) -> Alert:
    """The case that was opened on it. Raises Refusal once it is decided."""
    now = _hold(alert)
    alert.state, alert.decided_at, alert.decided_by_id, alert.finding_id = "case", now, actor.id, finding.id
    db.session.flush()
    number = finding.reference
    audit.record("alert.made_a_case", alert, actor=actor, now=now, clause="RE-7.2", kind=alert.kind, reference=number)
    return alert


def _hold(alert: Alert) -> datetime:
    db.session.refresh(alert, ["state"], with_for_update=True)
    if alert.state != "open":
        raise Refusal("alert_decided", "RE-7.2")
    return clock.now()


def _keep(found: Select[Any], kind: str, now: datetime) -> int:
    """``found`` gives occasion, project, registration, staff, and the two instants."""
    rows = found.subquery()
    values = select(literal(kind), *rows.c, literal(now), literal("open"))
    statement = insert(Alert).from_select(_COLUMNS, values).on_conflict_do_nothing(constraint="uq_alerts_once")
    return len(db.session.execute(statement.returning(Alert.id)).all())


def _row(
    occasion: ColumnElement[str], staff: Any, before: Any, happened: Any, registration: Any = Registration
) -> tuple[Any, ...]:
    return (occasion, registration.project_id, registration.id, staff, before, happened)


def _named(*parts: Any) -> ColumnElement[str]:
    return func.concat_ws(":", *(cast(part, String) for part in parts))


def _remarked(since: datetime) -> Select[Any]:
    """A natural visit was turned into a channel's by an excuse (RE-Q4)."""
    found = _row(_named(Visit.id), Visit.excused_by_id, Visit.arrived_at, Visit.excused_at)
    query = select(*found).join_from(Visit, Registration, Registration.id == Visit.registration_id)
    return query.where(Visit.excused_at > since)


def _changed_after_entry(since: datetime) -> Select[Any]:
    """The customer of a channel's entry became somebody else's data: its source cannot change, its customer can (RE-3.6)."""
    found = _row(_named(Correction.id), Correction.corrected_by_id, Registration.entered_at, Correction.corrected_at)
    query = select(*found).join_from(Correction, Registration, Registration.id == Correction.registration_id)
    return query.where(Correction.corrected_at > since, Correction.corrected_at > Registration.entered_at)


def _after_arrival(since: datetime) -> Select[Any]:
    """A distributor filed a customer who had come by himself shortly before."""
    occasion = _named(CompanyRecord.id, Registration.id)
    found = _row(occasion, CompanyRecord.recorded_by_id, CompanyRecord.recorded_at, Registration.filed_at)
    query = (
        select(*found)
        .distinct()
        .join_from(CompanyRecord, RecordKey, RecordKey.record_id == CompanyRecord.id)
        .join(RegistrationKey, _same_customer(RecordKey))
        .join(Registration, Registration.id == RegistrationKey.registration_id)
    )
    soon = _within(CompanyRecord.recorded_at, Registration.filed_at, ARRIVAL_WINDOW)
    return query.where(CompanyRecord.recorded_at > since, CompanyRecord.source == "natural", soon)


def _after_lookup(since: datetime) -> Select[Any]:
    """One of the company's own people had a customer's number shown, and a distributor filed that customer minutes later."""
    looked_at = aliased(RegistrationKey)
    of_records = _lookups("record.revealed", RecordKey, RecordKey.record_id == HistoryEntry.subject_id, since)
    of_filings = _lookups(
        "registration.revealed", looked_at, looked_at.registration_id == HistoryEntry.subject_id, since
    ).where(RegistrationKey.distributor_id != looked_at.distributor_id)
    both = of_records.union_all(of_filings).subquery()
    newest = func.max(both.c.before_at)
    return select(
        _named(both.c.registration_id, both.c.staff_id),
        both.c.project_id,
        both.c.registration_id,
        both.c.staff_id,
        newest,
        both.c.filed_at,
    ).group_by(both.c.registration_id, both.c.project_id, both.c.staff_id, both.c.filed_at)


def _lookups(
    verb: str, keys: Any, of_subject: ColumnElement[bool], since: datetime
) -> Select[int, int, int | None, datetime, datetime]:
    query = (
        select(
            Registration.id.label("registration_id"),
            Registration.project_id.label("project_id"),
            HistoryEntry.actor_id.label("staff_id"),
            HistoryEntry.happened_at.label("before_at"),
            Registration.filed_at.label("filed_at"),
        )
        .join_from(HistoryEntry, User, User.id == HistoryEntry.actor_id)
        .join(keys, of_subject)
        .join(RegistrationKey, _same_customer(keys))
        .join(Registration, Registration.id == RegistrationKey.registration_id)
    )
    soon = _within(HistoryEntry.happened_at, Registration.filed_at, LOOKUP_WINDOW)
    return query.where(HistoryEntry.verb == verb, HistoryEntry.happened_at > since, User.distributor_id.is_(None), soon)


def _same_customer(keys: Any) -> ColumnElement[bool]:
    return and_(
        RegistrationKey.project_id == keys.project_id,
        RegistrationKey.fingerprint == keys.fingerprint,
        RegistrationKey.kind == keys.kind,
    )


def _within(first: Any, then: Any, window: timedelta) -> ColumnElement[bool]:
    return and_(then > first, then <= first + window)


_PATTERNS: dict[str, Callable[[datetime], Select[Any]]] = {
    "remarked": _remarked,
    "after_lookup": _after_lookup,
    "changed_after_entry": _changed_after_entry,
    "after_arrival": _after_arrival,
}
