"""Why somebody looks at a whole number, as they choose it and as the history names it."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

REASONS: dict[str, LazyString] = {
    "contact": _l("联系客户"),
    "check_identity": _l("核对身份"),
    "enter_customer": _l("录入客户"),
    "complaint": _l("处理投诉"),
    "audit": _l("核查"),
}
"""Each reason of portal.services.reveals.REASONS."""
