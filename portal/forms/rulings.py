"""Rulings of the back office, findings and re-determinations of headquarters."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.addresses import references_in
from portal.forms.arrivals import OnceKey, new_key
from portal.forms.editions import SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.services.findings import OPENING
from portal.wording.rulings import FINDINGS

LONGEST = 500
_NEED = _l("请写明依据。")


class _Seen:
    """The number of the ruling that was looked at: without it nobody could tell whether another has come since."""

    seen = SeenField(filters=[tidy])

    def validate_seen(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("没有收到您看过的是哪一份裁定，没有签发。请看过这一页现在的裁定，再签发一次。"))


class RulingForm(_Seen, FlaskForm):
    """The ruling as the rule gives it, with near matches that a person takes for right, by the numbers of registrations."""

    accept = HiddenField()
    reason = TextAreaField(_l("理由"), [Plain(LONGEST, lines=True), Printable()], filters=[tidy])

    refusal: Any = None

    def validate_reason(self, field: Field) -> None:
        if self.accepted and not field.data:
            raise ValidationError(_("认可近似号码须写明依据。"))

    @property
    def accepted(self) -> tuple[str, ...]:
        """The numbers of the registrations whose near match is taken for right."""
        return references_in(self.accept.data or "")

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data or "", "seen": self.seen.data}


class FindingForm(FlaskForm):
    """What is said about a deal, to be looked into by somebody else."""

    kind = RadioField(
        _l("什么事"), choices=[SelectChoice(kind, FINDINGS[kind]) for kind in OPENING], default=OPENING[0]
    )
    summary = TextAreaField(
        _l("经过"), [Needed(_l("请写明经过。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return {"kind": self.kind.data, "summary": self.summary.data, "submission_key": self.submission_key.data}


class FindingDecisionForm(FlaskForm):
    """Confirmed or not, and on what grounds."""

    decision = HiddenField()
    reason = TextAreaField(_l("依据"), [Needed(_NEED), Plain(LONGEST, lines=True), Printable()], filters=[tidy])

    refusal: Any = None

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("confirm", "dismiss"):
            raise ValidationError(_("请选择查实或不成立。"))

    def values(self) -> dict[str, Any]:
        return {"confirmed": self.decision.data == "confirm", "reason": self.reason.data}


class RedeterminationForm(_Seen, FlaskForm):
    """To whom the deal goes after a confirmed finding: one of the registrations considered, or the company."""

    registration = RadioField(_l("归属"), validate_choice=False)
    reason = TextAreaField(_l("理由"), [Needed(_NEED), Plain(LONGEST, lines=True), Printable()], filters=[tidy])

    refusal: Any = None

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """``choices`` are (number of the registration or "company", words)."""
        self.registration.choices = [SelectChoice(value, words) for value, words in choices]

    def validate_registration(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices or ()}:
            raise ValidationError(_("请选择归属。"))

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data, "seen": self.seen.data}
