"""Customer data corrected by the site (RE-Q43): the fields as they are to be, and why."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.audits import LONGEST_REASON
from portal.forms.customer_fields import CustomerFields, Phone
from portal.forms.editions import EditionForm
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.rules.places import city_code


class CorrectionForm(EditionForm, CustomerFields):
    """What differs from the registration is corrected; phone and document, shown masked, stay when left empty."""

    phone = StringField(_l("手机号"), [Plain(40), Phone()], filters=[tidy])
    place = StringField(_l("来自哪个城市"), [Plain(40), Printable()], filters=[tidy])
    reason = TextAreaField(
        _l("更正原因"), [Needed(_l("请写明原因。")), Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy]
    )

    def validate_place(self, field: Field) -> None:
        if field.data and not field.errors and city_code(field.data) is None:
            raise ValidationError(_("没有认出这个城市，请写到地级市，如“宁波”，或留空。"))

    def values(self) -> dict[str, Any]:
        given = self.clean() | {"residence": city_code(self.place.data) if self.place.data else None}
        kept_when_empty = {name: value for name, value in given.items() if value is not None}
        return {"changes": kept_when_empty, "reason": self.reason.data, "seen": self.seen.data}
