"""From the public application to the first filing, in a browser, by everybody who has a hand in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import Application, Distributor, OutgoingMessage, PartnerFile, db
from portal.services import application_reviews, contract_drafts
from portal.wording.outgoing_messages import compose
from tests import contracting
from tests.applying import code_of, picture, reach, values
from tests.browser.conftest import EACH_LANGUAGE, sound_everywhere
from tests.browser.glass import sign_contract
from tests.browser.test_distributor_filing import RECEIPT, SUBMIT, fill
from tests.fixtures import PASSWORD, People

ADDRESS = "shen@example.cn"
NUMBER = 771


def look(page: Page, name: str) -> None:
    """The page fits and is sound; a picture of it where SHOTS says."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    sound_everywhere(page)


def newest(app: Flask, kind: str) -> str:
    """The text of the newest message of the kind."""
    with app.app_context():
        found = db.session.query(OutgoingMessage).filter_by(kind=kind).order_by(OutgoingMessage.id.desc()).first()
        assert found is not None
        return compose(found)[1]


def fill_page(page: Page, step: str, typed: dict[str, Any]) -> None:
    """Type one page of the form and go on."""
    page.goto(f"/apply/form/{step}")
    for field in page.locator("main input[name], main textarea[name]").all():
        name, kind = field.get_attribute("name") or "", field.get_attribute("type")
        if kind == "radio":
            if field.get_attribute("value") == typed[name]:
                page.click(f"label[for='{field.get_attribute('id')}']")
        elif typed.get(name) is not None and field.is_visible():
            field.fill(str(typed[name]))
    page.click("main form:has([name]) button.btn-big")
    page.wait_for_load_state()


def enter(app: Flask, page: Page, address: str = ADDRESS) -> None:
    """Prove the address."""
    page.goto("/apply")
    page.fill("[name=contact]", address)
    page.click("main button[type=submit]")
    page.wait_for_url("**/apply/code")
    with app.app_context():
        code = code_of(address)
    page.fill("[name=code]", code)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def apply(app: Flask, page: Page, tmp_path: Path) -> str:
    """The whole application of a company; its number."""
    enter(app, page)
    typed = values(NUMBER)
    for step in ("company", "contact", "bank", "wishes"):
        fill_page(page, step, typed)
    page.wait_for_url("**/apply/papers")
    for place, kind in enumerate(("licence", "legal_rep_id", "business_plan")):
        paper = tmp_path / f"{kind}.png"
        paper.write_bytes(picture(place * 60))
        page.select_option("[name=kind]", kind)
        page.set_input_files("[name=paper]", str(paper))
        page.click("form[enctype] button.btn")
        page.wait_for_load_state()
    page.goto("/apply/send")
    page.click("main form button.btn-big")
    page.wait_for_url("**/apply/status")
    return page.locator("main .sub").inner_text()


def sign_in(open_page: Callable[..., Page], who: str, path: str, password: str = PASSWORD) -> Page:
    page = open_page("/sign-in", "desk")
    page.fill("[name=login]", who)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    page.goto(path)
    return page


def press(page: Page, words: str, **typed: str) -> None:
    """Fill the fields of the form that has the button, then press it."""
    form = page.locator("form", has=page.locator("button", has_text=words)).first
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button", has_text=words).first.click()
    page.wait_for_load_state()


def review(page: Page, people: People) -> None:
    """Hua takes it up, checks papers and points, writes the surveys, names the group."""
    press(page, "受理")
    for _ in range(3):
        form = page.locator("form", has=page.locator("button", has_text="合格")).first
        if form.locator("[name=sealed]").count():
            form.locator("[name=sealed]").check()
        form.locator("button", has_text="合格").first.click()
        page.wait_for_load_state()
    for box in page.locator("[name=points]").all():
        box.check()
    press(page, "保存核对结果")
    for kind in ("market", "credit", "background"):
        inquire(page, kind)
    press(page, "完成审查和调查")
    for kind in ("interview", "inspection"):
        inquire(page, kind)
    for who in ("kit", "fin"):
        page.check(f"[name=members][value='{people.users[who]}']")
    press(page, "指定评审组")


def inquire(page: Page, kind: str) -> None:
    page.click(f"label[for=kind-{kind}]")
    press(page, "记录", held_on="2026-01-05", findings="情况属实，客户反馈良好")


def evaluate(page: Page, score: str) -> None:
    """A member's scores and its department's opinion."""
    areas = ("compliance", "strength", "business", "brand", "management", "finances")
    press(page, "提交评分", **dict.fromkeys(areas, score))
    press(page, "同意", reason="没有异议")


def drawn_up(app: Flask, people: People) -> tuple[str, str]:
    """The contract of the approved distributor is written, reviewed and signed by the company: (distributor, contract)."""
    with app.app_context():
        file = db.session.query(PartnerFile).filter_by(registration_code=values(NUMBER)["registration_code"]).one()
        distributor = db.session.get_one(Distributor, file.distributor_id)
        contracting.template(people)
        contract = contract_drafts.draft_contract(
            actor=people.get("hua"), distributor=distributor, draft=contracting.draft()
        )
        contracting.sign_company(people, contracting.open_to_sign(people, contract))
        db.session.commit()
        return distributor.reference, contract.reference


def first_sign_in(app: Flask, open_page: Callable[..., Page]) -> Page:
    """The owner takes its own password and begins."""
    said = dict(line.split("：", 1) for line in newest(app, "owner_account").splitlines()[:2])
    page = sign_in(open_page, said["登录名"], "/me/password", said["初始密码"])
    page.fill("[name=new_password]", PASSWORD)
    for name in ("present_password", "repeat", "new_password_again"):
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", said["初始密码"] if name == "present_password" else PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_load_state()
    return page


def test_from_the_public_form_to_the_first_filing(
    app: Flask, people: People, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    number = apply(app, open_page("/apply", "phone"), tmp_path)
    hua = sign_in(open_page, "hua", f"/hq/applications/{number}")
    review(hua, people)
    for who, score in (("kit", "82"), ("fin", "90.5")):
        evaluate(sign_in(open_page, who, f"/hq/applications/{number}"), score)
    hua.goto(f"/hq/applications/{number}")
    press(hua, "确认评分", reason="评分和意见齐全")
    for who in ("dan", "gia"):
        press(sign_in(open_page, who, f"/hq/applications/{number}"), "同意，签批", reason="条件齐备，同意合作")
    distributor, contract = drawn_up(app, people)
    owner = first_sign_in(app, open_page)
    owner.goto(f"/distributor/contracts/{contract}")
    sign_contract(app, owner)
    hua.goto(f"/hq/distributors/{distributor}/entry")
    press(hua, "启用", folder_location="渠道部 2 号柜")
    owner.goto("/distributor/filings/new")
    fill(owner)
    owner.click(SUBMIT)
    owner.wait_for_url(RECEIPT)


@EACH_LANGUAGE
def test_the_public_pages_fit(
    app: Flask, people: People, open_page: Callable[..., Page], size: str, locale: str
) -> None:
    page = open_page("/apply", size, locale)
    look(page, f"{size}-{locale}-begin")
    page.fill("[name=contact]", ADDRESS)
    page.click("main button[type=submit]")
    page.wait_for_url("**/apply/code")
    look(page, f"{size}-{locale}-code")
    enter_with(app, page)
    for step in ("form/company", "form/bank", "form/wishes", "papers", "send", "status"):
        page.goto(f"/apply/{step}")
        look(page, f"{size}-{locale}-{step.replace('/', '-')}")


def enter_with(app: Flask, page: Page) -> None:
    with app.app_context():
        code = code_of(ADDRESS)
    page.fill("[name=code]", code)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_without_scripts_nothing_typed_is_lost(app: Flask, people: People, open_page: Callable[..., Page]) -> None:
    page = open_page("/apply", "phone", scripts=False)
    enter(app, page)
    fill_page(page, "company", values(NUMBER) | {"legal_id_number": "330106198001010000"})
    expect(page.locator(".invalid-note")).to_have_count(1)
    expect(page.locator("[name=name]")).to_have_value(values(NUMBER)["name"])
    fill_page(page, "company", values(NUMBER))
    page.fill("[name=contact_name]", "陈悦")
    page.click("button[name=leave]")
    expect(page.locator("main")).to_contain_text("已退出")
    with app.app_context():
        file = db.session.query(Application).one().partner_file
        assert (file.name, file.contact_name) == (values(NUMBER)["name"], "陈悦")


@EACH_LANGUAGE
def test_headquarters_pages_fit(
    app: Flask, people: People, signed_in: Callable[..., Page], size: str, locale: str
) -> None:
    with app.app_context():
        review, surveyed, examined, approved = (
            reach(people, state).reference for state in ("in_review", "surveyed", "examined", "approved")
        )
        db.session.commit()
    page = signed_in("hua", "/hq/applications", size, locale)
    look(page, f"hq-{size}-{locale}-list")
    for name, path in (
        ("review", f"applications/{review}"),
        ("surveyed", f"applications/{surveyed}"),
        ("examined", f"applications/{examined}"),
        ("approved", f"applications/{approved}"),
        ("invite", "applications/invite"),
        ("file", "distributors/D-0003/file"),
        ("entry", "distributors/D-0003/entry"),
    ):
        page.goto(f"/hq/{path}")
        look(page, f"hq-{size}-{locale}-{name}")


@EACH_LANGUAGE
def test_messages_and_the_company_file_fit(
    app: Flask, people: People, signed_in: Callable[..., Page], size: str, locale: str
) -> None:
    with app.app_context():
        reach(people, "approved")
    ada = signed_in("ada", "/hq/messages", size, locale)
    look(ada, f"messages-{size}-{locale}")
    ada.locator("form[action$='/reveal'] button").first.click()
    ada.wait_for_load_state()
    look(ada, f"message-{size}-{locale}")
    olga = signed_in("olga", "/distributor/company/papers", size, locale)
    look(olga, f"company-papers-{size}-{locale}")


def test_a_stopped_application_shows_why(app: Flask, people: People, signed_in: Callable[..., Page]) -> None:
    with app.app_context():
        reach(people, "in_review", bank_account="3301000000000999")
        application = reach(people, "applied", bank_account="3301000000000999")
        gone = reach(people, "approved", bank_account="3301000000000999").partner_file.distributor
        assert gone is not None
        gone.status = "blacklisted"
        db.session.commit()
        number = application.reference
        application_reviews.hold(application, ("applied",))
        db.session.rollback()
    page = signed_in("gia", f"/hq/applications/{number}", "phone")
    look(page, "stopped-phone")
    press(page, "准许继续", reason="账号已由银行确认易主")
    expect(page.locator("text=账号已由银行确认易主")).to_have_count(1)
