"""Whole phone and ID numbers stay out of documents: masked in free text, refused everywhere else (GD-13)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from portal.documents.values import texts
from portal.rules.masking import mask_id_number, mask_phone

_GAP = r"[\s\-.·]?"
# Look-arounds instead of \b: a Chinese character is a word character and may touch the number.
_ID = rf"(?<![\d*])\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?![\d*])"
_MOBILE = rf"(?<![\d*])(?:(?:\+|00)?86{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?![\d*])"
_FOREIGN = rf"(?<![\d*])(?:\+|00)\d{{1,3}}(?:{_GAP}\d){{7,12}}(?![\d*])"
_WHOLE_NUMBER = re.compile(rf"(?P<id>{_ID})|(?P<phone>{_MOBILE}|{_FOREIGN})")


class UnmaskedNumber(ValueError):
    """A document was about to show a whole phone or ID number. The message names the field, never the number."""


def _plain_digits(text: str) -> str:
    """Full-width and other decimal digits and signs as ASCII, one character for one, so that positions stay."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _mask(found: re.Match[str]) -> str:
    bare = re.sub(_GAP, "", found[0]) if found["phone"] else re.sub(r"[^\dXx]", "", found[0])
    return mask_phone(bare) if found["phone"] else mask_id_number(bare)


def mask_numbers(text: str) -> str:
    """``text`` with every whole phone and resident ID number masked: 打 13912345678 → 打 139****5678."""
    pieces, end = [], 0
    for found in _WHOLE_NUMBER.finditer(_plain_digits(text)):
        pieces += [text[end : found.start()], _mask(found)]
        end = found.end()
    return "".join(pieces) + text[end:]


def refuse_unmasked(values: Any) -> None:
    """Raise UnmaskedNumber when a field of ``values``, free and exact text apart, shows a whole phone or ID number."""
    for name, text, hints in texts(values):
        if "free_text" in hints or "exact" in hints:
            continue
        plain = _plain_digits(text)
        if _WHOLE_NUMBER.search(plain) or ("masked" in hints and text and "****" not in plain):
            raise UnmaskedNumber(f"{type(values).__name__}.{name} must come masked")
