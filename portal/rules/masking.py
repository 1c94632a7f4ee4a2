"""What is left to read of a phone, an address or a document number for people who need not know it whole (GD-13). Pure."""

from __future__ import annotations

import re

import phonenumbers

_MAINLAND_MOBILE = re.compile(r"(?:\+?86|0086)?(1\d{10})")


def mask_phone(phone: str) -> str:
    """138****3691 for a mainland mobile; country code and last four for others ("+852 ****5678").

    Takes E.164 ("+8613800003691") or national digits. The last four stay: people search and recognise by them.
    """
    digits = re.sub(r"[\s\-()]", "", phone)
    mainland = _MAINLAND_MOBILE.fullmatch(digits)
    if mainland:
        return f"{mainland[1][:3]}****{mainland[1][-4:]}"
    return f"{_country_prefix(digits)}****{digits[-4:]}" if len(digits) >= 7 else "****"


def _country_prefix(digits: str) -> str:
    if not digits.startswith("+"):
        return ""
    try:
        return f"+{phonenumbers.parse(digits).country_code} "
    except phonenumbers.NumberParseException:
        return "+"


def mask_email(address: str) -> str:
    """c****@example.cn"""
    name, at, domain = address.partition("@")
    return f"{name[:1]}****{at}{domain}" if at else "****"


def mask_contact(contact: str, channel: str | None) -> str:
    """Where somebody is reached, by channel: "email", or a phone."""
    return mask_email(contact) if channel == "email" else mask_phone(contact)


def mask_id_number(number: str) -> str:
    """990101********1234 for a resident ID; first and last two characters of any other document."""
    plain = number.strip()
    if re.fullmatch(r"\d{17}[\dXx]", plain):
        return f"{plain[:6]}********{plain[-4:]}"
    if len(plain) < 6:
        return "****"
    return f"{plain[:2]}{'*' * (len(plain) - 4)}{plain[-2:]}"


def group_phone(phone: str) -> str:
    """A whole number as people read it aloud: 138 0000 3691; other countries in their own international spelling."""
    mainland = _MAINLAND_MOBILE.fullmatch(re.sub(r"[\s\-()]", "", phone))
    if mainland:
        number = mainland[1]
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    try:
        return phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return phone
