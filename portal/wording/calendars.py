"""What is said beside a deadline in working days while the calendar that it needs is not published (GD-6)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.rules.working_days import is_settled, last_published_year
from portal.wording.times import PORTAL_ZONE


def may_move(end: datetime | None) -> str:
    """The sentence for a deadline whose exclusive end is ``end``; empty when the calendar cannot move it any more."""
    if end is None or is_settled(end, PORTAL_ZONE):
        return ""
    year = last_published_year() + 1
    return _("%(year)d 年的放假安排还没有公布：期限暂按周一至周五和日期固定的法定节日计算，公布后重算。", year=year)
