"""A back-test: the same days under another policy, and nothing changed by asking (RE-2.2, 2.8, 8.1, 8.6)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import text

from portal import clock
from portal.models import Claim, DealEvent, db
from portal.rules.policies import Policy, preset, with_parameters
from portal.services import backtests, claims, deals
from portal.services.backtests import Report
from portal.services.customers import Customer
from portal.services.deals import NewEvent
from tests.fixtures import Stage
from tests.rules.moments import at

START, END = at("2026-03-01 00:00"), at("2026-05-01 00:00")
BUYER = {"name": "郑浩", "phone": "+8613800002008"}


@pytest.fixture
def past(session: Any, stage: Stage) -> dict[str, str]:
    """See ``what_happened``."""
    return what_happened(session, stage)


def what_happened(session: Any, stage: Stage) -> dict[str, str]:
    """Ana files first and brings the buyer on day five; Ben files an hour later and brings him the same day; he buys."""
    customer = Customer(**BUYER)
    with _at("2026-03-02 09:00"):
        first = stage.file("ana", customer)
    with _at("2026-03-02 10:00"):
        second = stage.file("ben", customer)
    with _at("2026-03-02 11:30"):
        stage.complete(stage.sign(stage.arrive(second)))
    with _at("2026-03-07 15:00"):
        stage.complete(stage.sign(stage.arrive(first)))
    with _at("2026-03-09 09:00"):
        late = stage.file("ana")
    with _at("2026-03-09 09:30"):
        stage.arrive(late)
    with _at("2026-03-20 10:00"):
        event = _deal(stage, customer)
    with _at("2026-03-22 10:00"):
        claim = claims.claim_deal(actor=stage.people.get("ben"), event=event, project=stage.people.project())
    named = {"first": first, "second": second, "late": late, "deal": event.deal, "claim": claim}
    references = {name: row.reference for name, row in named.items()}
    session.commit()
    return references


def _at(moment: str) -> Any:
    return clock.set_to(at(moment))


def _deal(stage: Stage, customer: Customer) -> DealEvent:
    given = NewEvent(kind="subscription", buyers=(customer,), unit="3-1702")
    return deals.open_deal(actor=stage.people.get("cai"), project=stage.people.project(), event=given)


def rehearse(stage: Stage, start: datetime = START, end: datetime = END, **changes: Any) -> Report:
    draft = with_parameters(preset("RE"), {name.replace("__", "."): value for name, value in changes.items()})
    return backtests.rehearse(stage.people.project(), Policy.from_document(draft), start, end)


def test_the_policy_that_ruled_changes_nothing(past: dict[str, str], stage: Stage) -> None:
    assert rehearse(stage) == Report(registrations=3, deals=1, claims=1)


def test_a_shorter_hold_lapses_and_the_next_lock_wins(past: dict[str, str], stage: Stage) -> None:
    report = rehearse(stage, hold__days=4)
    assert report.lapsed == [past["first"]]
    assert report.changed == [{"deal": past["deal"], "before": "甲渠道", "after": "乙渠道"}]


def test_a_hold_of_five_days_still_covers_the_fifth(past: dict[str, str], stage: Stage) -> None:
    assert rehearse(stage, hold__days=5).changed == []


def test_a_shorter_protection_leaves_the_deal_to_the_company(past: dict[str, str], stage: Stage) -> None:
    report = rehearse(stage, protection__days=10, extension__cap_days=20)
    assert report.changed == [{"deal": past["deal"], "before": "甲渠道", "after": None}]


def test_a_longer_lead_makes_filings_late_and_a_shorter_one_saves_them(past: dict[str, str], stage: Stage) -> None:
    assert rehearse(stage, lead_time__local__value=2).late == [past["second"]]
    saved = rehearse(stage, lead_time__local__value=0)
    assert (saved.revived, saved.no_longer_late) == ([past["late"]], [past["late"]])


@pytest.mark.parametrize(
    ("window", "refused", "flagged"),
    [({"days": 1, "strict_days": 1}, True, False), ({"days": 2, "strict_days": 1}, False, True), ({}, False, False)],
)
def test_another_claim_window(
    past: dict[str, str], stage: Stage, window: dict[str, int], refused: bool, flagged: bool
) -> None:
    report = rehearse(stage, **{f"claim_window__{name}": value for name, value in window.items()})
    mine = [past["claim"]]
    assert (report.claims_refused, report.claims_flagged) == (mine if refused else [], mine if flagged else [])


def test_only_what_lies_in_the_days_asked_for_is_counted(past: dict[str, str], stage: Stage) -> None:
    assert rehearse(stage, start=at("2026-03-02 09:00:01"), end=at("2026-03-09 09:00")) == Report(registrations=1)


def test_nothing_is_changed(past: dict[str, str], stage: Stage, session: Any) -> None:
    before = _everything(session)
    rehearse(stage, hold__days=1)
    session.commit()
    assert _everything(session) == before


def _everything(session: Any) -> list[Any]:
    session.expire_all()
    rows = session.execute(
        text("SELECT xmin::text, id FROM registrations UNION ALL SELECT xmin::text, id FROM deals ORDER BY 2")
    )
    return [*rows, session.query(Claim).count(), session.execute(text("SELECT count(*) FROM history")).scalar()]


def test_the_command_says_it_in_words_and_in_json(
    past: dict[str, str], stage: Stage, app: Flask, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(yaml.safe_dump(with_parameters(preset("RE"), {"hold.days": 4}), allow_unicode=True), "utf-8")
    code = stage.people.project().code
    db.session.remove()
    run: Callable[..., Any] = app.test_cli_runner().invoke
    options = [
        "policy",
        "backtest",
        "--policy",
        str(draft),
        "--project",
        code,
        "--from",
        "2026-03-01",
        "--to",
        "2026-04-30",
    ]
    words = run(args=options)
    assert words.exit_code == 0, words.output
    assert "成交归属会改变：1 件。" in words.output
    assert json.loads(run(args=[*options, "--json"]).output)["changed"][0]["after"] == "乙渠道"


@pytest.mark.parametrize("broken", ["nothing: here", "[1, 2", "code: RE"])
def test_a_draft_that_is_no_policy_is_refused(
    past: dict[str, str], stage: Stage, app: Flask, tmp_path: Path, broken: str
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(broken, "utf-8")
    code = stage.people.project().code
    db.session.remove()
    result = app.test_cli_runner().invoke(
        args=[
            "policy",
            "backtest",
            "--policy",
            str(draft),
            "--project",
            code,
            "--from",
            "2026-03-01",
            "--to",
            "2026-04-30",
        ]
    )
    assert result.exit_code == 1
    assert "Traceback" not in result.output
