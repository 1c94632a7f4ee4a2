"""Headquarters tries a policy on what really happened: asks, waits or stops, reads what would be different, takes it along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Backtest, HistoryEntry, db
from portal.rules.policies import preset, with_parameters
from portal.services import backtest_runs, policies
from portal.transaction import transaction
from portal.wording.backtest_pages import sheet_of
from tests.fixtures import People, Stage, csrf_of
from tests.hq.test_policies import draft
from tests.pages import assert_page, read, text_of
from tests.services.test_backtest import what_happened
from worker.jobs.backtests import run_backtest

Browse = Callable[..., FlaskClient]
NEW = "/hq/backtests/new"


@pytest.fixture
def past(app: Flask, stage: Stage) -> dict[str, str]:
    """Two rivals' filings, a late one, a deal and a claim; see ``what_happened``."""
    with app.app_context():
        return what_happened(db.session, stage)


def written(**changes: Any) -> str:
    values = {name.replace("__", "."): value for name, value in changes.items()}
    return yaml.safe_dump(with_parameters(preset("RE"), values), allow_unicode=True)


def form_of(client: FlaskClient) -> dict[str, Any]:
    """What the browser would send with the empty form, for March and April."""
    page = read(client.get(NEW).text)
    hidden = {one.get("name"): one.get("value") for one in page.all("input") if one.get("type") == "hidden"}
    options = page.all("option")
    project = next(one.get("value") for one in options if "云栖府" in one.text)
    version = next(one.get("value") for one in options if one.text.strip() == "RE-1")
    days = {"first_day": "2026-03-01", "last_day": "2026-04-30"}
    return {
        **hidden,
        "project_id": project,
        "policy_id": version,
        "source": "published",
        "name": "",
        "text": "",
        **days,
    }


def ask(client: FlaskClient, **typed: Any) -> Any:
    return client.post(NEW, data=form_of(client) | typed)


def asked(client: FlaskClient, **typed: Any) -> str:
    """The address of the run."""
    answer = ask(client, **typed)
    assert answer.status_code == 303, text_of(answer.text)[-1500:]
    return str(answer.location)


def work(app: Flask) -> None:
    """What the worker does."""
    with app.app_context():
        ids = db.session.scalars(db.select(Backtest.id).where(Backtest.finished_at.is_(None))).all()
        db.session.rollback()
        for one in ids:
            run_backtest(one)


def runs(app: Flask) -> list[Backtest]:
    with app.app_context():
        return list(db.session.scalars(db.select(Backtest).order_by(Backtest.id)))


@pytest.mark.parametrize("who", ["hua", "ada"])
def test_a_written_policy_is_tried_and_the_differences_are_read(
    past: dict[str, str],
    browse: Browse,
    app: Flask,
    who: str,
) -> None:
    client = browse(who)
    address = asked(client, source="written", text=written(hold__days=4), name="保护四天")
    waiting = assert_page(client.get(address))
    assert "在排队" in waiting and "可以离开这一页" in waiting and 'hx-trigger="every 2s"' in waiting
    work(app)
    page = assert_page(client.get(address))
    words = text_of(page)
    assert "保护四天" in words and "甲渠道" in words and "乙渠道" in words and "hx-trigger" not in page
    assert past["first"] in words and past["deal"] in words
    assert (f'href="/hq/registrations/{past["first"]}"' in page) == (who == "hua")
    assert "报备保护的天数" in words, "how it differs from the policy in force"
    assert "已完成" in client.get("/notices").text
    assert "保护四天" in assert_page(client.get("/hq/backtests"))


def test_a_published_version_that_changes_nothing_says_so(past: dict[str, str], browse: Browse, app: Flask) -> None:
    client = browse("hua")
    address = asked(client)
    work(app)
    assert "什么都不会不同" in assert_page(client.get(address))
    assert runs(app)[0].name == "RE-1"


def test_it_is_read_in_english_too(past: dict[str, str], browse: Browse, app: Flask) -> None:
    client = browse("hua")
    client.get("/language?lang=en&next=/me")
    form = form_of(client) | {"source": "written", "text": written(hold__days=4)}
    address = client.post(NEW, data=form).location
    work(app)
    assert "Deals that would change owner" in text_of(assert_page(client.get(address)))


def test_a_file_is_read_and_goes_before_the_text(past: dict[str, str], browse: Browse, app: Flask) -> None:
    file = (io.BytesIO(b"\xef\xbb\xbf" + written(hold__days=4).encode()), "draft.yaml")
    asked(browse("hua"), text="nothing: here", file=file)
    assert runs(app)[0].document["hold"]["days"] == 4


def test_the_draft_in_the_form_of_a_policy_is_taken_over(past: dict[str, str], browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    page = assert_page(draft(ada, "/hq/policies/RE/draft/backtest", hold__days="4"))
    text = next(one for one in read(page).all("textarea")).text
    assert yaml.safe_load(text)["hold"]["days"] == 4
    asked(ada, source="written", text=text, name="RE 草案")
    assert_page(draft(ada, "/hq/policies/RE/draft/backtest", hold__days="0"), 422)
    assert_page(draft(ada, "/hq/policies/RE/draft/backtest"), 409)
    assert len(runs(app)) == 1


WRONG = [
    ("", "请贴入规则全文"),
    ("[1, 2", "第 1 行"),
    ("a: 1\nb: [", "读不出来"),
    ("- 1", "读不出规则"),
    ("nothing: here", "缺少参数 code（规则代码）"),
    ("code: RE", "缺少参数 lead_time.rule"),
    ("a: &a [1]\nb: *a", "第 1 行"),
    ("[" * 5000, "读不出来"),
    ("code: 2026-13-45", "读不出规则"),
    ("x" * 20_001, "最长 20000 个字符"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _text, said in WRONG])
def test_what_is_no_policy_is_said_and_nothing_is_lost(
    browse: Browse, people: People, app: Flask, text: str, said: str
) -> None:
    page = assert_page(ask(browse("hua"), source="written", text=text, name="我的草案"), 422)
    assert said in text_of(page) and "我的草案" in page
    assert runs(app) == []


@pytest.mark.parametrize(
    ("parameter", "value", "label"),
    [
        ("hold.days", 0, "报备保护的天数"),
        ("hold.days", "七", "报备保护的天数"),
        ("extension.cap_days", 45, "连同延期最长的天数"),
        ("lock.tie_break", ["moon"], "同一秒时的先后"),
        ("call_back.share", 2.0, "回访的比例"),
        ("title.zh", "x\x00y", "中文名称"),
    ],
)
def test_a_wrong_parameter_is_named(
    browse: Browse, people: People, app: Flask, parameter: str, value: Any, label: str
) -> None:
    text = yaml.safe_dump(with_parameters(preset("RE"), {parameter: value}))
    page = assert_page(ask(browse("hua"), source="written", text=text), 422)
    assert f"参数 {parameter}（{label}）的值不对" in text_of(page)
    assert runs(app) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"project_id": ""}, "请选一个项目"),
        ({"project_id": "999"}, "请选一个项目"),
        ({"policy_id": "x"}, "请选一个已发布的规则版本"),
        ({"first_day": ""}, "请填写日期"),
        ({"last_day": "2026-02-31"}, "请填写日期"),
        ({"first_day": "2026-05-01"}, "不早于第一天"),
        ({"first_day": "2001-01-01"}, "最多试算十年"),
        ({"last_day": "2099-12-31"}, "还没有过去的日子"),
        ({"first_day": "0001-01-01", "last_day": "0001-01-01"}, "请填写日期"),
        ({"last_day": "9999-12-31"}, "请填写日期"),
        ({"name": "<b>x</b>"}, "网页代码"),
        ({"name": "长" * 41}, "最多 40 个字符"),
        ({"submission_key": "x"}, ""),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "draft.yaml")}, "不是 UTF-8"),
    ],
)
def test_what_cannot_be_tried_is_said(
    browse: Browse, people: People, app: Flask, typed: dict[str, Any], said: str
) -> None:
    assert said in text_of(assert_page(ask(browse("hua"), **typed), 422))
    assert runs(app) == []


def test_sent_twice_it_is_one_run(browse: Browse, people: People, app: Flask) -> None:
    client = browse("hua")
    form = form_of(client)
    assert client.post(NEW, data=form).location == client.post(NEW, data=form).location
    assert len(runs(app)) == 1


def test_nobody_heaps_up_runs(browse: Browse, people: People, app: Flask) -> None:
    client = browse("hua")
    for _ in range(backtest_runs.MOST_OPEN):
        asked(client)
    assert "还没有算完" in assert_page(ask(client, name="又一个"), 409)
    assert len(runs(app)) == backtest_runs.MOST_OPEN
    asked(browse("ada"))


def test_it_is_stopped_by_who_asked_and_by_nobody_else(browse: Browse, people: People, app: Flask) -> None:
    hua, ada = browse("hua"), browse("ada")
    address = asked(hua)
    assert ada.post(f"{address}/stop", data={"csrf_token": csrf_of(ada, NEW)}).status_code == 404
    assert "停止试算" not in ada.get(address).text and "停止试算" in hua.get(address).text
    token = csrf_of(hua, address)
    for _ in range(2):
        assert hua.post(f"{address}/stop", data={"csrf_token": token}).status_code == 303
    work(app)
    assert "已停止" in assert_page(hua.get(address))
    assert [run.state for run in runs(app)] == ["stopped"]
    with app.app_context():
        verbs = db.session.query(HistoryEntry.verb).filter(HistoryEntry.verb.like("backtest%"))
        assert sorted(verb for (verb,) in verbs) == ["backtest.asked", "backtest.stopped"]


def test_the_page_asks_for_its_progress_until_it_is_over(past: dict[str, str], browse: Browse, app: Flask) -> None:
    client = browse("hua")
    address = asked(client)
    fragment = {"HX-Request": "true"}
    _at_work(app, 412, 680)
    answer = client.get(address, headers=fragment)
    assert "412 / 680 件" in answer.text and "<html" not in answer.text and "every 2s" in answer.text
    assert '<progress max="680" value="412"' in answer.text
    assert "看最新进度" in client.get(address).text, "a way for a browser without scripts"
    work(app)
    over = client.get(address, headers=fragment)
    assert (over.status_code, over.headers["HX-Redirect"]) == (204, address)


def _at_work(app: Flask, done: int, total: int) -> None:
    with app.app_context(), transaction():
        run = db.session.scalars(db.select(Backtest)).one()
        run.state, run.started_at, run.done, run.total = "running", run.asked_at, done, total


def test_a_run_that_failed_says_where_and_what_to_do(browse: Browse, people: People, app: Flask) -> None:
    client = browse("hua")
    address = asked(client)
    with app.app_context(), transaction():
        run = db.session.scalars(db.select(Backtest)).one()
        run.state, run.failure, run.attempts = "failed", "KeyError in rehearse (backtests.py:1)", 3
        run.finished_at = run.asked_at
    page = assert_page(client.get(address))
    assert "没有算完" in page and "KeyError in rehearse" in page


def test_the_differences_are_taken_along_as_tables(past: dict[str, str], browse: Browse, app: Flask) -> None:
    client = browse("hua")
    address = asked(client, source="written", text=written(hold__days=4))
    assert client.get(f"{address}/differences.csv").status_code == 404, "not before there are any"
    work(app)
    plain = client.get(f"{address}/differences.csv")
    assert "attachment" in plain.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(plain.data.decode("utf-8-sig"))))
    assert rows[1:] == [
        ["会改变归属的成交", past["deal"], "甲渠道", "乙渠道"],
        ["会在到访前过期的报备", past["first"], "", ""],
    ]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/differences.xlsx").data))
    assert [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)] == rows


def test_no_cell_of_a_table_runs_as_a_formula(app: Flask) -> None:
    result = {"changed": [{"deal": "YQ-D1", "before": '=HYPERLINK("x")', "after": "@x"}]}
    with app.test_request_context():
        assert b"\"'=HYPERLINK" in sheet_of(result, "csv")
        book = openpyxl.load_workbook(io.BytesIO(sheet_of(result, "xlsx")))
    cell = book.active["C2"]
    assert (cell.data_type, cell.value) == ("s", '\'=HYPERLINK("x")')


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "cai", "lin", "kit", "fin", "sid"])
def test_others_do_not_see_back_tests(browse: Browse, people: People, app: Flask, who: str) -> None:
    address = asked(browse("hua"))
    client = browse(who)
    for page in ("/hq/backtests", NEW, address, f"{address}/differences.csv"):
        assert client.get(page).status_code == 403
    assert client.post(NEW, data={"csrf_token": csrf_of(client, "/me")}).status_code == 403
    assert "/hq/backtests" not in client.get("/policies").text


def test_the_auditor_reads_everybody_s_and_asks_for_none(past: dict[str, str], browse: Browse, app: Flask) -> None:
    address = asked(browse("hua"), source="written", text=written(hold__days=4), name="保护四天")
    work(app)
    aud = browse("aud")
    assert "保护四天" in assert_page(aud.get("/hq/backtests"))
    page = assert_page(aud.get(address))
    assert "会改变归属的成交" in page and NEW not in page
    assert aud.get(NEW).status_code == 403
    assert aud.post(f"{address}/stop", data={"csrf_token": csrf_of(aud, "/me")}).status_code == 403


def test_one_sees_one_s_own_first_and_everybody_s_on_demand(browse: Browse, people: People, app: Flask) -> None:
    asked(browse("hua"), name="华的试算")
    ada = browse("ada")
    assert "还没有试算过" in assert_page(ada.get("/hq/backtests"))
    assert "华的试算" in assert_page(ada.get("/hq/backtests?all=yes"))


@pytest.mark.parametrize("address", ["/hq/backtests/NO-B2611-000000", "/hq/backtests/x", "/hq/backtests/%00"])
def test_an_unknown_run_is_not_found(browse: Browse, people: People, address: str) -> None:
    client = browse("hua")
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/stop", data={"csrf_token": csrf_of(client, NEW)}).status_code == 404


def test_a_version_that_rules_nothing_yet_can_be_tried(past: dict[str, str], browse: Browse, app: Flask) -> None:
    with app.app_context():
        policies.publish(actor=None, document=with_parameters(preset("RE"), {"hold.days": 4}))
        db.session.commit()
    client = browse("hua")
    version = next(one.get("value") for one in read(client.get(NEW).text).all("option") if one.text.strip() == "RE-2")
    asked(client, policy_id=version)
    work(app)
    run = runs(app)[0]
    assert run.name == "RE-2" and run.result is not None and run.result["lapsed"] == [past["first"]]
