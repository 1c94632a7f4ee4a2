"""Applying without a sign-in: the door is the same for everybody, the form is kept, papers are the applicant's own."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.addresses import hidden
from portal.models import Application, PartnerPaper, db
from portal.services import application_decisions, applications
from tests.applying import begin, code_of, fill, picture, reach, values
from tests.fixtures import People
from tests.pages import assert_page, form_values
from tests.send import send, send_read

Browse = Callable[..., FlaskClient]
ADDRESS = "lu@example.cn"


def enter(app: Flask, client: FlaskClient, address: str = ADDRESS) -> Any:
    """Prove the address; the answer to the code."""
    assert send(client, "/apply", "/apply", contact=address).location == "/apply/code"
    with app.app_context():
        code = code_of(address)
    return send(client, "/apply/code", "/apply/code", code=code)


def test_the_whole_form_page_by_page(app: Flask, browse: Browse) -> None:
    client = browse()
    assert enter(app, client).location == "/apply/form/company"
    typed = {name: value for name, value in values(801).items() if value is not None}
    for step, after in (("company", "contact"), ("contact", "bank"), ("bank", "wishes")):
        assert_page(client.get(f"/apply/form/{step}"))
        answer = send_read(client, f"/apply/form/{step}", **typed)
        assert answer.location == f"/apply/form/{after}", answer.text[-2000:]
    assert send_read(client, "/apply/form/wishes", **typed).location == "/apply/papers"
    for kind in ("licence", "legal_rep_id", "business_plan"):
        upload = (BytesIO(picture(len(kind))), f"{kind}.png")
        assert send(client, "/apply/papers", "/apply/papers", kind=kind, paper=upload).location == "/apply/papers"
    assert_page(client.get("/apply/papers"))
    assert_page(client.get("/apply/send"))
    assert send_read(client, "/apply/send").location == "/apply/status"
    assert "已提交，等受理" in assert_page(client.get("/apply/status"))
    with app.app_context():
        assert db.session.query(Application).one().state == "applied"


def test_two_of_the_applicants_people_do_not_undo_each_other(app: Flask, browse: Browse) -> None:
    one, two, page = browse(), browse(), "/apply/form/company"
    enter(app, one)
    with app.app_context():
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        db.session.commit()
    enter(app, two)
    before = form_values(assert_page(two.get(page)), "seen")
    assert send(one, page, **before | {"name": "湖畔渠道有限公司"}).status_code == 303
    assert send(one, page, **before | {"name": "湖畔渠道有限公司"}).status_code == 303, "sent twice it is no conflict"
    for sent in (before, {name: value for name, value in before.items() if name != "seen"}):
        html = assert_page(send(two, page, **sent | {"name": "", "legal_name": "陆明"}), 409)
        assert "您打开这一页之后" in html and "湖畔渠道有限公司" in html and 'value="陆明"' in html
        with app.app_context():
            file = db.session.query(Application).one().partner_file
            assert (file.name, file.legal_name) == ("湖畔渠道有限公司", None)
    assert send(two, page, **form_values(html, "seen")).status_code == 303
    # Another page of the form is nobody's conflict.
    assert send_read(one, "/apply/form/contact", contact_name="陆明").status_code == 303


def test_nothing_is_sent_that_was_changed_after_it_was_looked_through(app: Flask, browse: Browse) -> None:
    with app.app_context():
        application = fill(begin(ADDRESS))
        number = application.id
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        db.session.commit()
    client = browse()
    enter(app, client)
    read = form_values(assert_page(client.get("/apply/send")), "seen")
    with app.app_context():
        applications.save_step(application=db.session.get_one(Application, number), values={"bank_name": "工商银行"})
        db.session.commit()
    for sent in (read, {}):
        assert "您打开这一页之后" in assert_page(send(client, "/apply/send", **sent), 409)
    with app.app_context():
        assert db.session.get_one(Application, number).state == "prospect"
    assert send_read(client, "/apply/send").location == "/apply/status"


def test_what_is_missing_is_a_refusal_with_links(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    html = assert_page(send(client, "/apply/send", "/apply/send"), 409)
    assert "还有内容没有填完" in html and 'href="/apply/form/bank"' in html


@pytest.mark.parametrize(
    ("step", "typed", "says"),
    [
        ("company", {"registration_code": "91330106MA2AX12340"}, "统一社会信用代码"),
        ("company", {"legal_id_number": "330106198001010000"}, "身份证号"),
        ("company", {"name": "字" * 81}, "最多 80 个字符"),
        ("contact", {"contact_phone": "138****0000"}, "手机号"),
        ("bank", {"bank_account": "12AB"}, "账号有误"),
        ("bank", {"invoice_tax_number": "<b>"}, "纳税人识别号有误"),
        ("wishes", {"expected_volume": "-1"}, "整数"),
        ("wishes", {"cooperation_ends_on": "soon"}, "日期读不懂"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_the_typing_stays(
    app: Flask, browse: Browse, step: str, typed: dict[str, str], says: str
) -> None:
    client = browse()
    enter(app, client)
    html = assert_page(send(client, f"/apply/form/{step}", "/apply", **typed), 422)
    assert says in html
    assert next(iter(typed.values())).replace("<", "&lt;").replace(">", "&gt;") in html


@pytest.mark.parametrize("known", ["nobody", "an applicant", "an owner"])
def test_the_door_answers_alike_whoever_asks(app: Flask, people: People, browse: Browse, known: str) -> None:
    with app.app_context():
        address = (
            ADDRESS
            if known == "nobody"
            else reach(people, "applied" if known == "an applicant" else "approved").contact
        )
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        db.session.commit()
    client = browse()
    answer = send(client, "/apply", "/apply", contact=address)
    html = client.get("/apply/code").text.replace(address, "…")
    assert (answer.status_code, answer.location) == (303, "/apply/code")
    wrong = assert_page(send(client, "/apply/code", "/apply/code", code="000000x"), 422)
    assert "验证码不对，或者已经过期、用过" in wrong and "6 位验证码已发往" in html


def test_nobody_uses_up_the_tries_of_somebody_elses_address(app: Flask, browse: Browse) -> None:
    mine, theirs = browse(), browse()
    assert send(mine, "/apply", "/apply", contact=ADDRESS).location == "/apply/code"
    with app.app_context():
        code = code_of(ADDRESS)
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '2 minutes'"))
        db.session.commit()
    assert send(theirs, "/apply", "/apply", contact=ADDRESS).location == "/apply/code"
    for _ in range(5):
        assert_page(send(theirs, "/apply/code", "/apply/code", code="nothing"), 422)
    assert_page(send(theirs, "/apply/code", "/apply/code", code=code), 422)
    assert send(mine, "/apply/code", "/apply/code", code=code).location == "/apply/form/company"


def test_the_browser_keeps_no_address_to_be_read(browse: Browse) -> None:
    client = browse()
    send(client, "/apply", "/apply", contact=ADDRESS)
    with client.session_transaction() as kept:
        assert ADDRESS not in str(dict(kept))
    assert ADDRESS in client.get("/apply/code").text


def test_without_the_code_there_is_only_the_door(browse: Browse) -> None:
    client = browse()
    for path in ("form/company", "papers", "send", "status"):
        assert client.get(f"/apply/{path}").location == "/apply"
    assert client.get("/apply/code").location == "/apply"


def test_leaving_forgets_the_applicant_on_this_browser(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    send(client, "/apply/leave", "/apply/form/company")
    assert client.get("/apply/form/company").location == "/apply"


def test_once_sent_the_form_is_closed(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        address = reach(people, "applied").contact
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        db.session.commit()
    client = browse()
    assert enter(app, client, address).location == "/apply/status"
    assert client.get("/apply/papers").location == "/apply/status"
    assert client.get("/apply/form/company").location == "/apply/status"
    assert send(client, "/apply/form/company", "/apply", name="别的公司").status_code == 409


def test_a_paper_of_another_application_does_not_exist(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        reach(people, "applied")
        paper = db.session.query(PartnerPaper.id).order_by(PartnerPaper.id).limit(1).scalar()
    client = browse()
    enter(app, client)
    assert send(client, f"/apply/papers/{hidden(paper)}/withdraw", "/apply/papers").status_code == 404


def test_a_paper_of_no_known_kind_is_refused(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    upload = (BytesIO(b"MZ\x90\x00"), "licence.pdf")
    assert "只收 JPEG" in assert_page(send(client, "/apply/papers", "/apply/papers", kind="licence", paper=upload), 422)
    assert "请选择文件" in assert_page(send(client, "/apply/papers", "/apply/papers", kind="licence"), 422)


def test_the_next_paper_that_is_needed_is_chosen_already(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    assert '<option selected value="licence">' in assert_page(client.get("/apply/papers"))
    upload = (BytesIO(picture()), "licence.png")
    assert send(client, "/apply/papers", "/apply/papers", kind="licence", paper=upload).status_code == 303
    assert '<option selected value="legal_rep_id">' in assert_page(client.get("/apply/papers"))


def test_after_a_rejection_one_applies_anew_and_reads_the_old_one(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        old = reach(people, "examined")
        application_decisions.sign(actor=people.get("dan"), application=old, approved=False, reason="区域已满")
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        stranger = reach(people, "applied").id
        db.session.commit()
        number, reference, address = old.id, old.reference, old.contact
    client = browse()
    assert enter(app, client, address).location == "/apply/status"
    assert "区域已满" in assert_page(client.get("/apply/status"))
    assert send(client, "/apply/anew", "/apply/status").location == "/apply/form/company"
    status = assert_page(client.get("/apply/status"))
    assert reference in status and "重新申请" not in status
    assert "区域已满" in assert_page(client.get(f"/apply/earlier/{hidden(number)}"))
    assert client.get(f"/apply/earlier/{hidden(stranger)}").status_code == 404


def test_leaving_a_page_of_the_form_keeps_what_was_just_typed(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    assert send_read(client, "/apply/form/company", name="湖畔渠道有限公司", leave="yes").location == "/apply"
    assert client.get("/apply/form/company").location == "/apply"
    with app.app_context():
        assert db.session.query(Application).one().partner_file.name == "湖畔渠道有限公司"


def test_a_mistake_keeps_who_wants_to_leave_on_the_page(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    wrong = {"name": "湖畔渠道", "registration_code": "1234", "leave": "yes"}
    html = assert_page(send_read(client, "/apply/form/company", **wrong), 422)
    assert 'value="湖畔渠道"' in html


def test_what_is_sent_after_the_proof_has_ended_comes_back_and_can_be_sent_again(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    page = "/apply/form/wishes"
    typed = form_values(assert_page(client.get(page)), "seen") | {"experience": "三家门店，十年经验"}
    with client.session_transaction() as kept:
        kept.pop("applicant")
    html = assert_page(send(client, page, "/apply", **typed), 401)
    again = form_values(html, "seen")
    assert again["experience"] == "三家门店，十年经验" and 'href="/apply"' in html and 'href="/sign-in"' not in html
    with app.app_context():
        db.session.execute(db.text("UPDATE one_time_codes SET created_at = created_at - interval '5 minutes'"))
        db.session.commit()
    enter(app, client)
    assert send(client, page, "/apply", **again).location == "/apply/papers"
    with app.app_context():
        assert db.session.query(Application).one().partner_file.experience == "三家门店，十年经验"


def test_a_file_that_comes_after_the_proof_has_ended_is_asked_for_again(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    sent = form_values(assert_page(client.get("/apply/papers")), "valid_until")
    with client.session_transaction() as kept:
        kept.pop("applicant")
    answer = send(client, "/apply/papers", "/apply", **sent | {"paper": (BytesIO(picture(3)), "licence.png")})
    assert answer.location == "/apply"
    assert "文件没有收到" in assert_page(client.get("/apply"))


@pytest.mark.parametrize(
    ("contact", "words"),
    [("0571-88880000", "座机收不到短信"), ("陈悦", "这不是邮箱地址，也不是手机号"), ("138001", "内地手机号是 11 位")],
)
def test_a_code_goes_only_where_it_can_arrive(app: Flask, browse: Browse, contact: str, words: str) -> None:
    assert words in assert_page(send(browse(), "/apply", "/apply", contact=contact), 422)


def test_what_is_incomplete_is_not_offered_to_be_sent(app: Flask, browse: Browse) -> None:
    client = browse()
    enter(app, client)
    html = assert_page(client.get("/apply/send"))
    assert "先补齐缺的内容" in html and "提交申请" not in html
