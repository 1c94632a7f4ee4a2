"""Spot checks of past deals (抽查): which are drawn, when one is given up, what a first answer means (RE-4.6, RE-4.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from portal.rules.refusal import Refusal

#: How a customer is asked (RE-4.3); covert visits and cameras ask nobody.
METHODS = ("call", "questionnaire", "interview")
#: What the customer says of the distributor.
ANSWERS = ("confirmed", "name_unknown", "not_referred")
#: Nobody said anything: no breach, and after MOST_TRIES another deal takes the place (RE-Q16).
NO_ANSWERS = ("unreachable", "declined", "wrong_number")
RESULTS = (*ANSWERS, *NO_ANSWERS)
#: With either of them as the first answer the distributor has filed in breach (RE-4.7).
TRIGGERS = frozenset({"name_unknown", "not_referred"})
MOST_TRIES = 3


def draw(references: Iterable[str], seed: str) -> list[str]:
    """Every deal of the population in the order in which the seed draws them; the same again for whoever repeats it.

    The order is that of SHA-256 over the seed, a colon and the number of the deal.
    """
    return sorted(references, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())


def check_draw(population: int, number: int) -> int:
    """How many are drawn: all of them when fewer are there. Raises Refusal when there is nothing to draw from."""
    if population < 1:
        raise Refusal("nothing_to_check", "RE-4.6")
    return min(population, number)


def check_try(result: str, words: str, earlier: Sequence[str]) -> None:
    """Raises Refusal for an answer without its words, and for a try to reach somebody who has answered."""
    if result in ANSWERS and not words.strip():
        raise Refusal("answer_needs_its_words", "RE-4.7")
    if result in NO_ANSWERS and first_answer(earlier) is not None:
        raise Refusal("customer_has_answered", "RE-4.7")


def first_answer(results: Sequence[str]) -> str | None:
    """The answer that counts: the first one, whatever was said later (RE-4.7). None while nobody has answered."""
    return next((one for one in results if one in ANSWERS), None)


def is_given_up(results: Sequence[str]) -> bool:
    """Whether another deal takes the place: three tries and no answer (RE-Q16)."""
    return first_answer(results) is None and len(results) >= MOST_TRIES


def check_close(waiting: int) -> None:
    """Raises Refusal while a deal of the sample has no answer."""
    if waiting:
        raise Refusal("spot_check_is_open", "RE-4.6", waiting=waiting)
