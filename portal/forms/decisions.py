"""Headquarters' decision on a bulk extension."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.editions import SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Plain, tidy

_DECISIONS = {"approve": True, "reject": False}


class DecisionForm(FlaskForm):
    """Approved or rejected; a rejection is explained, because the distributor reads it."""

    decision = HiddenField(_l("决定"))
    reason = TextAreaField(_l("理由"), [Plain(500, lines=True), Printable()], filters=[tidy])

    seen = SeenField()

    refusal: Any = None

    def validate_decision(self, field: Field) -> None:
        if field.data not in _DECISIONS:
            raise ValidationError(_("请选择同意或拒绝。"))

    def validate_reason(self, field: Field) -> None:
        if self.decision.data == "reject" and not field.data:
            raise ValidationError(_("拒绝须写明理由，分销商会看到。"))

    def values(self) -> dict[str, Any]:
        return {
            "approve": _DECISIONS[self.decision.data or ""],
            "reason": self.reason.data or "",
            "seen": self.seen.data,
        }
