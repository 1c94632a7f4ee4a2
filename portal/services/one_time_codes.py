"""One-time codes: sent to an address, tried at most five times, good for ten minutes and once.

Whoever asks hears the same, whether or not the address is known to anybody here.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal import clock, crypto
from portal.models import OneTimeCode, db
from portal.rules.refusal import Refusal
from portal.services import outgoing_messages
from portal.services.unacceptable import Unacceptable

LASTS = timedelta(minutes=10)
MOST_TRIES = 5
#: Between two codes to one address, and how many it gets in an hour.
PAUSE = timedelta(seconds=60)
MOST_AN_HOUR = 5
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Try:
    """A code as it stands while somebody tries it."""

    number: int
    code_hash: bytes


def send_code(*, purpose: str, channel: str, address: str, about: str = "", locale: str = "zh_Hans_CN") -> datetime:
    """Send six digits to ``address`` (an e-mail address, or a phone in E.164); until when they count (UTC).

    ``purpose`` ("apply", "contract" …) and ``about`` (a reference) bind the code: for anything else it is wrong.
    Raises Refusal code_just_sent within a minute of the last one for this purpose, codes_too_many after five within an hour:
    who may ask for anybody's codes, to apply, holds up nobody's signature.
    """
    fingerprint = _fingerprint(address)
    _one_at_a_time(fingerprint)
    now = clock.now()
    _check_pace(purpose, fingerprint, now)
    code = f"{secrets.randbelow(1_000_000):06}"
    db.session.add(
        OneTimeCode(
            purpose=purpose,
            about=about,
            channel=channel,
            address_fingerprint=fingerprint,
            code_hash=_hash(purpose, about, address, code),
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    db.session.flush()
    outgoing_messages.write(
        kind=f"code_{purpose}",
        channel=channel,
        address=address,
        locale=locale,
        facts={"code": code, "about": about},
        now=now,
        expires_at=now + LASTS,
    )
    return now + LASTS


def check_code(*, purpose: str, address: str, code: str, about: str = "", field: str = "code") -> None:
    """Use up the newest code that was sent for this. Raises Unacceptable(``field``, code_wrong) for whatever is wrong.

    A try is counted and committed on a connection of its own before it is looked at: a caller whose transaction fails
    gives nobody a sixth try. The code itself is used up with the caller's transaction.
    """
    now = clock.now()
    found = _count_try(purpose, about, _fingerprint(address), now)
    given = _hash(purpose, about, address, code.strip())
    if found is None or not hmac.compare_digest(found.code_hash, given) or not _use(found.number, now):
        raise Unacceptable(field, "code_wrong")


def forget_old(*, now: datetime) -> None:
    """Delete the codes of yesterday."""
    db.session.query(OneTimeCode).filter(OneTimeCode.created_at < now - timedelta(days=1)).delete()


def _check_pace(purpose: str, fingerprint: bytes, now: datetime) -> None:
    query = select(func.max(OneTimeCode.created_at), func.count()).where(
        OneTimeCode.address_fingerprint == fingerprint,
        OneTimeCode.purpose == purpose,
        OneTimeCode.created_at > now - _HOUR,
    )
    last, sent = db.session.execute(query).one()
    if last is not None and last > now - PAUSE:
        raise Refusal("code_just_sent")
    if sent >= MOST_AN_HOUR:
        raise Refusal("codes_too_many")


def _count_try(purpose: str, about: str, fingerprint: bytes, now: datetime) -> _Try | None:
    newest = (
        select(OneTimeCode.id)
        .where(
            OneTimeCode.address_fingerprint == fingerprint, OneTimeCode.purpose == purpose, OneTimeCode.about == about
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    counted = (
        update(OneTimeCode)
        .where(OneTimeCode.id == newest, OneTimeCode.tries < MOST_TRIES)
        .where(OneTimeCode.expires_at > now, OneTimeCode.used_at.is_(None))
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode.id, OneTimeCode.code_hash)
    )
    with db.engine.begin() as connection:
        row = connection.execute(counted).one_or_none()
    return None if row is None else _Try(row.id, bytes(row.code_hash))


def _use(number: int, now: datetime) -> bool:
    statement = update(OneTimeCode).where(OneTimeCode.id == number, OneTimeCode.used_at.is_(None)).values(used_at=now)
    return bool(db.session.execute(statement.returning(OneTimeCode.id)).scalar_one_or_none())


def _one_at_a_time(fingerprint: bytes) -> None:
    """Two requests for one address in the same moment send one code."""
    db.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(fingerprint[:8], "big", signed=True))))


def _fingerprint(address: str) -> bytes:
    return crypto.fingerprint("code_address", address.strip().lower())


def _hash(purpose: str, about: str, address: str, code: str) -> bytes:
    return crypto.fingerprint("one_time_code", "\x00".join((purpose, about, address.strip().lower(), code)))
