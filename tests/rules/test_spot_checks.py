"""Spot checks: the same draw for whoever repeats it, the first answer for good, three tries and no more (RE-4.6, 4.7, Q16)."""

from __future__ import annotations

import pytest

from portal.rules.refusal import Refusal
from portal.rules.spot_checks import check_close, check_draw, check_try, draw, first_answer, is_given_up

DEALS = [f"YQ-D2604-{number:06}" for number in range(40)]


def test_a_seed_draws_the_same_order_whatever_the_order_of_reading() -> None:
    assert draw(DEALS, "a") == draw(reversed(DEALS), "a") and sorted(draw(DEALS, "a")) == DEALS
    assert draw(DEALS, "a") != draw(DEALS, "b")


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    """So that whoever takes the place of somebody who cannot be reached is the next of the same draw."""
    fewer = [one for one in DEALS if one != draw(DEALS, "a")[20]]
    assert draw(fewer, "a")[:20] == draw(DEALS, "a")[:20]


@pytest.mark.parametrize(("population", "number", "taken"), [(10, 3, 3), (3, 3, 3), (2, 3, 2), (1, 1, 1)])
def test_no_more_are_drawn_than_there_are(population: int, number: int, taken: int) -> None:
    assert check_draw(population, number) == taken


def test_from_nothing_nothing_is_drawn() -> None:
    with pytest.raises(Refusal, match="nothing_to_check"):
        check_draw(0, 3)


@pytest.mark.parametrize(
    ("results", "first"),
    [
        ([], None),
        (["unreachable", "declined"], None),
        (["confirmed", "name_unknown"], "confirmed"),
        (["unreachable", "not_referred", "confirmed"], "not_referred"),
    ],
)
def test_the_first_answer_counts_whatever_is_said_later(results: list[str], first: str | None) -> None:
    assert first_answer(results) == first


@pytest.mark.parametrize(
    ("results", "given_up"),
    [
        (["unreachable"] * 2, False),
        (["unreachable", "declined", "wrong_number"], True),
        (["confirmed", "unreachable", "unreachable"], False),
        (["unreachable", "unreachable", "confirmed"], False),
    ],
)
def test_three_tries_in_vain_give_a_deal_up(results: list[str], given_up: bool) -> None:
    assert is_given_up(results) is given_up


@pytest.mark.parametrize(
    ("result", "words", "earlier", "reason"),
    [
        ("confirmed", " ", [], "answer_needs_its_words"),
        ("name_unknown", "", [], "answer_needs_its_words"),
        ("unreachable", "", ["confirmed"], "customer_has_answered"),
    ],
)
def test_an_answer_has_its_words_and_ends_the_tries(result: str, words: str, earlier: list[str], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        check_try(result, words, earlier)


def test_what_was_said_later_is_kept_too() -> None:
    check_try("confirmed", "想起来了，是他们", ["name_unknown"])
    check_try("unreachable", "", ["declined"])
    check_close(0)
    with pytest.raises(Refusal, match="spot_check_is_open"):
        check_close(1)
