"""Headquarters decides about exits and terminations, hands customers over, ticks duties, settles up and closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Distributor, Exit, ExitHandover, HistoryEntry, Notice, Registration, RoleGrant, User, db
from portal.services import exit_duties, exits, partnership
from tests.fixtures import STROKES, People, Stage, password_hash
from tests.pages import assert_page, mark_on, text_of
from tests.send import send, send_read

Browse = Callable[..., FlaskClient]
AT = "/hq/distributors/D-0001"


@pytest.fixture
def hai(app: Flask, people: People) -> str:
    """A second person of the channel department; the login."""
    with app.app_context():
        person = User(login="hai", name="海宁", password_hash=password_hash(), created_at=clock.now())
        person.grants = [RoleGrant(role="hq_channel")]
        db.session.add(person)
        db.session.commit()
    return "hai"


@pytest.fixture
def asked(app: Flask, people: People, stage: Stage) -> str:
    """The number of Olga's request; two holds of Ana's and one of Ben's run."""
    with app.app_context():
        for who in ("ana", "ana", "ben"):
            stage.file(who)
        last_day = (clock.now() + timedelta(days=40)).date()
        made = exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=last_day)
        db.session.commit()
        return made.reference


@pytest.fixture
def left(app: Flask, people: People, asked: str) -> str:
    """In force: Olga's exit, granted and its day come."""
    with app.app_context():
        ending = exit_called(asked)
        exits.decide_exit(actor=people.get("hua"), ending=ending, approved=True, reason="手续齐全")
        ending.ends_at = clock.now()
        assert exits.take_effect(ending=ending)
        db.session.commit()
    return asked


def exit_called(reference: str) -> Exit:
    return db.session.query(Exit).filter_by(reference=reference).one()


def status(app: Flask, reference: str = "D-0001") -> str:
    with app.app_context():
        return db.session.query(Distributor).filter_by(reference=reference).one().status


def state(app: Flask, reference: str) -> str:
    with app.app_context():
        return exit_called(reference).state


# standing


def test_warned_downgraded_and_taken_up_again(browse: Browse, people: People, app: Flask) -> None:
    hua = browse("hua")
    says = text_of(assert_page(hua.get(AT)))
    assert "警告" in says and "警告以后仍不合格的才降级。" in says
    steps = (("urge", "urged"), ("warn", "warned"), ("downgrade", "downgraded"), ("recover", "active"))
    for step, after in steps:
        assert send(hua, f"{AT}/{step}", reason="半年考核", confirmed="yes").status_code == 303
        assert status(app) == after
    assert_page(send(hua, f"{AT}/downgrade", reason="半年考核", confirmed="yes"), 409)


# termination by two persons


def test_one_proposes_and_another_confirms(browse: Browse, people: People, hai: str, app: Flask, stage: Stage) -> None:
    with app.app_context():
        stage.file("ana")
        db.session.commit()
    hua, other = browse("hua"), browse(hai)
    page = text_of(assert_page(send(hua, f"{AT}/terminate", reason="私刻公章", clause="DM-12.2")))
    assert "作废 1 份报备保护、0 份保护期" in page and "提出，交另一位同事确认" in page
    assert status(app) == "active"
    assert send(hua, f"{AT}/terminate", reason="私刻公章", clause="DM-12.2", confirmed="yes").status_code == 303
    with app.app_context():
        reference = db.session.query(Exit.reference).scalar()
    assert status(app) == "active"
    assert "您提出的，由另一位同事确认。" in text_of(assert_page(hua.get(f"/hq/exits/{reference}")))
    assert_page(send(hua, f"/hq/exits/{reference}/verdict", decision="yes", reason="属实"), 409)
    assert send(other, f"/hq/exits/{reference}/verdict", decision="yes", reason="属实").status_code == 303
    assert (status(app), state(app, reference)) == ("terminated", "in_force")
    with app.app_context():
        assert db.session.query(Registration).filter_by(outcome="void").count() == 1
    # Pressed twice it is done once.
    assert_page(send(other, f"/hq/exits/{reference}/verdict", decision="yes", reason="属实"), 409)
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="distributor.terminated").count() == 1


@pytest.mark.parametrize("fields", [{"clause": "RE-9.9"}, {"clause": ""}, {"reason": ""}, {"reason": "<b>x</b>"}])
def test_a_proposal_needs_a_clause_and_a_reason(
    browse: Browse, people: People, app: Flask, fields: dict[str, str]
) -> None:
    sent = {"reason": "私刻公章", "clause": "DM-12.2", "confirmed": "yes"} | fields
    assert_page(send(browse("hua"), f"{AT}/terminate", **sent), 422)
    with app.app_context():
        assert db.session.query(Exit).count() == 0


# the request to leave


def test_the_list_names_what_waits_and_the_page_what_follows(browse: Browse, asked: str, people: People) -> None:
    hua = browse("hua")
    assert "甲渠道 · 主动退出" in text_of(assert_page(hua.get("/hq/exits")))
    page = text_of(assert_page(hua.get(f"/hq/exits/{asked}")))
    assert "正在进行的 2 份客户走到期满" in page and "转做其他业务" in page
    assert "还没有办结的" in text_of(assert_page(hua.get("/hq/exits?show=closed")))
    assert hua.get("/hq/exits?show=all").status_code == 404


@pytest.mark.parametrize(
    ("decision", "after", "kind"), [("yes", "approved", "exit.approved"), ("no", "refused", "exit.refused")]
)
def test_it_is_granted_or_refused_with_a_reason_and_told_once(
    browse: Browse, asked: str, app: Flask, decision: str, after: str, kind: str
) -> None:
    hua = browse("hua")
    at = f"/hq/exits/{asked}/verdict"
    assert_page(send(hua, at, decision=decision, reason=""), 422)
    assert_page(send(hua, at, decision="maybe", reason="好"), 422)
    assert send(hua, at, decision=decision, reason="手续齐全").status_code == 303
    assert_page(send(hua, at, decision=decision, reason="手续齐全"), 409)
    assert state(app, asked) == after
    with app.app_context():
        told = db.session.query(Notice).filter_by(kind=kind).count()
    assert told == (3 if decision == "yes" else 1)


def hand_over(client: FlaskClient, at: str, /, **fields: Any) -> Any:
    return send(client, f"{at}/handover", **fields, seen=mark_on(client.get(at).text))


def test_customers_are_let_run_or_asked_for(browse: Browse, asked: str, app: Flask) -> None:
    hua, at = browse("hua"), f"/hq/exits/{asked}"
    with app.app_context():
        mine = [one.reference for one in db.session.query(Registration).filter_by(distributor_id=1)]
        rival = db.session.query(Registration.reference).filter_by(distributor_id=2).scalar()
    assert_page(hand_over(hua, at, choice="release"), 422)
    assert_page(hand_over(hua, at, choice="give", every="yes"), 422)
    assert_page(hand_over(hua, at, choice="release", reference=rival), 409)
    assert_page(hand_over(hua, at, choice="release", reference="a\x00b"), 409)
    assert hand_over(hua, at, choice="run_on", every="yes").status_code == 303
    assert hand_over(hua, at, choice="release", reference=mine[0]).status_code == 303
    page = text_of(assert_page(hua.get(f"/hq/exits/{asked}")))
    assert "走到期满 1 · 待签移交 1 · 已签移交 0" in page
    assert rival not in page
    with app.app_context():
        assert db.session.query(ExitHandover).count() == 2


def test_a_choice_that_was_made_meanwhile_is_read_before_it_is_changed(
    browse: Browse, asked: str, app: Flask, people: People
) -> None:
    hua, at = browse("hua"), f"/hq/exits/{asked}"
    opened = mark_on(hua.get(at).text)
    with app.app_context():
        mine = [one.reference for one in db.session.query(Registration).filter_by(distributor_id=1)]
        exit_duties.hand_over(actor=people.get("hua"), ending=exit_called(asked), choice="run_on", references=mine[:1])
        db.session.commit()
    wanted = {"choice": "release", "reference": mine[0]}
    for mark in ({"seen": opened}, {"seen": ""}, {}):
        html = assert_page(send(hua, f"{at}/handover", **wanted, **mark), 409)
        assert "您打开这一页之后，这里的内容又改过一次。" in html
        assert f'value="{mine[0]}" checked' in html, "what was ticked is kept"
    with app.app_context():
        assert [one.choice for one in db.session.query(ExitHandover)] == ["run_on"]
    # Having read it; the very same once more, from a page of before, is no conflict.
    assert hand_over(hua, at, **wanted).status_code == 303
    assert send(hua, f"{at}/handover", **wanted, seen=opened).status_code == 303


# the end


def test_duties_settlement_and_closing(browse: Browse, left: str, app: Flask, people: People) -> None:
    hua, at = browse("hua"), f"/hq/exits/{left}"
    assert "还有 5 项未尽事项" in text_of(assert_page(hua.get(at)))
    assert_page(send(hua, f"{at}/close"), 409)
    assert_page(send(hua, f"{at}/duties/papers", decision="waived", note=""), 409)
    assert_page(send(hua, f"{at}/duties/customers", decision="done", note="都走了"), 409)
    assert send(hua, f"{at}/duties/nothing", decision="done").status_code == 404
    for duty in ("papers", "commission", "confidentiality"):
        assert send(hua, f"{at}/duties/{duty}", decision="done", note="").status_code == 303
    assert send(hua, f"{at}/duties/papers", decision="open").status_code == 303
    assert send(hua, f"{at}/duties/papers", decision="waived", note="没有领过物料").status_code == 303
    assert_page(send(hua, f"{at}/paper", signer_name="欧佳"), 409)
    assert send(hua, f"{at}/settlement").status_code == 303
    assert_page(send(hua, f"{at}/paper", signer_name=""), 422)
    for mark in ({"seen": "0" * 64}, {"seen": ""}, {}):
        assert "您打开这一页之后" in assert_page(send(hua, f"{at}/paper", signer_name="欧佳", **mark), 409)
    assert send_read(hua, at, "/paper", signer_name="欧佳").status_code == 303
    assert_page(send(hua, f"{at}/settlement"), 409)
    # Two customers still run.
    assert_page(send(hua, f"{at}/close"), 409)
    with app.app_context():
        for one in db.session.query(Registration).filter_by(distributor_id=1):
            one.outcome, one.outcome_at, one.outcome_clause = "void", clock.now(), "DM-12.6"
        db.session.commit()
    assert send(hua, f"{at}/close").status_code == 303
    assert_page(send(hua, f"{at}/close"), 409)
    assert (status(app), state(app, left)) == ("closed", "closed")
    assert "甲渠道" in text_of(assert_page(hua.get("/hq/retention")))


def test_a_blacklisted_one_gets_a_file_once(browse: Browse, people: People, app: Flask) -> None:
    hua = browse("hua")
    assert send(hua, f"{AT}/file").location == AT
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次截客")
        db.session.commit()
    assert "建立清退档案" in text_of(assert_page(hua.get(AT)))
    assert send(hua, f"{AT}/file").location.startswith("/hq/exits/TC-")
    assert send(hua, f"{AT}/file").location == AT
    with app.app_context():
        assert db.session.query(Exit).count() == 1


def test_a_paper_that_is_not_printed_is_not_there(browse: Browse, left: str) -> None:
    assert browse("hua").get(f"/hq/exits/{left}/settlement.pdf").status_code == 404
    assert browse("hua").get(f"/hq/exits/{left}/ruling.pdf").status_code == 404


@pytest.mark.parametrize("who", ["ana", "olga", "ben", "rui", "bo", "lin", "ada", "aud", "fin", "kit", "sid"])
def test_nobody_else_decides(browse: Browse, asked: str, app: Flask, who: str) -> None:
    client, at = browse(who), f"/hq/exits/{asked}"
    for step in ("verdict", "handover", "settlement", "paper", "close", "duties/papers"):
        assert send(client, f"{at}/{step}", decision="yes", reason="x").status_code == 403
    assert client.get(at).status_code == (200 if who in ("ada", "aud") else 403)
    assert state(app, asked) == "asked"


def test_an_unknown_file_is_not_found(browse: Browse, people: People) -> None:
    hua = browse("hua")
    assert hua.get("/hq/exits/TC-2603-000000").status_code == 404
    assert send(hua, "/hq/exits/TC-2603-000000/verdict", decision="yes", reason="x").status_code == 404
    assert hua.get("/hq/exits/TC-2603-000000/nothing").status_code == 404


def test_strokes_stay_out_of_pages(browse: Browse, left: str, app: Flask) -> None:
    values: dict[str, Any] = dict(STROKES)
    assert str(values["strokes"]) not in assert_page(browse("hua").get(f"/hq/exits/{left}"))
