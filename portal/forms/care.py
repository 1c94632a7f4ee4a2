"""Forms of class and care: a class with its reason, who looks after whom, a contact, the half-year sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.editions import SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, row_number, tidy
from portal.models import User
from portal.rules.care import CLASSES, CONTACT_KINDS, Sheet
from portal.wording.care import CLASSES as CLASS_WORDS
from portal.wording.care import CONTACTS, INDICATORS
from portal.wording.times import PORTAL_ZONE

LONGEST = 1000
_SCORE = re.compile(r"(100(\.0)?|\d{1,2}(\.\d)?)")


class _Form(FlaskForm):
    refusal: Any = None


class PlainForm(_Form):
    """A button alone."""

    def values(self) -> dict[str, Any]:
        return {}


class ClassForm(_Form):
    """Which class, and why; the distributor reads it. In place of the class, or after the scores, that were shown."""

    letter = RadioField(
        _l("级别"), choices=[SelectChoice(one, CLASS_WORDS[one]) for one in CLASSES], validate_choice=False
    )
    reason = TextAreaField(
        _l("理由"), [Needed(_l("请写明理由，分销商会看到。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )
    seen = SeenField()

    def validate_letter(self, field: Field) -> None:
        if field.data not in CLASSES:
            raise ValidationError(_("请选择级别。"))

    def values(self) -> dict[str, Any]:
        return {"letter": self.letter.data, "reason": self.reason.data, "seen": self.seen.data}


class PeopleForm(_Form):
    """Account owner and deputy; ``offer`` gives the people to choose from."""

    owner = SelectField(_l("客户经理"), validate_choice=False)
    deputy = SelectField(_l("副经理"), validate_choice=False)

    seen = SeenField()

    def offer(self, people: Sequence[User]) -> PeopleForm:
        """Take these as who can be named."""
        self.known = {str(one.id): one for one in people}
        choices = [SelectChoice("", _("还没有"))] + [SelectChoice(str(one.id), one.name) for one in people]
        self.owner.choices = self.deputy.choices = choices
        return self

    def validate_owner(self, field: Field) -> None:
        if field.data and field.data not in self.known:
            raise ValidationError(_("没有这个人，请从列表中选择。"))

    validate_deputy = validate_owner

    def values(self) -> dict[str, Any]:
        named = {"owner_id": row_number(self.owner.data) or None, "deputy_id": row_number(self.deputy.data) or None}
        return named | {"seen": self.seen.data}


class ContactForm(_Form):
    """A contact: how, when, with whom, what was said."""

    kind = RadioField(
        _l("方式"),
        choices=[SelectChoice(kind, CONTACTS[kind]) for kind in CONTACT_KINDS],
        default=CONTACT_KINDS[0],
        validate_choice=False,
    )
    happened_at = StringField(_l("时间"), [Plain(40)], filters=[tidy])
    with_whom = StringField(_l("和谁"), [Plain(40), Printable()], filters=[tidy])
    summary = TextAreaField(
        _l("内容"), [Needed(_l("请写明谈了什么、发了什么。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    def validate_kind(self, field: Field) -> None:
        if field.data not in CONTACT_KINDS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_happened_at(self, field: Field) -> None:
        if field.data and not field.errors and read_instant(field.data) is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))

    def values(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "happened_at": read_instant(self.happened_at.data) if self.happened_at.data else None,
            "with_whom": self.with_whom.data or None,
            "summary": self.summary.data,
        }


class ScoreForm(_Form):
    """The scores of the sheet's indicators and the judgement in words; made by ``score_form`` for one sheet."""

    judgement = TextAreaField(
        _l("总体评价"), [Needed(_l("请用文字写明评价。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    seen = SeenField()

    def scores(self) -> list[Field]:
        """The fields of the scores, in the order of the sheet."""
        return [self[f"score_{code}"] for code in self.codes]

    codes: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        scores = {code: Decimal(self[f"score_{code}"].data) for code in self.codes}
        return {"scores": scores, "judgement": self.judgement.data, "seen": self.seen.data}


class MeasuresForm(_Form):
    """What follows for the distributor."""

    measures = TextAreaField(
        _l("措施"),
        [Needed(_l("请写明奖励、支持、改进或处理。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"measures": self.measures.data}


def score_form(sheet: Sheet, **filled: Any) -> ScoreForm:
    """The form of this sheet, filled with what was scored before."""
    fields = {f"score_{one.code}": StringField(INDICATORS[one.code], [_score]) for one in sheet.indicators}
    made = type("ScoreFormOfSheet", (ScoreForm,), fields | {"codes": tuple(one.code for one in sheet.indicators)})
    form: ScoreForm = made(data=filled)
    return form


def read_instant(typed: str) -> datetime | None:
    """A date and time in the group's zone, UTC; None when it cannot be read."""
    try:
        found = datetime.fromisoformat(typed.replace("/", "-"))
    except ValueError:
        return None
    if found.tzinfo is not None or not 2000 <= found.year <= 2100:
        return None
    return found.replace(tzinfo=PORTAL_ZONE, microsecond=0).astimezone(UTC)


def _score(form: FlaskForm, field: Field) -> None:
    if not _SCORE.fullmatch((field.data or "").strip()):
        raise ValidationError(_("请填 0 到 100，最多一位小数。"))
