"""Rules in plain words for everybody; the administrator drafts, compares and publishes a version, and gives it to a project."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import HistoryEntry, Policy, ProjectPolicy, db
from portal.rules.policies import preset, with_parameters
from portal.services import policies
from tests.fixtures import People, csrf_of
from tests.pages import assert_page, read, text_of

Browse = Callable[..., FlaskClient]
EVERYBODY = ("ana", "olga", "rui", "bo", "cai", "lin", "hua", "kit", "fin", "ada", "aud", "sid")
DRAFT, PUBLISH = "/hq/policies/RE/draft", "/hq/policies/RE/publish"


def fields_of(html: str) -> dict[str, str]:
    """What the browser would send with the draft as it stands on the page."""
    page = read(html)
    found = {}
    for field in page.all("input"):
        if field.get("name") and (field.get("type") != "checkbox" or "checked" in field.attributes):
            found[field.get("name")] = field.get("value")
    for select in page.all("select"):
        place = page.elements.index(select)
        options = [one for one in page.all("option") if place in one.inside]
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        found[select.get("name")] = chosen[0].get("value")
    return found


def draft(client: FlaskClient, address: str = DRAFT, **changes: Any) -> Any:
    typed = fields_of(client.get(DRAFT).text) | changes
    return client.post(address, data={name: value for name, value in typed.items() if value is not None})


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_reads_the_rules_of_their_projects(browse: Browse, who: str) -> None:
    client = browse(who)
    listing = assert_page(client.get("/policies"))
    assert ("云栖府" in listing) == (who != "sid")
    page = text_of(assert_page(client.get("/policies/RE/1")))
    assert "报备收到即受保护，保护 7 天" in page and "RE-2.8" in page


def test_the_rules_are_read_in_english_too(browse: Browse) -> None:
    client = browse("ana")
    client.get("/language?lang=en&next=/me")
    assert "Held from the moment of filing for 7 days" in text_of(assert_page(client.get("/policies/RE/1")))


def test_a_version_that_rules_none_of_one_s_projects_does_not_exist(browse: Browse, app: Flask, people: People) -> None:
    publish(app, {"hold.days": 8})
    assert browse("ana").get("/policies/RE/2").status_code == 404
    assert browse("lin").get("/policies/RE/2").status_code == 404
    assert browse("hua").get("/policies/RE/2").status_code == 200


def test_a_closed_project_is_not_the_business_of_who_never_filed_there(
    browse: Browse, app: Flask, people: People
) -> None:
    with app.app_context():
        people.project().is_open = False
        db.session.commit()
    assert "云栖府" not in browse("ana").get("/policies").text


@pytest.mark.parametrize(
    "address", ["/policies/RE/99", "/policies/XX/1", "/policies/RE/99999999999999", "/policies/RE/0"]
)
def test_an_unknown_version_is_not_found(browse: Browse, people: People, address: str) -> None:
    assert browse("hua").get(address).status_code == 404


def test_a_draft_shows_the_differences_and_publishes_nothing(browse: Browse, app: Flask, people: People) -> None:
    answer = draft(browse("ada"), hold__days="9", call_back__share="25", reminders__hold="")
    page = assert_page(answer)
    assert "<td>报备保护的天数</td><td>7</td><td><b>9</b></td>" in page
    assert "<td>回访的比例</td><td>50%</td><td><b>25%</b></td>" in page
    assert "保护 9 天" in page and "报备保护到期前不提醒" in page
    assert versions(app) == 1


def test_what_the_preview_showed_is_published_and_then_given_to_a_project(
    browse: Browse, app: Flask, people: People
) -> None:
    ada = browse("ada")
    preview = draft(ada, hold__days="9", lead_time__excusable=None, extension__days="30", reminders__protection="10 5")
    answer = ada.post(PUBLISH, data=fields_of(preview.text))
    assert (answer.status_code, answer.location) == (303, "/hq/policies/RE/2/bind")
    with app.app_context():
        document = policy(2).document
        assert document["hold"]["days"] == 9 and document["lead_time"]["excusable"] is False
        assert document["extension"]["days"] == 30 and document["reminders"]["protection"] == [10, 5]
        assert {
            **preset("RE"),
            **{name: document[name] for name in ("hold", "lead_time", "extension", "reminders")},
        } == document
    assert_page(ada.get(answer.location))
    start = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=2)).strftime("%Y-%m-%dT00:00")
    assert bind(ada, people.project_id, start).status_code == 303
    with app.app_context():
        assert policies.in_force(people.project_id, clock.now()).version == 1
        assert policies.in_force(people.project_id, clock.now() + timedelta(days=3)).version == 2
    assert "RE-2" in browse("ana").get("/policies").text
    assert_page(browse("ana").get("/policies/RE/2"))


def test_back_from_the_preview_nothing_is_lost(browse: Browse, people: People) -> None:
    ada = browse("ada")
    preview = draft(ada, hold__days="9", title__zh="新的制度")
    html = assert_page(ada.post(DRAFT, data=fields_of(preview.text) | {"back": "yes"}))
    assert fields_of(html)["hold__days"] == "9" and fields_of(html)["title__zh"] == "新的制度"


def test_a_draft_without_a_change_is_not_published(browse: Browse, app: Flask, people: People) -> None:
    ada = browse("ada")
    assert "没有改动任何参数" in assert_page(draft(ada), 409)
    assert_page(draft(ada, PUBLISH), 409)
    assert versions(app) == 1


def test_a_draft_that_was_overtaken_is_shown_against_the_new_version(
    browse: Browse, app: Flask, people: People
) -> None:
    ada = browse("ada")
    preview = draft(ada, hold__days="9").text
    publish(app, {"hold.days": 12})
    html = assert_page(ada.post(PUBLISH, data=fields_of(preview)), 409)
    assert "别人发布了第 2 版" in html and fields_of(html)["base"] == "2" and fields_of(html)["hold__days"] == "9"
    assert versions(app) == 2


def test_published_twice_is_one_version(browse: Browse, app: Flask, people: People) -> None:
    ada = browse("ada")
    typed = fields_of(draft(ada, hold__days="9").text)
    assert [ada.post(PUBLISH, data=typed).status_code for _ in range(2)] == [303, 409]
    assert versions(app) == 2


def test_published_twice_in_one_moment_is_one_version(browse: Browse, app: Flask, people: People) -> None:
    clients = [browse("ada"), browse("ada")]
    typed = [fields_of(draft(client, hold__days=days).text) for client, days in zip(clients, "89", strict=True)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda c=client, t=sent: answers.append(c.post(PUBLISH, data=t).status_code))
        for client, sent in zip(clients, typed, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    assert versions(app) == 2


BAD = [
    ("hold__days", ["", "0", "-1", "3651", "7.5", "七", "1e3", "9" * 5000, "<b>7</b>", "7\x00", "👍"]),
    ("lead_time__local__unit", ["", "YEAR", "<b>"]),
    ("lead_time__local__value", ["", "-1", "x"]),
    ("extension__times", ["2", "-1", ""]),
    ("extension__cap_days", ["45", "1", ""]),
    ("lock__tie_break", ["", "recorded recorded", "moon"]),
    ("call_back__share", ["", "101", "-1", "NaN", "Infinity", "x"]),
    ("circle__radius_m", ["", "0", "100000001"]),
    ("penalties__first_offence", ["", "-1", "100000001"]),
    ("reminders__hold", ["x", "0", "3651", "1,2,3,4,5,6,7,8,9,10,11", "1\x00", "👍", "-1"]),
    ("title__zh", ["", "   ", "长" * 61, "<script>", "👍", "好\x07"]),
    ("title__en", ["", "<b>x</b>"]),
]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD for value in values])
def test_a_bad_value_is_said_and_nothing_is_published(
    browse: Browse, app: Flask, people: People, name: str, value: str
) -> None:
    ada = browse("ada")
    for address in (DRAFT, PUBLISH):
        html = assert_page(draft(ada, address, **{name: value}), 422)
        assert "处要改" in html
    assert versions(app) == 1


def test_a_field_is_checked_when_it_is_left(browse: Browse, people: People) -> None:
    ada = browse("ada")
    sent = fields_of(ada.get(DRAFT).text) | {"hold__days": "0"}
    answer = ada.post(
        "/hq/policies/RE/draft/check", data=sent, headers={"HX-Trigger-Name": "hold__days", "HX-Request": "true"}
    )
    assert answer.status_code == 200 and "1 到 3650 之间的整数" in answer.text


@pytest.mark.parametrize(
    "start",
    ["", "x", "2020-01-01T00:00", "0001-01-01T00:00", "2030-02-31T00:00", "99999-01-01T00:00", "2030-01-01T00:00\x00"],
)
def test_a_start_that_is_past_or_no_time_is_said(browse: Browse, app: Flask, people: People, start: str) -> None:
    publish(app, {"hold.days": 8})
    assert_page(bind(browse("ada"), people.project_id, start), 422)
    assert bound(app) == 2


@pytest.mark.parametrize("project", ["", "0", "999", "x", "-1", "9" * 30])
def test_a_project_that_is_none_is_said(browse: Browse, app: Flask, people: People, project: str) -> None:
    publish(app, {"hold.days": 8})
    assert_page(bind(browse("ada"), project, "2031-01-01T00:00"), 422)
    assert bound(app) == 2


def test_the_same_start_twice_is_said(browse: Browse, app: Flask, people: People) -> None:
    publish(app, {"hold.days": 8})
    ada = browse("ada")
    assert bind(ada, people.project_id, "2031-01-01T00:00").status_code == 303
    assert "已安排了另一个版本" in assert_page(bind(ada, people.project_id, "2031-01-01T00:00"), 422)
    assert bound(app) == 3


@pytest.mark.parametrize("who", [one for one in EVERYBODY if one != "ada"])
def test_only_the_administrator_drafts_publishes_and_binds(
    browse: Browse, app: Flask, people: People, who: str
) -> None:
    client = browse(who)
    token = csrf_of(client, "/me")
    assert client.get(DRAFT).status_code == 403
    for address in (DRAFT, "/hq/policies/RE/draft/check", PUBLISH, "/hq/policies/RE/1/bind"):
        assert client.post(address, data={"csrf_token": token}).status_code == 403
    assert "/hq/policies" not in client.get("/policies").text
    assert (versions(app), bound(app)) == (1, 2)


@pytest.mark.parametrize(
    "address", ["/hq/policies/XX/draft", "/hq/policies/RE/7/bind", "/hq/policies/RE/99999999999/bind"]
)
def test_what_is_not_there_cannot_be_drafted_or_bound(browse: Browse, people: People, address: str) -> None:
    assert browse("ada").get(address).status_code == 404


def test_publishing_and_binding_are_in_the_history(browse: Browse, app: Flask, people: People) -> None:
    ada = browse("ada")
    ada.post(PUBLISH, data=fields_of(draft(ada, hold__days="9").text))
    bind(ada, people.project_id, "2031-01-01T00:00")
    with app.app_context():
        mine = db.session.query(HistoryEntry.verb).filter_by(actor_id=people.users["ada"]).order_by(HistoryEntry.id)
        assert [verb for (verb,) in mine][-2:] == ["policy.published", "project.policy_bound"]


def test_the_shell_says_publishes_and_binds(app: Flask, people: People, tmp_path: Any) -> None:
    run = app.test_cli_runner().invoke
    assert "保护 7 天" in run(args=["policy", "show", "RE"]).output
    assert "for 7 days" in run(args=["policy", "show", "RE-1", "--english"]).output
    file = tmp_path / "re.yaml"
    shipped = (preset_text()).replace("hold: {days: 7", "hold: {days: 8")
    file.write_text(shipped, "utf-8")
    assert run(args=["policy", "publish", str(file)]).output.strip() == "RE-2"
    assert run(args=["policy", "publish", str(file)]).output.strip() == "RE-2"
    file.write_text(shipped.replace("days: 8", "days: 0"), "utf-8")
    refused = run(args=["policy", "publish", str(file)])
    assert refused.exit_code == 1 and "hold.days" in refused.output
    assert run(args=["policy", "bind", "YQ", "RE-2", "2031-01-01"]).exit_code == 0
    for wrong in (["YQ", "RE-9", "2031-01-02"], ["NO", "RE-2", "2031-01-02"], ["YQ", "RE-2", "2020-01-01"]):
        assert run(args=["policy", "bind", *wrong]).exit_code == 1
    assert run(args=["policy", "show", "XX"]).exit_code == 1


def preset_text() -> str:
    from importlib import resources

    return (resources.files("portal.rules") / "presets" / "RE.yaml").read_text("utf-8")


def bind(client: FlaskClient, project: Any, start: str, version: int = 2) -> Any:
    token = csrf_of(client, "/me")
    sent = {"project_id": project, "effective_from": start, "csrf_token": token}
    return client.post(f"/hq/policies/RE/{version}/bind", data=sent)


def publish(app: Flask, changes: dict[str, Any]) -> None:
    with app.app_context():
        policies.publish(actor=None, document=with_parameters(preset("RE"), changes))
        db.session.commit()


def policy(version: int) -> Policy:
    return db.session.query(Policy).filter_by(code="RE", version=version).one()


def versions(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Policy).count()


def bound(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ProjectPolicy).count()
