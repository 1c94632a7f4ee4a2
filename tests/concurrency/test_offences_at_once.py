"""Two findings against one distributor confirmed at the same moment by two processes are its first and its second (RE-Q19)."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from flask import Flask

from portal.models import Finding, db
from portal.services import breaches
from portal.services.breaches import Report
from tests.fixtures import People
from tests.servers import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]

DECIDER = textwrap.dedent(
    """
    import gc, sys

    gc.disable()  # as long as it lives, looking for garbage would only delay it

    from portal import create_app
    from portal.models import Finding, Project, User, db
    from portal.services import breaches
    from portal.transaction import transaction

    app = create_app()
    with app.app_context():
        hua = db.session.scalar(db.select(User).where(User.login == "hua"))
        finding = db.session.get_one(Finding, int(sys.argv[1]))
        project = db.session.get_one(Project, finding.project_id)
        print("ready", flush=True)
        sys.stdin.readline()
        with transaction():
            breaches.decide_breach(actor=hua, finding=finding, project=project, confirmed=True, reason="查实")
    """
)


def decide(finding_id: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DECIDER, str(finding_id)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_they_are_the_first_and_the_second(app: Flask, people: People) -> None:
    with app.app_context():
        ids = []
        for kind in ("interception", "poaching"):
            report = Report(kind=kind, summary="在路口拦下客户", distributor=people.distributor())
            found = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
            ids.append(found.id)
        db.session.commit()
    deciders = [decide(one) for one in ids]
    for decider in deciders:
        assert decider.stdout is not None and decider.stdout.readline() == "ready\n"
    for decider in deciders:
        assert decider.stdin is not None
        decider.stdin.write("go\n")
        decider.stdin.flush()
    told = [decider.communicate(timeout=PATIENCE_SECONDS) for decider in deciders]
    assert [errors for _, errors in told] == ["", ""]
    with app.app_context():
        found = db.session.scalars(db.select(Finding).order_by(Finding.offence)).all()
        assert [one.offence for one in found] == [1, 2]
        kinds = [[sanction.kind for sanction in one.sanctions] for one in found]
        assert kinds == [["fine"], ["stop", "blacklist"]]
