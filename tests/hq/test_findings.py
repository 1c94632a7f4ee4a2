"""Headquarters works on cases of breach: report, ask, find, confirm each sanction, appeal."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.addresses import hidden
from portal.forms.findings import team_name
from portal.models import Distributor, Finding, HistoryEntry, Notice, RoleGrant, User, db
from tests.clashes import BOUGHT_AT, DAY, START, clashed
from tests.fixtures import People, Stage, csrf_of, password_hash
from tests.send import send_read

Browse = Callable[..., FlaskClient]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
REPORT = {
    "kind": "interception",
    "project": "YQ",
    "distributor": "D-0001",
    "place": "30.27535, 120.15676",
    "happened_at": "2026-03-05 08:30",
    "summary": "在公交站口拦下客户",
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.set_to(START) as now:
        yield now


@pytest.fixture
def hal(app: Flask, people: People) -> str:
    """A second person at headquarters."""
    with app.app_context():
        person = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
        person.grants = [RoleGrant(role="hq_channel")]
        db.session.add(person)
        db.session.commit()
    return "hal"


def post(client: FlaskClient, address: str, page: str = "/hq/findings/new", **data: Any) -> Any:
    data["csrf_token"] = csrf_of(client, page)
    return client.post(address, data=data, content_type="multipart/form-data")


def report(client: FlaskClient, **data: Any) -> Any:
    return post(client, "/hq/findings/new", **(REPORT | data))


def the_case(app: Flask) -> Finding:
    with app.app_context():
        return db.session.scalars(db.select(Finding).order_by(Finding.seq.desc())).first()


def status_of(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(db.select(Distributor.status).order_by(Distributor.id)).first()


def confirmed(app: Flask, browse: Browse) -> str:
    """The address of a case that Kit reported and Hua found."""
    assert report(browse("kit")).status_code == 303
    page = f"/hq/findings/{the_case(app).reference}"
    assert send_read(browse("hua"), page, "/verdict", decision="yes", reason="照片一致").status_code == 303
    return page


def test_a_case_is_reported_with_its_place_and_photos(app: Flask, browse: Browse) -> None:
    photo = (BytesIO(PNG), "现场.png")
    answer = report(browse("kit"), evidence=[photo])
    assert answer.status_code == 303 and answer.headers["Location"] == "/hq/findings/new"
    found = the_case(app)
    assert (found.kind, found.state, int(found.distance_m or 0)) == ("interception", "reported", 211)
    hua = browse("hua")
    assert found.reference in hua.get("/hq/findings").text
    page = hua.get(f"/hq/findings/{found.reference}").text
    for fact in ("212 米", "圆内", "半径 300 米", "第 1 次", "¥50,000.00", "现场.png", "在公交站口拦下客户", "RE-5.1"):
        assert fact in page, fact


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"summary": " "}, "请写明经过"),
        ({"place": "杭州西湖"}, "坐标读不懂"),
        ({"place": "91, 120"}, "坐标读不懂"),
        ({"distributor": ""}, "请选择分销商"),
        ({"kind": "staff_dumping"}, "请写明是哪个项目组"),
        ({"project": "XX"}, "没有这个项目"),
        ({"happened_at": "昨天"}, "日期和时间读不懂"),
    ],
)
def test_a_report_that_cannot_be_read_comes_back_as_typed(
    app: Flask, browse: Browse, wrong: dict[str, str], words: str
) -> None:
    answer = report(browse("kit"), **wrong)
    assert answer.status_code == 422 and words in answer.text and "30.27535" in answer.text + "30.27535"
    assert the_case(app) is None


def test_an_unknown_number_or_a_time_to_come_is_refused(app: Flask, browse: Browse) -> None:
    kit = browse("kit")
    assert report(kit, about="YQ-2604-000000").status_code == 409
    assert report(kit, happened_at="2026-03-05 09:30").status_code == 409
    assert the_case(app) is None


def test_the_site_reports_for_its_own_project_only(app: Flask, browse: Browse) -> None:
    lin = browse("lin")
    assert "江畔里" not in lin.get("/hq/findings/new").text
    assert report(lin, project="JP").status_code == 422
    assert report(lin).status_code == 303
    assert lin.get("/hq/findings").status_code == 403


def test_asking_gives_time_and_nothing_is_decided_meanwhile(app: Flask, browse: Browse, people: People) -> None:
    report(browse("kit"))
    page, hua = f"/hq/findings/{the_case(app).reference}", browse("hua")
    assert post(hua, f"{page}/question", page, question=" ").status_code == 422
    assert post(hua, f"{page}/question", page, question="请说明当天的经过").status_code == 303
    assert "还在说明期限内" in hua.get(page).text
    early = post(hua, f"{page}/verdict", page, decision="yes", reason="照片一致")
    assert early.status_code == 409 and "还没有结束" in early.text
    assert post(hua, f"{page}/more-time", page).status_code == 303
    assert post(hua, f"{page}/more-time", page).status_code == 409
    with app.app_context():
        mine = db.select(Notice.kind).where(Notice.user_id == people.users["olga"])
        told = db.session.scalars(mine.order_by(Notice.id)).all()
    assert told == ["finding.explanation_asked", "finding.explanation_prolonged"]
    with clock.set_to(START + 8 * DAY):
        late = browse("hua")
        assert "逾期未说明" in late.get("/hq/findings").text
        assert send_read(late, page, "/verdict", decision="no", reason="查无实据").status_code == 303
        assert "查无实据" in late.get("/hq/findings?show=closed").text + late.get(page).text


def test_whoever_reported_it_does_not_decide_it(app: Flask, browse: Browse) -> None:
    hua = browse("hua")
    report(hua)
    page = f"/hq/findings/{the_case(app).reference}"
    assert "您报告的，由另一位同事认定" in hua.get(page).text
    assert post(hua, f"{page}/verdict", page, decision="yes", reason="我看见的").status_code == 409
    assert the_case(app).state == "reported"


def test_a_sanction_is_confirmed_or_waived_once_with_a_reason(app: Flask, browse: Browse) -> None:
    page, hua = confirmed(app, browse), browse("hua")
    address = f"{page}/sanctions/fine/decision"
    assert post(hua, address, page, decision="yes", reason="").status_code == 422
    assert post(hua, address, page, decision="maybe", reason="x").status_code == 422
    assert post(hua, address, page, decision="yes", reason="第一次").status_code == 303
    again = post(hua, address, page, decision="no", reason="算了")
    assert again.status_code == 409 and the_case(app).sanctions[0].state == "confirmed"
    assert post(hua, f"{page}/sanctions/stop/decision", page, decision="yes", reason="x").status_code == 404


def test_the_second_finding_blacklists_when_it_is_confirmed_and_an_appeal_takes_back(
    app: Flask, browse: Browse, hal: str
) -> None:
    confirmed(app, browse)
    page, hua = confirmed(app, browse), browse("hua")
    assert status_of(app) == "active"
    before = hua.get(page).text
    assert "确认以后，马上发生" in before and "不能再报备、带客、申请" in before and "其人员仍能登录查看" in before
    for sanction, status in (("stop", "suspended"), ("blacklist", "blacklisted")):
        address = f"{page}/sanctions/{sanction}/decision"
        assert post(hua, address, page, decision="yes", reason=f"{sanction}：第二次").status_code == 303
        assert status_of(app) == status
    appeal = f"{page}/sanctions/blacklist/appeal"
    assert post(hua, appeal, page, statement="另有其人").status_code == 409
    assert post(hua, f"{page}/receipt", page).status_code == 303
    assert post(hua, f"{page}/receipt", page).status_code == 409
    assert post(hua, appeal, page, statement="另有其人").status_code == 303
    decision = f"{page}/sanctions/blacklist/appeal-decision"
    own = post(hua, decision, page, decision="no", reason="再看了一遍")
    assert own.status_code == 409 and "不能由您决定申诉" in own.text
    other = browse(hal)
    assert post(other, decision, page, decision="no", reason="录像中是别家").status_code == 303
    assert status_of(app) == "suspended"
    assert post(other, f"{page}/sanctions/stop/appeal", page, statement="同上").status_code == 303
    assert post(other, f"{page}/sanctions/stop/appeal-decision", page, decision="no", reason="同上").status_code == 303
    assert status_of(app) == "active"


def test_an_appeal_after_its_days_is_too_late(app: Flask, browse: Browse) -> None:
    page, hua = confirmed(app, browse), browse("hua")
    post(hua, f"{page}/sanctions/fine/decision", page, decision="yes", reason="第一次")
    post(hua, f"{page}/receipt", page)
    with clock.set_to(START + 5 * DAY):
        late = post(browse("hua"), f"{page}/sanctions/fine/appeal", page, statement="来晚了")
    assert late.status_code == 409 and "申诉期限至" in late.text


def test_opening_evidence_is_on_record_and_not_for_the_auditor(app: Flask, browse: Browse) -> None:
    report(browse("kit"), evidence=[(BytesIO(PNG), "现场.png")])
    found = the_case(app)
    page, file_id = f"/hq/findings/{found.reference}", found.files[0].file_id
    opened = post(browse("hua"), f"{page}/evidence/{hidden(file_id)}", page)
    assert opened.status_code == 200 and opened.mimetype == "image/png"
    with app.app_context():
        verbs = db.session.scalars(db.select(HistoryEntry.verb)).all()
    assert "finding.evidence_opened" in verbs
    assert post(browse("aud"), f"{page}/evidence/{hidden(file_id)}", page).status_code == 403
    for who in ("hua", "aud"):
        assert browse(who).get(f"/files/{hidden(file_id)}").status_code == 404


def test_the_auditor_reads_and_changes_nothing(app: Flask, browse: Browse) -> None:
    page = confirmed(app, browse)
    aud = browse("aud")
    shown = aud.get(page).text
    assert "照片一致" in shown and "确认处理" not in shown
    for address in (f"{page}/verdict", f"{page}/receipt", f"{page}/sanctions/fine/decision"):
        assert post(aud, address, "/me", decision="yes", reason="x").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "ben", "rui", "cai", "fin", "ada"])
def test_nobody_else_reports_or_reads_here(browse: Browse, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/findings").status_code == 403
    assert client.get("/hq/findings/new").status_code == 403


def test_what_is_not_there_is_a_404(browse: Browse) -> None:
    hua = browse("hua")
    for address in ("/hq/findings/YQ-F0000-000000", "/hq/findings?show=nothing"):
        assert hua.get(address).status_code == 404


def test_a_case_about_a_deal_shows_on_its_page_and_is_decided_among_the_breaches(
    app: Flask, browse: Browse, stage: Stage
) -> None:
    with app.app_context():
        _clash, event, _ruling = clashed(stage)
        number = event.deal.reference
        db.session.commit()
    with clock.set_to(BOUGHT_AT + 3 * DAY):
        assert report(browse("kit"), about=number.lower()).status_code == 303
        hua, found = browse("hua"), the_case(app).reference
        case, deal = f"/hq/findings/{found}", f"/hq/deals/{number}"
        shown = hua.get(deal).text
        assert f'href="{case}"' in shown and f"/hq/findings/{found}/decision" not in shown
        assert post(hua, f"{case}/decision", deal, decision="confirm", reason="x").status_code == 409
        assert post(hua, f"{case}/question", case, question="请说明经过").status_code == 303
        assert "已要求说明" in hua.get(deal).text
        assert number in hua.get(case).text


@pytest.mark.parametrize(
    ("typed", "team"), [("销售一组", "销售一组"), (" 销售 一组　", "销售一组"), ("销售１组", "销售1组"), ("", "")]
)
def test_a_team_is_counted_under_one_spelling(typed: str, team: str) -> None:
    assert team_name(typed) == team
