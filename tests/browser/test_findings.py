"""Cases of breach in a browser: list, report, the map and the sanctions, at three sizes and in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Finding, db
from portal.services import breaches, sanctions
from portal.services.breaches import Report
from tests.browser.conftest import EACH_LANGUAGE, sound_everywhere
from tests.fixtures import People
from tests.services.test_breaches import INSIDE, OUTSIDE


@pytest.fixture
def cases(app: Flask, people: People) -> list[str]:
    """One reported inside the circle, one found outside of it."""
    with app.app_context():
        made = [_reported(people, place) for place in (INSIDE, OUTSIDE)]
        hua, project = people.get("hua"), people.project()
        breaches.decide_breach(actor=hua, finding=made[1], project=project, confirmed=True, reason="照片与笔录一致")
        db.session.commit()
        return [one.reference for one in made]


def _reported(people: People, place: tuple[object, object]) -> Finding:
    report = Report(
        kind="interception",
        summary="在公交站口拦下客户，劝其改由他人带看",
        distributor=people.distributor(),
        place=place,
        happened_at=clock.now(),
    )
    return breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)


@EACH_LANGUAGE
def test_the_map_and_the_sanctions_fit(
    signed_in: Callable[..., Page], cases: list[str], size: str, locale: str
) -> None:
    page = signed_in("hua", "/hq/findings", size, locale)
    for number, path in enumerate(("", "/new", f"/{cases[0]}", f"/{cases[1]}")):
        page.goto(f"/hq/findings{path}")
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{size}-{locale}-{number}.png", full_page=True)
        sound_everywhere(page)
    expect(page.locator("svg.map circle.zone")).to_have_count(1)


@EACH_LANGUAGE
def test_the_distributor_reads_and_explains(
    app: Flask, people: People, signed_in: Callable[..., Page], cases: list[str], size: str, locale: str
) -> None:
    with app.app_context():
        hua, project = people.get("hua"), people.project()
        asked, found = (db.session.scalars(db.select(Finding).filter_by(reference=one)).one() for one in cases)
        breaches.ask_explanation(actor=hua, finding=asked, project=project, question="请说明当天的经过，附上通话记录")
        sanctions.decide_sanction(actor=hua, sanction=found.sanctions[0], confirmed=True, reason="第一次认定")
        db.session.commit()
    page = signed_in("olga", "/distributor/findings", size, locale)
    for number, path in enumerate(("", f"/{cases[0]}", f"/{cases[1]}")):
        page.goto(f"/distributor/findings{path}")
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/own-{size}-{locale}-{number}.png", full_page=True)
        sound_everywhere(page)
    page.click("form[action$='/receipt'] button")
    page.click("details summary.fold")
    page.fill("[name=statement]", "当天我司没有人在场")
    page.click("form[action$='/appeal'] button")
    page.wait_for_selector("text=当天我司没有人在场")
