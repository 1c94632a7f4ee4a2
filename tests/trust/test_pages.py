"""The pages of this room: jobs for the administrator, history for the auditor, notices for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from sqlalchemy import select

from portal import REDIS_PATIENCE, clock, jobs
from portal.addresses import hidden
from portal.models import Document, HistoryEntry, Notice, db
from portal.services import notices, printing, sealing
from portal.transaction import transaction
from tests.fixtures import People, Stage, csrf_of, search

Browse = Callable[..., FlaskClient]
DEAD = "worker.jobs.documents.print_document"


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def send(client: FlaskClient, address: str, from_page: str, **fields: object) -> int:
    return client.post(address, data={"csrf_token": csrf_of(client, from_page), **fields}).status_code


@pytest.fixture
def queue(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@pytest.fixture
def dead_job(app: Flask, people: People, queue: Redis) -> str:
    """A job that has failed for good; its id."""
    with app.app_context():
        Queue(jobs.QUEUE, connection=queue).enqueue(DEAD, 1, 2, job_id="print_document-1")
        SimpleWorker([jobs.QUEUE], connection=queue).work(burst=True)
    return "print_document-1"


@pytest.fixture
def failed_document(app: Flask, stage: Stage) -> str:
    """A document that was given up; its number."""
    with app.app_context():
        with transaction():
            stage.file()
        document = db.session.scalars(select(Document)).one()
        with transaction():
            document.attempts = printing.MOST_ATTEMPTS
            printing.note_failure(document_id=document.id, reason="OSError in print_now", now=clock.now())
        return document.reference


def test_the_administrator_sees_dead_jobs_with_their_reason(browse: Browse, dead_job: str) -> None:
    shown = page(browse("ada"), "/hq/jobs")
    assert "打印单据" in shown and "TypeError" in shown
    assert "程序出错。请把下面这一行转给维护人员。" in shown
    assert "Traceback" not in shown


def test_a_dead_job_is_run_again_and_that_is_on_record(app: Flask, browse: Browse, dead_job: str, queue: Redis) -> None:
    assert send(browse("ada"), f"/hq/jobs/{dead_job}/again", "/hq/jobs") == 303
    assert Job.fetch(dead_job, queue).get_status() == "queued"
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "job.run_again")).one()
        assert entry.facts == {"job": dead_job}


def test_a_job_put_back_twice_is_put_back_once_and_the_second_press_says_so(
    app: Flask, browse: Browse, dead_job: str, queue: Redis
) -> None:
    ada = browse("ada")
    for _press in range(2):
        assert send(ada, f"/hq/jobs/{dead_job}/again", "/hq/jobs") == 303
    assert "这项任务已不在失败之列。" in page(ada, "/hq/jobs")
    assert Queue(jobs.QUEUE, connection=queue).get_job_ids() == [dead_job]
    with app.app_context():
        assert len(db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "job.run_again")).all()) == 1


def test_a_failed_document_is_shown_and_tried_anew(app: Flask, browse: Browse, failed_document: str, queue) -> None:
    ada = browse("ada")
    shown = page(ada, "/hq/jobs")
    assert failed_document in shown and "OSError in print_now" in shown
    assert send(ada, f"/hq/jobs/documents/{failed_document}/again", "/hq/jobs") == 303
    with app.app_context():
        assert db.session.scalars(select(Document.state)).one() == "waiting"


def test_the_page_says_when_redis_is_away(app: Flask, browse: Browse, failed_document: str) -> None:
    ada = browse("ada")
    there, app.extensions["redis"] = app.extensions["redis"], Redis(port=1, **REDIS_PATIENCE)
    try:
        shown = page(ada, "/hq/jobs")
        assert send(ada, "/hq/jobs/print_document-1/again", "/hq/jobs") == 303
    finally:
        app.extensions["redis"] = there
    assert "队列现在连不上" in shown and failed_document in shown


@pytest.mark.parametrize("who", ["ana", "rui", "hua", "aud"])
def test_nobody_else_sees_the_jobs(browse: Browse, queue: Redis, who: str) -> None:
    assert browse(who).get("/hq/jobs").status_code == 403


@pytest.fixture
def filed(app: Flask, stage: Stage) -> str:
    """A filing with its history sealed; its number."""
    with app.app_context():
        with transaction():
            registration = stage.file()
        with transaction():
            sealing.seal(now=clock.now())
        return registration.reference


def test_the_auditor_reads_what_happened(browse: Browse, filed: str) -> None:
    shown = search(browse("aud"), "/hq/history", filed).text
    assert "报备已收到" in shown and "安娜" in shown and "RE-2.8" in shown


def test_history_is_narrowed_to_a_project(browse: Browse, filed: str) -> None:
    aud = browse("aud")
    assert filed in page(aud, "/hq/history?project=YQ")
    assert filed not in page(aud, "/hq/history?project=JP")


def test_a_number_that_nothing_has_says_so(browse: Browse, filed: str) -> None:
    assert "没有编号为 YQ-0 的对象" in search(browse("aud"), "/hq/history", "yq-0").text


def test_pages_follow_one_another_by_key(app: Flask, browse: Browse, stage: Stage) -> None:
    with app.app_context(), transaction():
        for _ in range(60):
            stage.file()
    aud = browse("aud")
    assert 'rel="next"' in page(aud, "/hq/history")
    assert "报备已收到" in page(aud, f"/hq/history?before={hidden(20)}")


def test_the_auditor_checks_a_chain(browse: Browse, people: People, filed: str) -> None:
    aud = browse("aud")
    assert send(aud, f"/hq/history/check/{people.project_id}", "/hq/history") == 303
    assert "YQ：记录完整" in page(aud, "/hq/history")
    assert send(aud, "/hq/history/check/999", "/hq/history") == 404


@pytest.mark.parametrize("who", ["ana", "rui", "hua", "ada"])
def test_nobody_else_reads_the_history(browse: Browse, people: People, who: str) -> None:
    assert browse(who).get("/hq/history").status_code == 403


@pytest.fixture
def told(app: Flask, stage: Stage, people: People) -> str:
    """Ana has one notice, about her own registration; its number."""
    with app.app_context(), transaction():
        registration = stage.file("ana")
        facts = {"reference": registration.reference, "stage": "hold", "until": registration.hold_ends_at}
        for _ in range(2):
            notices.tell([people.users["ana"]], "registration.ended", registration, "once", "RE-2.9", facts)
        return registration.reference


def test_a_notice_is_told_once_and_read_in_words(browse: Browse, told: str) -> None:
    shown = page(browse("ana"), "/notices")
    assert shown.count(f"{told} 报备保护已到期。") == 1 and "RE-2.9" in shown
    assert "通知，1 条未读" in shown


def test_reading_changes_nothing_until_all_are_marked_read(app: Flask, browse: Browse, told: str) -> None:
    ana = browse("ana")
    page(ana, "/notices")
    with app.app_context():
        newest = db.session.scalars(select(Notice.id).where(Notice.read_at.is_(None))).one()
    assert send(ana, "/notices/read", "/notices", up_to=newest) == 303
    assert "条未读" not in page(ana, "/notices")


@pytest.mark.parametrize("up_to", ["", "x", "9" * 30, "-1"])
def test_what_is_no_number_is_refused(browse: Browse, told: str, up_to: str) -> None:
    assert send(browse("ana"), "/notices/read", "/notices", up_to=up_to) == 400


def test_a_rival_neither_sees_nor_touches_it(app: Flask, browse: Browse, told: str) -> None:
    ben = browse("ben")
    assert told not in page(ben, "/notices")
    assert ben.post("/notices/read", data={"csrf_token": csrf_of(ben, "/me"), "up_to": 10**9}).status_code == 303
    with app.app_context():
        assert not any(db.session.scalars(select(Notice.read_at)))
