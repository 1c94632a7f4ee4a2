"""Company-source records (RE-4.1) as they are entered: walk-ins, calls, own customers, referrals, other partners'."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from portal.forms.arrivals import OnceKey, new_key
from portal.forms.customer_fields import CustomerFields
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy

SOURCES = {
    "natural": _l("自然到访"),
    "call": _l("来电"),
    "own": _l("自行开发"),
    "referral": _l("老带新"),
    "partner": _l("其他合作方"),
}
"""Each source of portal.models.records.RECORD_SOURCES."""

_SOURCE_CHOICES = [SelectChoice(source, words) for source, words in SOURCES.items()]
_PARTY_SIZES = [SelectChoice("", "–"), *(SelectChoice(size) for size in "123"), SelectChoice("4", "4+")]


class WalkInForm(CustomerFields):
    """The customer, where the customer comes from, how many came, what was said."""

    source = RadioField(
        _l("来源"),
        [Needed(_l("请选择来源。"))],
        choices=[SelectChoice(*one) for one in SOURCES.items()],
        default="natural",
    )
    party_size = RadioField(_l("到访人数"), choices=_PARTY_SIZES, default="")
    note = StringField(_l("客户原话"), [Plain(200), Printable()], filters=[tidy])
    told = BooleanField(_l("已告知客户信息用途并征得同意"), [Needed(_l("请先告知客户，并征得同意。"))])
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    def values(self) -> dict[str, Any]:
        return {
            "customer": self.customer(),
            "source": self.source.data,
            "party_size": int(self.party_size.data) if self.party_size.data else None,
            "note": self.note.data or None,
            "submission_key": self.submission_key.data,
        }
