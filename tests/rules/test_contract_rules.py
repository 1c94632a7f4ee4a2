"""Contracts: the steps of their life, every other pair refused; terms by the calendar; the clause checklist (CH-5, DM-3)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import cn2an
import pytest

from portal.rules.contract_states import (
    CONTRACT_STATES,
    TEMPLATE_STATES,
    Term,
    check_step,
    check_template_step,
    standing,
)
from portal.rules.contract_templates import CHECKLIST, BodyBroken, check_body, fill, gaps, shipped
from portal.rules.contract_terms import bounds, first_and_last, last_day, reminder_due
from portal.rules.refusal import Refusal
from portal.wording.money import capitals

ZONE = ZoneInfo("Asia/Shanghai")
# Written down a second time, as the clauses have it.
ALLOWED = {
    "draft": {"review": "CH-5.4", "withdrawn": "CH-5.7"},
    "review": {"draft": "CH-5.4", "signing": "CH-5.4", "withdrawn": "CH-5.7"},
    "signing": {"signed": "CH-5.5", "withdrawn": "CH-5.7"},
    "signed": {},
    "withdrawn": {},
}
TEMPLATE_ALLOWED = {
    "draft": {"review": "CH-5.4"},
    "review": {"draft": "CH-5.4", "in_force": "CH-5.4"},
    "in_force": {"superseded": "CH-5.8"},
    "superseded": {},
}


@pytest.mark.parametrize(("before", "after"), list(product(CONTRACT_STATES, CONTRACT_STATES)))
def test_every_pair_of_states(before: str, after: str) -> None:
    if after in ALLOWED[before]:
        assert check_step(before, after) == ALLOWED[before][after]
        return
    with pytest.raises(Refusal, match="contract_step_not_possible"):
        check_step(before, after)


@pytest.mark.parametrize(("before", "after"), list(product(TEMPLATE_STATES, TEMPLATE_STATES)))
def test_every_pair_of_states_of_a_template(before: str, after: str) -> None:
    if after in TEMPLATE_ALLOWED[before]:
        assert check_template_step(before, after) == TEMPLATE_ALLOWED[before][after]
        return
    with pytest.raises(Refusal, match="template_step_not_possible"):
        check_template_step(before, after)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-03-02", 12, "2027-03-01"),
        ("2026-01-01", 12, "2026-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48 - 12, "2027-02-28"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2026-01-31", 6, "2026-07-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-29", 18, "2028-02-28"),
        ("2026-08-01", 6, "2027-01-31"),
        ("2026-12-31", 24, "2028-12-30"),
    ],
)
def test_the_last_day_of_a_term(first: str, months: int, last: str) -> None:
    assert last_day(date.fromisoformat(first), months) == date.fromisoformat(last)


def test_a_term_begins_and_ends_at_midnight_there() -> None:
    begins, ends = bounds(date(2026, 3, 2), date(2027, 3, 1), ZONE)
    assert (begins.isoformat(), ends.isoformat()) == ("2026-03-01T16:00:00+00:00", "2027-03-01T16:00:00+00:00")
    assert first_and_last(begins, ends, ZONE) == (date(2026, 3, 2), date(2027, 3, 1))


BEGINS, ENDS = bounds(date(2026, 3, 2), date(2027, 3, 1), ZONE)
SECOND = timedelta(seconds=1)
CUT = datetime(2026, 6, 1, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("term", "now", "code"),
    [
        (Term(BEGINS, ENDS), BEGINS - SECOND, "agreed"),
        (Term(BEGINS, ENDS), BEGINS, "in_force"),
        (Term(BEGINS, ENDS), ENDS - timedelta(days=60) - SECOND, "in_force"),
        (Term(BEGINS, ENDS), ENDS - timedelta(days=60), "ending"),
        (Term(BEGINS, ENDS), ENDS - SECOND, "ending"),
        (Term(BEGINS, ENDS), ENDS, "expired"),
        (Term(BEGINS, None), ENDS, "in_force"),
        (Term(BEGINS, ENDS, CUT, "RE-5.4"), CUT - SECOND, "ending"),
        (Term(BEGINS, ENDS, CUT, "RE-5.4"), CUT, "ended"),
        (Term(BEGINS, ENDS, CUT, "CH-5.8"), CUT, "amended"),
    ],
)
def test_how_a_contract_stands(term: Term, now: datetime, code: str) -> None:
    assert standing(term, now) == code


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=60, seconds=1), None),
        (timedelta(days=60), 60),
        (timedelta(days=30, seconds=1), 60),
        (timedelta(days=30), 30),
        (timedelta(days=7), 7),
        (SECOND, 7),
        (timedelta(0), None),
    ],
)
def test_which_reminder_is_due(left: timedelta, days: int | None) -> None:
    assert reminder_due(ENDS, ENDS - left) == days


def test_the_template_that_comes_along_is_complete() -> None:
    check_body(shipped())
    assert gaps(shipped()) == []


@pytest.mark.parametrize("item", [item.code for item in CHECKLIST])
def test_without_any_of_its_articles_the_checklist_says_so(item: str) -> None:
    body = deepcopy(shipped())
    for article in body["articles"]:
        article["covers"] = [code for code in article["covers"] if code != item]
    assert [gap.code for gap in gaps(body)] == [item]


@pytest.mark.parametrize(
    "field", ["damages", "refund_days", "first_offence_capitals", "target_deals", "exit_notice_days"]
)
def test_a_field_that_must_be_named(field: str) -> None:
    body = deepcopy(shipped())
    for article in body["articles"]:
        article["paragraphs"] = [line.replace(f"{{{field}}}", "…") for line in article["paragraphs"]]
    assert [gap.field for gap in gaps(body)] == [field]


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("{secret}", "template_field_unknown"),
        ("{damages.__class__}", "template_field_unknown"),
        ("{damages!r}", "template_braces"),
        ("{damages:>9}", "template_braces"),
        ("{damages", "template_braces"),
        ("字" * 3001, "template_shape"),
    ],
)
def test_what_no_template_may_hold(paragraph: str, reason: str) -> None:
    body = deepcopy(shipped())
    body["articles"][0]["paragraphs"].append(paragraph)
    with pytest.raises(BodyBroken) as broken:
        check_body(body)
    assert broken.value.reason == reason


def test_fields_are_words_and_compute_nothing() -> None:
    assert fill("付 {damages}（{damages_capitals}）", {"damages": "{x}", "damages_capitals": "伍"}) == "付 {x}（伍）"


@pytest.mark.parametrize(
    "amount", [1, 10, 105, 1010, 50_000, 100_000, 100_500, 1_000_001, 20_030_400, 10**8, 999_999_999]
)
def test_capital_figures_agree_with_the_library(amount: int) -> None:
    assert capitals(amount) == f"人民币{cn2an.an2cn(str(amount), 'rmb')}"
