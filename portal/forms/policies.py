"""The form of a policy, made from the kinds of its parameters: a new regime or parameter needs no new form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import StopValidation, ValidationError

from portal.forms.printable import Printable
from portal.forms.projects import ReadTime
from portal.forms.texts import Needed, Plain, row_number, tidy
from portal.rules.policy_parameters import CHOICES, MOST_DAYS, bounds_of, kind_of, leaves, orders_of
from portal.services.policy_versions import field_name
from portal.wording.policy_values import label_of, list_words, word_of

_BETWEEN = re.compile(r"[\s,，、;；]+")
_MOST_REMINDERS = 10


class Whole:
    """A whole number from ``least`` to ``most``."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: IntegerField) -> None:
        field.errors = []
        if field.data is None or not self.least <= field.data <= self.most:
            raise StopValidation(_("请填写 %(least)d 到 %(most)d 之间的整数。", least=self.least, most=self.most))


class Share:
    """A percentage from 0 to 100."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: DecimalField) -> None:
        field.errors = []
        # A field that was not sent keeps the document's own spelling, which is text.
        share = None if field.data is None else Decimal(field.data)
        if share is None or not share.is_finite() or not 0 <= share <= 100:
            raise StopValidation(_("请填写 0 到 100 之间的百分数，如 50。"))


class OneOf:
    """One of the choices offered."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: SelectField) -> None:
        if field.data not in field.choices:
            raise ValidationError(_("请从列出的选项里选一个。"))


class Days:
    """Days before an end, each between 1 and ten years, at most ten of them; none at all is a choice too."""

    def __call__(self, form: FlaskForm, field: StringField) -> None:
        typed = _pieces(field.data)
        if len(typed) > _MOST_REMINDERS or any(not _is_day(piece) for piece in typed):
            raise ValidationError(_("请填写天数，用逗号隔开，如 15, 7, 1；不提醒就留空。"))


class PolicyForm(FlaskForm):
    """The parameters of one regime that can be edited; ``make`` adds their fields. ``base``: the version it starts from."""

    base = HiddenField()
    refusal: Any = None
    parameters: Mapping[str, str]

    def values(self) -> dict[str, Any]:
        """The parameters by dotted name, and the version that they change."""
        read = {dotted: _READERS[kind](self[field_name(dotted)].data) for dotted, kind in self.parameters.items()}
        return {"base": row_number(self.base.data), "values": read}


def make(document: Mapping[str, Any], version: int) -> PolicyForm:
    """The form of ``document``, filled with its values until something is sent."""
    kinds = {dotted: kind_of(dotted, value) for dotted, value in leaves(document)}
    editable = {dotted: kind for dotted, kind in kinds.items() if kind != "fixed"}
    fields = {field_name(dotted): _FIELDS[kind](dotted) for dotted, kind in editable.items()}
    form_class = type("RegimeForm", (PolicyForm,), {**fields, "parameters": editable})
    return form_class(data={"base": str(version), **_shown(document, editable)})  # type: ignore[no-any-return]


class BindingForm(FlaskForm):
    """In which project a version rules, and from when in the project's own time."""

    project_id = SelectField(_l("项目"), coerce=row_number, validate_choice=False)
    effective_from = DateTimeLocalField(_l("从何时起"), [ReadTime(_l("请填写日期和时间。"))])

    refusal: Any = None

    def validate_project_id(self, field: Field) -> None:
        if field.data not in field.choices:
            raise ValidationError(_("请选一个项目。"))

    def values(self) -> dict[str, Any]:
        return {"project_id": self.project_id.data, "effective_from": self.effective_from.data}


def _shown(document: Mapping[str, Any], editable: Mapping[str, str]) -> dict[str, Any]:
    found = dict(leaves(document))
    return {field_name(dotted): _WRITERS.get(kind, _same)(found[dotted]) for dotted, kind in editable.items()}


def _whole_field(dotted: str) -> Field:
    return IntegerField(label_of(dotted), [Whole(*bounds_of(dotted))])


def _choice_field(dotted: str) -> Field:
    offered = {word: word_of(word) for word in CHOICES[dotted]}
    return SelectField(label_of(dotted), [OneOf()], choices=offered, validate_choice=False)


def _order_field(dotted: str) -> Field:
    offered = {" ".join(order): list_words([word_of(one) for one in order]) for order in orders_of(dotted)}
    return SelectField(label_of(dotted), [OneOf()], choices=offered, validate_choice=False)


def _text_field(dotted: str) -> Field:
    return StringField(label_of(dotted), [Needed(_l("请填写名称。")), Plain(60), Printable()], filters=[tidy])


def _pieces(typed: str | None) -> list[str]:
    return [piece for piece in _BETWEEN.split((typed or "").strip()) if piece]


def _is_day(piece: str) -> bool:
    return piece.isascii() and piece.isdigit() and len(piece) <= 4 and 1 <= int(piece) <= MOST_DAYS


def _same(value: Any) -> Any:
    return value


_FIELDS = {
    "whole": _whole_field,
    "share": lambda dotted: DecimalField(label_of(dotted) + " %", [Share()], places=None),
    "flag": lambda dotted: BooleanField(label_of(dotted)),
    "choice": _choice_field,
    "order": _order_field,
    "days": lambda dotted: StringField(label_of(dotted), [Plain(60), Days()], filters=[tidy]),
    "text": _text_field,
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "whole": int,
    "share": lambda percent: float(percent) / 100,
    "flag": bool,
    "choice": str,
    "order": lambda words: words.split(" "),
    "days": lambda typed: sorted({int(piece) for piece in _pieces(typed)}, reverse=True),
    "text": str,
}
_WRITERS = {
    "share": lambda share: f"{share * 100:g}",
    "order": " ".join,
    "days": lambda days: ", ".join(str(day) for day in days),
}
