"""A family as a small drawing: where each box stands, how each line runs, and the same in sentences for who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.queries.relations import Family, Person, Tie
from portal.rules.masking import mask_phone
from portal.wording.deals import RELATIONS

#: In SVG units, which are CSS pixels: the whole fits the screen of a phone.
BOX_WIDTH, BOX_HEIGHT, _GAP = 104, 46, 22
_LEFT, _RIGHT, _WIDTH = 34, 228, 334
_LONGEST_NAME = 7


@dataclass(frozen=True, slots=True)
class Box:
    """A person."""

    x: int
    y: int
    name: str
    sub: str
    buyer: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A tie with the place of its word."""

    path: str
    x: int
    y: int
    word: str
    proven: bool

    @property
    def room(self) -> int:
        """How wide the word is with a little space around it: Chinese signs are twice as wide as Latin ones."""
        return 6 + sum(13 if ord(sign) > 0x2E7F else 7 for sign in self.word)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Everything that the template draws."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]
    sentences: list[str]
    says: str
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def drawn(family: Family) -> Drawn:
    """The buyers in the left column, the relatives in the right one, in their order."""
    boxes, rows = [], {True: 0, False: 0}
    for person in family.people:
        boxes.append(_box(person, rows[person.buyer]))
        rows[person.buyer] += 1
    lines = [_line(tie, boxes) for tie in family.ties]
    sentences = [_sentence(tie, family) for tie in family.ties]
    height = max(rows.values()) * (BOX_HEIGHT + _GAP)
    says = _("亲属关系图：%(sentences)s", sentences=" ".join(sentences))
    return Drawn(_WIDTH, height, boxes, lines, sentences, says)


def _box(person: Person, row: int) -> Box:
    sub = mask_phone(person.phone) if person.phone else str(_l("购房人") if person.buyer else _l("亲属"))
    name = person.name if len(person.name) <= _LONGEST_NAME else f"{person.name[: _LONGEST_NAME - 1]}…"
    return Box(_LEFT if person.buyer else _RIGHT, row * (BOX_HEIGHT + _GAP) + _GAP // 2, name, sub, person.buyer)


def _line(tie: Tie, boxes: list[Box]) -> Line:
    one, other = boxes[tie.one], boxes[tie.other]
    word = str(RELATIONS[tie.kind])
    top, bottom = one.y + BOX_HEIGHT // 2, other.y + BOX_HEIGHT // 2
    if one.buyer == other.buyer:
        return _bow(one.x if one.buyer else one.x + BOX_WIDTH, top, bottom, word, tie.proven, left=one.buyer)
    start, end = _LEFT + BOX_WIDTH, _RIGHT
    buyer, relative = (top, bottom) if one.buyer else (bottom, top)
    path = f"M{start} {buyer} C{start + 34} {buyer} {end - 34} {relative} {end} {relative}"
    return Line(path, (start + end) // 2, (buyer + relative) // 2, word, tie.proven)


def _bow(x: int, top: int, bottom: int, word: str, proven: bool, *, left: bool) -> Line:
    """Two of one column: a bow beside it, its word where the bow is widest."""
    out = x - 30 if left else x + 30
    return Line(f"M{x} {top} C{out} {top} {out} {bottom} {x} {bottom}", x, (top + bottom) // 2, word, proven)


def _sentence(tie: Tie, family: Family) -> str:
    facts: dict[str, Any] = {
        "one": family.people[tie.one].name,
        "other": family.people[tie.other].name,
        "kind": RELATIONS[tie.kind],
    }
    if not tie.proven:
        return _("%(one)s 是 %(other)s 的%(kind)s：没有证明，不参与认定。", **facts)
    if tie.document:
        return _("%(one)s 是 %(other)s 的%(kind)s：已证明，%(document)s。", document=tie.document, **facts)
    return _("%(one)s 是 %(other)s 的%(kind)s：已证明。", **facts)


def register(app: Flask) -> None:
    """Make ``drawn_family`` known to every template."""
    app.jinja_env.globals["drawn_family"] = drawn
