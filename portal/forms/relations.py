"""A family relation as the back office records it: the relative, the buyer, what ties them, what proves it (RE-8.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, Form, FormField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.addresses import hidden
from portal.forms.arrivals import OnceKey, new_key
from portal.forms.audits import LONGEST_REASON
from portal.forms.customer_fields import LONGEST_NAME, IdNumber, Phone
from portal.forms.printable import PersonName, Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import DealBuyer
from portal.rules.customers import read_id_number, read_phone
from portal.rules.masking import mask_id_number, mask_phone
from portal.services.customers import Customer, customer_of
from portal.services.files import LARGEST_FILE
from portal.wording.deals import RELATIONS
from portal.wording.refusals import Words

OTHER = "other"
_PROVEN = (SelectChoice("yes", _l("已核对证明原件")), SelectChoice("no", _l("只有口述，没有证明")))


class PersonFields(Form):
    """One side: a name and at least one whole number."""

    name = StringField(_l("姓名"), [Plain(LONGEST_NAME), PersonName()], filters=[tidy])
    phone = StringField(_l("手机号"), [Plain(40), Phone()], filters=[tidy])
    id_number = StringField(_l("证件号"), [Plain(40), IdNumber()], filters=[tidy])

    def is_filled(self) -> bool:
        """Whether nothing is missing; what is, stands under its field then."""
        if not self.name.data:
            self.name.errors = [*self.name.errors, _("请填写姓名。")]
        if not (self.phone.data or self.id_number.data):
            self.phone.errors = [*self.phone.errors, _("手机号和证件号至少填一项。")]
        return not self.errors

    def customer(self) -> Customer:
        return Customer(
            name=self.name.data or "",
            phone=read_phone(self.phone.data) if self.phone.data else None,
            id_number=read_id_number(self.id_number.data or "") or None,
        )


class RelationForm(FlaskForm):
    """``one`` is the ``kind`` of ``buyer``, or of ``other`` when no buyer of a deal is chosen."""

    one = FormField(PersonFields, _l("亲属"))
    kind = RadioField(
        _l("是购房人的"), choices=[SelectChoice(*one) for one in RELATIONS.items()], validate_choice=False
    )
    buyer = RadioField(_l("购房人"), choices=[], validate_choice=False)
    other = FormField(PersonFields, _l("购房人"))
    proven = RadioField(_l("证明"), choices=_PROVEN, validate_choice=False)
    document = StringField(_l("证明名称"), [Plain(60), Printable()], filters=[tidy])
    paper = FileField(_l("证明的照片或 PDF"))
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    refusal: Words | None = None
    buyers: Mapping[str, DealBuyer] = {}

    def offer(self, buyers: Sequence[DealBuyer]) -> RelationForm:
        """Take the buyers of a deal as choices for the other side; without any, the other side is typed."""
        self.buyers = {hidden(buyer.id): buyer for buyer in buyers}
        choices = [SelectChoice(mark, _label(buyer)) for mark, buyer in self.buyers.items()]
        self.buyer.choices = [*choices, SelectChoice(OTHER, _l("另一位，下面填写"))] if buyers else []
        if not self.buyer.data:
            self.buyer.data = next(iter(self.buyers), OTHER)
        return self

    @property
    def chosen(self) -> DealBuyer | None:
        return self.buyers.get(self.buyer.data)

    def validate(self, extra_validators: Any = None) -> bool:
        sides = [self.one.form] if self.chosen else [self.one.form, self.other.form]
        sound = super().validate(extra_validators)
        incomplete = [side for side in sides if not side.is_filled()]
        return sound and not incomplete

    def validate_kind(self, field: Field) -> None:
        if field.data not in RELATIONS:
            raise ValidationError(_("请选择关系。"))

    def validate_proven(self, field: Field) -> None:
        if field.data not in {"yes", "no"}:
            raise ValidationError(_("请选择有没有证明。"))

    def validate_document(self, field: Field) -> None:
        if self.proven.data == "yes" and not field.data:
            raise ValidationError(_("请写明是什么证明，如户口簿、结婚证、出生证明。"))

    def validate_paper(self, field: Field) -> None:
        self.upload = None
        if not field.data or not getattr(field.data, "filename", ""):
            return
        content = field.data.stream.read(LARGEST_FILE + 1)
        self.upload = (field.data.filename, content)

    def values(self) -> dict[str, Any]:
        return {
            "one": self.one.form.customer(),
            "other": self.other.form.customer() if self.chosen is None else customer_of(self.chosen),
            "kind": self.kind.data,
            "proven": self.proven.data == "yes",
            "document": self.document.data or None,
            "upload": self.upload,
            "submission_key": self.submission_key.data,
        }


class WithdrawalForm(FlaskForm):
    """Why a relation is taken back."""

    reason = TextAreaField(
        _l("撤回原因"), [Needed(_l("请写明原因。")), Plain(LONGEST_REASON, lines=True), Printable()], filters=[tidy]
    )
    refusal: Words | None = None

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


def _label(buyer: DealBuyer) -> str:
    number = mask_phone(buyer.phone) if buyer.phone else mask_id_number(buyer.id_number or "")
    return f"{buyer.customer_name} {number}"
