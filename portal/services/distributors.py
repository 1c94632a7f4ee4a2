"""Commands about distributors: taking one in, changing its particulars. Its status is changed by partnership.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from portal import audit, clock
from portal.models import Distributor, User, db
from portal.rules.customers import company_code_is_sound, read_company_code
from portal.rules.names import pinyin_key
from portal.services.editions import NO_PAGE, Seen, check_edition
from portal.services.locks import hold_distributor
from portal.services.unacceptable import Unacceptable, unique

#: The reference carries the row's own number: D-0042.
_NEXT_NUMBER = text("SELECT nextval(pg_get_serial_sequence('distributors', 'id'))")
#: Constraint -> field and reason.
_TAKEN = {
    "uq_distributors_name": ("name", "distributor_name_taken"),
    "uq_distributors_registration_code": ("registration_code", "distributor_code_taken"),
}


def create_distributor(*, actor: User, name: str, registration_code: str | None = None) -> Distributor:
    """Take a distributor in as approved: it works with us once it has a contract (CH-5.1).

    Raises Unacceptable for name or registration_code. The code is unique: a blacklisted company does not
    come back under another name (RE-5.4).
    """
    now = clock.now()
    code = _read_code(registration_code)
    number = db.session.scalar(_NEXT_NUMBER)
    distributor = Distributor(
        id=number,
        reference=f"D-{number:04d}",
        name=name,
        name_pinyin=pinyin_key(name),
        registration_code=code,
        status="approved",
        status_since=now,
        created_at=now,
    )
    with unique(**_TAKEN):
        db.session.add(distributor)
    audit.record("distributor.created", distributor, actor=actor, now=now, reference=distributor.reference)
    return distributor


def change_distributor(
    *, actor: User, distributor_id: int, name: str, registration_code: str | None = None, seen: Seen = NO_PAGE
) -> Distributor:
    """New name or registration code.

    Raises Unacceptable for name or registration_code, and Refusal when they are not what the actor had seen.
    """
    distributor = hold_distributor(distributor_id)
    wanted = {"name": name, "registration_code": _read_code(registration_code)}
    check_edition(seen, shown_values(distributor), wanted)
    changed = sorted(key for key, value in wanted.items() if getattr(distributor, key) != value)
    with unique(**_TAKEN):
        for key in changed:
            setattr(distributor, key, wanted[key])
        distributor.name_pinyin = pinyin_key(name)
    if changed:
        audit.record("distributor.changed", distributor, actor=actor, now=clock.now(), fields=changed)
    return distributor


def shown_values(distributor: Distributor) -> dict[str, Any]:
    """Name and registration code as a form shows them."""
    return {"name": distributor.name, "registration_code": distributor.registration_code}


def _read_code(typed: str | None) -> str | None:
    code = read_company_code(typed) if typed else ""
    if code and not company_code_is_sound(code):
        raise Unacceptable("registration_code", "company_code_wrong")
    return code or None
