"""The names of cities, for the suggestions of a field."""

from __future__ import annotations

from portal.rules.places import city_names

__all__ = ["city_names"]
