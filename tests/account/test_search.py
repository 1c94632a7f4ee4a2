"""What is typed into a search field never stands readable in an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import db
from tests.fixtures import Stage, csrf_of, search

Browse = Callable[..., FlaskClient]
LIST = "/distributor/customers"


def send(client: FlaskClient, **form: str):  # type: ignore[no-untyped-def]
    return client.post("/search", data={"csrf_token": csrf_of(client), "to": LIST} | form)


def test_the_address_hides_the_name_and_the_list_finds_it(app: Flask, browse: Browse, stage: Stage) -> None:
    with app.app_context():
        stage.file("ana", stage.customer(name="谢雨桐"))

        db.session.commit()
    ana = browse("ana")
    where = send(ana, q="谢雨桐", state="held").headers["Location"]
    assert "谢雨桐" not in unquote(where)
    assert where.startswith(f"{LIST}?state=held&s=")
    assert "谢雨桐" in ana.get(where).get_data(as_text=True)
    assert "谢雨桐" in search(ana, LIST, "xyt").get_data(as_text=True)


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "\\\\elsewhere", "", "/a?b=c"])
def test_a_search_leads_nowhere_else(browse: Browse, to: str) -> None:
    assert send(browse("ana"), to=to, q="谢").status_code == 400


@pytest.mark.parametrize("token", ["x", "AAAA", "AQFr", "谢雨桐", "%00"])
def test_a_token_that_is_none_searches_for_nothing(browse: Browse, token: str) -> None:
    assert browse("ana").get(LIST, query_string={"s": token}).status_code == 200


@pytest.mark.parametrize(
    ("who", "page", "words"),
    [
        ("ada", "/hq/accounts", "安娜"),
        ("olga", "/distributor/brokers", "安娜"),
        ("ada", "/hq/distributors", "甲渠道"),
        ("aud", "/hq/history", "YQ-0"),
    ],
)
def test_no_list_shows_what_was_searched_in_its_addresses(browse: Browse, who: str, page: str, words: str) -> None:
    client = browse(who)
    answer = client.post("/search", data={"csrf_token": csrf_of(client), "to": page, "q": words})
    where = answer.headers["Location"]
    assert words not in unquote(where)
    found = client.get(where).get_data(as_text=True)
    addresses = [unquote(address) for address in re.findall(r'(?:href|action)="([^"]*)"', found)]
    assert words in found
    assert [address for address in addresses if words in address] == []


def test_nobody_searches_without_signing_in(browse: Browse) -> None:
    client = browse()
    answer = client.post("/search", data={"csrf_token": csrf_of(client), "to": LIST, "q": "谢"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
