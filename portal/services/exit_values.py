"""From the file of an ending to the plain values of its papers, the same again whenever they are printed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import select

from portal.documents.endings import Customer, DutyLine, ExitApproval, Owed, Settlement, TerminationLetter
from portal.documents.signatures import Point, Signature
from portal.documents.values import Locale
from portal.models import Document, Exit, ExitSignature, Project, User, db
from portal.queries import exits as found
from portal.rules.clauses import clause
from portal.services import policies
from portal.wording.times import PORTAL_ZONE

_ISSUER = {"zh_Hans_CN": "渠道部", "en": "Channel department"}


def approval_of(document: Document, address: str) -> ExitApproval:
    """The consent to an exit. Raises NoResultFound when its file is gone."""
    ending = found.with_id(document.subject_id)
    return ExitApproval(
        **_head(document, ending, address),
        signer=_name(ending.decided_by_id),
        decided_at=cast(datetime, ending.decided_at),
        wish=ending.reason,
        reason=ending.decision_reason or "",
        ends_at=cast(datetime, ending.ends_at),
    )


def termination_of(document: Document, address: str) -> TerminationLetter:
    """The letter of a termination. Raises NoResultFound when its file is gone."""
    ending = found.with_id(document.subject_id)
    head = _head(document, ending, address)
    return TerminationLetter(
        **head,
        signer=_name(ending.decided_by_id),
        decided_at=cast(datetime, ending.decided_at),
        rule=clause(ending.clause).meaning(head["locale"]),
        reason=ending.reason,
        proposer=_name(ending.asked_by_id),
        case_number=ending.finding.reference if ending.finding is not None else "",
        effective_at=cast(datetime, ending.effective_at),
    )


def settlement_paper_of(document: Document, address: str) -> Settlement:
    """The signed settlement, as it was put up for signature. Raises NoResultFound when its file is gone."""
    ending = found.with_id(document.subject_id)
    facts, signed = json.loads(ending.settlement or "{}"), cast(ExitSignature, ending.signature("settlement"))
    return Settlement(
        **_head(document, ending, address),
        signer=_name(ending.settled_up_by_id),
        decided_at=cast(datetime, ending.settled_up_at),
        effective_at=cast(datetime, ending.effective_at),
        settled_at=datetime.fromisoformat(facts["at"]),
        running=_customers(facts["running"]),
        running_number=facts["running_number"],
        released=facts["choices"]["released"],
        frozen=_customers(facts["frozen"]),
        deals=facts["deals"],
        owed=tuple(_owed(one) for one in facts["owed"]),
        held=tuple(one["deal"] for one in facts["held"]),
        duties=tuple(_duty(one) for one in facts["duties"]),
        signature=_signature(signed),
        signed_digest=signed.digest,
    )


def _head(document: Document, ending: Exit, address: str) -> dict[str, Any]:
    """An ending belongs to no project: the group's name and the rules are those of its first one."""
    project = db.session.scalars(select(Project).order_by(Project.id).limit(1)).one()
    policy = policies.in_force(project.id, document.created_at)
    locale = cast(Locale, current_app.extensions["settings"].default_locale)
    return {
        "number": document.reference,
        "group": project.group_name,
        "project": _ISSUER[locale],
        "issued_at": document.created_at,
        "rules_version": f"{policy.code}-{policy.published_at or policy.created_at:%Y-%m}",
        "policy_version": f"{policy.code}-{policy.version}",
        "verification_url": address,
        "zone": str(PORTAL_ZONE),
        "locale": locale,
        "distributor": ending.distributor.name,
        "registration_code": ending.distributor.registration_code or "",
        "clause": ending.clause,
        "asked_at": ending.asked_at,
    }


def _name(user_id: int | None) -> str:
    return "" if user_id is None else db.session.get_one(User, user_id).name


def _customers(rows: Sequence[Mapping[str, Any]]) -> tuple[Customer, ...]:
    return tuple(
        Customer(
            number=row["reference"],
            project=row["project"],
            name=row["name"],
            phone=row["phone"],
            until=datetime.fromisoformat(row["until"]),
        )
        for row in rows
    )


def _owed(row: Mapping[str, Any]) -> Owed:
    return Owed(
        case_number=row["finding"],
        measure=row["kind"],
        clause=row["clause"],
        amount=row["amount"],
        due_at=None if row["due"] is None else datetime.fromisoformat(row["due"]),
    )


def _duty(row: Mapping[str, Any]) -> DutyLine:
    return DutyLine(
        duty=row["kind"], state=row["state"], clause=row["clause"], left=row["number"], by=row["by"], note=row["note"]
    )


def _signature(row: ExitSignature) -> Signature:
    if row.strokes is None:
        return Signature(role="broker", name=row.signer_name, state="paper", at=row.signed_at)
    pad = json.loads(row.strokes)
    return Signature(
        role="broker",
        name=row.signer_name,
        state="drawn",
        at=row.signed_at,
        strokes=tuple(tuple(Point(float(x), float(y)) for x, y, *_ in stroke) for stroke in pad["strokes"] if stroke),
        width=float(pad["width"]),
        height=float(pad["height"]),
    )
