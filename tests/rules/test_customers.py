"""Phones and numbers in one spelling, strong keys, and what finds a customer in a list."""

from __future__ import annotations

import pytest

from portal.rules.customers import (
    PhoneUnreadable,
    company_code_is_sound,
    is_local,
    read_id_number,
    read_phone,
    resident_id_is_sound,
    strong_keys,
)
from portal.rules.search import query_word, search_words


@pytest.mark.parametrize(
    "typed",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "+86 138-0000-1234",
        "0086 13800001234",
        "8613800001234",
        "１３８００００１２３４",
        "（+86）138 0000 1234",
        "\u200e13800001234",
    ],
)
def test_one_mobile_number_whatever_the_spelling(typed: str) -> None:
    assert read_phone(typed) == "+8613800001234"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("+852 9123 4567", "+85291234567"), ("00853 6612 3456", "+85366123456"), ("+1 212 555 0123", "+12125550123")],
)
def test_other_countries_keep_their_code(typed: str, number: str) -> None:
    assert read_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("138****1234", "masked"),
        ("138xxxx1234", "masked"),
        ("1380000****", "masked"),
        ("1380000123", "length"),
        ("138000012345", "length"),
        ("12800001234", "unknown"),
        ("", "unknown"),
        ("电话", "unknown"),
        ("+999 123", "unknown"),
    ],
)
def test_what_is_no_number(typed: str, reason: str) -> None:
    with pytest.raises(PhoneUnreadable) as unreadable:
        read_phone(typed)
    assert unreadable.value.reason == reason


@pytest.mark.parametrize(
    ("number", "sound"),
    [
        ("33011019830819101X", True),
        ("110101199003077758", True),
        ("110101199003077759", False),
        ("110101199002307754", False),
        ("11010119900307775", False),
        ("", False),
    ],
)
def test_a_resident_id_has_a_date_and_a_check_character(number: str, sound: bool) -> None:
    assert resident_id_is_sound(number) is sound


def test_an_id_number_is_read_in_one_spelling() -> None:
    assert read_id_number(" 3301 1019 8308 1910 1x ") == "33011019830819101X"


@pytest.mark.parametrize(("code", "sound"), [("91330106MA06DFFWDX", True), ("91330106MA06DFFWD0", False), ("x", False)])
def test_a_registration_code_has_its_check_character(code: str, sound: bool) -> None:
    assert company_code_is_sound(code) is sound


def test_a_name_is_no_strong_key() -> None:
    assert strong_keys(phone=None, id_number=None, company_code=None) == ()


@pytest.mark.parametrize(("residence", "local"), [(None, True), ("330106", True), ("310115", False), ("330203", False)])
def test_local_is_the_projects_city(residence: str | None, local: bool) -> None:
    assert is_local(residence, "330100") is local


@pytest.mark.parametrize(
    "typed", ["谢雨桐", "雨桐", "谢", "xyt", "XYT", "yt", "xieyutong", "xieyu", "yutong", "2737", "15800002737"]
)
def test_a_customer_is_found_by_name_pinyin_and_digits(typed: str) -> None:
    assert query_word(typed) in search_words("谢雨桐", phone="15800002737")


@pytest.mark.parametrize("typed", ["张", "zyt", "0000", "8000"])
def test_and_by_nothing_else(typed: str) -> None:
    assert query_word(typed) not in search_words("谢雨桐", phone="15800002737")
