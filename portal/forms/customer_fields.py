"""A customer as the people of a site type one: fields that read themselves into the one spelling that is matched."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from portal.forms.printable import PersonName, Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.rules.customers import (
    PhoneUnreadable,
    company_code_is_sound,
    read_company_code,
    read_id_number,
    read_phone,
    resident_id_is_sound,
)
from portal.services.customers import Customer

LONGEST_NAME = 40
_PHONE_WORDS = {
    "masked": _l("号码有遮挡，须填完整的手机号。"),
    "length": _l("手机号是 11 位，请核对位数。"),
    "unknown": _l("这不像一个手机号，境外号码请加国家或地区代码。"),
}


class Phone:
    """A telephone number in any spelling, whole."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not field.data or field.errors:
            return
        try:
            read_phone(field.data)
        except PhoneUnreadable as problem:
            raise ValidationError(str(_PHONE_WORDS[problem.reason])) from None


class IdNumber:
    """A document number; one of 18 characters must be a sound resident ID."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        number = read_id_number(field.data or "")
        if not number:
            return
        if not (number.isascii() and number.isalnum() and 5 <= len(number) <= 20):
            raise ValidationError(_("证件号只有字母和数字，5 到 20 位。"))
        if len(number) == 18 and not resident_id_is_sound(number):
            raise ValidationError(_("身份证号的出生日期或校验位不对，请核对。"))


class CompanyCode:
    """A unified social credit code with the right check character."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        code = read_company_code(field.data or "")
        if code and not company_code_is_sound(code):
            raise ValidationError(_("统一社会信用代码是 18 位，校验不通过，请核对。"))


class CustomerFields(FlaskForm):
    """Name and phone; document and company when they are known."""

    name = StringField(
        _l("客户姓名"), [Needed(_l("请填写客户姓名。")), Plain(LONGEST_NAME), PersonName()], filters=[tidy]
    )
    phone = StringField(_l("手机号"), [Needed(_l("请填写手机号。")), Plain(40), Phone()], filters=[tidy])
    id_number = StringField(_l("证件号"), [Plain(40), IdNumber()], filters=[tidy])
    company = StringField(_l("购房公司"), [Plain(80), Printable()], filters=[tidy])
    company_code = StringField(_l("统一社会信用代码"), [Plain(40), CompanyCode()], filters=[tidy])

    def customer(self) -> Customer:
        """The customer in clean values."""
        return Customer(**self.clean())

    def clean(self) -> dict[str, Any]:
        """Each field in its one spelling, None for one left empty."""
        return {
            "name": self.name.data,
            "phone": read_phone(self.phone.data) if self.phone.data else None,
            "id_number": read_id_number(self.id_number.data or "") or None,
            "company": self.company.data or None,
            "company_code": read_company_code(self.company_code.data or "") or None,
        }
