"""Forms about projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, DecimalField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp, StopValidation

from portal.forms.editions import EditionForm
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, is_of_our_time, row_number, tidy, values_of
from portal.rules.cities import cities


class Degrees:
    """A coordinate between ``-limit`` and ``limit``, six decimals."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: DecimalField) -> None:
        field.errors = []
        if field.data is None or not field.data.is_finite() or abs(field.data) > self.limit:
            raise StopValidation(_("请填写 -%(limit)d 到 %(limit)d 之间的度数，如 30.274100。", limit=self.limit))
        field.data = field.data.quantize(Decimal("0.000001"))


class ReadTime:
    """A time or an instant of this century that could be read; ``message`` says how to write it."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: TimeField) -> None:
        field.errors = []
        if field.data is None or not is_of_our_time(getattr(field.data, "year", None)):
            raise StopValidation(str(self.message))


def _city_choices() -> list[SelectChoice]:
    found = cities().values()
    return [SelectChoice("", "–"), *(SelectChoice(city.code, city.name, optgroup=city.province) for city in found)]


class ProjectForm(FlaskForm):
    """What an administrator may change of a project."""

    name = StringField(_l("项目名称"), [Needed(_l("请填写项目名称。")), Plain(40), Printable()], filters=[tidy])
    group_name = StringField(_l("集团名称"), [Plain(40), Printable()], filters=[tidy])
    city_code = SelectField(_l("城市"), choices=_city_choices, validate_choice=False)
    address = StringField(_l("售楼处地址"), [Plain(120)], filters=[tidy])
    latitude = DecimalField(_l("纬度"), [Degrees(90)], places=None)
    longitude = DecimalField(_l("经度"), [Degrees(180)], places=None)
    opens_at = TimeField(_l("开门"), [ReadTime(_l("请按 09:00 的写法填写。"))])
    closes_at = TimeField(_l("关门"), [ReadTime(_l("请按 20:30 的写法填写。"))])
    bulk_criterion = TextAreaField(_l("大宗认定标准"), [Plain(300, lines=True)], filters=[tidy])
    is_open = BooleanField(_l("接受新的报备"))

    def particulars(self) -> dict[str, Any]:
        """The fields of every project, without those of a new one."""
        return {name: self.data[name] or ("" if name in _TEXTS else self.data[name]) for name in _PARTICULARS}

    def values(self) -> dict[str, Any]:
        return {"particulars": self.particulars()}


_TEXTS = ("group_name", "address", "bulk_criterion")
_PARTICULARS = (
    *("name", "group_name", "city_code", "address", "latitude", "longitude"),
    *("opens_at", "closes_at", "bulk_criterion", "is_open"),
)


class ChangeProjectForm(EditionForm, ProjectForm):
    """The particulars as they are to be, opened with what they are."""

    def values(self) -> dict[str, Any]:
        return {"particulars": self.particulars(), "seen": self.seen.data}


class PolicyChoice(FlaskForm):
    """A published policy."""

    policy_id = SelectField(_l("报备规则"), coerce=row_number, validate_choice=False)

    def values(self) -> dict[str, Any]:
        return values_of(self)


class NewProjectForm(ProjectForm, PolicyChoice):
    """A project and the policy that binds it from the first moment. The code stays for ever."""

    code = StringField(
        _l("项目代码"),
        [
            Needed(_l("请填写项目代码，如 YQ。")),
            Regexp(r"[A-Z0-9]{2,6}\Z", message=_l("2 到 6 个大写字母或数字，如 YQ。")),
        ],
        filters=[tidy, lambda text: text.upper() if text else text],
    )

    def values(self) -> dict[str, Any]:
        return {"code": self.code.data, "policy_id": self.policy_id.data, "particulars": self.particulars()}


class BindPolicyForm(PolicyChoice):
    """Which policy rules from when, in the project's zone."""

    effective_from = DateTimeLocalField(_l("从何时起"), [ReadTime(_l("请填写日期和时间。"))])
