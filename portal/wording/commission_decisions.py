"""What was decided about commissions, in words (RE-4.8, RE-Q34)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Sanction
from portal.wording.findings import SANCTION_STATES

PILLS: dict[str, LazyString] = {
    "owed": _l("不付、退还和违约金"),
    "held": _l("暂缓"),
    "closed": _l("已办结"),
    "released": _l("已放行"),
}


def state_of(sanction: Sanction, now: datetime) -> tuple[str, LazyString]:
    """Look and words: is it still to be received, running, late, appealed against, or done with."""
    if sanction.settled_at is not None:
        return "frozen", _l("已办结")
    if sanction.state == "lifted":
        return "expired", _p("sanction", "已撤销")
    if sanction.state == "appealed":
        return "waiting", _l("申诉中")
    if sanction.kind == "exclude_unit":
        return SANCTION_STATES["confirmed"]
    if sanction.due_at is not None:
        return ("refused", _l("已超期")) if sanction.due_at <= now else ("soon", _l("等办结"))
    return ("waiting", _l("等送达")) if sanction.received_at is None else ("soon", _l("等办结"))
