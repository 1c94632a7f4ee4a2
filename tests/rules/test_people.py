"""The small rules about people: passwords, logins, roles that go together, cities, names to sort by."""

from __future__ import annotations

import pytest

from portal.rules.cities import cities
from portal.rules.logins import is_login, tidy_login
from portal.rules.names import pinyin_key
from portal.rules.passwords import weakness
from portal.rules.roles import objection


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("nine-char", "too_short"),
        ("ten-chars!", None),
        ("春天的河边有一棵树", "too_short"),
        ("春天的河边有一棵老树", None),
        ("x" * 129, "too_long"),
        ("PASSWORD123", "too_common"),
        ("ｐａｓｓｗｏｒｄ１２３", "too_common"),
        ("ababababab", "too_common"),
        ("3456789012", "too_common"),
        ("poiuytrewq", "too_common"),
        ("annabelle.lee", "is_the_login"),
        ("Annabelle.Lee1!", "is_the_login"),
        ("eel.ellebanna", "is_the_login"),
        ("annabelle.lee-rides-a-bus", None),
    ],
)
def test_a_password_is_long_enough_and_not_what_everybody_takes(password: str, reason: str | None) -> None:
    assert weakness(password, login="annabelle.lee") == reason


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ("183 0000 1122", "18300001122"),
        ("+86 183-0000-1122", "18300001122"),
        ("１８３００００１１２２", "18300001122"),
        (" Ana ", "ana"),
        ("ana-li", "ana-li"),
        ("a b", "a b"),
    ],
)
def test_one_login_in_many_spellings(typed: str, login: str) -> None:
    assert tidy_login(typed) == login


@pytest.mark.parametrize(
    ("login", "right"), [("ab", True), ("a", False), ("a b", False), ("-a", False), ("a" * 51, False)]
)
def test_what_a_login_looks_like(login: str, right: bool) -> None:
    assert is_login(login) is right


@pytest.mark.parametrize(
    ("roles", "of_distributor", "reason"),
    [
        ({"broker"}, True, None),
        ({"broker", "owner"}, True, None),
        ({"reception", "back_office", "hq_channel"}, False, None),
        (set(), False, "no_role"),
        ({"broker"}, False, "distributor_missing"),
        ({"finance"}, True, "distributor_and_company"),
        ({"broker", "reception"}, True, "distributor_and_company"),
        ({"administrator", "auditor"}, False, "administrator_and_auditor"),
    ],
)
def test_which_roles_go_together(roles: set[str], of_distributor: bool, reason: str | None) -> None:
    assert objection(roles, of_distributor=of_distributor) == reason


def test_the_cities_of_today_are_all_there() -> None:
    found = cities()
    assert found["330100"].name == "杭州市"
    assert found["110100"].name == "北京市"
    assert found["469005"].name == "文昌市"
    assert {"330106", "330000", "110000", "469000"}.isdisjoint(found)
    assert 340 < len(found) < 370


def test_names_sort_and_are_found_by_their_pinyin() -> None:
    assert pinyin_key("甲渠道 A1") == "jiaqudaoa1 jqda1"
