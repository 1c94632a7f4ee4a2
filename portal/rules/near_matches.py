"""Whether a registration names a person with wrong data: the same name, or a number one digit off (RE-8.7, RE-Q25)."""

from __future__ import annotations

from collections.abc import Iterable

from portal.rules.resemblance import ONE_OFF, compare
from portal.rules.search import query_text


def names_the_same_person(filed: str, bought: str, numbers: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether the entry is of this person though no number of it is right; shown to the decider, never accepted by itself."""
    return query_text(filed) == query_text(bought) or one_digit_off(numbers)


def one_digit_off(numbers: Iterable[tuple[str | None, str | None]]) -> bool:
    """Whether a pair of numbers differs in one character: a near match, which a named person may take for right."""
    return any(compare(one, other) == ONE_OFF for one, other in numbers)
