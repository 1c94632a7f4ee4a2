"""The consultant imports a table: small ones at once, longer ones by the worker with progress; answers to keep; who may."""

from __future__ import annotations

import io
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select

from portal import importing
from portal.models import Deal, ImportBatch, Notice, db
from portal.services import deal_imports
from tests.fixtures import People
from tests.pages import assert_page, text_of
from tests.send import send
from worker.jobs import deal_imports as jobs

PAGE = "/site/deals/import"
HEAD = "成交编号,步骤,时间,房号,金额,购房人,手机号"


def rows(count: int) -> str:
    lines = (f"XS-{number},认筹,2026-04-01 10:00,{number}-101,50000,张三,139{number:08}" for number in range(count))
    return "\n".join((HEAD, *lines))


def upload(client, content: str | bytes, key: str = "", name: str = "成交.csv"):  # type: ignore[no-untyped-def]
    raw = content.encode() if isinstance(content, str) else content
    return send(client, PAGE, PAGE, table=(io.BytesIO(raw), name), submission_key=key or str(uuid4()))


def test_a_small_file_is_answered_at_once(app, browse, people: People) -> None:
    cai = browse("cai")
    assert_page(cai.get(PAGE))
    answer = upload(cai, rows(2) + "\nXS-9,退房,2026-04-01,1,1,李四,13900000009")
    assert answer.status_code == 303, text_of(answer.get_data(as_text=True))
    page = assert_page(cai.get(answer.headers["Location"]))
    assert "步骤：步骤只有认筹、认购、签约、网签。" in text_of(page)
    assert "hx-get" not in page.split('id="answers"')[1].split(">")[0], "nothing more to ask for"
    only_refused = text_of(assert_page(cai.get(answer.headers["Location"] + "?state=refused")))
    assert "XS-9" in only_refused and "XS-0" not in only_refused
    with app.app_context():
        assert len(db.session.scalars(select(Deal)).all()) == 2


def test_the_answers_are_a_file_for_spreadsheets(browse, people: People) -> None:
    cai = browse("cai")
    where = upload(cai, rows(1).replace("XS-0", "=XS-0")).headers["Location"]
    answers = cai.get(f"{where}/answers.csv")
    assert answers.headers["Content-Disposition"].startswith("attachment")
    assert answers.data.startswith(b"\xef\xbb\xbf") and "'=XS-0" in answers.data.decode()


def test_a_long_file_goes_to_the_worker_and_shows_its_progress(app, browse, people: People) -> None:
    cai = browse("cai")
    where = upload(cai, rows(deal_imports.SMALL + 1)).headers["Location"]
    page = assert_page(cai.get(where))
    assert "<progress" in page and "可以离开这一页" in text_of(page) and "every 2s" in page
    piece = assert_page(cai.get(where, headers={"HX-Request": "true"}), fragment=True)
    assert piece.lstrip().startswith("<div") and "<progress" in piece
    with app.app_context():
        jobs.import_rows(db.session.scalars(select(ImportBatch.id)).one())
    done = assert_page(cai.get(where))
    assert "<progress" not in done and "every 2s" not in done
    notices = text_of(assert_page(cai.get("/notices")))
    assert f"新登记 {deal_imports.SMALL + 1} 行" in notices
    with app.app_context():
        assert db.session.scalars(select(Notice)).one().kind == "deal.import_finished"


def test_the_sweep_takes_up_what_a_dead_worker_left(app, people: People) -> None:
    from datetime import timedelta

    from portal import clock
    from portal.transaction import transaction

    with app.app_context():
        with transaction(), clock.set_to(clock.now() - timedelta(minutes=10)):
            batch = deal_imports.accept_file(
                actor=people.get("cai"),
                project=people.project(),
                content=rows(3).encode(),
                name="a.csv",
                submission_key=str(uuid4()),
            )
        jobs.take_up()
        from portal.jobs import IMPORT_DEALS, LONG_QUEUE, job_id, queue

        assert job_id(IMPORT_DEALS, batch.id) in queue(LONG_QUEUE).job_ids
        importing.run(batch.id)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "表里没有数据行"),
        (b"\x00\x01", "只收 CSV 和 Excel"),
        ("编号,步骤\n1,2", "缺少列：成交编号、时间、购房人、手机号"),
        (b"\x81\x20\xff" * 9, "读不懂文字编码"),
    ],
)
def test_what_is_no_table_is_refused_under_the_field(app, browse, people: People, content: bytes, words: str) -> None:
    assert words in text_of(assert_page(upload(browse("cai"), content), 422))
    with app.app_context():
        assert db.session.scalars(select(ImportBatch)).all() == []


def test_no_file_at_all_is_said(browse, people: People) -> None:
    page = assert_page(send(browse("cai"), PAGE, PAGE, submission_key=str(uuid4())), 422)
    assert "请选择要导入的文件。" in text_of(page)


def test_sent_twice_it_is_one_import(app, browse, people: People) -> None:
    cai, key = browse("cai"), str(uuid4())
    assert len({upload(cai, rows(1), key).headers["Location"] for _ in range(2)}) == 1


@pytest.mark.parametrize("who", ["ana", "rui", "bo", "lin", "hua", "ada"])
def test_nobody_else_imports(browse, people: People, who: str) -> None:
    assert browse(who).get(PAGE).status_code in {403, 404}


def test_an_import_of_another_project_is_not_there(app, browse, people: People) -> None:
    from portal.models import RoleGrant

    with app.app_context():
        db.session.add(RoleGrant(role="consultant", user_id=people.users["sid"], project_id=people.other_project_id))
        db.session.commit()
    where = upload(browse("cai"), rows(1)).headers["Location"]
    sid = browse("sid")
    assert sid.get(where).status_code == 404 and sid.get(f"{where}/answers.csv").status_code == 404


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_the_template_can_be_filled_in_and_imported_as_it_is(app, browse, people: People, language: str) -> None:
    cai = browse("cai")
    send(cai, "/language", locale=language)
    template = cai.get(f"{PAGE}/template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(template.data)).active.max_column == 10
    where = upload(cai, template.data, name="deals.xlsx").headers["Location"]
    assert_page(cai.get(where))
    with app.app_context():
        assert db.session.scalars(select(Deal)).one().source_number == "XS-0001"
