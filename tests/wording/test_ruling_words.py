"""What a party reads of a ruling: its own outcome in every case, nothing of anybody else, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.attribution import Candidate, Case, attribute
from portal.rules.eliminations import rows_of
from portal.rules.standing import RegistrationFacts
from portal.wording import rulings
from portal.wording.cases import near_pieces
from portal.wording.marks import mark

Reading = Callable[[str], AbstractContextManager[None]]
EVENT = datetime(2026, 3, 28, 3, 0, tzinfo=UTC)
CLAUSES = ("RE-2.4", "RE-2.9", "RE-2.10", "RE-2.12", "RE-3.3", "RE-4.1", "RE-4.5", "RE-5.4", "RE-4.7")
DECIDING = ("RE-8.3", "RE-8.4", "RE-8.5", "RE-8.6", "RE-8.7", "RE-8.8", "RE-8.9")
#: A number or a plural would count the rivals; a source would name the company's record (RE-Q29).
TELLING = re.compile(r"\d|两家|多家|各家|来电|自然到访的|others|rivals|records")


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("clause", CLAUSES + DECIDING)
@pytest.mark.parametrize("wins", [True, False])
def test_a_party_reads_a_reason_that_counts_nobody(reading: Reading, locale: str, clause: str, wins: bool) -> None:
    with reading(locale):
        said = rulings.for_party(clause, wins=wins)
    assert said and not TELLING.search(said)
    assert ("贵司" in said) == (locale == "zh_Hans_CN")


def test_wrong_data_read_the_same_whoever_got_the_deal(reading: Reading) -> None:
    with reading("zh_Hans_CN"):
        assert "另一" not in rulings.for_party("RE-8.7", wins=False)


def facts(seq: int, hours: int) -> RegistrationFacts:
    filed = EVENT - timedelta(days=20) + timedelta(hours=hours)
    seen = filed + timedelta(hours=3)
    return RegistrationFacts(
        seq=seq,
        filed_at=filed,
        hold_ends_at=filed + timedelta(days=7),
        visited_at=seen,
        visited_seq=seq + 100,
        visit_ends_at=seen + timedelta(days=45),
    )


def case(*candidates: Candidate) -> Case:
    return Case(at=EVENT, seq=1000, tie_break=("front_desk", "recorded"), candidates=candidates)


FIRST = Candidate(distributor=1, registration=facts(1, 0), buyers=frozenset({0}))
SECOND = Candidate(distributor=2, registration=facts(2, 66), buyers=frozenset({0}))
WRONG = Candidate(distributor=3, registration=facts(3, -24), incorrect=True)
RELATIVE = Candidate(distributor=4, registration=facts(4, 5), relative_of=frozenset({0}))
COMPANY_WORDS = {
    (FIRST,): "只有甲成交时签单齐全、保护有效。",
    (FIRST, SECOND): "甲、乙资料正确，甲锁定在先。",
    (WRONG, SECOND): "甲资料与购房人不符。只有乙资料正确。",
    (WRONG, FIRST, SECOND): "甲资料与购房人不符。乙、丙资料正确，乙锁定在先。",
    (FIRST, RELATIVE): "直系亲属合并比较，甲锁定在先。",
    (): "没有任何登记，成交归公司。",
    (WRONG,): "甲资料与购房人不符。没有一份登记成立，成交归公司。",
}


@pytest.mark.parametrize(("candidates", "words"), COMPANY_WORDS.items(), ids=COMPANY_WORDS.values())
def test_the_company_reads_who_fell_out_and_why(
    reading: Reading, candidates: tuple[Candidate, ...], words: str
) -> None:
    ruled = attribute(case(*candidates))
    rows = rows_of(case(*candidates), ruled.verdicts)
    with reading("zh_Hans_CN"):
        assert rulings.for_company(rows, ruled.clause) == words


def test_rows_stand_in_order_of_lock_and_say_how_far_behind() -> None:
    ruled = attribute(case(SECOND, WRONG, FIRST))
    rows = rows_of(case(SECOND, WRONG, FIRST), ruled.verdicts)
    assert [row.candidate.distributor for row in rows] == [3, 1, 2]
    assert [row.behind for row in rows] == [None, None, timedelta(hours=66)]
    assert [row.wins for row in rows] == [False, True, False]


@pytest.mark.parametrize(
    ("filed", "bought", "masked", "pieces"),
    [
        ("16600003397", "16600003391", "166****3397", [("166****339", False), ("7", True)]),
        ("16610003391", "16600003391", "166****3391", [("166", False), ("1", True), ("***3391", False)]),
        ("1660000339", "16600003391", "1660****39", [("1660****39", True)]),
    ],
)
def test_only_the_character_that_differs_is_shown(
    filed: str, bought: str, masked: str, pieces: list[tuple[str, bool]]
) -> None:
    assert near_pieces(filed, bought, masked) == pieces


def test_marks_are_stems_letters_and_then_numbers() -> None:
    assert [mark(place, "zh_Hans_CN") for place in (0, 9, 10)] == ["甲", "癸", "11"]
    assert [mark(place, "en") for place in (0, 9, 10)] == ["A", "J", "11"]
