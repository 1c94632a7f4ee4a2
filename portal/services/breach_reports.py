"""Reports and explanations as the forms send them: numbers are looked up, evidence is kept with the case (RE-4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from portal import audit, clock
from portal.models import (
    Deal,
    Distributor,
    Explanation,
    Finding,
    FindingFile,
    Project,
    Registration,
    StoredFile,
    User,
    db,
)
from portal.queries import alerts as alerts_on_record
from portal.rules.refusal import Refusal
from portal.services import alerts, breaches, findings
from portal.services.breaches import BY_DISTRIBUTOR
from portal.services.claim_sending import Brought
from portal.services.editions import NO_PAGE, Seen
from portal.services.files import store_file
from portal.services.findings import Report


def send_report(
    *,
    actor: User,
    project: Project,
    kind: str,
    distributor: Distributor | None,
    team: str | None,
    persons: str | None,
    about: str,
    place: tuple[Decimal, Decimal] | None,
    happened_at: datetime | None,
    means: str | None,
    summary: str,
    evidence: Sequence[Brought],
    submission_key: str,
    alert_id: int | None = None,
) -> Finding:
    """Put a case on record, once however often the form is sent; ``about`` is the number of a registration or a deal of the
    project, or empty. ``alert_id``: the alert that it is opened on.

    Raises Refusal when no such number is there, and as ``report_breach``, ``make_a_case`` and ``store_file``.
    """
    key = f"{actor.id}:{submission_key}"
    known = findings.sent_before(key)
    if known is not None:
        return known
    registration, deal = _subject(project, about)
    by_distributor = kind in BY_DISTRIBUTOR
    report = Report(
        kind=kind,
        summary=summary,
        means=means,
        distributor=distributor if by_distributor else None,
        team=None if by_distributor else (team or None),
        persons=None if by_distributor else (persons or None),
        registration=registration,
        deal=deal,
        place=place,
        happened_at=happened_at,
        submission_key=key,
    )
    finding = breaches.report_breach(actor=actor, project=project, report=report)
    _attach(actor, finding, evidence)
    alert = alerts_on_record.find(alert_id) if alert_id is not None else None
    if alert is not None:
        alerts.make_a_case(actor=actor, alert=alert, finding=finding)
    return finding


def identify(
    *,
    actor: User,
    finding: Finding,
    project: Project,
    kind: str,
    distributor: Distributor | None,
    team: str | None,
    persons: str | None,
    about: str,
    place: tuple[Decimal, Decimal] | None,
    happened_at: datetime | None,
    seen: Seen = NO_PAGE,
) -> Finding:
    """Say whom a report means and what else was found out. Raises as ``identify_party``, and for an unknown number."""
    registration, deal = _subject(project, about)
    by_distributor = kind in BY_DISTRIBUTOR
    found = Report(kind=kind, summary="", registration=registration, deal=deal, place=place, happened_at=happened_at)
    return breaches.identify_party(
        actor=actor,
        finding=finding,
        project=project,
        kind=kind,
        distributor=distributor if by_distributor else None,
        team=None if by_distributor else (team or None),
        persons=None if by_distributor else (persons or None),
        found=found,
        seen=seen,
    )


def open_contact(*, actor: User, finding: Finding) -> str:
    """What a whistle-blower left to be reached by; that somebody asked for it goes into the history (RE-7.1, GD-13)."""
    number = finding.reference
    audit.record("finding.contact_opened", finding, actor=actor, now=clock.now(), clause="RE-7.1", reference=number)
    return finding.contact or ""


def send_answer(*, actor: User, finding: Finding, answer: str, evidence: Sequence[Brought]) -> Explanation:
    """The distributor explains and brings its proof. Raises as ``answer_explanation`` and ``store_file``."""
    explanation = breaches.answer_explanation(actor=actor, finding=finding, answer=answer)
    _attach(actor, finding, evidence)
    return explanation


def open_evidence(*, actor: User, finding: Finding, file: StoredFile) -> StoredFile:
    """Let a decider see a file of the case; that it was opened goes into the history (GD-13)."""
    audit.record(
        "finding.evidence_opened",
        finding,
        actor=actor,
        now=clock.now(),
        clause="GD-13",
        reference=finding.reference,
        sha256=file.sha256,
    )
    return file


def _subject(project: Project, about: str) -> tuple[Registration | None, Deal | None]:
    if not about:
        return None, None
    registration = db.session.scalar(
        select(Registration).where(Registration.reference == about, Registration.project_id == project.id)
    )
    deal = db.session.scalar(select(Deal).where(Deal.reference == about, Deal.project_id == project.id))
    if registration is None and deal is None:
        raise Refusal("breach_about_nothing", "RE-4.3")
    return registration, deal


def _attach(actor: User, finding: Finding, evidence: Sequence[Brought]) -> None:
    of_distributor = actor.distributor_id is not None
    for one in evidence:
        owner = actor.distributor_id
        file = store_file(actor=actor, content=one.content, name=one.name, distributor_id=owner, field="evidence")
        db.session.add(FindingFile(finding_id=finding.id, file_id=file.id, by_distributor=of_distributor))
    db.session.flush()
    db.session.expire(finding, ["files"])
