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
CHANGES: dict[str, LazyString] = {
    "joined": _l("加入"),
    "left": _l("退出"),
    "changed": _l("资料有变"),
}
"""Each kind of portal.rules.deal_changes.Change."""
RELATIONS: dict[str, LazyString] = {
    "spouse": _l("配偶"),
    "parent": _l("父母"),
    "child": _l("子女"),
    "sibling": _l("兄弟姐妹"),
}
