"""Ordering documents: the row is written ``waiting`` with the change that it documents, the worker prints it later."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects.postgresql import insert

from portal import jobs
from portal.models import (
    Contract,
    Document,
    Exit,
    Explanation,
    Extension,
    Finding,
    Registration,
    Ruling,
    RulingParty,
    Sanction,
    Visit,
    db,
)

#: Bytes of randomness in the address of the public check: nobody finds a document by guessing.
_CHECK_BYTES = 16
_COLUMNS = ("reference", "kind", "subject_id", "project_id", "distributor_id", "check_code", "created_at")
_ORDER = (
    insert(cast(Table, Document.__table__))
    .values(state="waiting", attempts=0, **{column: bindparam(column) for column in _COLUMNS})
    .on_conflict_do_nothing(constraint="uq_documents_once")
    .returning(Document.id)
)


def filing_slip(registration: Mapping[str, Any]) -> dict[str, Any]:
    """The row that has the filing slip (报备单, RE-2.1) printed; it is written with the registration, whose row this is of."""
    values = (registration[name] for name in ("reference", "id", "project_id", "distributor_id", "filed_at"))
    return _row("filing_slip", *values) | {"state": "waiting", "attempts": 0}


def order_visit_slip(visit: Visit, now: datetime) -> None:
    """Have the signed visit slip (带客确认单, RE-3.2) of ``visit`` printed once this transaction has committed."""
    _order("visit_slip", visit, now, project_id=visit.project_id, distributor_id=visit.distributor_id)


def order_extension_approval(extension: Extension, now: datetime) -> None:
    """Have the approval (延期批复, RE-2.11) of ``extension`` printed; its ``registration`` must be loaded."""
    registration = extension.registration
    _order(
        "extension_approval",
        extension,
        now,
        project_id=registration.project_id,
        distributor_id=registration.distributor_id,
    )


def order_ruling(ruling: Ruling) -> None:
    """Have the ruling (归属裁定书) printed for the company, and for each party the extract that names nobody else."""
    now, project_id = ruling.decided_at, ruling.project_id
    _order("ruling", ruling, now, project_id=project_id, distributor_id=None)
    for party in ruling.parties:
        _order("ruling_extract", party, now, project_id=project_id, distributor_id=party.distributor_id)


#: By the kind of the sanction; every other one is told to the distributor (RE-4.8, 5.3, 5.4).
_LETTERS = {
    "dismissal": "staff_letter",
    "warning": "staff_letter",
    "transfer": "staff_letter",
    "authorities": "evidence_package",
}


def order_explanation_request(explanation: Explanation, finding: Finding, now: datetime) -> None:
    """Have the letter printed that asks the distributor to explain and prove (说明通知书, RE-4.4)."""
    _order(
        "explanation_request",
        explanation,
        now,
        project_id=finding.project_id,
        distributor_id=finding.distributor_id,
    )


def order_letter(sanction: Sanction, finding: Finding, now: datetime) -> None:
    """Have the letter of a confirmed sanction printed: to the distributor, the personnel department or the authorities."""
    _order(letter_kind(sanction), sanction, now, project_id=finding.project_id, distributor_id=finding.distributor_id)


def letter_kind(sanction: Sanction) -> str:
    """The kind of document that tells of the sanction."""
    return _LETTERS.get(sanction.kind, "penalty_notice")


def order_exit_paper(kind: str, ending: Exit, now: datetime) -> None:
    """Have a paper of an ending printed: ``exit_approval``, ``termination_letter`` or ``settlement`` (DM-12, CH-5.9)."""
    number = f"{ending.reference}-JS" if kind == "settlement" else ending.reference
    _order(kind, ending, now, project_id=None, distributor_id=ending.distributor_id, number=number)


def order_contract(contract: Contract, now: datetime) -> None:
    """Have the contract printed as it is to be signed (分销合同, CH-5.4): its text is fixed from now on."""
    _order("contract", contract, now, project_id=None, distributor_id=contract.distributor_id)


def order_signed_contract(contract: Contract, now: datetime) -> None:
    """Have the contract printed with both signatures and sealed with the company's certificate (CH-5.5)."""
    number = f"{contract.reference}-S"
    _order("contract_signed", contract, now, project_id=None, distributor_id=contract.distributor_id, number=number)


def _order(
    kind: str,
    subject: Contract | Registration | Visit | Extension | Ruling | RulingParty | Explanation | Sanction | Exit,
    now: datetime,
    *,
    project_id: int | None,
    distributor_id: int | None,
    number: str = "",
) -> None:
    """A subject has one document of a kind: ordering it again changes nothing. ``number`` when it is not the subject's own."""
    row = _row(kind, number or str(subject.reference), subject.id, project_id, distributor_id, now)
    document_id = db.session.execute(_ORDER, row).scalar_one_or_none()
    if document_id is not None:
        jobs.enqueue_after_commit(jobs.PRINT_DOCUMENT, document_id)


def _row(
    kind: str, reference: str, subject_id: int, project_id: int | None, distributor_id: int | None, now: datetime
) -> dict[str, Any]:
    return {
        "reference": reference,
        "kind": kind,
        "subject_id": subject_id,
        "project_id": project_id,
        "distributor_id": distributor_id,
        "check_code": secrets.token_urlsafe(_CHECK_BYTES),
        "created_at": now,
    }
