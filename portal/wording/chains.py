"""What came out when a chain of the history was checked."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.services.sealing import Broken, ChainReport

_WHY: dict[str, LazyString] = {
    "changed": _l("第 %(entry)s 条与写入时不同。"),
    "missing": _l("第 %(entry)s 条不见了。"),
    "slipped_in": _l("第 %(entry)s 条是封存后塞进来的。"),
    "link_missing": _l("第 %(number)s 个封存环节不见了。"),
    "link_changed": _l("第 %(number)s 个封存环节与封存时不同。"),
}


@dataclass(frozen=True)
class CheckWords:
    """The bold words, the rest, and the tone of the notice."""

    strong: str
    rest: str
    tone: str


def describe_check(name: str, outcome: ChainReport | Broken) -> CheckWords:
    """The outcome in words; ``name`` is what people call the chain."""
    if isinstance(outcome, Broken):
        why = str(_WHY[outcome.why]) % {"entry": outcome.entry_id, "number": outcome.number}
        return CheckWords(_("%(name)s：记录不完整。", name=name), why, "bad")
    counted = _(
        "已封存 %(sealed)d 条、%(links)d 个环节，待封存 %(tail)d 条；末环 %(head)s。",
        sealed=outcome.sealed,
        links=outcome.links,
        tail=outcome.tail,
        head=outcome.head[:16],
    )
    return CheckWords(_("%(name)s：记录完整。", name=name), counted, "ok")
