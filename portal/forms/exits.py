"""Forms about the end of a cooperation: asking, deciding, handing over, ticking, signing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.addresses import ReferenceConverter
from portal.forms.distributors import StatusForm
from portal.forms.editions import SeenField
from portal.forms.printable import PersonName, Printable
from portal.forms.slips import SignatureForm
from portal.forms.texts import Needed, Plain, is_of_our_time, tidy
from portal.rules.exits import HANDOVERS, TERMINATION_CLAUSES
from portal.wording.exits import CLAUSE_WORDS

#: So many ticked registrations are read from one page.
_MOST_TICKED = 200


class _Form(FlaskForm):
    refusal: Any = None


class ExitForm(_Form):
    """The partner's written request: why, and the last day of the cooperation."""

    last_day = StringField(_l("合作的最后一天"), [Needed(_l("请选择日期。")), Plain(10)], filters=[tidy])
    reason = TextAreaField(
        _l("申请理由"), [Needed(_l("请写明理由。")), Plain(500, lines=True), Printable()], filters=[tidy]
    )
    submission_key = HiddenField()

    def validate_last_day(self, field: Field) -> None:
        if field.data and _read_day(field.data) is None:
            raise ValidationError(_("日期读不懂，请写成 2026-04-30。"))

    def values(self) -> dict[str, Any]:
        return {
            "last_day": _read_day(self.last_day.data or ""),
            "reason": self.reason.data,
            "submission_key": _read_key(self.submission_key.data or ""),
        }


class TerminationForm(StatusForm):
    """Why, and by which clause, a cooperation is to be ended by the company."""

    clause = RadioField(
        _l("依据的条款"),
        choices=[SelectChoice(clause, CLAUSE_WORDS[clause]) for clause in TERMINATION_CLAUSES],
        default=TERMINATION_CLAUSES[0],
    )

    def values(self) -> dict[str, Any]:
        return {"clause": self.clause.data, "reason": self.reason.data}


class ExitDecisionForm(_Form):
    """Yes or no, and why."""

    decision = HiddenField()
    reason = TextAreaField(
        _l("理由"), [Needed(_l("请写明理由。")), Plain(500, lines=True), Printable()], filters=[tidy]
    )

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("yes", "no"):
            raise ValidationError(_("请选择其中一项。"))

    def values(self) -> dict[str, Any]:
        return {"approved": self.decision.data == "yes", "reason": self.reason.data}


class HandoverForm(_Form):
    """What becomes of the ticked registrations, or of all that run."""

    choice = HiddenField()
    every = HiddenField()
    seen = SeenField()

    def validate_choice(self, field: Field) -> None:
        if field.data not in HANDOVERS:
            raise ValidationError(_("请选择其中一项。"))
        if not self.every.data and not request.form.getlist("reference"):
            raise ValidationError(_("先勾选客户，或对全部作同一决定。"))

    def values(self) -> dict[str, Any]:
        references = None if self.every.data else self.ticked
        return {"choice": self.choice.data, "references": references, "seen": self.seen.data}

    @property
    def ticked(self) -> list[str]:
        """The registrations that were ticked when the form was sent."""
        sent = request.form.getlist("reference")[:_MOST_TICKED]
        return [one for one in sent if re.fullmatch(ReferenceConverter.regex, one)]


class DutyForm(_Form):
    """Done, or waived with a reason."""

    decision = HiddenField()
    note = TextAreaField(_l("说明"), [Plain(300, lines=True), Printable()], filters=[tidy])

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("done", "waived"):
            raise ValidationError(_("请选择其中一项。"))

    def values(self) -> dict[str, Any]:
        return {"done": self.decision.data == "done", "note": self.note.data or ""}


class PaperSettlementForm(_Form):
    """Who signed the settlement on paper."""

    signer_name = StringField(
        _l("签字人"), [Needed(_l("请填写在纸质单上签字的人。")), Plain(40), PersonName()], filters=[tidy]
    )
    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return {"signer_name": self.signer_name.data, "seen": self.seen.data}


class ExitSignatureForm(SignatureForm):
    """The owner's signature on the glass, under what was shown."""

    refusal: Any = None
    seen = SeenField()

    def validate_who(self, field: Field) -> None:
        if field.data != "owner":
            raise ValidationError(_("没有这一方的签字处。"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"seen": self.seen.data}


class PlainForm(_Form):
    """A button alone."""

    def values(self) -> dict[str, Any]:
        return {}


def _read_day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed.replace("/", "-"))
    except ValueError:
        return None
    return found if is_of_our_time(found.year) else None


def _read_key(typed: str) -> str | None:
    """The key that makes a form count once; without one that this portal made, a form sent twice is two."""
    try:
        return str(UUID(typed))
    except ValueError:
        return None
