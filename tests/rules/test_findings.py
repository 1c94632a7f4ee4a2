"""What follows from a confirmed finding (RE-4.5 to 4.8, RE-5.1 to 5.4, RE-7.2 to 7.5), and how far away it was."""

from __future__ import annotations

from decimal import Decimal
from math import cos, hypot, radians, sin, sqrt

import pytest

from portal.rules.distances import distance_m
from portal.rules.findings import Consequences, Offence, consequences
from portal.rules.policies import Policy, preset

TERMS = Policy.from_document(preset("RE"))


@pytest.mark.parametrize(
    ("offence", "expected"),
    [
        (
            Offence(kind="interception", distance_m=Decimal("300.0")),
            Consequences("RE-5.1", ("fine",), offence=1, fine=50_000),
        ),
        (
            Offence(kind="interception", distance_m=Decimal("300.1")),
            Consequences("RE-5.2", ("fine",), offence=1, fine=50_000),
        ),
        (Offence(kind="poaching"), Consequences("RE-5.2", ("fine",), offence=1, fine=50_000)),
        (Offence(kind="poaching", earlier=1), Consequences("RE-5.2", ("stop", "blacklist"), offence=2)),
        (
            Offence(kind="interception", earlier=2, distance_m=Decimal("12.0")),
            Consequences("RE-5.1", ("stop", "blacklist"), offence=3),
        ),
        (
            Offence(kind="false_filing"),
            Consequences("RE-4.5", ("refuse_commission", "damages", "terminate"), damages=100_000),
        ),
        (
            Offence(kind="false_filing", paid=True, first_answer=True),
            Consequences("RE-4.7", ("return_commission", "damages", "terminate"), damages=100_000),
        ),
        (Offence(kind="false_filing", damages_claimed=True), Consequences("RE-4.5", ("refuse_commission",))),
        (
            Offence(kind="staff_dumping"),
            Consequences("RE-7.2", ("dismissal", "exclude_unit", "warning"), offence=1),
        ),
        (
            Offence(kind="staff_dumping", earlier=1),
            Consequences("RE-7.2", ("dismissal", "exclude_unit", "transfer"), offence=2),
        ),
    ],
)
def test_the_ladder(offence: Offence, expected: Consequences) -> None:
    assert consequences(offence, TERMS.penalties, TERMS.circle_radius_m) == expected


@pytest.mark.parametrize(
    ("north", "east"), [("0", "0"), ("0.0026", "0"), ("0.0028", "0"), ("0", "0.0031"), ("-0.0020", "0.0004")]
)
def test_distances_agree_with_the_radii_of_the_ellipsoid(north: str, east: str) -> None:
    """Near by, a step north and a step east are arcs of the meridian's and the parallel's radius (WGS 84)."""
    latitude, longitude = Decimal("30.2741"), Decimal("120.1551")
    major, flattening = 6_378_137.0, 1 / 298.257223563
    square = flattening * (2 - flattening)
    middle = radians(float(latitude + Decimal(north) / 2))
    curve = 1 - square * sin(middle) ** 2
    upward = radians(float(north)) * major * (1 - square) / curve**1.5
    sideways = radians(float(east)) * major / sqrt(curve) * cos(middle)
    measured = distance_m(latitude, longitude, latitude + Decimal(north), longitude + Decimal(east))
    assert float(measured) == pytest.approx(hypot(upward, sideways), abs=0.06)
