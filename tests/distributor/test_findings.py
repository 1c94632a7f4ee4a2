"""A distributor and its cases of breach: told, explains in time, receives, appeals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.addresses import hidden
from portal.models import Finding, Notice, RoleGrant, User, db
from portal.services import breaches, sanctions
from portal.services.breaches import Report
from portal.wording.money import capitals
from tests.clashes import DAY, START
from tests.fixtures import People, csrf_of, password_hash
from tests.hq.test_findings import PNG

Browse = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.set_to(START) as now:
        yield now


@pytest.fixture
def desk(app: Flask, people: People) -> Desk:
    return Desk(app, people)


class Desk:
    """What the company does, each in a transaction of its own; Kit reports, Hua decides."""

    def __init__(self, app: Flask, people: People) -> None:
        self.app, self.people, self.reference = app, people, ""
        with app.app_context():
            oda = User(login="oda", name="欧达", password_hash=password_hash(), created_at=clock.now())
            oda.distributor_id, oda.grants = people.distributors["乙渠道"], [RoleGrant(role="owner")]
            db.session.add(oda)
            report = Report(kind="interception", summary="客户李某举报", distributor=people.distributor())
            found = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
            self.reference = found.reference
            db.session.commit()

    @property
    def page(self) -> str:
        return f"/distributor/findings/{self.reference}"

    def do(self, act: Callable[[Finding, User], Any]) -> None:
        with self.app.app_context():
            act(self.case(), self.people.get("hua"))
            db.session.commit()

    def case(self) -> Finding:
        return db.session.scalars(db.select(Finding)).one()

    def ask(self) -> None:
        project, question = self.people.project, "请说明当天的经过"
        self.do(
            lambda case, hua: breaches.ask_explanation(actor=hua, finding=case, project=project(), question=question)
        )

    def find(self, confirmed: bool = True) -> None:
        self.do(
            lambda case, hua: breaches.decide_breach(
                actor=hua, finding=case, project=self.people.project(), confirmed=confirmed, reason="照片与笔录一致"
            )
        )

    def fine(self) -> None:
        self.do(
            lambda case, hua: sanctions.decide_sanction(
                actor=hua, sanction=case.sanctions[0], confirmed=True, reason="第一次认定"
            )
        )

    def read(self, what: Callable[[Finding], Any]) -> Any:
        with self.app.app_context():
            return what(self.case())


def post(client: FlaskClient, address: str, **data: Any) -> Any:
    data["csrf_token"] = csrf_of(client, "/me")
    return client.post(address, data=data, content_type="multipart/form-data")


def test_a_report_alone_is_not_told(browse: Browse, desk: Desk) -> None:
    olga = browse("olga")
    assert olga.get(desk.page).status_code == 404
    assert desk.reference not in olga.get("/distributor/findings").text


def test_it_explains_with_proof_once(browse: Browse, desk: Desk) -> None:
    desk.ask()
    olga = browse("olga")
    page = olga.get(desk.page).text
    for fact in ("请说明当天的经过", "还剩", "RE-4.4", "只能提交一次"):
        assert fact in page
    assert "客户李某举报" not in page and "康洁" not in page
    assert "还剩" in olga.get("/distributor/findings").text
    assert post(olga, f"{desk.page}/explanation", answer=" ").status_code == 422
    proof = [(BytesIO(PNG), "通话.png")]
    assert post(olga, f"{desk.page}/explanation", answer="客户先来电", evidence=proof).status_code == 303
    shown = olga.get(desk.page).text
    assert "客户先来电" in shown and "通话.png" in shown and "提交说明" not in shown
    assert "已说明，等公司认定" in shown and "由渠道部认定是否违规" in shown and "已要求说明" not in shown
    again = post(olga, f"{desk.page}/explanation", answer="再说一遍")
    assert again.status_code == 409 and "已经说明过" in again.text
    file_id = desk.read(lambda case: case.files[0].file_id)
    assert olga.get(f"/files/{hidden(file_id)}").status_code == 200
    assert browse("oda").get(f"/files/{hidden(file_id)}").status_code == 404


def test_an_explanation_after_its_time_is_refused(browse: Browse, desk: Desk) -> None:
    desk.ask()
    with clock.set_to(START - timedelta(hours=9) + 4 * DAY):
        olga = browse("olga")
        late = post(olga, f"{desk.page}/explanation", answer="来晚了")
        assert late.status_code == 409 and "RE-4.5" in late.text
        assert "期限内没有说明" in olga.get(desk.page).text


def test_the_sanction_is_received_and_appealed_against(app: Flask, browse: Browse, desk: Desk, people: People) -> None:
    desk.ask()
    with clock.set_to(START + 5 * DAY):
        desk.find()
        olga = browse("olga")
        assert "违约金" not in olga.get(desk.page).text, "what is only proposed is not told"
        assert post(olga, f"{desk.page}/sanctions/fine/appeal", statement="另有其人").status_code == 404
        desk.fine()
        shown = olga.get(desk.page).text
        for fact in ("违约金", "¥50,000.00", "人民币伍万元整", "第一次认定", "确认收到处理通知", "RE-5.3"):
            assert fact in shown
        assert post(olga, f"{desk.page}/sanctions/fine/appeal", statement="另有其人").status_code == 409
        assert post(olga, f"{desk.page}/receipt").status_code == 303
        assert post(olga, f"{desk.page}/receipt").status_code == 409
        assert desk.read(lambda case: case.sanctions[0].received_at) == START + 5 * DAY
        assert post(olga, f"{desk.page}/sanctions/fine/appeal", statement=" ").status_code == 422
        assert post(olga, f"{desk.page}/sanctions/fine/appeal", statement="另有其人").status_code == 303
        assert "由没有经办过的同事决定" in olga.get(desk.page).text
        assert "已申诉，等决定" in olga.get("/distributor/findings").text
        assert "申诉中" in olga.get(desk.page).text
    with app.app_context():
        told = set(db.session.scalars(db.select(Notice.kind).where(Notice.user_id == people.users["olga"])))
        hua = set(db.session.scalars(db.select(Notice.kind).where(Notice.user_id == people.users["hua"])))
    assert told == {"finding.explanation_asked", "finding.confirmed", "finding.sanctioned"}
    assert hua == {"finding.appealed"}


@pytest.mark.parametrize("who", ["ana", "abe", "hua", "kit", "bo"])
def test_only_owners_come_here(browse: Browse, desk: Desk, who: str) -> None:
    desk.ask()
    client = browse(who)
    assert client.get("/distributor/findings").status_code == 403
    assert post(client, f"{desk.page}/explanation", answer="x").status_code == 403


def test_to_a_rival_it_does_not_exist(browse: Browse, desk: Desk) -> None:
    desk.ask()
    oda = browse("oda")
    assert oda.get(desk.page).status_code == 404
    assert desk.reference not in oda.get("/distributor/findings").text
    for act in ("explanation", "receipt", "sanctions/fine/appeal"):
        assert post(oda, f"{desk.page}/{act}", answer="x", statement="x").status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1, "壹"),
        (10, "壹拾"),
        (105, "壹佰零伍"),
        (20300, "贰万零叁佰"),
        (100_000, "壹拾万"),
        (1_005_000, "壹佰万伍仟"),
        (100_000_001, "壹亿零壹"),
    ],
)
def test_amounts_in_the_figures_of_contracts(amount: int, words: str) -> None:
    assert capitals(amount) == f"人民币{words}元整"
