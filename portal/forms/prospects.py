"""Forms of prospects: who and where found, a contact, the evaluation form, why it is dropped."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.care import read_instant
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.rules.prospects import CONTACT_KINDS, EVALUATED, SOURCES
from portal.wording.prospects import CONTACTS
from portal.wording.prospects import EVALUATED as SCORE_WORDS
from portal.wording.prospects import SOURCES as SOURCE_WORDS

LONGEST = 1000
_SCORE = re.compile(r"(100(\.0)?|\d{1,2}(\.\d)?)")


class _Form(FlaskForm):
    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return {name: field.data or None for name, field in self._fields.items() if name != "csrf_token"}


class ProspectForm(_Form):
    """Who it is, how it was found, where it is reached."""

    name = StringField(
        _l("公司全称或姓名"), [Needed(_l("请填写公司全称或姓名。")), Plain(80), Printable()], filters=[tidy]
    )
    source = RadioField(
        _l("从哪里找到的"), choices=[SelectChoice(one, SOURCE_WORDS[one]) for one in SOURCES], validate_choice=False
    )
    contact_name = StringField(_l("联系人"), [Plain(40), Printable()], filters=[tidy])
    contact = StringField(_l("电子邮箱或手机号"), [Needed(_l("请填写电子邮箱或手机号。")), Plain(120)], filters=[tidy])
    remark = TextAreaField(_l("调研所得"), [Plain(LONGEST, lines=True), Printable()], filters=[tidy])

    def validate_source(self, field: Field) -> None:
        if field.data not in SOURCES:
            raise ValidationError(_("请选择其中一项。"))


class ProspectContactForm(_Form):
    """How they were spoken to, when, what they need."""

    kind = RadioField(
        _l("方式"),
        choices=[SelectChoice(one, CONTACTS[one]) for one in CONTACT_KINDS],
        default=CONTACT_KINDS[0],
        validate_choice=False,
    )
    happened_at = StringField(_l("时间"), [Plain(40)], filters=[tidy])
    needs = TextAreaField(
        _l("对方的需求"),
        [Needed(_l("请写明对方要什么、能做什么。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def validate_kind(self, field: Field) -> None:
        if field.data not in CONTACT_KINDS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_happened_at(self, field: Field) -> None:
        if field.data and not field.errors and read_instant(field.data) is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))

    def values(self) -> dict[str, Any]:
        happened_at = read_instant(self.happened_at.data) if self.happened_at.data else None
        return {"kind": self.kind.data, "happened_at": happened_at, "needs": self.needs.data}


class EvaluationForm(_Form):
    """The evaluation form: three scores and the reasons."""

    market = StringField(SCORE_WORDS["market"], filters=[tidy])
    reputation = StringField(SCORE_WORDS["reputation"], filters=[tidy])
    willingness = StringField(SCORE_WORDS["willingness"], filters=[tidy])
    reasons = TextAreaField(
        _l("评估的理由"),
        [Needed(_l("请写明评估的理由。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def validate_market(self, field: Field) -> None:
        if not _SCORE.fullmatch(field.data or ""):
            raise ValidationError(_("请评 0 到 100 分，最多一位小数。"))

    validate_reputation = validate_willingness = validate_market

    def values(self) -> dict[str, Any]:
        return {"scores": {name: Decimal(self[name].data) for name in EVALUATED}, "reasons": self.reasons.data}


class DropForm(_Form):
    """Why it goes no further."""

    reason = StringField(_l("理由"), [Needed(_l("请写明理由。")), Plain(200), Printable()], filters=[tidy])


class ButtonForm(_Form):
    """A button alone."""
