"""The tab bar has five places; what else a person may open is reached from the own page (我的)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.account.test_home_and_language import DOORS
from tests.pages import assert_page


@pytest.mark.parametrize("who", DOORS)
def test_a_phone_reaches_from_the_own_page_what_the_tab_bar_has_no_place_for(
    browse: Callable[..., FlaskClient], who: str
) -> None:
    html = assert_page(browse(who).get("/me"))
    end_of_desk = "</nav>" if 'class="side"' in html else "</header>"
    desk, phone = html.split(end_of_desk, 1)
    addresses = set(re.findall(r'<a class="(?:item|tab)" href="([^"]+)"', desk))
    assert addresses
    assert {address for address in addresses if f'href="{address}"' not in phone} == set()
