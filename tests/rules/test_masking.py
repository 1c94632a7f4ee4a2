"""What a mask leaves to read, and that it never leaves more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.masking import group_phone, mask_id_number, mask_phone


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+8613800003691", "138****3691"),
        ("13800003691", "138****3691"),
        ("138 0000 3691", "138****3691"),
        ("+85291234567", "+852 ****4567"),
        ("+85366123456", "+853 ****3456"),
        ("+16502530000", "+1 ****0000"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_a_phone_keeps_its_ends(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("990101199001011234", "990101********1234"),
        ("99010119900101123x", "990101********123x"),
        ("E12345678", "E1*****78"),
        ("H1234", "****"),
    ],
)
def test_a_document_number_keeps_its_ends(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@given(st.from_regex(r"\A\+[1-9]\d{6,14}\Z"))
def test_no_mask_shows_more_than_seven_digits_of_a_number(phone: str) -> None:
    assert sum(character.isdigit() for character in mask_phone(phone)) <= 7
    assert "****" in mask_phone(phone)


@given(st.text(max_size=30))
def test_a_mask_is_made_of_anything(text: str) -> None:
    assert "*" in mask_phone(text)
    assert "*" in mask_id_number(text)


def test_a_whole_number_is_grouped_for_reading() -> None:
    assert group_phone("+8613800003691") == "138 0000 3691"
    assert group_phone("+85291234567") == "+852 9123 4567"
    assert group_phone("not a number") == "not a number"
