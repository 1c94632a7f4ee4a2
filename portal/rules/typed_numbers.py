"""One field for whatever number a person is known by: a phone, a document or a company's registration code. Pure."""

from __future__ import annotations

import re

from portal.rules.customers import (
    StrongKey,
    company_code_is_sound,
    read_id_number,
    read_phone,
    resident_id_is_sound,
)

_OTHER_DOCUMENT = re.compile(r"(?=.*[A-Z])[A-Z0-9]{5,20}")


class DocumentUnreadable(ValueError):
    """18 characters that are neither a sound resident ID nor a sound registration code."""


def read_number(typed: str) -> StrongKey:
    """The strong key that was typed; one already in its spelling stays as it is.

    Raises DocumentUnreadable, or PhoneUnreadable for what can only be meant as a phone number.
    """
    compact = read_id_number(typed)
    if resident_id_is_sound(compact):
        return StrongKey("id_number", compact)
    if company_code_is_sound(compact):
        return StrongKey("company_code", compact)
    if re.fullmatch(r"[A-Z0-9]{18}", compact):
        raise DocumentUnreadable(compact)
    if _OTHER_DOCUMENT.fullmatch(compact):
        return StrongKey("id_number", compact)
    return StrongKey("phone", read_phone(typed))
