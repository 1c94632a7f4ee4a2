"""Reports without a name: nothing leads back, the code asks again, the form counts once, headquarters finds out who it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal import clock, create_app
from portal.extensions import limiter
from portal.models import Finding, FindingFile, HistoryEntry, StoredFile, db
from portal.rules.refusal import Refusal
from portal.services import breaches, tips
from portal.services.claim_sending import Brought
from portal.services.findings import Report
from tests.fixtures import People, csrf_of

ADDRESS = "203.0.113.77"
TIP = {
    "kind": "staff_dumping",
    "project": "YQ",
    "about": "销售二组姓周的",
    "summary": "把自己走进来的客户交给分销商补报备",
    "contact": "夜里打 13912345678",
}


def photo() -> bytes:
    """A picture whose camera wrote down who and what it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x8298] = "ShownMaker", "Whistle Blower"
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, "JPEG", exif=exif)
    return written.getvalue()


def send(people: People, key: str, **given: Any) -> tips.Tip:
    facts = {
        "kind": "interception",
        "about": "某公司",
        "summary": "在路口拦客",
        "contact": None,
        "evidence": (),
    } | given
    return tips.send_tip(**({"actor": None, "project": people.project()} | facts), submission_key=key)


def post(client: FlaskClient, **given: Any) -> Any:
    page = client.get("/report", environ_base={"REMOTE_ADDR": ADDRESS}).text
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)
    assert key is not None
    data = {"csrf_token": csrf_of(client, "/report"), "submission_key": key[1]} | TIP | given
    return client.post("/report", data=data, environ_base={"REMOTE_ADDR": ADDRESS})


def test_the_same_form_makes_one_case_and_shows_the_same_code(session: Any, people: People) -> None:
    key = str(uuid4())
    first, again = send(people, key), send(people, key)
    other = send(people, str(uuid4()))
    assert first == again and other.reference != first.reference and other.code != first.code
    assert db.session.query(Finding).count() == 2


def test_number_and_code_together_open_the_state_and_nothing_else_does(session: Any, people: People) -> None:
    first, other = send(people, str(uuid4())), send(people, str(uuid4()))
    assert first.code is not None and other.code is not None
    spelt = f" {first.code[:4].lower()}-{first.code[4:8]} {first.code[8:]}"
    found = tips.case_of(first.reference.lower(), spelt)
    assert found is not None and found.reference == first.reference
    assert tips.case_of(first.reference, other.code) is None
    assert tips.case_of(first.reference, "") is None


def test_a_case_with_a_name_has_no_code(session: Any, people: People) -> None:
    tip = send(people, str(uuid4()), actor=people.get("ana"), contact="随便")
    finding = db.session.scalars(db.select(Finding)).one()
    assert tip.code is None and finding.code is None and finding.contact is None
    assert finding.reported_by_id == people.users["ana"]
    assert tips.case_of(tip.reference, "") is None


def test_files_lose_what_they_carried_and_their_own_names(session: Any, people: People) -> None:
    send(people, str(uuid4()), evidence=[Brought(photo(), "周小明的手机-13912345678.jpg")])
    file = db.session.scalars(db.select(StoredFile)).one()
    assert (file.name, file.stored_by_id, file.distributor_id) == ("1.jpg", None, None)
    assert b"Whistle" not in file.content and b"ShownMaker" not in file.content
    assert db.session.query(FindingFile).one().by_distributor is False


def test_nobody_is_found_guilty_before_it_is_known_who_it_was(session: Any, people: People) -> None:
    send(people, str(uuid4()))
    finding, hua, project = db.session.scalars(db.select(Finding)).one(), people.get("hua"), people.project()
    with pytest.raises(Refusal, match="breach_names_nobody"):
        breaches.decide_breach(actor=hua, finding=finding, project=project, confirmed=True, reason="查实")
    place = (project.latitude, project.longitude)
    breaches.identify_party(
        actor=hua,
        finding=finding,
        project=project,
        kind="interception",
        distributor=people.distributor(),
        team=None,
        persons=None,
        found=Report(kind="interception", summary="", place=place, happened_at=clock.now()),
    )
    decided = breaches.decide_breach(actor=hua, finding=finding, project=project, confirmed=True, reason="查实")
    assert (decided.clause, decided.distance_m, decided.offence) == ("RE-5.1", 0, 1)


def test_nothing_in_any_row_leads_back_to_the_reporter(app: Flask, people: People) -> None:
    client = app.test_client()
    answer = post(client)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        finding = db.session.scalars(db.select(Finding)).one()
        assert (finding.reported_by_id, finding.about, finding.contact) == (None, TIP["about"], TIP["contact"])
        entry = db.session.query(HistoryEntry).filter_by(verb="finding.reported").one()
        assert (entry.actor_id, entry.actor_role) == (None, "system")
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(db.select(table)):
                assert ADDRESS not in repr(row), table.name


def test_whoever_is_signed_in_in_this_browser_stays_out_of_it(app: Flask, browse: Any) -> None:
    client = browse("ana")
    assert post(client).status_code == 200
    with app.app_context():
        finding = db.session.scalars(db.select(Finding)).one()
        assert finding.reported_by_id is None
        assert db.session.query(HistoryEntry).filter_by(verb="finding.reported").one().actor_id is None


@pytest.fixture
def limited(settings_env: dict[str, str], people: People, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with its rate limits on."""
    monkeypatch.setenv("RATE_LIMITS", "true")
    application = create_app()
    application.testing = True
    limiter.reset()
    yield application
    limiter.reset()
    limiter.enabled = False
    with application.app_context():
        db.engine.dispose()


def test_too_many_from_one_address_are_held_back_and_the_counter_does_not_say_whose(
    limited: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    hit = limiter.limiter.hit
    monkeypatch.setattr(
        limiter.limiter, "hit", lambda item, *keys, **more: counted.extend(keys) or hit(item, *keys, **more)
    )
    client = limited.test_client()
    with caplog.at_level("DEBUG"):
        answers = [post(client, submission_key=str(uuid4())).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert counted and not [key for key in counted if ADDRESS in key or "person" in key]
    assert ADDRESS not in caplog.text and TIP["summary"] not in caplog.text


def test_the_page_of_the_state_says_how_far_it_is_and_never_who(app: Flask, people: People) -> None:
    client = app.test_client()
    page = post(client).text
    number = re.search(r"YQ-F\d{4}-\w{6}", page)
    code = re.search(r"<b>(\w{4}-\w{4}-\w{4})</b>", page)
    assert number and code
    form = {"csrf_token": csrf_of(client, "/report/state"), "reference": number[0]}
    wrong = client.post("/report/state", data=form | {"code": "AAAA-BBBB-CCCC"})
    assert wrong.status_code == 422 and "编号或查询码不对" in wrong.text
    assert "已收到" in client.post("/report/state", data=form | {"code": code[1]}).text
    with app.app_context():
        finding = db.session.scalars(db.select(Finding)).one()
        hua, project = people.get("hua"), people.project()
        breaches.decide_breach(actor=hua, finding=finding, project=project, confirmed=False, reason="查无实据")
        db.session.commit()
    after = client.post("/report/state", data=form | {"code": code[1]}).text
    assert "已结案" in after and "华敏" not in after and "查无实据" not in after


@pytest.mark.parametrize(("field", "value"), [("summary", ""), ("about", ""), ("project", "XX"), ("kind", "theft")])
def test_what_is_missing_is_said_and_nothing_is_kept(app: Flask, people: People, field: str, value: str) -> None:
    answer = post(app.test_client(), **{field: value})
    assert answer.status_code == 422 and TIP["contact"] in answer.text
    with app.app_context():
        assert db.session.query(Finding).count() == 0


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "cai", "fin", "ada", "kit"])
def test_everybody_with_a_login_can_report(app: Flask, browse: Any, people: People, who: str) -> None:
    client = browse(who)
    page = client.get("/tips/new").text
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)
    assert key is not None
    data = {"csrf_token": csrf_of(client, "/tips/new"), "submission_key": key[1]} | TIP
    assert [client.post("/tips/new", data=data).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        finding = db.session.scalars(db.select(Finding)).one()
        assert finding.reported_by_id == people.users[who] and finding.contact is None


def test_the_contact_is_opened_by_those_who_decide_and_on_record(app: Flask, browse: Any, people: People) -> None:
    post(app.test_client())
    with app.app_context():
        number = db.session.scalars(db.select(Finding.reference)).one()
    page = f"/hq/findings/{number}"
    hua, aud = browse("hua"), browse("aud")
    assert TIP["contact"] not in hua.get(page).text
    shown = hua.post(f"{page}/contact", data={"csrf_token": csrf_of(hua, page)})
    assert TIP["contact"] in shown.text
    assert aud.post(f"{page}/contact", data={"csrf_token": csrf_of(aud, "/hq/findings")}).status_code in (400, 403)
    with app.app_context():
        entry = db.session.query(HistoryEntry).filter_by(verb="finding.contact_opened").one()
        assert entry.actor_id == people.users["hua"] and entry.clause == "RE-7.1"
