"""From a case of breach to the plain values of its letters: masked, and the same again whenever they are made."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.documents.cases import (
    Act,
    Evidence,
    EvidencePackage,
    ExplanationRequest,
    Incident,
    PenaltyNotice,
    StaffLetter,
    Step,
)
from portal.documents.values import Locale
from portal.models import Document, Explanation, Finding, FindingFile, HistoryEntry, Policy, Sanction, User, db
from portal.rules.distances import bearing_deg
from portal.rules.periods import period_end
from portal.services import policies

_WITH = (
    joinedload(Finding.project),
    joinedload(Finding.distributor),
    joinedload(Finding.registration),
    joinedload(Finding.deal),
    joinedload(Finding.taken_up_by),
    joinedload(Finding.decided_by),
)
#: After which a commission is to be off the list or paid back.
_SETTLED = ("refuse_commission", "return_commission")


def request_of(document: Document, address: str) -> ExplanationRequest:
    """The request to explain, as it was first asked: a prolongation is told by notice. Raises NoResultFound."""
    explanation = db.session.get_one(Explanation, document.subject_id)
    finding = _finding(explanation.finding_id)
    policy = policies.in_force(finding.project_id, explanation.asked_at)
    days = policy.terms.explanation_days
    return ExplanationRequest(
        **_head(document, finding, policy, address),
        **_case(finding, policy),
        signer=_name(explanation.asked_by_id),
        question=explanation.question,
        due_at=period_end(explanation.asked_at, days, finding.project.zone),
        days=days,
    )


def penalty_of(document: Document, address: str) -> PenaltyNotice:
    """The penalty notice of one sanction. Raises NoResultFound when it is gone."""
    sanction, finding, policy = _decided(document)
    decided_at, terms = cast(datetime, sanction.decided_at), policy.terms
    answer = period_end(decided_at, terms.explanation_days, finding.project.zone)
    return PenaltyNotice(
        **_head(document, finding, policy, address),
        **_case(finding, policy),
        **_measure(sanction, finding),
        amount=sanction.amount,
        reply_by=answer,
        appeal_by=answer,
        appeal_days=terms.explanation_days,
        settle_days=terms.penalties.refund_days if sanction.kind in _SETTLED else None,
    )


def staff_letter_of(document: Document, address: str) -> StaffLetter:
    """The letter about the company's own people. Raises NoResultFound when its sanction is gone."""
    sanction, finding, policy = _decided(document)
    return StaffLetter(
        **_head(document, finding, policy, address),
        **_case(finding, policy),
        **_measure(sanction, finding),
        persons=finding.persons or "",
    )


def evidence_of(document: Document, address: str) -> EvidencePackage:
    """What goes to the authorities: the case as it was when that was decided. Raises NoResultFound."""
    sanction, finding, policy = _decided(document)
    decided_at = cast(datetime, sanction.decided_at)
    return EvidencePackage(
        **_head(document, finding, policy, address),
        **_case(finding, policy),
        **_measure(sanction, finding),
        persons=finding.persons or "",
        summary=finding.summary,
        grounds=sanction.proposal or "",
        proposer=_name(sanction.proposed_by_id),
        steps=_steps(finding, sanction),
        evidence=tuple(_evidence(one) for one in finding.files if one.file.stored_at <= decided_at),
    )


def _finding(finding_id: int) -> Finding:
    return db.session.execute(select(Finding).where(Finding.id == finding_id).options(*_WITH)).scalar_one()


def _decided(document: Document) -> tuple[Sanction, Finding, Policy]:
    sanction = db.session.get_one(Sanction, document.subject_id)
    finding = _finding(sanction.finding_id)
    return sanction, finding, db.session.get_one(Policy, finding.policy_id)


def _head(document: Document, finding: Finding, policy: Policy, address: str) -> dict[str, Any]:
    project = finding.project
    return {
        "number": document.reference,
        "group": project.group_name,
        "project": project.name,
        "issued_at": document.created_at,
        "rules_version": f"{policy.code}-{policy.published_at or policy.created_at:%Y-%m}",
        "policy_version": f"{policy.code}-{policy.version}",
        "verification_url": address,
        "zone": project.timezone,
        "locale": cast(Locale, current_app.extensions["settings"].default_locale),
    }


def _case(finding: Finding, policy: Policy) -> dict[str, Any]:
    subjects = (finding.registration, finding.deal)
    return {
        "case_number": finding.reference,
        "act": cast(Act, finding.kind),
        "party": finding.distributor.name if finding.distributor else finding.team or "",
        "about": " · ".join(one.reference for one in subjects if one is not None),
        "happened_at": finding.happened_at,
        "incident": _incident(finding, policy),
    }


def _incident(finding: Finding, policy: Policy) -> Incident | None:
    if finding.latitude is None or finding.longitude is None or finding.distance_m is None:
        return None
    project = finding.project
    here = (finding.latitude, finding.longitude)
    return Incident(
        place=f"{here[0]:.6f}, {here[1]:.6f}",
        office=f"{project.latitude:.5f}, {project.longitude:.5f}",
        metres=str(finding.distance_m),
        distance_m=float(finding.distance_m),
        bearing_deg=round(bearing_deg(project.latitude, project.longitude, *here), 3),
        radius_m=policy.terms.circle_radius_m,
    )


def _measure(sanction: Sanction, finding: Finding) -> dict[str, Any]:
    return {
        "measure": sanction.kind,
        "clause": sanction.clause,
        "rule": finding.clause or "",
        "offence": finding.offence,
        "found": finding.decision_reason or "",
        "reason": sanction.reason or "",
        "signer": _name(sanction.decided_by_id),
        "decided_at": sanction.decided_at,
    }


def _steps(finding: Finding, sanction: Sanction) -> tuple[Step, ...]:
    """Who reported it stays with the company (RE-7.1)."""
    asked = select(HistoryEntry.happened_at).where(
        HistoryEntry.subject_type == "findings",
        HistoryEntry.subject_id == finding.id,
        HistoryEntry.verb == "finding.handover_proposed",
    )
    proposed = db.session.scalar(asked.order_by(HistoryEntry.id).limit(1))
    rows = (
        ("reported", None, finding.reported_at),
        ("taken_up", finding.taken_up_by, finding.taken_up_at),
        ("found", finding.decided_by, finding.decided_at),
        ("proposed", _person(sanction.proposed_by_id), proposed),
        ("decided", _person(sanction.decided_by_id), sanction.decided_at),
    )
    return tuple(Step(what=what, who=who.name if who else "", at=at) for what, who, at in rows if at is not None)


def _evidence(one: FindingFile) -> Evidence:
    file = one.file
    return Evidence(
        name=file.name,
        sha256=file.sha256,
        media_type=file.media_type,
        size=file.size,
        by_distributor=one.by_distributor,
        kept_at=file.stored_at,
    )


def _person(user_id: int | None) -> User | None:
    return None if user_id is None else db.session.get_one(User, user_id)


def _name(user_id: int | None) -> str:
    person = _person(user_id)
    return person.name if person else ""
