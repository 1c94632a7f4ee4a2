"""What is tried: in which project, on which days, and which policy: a published version, or one that was written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portal.forms.arrivals import OnceKey, new_key
from portal.forms.printable import Printable
from portal.forms.texts import Plain, is_of_our_time, row_number, tidy
from portal.rules.policies import PolicyError
from portal.rules.policy_drafts import LONGEST_DRAFT, NotYaml, read_draft
from portal.wording.policy_values import label_of

WRITTEN, PUBLISHED = "written", "published"


class ReadDay:
    """A day of this century that could be read."""

    def __init__(self) -> None:
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: DateField) -> None:
        field.errors = []
        if field.data is None or not is_of_our_time(field.data.year):
            raise StopValidation(_("请填写日期。"))


class BacktestForm(FlaskForm):
    """``documents``: the published versions by id, for the view to give. A file goes before what stands in the field."""

    project_id = SelectField(_l("项目"), coerce=row_number, validate_choice=False)
    first_day = DateField(_l("第一天"), [ReadDay()])
    last_day = DateField(_l("最后一天"), [ReadDay()])
    source = RadioField(
        _l("试算哪份规则"),
        choices=[SelectChoice(PUBLISHED, _l("已发布的版本")), SelectChoice(WRITTEN, _l("另写一份"))],
        default=PUBLISHED,
        validate_choice=False,
    )
    policy_id = SelectField(_l("版本"), coerce=row_number, validate_choice=False)
    file = FileField(_l("规则文件（YAML）"))
    text = TextAreaField(_l("规则全文（YAML）"))
    name = StringField(_l("给它一个名字"), [Plain(40), Printable()], filters=[tidy])
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    refusal: Any = None
    documents: Mapping[int, tuple[str, dict[str, Any]]] = MappingProxyType({})
    _written: dict[str, Any] | None = None

    def validate_project_id(self, field: Field) -> None:
        if field.data not in field.choices:
            raise ValidationError(_("请选一个项目。"))

    def validate_policy_id(self, field: Field) -> None:
        if self.source.data != WRITTEN and field.data not in self.documents:
            raise ValidationError(_("请选一个已发布的规则版本。"))

    def validate_file(self, field: Field) -> None:
        """The file becomes the text, so that what was read can be seen and mended."""
        if not field.data or not field.data.filename:
            return
        content = field.data.read(4 * LONGEST_DRAFT + 1)
        try:
            self.text.data = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("文件不是 UTF-8 的文本，请另存后再选。")) from None
        self.source.data = WRITTEN

    def validate_text(self, field: Field) -> None:
        if self.source.data != WRITTEN:
            return
        try:
            self._written = read_draft(field.data or "")
        except PolicyError as error:
            raise ValidationError(_objection(error, field.data or "")) from None

    def values(self) -> dict[str, Any]:
        name, document = self.name.data or "", self._written
        if document is None:
            called, document = self.documents[self.policy_id.data]
            name = name or called
        return {
            "project_id": self.project_id.data,
            "document": document,
            "name": name,
            "first_day": self.first_day.data,
            "last_day": self.last_day.data,
            "submission_key": self.submission_key.data,
        }


def as_text(document: dict[str, Any]) -> str:
    """A document as YAML, as people edit it."""
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100)


def _objection(error: PolicyError, typed: str) -> str:
    """What is wrong with a written policy, with the line or the parameter."""
    if not typed.strip():
        return _("请贴入规则全文，或选一个文件。")
    if len(typed) > LONGEST_DRAFT:
        return _("规则最长 %(longest)d 个字符。", longest=LONGEST_DRAFT)
    if isinstance(error, NotYaml):
        if error.line is None:
            return _("读不出规则：须是 YAML，参数名在左，值在右，不用引用（& 和 *）。")
        return _("第 %(line)d 行读不出来：须是 YAML，参数名在左，值在右，不用引用（& 和 *）。", line=error.line)
    dotted, _sep, rest = str(error).partition(" ")
    if rest == "is missing":
        return _("缺少参数 %(dotted)s（%(label)s）。", dotted=dotted, label=label_of(dotted))
    return _("参数 %(dotted)s（%(label)s）的值不对。", dotted=dotted, label=label_of(dotted))
