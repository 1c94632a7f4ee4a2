"""Customers whose distributors ask for more time, as headquarters finds them in its inbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import joinedload

from portal import clock
from portal.models import Extension, Registration, Visit, db
from portal.queries import registrations
from portal.queries.registrations import WITH_PARTIES
from portal.services import classification, extensions
from tests.fixtures import People, Stage

REASON = "拟购 6 套作员工宿舍，月底开会决定。"


@pytest.fixture
def asked(app: Flask, people: People, stage: Stage) -> Callable[..., str]:
    """``asked(days=44)`` is the number of an application for a bulk customer first seen so many days ago."""

    def ask(*, days: int = 40, who: str = "ana", **customer: Any) -> str:
        with app.app_context():
            registration = visited(stage, days=days, who=who, **customer)
            with clock.set_to(min(clock.now(), registration.visit_ends_at) - timedelta(hours=1)):
                extension = extensions.ask_extension(actor=people.get(who), registration=registration, reason=REASON)
                db.session.commit()
                return extension.reference

    return ask


def visited(stage: Stage, *, days: int, who: str = "ana", bulk: bool = True, **customer: Any) -> Registration:
    """A registration through the whole flow of its first visit, ``days`` ago; classified."""
    first = noon(clock.now() - timedelta(days=days))
    with clock.set_to(first):
        registration = registrations.load(stage.file(who, stage.customer(**customer)).id)
    with clock.set_to(first + timedelta(hours=2)):
        visit = stage.sign(stage.arrive(registration))
        stage.complete(_loaded(visit.id))
        registration = registrations.load(registration.id)
        classification.classify(actor=stage.people.get("bo"), registration=registration, bulk=bulk, reason="整层购买")
        db.session.commit()
    return registrations.load(registration.id)


def noon(instant: datetime) -> datetime:
    """04:00 UTC of the day, noon at the site."""
    return instant.replace(hour=4, minute=0, second=0, microsecond=0)


def extension_called(reference: str) -> Extension:
    """The application, read afresh."""
    db.session.rollback()
    return db.session.query(Extension).filter_by(reference=reference).one()


def _loaded(visit_id: int) -> Visit:
    registration = joinedload(Visit.registration).options(*WITH_PARTIES)
    options = [joinedload(Visit.project), joinedload(Visit.distributor), registration]
    return db.session.get_one(Visit, visit_id, options=options, populate_existing=True)
