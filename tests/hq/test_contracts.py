"""Contracts at headquarters: written, reviewed by another, signed for the company, recorded from paper (DM-3, CH-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from portal import clock
from portal.forms.contracts import text_of
from portal.models import Contract, ContractTemplate, db
from portal.queries.contracts import covered
from tests import contracting
from tests.fixtures import People, csrf_of, search
from tests.pages import assert_page
from tests.send import send, send_read

Browse = Callable[..., FlaskClient]
FORM = contracting.FIELDS | {"term": "12", "all_projects": "y", "submission_key": "k-1"}


@pytest.fixture
def alone(app: Flask, people: People) -> People:
    """甲渠道 is approved and has no contract; a template is in force."""
    with app.app_context():
        contracting.without_contracts(people, status="approved")
        contracting.template(people)
        db.session.commit()
    return people


def made(app: Flask, people: People, make: Callable[..., Contract]) -> str:
    with app.app_context():
        reference = make(people).reference
        db.session.commit()
        return reference


def state_of(app: Flask, reference: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Contract.state).where(Contract.reference == reference)).one()


def scan() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (800, 1100), "white").save(picture, "JPEG")
    return picture.getvalue()


def first_day() -> str:
    return contracting.today().isoformat()


def test_written_reviewed_and_signed_for_the_company(browse: Browse, app: Flask, alone: People) -> None:
    hua, leo = browse("hua"), browse("leo")
    new = "/hq/distributors/D-0001/contracts/new"
    assert_page(hua.get(new))
    with app.app_context():
        day = first_day()
    at = send(hua, new, first_day=day, **FORM).location
    html = assert_page(hua.get(at))
    assert "人民币壹拾万元整" in html and "送法务审核" in html
    assert send(hua, f"{at}/submit").status_code == 303
    assert send(hua, f"{at}/review", decision="yes").status_code == 403
    assert "写明要改什么" in assert_page(send(leo, f"{at}/review", decision="no"), 422)
    assert send_read(leo, at, "/review", decision="no", remarks="区域写到区").status_code == 303
    assert "区域写到区" in assert_page(hua.get(at))
    assert send_read(hua, f"{at}/change", first_day=day, **(FORM | {"territory": "杭州市西湖区"})).status_code == 303
    send(hua, f"{at}/submit")
    assert send_read(leo, at, "/review", decision="yes").status_code == 303
    page = assert_page(hua.get(at))
    digest = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    for other in ({"seen": "0" * 64}, {"seen": ""}, {}):
        assert send(hua, f"{at}/signature", title="总监", **other).status_code == 409
    assert send(hua, f"{at}/signature", seen=digest, title="总监").status_code == 303
    assert state_of(app, at.rsplit("/", 1)[1]) == "signing"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_day", "2020-01-01", "不能早于今天"),
        ("first_day", "soon", "2026-03-01"),
        ("target_deals", "many", "整数"),
        ("target_visits", "", "合同里必须写明"),
        ("settlement_day", "31", "1 到 28"),
        ("commission_plan", "", "佣金"),
        ("territory", "<b>杭州</b>", "网页代码"),
        ("term", "other", "请填写到期日"),
        ("all_projects", "", "至少选一个项目"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    browse: Browse, app: Flask, alone: People, field: str, value: str, says: str
) -> None:
    with app.app_context():
        fields = FORM | {"first_day": first_day()} | {field: value}
    if field == "all_projects":
        del fields["all_projects"]
    html = assert_page(send(browse("hua"), "/hq/distributors/D-0001/contracts/new", **fields), 422)
    assert says in html
    assert "杭州市江畔路 6 号" in html


def test_pressed_twice_it_is_one_draft(browse: Browse, app: Flask, alone: People) -> None:
    hua = browse("hua")
    with app.app_context():
        fields = FORM | {"first_day": first_day()}
    assert len({send(hua, "/hq/distributors/D-0001/contracts/new", **fields).location for _ in range(2)}) == 1


def test_a_paper_contract_is_recorded_with_its_scan(browse: Browse, app: Flask, alone: People) -> None:
    ada, at = browse("ada"), "/hq/distributors/D-0001/contracts/paper"
    assert_page(ada.get(at))
    with app.app_context():
        day = first_day()
    fields = {"first_day": day, "term": "12", "projects": "YQ", "company_signer": "周正", "partner_signer": "欧佳"}
    assert "请选择签好的合同" in assert_page(send(ada, at, **fields), 422)
    for _ in range(2):
        sent = fields | {"scan": (BytesIO(scan()), "合同.jpg"), "csrf_token": csrf_of(ada, at)}
        answer = ada.post(at, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 303
    assert "纸质签署" in assert_page(ada.get(answer.location))
    with app.app_context():
        assert alone.distributor().status == "contracted"
        (contract,) = db.session.scalars(select(Contract).where(Contract.distributor_id == alone.distributor().id))
        assert contract.signatures[0].file_id is not None
        end = contract.ends_at
        assert covered(alone.distributor().id, end - timedelta(seconds=1)) == {alone.project_id}
        assert not covered(alone.distributor().id, end)


def test_the_renewal_is_decided_with_a_reason(browse: Browse, app: Flask, alone: People) -> None:
    at = f"/hq/contracts/{made(app, alone, contracting.signed)}"
    hua = browse("hua")
    assert send(hua, f"{at}/renewal", decision="yes", reason="").status_code == 422
    assert send_read(hua, at, "/renewal", decision="yes", reason="目标完成").status_code == 303
    assert "起草续签合同" in assert_page(hua.get(at))
    assert_page(hua.get(f"{at}/renew"))
    assert_page(hua.get(f"{at}/amend"))


def test_what_follows_a_contract_is_said_and_not_offered_again(browse: Browse, app: Flask, alone: People) -> None:
    with app.app_context():
        contract = contracting.signed(alone)
        contract.ends_at = clock.now() + timedelta(days=20)
        at, hua = f"/hq/contracts/{contract.reference}", browse("hua")
        db.session.commit()
    assert "是否续签由渠道部决定" in assert_page(hua.get(at))
    assert send_read(hua, at, "/renewal", decision="yes", reason="目标完成").status_code == 303
    form = FORM | {"term": "12"}
    renewal = send(hua, f"{at}/renew", **form).location
    page = assert_page(hua.get(at))
    assert f"续签合同 {renewal.rsplit('/', 1)[1]} 在办理，先办完或撤回" in page and f"{at}/amend" not in page
    assert "到期没有签好续签合同的，从那以后不能再报备" in page and 'id="renewal"' not in page


def test_the_text_is_looked_at_as_a_file(browse: Browse, app: Flask, alone: People) -> None:
    at = f"/hq/contracts/{made(app, alone, contracting.drafted)}"
    answer = browse("hua").get(f"{at}/preview.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-1.7")
    assert browse("hua").get(f"{at}/signed.pdf").status_code == 404


def test_the_list_is_narrowed_and_searched(browse: Browse, app: Flask, alone: People) -> None:
    reference, hua = made(app, alone, contracting.drafted), browse("hua")
    assert reference in assert_page(hua.get("/hq/contracts"))
    assert reference not in assert_page(hua.get("/hq/contracts?show=in_force"))
    assert reference in assert_page(search(hua, "/hq/contracts", "甲渠道"))
    assert reference not in assert_page(search(hua, "/hq/contracts", "乙渠道"))
    assert hua.get("/hq/contracts?show=nothing").status_code == 404


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "lin", "fin", "kit"])
def test_others_do_not_see_contracts(browse: Browse, app: Flask, alone: People, who: str) -> None:
    reference = made(app, alone, contracting.drafted)
    for path in ("/hq/contracts", f"/hq/contracts/{reference}", "/hq/contract-templates"):
        assert browse(who).get(path).status_code == 403


def test_the_auditor_looks_and_does_not_touch(browse: Browse, app: Flask, alone: People) -> None:
    at, aud = f"/hq/contracts/{made(app, alone, contracting.drafted)}", browse("aud")
    assert_page(aud.get(at))
    for act in ("submit", "withdraw", "review", "signature", "renewal"):
        assert send(aud, f"{at}/{act}").status_code == 403


def test_the_administrator_writes_and_neither_reviews_nor_signs(browse: Browse, app: Flask, alone: People) -> None:
    at, ada = f"/hq/contracts/{made(app, alone, contracting.drafted)}", browse("ada")
    assert send(ada, f"{at}/submit").status_code == 303
    assert send(ada, f"{at}/review", decision="yes").status_code == 403
    assert send(ada, f"{at}/signature").status_code == 403


def test_a_template_is_reviewed_by_another_and_takes_the_place_of_the_last(
    browse: Browse, app: Flask, alone: People
) -> None:
    hua, leo = browse("hua"), browse("leo")
    assert_page(hua.get("/hq/contract-templates"))
    at = send(hua, "/hq/contract-templates/new").location
    assert send(hua, "/hq/contract-templates/new").status_code == 422
    text = assert_page(hua.get(f"{at}/change"))
    assert "{damages}" in text
    with app.app_context():
        body = text_of(db.session.scalars(select(ContractTemplate).where(ContractTemplate.version == 2)).one().body)
    assert "没有字段" in assert_page(send_read(hua, f"{at}/change", text=body + "\n{gold}"), 422)
    assert send_read(hua, f"{at}/change", text=body.replace(" [ip]", "")).status_code == 303
    assert "还缺 1 项" in assert_page(send(hua, f"{at}/submit"), 409)
    send_read(hua, f"{at}/change", text=body)
    assert send(hua, f"{at}/submit").status_code == 303
    assert send(hua, f"{at}/review", decision="yes").status_code == 403
    assert "通过，开始使用" in assert_page(leo.get(at))
    assert send_read(leo, at, "/review", decision="yes").status_code == 303
    with app.app_context():
        states = db.session.execute(select(ContractTemplate.version, ContractTemplate.state).order_by("version"))
        assert states.all() == [(1, "superseded"), (2, "in_force")]


def test_where_legal_is_missing_the_pages_say_so(browse: Browse, app: Flask, alone: People) -> None:
    ada = browse("ada")
    assert "没有人担任法务" not in assert_page(ada.get("/hq/accounts"))
    with app.app_context():
        alone.get("leo").disabled_at = clock.now()
        db.session.commit()
    at = f"/hq/contracts/{made(app, alone, contracting.drafted)}"
    assert "现在没有人能审核这份文本" not in assert_page(ada.get(at))
    assert send(ada, f"{at}/submit").status_code == 303
    assert "现在没有人能审核这份文本" in assert_page(ada.get(at))
    assert "为法务开通账号" not in assert_page(browse("hua").get(at))
    assert "没有人担任法务" in assert_page(ada.get("/hq/accounts"))
    assert "没有人能审核" in assert_page(ada.get("/notices"))


@pytest.mark.parametrize("who", ["hua", "dan", "gia"])
def test_nobody_but_legal_reviews(browse: Browse, app: Flask, alone: People, who: str) -> None:
    at = f"/hq/contracts/{made(app, alone, contracting.drafted)}"
    send(browse("hua"), f"{at}/submit")
    assert send(browse(who), f"{at}/review", decision="yes").status_code == 403
    template = send(browse("ada"), "/hq/contract-templates/new").location
    send(browse("ada"), f"{template}/submit")
    assert send(browse(who), f"{template}/review", decision="yes").status_code == 403
    assert f'href="{template}"' in assert_page(browse("leo").get("/notices"))
