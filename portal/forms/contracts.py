"""Contracts: what is typed for one, the paper that was signed, the review, the signature, how it ends; templates as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from portal.forms.editions import EditionForm, SeenField
from portal.forms.printable import Printable
from portal.forms.slips import SignatureForm
from portal.forms.texts import Needed, Plain, is_of_our_time, tidy
from portal.models import Contract, Project
from portal.rules.contract_templates import TYPED_FIELDS
from portal.rules.contract_terms import TERMS, USUAL_TERM, last_day
from portal.services.contract_drafts import Draft
from portal.services.contract_texts import typed_fields
from portal.wording.contracts import DISPUTE_WORDS, FIELDS, PERIOD_WORDS, TERM_WORDS

OTHER = "other"
_NUMBERS = {
    "target_visits": (0, 100_000),
    "target_deals": (0, 10_000),
    "settlement_day": (1, 28),
    "payment_days": (1, 365),
    "confidentiality_years": (1, 20),
}


class _Form(FlaskForm):
    refusal: Any = None


class Day:
    """A calendar day that could be read."""

    def __init__(self, *, needed: bool = True) -> None:
        self.needed = needed
        self.field_flags = {"required": True} if needed else {}

    def __call__(self, form: FlaskForm, field: DateField) -> None:
        field.errors = []
        if not self.needed and not any(field.raw_data or ()):
            return
        if field.data is None or not is_of_our_time(field.data.year):
            raise StopValidation(_("请按 2026-03-01 的写法填写日期。"))


class WholeNumber:
    """Digits alone, between two bounds."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        least, most = _NUMBERS[field.name]
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
            raise ValidationError(_("请填 %(least)d 到 %(most)d 的整数。", least=least, most=most))


def _line(name: str, longest: int = 120) -> StringField:
    return StringField(
        FIELDS[name], [Needed(_l("请填写，合同里必须写明。")), Plain(longest), Printable()], filters=[tidy]
    )


def _number(name: str) -> StringField:
    return StringField(FIELDS[name], [Needed(_l("请填写，合同里必须写明。")), WholeNumber()], filters=[tidy])


def _words(name: str, *needed: Any) -> TextAreaField:
    return TextAreaField(FIELDS[name], [*needed, Plain(800, lines=True), Printable()], filters=[tidy])


class CoverageForm(_Form):
    """From when to when, and for which projects; ``offer`` gives those that there are."""

    first_day = DateField(_l("起始日"), [Day()])
    term = RadioField(
        _l("期限"),
        choices=[
            *(SelectChoice(str(months), TERM_WORDS[months]) for months in TERMS),
            SelectChoice(OTHER, _l("到某一天")),
        ],
        default=str(USUAL_TERM),
    )
    last_day = DateField(_l("到期日（含当天）"), [Day(needed=False)])
    all_projects = BooleanField(_l("集团的全部项目，包括以后开放的"))
    projects = SelectMultipleField(_l("项目"), validate_choice=False)

    def offer(self, projects: Sequence[Project]) -> CoverageForm:
        """Take these as what can be chosen."""
        self.offered = {one.code: one for one in projects}
        return self

    def validate_last_day(self, field: DateField) -> None:
        if self.term.data == OTHER and field.data is None and not field.errors:
            raise ValidationError(_("请填写到期日。"))

    def validate_projects(self, field: Field) -> None:
        if not self.all_projects.data and not self.chosen():
            raise ValidationError(_("请至少选一个项目，或选全部项目。"))

    def chosen(self) -> list[Project]:
        """The projects that are ticked; none when it is all of them."""
        if self.all_projects.data:
            return []
        return [self.offered[code] for code in self.projects.data or () if code in self.offered]

    def end(self) -> date:
        """The last day that is covered."""
        if self.term.data != OTHER:
            return last_day(self.first_day.data, int(self.term.data))
        found: date = self.last_day.data
        return found


class ContractForm(CoverageForm):
    """The fields of the template."""

    company_name = _line("company_name", 80)
    company_representative = _line("company_representative", 40)
    company_address = _line("company_address")
    partner_representative = _line("partner_representative", 40)
    partner_address = _line("partner_address")
    mode = _line("mode")
    territory = _line("territory")
    target_period = RadioField(
        FIELDS["target_period"], choices=[SelectChoice(*pair) for pair in PERIOD_WORDS.items()], default="quarter"
    )
    target_visits = _number("target_visits")
    target_deals = _number("target_deals")
    price_policy = _words("price_policy")
    commission_plan = _words("commission_plan", Needed(_l("请写明佣金的比例或金额。")))
    settlement_day = _number("settlement_day")
    payment_days = _number("payment_days")
    market_support = _words("market_support")
    confidentiality_years = _number("confidentiality_years")
    dispute = RadioField(
        FIELDS["dispute"], choices=[SelectChoice(*pair) for pair in DISPUTE_WORDS.items()], default="court"
    )
    dispute_place = _line("dispute_place", 40)
    submission_key = HiddenField("")

    def values(self) -> dict[str, Any]:
        fields = {name: str(self[name].data or "") for name in TYPED_FIELDS}
        draft = Draft(first_day=self.first_day.data, last_day=self.end(), projects=self.chosen(), fields=fields)
        return {"draft": draft}


class ChangeContractForm(EditionForm, ContractForm):
    """A draft as it is to be, opened with what it is."""

    def values(self) -> dict[str, Any]:
        return super().values() | {"seen": self.seen.data}


def filled(contract: Contract, first: date, last: date | None) -> dict[str, Any]:
    """What a form shows of a contract that is changed, amended or renewed."""
    return {
        **typed_fields(contract),
        "first_day": first,
        "term": OTHER,
        "last_day": last,
        "all_projects": contract.all_projects,
        "projects": [link.project.code for link in contract.projects],
    }


def new_key() -> str:
    """A form sent twice is one draft."""
    return str(uuid4())


class PaperForm(_Form):
    """Who signed the printed contract, and its scan."""

    company_signer = StringField(
        _l("甲方签署人"), [Needed(_l("请填写谁代表公司签的字。")), Plain(40), Printable()], filters=[tidy]
    )
    partner_signer = StringField(
        _l("乙方签署人"), [Needed(_l("请填写谁代表分销商签的字。")), Plain(40), Printable()], filters=[tidy]
    )
    scan = FileField(_l("签好的合同扫描件"))

    def validate_scan(self, field: Field) -> None:
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError(_("请选择签好的合同的扫描件。"))

    def values(self) -> dict[str, Any]:
        return {
            "company_signer": self.company_signer.data,
            "partner_signer": self.partner_signer.data,
            "scan": (self.scan.data.read(), self.scan.data.filename),
        }


class PaperContractForm(PaperForm, CoverageForm):
    """A paper contract that was concluded outside the portal: its days, its projects, its scan."""

    def values(self) -> dict[str, Any]:
        days = {"first_day": self.first_day.data, "last_day": self.end(), "projects": self.chosen()}
        return super().values() | days


class ReviewForm(_Form):
    """Let it pass, or give it back; what is given back needs remarks."""

    decision = HiddenField()
    seen = SeenField()
    remarks = TextAreaField(_l("审核意见"), [Plain(1000, lines=True), Printable()], filters=[tidy])

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("yes", "no"):
            raise ValidationError(_("请选择其中一项。"))

    def validate_remarks(self, field: Field) -> None:
        if self.decision.data == "no" and not field.data:
            raise ValidationError(_("退回须写明要改什么。"))

    def values(self) -> dict[str, Any]:
        return {"passed": self.decision.data == "yes", "remarks": self.remarks.data or "", "seen": self.seen.data}


class ButtonForm(_Form):
    """A button alone."""

    def values(self) -> dict[str, Any]:
        return {}


class CompanySignForm(_Form):
    """The digest of the text that was read, and as what one signs."""

    seen = SeenField()
    title = StringField(_l("职务"), [Needed(_l("请填写您的职务。")), Plain(30), Printable()], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return {"seen": self.seen.data, "title": self.title.data}


class CodeForm(_Form):
    """Where the one-time code goes."""

    channel = RadioField(_l("验证码发到"), choices=[], validate_choice=False)

    def values(self) -> dict[str, Any]:
        return {"channel": self.channel.data or ""}


class PartnerSignForm(SignatureForm):
    """The hand on the glass, the code, and the text that was read."""

    refusal: Any = None
    seen = SeenField()
    channel = HiddenField()
    title = StringField(_l("职务"), [Needed(_l("请填写您的职务。")), Plain(30), Printable()], filters=[tidy])
    code = StringField(_l("验证码"), [Needed(_l("请填写收到的 6 位验证码。")), Plain(10)], filters=[tidy])
    agreed = BooleanField(_l("我已阅读全文"), [Needed(_l("请先阅读全文，再勾选。"))])

    def validate_who(self, field: Field) -> None:
        """One party signs here: there is nobody to choose."""

    def values(self) -> dict[str, Any]:
        pad = {"strokes": self.drawn, "width": self.width.data, "height": self.height.data}
        return {
            "seen": self.seen.data,
            "title": self.title.data,
            "channel": self.channel.data,
            "code": self.code.data,
            "strokes": pad,
        }


class RenewalForm(_Form):
    """Renew or not, and why (DM-10.4)."""

    decision = HiddenField()
    seen = SeenField()
    reason = TextAreaField(
        _l("理由"), [Needed(_l("请写明理由。")), Plain(1000, lines=True), Printable()], filters=[tidy]
    )

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("yes", "no"):
            raise ValidationError(_("请选择其中一项。"))

    def values(self) -> dict[str, Any]:
        return {"renew": self.decision.data == "yes", "reason": self.reason.data, "seen": self.seen.data}


class TemplateForm(EditionForm):
    """A template as one text: headings begin with #, what they cover stands in brackets behind, paragraphs are lines."""

    text = TextAreaField(_l("模板全文"), [Needed(_l("模板不能是空的。")), Plain(60_000, lines=True)], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return {"body": body_of(self.text.data), "seen": self.seen.data}


def text_of(body: dict[str, Any]) -> str:
    """The template as people edit it."""
    lines = [f"= {body['title']}", *body.get("preamble", ())]
    for article in body["articles"]:
        covers = f" [{', '.join(article['covers'])}]" if article.get("covers") else ""
        lines += ["", f"# {article['title']}{covers}", *article["paragraphs"]]
    return "\n".join(lines)


def body_of(text: str) -> dict[str, Any]:
    """The structure of what was edited; what is wrong with it the service says."""
    body: dict[str, Any] = {"title": "", "preamble": [], "articles": []}
    for line in (one.strip() for one in text.splitlines()):
        if line.startswith("= "):
            body["title"] = line[2:].strip()
        elif line.startswith("# "):
            body["articles"].append(_heading(line[2:]))
        elif line:
            (body["articles"][-1]["paragraphs"] if body["articles"] else body["preamble"]).append(line)
    return body


def _heading(words: str) -> dict[str, Any]:
    title, _bracket, covers = words.partition("[")
    codes = [code.strip() for code in covers.rstrip("] ").split(",") if code.strip()]
    return {"title": title.strip(), "covers": codes, "paragraphs": []}
