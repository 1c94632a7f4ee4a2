"""Complaints: three ways to make one, and every step of the work on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.arrivals import OnceKey, new_key
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, row_number, tidy
from portal.models import Distributor, Project, User
from portal.rules.complaints import TAKEN_DOWN
from portal.rules.customers import PhoneUnreadable, read_phone
from portal.services.breaches import BY_DISTRIBUTOR
from portal.services.complaints import Statement
from portal.wording.complaints import CAUSES, CHANNELS, GRAVITIES, OUTCOMES, SATISFACTION, SUBJECTS, TOLD_BY
from portal.wording.rulings import FINDINGS

LONGEST = 2000


class _Form(FlaskForm):
    refusal: Any = None


def _choices(words: Mapping[Any, LazyString], among: Iterable[Any] | None = None) -> list[SelectChoice]:
    return [SelectChoice(str(one), words[one]) for one in among or words]


def _long(label: LazyString, needed: LazyString | None = None, longest: int = LONGEST) -> TextAreaField:
    first = [Needed(needed)] if needed is not None else []
    return TextAreaField(label, [*first, Plain(longest, lines=True), Printable()], filters=[tidy])


class _Chosen:
    """One of the words must be chosen."""

    def __init__(self, words: Iterable[Any]) -> None:
        self.known = {str(one) for one in words}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data not in self.known:
            raise ValidationError(_("请选择其中一项。"))


class StatementForm(_Form):
    """What everybody who complains says; ``offer`` gives the projects to choose from."""

    about = RadioField(_l("投诉谁"), [_Chosen(SUBJECTS)], choices=_choices(SUBJECTS), validate_choice=False)
    who = StringField(_l("名称或姓名"), [Plain(80), Printable()], filters=[tidy])
    project = SelectField(_l("哪个项目"), validate_choice=False)
    facts = _long(_l("经过"), _l("请写明何时、何地、发生了什么。"))
    wish = _long(_l("希望怎样解决"), longest=500)
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    def offer(self, projects: Sequence[Project]) -> StatementForm:
        """Take these as the projects to choose from."""
        self.projects = {one.code: one for one in projects}
        self.project.choices = [SelectChoice("", _("与项目无关或不清楚"))] + [
            SelectChoice(one.code, one.name) for one in projects
        ]
        return self

    def validate_project(self, field: Field) -> None:
        if field.data and field.data not in self.projects:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def said(self) -> dict[str, Any]:
        """The statement's values."""
        return {
            "about": self.about.data,
            "who": self.who.data or None,
            "project": self.projects.get(self.project.data),
            "facts": self.facts.data,
            "wish": self.wish.data or None,
        }

    def values(self) -> dict[str, Any]:
        return {"statement": Statement(**self.said()), "submission_key": self.submission_key.data}


class PublicForm(StatementForm):
    """A customer who does not sign in; name and number only if they want to be called back."""

    name = StringField(_l("怎么称呼您"), [Plain(40), Printable()], filters=[tidy])
    phone = StringField(_l("手机号"), [Plain(30)], filters=[tidy])
    disclosed = BooleanField(_l("可以把我的称呼告诉被投诉的一方"))

    def validate_phone(self, field: Field) -> None:
        if field.data and _phone(field.data) is None:
            raise ValidationError(_("号码读不懂，请核对后再填，或留空。"))

    def said(self) -> dict[str, Any]:
        phone = _phone(self.phone.data) if self.phone.data else None
        return super().said() | {"name": self.name.data or None, "phone": phone, "disclosed": self.disclosed.data}


class RecordForm(PublicForm):
    """Taken down for somebody who called, came, or left a slip; the distributor only where it is known."""

    channel = RadioField(
        _l("来源"),
        [_Chosen(TAKEN_DOWN)],
        choices=_choices(CHANNELS, TAKEN_DOWN),
        default=TAKEN_DOWN[0],
        validate_choice=False,
    )
    distributor = SelectField(_l("分销商"), validate_choice=False)

    def offer_distributors(self, distributors: Sequence[Distributor]) -> RecordForm:
        """Take these as the distributors to choose from."""
        self.known = _offer(self.distributor, distributors)
        return self

    def said(self) -> dict[str, Any]:
        return super().said() | {"distributor": self.known.get(self.distributor.data)}

    def values(self) -> dict[str, Any]:
        return super().values() | {"channel": self.channel.data}


class PartnerForm(StatementForm):
    """A distributor complains; it is known who."""

    disclosed = BooleanField(_l("可以把我司的名称告诉被投诉的一方"))

    def said(self) -> dict[str, Any]:
        return super().said() | {"disclosed": self.disclosed.data}


class AcceptForm(_Form):
    """How grave it is, and whom it is about."""

    gravity = RadioField(
        _l("难易"), [_Chosen(GRAVITIES)], choices=_choices(GRAVITIES), default="ordinary", validate_choice=False
    )
    distributor = SelectField(_l("被投诉的分销商"), validate_choice=False)

    def offer(self, distributors: Sequence[Distributor], chosen: Distributor | None) -> AcceptForm:
        """Take these as what can be chosen."""
        self.known = _offer(self.distributor, distributors)
        if not self.is_submitted() and chosen is not None:
            self.distributor.data = chosen.reference
        return self

    def values(self) -> dict[str, Any]:
        return {"gravity": self.gravity.data, "distributor": self.known.get(self.distributor.data)}


class OwnerForm(_Form):
    """Who goes on with it."""

    owner = SelectField(_l("交给"), validate_choice=False)

    def offer(self, people: Sequence[User]) -> OwnerForm:
        """Take these as who can have it."""
        self.known = {str(one.id): one for one in people}
        self.owner.choices = [SelectChoice("", _("请选择"))] + [SelectChoice(str(one.id), one.name) for one in people]
        return self

    def validate_owner(self, field: Field) -> None:
        if field.data not in self.known:
            raise ValidationError(_("没有这个人，请从列表中选择。"))

    def values(self) -> dict[str, Any]:
        return {"owner": self.known[self.owner.data]}


class GroupForm(_Form):
    """Who looks into it together."""

    members = SelectMultipleField(_l("调查小组"), validate_choice=False)

    def offer(self, people: Sequence[User]) -> GroupForm:
        """Take these as who can join."""
        self.known = {str(one.id) for one in people}
        self.members.choices = [SelectChoice(str(one.id), one.name) for one in people]
        return self

    def validate_members(self, field: Field) -> None:
        if any(one not in self.known for one in field.data or ()):
            raise ValidationError(_("没有这个人，请从列表中选择。"))

    def values(self) -> dict[str, Any]:
        return {"members": [row_number(one) for one in self.members.data or ()]}


class OutcomeForm(_Form):
    """What was found, how it comes out, what the complainant is told."""

    inquiry = _long(_l("调查经过和依据"), _l("请写明查了什么、问了谁、结果如何。"))
    outcome = RadioField(_l("结论"), [_Chosen(OUTCOMES)], choices=_choices(OUTCOMES), validate_choice=False)
    answer = _long(_l("给投诉人的答复"), _l("请写明结论和解决办法。"))
    partner_note = _long(_l("给被投诉分销商的说明"))

    def offer(self, *, by_partner: bool) -> OutcomeForm:
        """Leave out what this complaint cannot be found to be (DM-Q2)."""
        among = [one for one in OUTCOMES if by_partner or one != "knowingly_false"]
        self.outcome.choices = _choices(OUTCOMES, among)
        return self

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("inquiry", "outcome", "answer", "partner_note")}


class ProgressForm(_Form):
    """How far it is, and how the complainant was told."""

    words = _long(_l("进展"), _l("请写明办到哪一步、还要做什么。"), 500)
    by = RadioField(
        _l("怎样告知的"), [_Chosen(TOLD_BY)], choices=_choices(TOLD_BY), default="page", validate_choice=False
    )

    def values(self) -> dict[str, Any]:
        return {"words": self.words.data, "by": self.by.data}


class AnswerForm(_Form):
    """How the complainant was told."""

    by = RadioField(_l("怎样答复的"), [_Chosen(TOLD_BY)], choices=_choices(TOLD_BY), validate_choice=False)

    def values(self) -> dict[str, Any]:
        return {"by": self.by.data}


class RatingForm(_Form):
    """How satisfied, settled or not, and what is still open."""

    satisfaction = RadioField(
        _l("满意程度"), [_Chosen(SATISFACTION)], choices=_choices(SATISFACTION), validate_choice=False
    )
    settled = RadioField(
        _l("解决了吗"),
        [_Chosen(("yes", "no"))],
        choices=[SelectChoice("yes", _l("解决了")), SelectChoice("no", _l("没有解决"))],
        validate_choice=False,
    )
    opinion = _long(_l("还想说的"), longest=1000)

    def validate_opinion(self, field: Field) -> None:
        if self.settled.data == "no" and not field.data:
            raise ValidationError(_("没有解决的，请写明还有什么没解决。"))

    def values(self) -> dict[str, Any]:
        satisfaction = int(self.satisfaction.data or 0)
        return {
            "satisfaction": satisfaction,
            "settled": self.settled.data == "yes",
            "opinion": self.opinion.data or None,
        }


class PlainForm(_Form):
    """A button alone."""

    def values(self) -> dict[str, Any]:
        return {}


class CauseForm(_Form):
    """Why it came to this, and what is done about it."""

    cause = RadioField(_l("原因"), [_Chosen(CAUSES)], choices=_choices(CAUSES), validate_choice=False)
    cause_note = _long(_l("原因说明"))
    measures = _long(_l("改进措施"), _l("请写明改什么、谁改、何时改完。"))

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("cause", "cause_note", "measures")}


class CaseForm(_Form):
    """A breach reported of the complaint."""

    kind = RadioField(
        _l("什么事"), [_Chosen(BY_DISTRIBUTOR)], choices=_choices(FINDINGS, BY_DISTRIBUTOR), validate_choice=False
    )
    case_project = SelectField(_l("项目"), [Needed(_l("请选择项目。"))], validate_choice=False)
    summary = _long(_l("经过"), _l("请写明经过。"), 1000)

    def offer(self, projects: Sequence[Project], chosen: Project | None, facts: str) -> CaseForm:
        """Take these as the projects; begin with what the complaint says."""
        self.projects = {one.code: one for one in projects}
        self.case_project.choices = [SelectChoice("", _("请选择"))] + [
            SelectChoice(one.code, one.name) for one in projects
        ]
        if not self.is_submitted():
            self.case_project.data = chosen.code if chosen is not None else ""
            self.summary.data = facts[:1000]
        return self

    def validate_case_project(self, field: Field) -> None:
        if field.data and field.data not in self.projects:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def values(self) -> dict[str, Any]:
        project = self.projects[self.case_project.data]
        return {"project": project, "kind": self.kind.data, "summary": self.summary.data}


class LookUpForm(_Form):
    """The number and the secret code of a complaint."""

    reference = StringField(_l("编号"), [Needed(_l("请填写编号。")), Plain(40)], filters=[tidy])
    code = StringField(_l("查询码"), [Needed(_l("请填写查询码。")), Plain(40)], filters=[tidy])


def _offer(field: SelectField, distributors: Sequence[Distributor]) -> dict[str, Distributor]:
    field.choices = [SelectChoice("", _("还不清楚"))] + [SelectChoice(one.reference, one.name) for one in distributors]
    return {one.reference: one for one in distributors}


def _phone(typed: str) -> str | None:
    try:
        return read_phone(typed)
    except PhoneUnreadable:
        return None
