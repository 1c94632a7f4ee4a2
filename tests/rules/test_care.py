"""Class and care: the sheet, the class it leads to, when somebody is to be spoken to (CM-3, CM-6.2, DM-11.3)."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from portal.rules import care
from portal.rules.refusal import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCORES = {code: Decimal(80) for code in ("sales", "influence", "feedback", "service", "compliance")}


def at(text: str) -> datetime:
    """A time on the group's wall clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def test_the_total_is_the_weighted_sum() -> None:
    scores = SCORES | {"sales": Decimal("91.5"), "compliance": Decimal(0)}
    assert care.total(care.sheet(), scores) == Decimal("68.03")
    assert care.total(care.sheet(), dict.fromkeys(SCORES, Decimal(100))) == 100


@pytest.mark.parametrize("wrong", [{"sales": Decimal(101)}, {"sales": Decimal("-0.1")}, {"sales": None}])
def test_every_score_is_there_and_within_its_bounds(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(Refusal, match="assessment_score_missing"):
        care.total(care.sheet(), SCORES | wrong)


def test_weights_that_do_not_add_up_are_no_sheet() -> None:
    document = deepcopy(care.sheet_document())
    document["indicators"][0]["weight"] += 1
    with pytest.raises(ValueError, match="100"):
        care.Sheet.from_document(document)


@pytest.mark.parametrize(
    ("points", "letter"),
    [("100", "A"), ("80", "A"), ("79.99", "B"), ("60", "B"), ("59.99", "C"), ("0", "C")],
)
def test_the_class_by_the_total(points: str, letter: str) -> None:
    assert care.class_of(care.sheet(), Decimal(points)) == letter


@pytest.mark.parametrize(
    ("points", "failed_before", "result"),
    [("60", 3, "passed"), ("59.99", 0, "warned"), ("59.99", 1, "downgraded"), ("0", 2, "downgraded")],
)
def test_one_failure_warns_two_in_a_row_downgrade(points: str, failed_before: int, result: str) -> None:
    assert care.result_of(care.sheet(), Decimal(points), failed_before) == result


ALLOWED = {
    ("scheduled", "scored"),
    ("scored", "scored"),
    ("scored", "confirmed"),
    ("confirmed", "published"),
    ("published", "measures"),
}


@pytest.mark.parametrize(("state", "to"), list(product(care.STATES, care.STATES)))
def test_a_sheet_goes_its_way_and_no_other(state: str, to: str) -> None:
    if (state, to) in ALLOWED:
        assert care.check_step(state, to)
    else:
        with pytest.raises(Refusal, match="assessment_step"):
            care.check_step(state, to)


def test_whoever_scored_does_not_confirm() -> None:
    care.check_confirmation(1, 2)
    with pytest.raises(Refusal, match="assessment_by_its_scorer"):
        care.check_confirmation(1, 1)


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-06-30T23:59:59", date(2025, 7, 1), date(2025, 12, 31)),
        ("2026-07-01T00:00:00", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-12-31T23:59:59", date(2026, 1, 1), date(2026, 6, 30)),
        ("2027-01-01T00:00:00", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_half_years_end_at_the_groups_midnight(now: str, first: date, last: date) -> None:
    assert care.half_before(at(now), SHANGHAI) == care.Half(first, last)


def test_a_review_is_due_with_the_month_after_its_half_year() -> None:
    half = care.Half(date(2026, 1, 1), date(2026, 6, 30))
    assert care.review_due(half, care.sheet(), SHANGHAI) == at("2026-08-01T00:00:00")


@pytest.mark.parametrize(
    ("letter", "since", "due"),
    [
        ("A", "2026-03-01T00:00:00", "2026-05-01T00:00:00"),
        ("A", "2026-03-31T23:59:59", "2026-05-01T00:00:00"),
        ("B", "2026-12-15T10:00:00", "2027-02-01T00:00:00"),
        ("C", "2026-03-31T10:00:00", "2026-07-01T00:00:00"),
        ("C", "2026-11-02T10:00:00", "2027-04-01T00:00:00"),
    ],
)
def test_every_period_has_its_contact(letter: str, since: str, due: str) -> None:
    assert care.contact_due(care.sheet().contacts[letter], at(since), SHANGHAI) == at(due)


@pytest.mark.parametrize(
    ("given", "spoken", "due"),
    [
        # The first class ever: a whole period more.
        ((("B", "2027-01-05T10:00:00"),), {}, "2027-03-01T00:00:00"),
        # Overdue stays overdue, what is due this month stays due this month.
        (
            (("A", "2026-08-01T10:00:00"), ("B", "2027-01-05T10:00:00")),
            {"call": "2026-11-16T10:00:00"},
            "2027-01-01T00:00:00",
        ),
        (
            (("A", "2026-08-01T10:00:00"), ("B", "2027-01-05T10:00:00")),
            {"call": "2026-12-16T10:00:00"},
            "2027-02-01T00:00:00",
        ),
        (
            (("A", "2026-08-01T10:00:00"), ("B", "2027-01-05T10:00:00")),
            {"call": "2027-01-06T10:00:00"},
            "2027-03-01T00:00:00",
        ),
        # Better than before: nothing is overdue at once.
        (
            (("C", "2026-08-01T10:00:00"), ("A", "2026-11-20T10:00:00")),
            {"call": "2026-09-01T10:00:00"},
            "2027-01-01T00:00:00",
        ),
        # What was sent to a C counts for C alone.
        (
            (("C", "2026-08-01T10:00:00"), ("A", "2026-11-20T10:00:00")),
            {"market": "2026-12-01T10:00:00"},
            "2027-01-01T00:00:00",
        ),
    ],
)
def test_a_new_class_puts_no_contact_off(given: tuple[tuple[str, str], ...], spoken: dict[str, str], due: str) -> None:
    classes = [(letter, at(since)) for letter, since in given]
    assert care.contact_due_of(classes, {kind: at(day) for kind, day in spoken.items()}, SHANGHAI) == at(due)


@pytest.mark.parametrize(
    ("letter", "owner", "deputy", "reason"),
    [
        ("A", 1, 2, None),
        ("A", 1, None, "class_a_needs_two"),
        ("A", None, None, "class_a_needs_two"),
        ("B", None, None, None),
        (None, 1, None, None),
        ("B", 1, 1, "deputy_is_the_owner"),
    ],
)
def test_class_a_has_two_people(letter: str | None, owner: int | None, deputy: int | None, reason: str | None) -> None:
    if reason is None:
        care.check_people(letter, owner, deputy)
    else:
        with pytest.raises(Refusal, match=reason):
            care.check_people(letter, owner, deputy)
