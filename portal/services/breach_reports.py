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
from portal.rules.refusal import Refusal
from portal.services import breaches
from portal.services.breaches import BY_DISTRIBUTOR, Report
from portal.services.claim_sending import Brought
from portal.services.files import store_file


def send_report(
    *,
    actor: User,
    project: Project,
    kind: str,
    distributor: Distributor | None,
    team: str | None,
    about: str,
    place: tuple[Decimal, Decimal] | None,
    happened_at: datetime | None,
    summary: str,
    evidence: Sequence[Brought],
) -> Finding:
    """Put a case on record; ``about`` is the number of a registration or a deal of the project, or empty.

    Raises Refusal when no such number is there, and as ``report_breach`` and ``store_file``.
    """
    registration, deal = _subject(project, about)
    by_distributor = kind in BY_DISTRIBUTOR
    report = Report(
        kind=kind,
        summary=summary,
        distributor=distributor if by_distributor else None,
        team=None if by_distributor else (team or None),
        registration=registration,
        deal=deal,
        place=place,
        happened_at=happened_at,
    )
    finding = breaches.report_breach(actor=actor, project=project, report=report)
    _attach(actor, finding, evidence)
    return finding


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
