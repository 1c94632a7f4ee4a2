"""Identity papers go with the person at their second, once; contracts are appraised by people, who are told (decision 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.addresses import hidden
from portal.models import (
    CareContact,
    Contract,
    Distributor,
    HistoryEntry,
    Notice,
    PartnerFile,
    PartnerPaper,
    StoredFile,
    db,
)
from portal.queries import applications, contracts
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send
from worker.jobs.exits import erase_expired, remind_of_appraisals

Browse = Callable[..., FlaskClient]
SECOND = timedelta(seconds=1)
CLOSED = datetime(2026, 4, 1, 2, tzinfo=UTC)
#: The midnights in Hangzhou that begin 1 April, three and ten years later.
OVER, APPRAISED = datetime(2029, 3, 31, 16, tzinfo=UTC), datetime(2036, 3, 31, 16, tzinfo=UTC)


@pytest.fixture
def closed(session: Any, people: People) -> Distributor:
    """甲渠道 is closed; its file holds a licence and the copy of an identity card."""
    distributor = people.distributor()
    distributor.status, distributor.status_since = "closed", CLOSED
    file = PartnerFile(distributor_id=distributor.id, legal_name="欧佳", created_at=CLOSED, changed_at=CLOSED)
    session.add(file)
    session.flush()
    for kind in ("licence", "legal_rep_id"):
        kept = StoredFile(
            sha256=kind, media_type="image/png", size=3, name=f"{kind}.png", content=b"png", stored_at=CLOSED
        )
        session.add(kept)
        session.flush()
        session.add(PartnerPaper(partner_file_id=file.id, kind=kind, file_id=kept.id, brought_at=CLOSED))
    session.commit()
    return distributor


def paper(kind: str) -> PartnerPaper:
    return db.session.scalars(select(PartnerPaper).where(PartnerPaper.kind == kind)).one()


def stored(kind: str) -> StoredFile:
    db.session.expire_all()
    return db.session.get_one(StoredFile, paper(kind).file_id)


def test_the_copy_of_the_card_goes_at_its_second_and_the_licence_stays(closed: Distributor, session: Any) -> None:
    with clock.set_to(OVER - SECOND):
        erase_expired()
    assert (stored("legal_rep_id").content, stored("legal_rep_id").erased_at) == (b"png", None)
    with clock.set_to(OVER):
        erase_expired()
        erase_expired()
    gone, licence = stored("legal_rep_id"), stored("licence")
    assert (gone.content, gone.name, gone.erased_at) == (b"", "已清除", OVER)
    assert (licence.content, licence.erased_at) == (b"png", None)
    assert applications.paper(paper("legal_rep_id").id) is None
    assert applications.paper(paper("licence").id) is not None
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "file.erased")).one()
    assert entry.facts == {"sha256": "legal_rep_id"}


def test_the_page_says_when_it_was_done_or_that_it_waits(closed: Distributor, browse: Browse) -> None:
    with clock.set_to(OVER + timedelta(days=9)):
        hua, page = browse("hua"), "/hq/retention"
        assert "期满，待清除" in assert_page(hua.get(page))
        erase_expired()
        shown = assert_page(hua.get(page))
        partner = assert_page(hua.get("/hq/distributors/D-0001"))
    assert "期满，待清除" not in shown and "已清除" in shown and "2029-04-10" in shown
    assert "账号、档案里的个人信息已经清除 2029-04-10" in partner and "合同与结算保存至 2036-03-31 23:59" in partner


def test_what_a_killed_run_left_is_erased_by_the_next(closed: Distributor, session: Any) -> None:
    """The file went in a run that had no papers to erase yet; the papers follow by themselves."""
    with clock.set_to(OVER):
        erase_expired()
    late = stored("legal_rep_id")
    late.content, late.erased_at = b"png", None
    session.commit()
    with clock.set_to(OVER + timedelta(days=1)):
        erase_expired()
    assert stored("legal_rep_id").erased_at == OVER + timedelta(days=1)


def test_a_partner_that_is_not_closed_keeps_everything(closed: Distributor, session: Any) -> None:
    closed.status = "exited"
    session.commit()
    with clock.set_to(APPRAISED):
        erase_expired()
    assert stored("legal_rep_id").content == b"png"


def test_contracts_are_not_erased_and_their_appraisal_is_told_once(
    closed: Distributor, session: Any, people: People
) -> None:
    told = select(Notice.user_id).where(Notice.kind == "retention.to_appraise")
    with clock.set_to(APPRAISED - SECOND):
        remind_of_appraisals()
    assert session.scalars(told).all() == []
    with clock.set_to(APPRAISED):
        erase_expired()
        remind_of_appraisals()
        remind_of_appraisals()
    with clock.set_to(APPRAISED + timedelta(days=400)):
        remind_of_appraisals()
    assert session.scalars(told).all() == [people.users["hua"]]
    assert [one.id for one in contracts.of_distributor(closed)] == [
        session.scalars(select(Contract.id).where(Contract.distributor_id == closed.id)).one()
    ]


@pytest.fixture
def talk(closed: Distributor, session: Any, people: People) -> CareContact:
    """Somebody of the partner was called while it was one."""
    made = CareContact(
        distributor_id=closed.id,
        kind="call",
        happened_at=CLOSED,
        with_whom="沈立",
        summary="谈了季度目标",
        recorded_at=CLOSED,
        recorded_by_id=people.users["hua"],
    )
    session.add(made)
    session.commit()
    return made


def test_whom_one_talked_with_goes_at_that_second_and_the_talk_stays(talk: CareContact, session: Any) -> None:
    for instant, whom in ((OVER - SECOND, "沈立"), (OVER, None), (OVER + SECOND, None)):
        with clock.set_to(instant):
            erase_expired()
        session.expire_all()
        assert (talk.with_whom, talk.summary, talk.kind) == (whom, "谈了季度目标", "call")
    erased = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "care.contact_erased")).one()
    assert (erased.subject_id, erased.happened_at) == (talk.id, OVER)


@pytest.mark.parametrize("change", [{"with_whom": "别人"}, {"summary": "没有谈"}, {"happened_at": OVER}], ids=str)
def test_nothing_else_of_a_talk_is_changed(talk: CareContact, session: Any, change: dict[str, Any]) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|append-only|not be changed"):
        session.execute(update(CareContact).values(change))


def test_an_erased_paper_is_not_offered_and_not_found(closed: Distributor, browse: Browse, app: Flask) -> None:
    with clock.set_to(OVER):
        erase_expired()
    hua, address = browse("hua"), f"/hq/papers/{hidden(paper('legal_rep_id').id)}"
    page = assert_page(hua.get("/hq/distributors/D-0001/file"))
    assert "清除。" in page and address not in page
    assert send(hua, address).status_code == 404
