"""The announcement of an arrival (RE-3.1)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField

from portal.forms.projects import ReadTime
from portal.rules.periods import UTC
from portal.wording.refusals import Words


class AnnouncementForm(FlaskForm):
    """When the customer arrives, in the project's own time."""

    expected_at = DateTimeLocalField(_l("几点到"), [ReadTime(_l("请填写到访的日期和时间。"))])

    refusal: Words | None = None
    zone: ZoneInfo = UTC

    def values(self) -> dict[str, Any]:
        read = self.expected_at.data
        return {"expected_at": read.replace(tzinfo=self.zone).astimezone(UTC) if read else None}
