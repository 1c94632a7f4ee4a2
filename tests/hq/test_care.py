"""Headquarters keeps class and care: lists, one distributor, the half-year sheet (CM-3, CM-6.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.models import Assessment, CareContact, ClassChange, db
from portal.services import assessments, care
from tests.caring import after_the_half_year, opened_sheet, published_sheet, second_of_the_department
from tests.fixtures import People, csrf_of
from tests.pages import assert_page
from tests.send import send_read

Browse = Callable[..., FlaskClient]
PAGE = "/hq/distributors/D-0001/care"
SCORES = {f"score_{code}": "82.5" for code in ("sales", "influence", "feedback", "service", "compliance")}


def post(client: FlaskClient, address: str, page: str = PAGE, **data: Any) -> Any:
    return client.post(address, data=data | {"csrf_token": csrf_of(client, page)})


@pytest.fixture
def sheet(app: Flask, people: People) -> str:
    """The address of an open sheet."""
    with app.app_context():
        reference = opened_sheet(people).reference
        second_of_the_department(people)
        db.session.commit()
    return f"/hq/assessments/{reference}"


@pytest.fixture
def later(app: Flask) -> Iterator[None]:
    """After the half year."""
    with app.app_context():
        when = after_the_half_year(clock.now())
    with clock.set_to(when):
        yield


def the_sheet(app: Flask, people: People) -> Assessment:
    with app.app_context():
        return db.session.query(Assessment).filter_by(distributor_id=people.distributors["甲渠道"]).one()


def test_a_class_is_given_with_its_reason_and_stays_in_the_record(app: Flask, browse: Browse) -> None:
    hua = browse("hua")
    assert "还没有定级" in assert_page(hua.get(PAGE))
    assert send_read(hua, PAGE, "/class", letter="B", reason="季度业绩达标").status_code == 303
    page = assert_page(hua.get(PAGE))
    assert "B 级" in page and "季度业绩达标" in page and "华敏" in page and "下次联系" in page


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"letter": "B"}, 422, "请写明理由"),
        ({"reason": "好"}, 422, "请选择级别"),
        ({"letter": "Z", "reason": "好"}, 422, "请选择级别"),
        ({"letter": "A", "reason": "全年第一"}, 409, "须有客户经理和副经理"),
    ],
)
def test_what_is_wrong_with_a_class_is_said_and_what_was_typed_stays(
    app: Flask, browse: Browse, values: dict[str, str], status: int, words: str
) -> None:
    answer = post(browse("hua"), f"{PAGE}/class", **values)
    page = assert_page(answer, status)
    assert words in page and values.get("reason", "") in page
    with app.app_context():
        assert db.session.query(ClassChange).count() == 0


def test_account_owner_and_deputy_are_named(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        hal = second_of_the_department(people).id
        db.session.commit()
    hua = browse("hua")
    assert send_read(hua, PAGE, "/people", owner=str(people.users["hua"]), deputy=str(hal)).status_code == 303
    assert "何励" in assert_page(hua.get(PAGE))
    same = send_read(hua, PAGE, "/people", owner=str(hal), deputy=str(hal))
    assert "须是两个人" in assert_page(same, 409)
    stranger = send_read(hua, PAGE, "/people", owner=str(people.users["ana"]), deputy="")
    assert "没有这个人" in assert_page(stranger, 422)


def test_contacts_are_recorded_and_read_by_headquarters_alone(app: Flask, browse: Browse) -> None:
    hua = browse("hua")
    sent = post(
        hua, f"{PAGE}/contacts", kind="visit", happened_at="2026-03-02 15:00", with_whom="唐敏", summary="谈下季度目标"
    )
    assert sent.status_code == 303
    page = assert_page(hua.get(PAGE))
    assert "唐敏" in page and "谈下季度目标" in page and "走访" in page
    wrong = post(hua, f"{PAGE}/contacts", kind="visit", happened_at="后天", summary="x")
    assert "日期和时间读不懂" in assert_page(wrong, 422)
    ahead = post(hua, f"{PAGE}/contacts", kind="call", happened_at="2099-01-01 10:00", summary="x")
    assert "晚于现在" in assert_page(ahead, 409)
    with app.app_context():
        assert db.session.query(CareContact).count() == 1
    assert "谈下季度目标" in browse("aud").get(PAGE).text


def test_a_sheet_goes_from_scores_to_the_distributor(
    app: Flask, browse: Browse, sheet: str, people: People, later: None
) -> None:
    hua, hal, olga = browse("hua"), browse("hal"), browse("olga")
    assert sheet in hua.get("/hq/care").text
    assert send_read(hua, sheet, "/scores", **SCORES, judgement="配合好").status_code == 303
    page = assert_page(hua.get(sheet))
    assert "82.50" in page and "您评的分，由另一位同事复核、定级" in page
    assert post(hua, f"{sheet}/confirmation", sheet, letter="B", reason="x").status_code == 409
    assert "82.50" not in olga.get("/distributor/company").text
    assert send_read(hal, sheet, "/confirmation", letter="B", reason="新项目带客下降").status_code == 303
    assert post(hal, f"{sheet}/publication", sheet).status_code == 303
    assert post(hal, f"{sheet}/publication", sheet).status_code == 409
    assert post(hal, f"{sheet}/measures", sheet, measures="每月复盘一次").status_code == 303
    assert_page(hal.get(sheet))
    own = assert_page(olga.get("/distributor/company"))
    assert "B 级" in own and "新项目带客下降" in own
    link = f"/distributor/company/assessments/{the_sheet(app, people).reference}"
    result = assert_page(olga.get(link))
    assert "82.50" in result and "每月复盘一次" in result and "配合好" in result
    assert "82.50" in hua.get("/hq/care?show=published").text


def test_the_next_sheet_names_the_class_and_the_last_result(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        published_sheet(people)
        when = after_the_half_year(after_the_half_year(clock.now()))
        assessments.open_due(when)
        query = select(Assessment.reference).where(Assessment.distributor_id == people.distributor().id)
        reference = db.session.scalars(query.order_by(Assessment.id.desc())).first()
        db.session.commit()
    page = assert_page(browse("hua").get(f"/hq/assessments/{reference}"))
    assert "现在 B 级" in page and "上次 72.00，合格" in page


@pytest.mark.parametrize("wrong", ["101", "-1", "八十", "80.55", ""])
def test_a_score_that_is_none_is_said_at_its_field(browse: Browse, sheet: str, wrong: str) -> None:
    answer = post(browse("hua"), f"{sheet}/scores", sheet, **(SCORES | {"score_sales": wrong}), judgement="好")
    page = assert_page(answer, 422)
    assert "请填 0 到 100" in page and 'value="82.5"' in page


def test_the_list_of_contacts_has_the_most_overdue_first(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        for name, letter in (("甲渠道", "C"), ("乙渠道", "B")):
            care.give_class(actor=people.get("hua"), distributor=people.distributor(name), letter=letter, reason="x")
            db.session.commit()
        when = after_the_half_year(clock.now())
    with clock.set_to(when):
        page = assert_page(browse("hua").get("/hq/care?show=contacts"))
    assert "还没有联系记录" in page and page.index("乙渠道") < page.find("甲渠道") % len(page)


def test_the_auditor_reads_and_changes_nothing(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        reference = published_sheet(people).reference
        db.session.commit()
    aud = browse("aud")
    for page in ("/hq/care", PAGE, f"/hq/assessments/{reference}"):
        assert "<form" not in assert_page(aud.get(page)).split("<main", 1)[1].split("</main>", 1)[0]
    assert post(aud, f"{PAGE}/class", "/me", letter="B", reason="x").status_code == 403
    assert post(aud, f"/hq/assessments/{reference}/measures", "/me", measures="x").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "kit", "fin", "ada"])
def test_nobody_else_reads_here(browse: Browse, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/care").status_code == 403 and client.get(PAGE).status_code == 403


def test_what_is_not_there_is_a_404(browse: Browse) -> None:
    hua = browse("hua")
    for address in ("/hq/distributors/D-9999/care", "/hq/assessments/KH-0000-000000", "/hq/care?show=nothing"):
        assert hua.get(address).status_code == 404
