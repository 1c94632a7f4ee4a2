"""The site leader: signs audits of others, excuses late filings, writes opinions (RE-3.4, RE-Q4, RE-Q10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.access import Permission
from portal.models import Extension, RoleGrant, User, db
from portal.queries import site_inbox, visits
from portal.services import classification, extensions, visit_flow
from tests.fixtures import Stage
from tests.pages import assert_page, text_of
from tests.send import send_read
from tests.site.conftest import ELEVEN, NINE, Browser, the_visit

At = Callable[[str], Browser]


@pytest.fixture
def audited(in_app: Any, visited: Any) -> Callable[..., str]:
    """The number of a visit audited by ``by``."""

    def make(by: str = "bo") -> str:
        visit = visited()

        def work(stage: Stage) -> None:
            visit_flow.audit_visit(actor=stage.people.get(by), visit=_loaded(visit), passed=True)

        in_app(work, ELEVEN)
        return str(visit)

    return make


@pytest.fixture
def asked(in_app: Any) -> str:
    """The number of an undecided application."""

    def work(stage: Stage) -> str:
        with clock.set_to(NINE):
            registration = stage.file()
        stage.complete(stage.sign(stage.arrive(registration)))
        classification.classify(actor=stage.people.get("bo"), registration=registration, bulk=True, reason="六套")
        ana = stage.people.get("ana")
        return str(extensions.ask_extension(actor=ana, registration=registration, reason="采购委员会未定").reference)

    return str(in_app(work, ELEVEN))


def _loaded(reference: str) -> Any:
    bo = db.session.scalars(db.select(User).where(User.login == "bo")).unique().one()
    return visits.find(reference, bo, Permission.AUDIT_VISIT)


def test_the_inbox_lists_and_the_leader_signs(app: Flask, at_work: At, audited: Any, at_eleven: Any) -> None:
    visit, lin = audited(), at_work("lin")
    assert f"/site/sign-offs/{visit}" in assert_page(lin.get("/site/inbox"))
    assert lin.post(f"/site/sign-offs/{visit}").status_code == 303
    with app.app_context():
        assert the_visit(visit).leader_signed_at == ELEVEN
    assert f"/site/sign-offs/{visit}" not in assert_page(lin.get("/site/inbox"))


def test_nobody_signs_an_audit_of_ones_own(app: Flask, at_work: At, in_app: Any, audited: Any, at_eleven: Any) -> None:
    def grant(stage: Stage) -> None:
        lin = stage.people.get("lin")
        lin.grants.append(RoleGrant(role="back_office", project_id=stage.people.project_id))

    in_app(grant)
    visit, lin = audited(by="lin"), at_work("lin")
    page = assert_page(lin.get(f"/site/sign-offs/{visit}"))
    assert "RE-3.4" in page and f'action="/site/sign-offs/{visit}"' not in page
    assert_page(lin.post(f"/site/sign-offs/{visit}"), 409)
    with app.app_context():
        assert the_visit(visit).leader_signed_at is None


def test_signed_twice_once_counts(at_work: At, audited: Any, at_eleven: Any) -> None:
    visit, lin = audited(), at_work("lin")
    lin.post(f"/site/sign-offs/{visit}")
    assert "已经签批过" in assert_page(lin.post(f"/site/sign-offs/{visit}"), 409)


def test_nothing_is_signed_before_its_audit(at_work: At, visited: Any, at_eleven: Any) -> None:
    assert "RE-3.7" in assert_page(at_work("lin").post(f"/site/sign-offs/{visited()}"), 409)


@pytest.mark.parametrize("who", ["rui", "bo", "cai", "ana", "hua"])
def test_only_leaders_sign_and_excuse(at_work: At, audited: Any, late: Any, at_eleven: Any, who: str) -> None:
    browser = at_work(who)
    assert browser.post(f"/site/sign-offs/{audited()}").status_code == 403
    assert browser.post(f"/site/excuses/{late()}", {"reason": "堵车"}).status_code == 403


def test_the_leader_of_another_site_knows_nothing(
    at_work: At, audited: Any, late: Any, asked: str, next_door: None, at_eleven: Any
) -> None:
    sid, visit, other = at_work("sid"), audited(), late()
    for address in (f"/site/sign-offs/{visit}", f"/site/excuses/{other}", f"/site/extensions/{asked}"):
        assert sid.get(address).status_code == 404
    assert sid.post(f"/site/extensions/{asked}/opinion", {"opinion": "同意"}).status_code == 404
    assert visit not in assert_page(sid.get("/site/inbox"))


def test_an_excuse_with_its_reason_makes_the_visit_count(app: Flask, at_work: At, late: Any, at_eleven: Any) -> None:
    visit, lin = late(), at_work("lin")
    assert f"/site/excuses/{visit}" in assert_page(lin.get("/site/inbox"))
    assert lin.post(f"/site/excuses/{visit}", {"reason": "高速封路，有照片"}).status_code == 303
    with app.app_context():
        found = the_visit(visit)
        assert (found.result, found.excuse_reason) == ("registered", "高速封路，有照片")
    assert_page(lin.post(f"/site/excuses/{visit}", {"reason": "再来"}), 409)


@pytest.mark.parametrize("reason", ["", "   ", "<b>", "长" * 501, "a\x00", "😀"])
def test_an_excuse_needs_a_real_reason(app: Flask, at_work: At, late: Any, at_eleven: Any, reason: str) -> None:
    visit = late()
    html = assert_page(at_work("lin").post(f"/site/excuses/{visit}", {"reason": reason}), 422)
    assert reason.strip() == "" or reason.startswith(("a", "<")) or reason in html
    with app.app_context():
        assert the_visit(visit).result == "natural"


def test_what_is_not_signed_is_not_excused(at_work: At, late: Any, at_eleven: Any) -> None:
    visit, lin = late(signed=False), at_work("lin")
    assert "现在不能" in text_of(assert_page(lin.get(f"/site/excuses/{visit}")))
    assert_page(lin.post(f"/site/excuses/{visit}", {"reason": "堵车"}), 409)


def test_an_opinion_is_written_beside_the_application(app: Flask, at_work: At, asked: str, at_eleven: Any) -> None:
    lin = at_work("lin")
    assert_page(lin.post(f"/site/extensions/{asked}/opinion", {"opinion": ""}), 422)
    page = f"/site/extensions/{asked}"
    for mark in ({}, {"seen": ""}, {"seen": "0" * 64}):
        answer = lin.post(f"{page}/opinion", {"opinion": "同意，两次到访"} | mark)
        assert "您打开这一页之后" in assert_page(answer, 409)
    assert send_read(lin.client, page, "/opinion", opinion="同意，两次到访").status_code == 303
    with app.app_context():
        extension = db.session.scalars(db.select(Extension)).one()
        assert (extension.opinion, extension.state) == ("同意，两次到访", "pending")


def test_a_decided_application_takes_no_opinion(at_work: At, in_app: Any, asked: str, at_eleven: Any) -> None:
    def decide(stage: Stage) -> None:
        extension = site_inbox.find_extension(asked, stage.people.get("lin"))
        assert extension is not None
        extensions.decide_extension(actor=stage.people.get("hua"), extension=extension, approve=False, reason="不足")

    in_app(decide, ELEVEN)
    assert_page(at_work("lin").post(f"/site/extensions/{asked}/opinion", {"opinion": "同意"}), 409)
