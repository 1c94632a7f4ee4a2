"""Findings (违规认定): the one way in which a case is put on record, moved on and decided; cases on a deal (RE-8.5, D.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from portal import audit, clock
from portal.models import Deal, Distributor, Finding, Project, Registration, User, db
from portal.models.base import event_order
from portal.rules.distances import distance_m
from portal.rules.finding_states import UNDECIDED, move_case
from portal.rules.refusal import Refusal
from portal.services.references import reference

#: What lets the company decide a deal anew once it is confirmed (RE-8.5).
OPENING = ("complaint", "malicious_grab")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is reported. ``place``: latitude and longitude in degrees; ``team`` and ``persons`` for the project's own people.

    ``means``: how it was found out (RE-4.3). ``about``: whom it means in the words of somebody who cannot choose from a list.
    ``code`` and ``contact`` of a whistle-blower: the fingerprint of the code, and what the person chose to leave.
    """

    kind: str
    summary: str
    distributor: Distributor | None = None
    team: str | None = None
    persons: str | None = None
    registration: Registration | None = None
    deal: Deal | None = None
    place: tuple[Decimal, Decimal] | None = None
    happened_at: datetime | None = None
    means: str | None = None
    about: str | None = None
    contact: str | None = None
    code: bytes | None = None
    submission_key: str | None = None


def put_on_record(*, actor: User | None, project: Project, report: Report, clause: str) -> Finding:
    """Write the case; ``actor`` None leaves no trace of who reported it. A form sent twice gives the one case.

    Nothing moves until it is confirmed. Raises Refusal when it lies in the future.
    """
    known = sent_before(report.submission_key)
    if known is not None:
        return known
    now = clock.now()
    if report.happened_at is not None and report.happened_at > now:
        raise Refusal("breach_in_the_future", "RE-4.3")
    finding = _written(actor, project, report, now)
    db.session.add(finding)
    db.session.flush()
    audit.record(
        "finding.reported",
        finding,
        actor=actor,
        now=now,
        clause=clause,
        reference=finding.reference,
        kind=finding.kind,
        deal=None if report.deal is None else report.deal.reference,
    )
    return finding


def put_place(finding: Finding, project: Project, place: tuple[Decimal, Decimal] | None) -> None:
    """Where it happened, and how far that is from the sales office (RE-5.1)."""
    if place is not None:
        finding.latitude, finding.longitude = place
        finding.distance_m = distance_m(project.latitude, project.longitude, *place)


def take_up(*, actor: User, finding: Finding) -> Finding:
    """A named person begins to look into it (D.9). Raises Refusal once somebody has."""
    db.session.refresh(finding, ["state"], with_for_update=True)
    begin(actor, finding, clock.now())
    return finding


def begin(actor: User, finding: Finding, now: datetime) -> None:
    """Move a reported case, held by the caller, on to the person who looks into it."""
    move = move_case(finding.state, "take_up")
    finding.state, finding.taken_up_at, finding.taken_up_by_id = move.to, now, actor.id
    db.session.flush()
    audit.record("finding.taken_up", finding, actor=actor, now=now, clause=move.clause, reference=finding.reference)


def conclude(*, actor: User, finding: Finding, confirmed: bool, reason: str, now: datetime) -> str:
    """Decide a case, held by the caller: whoever decides one that nobody has taken up takes it up by that.

    The clause by which it may be decided. Raises Refusal without a reason, or for whoever reported it.
    """
    if finding.state == "reported":
        begin(actor, finding, now)
    move = move_case(finding.state, "confirm" if confirmed else "dismiss")
    finding.state = move.to
    finding.decided_at, finding.decided_by_id, finding.decision_reason = now, actor.id, reason
    return move.clause


def check_open(finding: Finding) -> None:
    """Raises Refusal once the case is decided."""
    if finding.state not in UNDECIDED:
        raise Refusal("breach_not_open", "RE-4.3")


def check_decider(actor: User, finding: Finding, reason: str, clause: str) -> None:
    """Not whoever reported it, and not without grounds (GD-9). Raises Refusal."""
    if finding.reported_by_id == actor.id:
        raise Refusal("finding_by_its_reporter", clause)
    if not reason.strip():
        raise Refusal("finding_needs_a_reason", clause)


def write_decision(actor: User, finding: Finding, clause: str, now: datetime, reason: str) -> None:
    """Put the decision into the history."""
    audit.record(
        f"finding.{finding.state}",
        finding,
        actor=actor,
        now=now,
        clause=clause,
        reference=finding.reference,
        reason_digest=audit.reason_digest(reason),
    )


def report_finding(
    *,
    actor: User,
    deal: Deal,
    kind: str,
    summary: str,
    distributor: Distributor | None = None,
    submission_key: str | None = None,
) -> Finding:
    """Put on record what is said about ``deal`` (loaded with its project).

    Raises Refusal for a kind that opens no re-determination.
    """
    if kind not in OPENING:
        raise Refusal("finding_kind_opens_nothing", "RE-8.5")
    key = None if submission_key is None else f"{actor.id}:{submission_key}"
    report = Report(kind=kind, summary=summary, distributor=distributor, deal=deal, submission_key=key)
    return put_on_record(actor=actor, project=deal.project, report=report, clause="RE-8.5")


def decide_finding(*, actor: User, finding: Finding, confirmed: bool, reason: str) -> Finding:
    """Confirm the finding on a deal or call it unfounded, once.

    Raises Refusal without a reason or for whoever reported it.
    """
    db.session.refresh(finding, ["state", "reported_by_id"], with_for_update=True)
    if finding.state not in ("reported", "investigating") or finding.kind not in OPENING:
        raise Refusal("finding_decided", "RE-8.5")
    check_decider(actor, finding, reason, "RE-8.5")
    now = clock.now()
    conclude(actor=actor, finding=finding, confirmed=confirmed, reason=reason, now=now)
    db.session.flush()
    write_decision(actor, finding, "RE-8.5", now, reason)
    return finding


def sent_before(key: str | None) -> Finding | None:
    """The case that this form made already. Whoever sends it at the same moment waits here until the first is written."""
    if key is None:
        return None
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"finding:{key}", 0))))
    return db.session.scalar(select(Finding).where(Finding.submission_key == key))


def _written(actor: User | None, project: Project, report: Report, now: datetime) -> Finding:
    seq = db.session.scalar(event_order.next_value())
    finding = Finding(
        seq=seq,
        reference=reference("finding", project, seq, now),
        submission_key=report.submission_key,
        project_id=project.id,
        kind=report.kind,
        state="reported",
        distributor_id=None if report.distributor is None else report.distributor.id,
        team=report.team,
        persons=report.persons,
        about=report.about,
        means=report.means,
        registration_id=None if report.registration is None else report.registration.id,
        deal_id=None if report.deal is None else report.deal.id,
        happened_at=report.happened_at,
        summary=report.summary,
        reported_at=now,
        reported_by_id=None if actor is None else actor.id,
        code=report.code,
        contact=report.contact,
        sanctions=[],
    )
    put_place(finding, project, report.place)
    return finding
