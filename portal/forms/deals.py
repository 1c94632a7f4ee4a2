"""A deal event as a consultant types it: the step, when, which unit, how much, and everybody who buys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import ValidationError

from portal.addresses import hidden
from portal.forms.arrivals import OnceKey, new_key
from portal.forms.customer_fields import LONGEST_NAME, CompanyCode, Phone
from portal.forms.editions import SeenField
from portal.forms.printable import PersonName, Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import DealBuyer
from portal.rules.customers import read_company_code, read_id_number, read_phone, resident_id_is_sound
from portal.rules.periods import UTC
from portal.services.customers import Customer, customer_of
from portal.services.deals import NewEvent
from portal.wording.deals import EVENTS
from portal.wording.refusals import Words

MOST_BUYERS = 8
#: Beyond this a price is a slip of the finger: 99,999,999,999.99 CNY.
_LARGEST = Decimal(10) ** 11
_DOCUMENTS = (
    SelectChoice("id_card", _l("身份证")),
    SelectChoice("other", _l("其他证件")),
    SelectChoice("company", _l("公司购房")),
)


class BuyerFields(Form):
    """One buyer. ``kept`` names the same buyer in an earlier event: what is left empty stays as it was there."""

    kept = HiddenField()
    document = RadioField(_l("购房人"), choices=_DOCUMENTS, default="id_card", validate_choice=False)
    name = StringField(_l("姓名"), [Needed(_l("请填写姓名。")), Plain(LONGEST_NAME), PersonName()], filters=[tidy])
    phone = StringField(_l("手机号"), [Plain(40), Phone()], filters=[tidy])
    id_number = StringField(_l("证件号"), [Plain(40)], filters=[tidy])
    company = StringField(_l("公司全称"), [Plain(80), Printable()], filters=[tidy])
    company_code = StringField(_l("统一社会信用代码"), [Plain(40), CompanyCode()], filters=[tidy])

    before: DealBuyer | None = None

    def validate_document(self, field: Field) -> None:
        if field.data not in {"id_card", "other", "company"}:
            raise ValidationError(_("请选择证件的种类。"))

    def validate_id_number(self, field: Field) -> None:
        number = read_id_number(field.data or "")
        if not number or field.errors:
            return
        if self.document.data != "other" and not resident_id_is_sound(number):
            raise ValidationError(_("身份证号的出生日期或校验位不对；不是身份证的，请选“其他证件”。"))
        if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
            raise ValidationError(_("证件号只有字母和数字，5 到 20 位。"))

    def validate_company(self, field: Field) -> None:
        if self.document.data == "company" and not field.data and not (self.before and self.before.company):
            raise ValidationError(_("公司购房须写公司全称。"))

    def validate_company_code(self, field: Field) -> None:
        known = self.before.company_code if self.before else None
        if self.document.data == "company" and not (field.data or known):
            raise ValidationError(_("公司购房须填统一社会信用代码。"))

    def customer(self) -> Customer:
        """The buyer in clean values, over what the last event knew."""
        by_company = self.document.data == "company"
        typed = {
            "name": self.name.data,
            "phone": read_phone(self.phone.data) if self.phone.data else None,
            "id_number": read_id_number(self.id_number.data or "") or None,
            "company": (self.company.data or None) if by_company else None,
            "company_code": (read_company_code(self.company_code.data or "") or None) if by_company else None,
        }
        given = {name: value for name, value in typed.items() if value is not None}
        known = Customer(name="") if self.before is None else customer_of(self.before)
        person = {} if by_company else {"company": None, "company_code": None}
        return known.changed({**given, **person})


class DealEventForm(FlaskForm):
    """One step of a deal. ``offer`` says which steps are next and, for a later event, who bought before, in any event."""

    kind = RadioField(_l("成交步骤"), choices=[], validate_choice=False)
    happened_at = StringField(_l("时间"), [Needed(_l("请填写付款或签字的时间。")), Plain(40)], filters=[tidy])
    source_number = StringField(_l("销售系统的成交编号"), [Plain(60), Printable()], filters=[tidy])
    unit = StringField(_l("房号"), [Needed(_l("请填写房号。")), Plain(40), Printable()], filters=[tidy])
    amount = StringField(_l("金额（元）"), [Plain(30)], filters=[tidy])
    buyers = FieldList(FormField(BuyerFields), _l("购房人"), min_entries=1, max_entries=MOST_BUYERS)
    checked = BooleanField(_l("已核对证件原件"), [Needed(_l("请先核对每位购房人的证件原件。"))])
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)
    seen = SeenField()

    refusal: Words | None = None
    zone = ZoneInfo("Asia/Shanghai")
    opens = True

    def offer(self, kinds: Iterable[str], zone: ZoneInfo, before: Sequence[DealBuyer] = ()) -> DealEventForm:
        """Take the next ``kinds`` as choices and the buyers of earlier events as what empty fields mean."""
        self.zone, self.opens = zone, not before
        self.kind.choices = [SelectChoice(kind, EVENTS[kind]) for kind in kinds]
        if len(self.kind.choices) == 1 and not self.is_submitted():
            self.kind.data = self.kind.choices[0].value
        known = {hidden(buyer.id): buyer for buyer in before}
        for entry in self.buyers:
            entry.form.before = known.get(entry.form.kept.data or "")
        return self

    def change_rows(self, wish: str) -> None:
        """Add a buyer, or take one away: ``add``, ``remove-2``. Nothing else that was typed is lost."""
        if wish == "add" and len(self.buyers.entries) < MOST_BUYERS:
            self.buyers.append_entry()
        place = wish.removeprefix("remove-")
        if place.isascii() and place.isdigit() and len(self.buyers.entries) > 1:
            rest = [entry for number, entry in enumerate(self.buyers.entries) if str(number) != place]
            known = [(entry.form.data, entry.form.before) for entry in rest]
            self._refill(known)

    def validate_kind(self, field: Field) -> None:
        if field.data not in {choice.value for choice in self.kind.choices}:
            raise ValidationError(_("请选择步骤。"))

    def validate_happened_at(self, field: Field) -> None:
        if not field.errors and self._instant() is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))

    def validate_amount(self, field: Field) -> None:
        if field.data and not field.errors and read_amount(field.data) is None:
            raise ValidationError(_("金额读不懂，请写成 3,280,000.00，最多两位小数。"))

    def validate_buyers(self, field: Field) -> None:
        for entry in field:
            if not entry.errors and not entry.form.customer().keys:
                message = _("填手机号或证件号中的至少一项，才能认定归属（RE-8.4）。")
                entry.form.phone.errors = [*entry.form.phone.errors, message]
                raise ValidationError(_("有购房人没有完整的号码。"))

    def values(self) -> dict[str, Any]:
        event = NewEvent(
            kind=self.kind.data,
            buyers=tuple(entry.form.customer() for entry in self.buyers),
            unit=self.unit.data or None,
            amount=read_amount(self.amount.data) if self.amount.data else None,
            happened_at=self._instant(),
            submission_key=self.submission_key.data,
        )
        if self.opens:
            return {"event": event, "source_number": self.source_number.data or None}
        return {"event": event, "seen": self.seen.data}

    def _instant(self) -> datetime | None:
        try:
            found = datetime.fromisoformat((self.happened_at.data or "").replace("/", "-"))
            local = found.replace(tzinfo=self.zone, microsecond=0)
            return local.astimezone(UTC) if found.tzinfo is None and 2000 <= found.year <= 2100 else None
        except (ValueError, OverflowError):
            return None

    def _refill(self, known: list[tuple[dict[str, Any], DealBuyer | None]]) -> None:
        while self.buyers.entries:
            self.buyers.pop_entry()
        for data, before in known:
            self.buyers.append_entry(data)
            self.buyers.entries[-1].form.before = before


def read_amount(typed: str) -> Decimal | None:
    """CNY as people write it: 3,280,000.5 or ¥3280000; None when it is none, negative or more precise than a cent."""
    text = re.sub(r"[\s,，¥￥元]", "", unicodedata.normalize("NFKC", typed))
    try:
        amount = Decimal(text) if re.fullmatch(r"\d{1,14}(\.\d{1,2})?", text) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount < _LARGEST else None


def begun(now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What the first event begins with: the present moment."""
    return {"happened_at": local_input(now, zone)}


def following(buyers: Sequence[DealBuyer], unit: str | None, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What a later event begins with: the buyers of the last one, their numbers kept unseen."""
    return {**begun(now, zone), "unit": unit, "buyers": [_row(buyer) for buyer in buyers]}


def local_input(now: datetime, zone: ZoneInfo) -> str:
    """An instant as a field of type datetime-local takes it."""
    return now.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def _row(buyer: DealBuyer) -> dict[str, Any]:
    if buyer.company_code:
        document = "company"
    else:
        document = "id_card" if not buyer.id_number or resident_id_is_sound(buyer.id_number) else "other"
    return {"kept": hidden(buyer.id), "document": document, "name": buyer.customer_name, "company": buyer.company}
