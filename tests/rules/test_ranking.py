"""RE-8.6, RE-Q12, RE-Q30, RE-F1: the earlier lock leads, events of one second in the order of recording."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.rules.ranking import leader, moves_up, rank_of
from portal.rules.standing import RegistrationFacts
from tests.rules.moments import at

NOW = at("2026-03-07 12:00")
FIRST = RegistrationFacts(seq=5, filed_at=at("2026-03-05 09:00"), hold_ends_at=at("2026-03-13 00:00"))
TIES = ("recorded",)


def test_the_earlier_filing_leads() -> None:
    second = replace(FIRST, seq=4, filed_at=at("2026-03-05 09:00:01"))
    assert (rank_of(FIRST, [second], NOW, TIES), rank_of(second, [FIRST], NOW, TIES)) == (1, 2)


def test_filings_of_one_second_rank_as_they_were_recorded() -> None:
    second = replace(FIRST, seq=6, visited_at=at("2026-03-06 10:00"), visit_ends_at=at("2026-04-21 00:00"))
    assert rank_of(second, [FIRST], NOW, TIES) == 2


def test_a_policy_may_let_the_front_desk_decide_a_tie() -> None:
    visited = replace(FIRST, seq=6, visited_at=at("2026-03-06 10:00"), visit_ends_at=at("2026-04-21 00:00"))
    assert rank_of(visited, [FIRST], NOW, ("front_desk", "recorded")) == 1


def test_what_no_longer_runs_ranks_before_nobody() -> None:
    lapsed = replace(FIRST, hold_ends_at=NOW)
    void = replace(FIRST, seq=2, outcome="void", outcome_at=NOW, outcome_clause="RE-5.4")
    mine = replace(FIRST, seq=9, filed_at=at("2026-03-06 09:00"))
    assert rank_of(mine, [lapsed, void], NOW, TIES) == 1


def test_only_who_stood_ahead_and_fell_away_lets_others_move_up() -> None:
    mine = replace(FIRST, seq=9, filed_at=at("2026-03-05 12:00"))
    ahead, also_ahead = FIRST, replace(FIRST, seq=6)
    behind = replace(FIRST, seq=10, filed_at=at("2026-03-05 15:00"))
    assert moves_up(mine, [ahead, behind], [also_ahead], NOW, TIES) == (3, 2)
    assert moves_up(mine, [ahead, also_ahead], [behind], NOW, TIES) == (3, 1)
    assert moves_up(mine, [behind], [ahead], NOW, TIES) is None


def test_nobody_leads_when_nobody_runs() -> None:
    assert leader([replace(FIRST, hold_ends_at=NOW)], NOW, TIES) is None


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.randoms())
def test_ranks_are_one_to_n_whatever_the_order_of_reading(seconds: list[int], random) -> None:
    rows = [
        replace(FIRST, seq=number, filed_at=at(f"2026-03-05 09:00:{second:02}"))
        for number, second in enumerate(seconds, start=1)
    ]
    shuffled = random.sample(rows, len(rows))
    ranks = {row.seq: rank_of(row, shuffled, NOW, TIES) for row in rows}
    assert sorted(ranks.values()) == list(range(1, len(rows) + 1))
    assert leader(shuffled, NOW, TIES) == min(rows, key=lambda row: (row.filed_at, row.seq))
