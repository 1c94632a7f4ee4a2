"""The words of deals: their events, relatives, how a ruling came about."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

EVENTS: dict[str, LazyString] = {
    "deposit": _l("认筹"),
    "subscription": _l("认购"),
    "signing": _l("签约"),
    "online_signing": _l("网签"),
}
RELATIONS: dict[str, LazyString] = {
    "spouse": _l("配偶"),
    "parent": _l("父母"),
    "child": _l("子女"),
    "sibling": _l("兄弟姐妹"),
}
