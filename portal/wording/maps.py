"""The map of a case: the drawing from coordinates with its words."""

from __future__ import annotations

from dataclasses import dataclass

from portal.models import Finding, Project
from portal.rules.distances import bearing_deg
from portal.wording.circles import Drawing, draw
from portal.wording.findings import metres


@dataclass(frozen=True, slots=True)
class Map:
    """The drawing, the coordinates of the sales office, and how far away it was in words."""

    drawing: Drawing
    office: str
    distance: str

    @property
    def radius(self) -> int:
        """Of the circle, in metres."""
        return self.drawing.radius

    @property
    def inside(self) -> bool:
        """Whether it was within the circle (RE-5.1)."""
        return self.drawing.inside


def map_of(finding: Finding, radius: int) -> Map | None:
    """The map of the case; None when it names no place. ``radius`` in metres (RE-5.1, RE-Q18)."""
    if finding.latitude is None or finding.longitude is None or finding.distance_m is None:
        return None
    project = finding.project
    angle = bearing_deg(project.latitude, project.longitude, finding.latitude, finding.longitude)
    return Map(
        drawing=draw(radius, float(finding.distance_m), angle),
        office=_coordinates(project),
        distance=metres(finding.distance_m, radius),
    )


def _coordinates(project: Project) -> str:
    return f"{project.latitude:.5f}, {project.longitude:.5f}"
