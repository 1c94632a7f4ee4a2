"""Addresses carry no number of a row from which anybody could count (decision 0003)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import crypto
from portal.addresses import hidden, uncovered

ROWS = st.integers(1, 0x3FFFFFFF)


@given(number=ROWS)
def test_what_was_hidden_is_found_again(app: Flask, number: int) -> None:
    assert uncovered(hidden(number)) == number


@given(number=ROWS)
def test_scrambling_has_its_inverse(app: Flask, number: int) -> None:
    assert crypto.unscramble(crypto.scramble(number)) == number


def test_neighbours_are_not_neighbours(app: Flask) -> None:
    codes = [int(hidden(number), 16) for number in range(1, 200)]
    steps = [abs(later - earlier) for earlier, later in pairwise(codes)]
    assert len(set(codes)) == len(codes)
    assert min(steps) > 1000
    assert codes != sorted(codes)


@pytest.mark.parametrize("number", [0, -1, 0x40000000])
def test_no_number_of_a_row_is_hidden_from_nobody(app: Flask, number: int) -> None:
    with pytest.raises(ValueError, match="beyond"):
        hidden(number)
