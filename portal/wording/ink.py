"""The three signing places of a visit slip as a screen draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.documents.signatures import Point, Role, ink
from portal.documents.signatures import Signature as Drawn
from portal.models import Signature, SlipRefusal, Visit
from portal.models.visits import PARTIES

DECLINED: dict[str, LazyString] = {"customer": _l("客户拒签"), "broker": _l("经纪人拒签")}
TITLES: dict[str, LazyString] = {"customer": _l("客户"), "broker": _l("经纪人"), "reception": _l("前台")}


@dataclass(frozen=True)
class Pad:
    """One party's place: ``signed_at`` None while empty; ``path`` and ``view_box`` when drawn, both empty for paper.

    ``declined``: the party said so in place of signing, and has not thought better of it.
    """

    party: str
    title: LazyString
    name: str
    signed_at: datetime | None = None
    path: str = ""
    view_box: str = ""
    declined: SlipRefusal | None = None


def pads(visit: Visit, names: dict[str, str], refusals: Iterable[SlipRefusal] = ()) -> list[Pad]:
    """The places in the order in which they are signed; ``names`` and standing ``refusals`` for those still empty."""
    signed, declined = {row.party: row for row in visit.signatures}, {row.party: row for row in refusals}
    return [
        _signed(signed[party])
        if party in signed
        else Pad(party, TITLES[party], names.get(party, ""), declined=declined.get(party))
        for party in PARTIES
    ]


def _signed(row: Signature) -> Pad:
    path, view_box = ("", "") if row.strokes is None else _drawing(row)
    return Pad(row.party, TITLES[row.party], row.signer_name, row.signed_at, path, view_box)


def _drawing(row: Signature) -> tuple[str, str]:
    pad = cast(dict[str, Any], row.strokes)
    strokes = tuple(tuple(Point(point[0], point[1]) for point in stroke) for stroke in pad["strokes"])
    drawn = Drawn(
        role=cast(Role, row.party),
        name=row.signer_name,
        state="drawn",
        at=row.signed_at,
        strokes=strokes,
        width=pad["width"],
        height=pad["height"],
    )
    shown = ink(drawn)
    return shown.path, shown.view_box
