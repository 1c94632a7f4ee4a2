"""A customer as typed and as matched: phones, ID numbers, strong keys (RE-2.5, RE-8.4, RE-Q25, RE-Q43, RE-F4)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_MASK = re.compile(r"[*＊xX×•●]{2,}")
_CN_MOBILE = re.compile(r"1[3-9]\d{9}")
_WITHOUT_MESSAGES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST})
_NOISE = re.compile(r"[\s\-‐-―()（）.·_]")


class PhoneUnreadable(ValueError):
    """Not a telephone number. ``reason``: masked, length, unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StrongKey:
    """What one person is matched by: kind phone, id_number or company_code, and the value in its one spelling."""

    kind: str
    value: str


def read_phone(typed: str) -> str:
    """The number in E.164 (+8613800001234), whatever the spelling; +852, +853 and other countries with their code.

    Raises PhoneUnreadable for hidden digits, a wrong count of digits or a number that cannot be.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if _MASK.search(text):
        raise PhoneUnreadable("masked")
    compact = _NOISE.sub("", text)
    compact = re.sub(r"^00", "+", compact)
    national = re.sub(r"^(\+?86)(?=1\d{10}$)", "", compact)
    if _CN_MOBILE.fullmatch(national):
        return f"+86{national}"
    return _read_other_phone(compact)


def _read_other_phone(compact: str) -> str:
    try:
        number = phonenumbers.parse(compact, "CN")
    except phonenumbers.NumberParseException:
        raise PhoneUnreadable("unknown") from None
    if number.country_code == 86 and compact.lstrip("+").removeprefix("86").startswith("1"):
        raise PhoneUnreadable("length")
    if not phonenumbers.is_valid_number(number):
        raise PhoneUnreadable("unknown")
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def takes_messages(e164: str) -> bool:
    """Whether a text message may reach this number: a landline's does not."""
    return phonenumbers.number_type(phonenumbers.parse(e164)) not in _WITHOUT_MESSAGES


def national_phone(e164: str) -> str:
    """As people in China write it: eleven digits for a mainland number, +code otherwise."""
    return e164.removeprefix("+86") if e164.startswith("+86") else e164


def read_id_number(typed: str) -> str:
    """The identity number in one spelling: no spaces, half-width, X in upper case. Says nothing of its truth."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", typed)).upper()


def resident_id_is_sound(number: str) -> bool:
    """Whether an 18-character resident ID has a real date of birth and the right check character."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return bool(ric.calc_check_digit(number) == number[-1])


def read_company_code(typed: str) -> str:
    """The unified social credit code in one spelling."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", typed)).upper()


def company_code_is_sound(code: str) -> bool:
    """Whether a unified social credit code has the right form and check character."""
    try:
        uscc.validate(code)
    except ValidationError:
        return False
    return True


def strong_keys(*, phone: str | None, id_number: str | None, company_code: str | None) -> tuple[StrongKey, ...]:
    """The keys that make two entries the same person (RE-F4). A name alone, a company's too, is none."""
    given = (("phone", phone), ("id_number", id_number), ("company_code", company_code))
    return tuple(StrongKey(kind, value) for kind, value in given if value)


def is_local(residence_code: str | None, city_code: str) -> bool:
    """Local when no residence is declared or its code lies in the project's city (first four digits, RE-Q3)."""
    return not residence_code or residence_code[:4] == city_code[:4]
