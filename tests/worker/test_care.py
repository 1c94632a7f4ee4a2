"""The worker begins reviews and reminds; run twice it does nothing more (CM-3, CX-5.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask import Flask

from portal import clock
from portal.models import Assessment, Complaint, Notice, db
from portal.services import care, complaints
from portal.services.complaints import Statement
from tests.fixtures import People
from worker.jobs import care as jobs
from worker.jobs import complaints as complaint_jobs

MARCH = datetime(2026, 3, 2, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def test_reviews_begin_in_the_first_hours_of_july_once_however_often_it_runs(app: Flask, people: People) -> None:
    with app.app_context():
        for distributor in (people.distributor(), people.distributor("乙渠道")):
            distributor.created_at = MARCH
        db.session.commit()
    for now in (JULY, JULY, JULY + DAY):
        with clock.set_to(now), app.app_context():
            jobs.open_reviews()
    with app.app_context():
        assert db.session.query(Assessment).count() == 2
        assert db.session.query(Notice).filter_by(kind="care.review_opened").count() == 2


def test_contacts_and_complaints_are_reminded_of_once(app: Flask, people: People) -> None:
    with clock.set_to(MARCH), app.app_context():
        care.give_class(actor=people.get("hua"), distributor=people.distributor(), letter="B", reason="达标")
        said = Statement(about="staff", facts="等了一个小时")
        complaints.receive(actor=None, channel="online", statement=said, submission_key=str(uuid4()))
        db.session.commit()
    with app.app_context():
        complaint_due = db.session.query(Complaint).one().due_at
    for now in (complaint_due - DAY, complaint_due, complaint_due + DAY):
        with clock.set_to(now), app.app_context():
            complaint_jobs.remind()
            complaint_jobs.remind()
    contact_due = datetime(2026, 4, 30, 16, tzinfo=UTC)
    for now in (contact_due - DAY, contact_due):
        with clock.set_to(now), app.app_context():
            jobs.remind()
            jobs.remind()
    with app.app_context():
        kinds = [row.kind for row in db.session.query(Notice).order_by(Notice.id)]
    assert kinds == [
        "complaint.received",
        "complaint.ending",
        "complaint.late",
        "care.contact_ending",
        "care.contact_missed",
    ]
