"""Class, half-year sheets and the company's page in a browser, at three sizes and in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from portal.models import db
from portal.queries.assessments import of_distributor
from portal.services import care
from tests.browser.conftest import EACH_LANGUAGE, sound_everywhere
from tests.caring import published_sheet, second_of_the_department
from tests.fixtures import People


@pytest.fixture
def cared(app: Flask, people: People) -> dict[str, str]:
    """甲渠道 with a class, two people, a contact and a published sheet; 乙渠道 with a class and its sheet open."""
    with app.app_context():
        hua, hal = people.get("hua"), second_of_the_department(people)
        ours, theirs = people.distributor(), people.distributor("乙渠道")
        care.appoint(actor=hua, distributor=ours, owner_id=hua.id, deputy_id=hal.id)
        care.give_class(actor=hua, distributor=ours, letter="A", reason="上年成交额第一，带客真实")
        care.give_class(actor=hua, distributor=theirs, letter="C", reason="刚开始合作")
        facts = {"happened_at": None, "with_whom": "唐敏", "summary": "谈下季度目标和新项目的带客安排"}
        care.note_contact(actor=hua, distributor=ours, kind="visit", **facts)
        published = published_sheet(people).reference
        opened = of_distributor(theirs.id)[0].reference
        db.session.commit()
    return {"published": published, "opened": opened}


@EACH_LANGUAGE
def test_headquarters_pages_fit(signed_in: Callable[..., Page], cared: dict[str, str], size: str, locale: str) -> None:
    page = signed_in("hua", "/hq/care", size, locale)
    places = (
        "/hq/care",
        "/hq/care?show=contacts",
        "/hq/distributors/D-0001/care",
        f"/hq/assessments/{cared['opened']}",
        f"/hq/assessments/{cared['published']}",
    )
    look(page, places, f"care-{size}-{locale}")


@EACH_LANGUAGE
def test_the_company_reads_its_own_page(
    signed_in: Callable[..., Page], cared: dict[str, str], size: str, locale: str
) -> None:
    page = signed_in("olga", "/distributor/company", size, locale)
    places = ("/distributor/company", f"/distributor/company/assessments/{cared['published']}")
    look(page, places, f"company-{size}-{locale}")


def look(page: Page, places: tuple[str, ...], name: str) -> None:
    """Open each place; it fits, axe finds nothing; a picture of it where SHOTS says so."""
    for number, place in enumerate(places):
        page.goto(place)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{number}.png", full_page=True)
        sound_everywhere(page)
