"""Reports by people who choose from no list: a whistle-blower without a name, a broker, anybody with a login (RE-7.1).

Of a whistle-blower nothing is kept but what it wrote: no address, no session, no author of a file. A code, of which only the
fingerprint is kept, lets it ask again what became of the case.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal import crypto
from portal.models import Finding, FindingFile, Project, User, db
from portal.services import breaches, findings
from portal.services.claim_sending import Brought
from portal.services.files import store_file
from portal.services.findings import Report

_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Tip:
    """The number of the case, and the code of a whistle-blower; shown once, kept nowhere."""

    reference: str
    code: str | None


def send_tip(
    *,
    actor: User | None,
    project: Project,
    kind: str,
    about: str,
    summary: str,
    contact: str | None,
    evidence: Sequence[Brought],
    submission_key: str,
) -> Tip:
    """Put a report on record; with ``actor`` None of somebody without a name. The same form again gives the same answer.

    Raises as ``store_file``.
    """
    code = None if actor is not None else _code_of(submission_key)
    key = crypto.fingerprint("tip form", submission_key).hex()
    known = findings.sent_before(key)
    if known is not None:
        return Tip(known.reference, code)
    report = Report(
        kind=kind,
        summary=summary,
        means="tip",
        about=about,
        contact=contact if actor is None else None,
        code=None if code is None else _fingerprint(code),
        submission_key=key,
    )
    finding = breaches.report_breach(actor=actor, project=project, report=report)
    _attach(actor, finding, evidence)
    return Tip(finding.reference, code)


def case_of(reference: str, code: str) -> Finding | None:
    """The case that a whistle-blower asks about with its number and code."""
    typed = "".join(code.upper().split()).replace("-", "")
    query = select(Finding).where(Finding.reference == reference.strip().upper(), Finding.code == _fingerprint(typed))
    return db.session.scalar(query)


def _code_of(submission_key: str) -> str:
    """The form's own key makes the code, so that the same form sent again shows the same one."""
    return base64.b32encode(crypto.fingerprint("tip code", submission_key)).decode()[:_CODE_LENGTH]


def _fingerprint(code: str) -> bytes:
    return crypto.fingerprint("tip", code)


def _attach(actor: User | None, finding: Finding, evidence: Sequence[Brought]) -> None:
    """A file's own name may say whose it is: a whistle-blower's files are numbered instead."""
    for number, one in enumerate(evidence, start=1):
        name = one.name if actor is not None else str(number)
        file = store_file(actor=actor, content=one.content, name=name, field="evidence")
        db.session.add(FindingFile(finding_id=finding.id, file_id=file.id))
    db.session.flush()
