"""The form of a report that came back: each mistake once, and a way to every field that has one."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.fixtures import csrf_of
from tests.pages import assert_page


def test_every_mistake_is_said_once_and_its_link_leads_to_the_field(browse: Callable[..., FlaskClient]) -> None:
    client = browse()
    html = assert_page(client.post("/report", data={"csrf_token": csrf_of(client, "/report")}), 422, personal=False)
    assert "有 4 处要改" in html
    assert html.count("请选择其中一项。") == 1
    assert "不是有效的选择" not in html
    wanted = re.findall(r'<a href="#([^"]+)">(?:什么事|哪个项目|是谁|经过)</a>', html)
    assert wanted == ["kind-0", "project", "about", "summary"]
    assert all(f'id="{name}"' in html for name in wanted)


def test_a_choice_that_is_missing_is_marked_for_the_focus(browse: Callable[..., FlaskClient]) -> None:
    client = browse()
    html = client.post("/report", data={"csrf_token": csrf_of(client, "/report")}).get_data(as_text=True)
    assert html.index('<fieldset class="field" aria-invalid="true"') < html.index('name="project"')
