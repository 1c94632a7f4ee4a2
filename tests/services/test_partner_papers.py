"""Papers of a partner's file: reminders once a stage, renewed by the owner, checked by headquarters (CM-2.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.models import Notice, PartnerFile, PartnerPaper, db
from portal.services import paper_reminders, partner_papers
from portal.services.claim_sending import Brought
from tests.applying import picture
from tests.fixtures import People

#: The last day of the licence; the day begins at 16:00 UTC of the day before.
LAST = date(2026, 6, 30)


def brought(people: People, valid_until: date | None = LAST, shade: int = 1) -> PartnerPaper:
    """Olga's licence."""
    paper = partner_papers.renew_paper(
        actor=people.get("olga"),
        kind="licence",
        brought=Brought(picture(shade), "licence.png"),
        valid_until=valid_until,
    )
    db.session.commit()
    return paper


def told(kind: str) -> set[int]:
    return {notice.user_id for notice in db.session.query(Notice).filter_by(kind=kind)}


@pytest.mark.parametrize(
    ("days", "kind"), [(31, None), (30, "paper.ending"), (8, "paper.ending"), (0, "paper.ending"), (-1, "paper.ended")]
)
def test_when_it_is_told(session: Any, people: People, days: int, kind: str | None) -> None:
    brought(people)
    noon = datetime(2026, 6, 30, 4, tzinfo=UTC) - timedelta(days=days)
    assert paper_reminders.remind(noon) == (2 if kind else 0)
    assert not kind or told(kind) == {people.users["olga"], people.users["hua"]}


def test_both_sides_hear_of_a_paper_that_ends_once_a_stage(session: Any, people: People) -> None:
    brought(people)
    noon = datetime(2026, 6, 30, 4, tzinfo=UTC)
    numbers = [paper_reminders.remind(noon - timedelta(days=days)) for days in (30, 29, 8, 7, 6, 0, -1, -2)]
    assert numbers == [2, 0, 0, 2, 0, 0, 2, 0]


def test_a_renewed_paper_is_reminded_of_no_more(session: Any, people: People) -> None:
    brought(people)
    brought(people, date(2029, 6, 30), shade=2)
    assert paper_reminders.remind(datetime(2026, 6, 30, 4, tzinfo=UTC)) == 0


def test_a_paper_brought_twice_is_one(session: Any, people: People) -> None:
    first, again, longer = brought(people), brought(people), brought(people, date(2029, 6, 30))
    assert first.id == again.id != longer.id
    assert session.query(Notice).filter_by(kind="paper.brought", user_id=people.users["hua"]).count() == 2


def test_a_partner_that_has_left_needs_no_new_paper(session: Any, people: People) -> None:
    brought(people)
    people.distributor().status = "terminated"
    db.session.commit()
    assert paper_reminders.remind(datetime(2026, 6, 30, 4, tzinfo=UTC)) == 0


def test_the_first_paper_begins_the_file_and_headquarters_hears_of_it(session: Any, people: People) -> None:
    paper = brought(people)
    file = db.session.query(PartnerFile).one()
    assert (file.distributor_id, file.name) == (people.distributors["甲渠道"], "甲渠道")
    assert (paper.state, paper.file.distributor_id) == ("waiting", file.distributor_id)
    assert told("paper.brought") == {people.users["hua"]}
