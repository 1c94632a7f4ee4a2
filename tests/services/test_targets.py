"""Targets of contracts on the database: what was reached in which period, who is told of what was missed (DM-10.3, CH-14.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import Contract, Notice, db
from portal.queries import targets
from portal.rules.contract_terms import bounds
from portal.services import target_notices
from portal.wording.times import PORTAL_ZONE
from tests.contracting import draft, drafted, signed
from tests.fixtures import People, Stage

DAY = timedelta(days=1)


@pytest.fixture
def contract(session: Any, people: People) -> Contract:
    """Of Ana's company, for all projects, thirty visits and four deals a quarter; it has run for a year."""
    made = signed(people, drafted(people, wanted=draft()))
    made.starts_at, made.ends_at = bounds(date(2025, 4, 1), date(2026, 12, 31), PORTAL_ZONE)
    made.signed_at = made.starts_at
    db.session.flush()
    return made


def at(day: date) -> datetime:
    return bounds(day, day, PORTAL_ZONE)[0]


def progress(people: People, day: date) -> list[targets.Progress]:
    return targets.progress_of(people.distributor(), at(day))


def test_visits_count_in_the_quarter_in_which_they_were_made(stage: Stage, people: People, contract: Contract) -> None:
    for filed, came in ((date(2026, 3, 30), date(2026, 3, 31)), (date(2026, 3, 31), date(2026, 4, 1))):
        with clock.set_to(at(filed)):
            registration = stage.file()
        with clock.set_to(at(came) + DAY / 2):
            stage.sign(stage.arrive(registration))
    [found] = progress(people, date(2026, 4, 2))
    assert found.before is not None and (found.before.visits, found.now.visits) == (1, 1)
    assert (found.now.target_visits, found.now.target_deals, found.now.deals) == (30, 4, 0)


def test_a_contract_that_began_in_the_middle_is_not_measured_by_the_whole(people: People, contract: Contract) -> None:
    contract.starts_at = at(date(2026, 1, 2))
    db.session.flush()
    assert progress(people, date(2026, 4, 2))[0].before is None
    assert target_notices.remind(at(date(2026, 4, 2))) == 0


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2027, 1, 1)])
def test_outside_its_term_a_contract_has_no_targets(people: People, contract: Contract, day: date) -> None:
    assert progress(people, day) == []


def test_a_missed_quarter_is_told_once(people: People, contract: Contract) -> None:
    with clock.set_to(at(date(2026, 4, 1))):
        assert target_notices.remind(clock.now()) == 1
        assert target_notices.remind(clock.now() + DAY) == 0
    told = db.session.scalars(db.select(Notice).where(Notice.kind == "care.targets_missed")).one()
    assert (told.user_id, told.clause) == (people.get("hua").id, "CH-14.4")


def test_after_a_month_nobody_is_told_any_more(people: People, contract: Contract) -> None:
    assert target_notices.remind(at(date(2026, 5, 2))) == 0


def test_both_sides_read_the_same_figures(app: Flask, people: People, contract: Contract, browse: Any) -> None:
    db.session.commit()
    reference = people.distributor().reference
    for who, page in (("hua", f"/hq/distributors/{reference}"), ("olga", "/distributor/company")):
        text = browse(who).get(page).text
        assert "目标与完成" in text and "/ 30" in text
