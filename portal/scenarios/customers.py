"""The people of a story, read as the forms read theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.rules.customers import read_company_code, read_id_number, read_phone
from portal.scenarios.stories import Step, StoryError
from portal.scenarios.world import World
from portal.services.customers import Customer

_FIELDS = {"name", "phone", "id_number", "company", "company_code", "residence"}


def customer(world: World, step: Step) -> Customer:
    """The customer a step names, read as the forms read it."""
    given = step.fields.get("customer")
    if not isinstance(given, dict) or "name" not in given:
        raise StoryError(f"{world.story.path}: step {step.id}: customer: needs a name")
    return Customer(**customer_values(world, step, given))


def customer_values(world: World, step: Step, given: Mapping[str, Any]) -> dict[str, Any]:
    """The clean values of a person as a story writes it. Raises StoryError for an unknown field or an unreadable number."""
    strange = given.keys() - _FIELDS
    if strange:
        raise StoryError(f"{world.story.path}: step {step.id}: customer: unknown field {sorted(strange)[0]!r}")
    read: dict[str, Callable[[str], str]] = {
        "phone": read_phone,
        "id_number": read_id_number,
        "company_code": read_company_code,
    }
    try:
        return {name: read.get(name, str)(str(value)) for name, value in given.items() if value is not None}
    except ValueError as error:
        raise StoryError(f"{world.story.path}: step {step.id}: customer: {error}") from None
