"""The application for a bulk extension."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy, values_of
from portal.wording.refusals import Words


class ExtensionForm(FlaskForm):
    """The reason, which headquarters reads and the approval prints."""

    reason = TextAreaField(
        _l("为什么需要延期"),
        [Needed(_l("请写明申请延期的理由。")), Plain(500, lines=True), Printable()],
        filters=[tidy],
    )

    refusal: Words | None = None

    def values(self) -> dict[str, Any]:
        return values_of(self)
