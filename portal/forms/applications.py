"""The applicant's forms: the address and its code, the pages of the application, a paper. What is typed may be a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.forms.customer_fields import CompanyCode, Phone
from portal.forms.editions import EditionForm, SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy, values_of
from portal.rules.applications import account_is_sound, read_account, tax_number_is_sound
from portal.rules.customers import read_company_code, read_id_number, resident_id_is_sound
from portal.services.claim_sending import Brought
from portal.wording.applications import COOPERATIONS, FIELDS, PAPERS, PARTNER_TYPES

_MOST_CUSTOMERS = 100_000


class _Form(FlaskForm):
    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return values_of(self)


class _StepForm(EditionForm):
    """One page of the application, begun with what stands there."""

    def values(self) -> dict[str, Any]:
        return {"values": self.typed(), "seen": self.seen.data}

    def typed(self) -> dict[str, Any]:
        """What was typed, by field."""
        return values_of(self, "seen")


def _text(name: str, longest: int = 80, *more: Any) -> StringField:
    return StringField(FIELDS[name], [Plain(longest), Printable(), *more], filters=[tidy])


def _long_text(name: str) -> TextAreaField:
    return TextAreaField(FIELDS[name], [Plain(1000, lines=True), Printable()], filters=[tidy])


class ContactForm(_Form):
    """The address that receives the code."""

    contact = StringField(_l("电子邮箱或手机号"), [Needed(_l("请填写电子邮箱或手机号。")), Plain(120)], filters=[tidy])


class CodeForm(_Form):
    """The code."""

    code = StringField(_l("验证码"), [Needed(_l("请填写收到的 6 位验证码。")), Plain(12)], filters=[tidy])


class CompanyForm(_StepForm):
    """Who applies (DO-1.3, DM-2.5)."""

    partner_type = RadioField(
        FIELDS["partner_type"], choices=[SelectChoice(*pair) for pair in PARTNER_TYPES.items()], default="company"
    )
    name = _text("name")
    registration_code = _text("registration_code", 40, CompanyCode())
    legal_name = _text("legal_name", 40)
    legal_id_number = _text("legal_id_number", 40)

    def validate_legal_id_number(self, field: Field) -> None:
        if field.data and not resident_id_is_sound(read_id_number(field.data)):
            raise ValidationError(_("身份证号的出生日期或校验位不对，请核对。"))


class ContactsForm(_StepForm):
    """Whom to call."""

    contact_name = _text("contact_name", 40)
    contact_phone = _text("contact_phone", 40, Phone())
    contact_email = _text("contact_email", 120)
    beneficial_phone = _text("beneficial_phone", 40, Phone())

    def validate_contact_email(self, field: Field) -> None:
        if field.data and ("@" not in field.data or " " in field.data):
            raise ValidationError(_("邮箱地址不对，请核对。"))


class BankForm(_StepForm):
    """Invoice data (DO-1.4)."""

    bank_name = _text("bank_name")
    bank_account = _text("bank_account", 60)
    invoice_title = _text("invoice_title")
    invoice_tax_number = _text("invoice_tax_number", 40)
    invoice_address = _text("invoice_address", 120)
    invoice_phone = _text("invoice_phone", 40, Phone())

    def validate_bank_account(self, field: Field) -> None:
        if field.data and not account_is_sound(read_account(field.data), "company"):
            raise ValidationError(_("账号有误：8 到 30 位数字；个人银行卡号请对照卡面。"))

    def validate_invoice_tax_number(self, field: Field) -> None:
        if field.data and not tax_number_is_sound(read_company_code(field.data)):
            raise ValidationError(_("纳税人识别号有误，请对照营业执照或税务登记。"))


class WishesForm(_StepForm):
    """What the applicant wants and can (DO-Q1, CH-4.1)."""

    cooperation = RadioField(
        FIELDS["cooperation"],
        choices=[SelectChoice(*pair) for pair in COOPERATIONS.items()],
        default="important",
    )
    cooperation_ends_on = StringField(FIELDS["cooperation_ends_on"], [Plain(10)], filters=[tidy])
    territory = _text("territory")
    areas = _long_text("areas")
    products = _text("products", 120)
    expected_volume = StringField(FIELDS["expected_volume"], [Plain(10)], filters=[tidy])
    experience = _long_text("experience")
    introduced_by = _text("introduced_by", 120)

    def validate_cooperation_ends_on(self, field: Field) -> None:
        if field.data and read_day(field.data) is None:
            raise ValidationError(_("日期读不懂，请写成 2026-04-07。"))

    def validate_expected_volume(self, field: Field) -> None:
        text = field.data or ""
        if text and not (text.isascii() and text.isdigit() and int(text) <= _MOST_CUSTOMERS):
            raise ValidationError(_("请填写 0 到 100000 的整数。"))

    def typed(self) -> dict[str, Any]:
        read = super().typed()
        volume = read["expected_volume"]
        return read | {
            "cooperation_ends_on": read_day(read["cooperation_ends_on"]),
            "expected_volume": int(volume) if volume else None,
        }


FORMS: dict[str, type[_StepForm]] = {
    "company": CompanyForm,
    "contact": ContactsForm,
    "bank": BankForm,
    "wishes": WishesForm,
}


class PaperForm(_Form):
    """One paper with the last day on which it is valid."""

    kind = SelectField(_l("材料种类"), choices=[SelectChoice(*pair) for pair in PAPERS.items()])
    paper = FileField(_l("文件"))
    valid_until = StringField(_l("有效期至"), [Plain(10)], filters=[tidy])

    def validate_paper(self, field: Field) -> None:
        if not (isinstance(field.data, FileStorage) and field.data.filename):
            raise ValidationError(_("请选择文件。"))

    def validate_valid_until(self, field: Field) -> None:
        if field.data and read_day(field.data) is None:
            raise ValidationError(_("日期读不懂，请写成 2026-04-07。"))

    def values(self) -> dict[str, Any]:
        upload = self.paper.data
        return {
            "kind": self.kind.data,
            "brought": Brought(upload.read(), upload.filename or ""),
            "valid_until": read_day(self.valid_until.data),
        }


class SendForm(_Form):
    """A button under everything that is sent."""

    seen = SeenField()


class PlainForm(_Form):
    """A button alone."""


def read_day(typed: str | None) -> date | None:
    """A day as typed, 2026-04-07; None when it is empty or none."""
    try:
        found = date.fromisoformat((typed or "").replace("/", "-"))
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2199 else None
