"""Decisions of a site with their reasons: audit, excuse, opinion, class."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.editions import SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy

LONGEST_REASON = 500


class AuditForm(FlaskForm):
    """Passed or failed. A failure is explained, and so is a pass while ``explain`` says that a person had to judge."""

    verdict = HiddenField()
    reason = TextAreaField(_l("说明"), [Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy])
    explain = False

    def validate_verdict(self, field: Field) -> None:
        if field.data not in {"pass", "fail"}:
            raise ValidationError(_("请选择通过或不通过。"))

    def validate_reason(self, field: Field) -> None:
        if field.data:
            return
        if self.verdict.data == "fail":
            raise ValidationError(_("不通过须写明原因。"))
        if self.explain:
            raise ValidationError(_("有待人工判断的项，通过须写明依据。"))

    def values(self) -> dict[str, Any]:
        return {"passed": self.verdict.data == "pass", "reason": self.reason.data or ""}


class EmptyForm(FlaskForm):
    """A button: nothing but the CSRF token."""

    def values(self) -> dict[str, Any]:
        return {}


class ExcuseForm(FlaskForm):
    """Why a late filing is excused (RE-Q4)."""

    reason = TextAreaField(
        _l("原因"), [Needed(_l("例外须写明原因。")), Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy]
    )

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


class DeclineExcuseForm(FlaskForm):
    """Why a late filing is not excused; the distributor reads it (RE-Q4)."""

    reason = TextAreaField(
        _l("原因"),
        [Needed(_l("不批准须写明原因，分销商会读到。")), Plain(LONGEST_REASON, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


class OpinionForm(FlaskForm):
    """The leader's opinion on a bulk extension (RE-Q10)."""

    opinion = TextAreaField(
        _l("案场意见"), [Needed(_l("请写明意见。")), Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy]
    )

    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return {"opinion": self.opinion.data, "seen": self.seen.data}


class ClassificationForm(FlaskForm):
    """Bulk or not, and by what (RE-2.7)."""

    bulk = RadioField(
        _l("认定"),
        [Needed(_l("请选择大宗或非大宗。"))],
        choices=[SelectChoice("yes", _l("大宗")), SelectChoice("no", _l("非大宗"))],
    )
    reason = TextAreaField(
        _l("依据"), [Needed(_l("请写明依据。")), Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy]
    )
    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return {"bulk": self.bulk.data == "yes", "reason": self.reason.data, "seen": self.seen.data}
