"""The disclosure table in words, and what a page for a person has a place for."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.rules.disclosure import TABLE, Phase, Seen
from portal.rules.disclosure import shows as page_shows

FACTS: dict[str, LazyString] = {
    "registration": _l("登记：客户、时间、状态"),
    "other_exists": _l("是否有别家登记同一客户"),
    "other_name": _l("别家的名称"),
    "number_of_registrations": _l("同一客户共有几份登记"),
    "buyer_phone": _l("客户的手机号"),
    "deal_event": _l("客户是否成交、哪一步、何时"),
    "unit": _l("房源"),
    "amount": _l("成交金额"),
    "deal_owner": _l("成交归谁"),
    "claim": _l("撞单申请及其证据"),
    "ruling": _l("裁定书全本"),
    "ruling_extract": _l("裁定书摘录"),
    "clause": _l("裁定依据的条款"),
}
PHASES: dict[Phase, LazyString] = {Phase.BEFORE: _l("成交之前"), Phase.AFTER: _l("成交之后")}
SEEN: dict[Seen, LazyString] = {
    Seen.YES: _p("disclosure", "可见"),
    Seen.NO: _p("disclosure", "不可见"),
    Seen.MASKED: _p("disclosure", "遮挡"),
    Seen.OWN: _p("disclosure", "只见本公司的"),
}

__all__ = ["FACTS", "PHASES", "SEEN", "TABLE", "page_shows"]
