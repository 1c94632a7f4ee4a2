"""The filing form (报备): one phone screen, four fields to fill in, the rest folded away. It reads; the service decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.customers import CustomerFields
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import Registration
from portal.rules.periods import UTC
from portal.rules.places import city_name
from portal.rules.planned_visits import CHOICES, is_plausible, planned_instant
from portal.services.message_fields import MISSING
from portal.wording.declarations import CUSTOMER_NOTICE_VERSION, DECLARATION_VERSION
from portal.wording.refusals import Words

_ARRIVAL_WORDS = {
    "hour": _l("一小时后"),
    "today_afternoon": _l("今天下午"),
    "tomorrow_morning": _l("明天上午"),
    "tomorrow_afternoon": _l("明天下午"),
    "other": _l("其他时间"),
}
_MOST_PEOPLE = 99


class ProjectChoice(Protocol):
    """What the form needs to know of a project."""

    code: str
    name: str
    city_name: str
    city_code: str

    @property
    def zone(self) -> ZoneInfo: ...


class FilingForm(CustomerFields, FlaskForm):
    """A filing. ``refusal`` holds the words of a refusal, ``running`` the number of one's own filing that is in the way."""

    class Meta(FlaskForm.Meta):
        #: The token is checked before any view is asked; a field of the form would sign another one for nothing.
        csrf = False

    project = SelectField(_l("项目"), [Needed(_l("请选择项目。"))], validate_choice=False)
    residence = RadioField(
        _l("客户来自"),
        choices=[SelectChoice("local", _l("本地")), SelectChoice("away", _l("外地"))],
        default="local",
        validate_choice=False,
    )
    arrival = RadioField(_l("预计到访"), choices=[], validate_choice=False)
    planned_at = StringField(_l("到访日期和时间"), [Plain(40)], filters=[tidy])
    party_size = StringField(_l("同行人数（含客户）"), [Plain(10)], filters=[tidy])
    bulk_expected = BooleanField(_l("预计是大宗客户"))
    note = TextAreaField(_l("备注"), [Plain(500, lines=True), Printable()], filters=[tidy])
    declared = BooleanField(_l("报备声明"), [Needed(_l("请先确认报备声明。"))])
    told = BooleanField(_l("已告知客户"), [Needed(_l("请先告知客户谁会收到这些信息，再勾选。"))])
    # Named, because a field without a label has its name looked up in the library's catalogue, read anew each time.
    declaration_version = HiddenField("", default=DECLARATION_VERSION)
    notice_version = HiddenField("", default=CUSTOMER_NOTICE_VERSION)
    submission_key = HiddenField("")

    refusal: Words | None = None
    running: str | None = None

    def __init__(self, projects: Sequence[ProjectChoice], now: datetime, **given: Any) -> None:
        super().__init__(**given)
        self.now = now
        self.by_code = {project.code: project for project in projects}
        nothing_yet = [] if self.project.data else [SelectChoice("", _l("请选择"))]
        self.project.choices = nothing_yet + [SelectChoice(project.code, _with_city(project)) for project in projects]
        zone = self.zone
        usable = [choice for choice in CHOICES if choice == "other" or planned_instant(choice, now, zone)]
        self.arrival.choices = [SelectChoice(choice, _ARRIVAL_WORDS[choice]) for choice in usable]
        if _as_uuid(self.submission_key.data) is None:
            self.submission_key.data = str(uuid4())

    @property
    def chosen(self) -> ProjectChoice | None:
        """The project chosen, None when there is none of that code."""
        return self.by_code.get(self.project.data or "")

    @property
    def zone(self) -> ZoneInfo:
        return self.chosen.zone if self.chosen else ZoneInfo("Asia/Shanghai")

    @property
    def home_code(self) -> str:
        return self.chosen.city_code if self.chosen else ""

    def leave_out(self, codes: set[str]) -> None:
        """Do not offer these projects: no contract covers them (DM-3.1). What was chosen already stays to be seen."""
        self.project.choices = [
            choice
            for choice in self.project.choices or ()
            if choice.value not in codes or choice.value == self.project.data
        ]

    def point_out(self, marks: Mapping[str, tuple[str, str]]) -> None:
        """Show at once what a message left out: the number that was hidden, the name that was not understood."""
        for field in (self.name, self.phone):
            if marks.get(field.name, ("", ""))[0] == MISSING:
                field.validate(self, [type(self).validate_phone] if field is self.phone else [])

    def values(self) -> dict[str, Any]:
        """Clean values for the command, and ``typed``: what was sent, letter by letter, as evidence."""
        return {
            "project": self.chosen,
            "customer": self.customer_values(),
            "declared_local": self.residence.data == "local",
            "planned_visit_at": self._planned(),
            "bulk_expected": self.bulk_expected.data,
            "party_size": int(self.party_size.data) if self.party_size.data else None,
            "note": self.note.data or None,
            "declaration_version": self.declaration_version.data,
            "notice_version": self.notice_version.data,
            "submission_key": self.submission_key.data,
            "typed": self.typed(),
        }

    def typed(self) -> dict[str, str]:
        """The raw text of every field that was sent."""
        skip = {"csrf_token", "submission_key"}
        return {field.name: str(field.raw_data[0]) for field in self if field.name not in skip and field.raw_data}

    def validate_project(self, field: SelectField) -> None:
        if self.chosen is None:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def validate_residence(self, field: RadioField) -> None:
        if field.data not in ("local", "away"):
            raise ValidationError(_("请选择客户来自本地还是外地。"))

    def validate_arrival(self, field: RadioField) -> None:
        if field.data not in (None, "", *CHOICES):
            raise ValidationError(_("请从给出的到访时间中选择。"))
        if field.data == "other" and not self.planned_at.data:
            raise ValidationError(_("请填写到访的日期和时间，或不选“其他时间”。"))

    def validate_planned_at(self, field: StringField) -> None:
        if not field.data or field.errors or self.arrival.data not in (None, "", "other"):
            return
        planned = _read_instant(field.data, self.zone)
        if planned is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))
        if not is_plausible(planned, self.now):
            raise ValidationError(_("预计到访要在现在之后、一年之内。"))

    def validate_party_size(self, field: StringField) -> None:
        text = field.data or ""
        if (
            text
            and not field.errors
            and not (text.isascii() and text.isdigit() and 1 <= int(text[:10]) <= _MOST_PEOPLE)
        ):
            raise ValidationError(_("人数请填 1 到 99 的数字。"))

    def validate_declared(self, field: BooleanField) -> None:
        _check_version(field, self.declaration_version, DECLARATION_VERSION)

    def validate_told(self, field: BooleanField) -> None:
        _check_version(field, self.notice_version, CUSTOMER_NOTICE_VERSION)

    def _planned(self) -> datetime | None:
        if self.arrival.data and self.arrival.data != "other":
            return planned_instant(self.arrival.data, self.now, self.zone)
        return _read_instant(self.planned_at.data, self.zone) if self.planned_at.data else None


def filled_again(registration: Registration) -> dict[str, str]:
    """What an earlier filing gives to a new one. Phone and document are typed anew: they are not shown unasked."""
    values = {
        "project": registration.project.code,
        "name": registration.customer_name,
        "residence": "local" if registration.is_local else "away",
        "place": city_name(registration.residence),
        "buyer": "company" if registration.company else "person",
        "company_name": registration.company,
    }
    return {name: value for name, value in values.items() if value}


def _with_city(project: ProjectChoice) -> str:
    return f"{project.name}（{project.city_name}）" if project.city_name else project.name


def _read_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """A date and time without zone, in the project's; None when it is none."""
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
        return found.replace(tzinfo=zone, microsecond=0).astimezone(UTC) if found.tzinfo is None else None
    except (ValueError, OverflowError):
        return None


def _as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _check_version(tick: BooleanField, sent: HiddenField, current: str) -> None:
    """What is agreed to is the text that was on the screen: after a new version the tick has to be set again."""
    if sent.data != current:
        sent.data, tick.data = current, False
        raise ValidationError(_("这段文字已更新，请看过后重新勾选。"))
