"""A map without tiles: the sales office in the middle, the policy's circle, rings, a place; geometry from metres alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 900, 560
CENTRE = (450.0, 286.0)
_CIRCLE = 234.0
#: From the middle to where a place may still be drawn.
_REACH = (400.0, 236.0)
_STEP = 100
#: A place further away than so many radii is drawn at the edge, and said to be off the map.
_FURTHEST = 4.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle of so many metres, in units of the drawing."""

    metres: int
    size: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, in units of the drawing; ``x`` and ``y`` of the place grow to the east and the south."""

    radius: int
    zone: float
    rings: tuple[Ring, ...]
    bar: Ring
    x: float
    y: float
    inside: bool
    off: bool
    centre: tuple[float, float] = CENTRE


def draw(radius: int, distance_m: float, bearing_deg: float) -> Drawing:
    """A place ``distance_m`` metres from the office in the direction ``bearing_deg``, clockwise from north."""
    angle = math.radians(bearing_deg)
    east, north = distance_m * math.sin(angle), distance_m * math.cos(angle)
    scale = _scale(radius, east, north)
    shrink = min(1.0, _reach(east * scale, north * scale))
    return Drawing(
        radius=radius,
        zone=radius * scale,
        rings=tuple(Ring(size, size * scale) for size in range(_STEP, radius, _STEP)) if radius <= 10 * _STEP else (),
        bar=Ring(_STEP, _STEP * scale),
        x=CENTRE[0] + east * scale * shrink,
        y=CENTRE[1] - north * scale * shrink,
        inside=distance_m <= radius,
        off=shrink < 1.0,
    )


def _scale(radius: int, east: float, north: float) -> float:
    """Units per metre: the circle as large as it goes with the place still on the map, up to a limit."""
    usual = _CIRCLE / radius
    return max(usual * min(1.0, _reach(east * usual, north * usual)), usual / _FURTHEST)


def _reach(x: float, y: float) -> float:
    """By how much a way has to be shortened to stay on the map."""
    return min(_REACH[0] / max(abs(x), 1e-9), _REACH[1] / max(abs(y), 1e-9))
