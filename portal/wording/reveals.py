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
MESSAGE_REASONS: dict[str, LazyString] = {
    "pass_on": _l("转告收件人"),
    "complaint": REASONS["complaint"],
    "audit": REASONS["audit"],
}
"""Each reason of portal.services.outgoing_messages.REASONS."""
SAID: dict[str, LazyString] = REASONS | MESSAGE_REASONS
"""Every reason that the history names."""
