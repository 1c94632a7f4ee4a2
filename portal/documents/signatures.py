"""Signatures on glass as ink on paper: the strokes that the pad recorded, drawn as vector paths."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from portal.documents.values import FREE_TEXT, VERBATIM

Role = Literal["customer", "broker", "reception"]
State = Literal["drawn", "paper", "refused", "pending"]

#: The box on paper, in mm, and the width of the pen in it.
BOX = (54.0, 15.0)
PEN = 0.55
#: Small writing is enlarged until it takes this share of the glass, never more: ink must not become a blot.
_LEAST_SHARE = 0.3


class Point(NamedTuple):
    """A place on the glass, in the pad's units, from the top left."""

    x: float
    y: float


Stroke = tuple[Point, ...]


class BrokenStrokes(ValueError):
    """What came from the pad is no drawing."""


@dataclass(frozen=True, kw_only=True)
class Signature:
    """One party's box on the slip.

    ``drawn``: signed on the glass at ``at``; ``strokes`` on a pad of ``width`` x ``height``. ``paper``: signed on a sheet that
    is kept, recorded at ``at``. ``refused``: with the ``reason``. ``pending``: the box is printed empty, to be signed by hand.
    """

    role: Role = field(metadata=VERBATIM)
    name: str
    state: State = field(metadata=VERBATIM)
    at: datetime | None = None
    strokes: tuple[Stroke, ...] = field(default=(), metadata=VERBATIM)
    width: float = 0.0
    height: float = 0.0
    reason: str = field(default="", metadata=FREE_TEXT)

    def __post_init__(self) -> None:
        if self.state == "drawn" and not (self.strokes and self.width > 0 and self.height > 0):
            raise BrokenStrokes("a drawn signature has strokes and the size of its pad")
        if (self.at is None) != (self.state == "pending"):
            raise ValueError("a signature has a time exactly when it is no longer pending")


@dataclass(frozen=True)
class Ink:
    """A signature ready to draw: SVG ``view_box``, path data and pen width in its units."""

    view_box: str
    path: str
    pen: float


def ink(signature: Signature) -> Ink:
    """The drawing of a signature on a slip."""
    return ink_of(signature.strokes, signature.width, signature.height)


def ink_of(strokes: tuple[Stroke, ...], pad_width: float, pad_height: float) -> Ink:
    """The drawing, cropped to what was written so that it fills the box, the same for the same strokes."""
    left, top, width, height = _frame(strokes, pad_width, pad_height)
    scale = min(BOX[0] / width, BOX[1] / height)
    view_box = " ".join(_short(value) for value in (left, top, width, height))
    return Ink(view_box, " ".join(map(_path, strokes)), round(PEN / scale, 2))


def _frame(strokes: tuple[Stroke, ...], pad_width: float, pad_height: float) -> tuple[float, float, float, float]:
    """Left, top, width, height of what the box shows: the ink with a margin, or more when the writing is small."""
    xs = [point.x for stroke in strokes for point in stroke]
    ys = [point.y for stroke in strokes for point in stroke]
    margin = 0.04 * max(pad_width, pad_height)
    width = max(max(xs) - min(xs) + 2 * margin, _LEAST_SHARE * pad_width)
    height = max(max(ys) - min(ys) + 2 * margin, _LEAST_SHARE * pad_height)
    return (max(xs) + min(xs) - width) / 2, (max(ys) + min(ys) - height) / 2, width, height


def _path(stroke: Stroke) -> str:
    """One stroke, its corners rounded by curves through the middles between recorded points."""
    first, last = stroke[0], stroke[-1]
    if len(stroke) == 1:
        return f"M{_pair(first)}l0.01 0"
    curves = [f"Q{_pair(here)} {_pair(_middle(here, after))}" for here, after in pairwise(stroke[1:])]
    return f"M{_pair(first)}{''.join(curves)}L{_pair(last)}"


def _middle(one: Point, other: Point) -> Point:
    return Point((one.x + other.x) / 2, (one.y + other.y) / 2)


def _pair(point: Point) -> str:
    return f"{_short(point.x)} {_short(point.y)}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
