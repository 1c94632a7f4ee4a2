"""A case on screen: who fell out where, the bars of protection, the three sources side by side (RE-8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.models import DealBuyer, Registration, Visit
from portal.rules.attribution import CORRECT, RUNNING, UNVISITED
from portal.rules.customers import national_phone
from portal.rules.eliminations import STEPS, Row
from portal.rules.masking import mask_id_number, mask_phone
from portal.rules.resemblance import ONE_OFF, SAME, compare
from portal.services.ruling_values import Considered
from portal.wording import times
from portal.wording.rulings import called, fell_words

#: A shown number in pieces: the text, and whether it is where the two differ.
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the table. ``state``: ok, fell, wins or after (not asked any more)."""

    state: str
    word: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One registration: its row of the table and of the three sources. ``near``: one digit off a buyer's number (RE-Q25)."""

    mark: str
    registration: Registration
    locked_at: datetime
    wins: bool
    cells: tuple[Cell, ...]
    numbers: tuple[Pieces, ...]
    near: bool
    accepted: bool
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class Lane:
    """The drawing of one protection; lengths in per cent of the width, heights in pixels."""

    mark: str
    y: int
    bars: tuple[tuple[str, float, float], ...]
    label: str
    label_x: float
    label_css: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All protections over one time axis with the event across them."""

    lanes: tuple[Lane, ...]
    height: int
    event_x: float
    anchor: str


def lines_of(
    case: Considered, owner: int | None, buyers: Sequence[DealBuyer], visits: Mapping[int, Visit], zone: ZoneInfo
) -> list[Line]:
    """The table of a case in order of lock; ``owner`` is the place in the order of recording of the registration that has it.

    That is the one that the rule leaves, unless the deal was decided anew (RE-8.5).
    """
    return [_line(row, owner, case.of(row), buyers, visits, zone) for row in case.rows]


def near_pieces(filed: str, bought: str, masked: str) -> Pieces:
    """``masked`` in pieces, with the character in which ``filed`` differs from ``bought`` shown and set apart."""
    places = [place for place, pair in enumerate(zip(filed, bought, strict=False)) if pair[0] != pair[1]]
    if len(filed) != len(bought) or len(filed) != len(masked) or not places:
        return [(masked, True)]
    place = places[0]
    pieces = [(masked[:place], False), (filed[place], True), (masked[place + 1 :], False)]
    return [piece for piece in pieces if piece[0]]


def drawing_of(rows: Sequence[Row], event_at: datetime, zone: ZoneInfo) -> Drawing:
    """The bars: the hold blue, the protection green, what was over or never held grey."""
    facts = [row.candidate.registration for row in rows]
    start = min((one.filed_at for one in facts), default=event_at)
    end = max([one.ends_at for one in facts] + [event_at])
    length = (end - start).total_seconds() or 1.0

    def at(instant: datetime) -> float:
        return round(4 + 94 * max(0.0, (instant - start).total_seconds()) / length, 2)

    lanes = tuple(_lane(row, number, at, zone) for number, row in enumerate(rows))
    x = at(event_at)
    anchor = "start" if x < 25 else "end" if x > 75 else "middle"
    return Drawing(lanes, 36 * len(lanes) + 42, x, anchor)


def _line(
    row: Row,
    owner: int | None,
    registration: Registration,
    buyers: Sequence[DealBuyer],
    visits: Mapping[int, Visit],
    zone: ZoneInfo,
) -> Line:
    has_it = row.candidate.registration.seq == owner
    return Line(
        mark=called(row),
        registration=registration,
        locked_at=row.candidate.registration.filed_at,
        wins=has_it,
        cells=tuple(_cell(row, step, clause, registration, buyers, zone, has_it) for step, clause in STEPS),
        numbers=tuple(_numbers(registration, buyers)),
        near=row.candidate.incorrect and _is_near(registration, buyers),
        accepted=row.candidate.accepted,
        visit=visits.get(registration.id),
    )


def _cell(
    row: Row,
    step: int,
    clause: str,
    registration: Registration,
    buyers: Sequence[DealBuyer],
    zone: ZoneInfo,
    has_it: bool,
) -> Cell:
    if row.step == step:
        return Cell("fell", _fell(row, registration, buyers, zone), row.clause)
    if row.step < step:
        return Cell("after")
    facts = row.candidate.registration
    if step == UNVISITED:
        return Cell("ok", times.date(facts.visited_at, zone)[5:] if facts.visited_at else "")
    if step == RUNNING:
        return Cell("ok", _("至 %(end)s", end=times.date(times.last_covered(facts.ends_at), zone)[5:]))
    if step == CORRECT:
        return Cell("ok", _correct(row, registration, buyers))
    return Cell("wins", _("最早，归属") if has_it else _("按规则最早"), clause)


def _fell(row: Row, registration: Registration, buyers: Sequence[DealBuyer], zone: ZoneInfo) -> str:
    words = fell_words(row, zone)
    near = row.step == CORRECT and _is_near(registration, buyers)
    return _("%(why)s：差一字，不自动认可", why=words) if near else words


def _correct(row: Row, registration: Registration, buyers: Sequence[DealBuyer]) -> str:
    if row.candidate.accepted:
        return _("近似号码，已认可")
    if not row.candidate.buyers:
        return _("登记的是购房人的亲属")
    mine = [buyer for place, buyer in enumerate(buyers) if place in row.candidate.buyers]
    pairs = ((_("手机号"), "phone"), (_("证件号"), "id_number"), (_("统一社会信用代码"), "company_code"))
    same = [word for word, name in pairs if any(_same(registration, buyer, name) for buyer in mine)]
    return _("%(what)s一致", what=_("、").join(same)) if same else _("登记时一致")


def _same(registration: Registration, buyer: DealBuyer, name: str) -> bool:
    return compare(getattr(registration, name), getattr(buyer, name)) == SAME


def _pairs(registration: Registration, buyers: Iterable[DealBuyer]) -> list[tuple[str, str | None, str | None]]:
    return [
        (name, getattr(registration, name), getattr(buyer, name)) for name in ("phone", "id_number") for buyer in buyers
    ]


def _is_near(registration: Registration, buyers: Iterable[DealBuyer]) -> bool:
    return any(compare(filed, bought) == ONE_OFF for _name, filed, bought in _pairs(registration, buyers))


def _numbers(registration: Registration, buyers: Sequence[DealBuyer]) -> Iterable[Pieces]:
    """Phone and ID number of the filing, masked; where one digit differs from a buyer's, that digit stands out."""
    for name, mask in (("phone", mask_phone), ("id_number", mask_id_number)):
        filed = getattr(registration, name)
        if not filed:
            continue
        near = next((b for n, f, b in _pairs(registration, buyers) if n == name and compare(f, b) == ONE_OFF), None)
        if near is None:
            yield [(mask(filed), False)]
        else:
            plain = national_phone if name == "phone" else str
            yield near_pieces(plain(filed), plain(near), mask(filed))


def _lane(row: Row, number: int, at: object, zone: ZoneInfo) -> Lane:
    facts, place = row.candidate.registration, at
    assert callable(place)
    start, end = place(facts.filed_at), place(facts.ends_at)
    y = 8 + 36 * number
    if facts.visited_at is None or row.step < CORRECT:
        word = fell_words(row, zone) if row.step < CORRECT else ""
        beside = end < 70
        bars = (("s-gone", start, round(end - start, 2)),)
        return Lane(called(row), y, bars, word, end + 1 if beside else start + 1, "" if beside else "strong")
    seen = place(facts.visited_at)
    held, live = ("s-held", start, round(seen - start, 2)), ("s-live", seen, round(end - seen, 2))
    word = _("%(date)s 到访", date=times.date(facts.visited_at, zone)[5:])
    return Lane(called(row), y, (held, live), word, seen + 1, "on")
