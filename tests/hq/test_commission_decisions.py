"""Finance reads what was decided about commissions: held back, not paid or to be returned, and by when; nobody acts here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import CommissionHold, Deal, Finding, Sanction, db
from portal.queries import commission_decisions as found
from portal.services import commission_holds, partnership
from tests.fixtures import People, Stage
from tests.pages import assert_page, text_of
from tests.services.test_enforcements import sold
from worker.jobs.enforcements import carry_out

Browse = Callable[..., FlaskClient]
AT = "/hq/commission-decisions"


def decided(people: People, kind: str, state: str = "confirmed", **facts: object) -> Sanction:
    """A sanction of this kind against Ana's company, decided by Hua an hour ago."""
    finding = Finding(
        reference=f"YQ-F2604-{kind[:6].upper().replace('_', '0')}",
        kind="false_filing",
        state="confirmed",
        project_id=people.project().id,
        distributor_id=people.distributor().id,
        reported_by_id=people.get("kit").id,
        reported_at=clock.now() - timedelta(hours=2),
        decided_by_id=people.get("hua").id,
        decided_at=clock.now() - timedelta(hours=1),
        clause="RE-4.8",
        summary="看房前一天才报备",
    )
    sanction = Sanction(finding=finding, kind=kind, clause="RE-4.8", state=state, decided_by_id=people.get("hua").id)
    sanction.decided_at = clock.now() - timedelta(hours=1)
    for name, value in facts.items():
        setattr(sanction, name, value)
    db.session.add_all([finding, sanction])
    db.session.commit()
    return sanction


def test_what_is_not_paid_or_owed_stands_with_its_amount_and_date(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        now = clock.now()
        decided(people, "damages", amount=100_000)
        decided(people, "return_commission", received_at=now - timedelta(days=20), due_at=now - timedelta(days=1))
        decided(people, "refuse_commission", settled_at=now, settled_by_id=people.get("hua").id)
        decided(people, "fine", "proposed", decided_by_id=None, decided_at=None, amount=50_000)
    fin = browse("fin")
    owed = text_of(assert_page(fin.get(AT)))
    for words in ("赔偿损失", "¥100,000.00", "等送达", "退还佣金", "已超期", "甲渠道"):
        assert words in owed, words
    assert "不付佣金" not in owed and "¥50,000.00" not in owed
    done = text_of(assert_page(fin.get(f"{AT}?show=closed")))
    assert "不付佣金" in done and "已办结" in done and "赔偿损失" not in done


def test_a_held_commission_stands_until_it_is_released(
    app: Flask, people: People, stage: Stage, browse: Browse
) -> None:
    with app.app_context():
        sold(stage)
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定")
        db.session.commit()
        carry_out(1)
        hold = db.session.scalars(db.select(CommissionHold).options(db.joinedload(CommissionHold.deal))).one()
        reference = hold.deal.reference
    fin = browse("fin")
    assert reference in text_of(assert_page(fin.get(f"{AT}?show=held")))
    assert reference not in text_of(fin.get(f"{AT}?show=released"))
    with app.app_context():
        hold = db.session.scalars(db.select(CommissionHold).options(db.joinedload(CommissionHold.deal))).one()
        commission_holds.release(actor=people.get("hua"), hold=hold, reason="与案件无关")
        db.session.commit()
    assert reference not in text_of(fin.get(f"{AT}?show=held"))
    released = text_of(assert_page(fin.get(f"{AT}?show=released")))
    assert reference in released and "华敏 已放行" in released and "与案件无关" in released


def test_a_deal_that_came_after_the_blacklisting_is_held_too(
    app: Flask, people: People, stage: Stage, browse: Browse
) -> None:
    with app.app_context():
        sold(stage)
        deal = db.session.scalars(db.select(Deal)).one()
        people.distributor().status = "blacklisted"
        db.session.commit()
        assert commission_holds.is_held(deal)
        reference = deal.reference
    held = text_of(assert_page(browse("fin").get(f"{AT}?show=held")))
    assert reference in held and "成交时已列入黑名单" in held


def test_older_ones_are_a_page_further(
    app: Flask, people: People, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "PAGE", 1)
    with app.app_context():
        decided(people, "damages", amount=Decimal(100_000))
        decided(people, "refuse_commission")
    fin = browse("fin")
    first = assert_page(fin.get(AT))
    assert "不付佣金" in first and "赔偿损失" not in first
    further = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "赔偿损失" in assert_page(fin.get(further))


@pytest.mark.parametrize(("who", "sees"), [("fin", 200), ("hua", 200), ("aud", 200), ("bo", 403), ("ana", 403)])
def test_who_reads_it(people: People, browse: Browse, who: str, sees: int) -> None:
    assert browse(who).get(AT).status_code == sees


def test_an_unknown_list_is_a_404(people: People, browse: Browse) -> None:
    assert browse("fin").get(f"{AT}?show=nothing").status_code == 404


def test_the_auditor_reads_partners_and_endings_and_changes_none(people: People, browse: Browse) -> None:
    aud = browse("aud")
    page = assert_page(aud.get("/hq/distributors/D-0001"))
    assert "由渠道部决定" in page and "<form" not in page.split("<main")[1].split("</main>")[0]
    for address in ("/hq/distributors", "/hq/exits", "/hq/retention"):
        assert_page(aud.get(address))
    assert aud.get("/hq/distributors/D-0001/suspend").status_code == 403
    assert aud.get("/hq/distributors/D-0001/change").status_code == 403
