"""Headquarters' forms about applications: remarks, checklist, surveys, group, scores, opinions, signatures, entry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.applications import read_day
from portal.forms.editions import SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy, values_of
from portal.models import Delegation, User
from portal.rules.applications import AREAS, HIGHEST_SCORE
from portal.wording.applications import AREAS as AREA_WORDS
from portal.wording.applications import FIELDS, INQUIRIES, PAPERS, POINTS

LONGEST = 1000


class _Form(FlaskForm):
    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return values_of(self)


def _reason(label: Any, message: Any) -> TextAreaField:
    return TextAreaField(label, [Needed(message), Plain(LONGEST, lines=True), Printable()], filters=[tidy])


class PlainForm(_Form):
    """A button alone."""


class ReturnForm(_Form):
    """A remark beside each field that is to be corrected."""

    def values(self) -> dict[str, Any]:
        return {"remarks": {name: words for name, words in values_of(self).items() if words}}


for _name, _word in (*FIELDS.items(), *PAPERS.items()):
    setattr(ReturnForm, _name, StringField(_word, [Plain(300), Printable()], filters=[tidy]))


class PointsForm(_Form):
    """The points of the checklist that hold."""

    points = SelectMultipleField(_l("准入条件"), choices=[SelectChoice(*pair) for pair in POINTS.items()])
    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return {"points": self.points.data or [], "seen": self.seen.data}


class InquiryForm(_Form):
    """A survey, an interview or an inspection."""

    kind = RadioField(_l("种类"), choices=[SelectChoice(*pair) for pair in INQUIRIES.items()], default="market")
    held_on = StringField(_l("日期"), [Needed(_l("请填写日期。")), Plain(10)], filters=[tidy])
    findings = _reason(_l("情况"), _l("请写明情况和结论。"))

    def validate_held_on(self, field: Field) -> None:
        if field.data and read_day(field.data) is None:
            raise ValidationError(_("日期读不懂，请写成 2026-04-07。"))

    def values(self) -> dict[str, Any]:
        return values_of(self) | {"held_on": read_day(self.held_on.data)}


class GroupForm(_Form):
    """The members of the review group; ``offer`` gives whom to choose from."""

    members = SelectMultipleField(_l("评审组成员"), coerce=str, validate_choice=False)
    seen = SeenField()

    def offer(self, people: Sequence[User]) -> GroupForm:
        """Take these as what can be chosen."""
        self.people = {str(one.id): one for one in people}
        self.members.choices = [SelectChoice(str(one.id), one.name) for one in people]
        return self

    def values(self) -> dict[str, Any]:
        chosen = [self.people[number] for number in self.members.data or [] if number in self.people]
        return {"members": chosen, "seen": self.seen.data}


class ScoresForm(_Form):
    """Six areas, 0 to 100 each, at most two decimals."""

    comment = TextAreaField(_l("评语"), [Plain(LONGEST, lines=True), Printable()], filters=[tidy])

    def values(self) -> dict[str, Any]:
        scores = {area: _read_score(self[area].data) for area in AREAS}
        return {"scores": scores, "comment": self.comment.data}


def _check_score(form: FlaskForm, field: Field) -> None:
    if field.data and _read_score(field.data) is None:
        raise ValidationError(_("请填写 0 到 100 的数，最多两位小数。"))


def _read_score(typed: str | None) -> Decimal | None:
    try:
        score = Decimal(typed or "")
    except InvalidOperation:
        return None
    sound = score.is_finite() and 0 <= score <= HIGHEST_SCORE and score == score.quantize(Decimal("0.01"))
    return score if sound else None


for _name in AREAS:
    _needed = Needed(_l("请填写分数。"))
    setattr(ScoresForm, _name, StringField(AREA_WORDS[_name], [_needed, Plain(6), _check_score], filters=[tidy]))


class DecisionForm(_Form):
    """One of two ways, and why; ``yes`` is the argument of the command that says which."""

    yes = "passed"
    decision = HiddenField()
    reason = _reason(_l("理由"), _l("请写明理由。"))

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("yes", "no"):
            raise ValidationError(_("请选择其中一项。"))

    def values(self) -> dict[str, Any]:
        return {self.yes: self.decision.data == "yes", "reason": self.reason.data}


class SignForm(DecisionForm):
    """Approved or not, for oneself or by a delegation; ``offer`` says first which there are."""

    yes = "approved"
    delegation = HiddenField()

    def offer(self, delegations: Sequence[Delegation]) -> None:
        """By which delegations the person may sign now."""
        self.standing = {one.reference: one for one in delegations}

    def validate_delegation(self, field: Field) -> None:
        if field.data and field.data not in self.standing:
            raise ValidationError(_("这份授权现在不能用，请重新打开这一页。"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"delegation": self.standing.get(self.delegation.data or "")}


class ReasonForm(_Form):
    """A reason."""

    reason = _reason(_l("理由"), _l("请写明理由。"))


class PaperCheckForm(_Form):
    """Whether a paper will do."""

    decision = HiddenField()
    sealed = BooleanField(_l("已加盖公章"))
    remark = StringField(_l("备注"), [Plain(300), Printable()], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return {
            "accepted": self.decision.data == "yes",
            "sealed": self.sealed.data,
            "remark": self.remark.data or None,
        }


class InviteForm(_Form):
    """Whom to invite, at which address."""

    name = StringField(_l("公司全称或姓名"), [Needed(_l("请填写邀请对象。")), Plain(80), Printable()], filters=[tidy])
    contact = StringField(_l("电子邮箱或手机号"), [Needed(_l("请填写电子邮箱或手机号。")), Plain(120)], filters=[tidy])


class EntryForm(_Form):
    """Where the paper lies (DO-2.6)."""

    folder_location = StringField(
        _l("纸质材料存放位置"), [Needed(_l("请写明文件夹的位置。")), Plain(120), Printable()], filters=[tidy]
    )
