"""Headquarters decides a bulk extension: works, invalid, wrong role, stranger, twice, and two people in one moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Document, HistoryEntry, Notice, Registration, RoleGrant, db
from portal.queries import extensions as found
from portal.queries import registrations
from portal.services import extensions, partnership
from portal.transaction import transaction
from portal.wording import times
from tests.fixtures import People
from tests.hq.conftest import REASON, extension_called
from tests.pages import assert_page, form_values, mark_on, text_of
from tests.send import send

Browse = Callable[..., FlaskClient]
Asked = Callable[..., str]
HOSTILE = ["<b>好</b>", "👍", "好\x00", "好\x07", "长" * 501, "\u202e好"]


def decide(client: FlaskClient, reference: str, decision: str = "approve", reason: str = ""):  # type: ignore[no-untyped-def]
    page = f"/hq/extensions/{reference}"
    return send(client, f"{page}/decision", decision=decision, reason=reason, seen=mark_on(client.get(page).text))


def test_the_inbox_has_the_soonest_end_first_and_opens_it_beside_the_list(browse: Browse, asked: Asked) -> None:
    later, sooner = asked(days=30, name="后到"), asked(days=43, name="先到")
    html = assert_page(browse("hua").get("/hq/inbox"))
    assert html.index(f"/hq/extensions/{sooner}") < html.index(f"/hq/extensions/{later}")
    assert f'action="/hq/extensions/{sooner}/decision"' in html
    assert REASON in html


def test_an_overdue_application_leads_and_says_that_the_customer_is_still_held(browse: Browse, asked: Asked) -> None:
    asked(days=44, name="快到")
    overdue = asked(days=50, name="超期")
    text = text_of(assert_page(browse("hua").get("/hq/inbox")))
    assert "已超 " in text and "决定前客户继续受保护" in text
    rows = browse("hua").get("/hq/inbox?show=overdue").text
    assert rows.count('href="/hq/extensions/') >= 1 and overdue in rows


def test_while_it_is_undecided_the_end_that_counts_is_the_original_one(
    browse: Browse, asked: Asked, app: Flask
) -> None:
    """RE-Q10: what nobody has granted is promised to nobody, but the customer stays protected."""
    asked(days=40)
    with app.app_context():
        registration = db.session.scalars(db.select(Registration)).one()
        reference, original, possible = registration.reference, registration.visit_ends_at, registration.ends_at
    assert original is not None and possible > original
    with clock.set_to(original - timedelta(hours=3)):
        text = text_of(browse("hua").get(f"/hq/registrations/{reference}").text)
        assert "还剩 3 小时" in text and f"至 {times.until(original)}" in text
    with clock.set_to(original + timedelta(hours=3)):
        text = text_of(browse("hua").get(f"/hq/registrations/{reference}").text)
        assert "到期，决定之前继续受保护" in text and f"至 {times.until(possible)}" not in text


def test_an_approval_prolongs_tells_the_distributor_and_orders_the_paper(
    browse: Browse, asked: Asked, app: Flask, people: People
) -> None:
    reference = asked()
    hua = browse("hua")
    answer = decide(hua, reference, reason="同意，价格已谈妥。")
    assert answer.status_code == 303
    page = assert_page(hua.get(answer.location))
    assert "已同意，保护延至" in text_of(page) and "华敏" in page
    assert 'data-poll-url="/hq/extensions/' in page
    with app.app_context():
        extension = extension_called(reference)
        assert extension.state == "approved" and extension.decided_by_id == people.users["hua"]
        registration = registrations.load(extension.registration_id)
        assert registration.ends_at == extension.new_end and registration.pending_until is None
        assert db.session.query(Notice).filter_by(kind="extension.approved", user_id=people.users["ana"]).count() == 1
        told = db.session.scalars(db.select(Notice.user_id).filter_by(kind="extension.approved"))
        assert set(told) == {
            people.users["ana"],
            people.users["olga"],
        }  # the broker and the owner, no rival, no colleague
        assert db.session.query(Document).filter_by(kind="extension_approval", subject_id=extension.id).count() == 1


def test_a_rejection_leaves_the_old_end_and_its_reason(browse: Browse, asked: Asked, app: Flask) -> None:
    reference = asked()
    assert decide(browse("hua"), reference, "reject", "意向函不足以说明。").status_code == 303
    with app.app_context():
        extension = extension_called(reference)
        assert (extension.state, extension.new_end) == ("rejected", None)
        assert registrations.load(extension.registration_id).ends_at == extension.original_end
    page = browse("hua").get(f"/hq/extensions/{reference}").text
    assert "意向函不足以说明。" in page and "最长到此" not in page


def test_a_rejection_without_a_reason_and_no_decision_at_all_come_back(
    browse: Browse, asked: Asked, app: Flask
) -> None:
    reference, hua = asked(), browse("hua")
    assert "拒绝须写明理由" in assert_page(decide(hua, reference, "reject"), 422)
    assert "请选择同意或拒绝" in assert_page(decide(hua, reference, "maybe", "写好的理由"), 422)
    assert "写好的理由" in assert_page(decide(hua, reference, "", "写好的理由"), 422)
    with app.app_context():
        assert extension_called(reference).state == "pending"


@pytest.mark.parametrize("reason", HOSTILE)
def test_a_bad_reason_is_said_and_nothing_is_stored(browse: Browse, asked: Asked, app: Flask, reason: str) -> None:
    reference = asked()
    assert_page(decide(browse("hua"), reference, "reject", reason), 422)
    with app.app_context():
        assert extension_called(reference).state == "pending"


@pytest.mark.parametrize("who", ["ana", "ben", "olga", "rui", "bo", "cai", "lin", "ada", "aud", "fin", "kit", "sid"])
def test_nobody_else_sees_or_decides(browse: Browse, asked: Asked, app: Flask, who: str) -> None:
    reference, client = asked(), browse(who)
    assert f"/hq/extensions/{reference}" not in client.get("/hq/inbox").text
    assert client.get(f"/hq/extensions/{reference}").status_code == 403
    assert client.get(f"/hq/extensions/{reference}/paper").status_code == 403
    assert client.get(f"/hq/extensions/{reference}/decision.pdf").status_code == 403
    assert decide(client, reference).status_code == 403
    with app.app_context():
        assert extension_called(reference).state == "pending"


def test_nobody_signed_in_is_sent_to_the_door(browse: Browse, asked: Asked) -> None:
    assert browse().get(f"/hq/extensions/{asked()}").status_code in (302, 303)


@pytest.mark.parametrize("reference", ["YQ-X2604-00001", "D-0001", "X"])
def test_an_unknown_number_is_not_found(browse: Browse, people: People, reference: str) -> None:
    assert browse("hua").get(f"/hq/extensions/{reference}").status_code == 404
    assert decide(browse("hua"), reference).status_code == 404


def test_the_same_decision_sent_twice_is_one(browse: Browse, asked: Asked, app: Flask) -> None:
    reference, hua = asked(), browse("hua")
    assert decide(hua, reference, reason="好").status_code == 303
    assert decide(hua, reference, reason="好").status_code == 303
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="extension.approved").count() == 1
        assert db.session.query(Notice).filter_by(kind="extension.approved").count() == 2


def test_who_comes_second_reads_who_decided_and_keeps_the_words(
    browse: Browse, asked: Asked, app: Flask, people: People
) -> None:
    give_ada_the_channel_department(app, people)
    reference = asked()
    assert decide(browse("hua"), reference).status_code == 303
    text = text_of(assert_page(decide(browse("ada"), reference, "reject", "我来拒绝的理由"), 409))
    assert "这份延期申请已经决定过" in text and "华敏" in text and "我来拒绝的理由" in text


def test_one_s_own_decision_is_not_turned_around(browse: Browse, asked: Asked, app: Flask) -> None:
    reference, hua = asked(), browse("hua")
    decide(hua, reference)
    assert_page(decide(hua, reference, "reject", "改主意"), 409)
    with app.app_context():
        assert extension_called(reference).state == "approved"


def test_two_people_in_one_moment_make_one_decision(browse: Browse, asked: Asked, app: Flask, people: People) -> None:
    give_ada_the_channel_department(app, people)
    hua, ada = browse("hua"), browse("ada")
    for _round in range(3):
        reference = asked()
        answers = at_once(
            partial(decide, hua, reference, "approve", "同意"), partial(decide, ada, reference, "reject", "拒绝")
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        with app.app_context():
            extension = extension_called(reference)
            entries = db.session.query(HistoryEntry).filter(
                HistoryEntry.subject_type == "extensions",
                HistoryEntry.subject_id == extension.id,
                HistoryEntry.verb.in_(("extension.approved", "extension.rejected")),
            )
            assert entries.count() == 1
            assert (extension.state == "approved") == (answers[0].status_code == 303)


def test_an_application_that_fell_with_a_blacklisting_cannot_be_decided(
    browse: Browse, asked: Asked, app: Flask, people: People
) -> None:
    reference, hua = asked(), browse("hua")
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次违规")
        db.session.commit()
    html = assert_page(decide(hua, reference), 409)
    assert "这份延期申请随之失效" in text_of(html)
    assert 'id="decide"' not in html


def test_the_list_goes_on_behind_a_key_and_narrows(browse: Browse, asked: Asked) -> None:
    references = [asked(days=40) for _ in range(2)]
    hua = browse("hua")
    html = assert_page(hua.get("/hq/inbox?after=1-extension-00000000"))
    assert "全部 2" in text_of(html) and all(reference in html for reference in references)
    assert_page(hua.get("/hq/inbox?show=with_opinion"))
    assert hua.get("/hq/inbox?show=nonsense").status_code == 404
    assert_page(hua.get("/hq/inbox?after=%00%27%22NO"))


def test_an_empty_inbox_says_what_will_be_there(browse: Browse, people: People) -> None:
    assert "没有要决定的" in assert_page(browse("hua").get("/hq/inbox"))


def test_hua_begins_with_the_inbox(browse: Browse, people: People) -> None:
    assert browse("hua").get("/").location == "/hq/inbox"


def give_ada_the_channel_department(app: Flask, people: People) -> None:
    with app.app_context():
        db.session.add(RoleGrant(user_id=people.users["ada"], role="hq_channel"))
        db.session.commit()


def at_once(*actions):  # type: ignore[no-untyped-def]
    """Do all of them in threads of their own, begun together; what each gave."""
    barrier, answers = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place: int) -> None:
        barrier.wait()
        answers[place] = actions[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_an_extension_is_not_decided_over_an_opinion_that_nobody_has_read(
    app: Flask, browse: Browse, people: People, asked: Asked
) -> None:
    reference = asked()
    page, hua = f"/hq/extensions/{reference}", browse("hua")
    opened = form_values(assert_page(hua.get(page)), "seen", "/decision")
    with app.app_context(), transaction():
        asked_for = found.find(reference)
        assert asked_for is not None
        extensions.give_opinion(actor=people.get("lin"), extension=asked_for, opinion="客户月底前签约")
    said = {"decision": "reject", "reason": "理由不足"}
    for mark in (opened, {"seen": ""}, {"seen": "0" * 64}):
        html = assert_page(send(hua, f"{page}/decision", **mark | said), 409)
        assert "您打开这一页之后，这里的内容又改过一次。" in html and "客户月底前签约" in html and "理由不足" in html
    read_now = form_values(html, "seen", "/decision") | said
    # Sent twice it is one decision, though the page says something else by now.
    assert [send(hua, f"{page}/decision", **read_now).status_code for _ in range(2)] == [303, 303]
