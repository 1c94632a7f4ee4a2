"""Cases of breach: the report, the question, the answer, the finding, what becomes of each sanction, the appeal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.addresses import shown_number
from portal.forms.arrivals import OnceKey, new_key
from portal.forms.editions import EditionForm, SeenField
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import Distributor, Project
from portal.services.breaches import BY_DISTRIBUTOR, KINDS
from portal.services.claim_sending import Brought
from portal.wording.findings import MEANS
from portal.wording.rulings import FINDINGS

LONGEST = 1000
_MOST_FILES = 10


class _Form(FlaskForm):
    refusal: Any = None


class _FactsForm(_Form):
    """Who broke which rule, where, when; ``zone`` is the one of the place."""

    _zone: ZoneInfo | None = None

    kind = RadioField(_l("什么事"), choices=[SelectChoice(kind, FINDINGS[kind]) for kind in KINDS], default=KINDS[0])
    distributor = SelectField(_l("分销商"), validate_choice=False)
    team = StringField(_l("案场项目组"), [Plain(40), Printable()], filters=[tidy])
    persons = StringField(_l("当事人"), [Plain(80), Printable()], filters=[tidy])
    about = StringField(_l("登记或成交的编号"), [Plain(40)], filters=[tidy])
    happened_at = StringField(_l("发生时间"), [Plain(40)], filters=[tidy])
    place = StringField(_l("地点坐标"), [Plain(60)], filters=[tidy])

    teams: Sequence[str] = ()

    def offer_distributors(self, distributors: Sequence[Distributor]) -> None:
        """Take these as what can be chosen."""
        self.distributors = {one.reference: one for one in distributors}
        choices = [SelectChoice(one.reference, one.name) for one in distributors]
        self.distributor.choices = [SelectChoice("", _("请选择")), *choices]

    @property
    def zone(self) -> ZoneInfo | None:
        """Of the project, None while it is not known."""
        return self._zone

    def validate_distributor(self, field: Field) -> None:
        if self.kind.data in BY_DISTRIBUTOR and field.data not in self.distributors:
            raise ValidationError(_("请选择分销商。"))

    def validate_team(self, field: Field) -> None:
        if self.kind.data not in BY_DISTRIBUTOR and not field.data:
            raise ValidationError(_("请写明是哪个项目组。"))

    def validate_happened_at(self, field: Field) -> None:
        if field.data and not field.errors and self._instant() is None:
            raise ValidationError(_("日期和时间读不懂，请写成 2026-04-07 16:00。"))

    def validate_place(self, field: Field) -> None:
        if field.data and not field.errors and read_place(field.data) is None:
            raise ValidationError(_("坐标读不懂，请写成 30.27535, 120.15676（纬度在前）。"))

    def values(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "distributor": self.distributors.get(self.distributor.data),
            "team": team_name(self.team.data or "") or None,
            "persons": self.persons.data or None,
            "about": (self.about.data or "").upper(),
            "happened_at": self._instant() if self.happened_at.data else None,
            "place": read_place(self.place.data) if self.place.data else None,
        }

    def _instant(self) -> datetime | None:
        return read_instant(self.happened_at.data or "", self.zone)


class ReportForm(_FactsForm):
    """A report by somebody of the company; ``offer`` gives the projects and distributors to choose from."""

    project = SelectField(_l("项目"), [Needed(_l("请选择项目。"))], validate_choice=False)
    means = SelectField(_l("怎么查到的"), validate_choice=False)
    summary = TextAreaField(
        _l("经过"), [Needed(_l("请写明经过。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )
    evidence = MultipleFileField(_l("照片和笔录"))
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)
    alert = HiddenField()

    def offer(self, projects: Sequence[Project], distributors: Sequence[Distributor]) -> ReportForm:
        """Take these as what can be chosen."""
        self.projects = {one.code: one for one in projects}
        choices = [SelectChoice(one.code, one.name) for one in projects]
        self.project.choices = ([SelectChoice("", _("请选择"))] if len(projects) > 1 else []) + choices
        self.means.choices = [SelectChoice("", _("没有说明")), *(SelectChoice(one, MEANS[one]) for one in MEANS)]
        self.offer_distributors(distributors)
        return self

    @property
    def zone(self) -> ZoneInfo | None:
        project = self.projects.get(self.project.data)
        return project.zone if project else None

    def validate_project(self, field: Field) -> None:
        if field.data and field.data not in self.projects:
            raise ValidationError(_("没有这个项目，请从列表中选择。"))

    def validate_means(self, field: Field) -> None:
        if field.data and field.data not in MEANS:
            raise ValidationError(_("请选择其中一项。"))

    def validate_evidence(self, field: Field) -> None:
        check_number(field)

    def values(self) -> dict[str, Any]:
        return super().values() | {
            "project": self.projects[self.project.data],
            "means": self.means.data or None,
            "summary": self.summary.data,
            "evidence": brought(self.evidence.data),
            "submission_key": self.submission_key.data,
            "alert_id": shown_number(self.alert.data or ""),
        }


class IdentifyForm(EditionForm, _FactsForm):
    """Whom a report means, once that is known; ``offer`` gives the project's zone and the distributors."""

    def offer(self, zone: ZoneInfo, distributors: Sequence[Distributor]) -> IdentifyForm:
        """Take these as what can be chosen."""
        self._zone = zone
        self.offer_distributors(distributors)
        return self

    def values(self) -> dict[str, Any]:
        return super().values() | {"seen": self.seen.data}


class QuestionForm(_Form):
    """What the distributor is asked to explain and prove."""

    question = TextAreaField(
        _l("要说明什么"),
        [Needed(_l("请写明要说明什么、交什么证据。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"question": self.question.data}


class AnswerForm(_Form):
    """The distributor's explanation, with what proves it."""

    answer = TextAreaField(
        _l("贵司的说明"), [Needed(_l("请写明经过。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )
    evidence = MultipleFileField(_l("证据"))

    def validate_evidence(self, field: Field) -> None:
        check_number(field)

    def values(self) -> dict[str, Any]:
        return {"answer": self.answer.data, "evidence": brought(self.evidence.data)}


class AppealForm(_Form):
    """Why the sanction should not stand."""

    statement = TextAreaField(
        _l("申诉理由"), [Needed(_l("请写明申诉理由。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    def values(self) -> dict[str, Any]:
        return {"statement": self.statement.data}


class PlainForm(_Form):
    """A button alone."""

    def values(self) -> dict[str, Any]:
        return {}


class DecisionForm(_Form):
    """One of two ways, and why; ``yes`` is the argument of the command that says which."""

    yes = "confirmed"
    decision = HiddenField()
    reason = TextAreaField(
        _l("理由"), [Needed(_l("请写明理由。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    def validate_decision(self, field: Field) -> None:
        if field.data not in ("yes", "no"):
            raise ValidationError(_("请选择其中一项。"))

    def values(self) -> dict[str, Any]:
        return {self.yes: self.decision.data == "yes", "reason": self.reason.data}


class VerdictForm(DecisionForm):
    """Confirmed or unfounded, about the party that was shown."""

    seen = SeenField()

    def values(self) -> dict[str, Any]:
        return super().values() | {"seen": self.seen.data}


class AppealDecisionForm(DecisionForm):
    """Upheld or lifted."""

    yes = "upheld"


class HandoverForm(_Form):
    """Why a case should go to the authorities, and what the legal department holds of it (RE-7.6)."""

    grounds = TextAreaField(
        _l("移送的理由和法务意见"),
        [Needed(_l("请写明移送的理由和法务意见。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"grounds": self.grounds.data}


class SetAsideForm(_Form):
    """Why nothing is in an alert."""

    reason = TextAreaField(
        _l("排除的理由"), [Needed(_l("请写明理由。")), Plain(LONGEST, lines=True), Printable()], filters=[tidy]
    )

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data}


def team_name(typed: str) -> str:
    """A team in one spelling, so that its second case is counted as its second (RE-7.5): no blanks, no full-width forms."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def read_instant(typed: str, zone: ZoneInfo | None) -> datetime | None:
    """A local day and time as an instant in UTC; None when it cannot be read, or lies outside of 2000 to 2100."""
    try:
        found = datetime.fromisoformat(typed.replace("/", "-"))
        known = zone is not None and found.tzinfo is None and 2000 <= found.year <= 2100
        return found.replace(tzinfo=zone, microsecond=0).astimezone(UTC) if known else None
    except (ValueError, OverflowError):
        return None


def read_place(typed: str) -> tuple[Decimal, Decimal] | None:
    """Latitude and longitude in degrees, as map applications copy them; None when it is no place on Earth."""
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d{1,12})?)[\s,，]+(-?\d{1,3}(?:\.\d{1,12})?)", typed)
    if found is None:
        return None
    latitude, longitude = (Decimal(part).quantize(Decimal("0.000001")) for part in found.groups())
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def check_number(field: Field) -> None:
    """At most ten files at once."""
    if len(field.data or ()) > _MOST_FILES:
        raise ValidationError(_("一次最多交 %(most)d 个文件，其余的提交后再补。", most=_MOST_FILES))


def brought(uploads: Sequence[FileStorage | str] | None) -> list[Brought]:
    """What was chosen; a browser sends an empty name for a field left empty."""
    return [Brought(one.read(), one.filename) for one in uploads or () if isinstance(one, FileStorage) and one.filename]
