"""Documents wait in their rows, are printed once by whoever comes first, and say why when they are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis import Redis
from rq.job import Job
from sqlalchemy import func, select

from portal import clock, crypto, jobs
from portal.documents.digest import fact_digest
from portal.models import Document, HistoryEntry, Notice, db
from portal.queries import documents as found
from portal.services import classification, documents, extensions, printing
from portal.services.document_values import values_of
from portal.transaction import transaction
from tests.fixtures import People, Stage
from worker.context import JobFailed
from worker.jobs.documents import hand_out, print_document, print_waiting


def document_of(kind: str) -> Document:
    return db.session.scalars(select(Document).where(Document.kind == kind)).one()


def history(verb: str) -> list[HistoryEntry]:
    return list(db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == verb)))


def granted(stage: Stage, people: People):  # type: ignore[no-untyped-def]
    """A registration whose bulk extension headquarters has granted."""
    registration = stage.file()
    with clock.set_to(clock.now() + timedelta(hours=2)):
        stage.complete(stage.sign(stage.arrive(registration)))
        classification.classify(actor=people.get("bo"), registration=registration, bulk=True, reason="拟购十套")
        extension = extensions.ask_extension(actor=people.get("ana"), registration=registration, reason="集团采购")
        extensions.give_opinion(actor=people.get("lin"), extension=extension, opinion="客户在谈价格")
        extensions.decide_extension(actor=people.get("hua"), extension=extension, approve=True, reason="计划明确")
    return registration


def test_a_filing_slip_is_printed_and_kept_with_its_hash(session, stage: Stage) -> None:
    stage.file()
    session.commit()
    document = document_of("filing_slip")
    print_document(document.id)
    session.refresh(document)
    content = found.content_of(document)
    assert content is not None and content.startswith(b"%PDF")
    assert (document.state, document.sha256) == ("ready", crypto.digest(content))
    assert [entry.facts["sha256"] for entry in history("document.printed")] == [document.sha256]


def test_every_kind_is_printed_from_its_rows(session, stage: Stage, people: People) -> None:
    granted(stage, people)
    session.commit()
    for kind in ("filing_slip", "visit_slip", "extension_approval"):
        document = document_of(kind)
        print_document(document.id)
        session.refresh(document)
        assert document.state == "ready", document.failure
        assert document.fact_digest == fact_digest(values_of(document))


def test_printed_twice_it_stays_the_first_print(session, stage: Stage) -> None:
    stage.file()
    session.commit()
    document = document_of("filing_slip")
    print_document(document.id)
    session.refresh(document)
    first, attempts = document.sha256, document.attempts
    print_document(document.id)
    session.refresh(document)
    assert (document.sha256, document.attempts, len(history("document.printed"))) == (first, attempts, 1)


def test_two_workers_at_once_write_it_once(session, stage: Stage) -> None:
    stage.file()
    session.commit()
    document_id, now = document_of("filing_slip").id, clock.now()
    assert printing.begin(document_id=document_id, now=now)
    assert printing.begin(document_id=document_id, now=now)
    printing.print_now(document_id=document_id, now=now)
    printing.print_now(document_id=document_id, now=now)
    session.commit()
    assert len(history("document.printed")) == 1


@pytest.fixture
def unprintable(session, stage: Stage) -> Document:
    """A slip whose subject is gone: it cannot be printed, now or later."""
    registration = stage.file()
    session.commit()
    document = document_of("filing_slip")
    document.subject_id = registration.id + 1_000_000
    session.commit()
    return document


def test_a_failure_is_noted_by_type_and_place_and_raised(unprintable: Document) -> None:
    with pytest.raises(JobFailed, match="NoResultFound in _registration"):
        print_document(unprintable.id)
    db.session.refresh(unprintable)
    assert (unprintable.state, unprintable.attempts) == ("waiting", 1)
    assert (unprintable.failure or "").startswith("NoResultFound in ")


def test_after_five_failures_it_has_failed_and_the_administrator_is_told(unprintable: Document, people: People) -> None:
    for _ in range(printing.MOST_ATTEMPTS):
        with pytest.raises(JobFailed):
            print_document(unprintable.id)
    print_document(unprintable.id)
    db.session.refresh(unprintable)
    assert unprintable.state == "failed"
    told = db.session.scalars(select(Notice).where(Notice.kind == "document.failed")).one()
    assert (told.user_id, told.facts) == (people.users["ada"], {"reference": unprintable.reference})


def test_a_document_that_kills_its_worker_is_given_up(session, stage: Stage) -> None:
    stage.file()
    session.commit()
    document = document_of("filing_slip")
    document.attempts = printing.MOST_ATTEMPTS
    session.commit()
    print_document(document.id)
    session.refresh(document)
    assert (document.state, document.failure) == ("failed", "the worker ended while printing")


def test_an_administrator_has_it_tried_anew(unprintable: Document, people: People) -> None:
    for _ in range(printing.MOST_ATTEMPTS):
        with pytest.raises(JobFailed):
            print_document(unprintable.id)
    printing.print_again(actor=people.get("ada"), document=unprintable, now=clock.now())
    db.session.commit()
    db.session.refresh(unprintable)
    assert (unprintable.state, unprintable.attempts) == ("waiting", 0)


def test_the_sweep_asks_for_what_has_lost_its_job(session, stage: Stage, redis_url: str) -> None:
    with clock.set_to(clock.now() - timedelta(minutes=5)), transaction():
        stage.file()
    with Redis.from_url(redis_url) as connection:
        name = jobs.job_id(jobs.PRINT_DOCUMENT, document_of("filing_slip").id)
        connection.flushdb()
        print_waiting()
        first = Job.fetch(name, connection)
        print_waiting()
        assert jobs.queue(jobs.BACKLOG_QUEUE).get_job_ids() == [first.id]


def test_the_sweep_leaves_fresh_ones_to_their_own_job(session, stage: Stage, redis_url: str) -> None:
    now = clock.now()
    stage.file()
    session.commit()
    assert list(printing.waiting(now=now)) == []


def test_a_document_is_ordered_once(session, stage: Stage) -> None:
    visit = stage.sign(stage.arrive(stage.file()))
    documents.order_visit_slip(visit, clock.now())
    ordered = select(func.count()).select_from(Document).where(Document.kind == "visit_slip")
    assert session.scalar(ordered) == 1


def test_a_burst_of_filings_brings_the_worker_one_job_and_each_document_its_own(
    session, stage: Stage, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        for _ in range(3):
            with transaction():
                stage.file()
        wanted = jobs.queue(jobs.PERIODIC_QUEUE)
        assert [(found.func_name, found.args) for found in wanted.jobs] == [(jobs.HAND_OUT, ())]
        assert jobs.queue().count == 0
        hand_out()
        ordered = session.scalars(select(Document.id).order_by(Document.id)).all()
        assert [(found.func_name, found.args) for found in jobs.queue().jobs] == [
            (jobs.PRINT_DOCUMENT, (document_id,)) for document_id in ordered
        ], "numbers only, in the order of filing"
        wanted.empty()
        with transaction():
            stage.file()
        assert wanted.count == 1, "the next burst has its own"


def test_a_filing_rolled_back_is_not_handed_in(session, stage: Stage, redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        with pytest.raises(LookupError), transaction():
            stage.file()
            raise LookupError
        assert connection.keys() == []


def test_what_is_left_to_the_sweeps_asks_nothing_of_the_worker(session, stage: Stage, redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        with jobs.left_to_sweeps(), transaction():
            stage.sign(stage.arrive(stage.file()))
        assert connection.keys() == []


def test_the_sweep_makes_up_for_a_lost_handing_out(session, stage: Stage, redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        with transaction():
            stage.file()
        jobs.queue(jobs.PERIODIC_QUEUE).empty()
        print_waiting()
        assert jobs.queue().get_job_ids() == [jobs.job_id(jobs.PRINT_DOCUMENT, document_of("filing_slip").id)]
