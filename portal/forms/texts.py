"""Pieces of forms about text: how it is tidied and what no field takes."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError


def tidy(text: str | None) -> str | None:
    """Canonical composition, no blanks around."""
    return unicodedata.normalize("NFC", text).strip() if text else text


class Needed:
    """The field must be filled in; ``message`` says with what."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not (field.data.strip() if isinstance(field.data, str) else field.data):
            raise ValidationError(str(self.message))


class Plain:
    """At most ``longest`` characters, none of them a control character (line breaks only where ``lines``)."""

    def __init__(self, longest: int, *, lines: bool = False) -> None:
        self.longest = longest
        self.allowed = "\n\r\t" if lines else ""
        self.field_flags = {"maxlength": longest}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text: str = field.data or ""
        if len(text) > self.longest:
            raise ValidationError(
                _("最多 %(longest)d 个字符，现在有 %(now)d 个。", longest=self.longest, now=len(text))
            )
        if any(_is_control(sign) and sign not in self.allowed for sign in text):
            raise ValidationError(_("含有看不见的控制字符，请重新输入。"))


def _is_control(sign: str) -> bool:
    return (
        unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} or sign in "\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    )


def values_of(form: FlaskForm, *leave_out: str) -> dict[str, Any]:
    """What was typed, by field name, without the CSRF token."""
    return {name: value for name, value in form.data.items() if name not in {"csrf_token", *leave_out}}


def is_of_our_time(year: int | None) -> bool:
    """Whether days of this year can be what somebody meant, and can be counted with in every zone; a time has no year."""
    return year is None or 2000 <= year <= 2100


def row_number(value: Any) -> int:
    """The value of a choice between rows: its id, 0 for none or for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
