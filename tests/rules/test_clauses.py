"""The book of clauses is whole and short enough to be read in a tip."""

from __future__ import annotations

import re

import pytest

from portal.rules import clauses

CHAPTERS = {1: 4, 2: 12, 3: 7, 4: 8, 5: 4, 6: 6, 7: 6, 8: 9}
WANTED = [
    *(f"RE-{chapter}.{number}" for chapter, last in CHAPTERS.items() for number in range(1, last + 1)),
    *(f"RE-Q{number}" for number in range(1, 53)),
    *(f"RE-F{number}" for number in range(1, 21)),
    *(f"GD-{number}" for number in range(1, 14)),
    *(f"DM-12.{number}" for number in range(1, 9)),
]
ALL = sorted({*WANTED, *clauses.book()})


@pytest.mark.parametrize("clause_id", ALL)
def test_a_clause_says_one_sentence_in_both_languages(clause_id: str) -> None:
    clause = clauses.clause(clause_id)
    assert clause.zh.endswith("。") and re.search("[\u4e00-\u9fff]", clause.zh)
    assert not re.search("[\u4e00-\u9fff]", clause.en) and clause.en.endswith(".")
    assert 2 <= len(clause.title_zh) <= 14 and 3 <= len(clause.title_en) <= 40
    assert len(clause.zh) <= 90 and len(clause.en) <= 180


def test_the_meaning_follows_the_readers_language() -> None:
    assert clauses.meaning("RE-2.8", "zh_Hans_CN") == "自报备次日起保护 7 天，报备当日同样受保护。"
    assert clauses.meaning("RE-2.8", "en").startswith("The hold runs 7 days")


def test_a_clause_that_is_in_no_book_cannot_be_cited() -> None:
    with pytest.raises(KeyError):
        clauses.meaning("RE-9.1", "en")
