"""Reports by people who choose from no list, and asking what became of one (RE-7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.arrivals import OnceKey, new_key
from portal.forms.findings import LONGEST, brought, check_number
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import Project

_KINDS = {
    "interception": _l("在售楼处附近拦截客户"),
    "poaching": _l("抢走别人的客户"),
    "false_filing": _l("报备的客户不是自己带来的"),
    "staff_dumping": _l("案场人员把客户甩给、藏给分销商"),
}


class _Form(FlaskForm):
    refusal: Any = None


class TipForm(_Form):
    """What somebody saw; ``offer`` gives the projects to choose from."""

    kind = RadioField(
        _l("什么事"), choices=[SelectChoice(kind, word) for kind, word in _KINDS.items()], validate_choice=False
    )
    project = SelectField(_l("哪个项目"), [Needed(_l("请选择项目。"))], validate_choice=False)
    about = StringField(
        _l("是谁"), [Needed(_l("请写明是哪家公司、哪个人，不确定的写特征。")), Plain(80), Printable()], filters=[tidy]
    )
    summary = TextAreaField(
        _l("经过"),
        [Needed(_l("请写明何时、何地、发生了什么。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )
    evidence = MultipleFileField(_l("照片"))
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    def offer(self, projects: Sequence[Project]) -> TipForm:
        """Take these as what can be chosen."""
        self.projects = {one.code: one for one in projects}
        choices = [SelectChoice(one.code, one.name) for one in projects]
        self.project.choices = ([SelectChoice("", _("请选择"))] if len(projects) > 1 else []) + choices
        return self

    def validate_project(self, field: Field) -> None:
        if field.data and field.data not in self.projects:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def validate_kind(self, field: Field) -> None:
        if field.data not in _KINDS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_evidence(self, field: Field) -> None:
        check_number(field)

    def values(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "project": self.projects[self.project.data],
            "about": self.about.data,
            "summary": self.summary.data,
            "contact": None,
            "evidence": brought(self.evidence.data),
            "submission_key": self.submission_key.data,
        }


class NamelessTipForm(TipForm):
    """The same without a name; how to be reached only if the person wants it."""

    contact = StringField(_l("联系方式"), [Plain(80), Printable()], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return super().values() | {"contact": self.contact.data or None}


class TipStateForm(_Form):
    """Number and code of a report."""

    reference = StringField(_l("编号"), [Needed(_l("请填写编号。")), Plain(40)], filters=[tidy])
    code = StringField(_l("查询码"), [Needed(_l("请填写查询码。")), Plain(40)], filters=[tidy])
