"""The form of a finished research or report: what was found, what follows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy

LONGEST = 4000


class ResearchForm(FlaskForm):
    """What was looked at, and what was found."""

    refusal: Any = None

    findings = TextAreaField(
        _l("调研所得"),
        [Needed(_l("请写明调研了什么、发现了什么。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"findings": self.findings.data}


class ReportForm(FlaskForm):
    """How the regime was carried out, and what follows: who does what by when (CM-7.4)."""

    refusal: Any = None

    findings = TextAreaField(
        _l("执行情况和结论"),
        [Needed(_l("请写明执行情况和结论。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )
    measures = TextAreaField(
        _l("改进措施"),
        [Needed(_l("请写明改进措施、负责人和日期。")), Plain(LONGEST, lines=True), Printable()],
        filters=[tidy],
    )

    def values(self) -> dict[str, Any]:
        return {"findings": self.findings.data, "measures": self.measures.data}


FORMS: dict[str, type[Any]] = {"research": ResearchForm, "report": ReportForm}
