"""Forms that begin with what is stored: they remember what they showed, and say what has been changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField

from portal.services.editions import edition_of, is_other

_LONGEST_SHOWN = 120


class SeenField(HiddenField):
    """The mark of what the page showed, as ``edition_of`` gave it; empty, never None, for a form that came without."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


class EditionForm(FlaskForm):
    """A form of which two people may have the same one open; templates/forms/_edition.html draws what belongs to that."""

    seen = SeenField()
    refusal: Any = None
    present: Mapping[str, Any] = {}

    @classmethod
    def of(cls, present: Mapping[str, Any], **more: Any) -> Self:
        """The form filled with what is stored now, and with ``more`` that follows from it; else with its own defaults."""
        form = cls(data={name: value for name, value in {**present, **more}.items() if value is not None})
        form.present = present
        return form

    @property
    def edition(self) -> str:
        """The mark of what is stored now."""
        return edition_of(self.present)

    @property
    def is_overtaken(self) -> bool:
        """Whether what is stored is not what the person had before them."""
        return self.is_submitted() and is_other(self.seen.data, self.present)

    @property
    def changed_since(self) -> list[tuple[str, str]]:
        """The fields that hold something else than is stored now: label, and the stored value where it is short."""
        named = [(self[name], value) for name, value in self.present.items() if name in self]
        return [(field.label.text, _shown(field, value)) for field, value in named if _differs(field, value)]


def _differs(field: Field, stored: Any) -> bool:
    if isinstance(field, SelectMultipleField):
        return set(field.data or ()) != set(stored or ())
    return str(field.data or "") != str(stored or "")


def _shown(field: Field, stored: Any) -> str:
    if isinstance(field, BooleanField):
        return _("是") if stored else _("否")
    if isinstance(field, SelectMultipleField):
        return ""
    if isinstance(field, SelectField):
        return next((str(choice[1]) for choice in field.iter_choices() if str(choice[0]) == str(stored)), "")
    text = str(stored or _("空"))
    return text if len(text) <= _LONGEST_SHOWN else ""
