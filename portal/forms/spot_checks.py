"""Forms of spot checks: what to draw from, what a customer was asked and said, the conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.arrivals import OnceKey, new_key
from portal.forms.backtests import ReadDay
from portal.forms.findings import read_instant
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import Distributor, Project
from portal.rules.spot_checks import METHODS, RESULTS
from portal.wording.spot_checks import METHODS as METHOD_WORDS
from portal.wording.spot_checks import RESULTS as RESULT_WORDS
from portal.wording.times import PORTAL_ZONE

LONGEST = 1000
MOST = 500


class _Form(FlaskForm):
    refusal: Any = None


class DrawForm(_Form):
    """Which deals are drawn from, how many; ``offer`` gives projects and distributors to choose from."""

    first_day = DateField(_l("成交从"), [ReadDay()])
    last_day = DateField(_l("到"), [ReadDay()])
    project = SelectField(_l("项目"), validate_choice=False)
    distributor = SelectField(_l("分销商"), validate_choice=False)
    number = IntegerField(_l("抽几笔"))
    reason = TextAreaField(
        _l("为什么抽查"), [Needed(_l("请写明理由。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    def offer(self, projects: Sequence[Project], distributors: Sequence[Distributor]) -> DrawForm:
        """Take these as what can be chosen; nothing chosen is all of them."""
        self.projects = {one.code: one for one in projects}
        self.distributors = {one.reference: one for one in distributors}
        self.project.choices = [SelectChoice("", _("全部"))] + [SelectChoice(one.code, one.name) for one in projects]
        some = [SelectChoice(one.reference, one.name) for one in distributors]
        self.distributor.choices = [SelectChoice("", _("全部")), *some]
        return self

    def validate_last_day(self, field: Field) -> None:
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise ValidationError(_("不能早于第一天。"))

    def validate_project(self, field: Field) -> None:
        if field.data and field.data not in self.projects:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def validate_distributor(self, field: Field) -> None:
        if field.data and field.data not in self.distributors:
            raise ValidationError(_("请选择分销商。"))

    def validate_number(self, field: Field) -> None:
        field.errors = []
        if field.data is None or not 1 <= field.data <= MOST:
            raise ValidationError(_("请填 1 到 %(most)d 之间的整数。", most=MOST))

    def values(self) -> dict[str, Any]:
        return {
            "first_day": self.first_day.data,
            "last_day": self.last_day.data,
            "project": self.projects.get(self.project.data),
            "distributor": self.distributors.get(self.distributor.data),
            "number": self.number.data,
            "reason": self.reason.data,
            "submission_key": self.submission_key.data,
        }


class AnswerForm(_Form):
    """How the customer of a deal was asked, and what came of it, in the customer's words."""

    method = RadioField(
        _l("方式"),
        choices=[SelectChoice(one, METHOD_WORDS[one]) for one in METHODS],
        default=METHODS[0],
        validate_choice=False,
    )
    result = RadioField(
        _l("结果"), choices=[SelectChoice(one, RESULT_WORDS[one]) for one in RESULTS], validate_choice=False
    )
    words = TextAreaField(_l("客户的原话"), [Plain(LONGEST, lines=True), Printable()], filters=[tidy])
    asked_at = StringField(_l("询问时间"), [Plain(40)], filters=[tidy])

    def validate_method(self, field: Field) -> None:
        if field.data not in METHODS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_result(self, field: Field) -> None:
        if field.data not in RESULTS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_asked_at(self, field: Field) -> None:
        if field.data and not field.errors and read_instant(field.data, PORTAL_ZONE) is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))

    def values(self) -> dict[str, Any]:
        return {
            "method": self.method.data,
            "result": self.result.data,
            "words": self.words.data or "",
            "asked_at": read_instant(self.asked_at.data, PORTAL_ZONE) if self.asked_at.data else None,
        }


class ConclusionForm(_Form):
    """What came of the check."""

    conclusion = TextAreaField(
        _l("结论"), [Needed(_l("请写明结论。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    def values(self) -> dict[str, Any]:
        return {"conclusion": self.conclusion.data}
