"""How far two places lie apart, on the ellipsoid of the Earth (WGS 84)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from geographiclib.geodesic import Geodesic

_TENTH = Decimal("0.1")


def bearing_deg(
    latitude: Decimal | float,
    longitude: Decimal | float,
    other_latitude: Decimal | float,
    other_longitude: Decimal | float,
) -> float:
    """In which direction the second point lies from the first, degrees clockwise from north."""
    line = Geodesic.WGS84.Inverse(float(latitude), float(longitude), float(other_latitude), float(other_longitude))
    return float(line["azi1"])


def distance_m(
    latitude: Decimal | float,
    longitude: Decimal | float,
    other_latitude: Decimal | float,
    other_longitude: Decimal | float,
) -> Decimal:
    """Metres between two points given in degrees, to a tenth of a metre."""
    line = Geodesic.WGS84.Inverse(float(latitude), float(longitude), float(other_latitude), float(other_longitude))
    return Decimal(repr(line["s12"])).quantize(_TENTH, ROUND_HALF_UP)
