"""A signed contract waits for its time stamp as long as it takes, and has no file before (CH-5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, doctor
from portal.models import Contract, Document, Notice, db
from portal.queries.documents import content_of, of_subject
from portal.services import contract_papers, printing
from tests import authority, contracting
from tests.authority import Authority, open_for_business
from tests.fixtures import People
from worker.jobs.documents import print_document


@pytest.fixture
def tsa(app: Flask, tmp_path: Path) -> Iterator[Authority]:
    """An authority that is set and does not answer; the settings are put back afterwards."""
    settings = app.extensions["settings"]
    with open_for_business(authority.breaks) as one:
        named = {"signing_tsa_url": one.url, "signing_tsa_roots": str(one.roots(tmp_path))}
        app.extensions["settings"] = settings.model_copy(update=named)
        yield one
    app.extensions["settings"] = settings


@pytest.fixture
def signed(session, people: People) -> Contract:
    contract = contracting.signed(people)
    session.commit()
    return contract


def paper(contract: Contract) -> Document:
    document = of_subject("contract_signed", contract.id)
    assert document is not None
    db.session.refresh(document)
    return document


def test_it_waits_and_is_tried_again_until_it_has_its_stamp(tsa: Authority, signed: Contract, people: People) -> None:
    for _ in range(printing.MOST_ATTEMPTS + 2):
        print_document(paper(signed).id)
    waiting = paper(signed)
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    assert (waiting.failure or "").startswith("NoTimeStamp")
    assert content_of(waiting) is None
    told = db.session.scalars(select(Notice.user_id).where(Notice.kind == "document.delayed")).all()
    assert told == [people.users["ada"]]
    assert waiting.id in printing.waiting(now=clock.now() + timedelta(minutes=1))
    tsa.answer = authority.stamps
    print_document(waiting.id)
    printed = paper(signed)
    assert (printed.state, printed.failure) == ("ready", None)
    found = contract_papers.examine_paper(content_of(printed) or b"")
    assert (found.unaltered, found.ours, found.stamped_by) == (True, True, authority.NAME)


def test_the_paper_names_the_authority_and_without_one_says_that_there_is_none(
    tsa: Authority, signed: Contract
) -> None:
    values = contract_papers.signed_paper_of(paper(signed), "http://localhost")
    assert values.stamped_by == "127.0.0.1"


def test_the_doctor_asks_the_authority(tsa: Authority, session) -> None:
    check = dict(doctor.CHECKS)["time stamps"]
    assert not doctor.make("time stamps", check).is_well
    tsa.answer = authority.stamps
    assert "127.0.0.1" in doctor.make("time stamps", check).said
