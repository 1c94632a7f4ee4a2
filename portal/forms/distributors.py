"""Forms about distributors."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal.forms.editions import EditionForm
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy, values_of


class DistributorForm(FlaskForm):
    """Name and unified social credit code."""

    name = StringField(
        _l("公司全称"), [Needed(_l("请填写营业执照上的公司全称。")), Plain(80), Printable()], filters=[tidy]
    )
    registration_code = StringField(_l("统一社会信用代码"), [Plain(40)], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return values_of(self)


class ChangeDistributorForm(EditionForm, DistributorForm):
    """Name and code as they are to be, opened with what they are."""


class StatusForm(FlaskForm):
    """Why a distributor is suspended, blacklisted or taken back."""

    reason = TextAreaField(
        _l("理由"),
        [Needed(_l("请写明理由，它会留在分销商的档案里。")), Plain(500, lines=True), Printable()],
        filters=[tidy],
    )

    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return values_of(self)
