"""While a complex complaint is worked on its complainant hears how far it is (DS-4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Complaint, Notice, db
from portal.rules import complaints as rules
from portal.rules.refusal import Refusal
from portal.services import complaint_cases, complaint_notices, complaints
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import People
from tests.services.test_complaints import MOVES, sent

#: Thursday 5 March 2026, noon at the group.
THURSDAY = datetime(2026, 3, 5, 4, tzinfo=UTC)
#: The midnight after the fifth working day: Thursday 12 March is over.
DUE = datetime(2026, 3, 12, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with clock.set_to(THURSDAY):
        yield


def accepted(people: People, gravity: str = "complex", who: str | None = None) -> Complaint:
    complaint = sent(people, who).complaint
    complaints.accept(actor=people.get("kit"), complaint=complaint, gravity=gravity)
    return complaint


def say(people: People, complaint: Complaint, words: str = "已调取监控，等前台说明") -> None:
    complaint_cases.report_progress(actor=people.get("kit"), complaint=complaint, words=words, by="page")


def reminded(people: People) -> int:
    complaint_notices.remind(clock.now())
    return db.session.query(Notice).filter_by(kind="complaint.progress_due", user_id=people.users["kit"]).count()


def test_a_complex_complaint_is_spoken_of_every_five_working_days(session: Any, people: People) -> None:
    complaint = accepted(people)
    due = rules.progress_due(complaint.state, complaint.gravity, complaint.heard_at, PORTAL_ZONE)
    assert due == DUE
    with clock.set_to(DUE - timedelta(days=1, seconds=1)):
        assert reminded(people) == 0
    with clock.set_to(DUE - timedelta(days=1)):
        assert reminded(people) == reminded(people) == 1
        say(people, complaint)
    with clock.set_to(DUE):
        assert reminded(people) == 1
    with clock.set_to(DUE + timedelta(days=6, seconds=-1)):
        assert reminded(people) == 1
    with clock.set_to(DUE + timedelta(days=6)):
        assert reminded(people) == 2


def test_the_complainant_reads_it_and_it_is_sealed(session: Any, people: People) -> None:
    complaint = accepted(people, who="olga")
    say(people, complaint)
    say(people, complaint)
    assert [one.words for one in complaint.progress] == ["已调取监控，等前台说明"]
    raw = session.execute(db.text("SELECT words FROM complaint_progress")).scalar_one()
    assert "监控".encode() not in bytes(raw)
    told = session.query(Notice).filter_by(kind="complaint.progress", user_id=people.users["olga"])
    assert told.count() == 1


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("gravity", rules.GRAVITIES)
def test_nothing_is_told_of_what_nobody_works_on(state: str, gravity: str) -> None:
    wanted = gravity == "complex" and state in ("accepted", "investigating", "reopened")
    assert (rules.progress_due(state, gravity, THURSDAY, PORTAL_ZONE) is not None) == wanted
    if not wanted:
        with pytest.raises(Refusal, match="complaint_without_progress"):
            rules.check_progress(state, gravity)


def test_after_the_answer_the_time_begins_anew_only_when_it_is_reopened(session: Any, people: People) -> None:
    complaint = accepted(people)
    for to in ("investigating", "resolved", "fed_back"):
        MOVES[complaint.state, to](people, complaint)
    with pytest.raises(Refusal, match="complaint_without_progress"):
        say(people, complaint)
    with clock.set_to(THURSDAY + timedelta(days=1)):
        MOVES["fed_back", "reopened"](people, complaint)
        say(people, complaint)
        assert complaint.heard_at == THURSDAY + timedelta(days=1)
