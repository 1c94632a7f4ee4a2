"""The partner reads its contract and signs it by hand, with a code (CH-5.5); without one in force it does not file (DM-3.1)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from portal.models import ContractSignature, OneTimeCode, db
from portal.queries import contracts
from tests import contracting
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]


def picture() -> str:
    """Some ink, as the pad sends it."""
    content = BytesIO()
    image = Image.new("RGBA", (300, 120))
    ImageDraw.Draw(image).line((10, 60, 240, 80), fill="black", width=3)
    image.save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


@pytest.fixture
def waiting(app: Flask, people: People) -> str:
    """甲渠道 is approved; its first contract waits for Olga, who has a phone."""
    with app.app_context():
        contracting.without_contracts(people, status="approved")
        people.get("olga").phone = contracting.PHONE
        reference = contracting.open_to_sign(people).reference
        db.session.commit()
    return reference


def form(app: Flask, reference: str, **other: str) -> dict[str, str]:
    """What the pad and the fields send."""
    with app.app_context():
        contract = contracts.find(reference)
        assert contract is not None
        digest, code = contract.text_digest or "", contracting.last_code()
    pad = contracting.STROKES
    strokes = {"strokes": json.dumps(pad["strokes"]), "width": "300", "height": "120", "image": picture()}
    return {"who": "partner", "seen": digest, "channel": "sms", "title": "总经理", "code": code, "agreed": "y"} | (
        strokes | other
    )


def signatures(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ContractSignature).count()


def test_the_owner_signs_by_hand_and_with_the_code(browse: Browse, app: Flask, waiting: str, people: People) -> None:
    olga, at = browse("olga"), f"/distributor/contracts/{waiting}"
    html = assert_page(olga.get(at))
    assert "不是可靠电子签名" in html and "138****1111" in html and contracting.PHONE not in html
    assert send(olga, f"{at}/code", channel="sms").status_code == 303
    assert send(olga, f"{at}/signature", **form(app, waiting)).status_code == 303
    html = assert_page(olga.get(at))
    assert "手写签名 + 一次性验证码" in html and "第二步" not in html
    assert send(olga, f"{at}/signature", **form(app, waiting)).status_code == 303
    assert signatures(app) == 1
    with app.app_context():
        contracting.sign_company(people, contracts.find(waiting))
        db.session.commit()
        assert people.distributor().status == "contracted"
    assert "履行中" in assert_page(olga.get("/distributor/contracts"))


@pytest.mark.parametrize(
    ("field", "value", "says", "status"),
    [
        ("code", "12", "验证码", 422),
        ("code", "", "6 位验证码", 422),
        ("title", "", "职务", 422),
        ("agreed", "", "阅读全文", 422),
        ("strokes", "[]", "", 422),
        ("seen", "0" * 64, "不一致", 409),
        ("seen", "", "不一致", 409),
        ("seen", None, "不一致", 409),
        ("channel", "email", "联系方式", 409),
    ],
)
def test_what_does_not_sign(
    browse: Browse, app: Flask, waiting: str, field: str, value: str | None, says: str, status: int
) -> None:
    olga, at = browse("olga"), f"/distributor/contracts/{waiting}"
    send(olga, f"{at}/code", channel="sms")
    fields = form(app, waiting, **{field: value})
    if field == "agreed" or value is None:
        del fields[field]
    assert says in assert_page(send(olga, f"{at}/signature", **fields), status)
    assert signatures(app) == 0


def test_the_code_is_sent_once_a_minute(browse: Browse, app: Flask, waiting: str) -> None:
    olga, at = browse("olga"), f"/distributor/contracts/{waiting}/code"
    assert [send(olga, at, channel="sms").status_code for _ in range(2)] == [303, 409]
    with app.app_context():
        assert db.session.query(OneTimeCode).count() == 1


def test_brokers_and_rivals_have_no_such_page(browse: Browse, app: Flask, waiting: str) -> None:
    at = f"/distributor/contracts/{waiting}"
    for who in ("ana", "abe", "ben", "hua"):
        assert browse(who).get(at).status_code == 403
        assert send(browse(who), f"{at}/signature").status_code == 403


def test_a_draft_is_not_the_partners(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        reference = contracting.drafted(people).reference
        db.session.commit()
    assert browse("olga").get(f"/distributor/contracts/{reference}").status_code == 404
    assert reference not in assert_page(browse("olga").get("/distributor/contracts"))


def test_without_a_contract_the_filing_page_says_why(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        contracting.without_contracts(people)
        db.session.commit()
    html = assert_page(browse("ana").get("/distributor/filings/new"))
    assert "没有履行中的合同" in html and "渠道负责人" in html and 'id="filing"' not in html
    assert 'href="/distributor/contracts"' in assert_page(browse("olga").get("/distributor/filings/new"))


def test_only_projects_that_a_contract_covers_are_offered(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        contracting.without_contracts(people)
        contracting.signed(people, contracting.drafted(people, wanted=contracting.draft(None, None, people.project())))
        db.session.commit()
    html = assert_page(browse("ana").get("/distributor/filings/new"))
    assert "云栖府" in html and "江畔里" not in html
