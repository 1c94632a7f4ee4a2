"""Which blacklisted distributors a partner file has something in common with (RE-5.4): whole rows, staff only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from portal.models import Distributor, HistoryEntry, PartnerFile, db
from portal.rules.applications import shared_keys

_VERBS = ("distributor.blacklisted", "distributor.reinstated")


@dataclass(frozen=True, slots=True)
class Match:
    """A blacklisted distributor, and by which keys the file is the same."""

    distributor: Distributor
    keys: tuple[str, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """One mark for each key, as an override names it."""
        return tuple(f"{self.distributor.id}:{key}" for key in self.keys)


def keys_of(file: PartnerFile) -> dict[str, Any]:
    """What the file is matched by."""
    phones = {file.contact_phone_fingerprint, file.beneficial_phone_fingerprint} - {None}
    return {
        "registration_code": file.registration_code,
        "legal_id": file.legal_id_fingerprint,
        "bank_account": file.bank_account_fingerprint,
        "phone": frozenset(phones),
    }


def matches_of(file: PartnerFile, *, lock: bool = False) -> list[Match]:
    """The blacklisted distributors that share a key with the file.

    ``lock`` holds every distributor that shares one, whatever its status, so that none is blacklisted meanwhile.
    """
    keys = keys_of(file)
    found = _sharing(file, keys, lock)
    gone = _blacklisted_before_closing([one.id for one, _other in found])
    return [
        Match(distributor, shared)
        for distributor, other in found
        if distributor.status == "blacklisted" or distributor.id in gone
        if (shared := shared_keys(keys, _keys_together(distributor, other)))
    ]


def _sharing(file: PartnerFile, keys: Mapping[str, Any], lock: bool) -> Sequence[Any]:
    conditions = _conditions(keys)
    if not conditions:
        return []
    query = (
        select(Distributor, PartnerFile)
        .outerjoin(PartnerFile, PartnerFile.distributor_id == Distributor.id)
        .where(or_(*conditions), Distributor.id.is_distinct_from(file.distributor_id))
        .order_by(Distributor.id)
        .execution_options(populate_existing=lock)
    )
    return db.session.execute(query.with_for_update(of=Distributor, read=True) if lock else query).unique().all()


def _conditions(keys: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if keys["registration_code"]:
        conditions.append(Distributor.registration_code == keys["registration_code"])
        conditions.append(PartnerFile.registration_code == keys["registration_code"])
    if keys["legal_id"]:
        conditions.append(PartnerFile.legal_id_fingerprint == keys["legal_id"])
    if keys["bank_account"]:
        conditions.append(PartnerFile.bank_account_fingerprint == keys["bank_account"])
    if keys["phone"]:
        conditions.append(PartnerFile.contact_phone_fingerprint.in_(keys["phone"]))
        conditions.append(PartnerFile.beneficial_phone_fingerprint.in_(keys["phone"]))
    return conditions


def was_blacklisted(distributor_id: int) -> bool:
    """Whether the books of the distributor are closed and its last word before was the blacklist."""
    return distributor_id in _blacklisted_before_closing([distributor_id])


def _keys_together(distributor: Distributor, other: PartnerFile | None) -> dict[str, Any]:
    keys = keys_of(other) if other is not None else {}
    return keys | {"registration_code": distributor.registration_code or keys.get("registration_code")}


def _blacklisted_before_closing(ids: Collection[int]) -> set[int]:
    """Those of ``ids`` whose books are closed and whose last word before was the blacklist."""
    query = (
        select(HistoryEntry.subject_id, HistoryEntry.verb)
        .join(Distributor, Distributor.id == HistoryEntry.subject_id)
        .where(HistoryEntry.subject_type == "distributors", HistoryEntry.subject_id.in_(ids))
        .where(HistoryEntry.verb.in_(_VERBS), Distributor.status == "closed")
        .order_by(HistoryEntry.id)
    )
    last = {row.subject_id: row.verb for row in db.session.execute(query)} if ids else {}
    return {number for number, verb in last.items() if verb == "distributor.blacklisted"}
