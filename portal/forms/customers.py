"""The fields of a customer, as a broker types them: name, phone, where from, the company that buys, the document."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from portal.forms.printable import PersonName, Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.rules import customers as rules
from portal.rules.places import city_code

_PHONE_WORDS = {
    "masked": _l("号码有几位被隐藏，请向客户要到完整号码再报备（RE-8.4）。"),
    "length": _l("手机号是 11 位，请核对。"),
    "unknown": _l("这不是能用的手机号；香港、澳门和国外的号码请带上区号，如 +852。"),
}
_OTHER_DOCUMENT = re.compile(r"[A-Z0-9]{5,20}")


class CustomerFields(Form):
    """Mixed into a form; ``home_code`` is the GB/T 2260 code of the project's city, "" while none is chosen."""

    name = StringField(_l("客户姓名"), [Needed(_l("请填写客户姓名。")), Plain(40), PersonName()], filters=[tidy])
    phone = StringField(_l("手机号"), [Needed(_l("请填写手机号。")), Plain(40)], filters=[tidy])
    place = StringField(_l("来自哪个城市"), [Plain(40), Printable()], filters=[tidy])
    buyer = RadioField(
        _l("购房人"),
        choices=[SelectChoice("person", _l("个人")), SelectChoice("company", _l("公司"))],
        default="person",
        validate_choice=False,
    )
    company_name = StringField(_l("购房公司"), [Plain(80), Printable()], filters=[tidy])
    company_code = StringField(_l("统一社会信用代码"), [Plain(40)], filters=[tidy])
    id_number = StringField(_l("证件号"), [Plain(40)], filters=[tidy])

    @property
    def home_code(self) -> str:
        """The code of the project's city, "" while none is chosen."""
        return ""

    def customer_values(self) -> dict[str, Any]:
        """What services.customers.Customer takes, each in its one spelling."""
        company = self.buyer.data == "company"
        return {
            "name": " ".join((self.name.data or "").split()),
            "phone": rules.read_phone(self.phone.data or ""),
            "id_number": rules.read_id_number(self.id_number.data) if self.id_number.data else None,
            "company": self.company_name.data or None if company else None,
            "company_code": self._code() if company and self.company_code.data else None,
            "residence": city_code(self.place.data) if self.place.data else None,
        }

    def validate_phone(self, field: StringField) -> None:
        if field.errors:
            return
        try:
            rules.read_phone(field.data or "")
        except rules.PhoneUnreadable as problem:
            raise ValidationError(str(_PHONE_WORDS[problem.reason])) from None

    def validate_place(self, field: StringField) -> None:
        if not field.data or field.errors:
            return
        found = city_code(field.data)
        if found is None:
            raise ValidationError(_("没有认出这个城市，请写到地级市，如“宁波”，或留空。"))
        away = getattr(self, "residence", None)
        if away is not None and (found[:4] == self.home_code[:4]) == (away.data == "away") and self.home_code:
            raise ValidationError(_("这个城市与所选的“本地”或“外地”不一致，请核对。"))

    def validate_buyer(self, field: RadioField) -> None:
        if field.data not in ("person", "company"):
            raise ValidationError(_("请选择个人或公司购房。"))
        if field.data == "person" and (self.company_name.data or self.company_code.data):
            raise ValidationError(_("您填了购房公司：请把购房人改为“公司”，或清空公司一栏。"))

    def validate_company_name(self, field: StringField) -> None:
        if self.buyer.data != "company" or field.errors:
            return
        if not field.data:
            raise ValidationError(_("公司购房须写购房公司全称，或能认出它的特征名称（RE-2.5）。"))
        if len(field.data) < 2:
            raise ValidationError(_("公司名称太短，请写全称或至少两个字的特征名称。"))

    def validate_company_code(self, field: StringField) -> None:
        if not field.data or field.errors or self.buyer.data != "company":
            return
        code = self._code()
        if len(code) != 18:
            raise ValidationError(_("统一社会信用代码是 18 位，现在 %(num)d 位。", num=len(code)))
        if not rules.company_code_is_sound(code):
            raise ValidationError(_("统一社会信用代码的校验位不对，请核对。"))

    def validate_id_number(self, field: StringField) -> None:
        if not field.data or field.errors:
            return
        number = rules.read_id_number(field.data)
        if number[:17].isdigit() and len(number) == 18 and not rules.resident_id_is_sound(number):
            raise ValidationError(_("身份证号的日期或校验位不对，请核对。"))
        if not _OTHER_DOCUMENT.fullmatch(number) or (number.isdigit() and len(number) > 10 and len(number) != 18):
            raise ValidationError(_("证件号读不懂：身份证 18 位；其他证件只有字母和数字，5 到 20 位。"))

    def _code(self) -> str:
        return rules.read_company_code(self.company_code.data or "")
