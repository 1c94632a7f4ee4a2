"""Filling partner files and keeping their papers (DO-1, CM-2.4); showing whole what is masked (GD-13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import audit, clock, crypto
from portal.models import PartnerFile, PartnerPaper, StoredFile, User, db
from portal.rules.applications import (
    SEALED_PAPERS,
    account_is_sound,
    is_over,
    read_account,
    tax_number_is_sound,
)
from portal.rules.customers import (
    PhoneUnreadable,
    company_code_is_sound,
    read_company_code,
    read_id_number,
    read_phone,
    resident_id_is_sound,
)
from portal.rules.refusal import Refusal
from portal.services.claim_sending import Brought
from portal.services.files import store_file
from portal.services.reveals import REASONS
from portal.services.unacceptable import Unacceptable
from portal.wording.times import PORTAL_ZONE

#: What is masked on every page and shown whole only for a reason.
SEALED_FIELDS = (
    "legal_id_number",
    "contact_phone",
    "contact_email",
    "beneficial_phone",
    "bank_account",
    "invoice_address",
    "invoice_phone",
)
#: Field -> the column of its fingerprint and the kind under which equal values are equal (RE-5.4).
_FINGERPRINTS = {
    "legal_id_number": ("legal_id_fingerprint", "id_number"),
    "contact_phone": ("contact_phone_fingerprint", "phone"),
    "beneficial_phone": ("beneficial_phone_fingerprint", "phone"),
    "bank_account": ("bank_account_fingerprint", "bank_account"),
}
_MOST_OTHERS = 10


def fill(file: PartnerFile, values: Mapping[str, Any], now: datetime) -> list[str]:
    """Write what was typed, read into one spelling; the names of the fields that changed.

    Raises Unacceptable(field, reason) for a number that cannot be.
    """
    read = read_values(file, values)
    changed = sorted(name for name, value in read.items() if getattr(file, name) != value)
    for name in changed:
        setattr(file, name, read[name])
        if name in _FINGERPRINTS:
            column, kind = _FINGERPRINTS[name]
            setattr(file, column, crypto.fingerprint(kind, read[name]) if read[name] else None)
    if changed:
        file.changed_at = now
    return changed


def read_values(file: PartnerFile, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed in the spelling in which it is kept. Raises Unacceptable(field, reason) for a number that cannot be."""
    partner_type = values.get("partner_type", file.partner_type)
    return {name: _read(name, value, partner_type) for name, value in values.items()}


def bring_paper(
    *, actor: User | None, file: PartnerFile, kind: str, brought: Brought, valid_until: date | None
) -> PartnerPaper:
    """Keep a paper; an older one of its kind stays in the file as replaced, the same one brought again is the one that waits.

    Raises Unacceptable as ``store_file``.

    ``actor`` None is the applicant. The file's row is held by the caller or locked here, so that two uploads are in line.
    """
    now = _lock(file)
    stored = store_file(
        actor=actor,
        content=brought.content,
        name=brought.name,
        distributor_id=file.distributor_id,
        field="paper",
    )
    current = [paper for paper in file.current_papers if paper.kind == kind]
    same = next((paper for paper in current if _is_same(paper, stored, valid_until)), None)
    if same is not None:
        return same
    if kind == "other" and len(current) >= _MOST_OTHERS:
        raise Unacceptable("paper", "too_many_papers", most=_MOST_OTHERS)
    for paper in current if kind != "other" else []:
        paper.replaced_at = now
    db.session.flush()
    paper = PartnerPaper(
        partner_file_id=file.id,
        kind=kind,
        file_id=stored.id,
        valid_until=valid_until,
        brought_at=now,
        brought_by_id=None if actor is None else actor.id,
    )
    db.session.add(paper)
    db.session.flush()
    _record("paper.brought", paper, actor, now, "CM-2.4", paper=kind)
    db.session.expire(file, ["papers"])
    return paper


def _is_same(paper: PartnerPaper, brought: StoredFile, valid_until: date | None) -> bool:
    return (paper.state, paper.file.sha256, paper.valid_until) == ("waiting", brought.sha256, valid_until)


def withdraw_paper(*, file: PartnerFile, paper: PartnerPaper) -> PartnerPaper:
    """The applicant takes back a paper before anybody has checked it; it stays in the file as replaced."""
    now = _lock(file)
    db.session.refresh(paper)
    if paper.state == "accepted" or paper.replaced_at is not None:
        raise Refusal("paper_stays", "CM-2.4")
    paper.replaced_at = now
    db.session.flush()
    db.session.expire(file, ["papers"])
    return paper


def check_paper(*, actor: User, paper: PartnerPaper, accepted: bool, sealed: bool, remark: str | None) -> PartnerPaper:
    """Accept or refuse a paper, once; the same verdict sent twice by one person is one.

    Raises Refusal for a licence without its seal, a paper that is valid no more, a refusal without a remark, and another
    verdict after the first.
    """
    db.session.refresh(paper, with_for_update={"of": PartnerPaper})
    now = clock.now()
    if paper.replaced_at is not None:
        raise Refusal("paper_is_checked", "DO-1.1")
    if accepted and is_over(paper.valid_until, now.astimezone(PORTAL_ZONE).date()):
        raise Refusal("paper_is_over", "DO-2.2")
    if accepted and paper.kind in SEALED_PAPERS and not sealed:
        raise Refusal("paper_needs_its_seal", "DO-1.1")
    if not accepted and not (remark or "").strip():
        raise Refusal("paper_needs_a_remark", "DO-2.2")
    verdict = ("accepted" if accepted else "refused", sealed, remark or None)
    if paper.state != "waiting":
        if (paper.checked_by_id, paper.state, paper.sealed, paper.remark) == (actor.id, *verdict):
            return paper
        raise Refusal("paper_is_checked", "DO-1.1")
    paper.checked_by_id, paper.checked_at = actor.id, now
    paper.state, paper.sealed, paper.remark = verdict
    db.session.flush()
    _record("paper.checked", paper, actor, now, "DO-1.1", paper=paper.kind, state=paper.state)
    return paper


def open_paper(*, actor: User, paper: PartnerPaper) -> None:
    """Let somebody who works on the file see a paper; that it was opened goes into the history (GD-13)."""
    _record("paper.opened", paper, actor, clock.now(), "GD-13", paper=paper.kind, sha256=paper.file.sha256)


def reveal(*, actor: User, file: PartnerFile, reason: str) -> dict[str, str]:
    """The masked fields in full, for this one answer; never keep them. Raises Refusal without one of REASONS."""
    if reason not in REASONS:
        raise Refusal("reveal_needs_a_reason", "GD-13")
    shown = {name: value for name in SEALED_FIELDS if (value := getattr(file, name))}
    audit.record(
        "partner_file.revealed", file, actor=actor, now=clock.now(), clause="GD-13", fields=sorted(shown), reason=reason
    )
    return shown


def _lock(file: PartnerFile) -> datetime:
    db.session.execute(select(PartnerFile.id).where(PartnerFile.id == file.id).with_for_update()).scalar_one()
    db.session.expire(file, ["papers"])
    return clock.now()


def _record(verb: str, subject: PartnerPaper, actor: User | None, now: datetime, clause: str, **facts: Any) -> None:
    audit.record(verb, subject, actor=actor, now=now, clause=clause, **facts)


def _read(name: str, value: Any, partner_type: str) -> Any:
    if value in (None, ""):
        return None
    reader = _READERS.get(name)
    return reader(name, value, partner_type) if reader else value


def _read_phone(name: str, value: str, partner_type: str) -> str:
    try:
        return read_phone(value)
    except PhoneUnreadable as problem:
        raise Unacceptable(name, f"phone_{problem.reason}") from None


def _read_code(name: str, value: str, partner_type: str) -> str:
    return _sound(name, read_company_code(value), company_code_is_sound, "company_code_wrong")


def _read_id(name: str, value: str, partner_type: str) -> str:
    return _sound(name, read_id_number(value), resident_id_is_sound, "resident_id_wrong")


def _read_account(name: str, value: str, partner_type: str) -> str:
    account = read_account(value)
    return _sound(name, account, lambda one: account_is_sound(one, partner_type), "bank_account_wrong")


def _read_tax_number(name: str, value: str, partner_type: str) -> str:
    return _sound(name, read_company_code(value), tax_number_is_sound, "tax_number_wrong")


def _sound(name: str, value: str, is_sound: Callable[[str], bool], reason: str) -> str:
    if not is_sound(value):
        raise Unacceptable(name, reason)
    return value


_READERS: dict[str, Callable[[str, str, str], Any]] = {
    "registration_code": _read_code,
    "legal_id_number": _read_id,
    "contact_phone": _read_phone,
    "beneficial_phone": _read_phone,
    "invoice_phone": _read_phone,
    "bank_account": _read_account,
    "invoice_tax_number": _read_tax_number,
}
