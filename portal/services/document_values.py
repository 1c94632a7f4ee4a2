"""From rows to the plain values that documents are printed from: masked, and the same again whenever they are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.documents.extension_approvals import ExtensionApproval, Opinion
from portal.documents.filing_slips import FilingClauses, FilingSlip
from portal.documents.signatures import Point, Role, Signature, Stroke
from portal.documents.values import Document as Values
from portal.documents.values import Locale
from portal.documents.visit_slips import VisitClauses, VisitSlip
from portal.models import Classification, Document, Extension, Policy, Registration, User, Visit, db
from portal.models import Signature as SignatureRow
from portal.models.visits import PARTIES
from portal.rules.lead_time import earliest_arrival, lead_clause
from portal.rules.masking import mask_id_number, mask_phone
from portal.services import case_values, contract_papers, exit_values
from portal.services.ruling_values import extract_of, paper_of
from portal.wording.declarations import declaration

_DECIDER_UNIT = {"zh_Hans_CN": "渠道部", "en": "Channel department"}


def check_address(document: Document) -> str:
    """The public address at which ``document`` is confirmed; the QR code opens it."""
    return f"{current_app.extensions['settings'].public_url.rstrip('/')}/check/{document.check_code}"


def values_of(document: Document) -> Values:
    """Everything that ``document`` says. Raises NoResultFound when its subject is gone."""
    return _MAKERS[document.kind](document)


def _head(document: Document, registration: Registration) -> dict[str, Any]:
    project, policy = registration.project, registration.policy
    return {
        "number": document.reference,
        "group": project.group_name,
        "project": project.name,
        "issued_at": document.created_at,
        "rules_version": f"{policy.code}-{_published(policy)}",
        "policy_version": f"{policy.code}-{policy.version}",
        "verification_url": check_address(document),
        "zone": project.timezone,
        "locale": cast(Locale, current_app.extensions["settings"].default_locale),
    }


def _published(policy: Policy) -> str:
    return f"{policy.published_at or policy.created_at:%Y-%m}"


def _filing_slip(document: Document) -> FilingSlip:
    registration = _registration(document.subject_id)
    terms, project, broker = registration.policy.terms, registration.project, registration.broker
    head = _head(document, registration)
    return FilingSlip(
        **head,
        customer=registration.customer_name,
        phone=mask_phone(registration.phone),
        id_number=mask_id_number(registration.id_number) if registration.id_number else "",
        company_name=registration.company or "",
        company_name_whole=_is_whole_name(registration),
        residence="local" if registration.is_local else "elsewhere",
        city=project.city_name if registration.is_local else "",
        bulk_expected=registration.bulk_expected,
        distributor=registration.distributor.name,
        broker=broker.name,
        broker_phone=_phone_of(broker),
        planned_arrival=registration.planned_visit_at,
        note=registration.note or "",
        filed_at=registration.filed_at,
        earliest_arrival=earliest_arrival(
            registration.filed_at, is_local=registration.is_local, lead_time=terms.lead_time, zone=project.zone
        ),
        held_until=registration.hold_ends_at,
        protection_days=terms.protection.days,
        declaration=declaration(registration.declaration_version, head["locale"]),
        declaration_version=registration.declaration_version,
        clauses=FilingClauses(lead=lead_clause(registration.is_local)),
    )


def _is_whole_name(registration: Registration) -> bool:
    """A full registered name, rather than one by which the company can be recognised (RE-2.5)."""
    return registration.company_code is not None or (registration.company or "").endswith("公司")


def _visit_slip(document: Document) -> VisitSlip:
    visit = db.session.execute(_VISIT.where(Visit.id == document.subject_id)).scalar_one()
    registration = _registration(cast(int, visit.registration_id))
    natural = visit.result == "natural"
    return VisitSlip(
        **_head(document, registration),
        customer=registration.customer_name,
        phone=mask_phone(registration.phone),
        company_name=registration.company or "",
        party_size=visit.party_size or 1,
        place=registration.project.name,
        distributor=registration.distributor.name,
        broker=visit.broker_present or registration.broker.name,
        broker_phone=_phone_of(registration.broker),
        filing_number=registration.reference,
        filed_at=registration.filed_at,
        arrived_at=visit.arrived_at,
        receptionist=visit.registered_by.name if visit.registered_by else "",
        lead="excused" if visit.excused_at else "late" if natural else "kept",
        excuse=visit.excuse_reason or "",
        protected_until=None if natural else registration.visit_ends_at,
        signatures=tuple(_signature(row) for row in sorted(visit.signatures, key=lambda row: PARTIES.index(row.party))),
        clauses=VisitClauses(lead=lead_clause(registration.is_local)),
    )


def _signature(row: SignatureRow) -> Signature:
    role = cast(Role, row.party)
    if row.strokes is None:
        return Signature(role=role, name=row.signer_name, state="paper", at=row.signed_at)
    pad = cast(dict[str, Any], row.strokes)
    return Signature(
        role=role,
        name=row.signer_name,
        state="drawn",
        at=row.signed_at,
        strokes=tuple(_stroke(points) for points in pad["strokes"] if points),
        width=float(pad["width"]),
        height=float(pad["height"]),
    )


def _stroke(points: list[list[float]]) -> Stroke:
    """The pad records [x, y, milliseconds] for each point."""
    return tuple(Point(float(point[0]), float(point[1])) for point in points)


def _extension_approval(document: Document) -> ExtensionApproval:
    extension = db.session.execute(_EXTENSION.where(Extension.id == document.subject_id)).scalar_one()
    registration = _registration(extension.registration_id)
    terms = registration.policy.terms
    classification, classifier = _bulk_decision(registration)
    head = _head(document, registration)
    decider = cast(User, extension.decided_by)
    return ExtensionApproval(
        **head,
        customer=registration.customer_name,
        phone=mask_phone(registration.phone),
        company_name=registration.company or "",
        registration_number=registration.reference,
        distributor=registration.distributor.name,
        applicant=extension.asked_by.name,
        applied_at=extension.asked_at,
        application_reason=extension.reason,
        first_visit_at=cast(datetime, registration.visited_at),
        classified_at=classification.decided_at,
        classified_by=classifier.name,
        opinion=_opinion(extension),
        original_end=extension.original_end,
        new_end=extension.new_end,
        extension_days=terms.extension.days,
        cap_days=terms.extension.cap_days,
        reason=extension.decision_reason or "",
        decider=decider.name,
        decider_unit=_DECIDER_UNIT[head["locale"]],
        decided_at=cast(datetime, extension.decided_at),
    )


def _opinion(extension: Extension) -> Opinion | None:
    if extension.opinion is None or extension.opinion_by is None or extension.opinion_at is None:
        return None
    return Opinion(text=extension.opinion, author=extension.opinion_by.name, given_at=extension.opinion_at)


def _bulk_decision(registration: Registration) -> tuple[Classification, User]:
    query = (
        select(Classification, User)
        .join(User, User.id == Classification.decided_by_id)
        .where(Classification.registration_id == registration.id, Classification.is_bulk)
        .order_by(Classification.id.desc())
        .limit(1)
    )
    classification, person = db.session.execute(query).one()
    return classification, person


def _registration(registration_id: int) -> Registration:
    return db.session.execute(_REGISTRATION.where(Registration.id == registration_id)).scalar_one()


def _phone_of(person: User) -> str:
    return mask_phone(person.phone) if person.phone else ""


_REGISTRATION = select(Registration).options(
    joinedload(Registration.project),
    joinedload(Registration.policy),
    joinedload(Registration.distributor),
    joinedload(Registration.broker),
)
_VISIT = select(Visit).options(joinedload(Visit.registered_by), selectinload(Visit.signatures))
_EXTENSION = select(Extension).options(
    joinedload(Extension.asked_by), joinedload(Extension.decided_by), joinedload(Extension.opinion_by)
)
_MAKERS: dict[str, Callable[[Document], Values]] = {
    "filing_slip": _filing_slip,
    "visit_slip": _visit_slip,
    "extension_approval": _extension_approval,
    "ruling": lambda document: paper_of(document, check_address(document)),
    "ruling_extract": lambda document: extract_of(document, check_address(document)),
    "explanation_request": lambda document: case_values.request_of(document, check_address(document)),
    "penalty_notice": lambda document: case_values.penalty_of(document, check_address(document)),
    "staff_letter": lambda document: case_values.staff_letter_of(document, check_address(document)),
    "evidence_package": lambda document: case_values.evidence_of(document, check_address(document)),
    "exit_approval": lambda document: exit_values.approval_of(document, check_address(document)),
    "termination_letter": lambda document: exit_values.termination_of(document, check_address(document)),
    "settlement": lambda document: exit_values.settlement_paper_of(document, check_address(document)),
    "contract": lambda document: contract_papers.paper_of(document, check_address(document)),
    "contract_signed": lambda document: contract_papers.signed_paper_of(document, check_address(document)),
}
