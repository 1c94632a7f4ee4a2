"""Forms about enforcements."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy, values_of


class ReleaseForm(FlaskForm):
    """Why a commission that waits may be put forward again."""

    reason = TextAreaField(
        _l("理由"),
        [Needed(_l("请写明为什么可以放行。")), Plain(500, lines=True), Printable()],
        filters=[tidy],
    )

    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return values_of(self)
