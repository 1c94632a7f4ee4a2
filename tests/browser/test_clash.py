"""A clash in a real browser: two filings, a deal, a claim, the ruling, two papers on which neither rival finds the other."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Deal, Document, Ruling, RulingParty, db
from portal.services import findings
from tests.browser.conftest import EACH_LANGUAGE, sound, sound_everywhere
from tests.clashes import DAY, HOUR, NAME, WRONG_PHONE, Clash, loaded
from tests.fixtures import People, Stage
from worker.jobs.documents import print_document

Open = Callable[..., Page]


@pytest.fixture
def clash(app: Flask, people: People, stage: Stage) -> dict[str, str]:
    """Ana filed first with a wrong last digit, Ben the day after with the right number, Olga's company claims."""
    with app.app_context():
        now = clock.now()
        found = Clash(stage, start=(now - 20 * DAY).replace(hour=1, minute=0, second=0))
        found.bring("ana", 0 * DAY, phone=WRONG_PHONE)
        found.bring("ben", DAY)
        event = found.buy(at=now - 5 * HOUR)
        found.claim("ana", event, at=now - HOUR)
        db.session.commit()
        numbers = {who: registration.reference for who, registration in found.filed.items()}
        return numbers | {"deal": db.session.get_one(Deal, event.deal_id).reference}


def print_all(app: Flask) -> None:
    with app.app_context():
        for number in db.session.scalars(db.select(Document.id).where(Document.state == "waiting")).all():
            print_document(number)


def text_of(page: Page, address: str, folder: Path) -> str:
    """The words of a PDF that the person signed in may fetch, without white space and without the digest, whose digits are
    anybody's."""
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    path = folder / "paper.pdf"
    path.write_bytes(answer.body())
    found = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout
    words, digests = re.subn(r"事实摘要[0-9a-f]{32}", "", "".join(found.split()))
    assert digests > 0
    return words


def parties(app: Flask, people: People) -> dict[str, str]:
    with app.app_context():
        names = {number: name for name, number in people.distributors.items()}
        rows = db.session.scalars(db.select(RulingParty)).all()
        return {names[row.distributor_id]: row.reference for row in rows}


def test_from_two_filings_to_two_papers(
    signed_in: Open, app: Flask, people: People, clash: dict[str, str], tmp_path: Path
) -> None:
    page = signed_in("bo", "/me")
    page.goto("/site/cases")
    sound(page)
    page.locator(f"a[href*='{clash['deal']}']").click()
    expect(page.locator("tr.wins")).to_contain_text("乙渠道")
    expect(page.locator("#sources .no-i")).to_have_text("7")
    expect(page.locator("#owner")).to_contain_text("RE-8.7")
    sound(page)
    page.get_by_role("link", name="认可甲的近似号码").click()
    expect(page.locator("tr.wins")).to_contain_text("甲渠道")
    page.get_by_role("button", name="签发裁定").click()
    expect(page.locator("#reason-error")).to_contain_text("认可近似号码须写明依据")
    sound(page)
    page.get_by_role("link", name="不认可，回到规则的结果").click()
    page.get_by_role("button", name="签发裁定").click()
    expect(page.locator("#notices")).to_contain_text("已签发")
    expect(page.locator("#rule")).to_have_count(0)
    sound(page)
    print_all(app)
    told = parties(app, people)
    loser = text_of(signed_in("ana", "/me"), f"/distributor/rulings/{told['甲渠道']}/extract.pdf", tmp_path)
    winner = text_of(signed_in("ben", "/me"), f"/distributor/rulings/{told['乙渠道']}/extract.pdf", tmp_path)
    assert all(fact in loser for fact in ("成交不归属贵司", "RE-8.7", clash["ana"], "166****3397", "甲渠道", NAME))
    assert all(fact in winner for fact in ("成交归属贵司", "RE-8.7", clash["ben"], "166****3391", "乙渠道", "3幢1702"))
    for of_the_other in ("乙渠道", "本恩", "3391", clash["ben"], told["乙渠道"], "3幢1702", "330106"):
        assert of_the_other not in loser
    for of_the_other in ("甲渠道", "安娜", "3397", clash["ana"], told["甲渠道"], "330106"):
        assert of_the_other not in winner
    with app.app_context():
        number = db.session.scalars(db.select(Ruling.reference).order_by(Ruling.seq.desc())).first()
    whole = text_of(page, f"/site/rulings/{number}.pdf", tmp_path)
    assert all(fact in whole for fact in ("甲渠道", "乙渠道", clash["ana"], clash["ben"], "何佳", "3幢1702"))


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_headquarters_confirms_a_finding_and_decides_anew(
    signed_in: Open, app: Flask, people: People, clash: dict[str, str], size: str
) -> None:
    with app.app_context():
        deal = loaded(db.session.scalars(db.select(Deal.id)).one())
        findings.report_finding(actor=people.get("aud"), deal=deal, kind="complaint", summary="客户说先找的是甲渠道")
        findings.report_finding(actor=people.get("hua"), deal=deal, kind="malicious_grab", summary="在门口截走客户")
        db.session.commit()
    page = signed_in("hua", "/me", size)
    page.goto(f"/hq/deals/{clash['deal']}")
    expect(page.locator("#findings")).to_contain_text("由另一位同事查实")
    sound(page)
    page.locator("#findings textarea").first.fill("电话核实")
    page.get_by_role("button", name="查实").click()
    expect(page.locator("#findings")).to_contain_text("电话核实")
    sound(page)
    page.locator("#findings label", has_text="甲 甲渠道").click()
    page.locator("#findings textarea").first.fill("客户的陈述与签单一致")
    page.get_by_role("button", name="签发新的裁定").click()
    expect(page.locator("#owner")).to_contain_text("甲渠道")
    expect(page.locator("#owner")).to_contain_text("RE-8.5")
    expect(page.locator("#chain")).to_contain_text("取代")
    sound(page)


@EACH_LANGUAGE
def test_everybody_who_may_can_read_the_case(
    signed_in: Open, app: Flask, clash: dict[str, str], size: str, locale: str
) -> None:
    for who, room in (("lin", "site/cases"), ("hua", "hq/deals"), ("aud", "hq/deals")):
        page = signed_in(who, "/me", size, locale)
        page.goto(f"/{room}")
        sound_everywhere(page)
        page.goto(f"/{room}/{clash['deal']}")
        sound_everywhere(page)
        expect(page.locator("#rule")).to_have_count(0)
