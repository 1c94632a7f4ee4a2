"""Two people with the same form open: the second neither undoes nor passes, unseen, what the first has saved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.addresses import hidden
from portal.models import (
    Application,
    Assessment,
    Contract,
    ContractTemplate,
    Distributor,
    Finding,
    Project,
    Registration,
    User,
    db,
)
from portal.rules.applications import CHECKPOINTS
from portal.services import (
    application_reviews,
    assessments,
    breaches,
    care,
    contract_drafts,
    contract_reviews,
    contract_templates,
)
from portal.services.findings import Report
from portal.transaction import transaction
from tests import contracting
from tests.applying import reach
from tests.caring import SCORES, after_the_half_year, opened_sheet, second_of_the_department
from tests.fixtures import People, Stage
from tests.pages import assert_page, form_values, read
from tests.send import send

Browse = Callable[..., FlaskClient]
SAID = "您打开这一页之后，这里的内容又改过一次。"


@pytest.fixture
def addresses(app: Flask, people: People, stage: Stage) -> dict[str, str]:
    """The pages on which something is changed, by what it is."""
    with app.app_context():
        return people.bring("forms open", lambda: _open_forms(people, stage))


def _open_forms(people: People, stage: Stage) -> dict[str, str]:
    contract = contracting.drafted(people)
    template = contract_templates.draft_template(actor=people.get("hua"))
    filed = stage.file()
    db.session.commit()
    return {
        "account": f"/hq/accounts/{hidden(people.users['bo'])}/change",
        "broker": f"/distributor/brokers/{hidden(people.users['abe'])}/change",
        "distributor": "/hq/distributors/D-0002/change",
        "project": "/hq/projects/YQ/change",
        "contract": f"/hq/contracts/{contract.reference}/change",
        "template": f"/hq/contract-templates/{template.name}/{template.version}/change",
        "customer": f"/site/registrations/{filed.reference}/correct",
        "party": f"/hq/findings/{_reported(people)}/party",
    }


def _retitled(title: str) -> Callable[[str], str]:
    return lambda text: re.sub("^= .*", f"= {title}", text)


def _target() -> str:
    fields: dict[str, str] = json.loads(_one(Contract.fields, Contract.state == "draft"))
    return fields["target_deals"]


#: Who changes it, what the first changes, what the second changes, what is stored of the first.
EDITS: dict[str, tuple[str, dict[str, Any], dict[str, Any], Callable[[], Any]]] = {
    "account": ("ada", {"name": "何佳佳"}, {"phone": "13800002222"}, lambda: _one(User.name, User.login == "bo")),
    "broker": ("olga", {"name": "安小贝"}, {"phone": "13800002222"}, lambda: _one(User.name, User.login == "abe")),
    "distributor": (
        "ada",
        {"name": "乙渠道有限公司"},
        {"registration_code": "91330106MA06DFFWDX"},
        lambda: _one(Distributor.name, Distributor.reference == "D-0002"),
    ),
    "project": (
        "ada",
        {"group_name": "云栖置业"},
        {"address": "云栖路 9 号"},
        lambda: _one(Project.group_name, Project.code == "YQ"),
    ),
    "contract": ("hua", {"target_deals": "9"}, {"settlement_day": "12"}, _target),
    "template": (
        "hua",
        {"text": _retitled("甲合同")},
        {"text": _retitled("乙合同")},
        lambda: _one(ContractTemplate.body, ContractTemplate.state == "draft")["title"],
    ),
    "party": (
        "hua",
        {"distributor": "D-0002"},
        {"persons": "李某"},
        lambda: _one(Finding.distributor_id, Finding.id > 0),
    ),
    "customer": (
        "bo",
        {"name": "章三", "reason": "身份证"},
        {"company": "云上科技", "reason": "名片"},
        lambda: _one(Registration.customer_name, Registration.id > 0),
    ),
}


def _one(column: Any, where: Any) -> Any:
    return db.session.scalars(select(column).where(where)).one()


@pytest.mark.parametrize("thing", EDITS)
def test_what_was_saved_meanwhile_is_not_undone_unseen(
    app: Flask, browse: Browse, addresses: dict[str, str], thing: str
) -> None:
    who, first, second, stored = EDITS[thing]
    page, one, two = addresses[thing], browse(who), browse(who)
    before = form_values(assert_page(two.get(page)), "seen")
    assert send(one, page, **_changed(before, first)).status_code == 303
    with app.app_context():
        saved = stored()
    typed = _changed(before, second)
    html = assert_page(send(two, page, **typed), 409)
    assert SAID in html
    again = form_values(html, "seen")
    assert {name: again[name] for name in second} == {name: typed[name] for name in second}, "what was typed is kept"
    with app.app_context():
        assert stored() == saved
    # Having seen it, they may have it their own way.
    assert send(two, page, **again).status_code == 303
    with app.app_context():
        assert stored() != saved


@pytest.mark.parametrize("mark", [{}, {"seen": ""}, {"seen": "0" * 64}], ids=["none", "empty", "made up"])
@pytest.mark.parametrize("thing", EDITS)
def test_a_form_without_its_mark_is_answered_like_an_overtaken_one(
    app: Flask, browse: Browse, addresses: dict[str, str], thing: str, mark: dict[str, str]
) -> None:
    who, first, _second, stored = EDITS[thing]
    page, browser = addresses[thing], browse(who)
    typed = _changed(form_values(assert_page(browser.get(page)), "seen"), first)
    with app.app_context():
        before = stored()
    html = assert_page(send(browser, page, **{name: typed[name] for name in typed.keys() - {"seen"}} | mark), 409)
    with app.app_context():
        assert stored() == before
    again = form_values(html, "seen")
    assert SAID in html and {name: again[name] for name in first} == {name: typed[name] for name in first}
    assert send(browser, page, **again).status_code == 303


@pytest.mark.parametrize("thing", sorted(EDITS.keys() - {"customer"}))
def test_a_form_sent_twice_is_no_conflict(browse: Browse, addresses: dict[str, str], thing: str) -> None:
    who, first, _second, _stored = EDITS[thing]
    page, browser = addresses[thing], browse(who)
    sent = _changed(form_values(assert_page(browser.get(page)), "seen"), first)
    assert [send(browser, page, **sent).status_code for _ in range(2)] == [303, 303]


def test_the_fields_that_differ_are_named_with_what_is_stored(browse: Browse, addresses: dict[str, str]) -> None:
    page, ada = addresses["account"], browse("ada")
    before = form_values(assert_page(ada.get(page)), "seen")
    send(ada, page, **before | {"name": "何佳佳"})
    html = assert_page(send(ada, page, **before | {"phone": "13800002222"}), 409)
    named = [" ".join(item.text.split()) for item in read(html).all("li")]
    assert [words for words in named if words.startswith(("姓名", "手机号"))] == ["姓名 何佳佳", "手机号 空"]


@pytest.fixture
def in_review(app: Flask, people: People) -> dict[str, str]:
    """What waits for the decision of somebody who has it open, and the end of the address that the decision goes to."""
    with app.app_context():
        return people.bring("decisions open", lambda: _open_decisions(people))


def _open_decisions(people: People) -> dict[str, str]:
    hua, when = people.get("hua"), after_the_half_year(clock.now())
    contract = contracting.drafted(people)
    contract_reviews.submit_contract(actor=hua, contract=contract)
    template = contract_templates.draft_template(actor=hua)
    contract_templates.submit_template(actor=hua, template=template)
    sheet = opened_sheet(people)
    second_of_the_department(people)
    with clock.set_to(when):
        assessments.score(actor=hua, assessment=sheet, scores=SCORES, judgement="带客稳定")
    db.session.commit()
    return {
        "contract": f"/hq/contracts/{contract.reference}",
        "template": f"/hq/contract-templates/{template.name}/{template.version}",
        "sheet": f"/hq/assessments/{sheet.reference}",
        "people": "/hq/distributors/D-0001/care",
        "class": "/hq/distributors/D-0001/care",
        "scores": f"/hq/assessments/{sheet.reference}",
        "breach": f"/hq/findings/{_reported(people)}",
        "points": f"/hq/applications/{reach(people, 'in_review').reference}",
        "group": f"/hq/applications/{reach(people, 'surveyed').reference}",
    }


def _write_contract_anew(people: People) -> None:
    hua, contract = people.get("hua"), db.session.scalars(select(Contract).where(Contract.state == "review")).one()
    contract_reviews.review_contract(actor=people.get("leo"), contract=contract, passed=False, remarks="佣金写错")
    contract_drafts.change_draft(actor=hua, contract=contract, draft=contracting.draft(commission_plan="按 9% 计算。"))
    contract_reviews.submit_contract(actor=hua, contract=contract)


def _write_template_anew(people: People) -> None:
    hua = people.get("hua")
    template = db.session.scalars(select(ContractTemplate).where(ContractTemplate.state == "review")).one()
    contract_templates.review_template(actor=people.get("leo"), template=template, passed=False, remarks="换个名称")
    contract_templates.change_template(actor=hua, template=template, body={**template.body, "title": "另一份合同"})
    contract_templates.submit_template(actor=hua, template=template)


def _score_anew(people: People) -> None:
    sheet = db.session.scalars(select(Assessment).where(Assessment.state == "scored")).one()
    scores = dict.fromkeys(SCORES, Decimal(99))
    with clock.set_to(after_the_half_year(clock.now())):
        assessments.score(actor=people.get("hua"), assessment=sheet, scores=scores, judgement="重新评过")


def _name_others(people: People) -> None:
    hua = people.get("hua")
    care.appoint(actor=hua, distributor=people.distributor(), owner_id=hua.id, deputy_id=None)


def _give_a_class(people: People) -> None:
    care.give_class(actor=people.get("hua"), distributor=people.distributor(), letter="B", reason="季度达标")


def _reported(people: People) -> str:
    report = Report(kind="interception", summary="在路口拦下客户", distributor=people.distributor())
    found = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
    db.session.commit()
    return found.reference


def _find_another_to_blame(people: People) -> None:
    finding = db.session.scalars(select(Finding)).one()
    breaches.identify_party(
        actor=people.get("hua"),
        finding=finding,
        project=people.project(),
        kind=finding.kind,
        distributor=people.distributor("乙渠道"),
        team=None,
        persons=None,
        found=Report(kind=finding.kind, summary=""),
    )


def _tick(people: People) -> None:
    application = db.session.scalars(select(Application).where(Application.state == "in_review")).one()
    points = [CHECKPOINTS[application.partner_file.partner_type][0][0]]
    application_reviews.tick_points(actor=people.get("hua"), application=application, points=points)


def _name_a_group(people: People) -> None:
    application = db.session.scalars(select(Application).where(Application.state == "surveyed")).one()
    members = [people.get(name) for name in ("hua", "kit")]
    application_reviews.name_group(actor=people.get("hua"), application=application, members=members)


def _hua_and_hal(people: People) -> dict[str, Any]:
    return {"members": [str(people.users[name]) for name in ("hua", "hal")]}


#: Who decides, where that goes, what is sent, what happens meanwhile.
DECISIONS: dict[str, tuple[str, str, dict[str, Any] | Callable[[People], dict[str, Any]], Callable[[People], None]]] = {
    "contract": ("leo", "/review", {"decision": "yes"}, _write_contract_anew),
    "template": ("leo", "/review", {"decision": "yes"}, _write_template_anew),
    "sheet": ("hal", "/confirmation", {"letter": "B", "reason": "业绩平稳"}, _score_anew),
    "scores": ("hal", "/scores", {"judgement": "我也评过"}, _score_anew),
    "people": ("hal", "/people", {"owner": ""}, _name_others),
    "class": ("hal", "/class", {"letter": "C", "reason": "业绩下降"}, _give_a_class),
    "breach": ("hal", "/verdict", {"decision": "yes", "reason": "照片为证"}, _find_another_to_blame),
    "points": ("hal", "/points", {"points": []}, _tick),
    "group": ("hal", "/group", _hua_and_hal, _name_a_group),
}


@pytest.mark.parametrize("thing", DECISIONS)
def test_nothing_is_passed_that_was_changed_after_it_was_opened(
    app: Flask, browse: Browse, people: People, in_review: dict[str, str], thing: str
) -> None:
    who, end, sent, meanwhile = DECISIONS[thing]
    decision = sent(people) if callable(sent) else sent
    page, browser = in_review[thing], browse(who)
    opened = form_values(assert_page(browser.get(page)), "seen", end)
    with app.app_context(), transaction():
        meanwhile(people)
    html = assert_page(send(browser, page + end, **opened | decision), 409)
    assert SAID in html
    # What is there now has been read.
    assert send(browser, page + end, **form_values(html, "seen", end) | decision).status_code == 303


@pytest.mark.parametrize("thing", DECISIONS)
def test_nothing_is_decided_without_the_mark_of_what_was_read(
    browse: Browse, people: People, in_review: dict[str, str], thing: str
) -> None:
    who, end, sent, _meanwhile = DECISIONS[thing]
    page, browser = in_review[thing], browse(who)
    opened = form_values(assert_page(browser.get(page)), "seen", end) | (sent(people) if callable(sent) else sent)
    # A choice that is as it was would be no decision.
    opened |= {"points": [CHECKPOINTS["company"][0][0]]} if thing == "points" else {}
    opened |= {"owner": str(people.users["hua"])} if thing == "people" else {}
    opened.pop("seen")
    for mark in ({}, {"seen": ""}):
        assert SAID in assert_page(send(browser, page + end, **opened | mark), 409)


def test_a_renewal_is_not_decided_over_a_decision_that_nobody_has_read(
    app: Flask, browse: Browse, people: People
) -> None:
    with app.app_context():
        contract = contracting.signed(people)
        page = f"/hq/contracts/{contract.reference}"
        db.session.commit()
    one, two = browse("hua"), browse("hua")
    opened = form_values(assert_page(two.get(page)), "seen", "/renewal")
    kept = opened | {"decision": "yes", "reason": "业绩好"}
    assert [send(one, f"{page}/renewal", **kept).status_code for _ in range(2)] == [303, 303], "sent twice it is one"
    other = opened | {"decision": "no", "reason": "投诉多"}
    for sent in (other, other | {"seen": ""}):
        assert SAID in assert_page(send(two, f"{page}/renewal", **sent), 409)
    with app.app_context():
        assert _one(Contract.renewal, Contract.reference == page.rsplit("/", 1)[1]) == "renew"


def _changed(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return before | {name: new(before[name]) if callable(new) else new for name, new in changes.items()}
