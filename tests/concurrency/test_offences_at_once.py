"""Two findings against one distributor confirmed at the same moment by two processes are its first and its second (RE-Q19)."""

from __future__ import annotations

from flask import Flask

from portal import create_app
from portal.models import Finding, Project, User, db
from portal.services import breaches
from portal.services.breaches import Report
from portal.transaction import transaction
from tests import racing
from tests.fixtures import People


def decide(finding_id: int) -> None:
    """A process of its own: Hua confirms the finding."""
    app = create_app()
    with app.app_context():
        hua = db.session.scalars(db.select(User).where(User.login == "hua")).one()
        finding = db.session.get_one(Finding, finding_id)
        project = db.session.get_one(Project, finding.project_id)
        racing.ready()
        with transaction():
            breaches.decide_breach(actor=hua, finding=finding, project=project, confirmed=True, reason="查实")


def test_they_are_the_first_and_the_second(app: Flask, people: People) -> None:
    with app.app_context():
        ids = []
        for kind in ("interception", "poaching"):
            report = Report(kind=kind, summary="在路口拦下客户", distributor=people.distributor())
            found = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
            ids.append(found.id)
        db.session.commit()
    racing.race(decide, *((one,) for one in ids))
    with app.app_context():
        found = db.session.scalars(db.select(Finding).order_by(Finding.offence)).all()
        assert [one.offence for one in found] == [1, 2]
        kinds = [[sanction.kind for sanction in one.sanctions] for one in found]
        assert kinds == [["fine"], ["stop", "blacklist"]]
