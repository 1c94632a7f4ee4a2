"""Forms of the front desk: find a filing, register an arrival, a broker who names no filing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.customer_fields import CustomerFields
from portal.forms.texts import Needed, Plain, tidy
from portal.models import Distributor


class OnceKey:
    """The key that makes a form count once; a form without its own was not made by this portal."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        try:
            field.data = str(UUID(field.data or ""))
        except ValueError:
            raise ValidationError(_("这一页的提交标记不对，请重新打开再提交。")) from None


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return str(uuid4())


class FindForm(FlaskForm):
    """A scanned or typed number, a name, pinyin or the last four digits."""

    q = StringField(
        _l("有经纪人陪同：找报备"), [Needed(_l("请扫码，或输入姓名、后四位。")), Plain(200)], filters=[tidy]
    )


class _Once:
    """The key that makes an arrival count once, and the mark of the question that the desk was asked and says yes to."""

    submission_key = HiddenField(validators=[OnceKey()], default=new_key)
    confirmed = HiddenField()

    def given(self) -> dict[str, Any]:
        return {"submission_key": self.submission_key.data, "confirmed": self.confirmed.data or ""}


class ArrivalForm(_Once, FlaskForm):
    """The button 登记到访."""

    def values(self) -> dict[str, Any]:
        return self.given()


class UnfiledArrivalForm(_Once, CustomerFields):
    """A broker brings a customer without naming a filing: whose broker, and whom."""

    distributor = SelectField(_l("分销商"), [Needed(_l("请选择带客的分销商。"))])

    def offer(self, distributors: Sequence[Distributor]) -> None:
        """Take ``distributors`` as choices; nothing is chosen beforehand."""
        self._by_reference = {distributor.reference: distributor for distributor in distributors}
        names = [SelectChoice(one.reference, one.name) for one in distributors]
        self.distributor.choices = [SelectChoice("", _("请选择")), *names]

    def values(self) -> dict[str, Any]:
        return {
            "distributor": self._by_reference[self.distributor.data],
            "customer": self.customer(),
            **self.given(),
        }
