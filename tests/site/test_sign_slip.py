"""The visit slip: three signatures on glass or on paper; unsigned is unsigned (RE-3.2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from portal import clock
from portal.models import db
from portal.queries import registrations
from portal.services.corrections import correct_customer
from portal.services.visits import signature_digest
from tests.pages import assert_page, text_of
from tests.site.conftest import ELEVEN, NINE, Browser, mark_of, photo, picture, signature, the_visit

At = Callable[[str], Browser]
PARTIES = ("customer", "broker", "reception")


@pytest.fixture
def arrived(in_app: Any, at_eleven: Any) -> str:
    """The number of an unsigned visit."""

    def work(stage: Any) -> str:
        with clock.set_to(NINE):
            registration = stage.file()
        return str(stage.arrive(registration).reference)

    return str(in_app(work, ELEVEN))


def sign(browser: Browser, visit: str, who: str, **changes: Any) -> Any:
    return browser.post(f"/site/visits/{visit}/signatures", signature(who, seen=mark_of(browser, visit), **changes))


def test_the_third_signature_sends_the_visit_on(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    for who in PARTIES[:2]:
        assert sign(rui, arrived, who).status_code == 303
        with app.app_context():
            assert the_visit(arrived).result == "unsigned"
    page = sign(rui, arrived, "reception")
    assert "送案场后台审核" in text_of(assert_page(rui.get(page.headers["Location"])))
    with app.app_context():
        visit = the_visit(arrived)
        assert (visit.result, visit.signed_at) == ("registered", ELEVEN)
        names = {row.party: row.signer_name for row in visit.signatures}
        assert names == {"customer": "张三", "broker": "安娜", "reception": "王若楠"}


def test_the_order_is_free(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    assert 'name="who" value="broker"' in assert_page(rui.get(f"/site/visits/{arrived}?who=broker"))
    for who in reversed(PARTIES):
        sign(rui, arrived, who)
    with app.app_context():
        assert the_visit(arrived).result == "registered"


def test_the_digest_covers_strokes_and_picture(app: Flask, at_work: At, arrived: str) -> None:
    sign(at_work("rui"), arrived, "customer")
    with app.app_context():
        row = the_visit(arrived).signatures[0]
        assert row.digest == signature_digest(row.strokes, row.image)
        changed = dict(row.strokes or {}, width=301)
        assert row.digest != signature_digest(changed, row.image)


DOT = json.dumps([[[10, 10, 0]]])
TAP = json.dumps([[[10, 10, 0], [12, 10, 5]]])


@pytest.mark.parametrize(
    "changes",
    [
        {"who": "leader"},
        {"who": ""},
        {"strokes": ""},
        {"strokes": "[]"},
        {"strokes": "[[]]"},
        {"strokes": DOT},
        {"strokes": TAP},
        {"strokes": "{}"},
        {"strokes": "not json"},
        {"strokes": "[[[1,2]]]"},
        {"strokes": '[[["1","2","3"],["9","90","4"]]]'},
        {"strokes": "[[[NaN,0,0],[50,50,1]]]"},
        {"strokes": "[[[1e999,0,0],[50,50,1]]]"},
        {"strokes": "[[[0,0,0],[99999999,0,1]]]"},
        {"strokes": "[" * 20000},
        {"strokes": json.dumps([[[1, 2, 3]] * 21000])},
        {"width": ""},
        {"width": "abc"},
        {"width": "-300"},
        {"width": "nan"},
        {"height": "1e9"},
        {"image": ""},
        {"image": "data:image/png;base64,AAAA"},
        {"image": "data:image/png;base64,%%%"},
        {"image": "data:image/svg+xml;base64,AAAA"},
        {"image": picture(inked=False)},
        {"image": picture(size=(4100, 4100))},
        {"image": "data:image/png;base64," + "A" * 300_000},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_what_is_no_signature_is_refused_and_the_rest_stays(
    app: Flask, at_work: At, arrived: str, changes: dict[str, str]
) -> None:
    rui = at_work("rui")
    sign(rui, arrived, "customer")
    html = assert_page(rui.post(f"/site/visits/{arrived}/signatures", signature("broker") | changes), 422)
    assert "已签的都还在" in html
    with app.app_context():
        assert [row.party for row in the_visit(arrived).signatures] == ["customer"]


def test_nobody_signs_twice(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    sign(rui, arrived, "customer")
    assert "已经签过" in assert_page(sign(rui, arrived, "customer"), 409)
    with app.app_context():
        assert len(the_visit(arrived).signatures) == 1


def test_nobody_signs_another_slip_than_was_on_the_glass(app: Flask, at_work: At, arrived: str, people: Any) -> None:
    rui, page = at_work("rui"), f"/site/visits/{arrived}"
    read_before = mark_of(rui, arrived)
    with app.app_context():
        registration = registrations.load(the_visit(arrived).registration_id or 0)
        correct_customer(actor=people.get("bo"), registration=registration, changes={"name": "章三"}, reason="身份证")
        db.session.commit()
    refused = "这份带客确认单的内容改过。"
    for mark in ({"seen": read_before}, {"seen": ""}, {}):
        html = assert_page(rui.post(f"{page}/signatures", signature("customer", **mark)), 409)
        assert refused in html and "章三" in html
    said = {"party": "customer", "reason": "要先与家人商量", "seen": read_before}
    html = assert_page(rui.post(f"{page}/refusals", said), 409)
    assert refused in html and "要先与家人商量" in html, "what was typed is kept"
    assert refused in assert_page(hand_in(rui, arrived, photo(), mark=read_before), 409)
    with app.app_context():
        assert the_visit(arrived).signatures == []
    assert sign(rui, arrived, "customer").status_code == 303


def test_what_another_party_signs_meanwhile_is_no_other_slip(at_work: At, arrived: str) -> None:
    one, two = at_work("rui"), at_work("rui")
    mark = mark_of(two, arrived)
    assert sign(one, arrived, "reception").status_code == 303
    again = two.post(f"/site/visits/{arrived}/signatures", signature("customer", seen=mark))
    assert again.status_code == 303


def test_a_slip_belongs_to_the_day_of_the_visit(app: Flask, at_work: At, arrived: str) -> None:
    with clock.set_to(ELEVEN + timedelta(hours=13)):
        rui = at_work("rui")
        assert "RE-3.7" in assert_page(sign(rui, arrived, "customer"), 409)


@pytest.mark.parametrize("who", ["bo", "cai", "lin", "ana", "hua"])
def test_only_reception_has_it_signed(at_work: At, arrived: str, who: str) -> None:
    assert sign(at_work(who), arrived, "customer").status_code == 403


def test_another_site_does_not_know_the_visit(at_work: At, arrived: str, next_door: None) -> None:
    sid = at_work("sid")
    assert sign(sid, arrived, "customer").status_code == 404
    for page in ("", "/slip.pdf", "/paper.jpg"):
        assert sid.get(f"/site/visits/{arrived}{page}").status_code == 404


def hand_in(browser: Browser, visit: str, content: Any, name: str = "slip.jpg", mark: str | None = None) -> Any:
    data = {"photo": (content, name), "seen": mark_of(browser, visit) if mark is None else mark}
    answer = browser.post(f"/site/visits/{visit}/paper", data, content_type="multipart/form-data")
    # The test client keeps a large body in a file of its own and leaves it open.
    answer.request.environ["wsgi.input"].close()
    return answer


def test_paper_stands_for_all_who_have_not_signed(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    sign(rui, arrived, "customer")
    assert hand_in(rui, arrived, photo()).status_code == 303
    with app.app_context():
        visit = the_visit(arrived)
        assert visit.result == "registered"
        methods = {row.party: row.method for row in visit.signatures}
        assert methods == {"customer": "glass", "broker": "paper", "reception": "paper"}
    assert rui.get(f"/site/visits/{arrived}/paper.jpg").mimetype == "image/jpeg"


def test_of_a_photograph_only_the_pixels_are_kept(app: Flask, at_work: At, arrived: str) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "secret place", 6
    hand_in(at_work("rui"), arrived, photo(exif=exif))
    with app.app_context():
        kept = the_visit(arrived).signatures[0].image or b""
        assert b"secret place" not in kept
        with Image.open(BytesIO(kept)) as image:
            assert (image.format, not image.getexif(), image.width > image.height) == ("JPEG", True, True)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", ""),
        (b"", "slip.jpg"),
        (b"%PDF-1.7 not a picture", "slip.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "slip.png"),
        (photo().getvalue()[:500], "slip.jpg"),
        (photo("GIF").getvalue(), "slip.jpg"),
        (photo(size=(60, 60)).getvalue(), "slip.jpg"),
        (b"\xff" * (10 * 1024 * 1024 + 1), "slip.jpg"),
    ],
    ids=["none", "empty", "pdf", "svg", "cut", "gif", "tiny", "huge"],
)
def test_what_is_no_photograph_is_refused(app: Flask, at_work: At, arrived: str, content: bytes, name: str) -> None:
    assert_page(hand_in(at_work("rui"), arrived, BytesIO(content), name), 422)
    with app.app_context():
        assert the_visit(arrived).signatures == []


def test_a_late_visit_may_be_signed_so_that_a_leader_can_excuse_it(app: Flask, at_work: At, in_app: Any) -> None:
    early = NINE + timedelta(minutes=20)

    def work(stage: Any) -> str:
        with clock.set_to(NINE):
            registration = stage.file()
        return str(stage.arrive(registration).reference)

    visit = in_app(work, early)
    with clock.set_to(early):
        rui = at_work("rui")
        for who in PARTIES:
            assert sign(rui, visit, who).status_code == 303
        with app.app_context():
            assert the_visit(visit).result == "natural" and the_visit(visit).signed_at == early
        lin = at_work("lin")
        assert lin.post(f"/site/excuses/{visit}", {"reason": "高速堵车"}).status_code == 303
        with app.app_context():
            assert the_visit(visit).result == "registered"
            db.session.rollback()
