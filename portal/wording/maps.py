"""A map without tiles: the sales office in the middle, the policy's circle, rings, the incident; drawn from coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from portal.models import Finding, Project
from portal.rules.distances import bearing_deg
from portal.wording.findings import metres

WIDTH, HEIGHT = 900, 560
_CENTRE = (450.0, 286.0)
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
class Map:
    """Everything that the drawing shows, in units of it; ``x`` and ``y`` of the incident grow to the east and the south."""

    radius: int
    zone: float
    rings: tuple[Ring, ...]
    bar: Ring
    office: str
    x: float
    y: float
    inside: bool
    distance: str
    off: bool
    centre: tuple[float, float] = _CENTRE


def map_of(finding: Finding, radius: int) -> Map | None:
    """The map of the case; None when it names no place. ``radius`` in metres (RE-5.1, RE-Q18)."""
    if finding.latitude is None or finding.longitude is None or finding.distance_m is None:
        return None
    project, distance = finding.project, float(finding.distance_m)
    angle = math.radians(bearing_deg(project.latitude, project.longitude, finding.latitude, finding.longitude))
    east, north = distance * math.sin(angle), distance * math.cos(angle)
    scale = _scale(radius, east, north)
    shrink = min(1.0, _reach(east * scale, north * scale))
    return Map(
        radius=radius,
        zone=radius * scale,
        rings=tuple(Ring(size, size * scale) for size in range(_STEP, radius, _STEP)) if radius <= 10 * _STEP else (),
        bar=Ring(_STEP, _STEP * scale),
        office=_coordinates(project),
        x=_CENTRE[0] + east * scale * shrink,
        y=_CENTRE[1] - north * scale * shrink,
        inside=finding.distance_m <= Decimal(radius),
        distance=metres(finding.distance_m, radius),
        off=shrink < 1.0,
    )


def _scale(radius: int, east: float, north: float) -> float:
    """Units per metre: the circle as large as it goes with the incident still on the map, up to a limit."""
    usual = _CIRCLE / radius
    return max(usual * min(1.0, _reach(east * usual, north * usual)), usual / _FURTHEST)


def _reach(x: float, y: float) -> float:
    """By how much a way has to be shortened to stay on the map."""
    return min(_REACH[0] / max(abs(x), 1e-9), _REACH[1] / max(abs(y), 1e-9))


def _coordinates(project: Project) -> str:
    return f"{project.latitude:.5f}, {project.longitude:.5f}"
