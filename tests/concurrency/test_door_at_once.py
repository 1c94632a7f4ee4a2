"""A filing that is sent while the cooperation is being ended waits for it, and then reads the new status (RE-5.4, RE-Q34)."""

from __future__ import annotations

import threading

from flask import Flask
from sqlalchemy import create_engine, func, select, text

from portal.models import Registration, db
from portal.rules.refusal import Refusal
from portal.services import partnership
from tests.fixtures import Stage
from tests.servers import PATIENCE_SECONDS
from tests.worker.processes import wait_until

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE datname = current_database() AND NOT granted"
)


def test_a_filing_under_way_is_refused_once_the_blacklisting_is_safe(
    app: Flask, stage: Stage, database_owner_url: str
) -> None:
    refused: list[str] = []

    def file() -> None:
        with app.app_context():
            try:
                stage.file()
                db.session.commit()
            except Refusal as refusal:
                refused.append(refusal.clause or "")
                db.session.rollback()

    # Within one transaction the activity would stay as it was first seen.
    address = database_owner_url.replace("postgresql://", "postgresql+psycopg://")
    looking = create_engine(address, isolation_level="AUTOCOMMIT")
    filing = threading.Thread(target=file)
    with app.app_context(), looking.connect() as look:
        people = stage.people
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定")
        filing.start()
        wait_until("the filing waits", lambda: look.execute(_WAITING).scalar_one() > 0)
        db.session.commit()
        filing.join(PATIENCE_SECONDS)
        assert refused == ["RE-5.4"]
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 0
    looking.dispose()
