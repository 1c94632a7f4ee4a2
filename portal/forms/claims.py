"""Clash claims: what the distributor says and brings; for a claim without a registration, the project and the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.filings import ProjectChoice
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.rules.customers import PhoneUnreadable, StrongKey
from portal.rules.typed_numbers import DocumentUnreadable, read_number
from portal.services.claim_sending import Brought
from portal.wording.refusals import Words

_MOST_AT_ONCE = 10
_PHONE_WORDS = {
    "masked": _l("号码有遮挡，须填完整的手机号或证件号。"),
    "length": _l("手机号是 11 位，身份证号是 18 位，请核对位数。"),
    "unknown": _l("这不像手机号或证件号；境外手机号请加国家或地区代码，如 +852。"),
}


class EvidenceForm(FlaskForm):
    """Files alone, added later."""

    evidence = MultipleFileField(_l("证据"), [Needed(_l("请选择要交的图片或 PDF。"))])

    refusal: Words | None = None

    def validate_evidence(self, field: Field) -> None:
        _check_number(field)

    def values(self) -> dict[str, Any]:
        return {"evidence": _brought(self.evidence.data)}


class ClaimForm(FlaskForm):
    """A claim by a registration of one's own. The statement is for the site; the ruling rests on RE-8.3 alone."""

    statement = TextAreaField(
        _l("情况说明"),
        [Needed(_l("请写明为什么这笔成交应归贵司。")), Plain(1000, lines=True), Printable()],
        filters=[tidy],
    )
    evidence = MultipleFileField(_l("证据"))
    submission_key = HiddenField()

    refusal: Words | None = None

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not self.submission_key.data:
            self.submission_key.data = str(uuid4())

    def validate_evidence(self, field: Field) -> None:
        _check_number(field)

    def values(self) -> dict[str, Any]:
        return {
            "statement": self.statement.data or None,
            "evidence": _brought(self.evidence.data),
            "submission_key": self.submission_key.data,
        }


class NumberClaimForm(ClaimForm):
    """A claim by the number of a buyer. The form knows what a number looks like, not whether anybody has it."""

    project = SelectField(_l("项目"), [Needed(_l("请选择项目。"))], validate_choice=False)
    number = StringField(
        _l("购房人的手机号或证件号"), [Needed(_l("请填写完整的手机号或证件号。")), Plain(40)], filters=[tidy]
    )

    def __init__(self, projects: Sequence[ProjectChoice], **given: Any) -> None:
        super().__init__(**given)
        self.by_code = {project.code: project for project in projects}
        nothing_yet = [] if self.project.data else [SelectChoice("", _l("请选择"))]
        self.project.choices = nothing_yet + [SelectChoice(project.code, project.name) for project in projects]

    def validate_project(self, field: SelectField) -> None:
        if field.data and field.data not in self.by_code:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def validate_number(self, field: StringField) -> None:
        if not field.data or field.errors:
            return
        try:
            read_number(field.data)
        except PhoneUnreadable as problem:
            raise ValidationError(str(_PHONE_WORDS[problem.reason])) from None
        except DocumentUnreadable:
            raise ValidationError(_("身份证号的出生日期或校验位不对，请核对。")) from None

    def values(self) -> dict[str, Any]:
        return super().values() | {"project": self.by_code[self.project.data], "number": self._number()}

    def _number(self) -> StrongKey:
        return read_number(self.number.data or "")


def _check_number(field: Field) -> None:
    if len(field.data or ()) > _MOST_AT_ONCE:
        raise ValidationError(_("一次最多交 %(most)d 个文件，其余的提交后再补。", most=_MOST_AT_ONCE))


def _brought(uploads: Sequence[FileStorage | str] | None) -> list[Brought]:
    """What was chosen; a browser sends an empty name for a field left empty."""
    return [Brought(one.read(), one.filename or "") for one in uploads or () if isinstance(one, FileStorage)]
