"""Whose deal it is: the decision order of RE-8 as a table of cases, and what must hold for every case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.attribution import OWNER, Attribution, Candidate, Case, attribute, decide_anew
from portal.rules.case_records import case_of, outcome_of, record_of, replay
from portal.rules.ranking import lock_order
from portal.rules.standing import RegistrationFacts
from tests.rules.moments import at

EVENT = at("2026-03-28 11:00")
ANA, BEN, CAO, DAI = 1, 2, 3, 4
TIES = ("front_desk", "recorded")


def filed(when: str = "2026-03-05 09:00", *, seq: int = 1, visit: str | None = "2026-03-06 14:00") -> RegistrationFacts:
    """A registration whose hold ends on day 7 and whose 45 days run from the visit."""
    filed_at = at(when)
    facts = RegistrationFacts(seq=seq, filed_at=filed_at, hold_ends_at=_midnight(filed_at, 8))
    if visit is None:
        return facts
    return replace(facts, visited_at=at(visit), visit_ends_at=_midnight(at(visit), 46), visited_seq=seq + 100)


def _midnight(instant: datetime, days: int) -> datetime:
    local = instant + timedelta(hours=8)
    return local.replace(hour=0, minute=0, second=0) - timedelta(hours=8) + timedelta(days=days)


def by(distributor: int, facts: RegistrationFacts, *buyers: int, **more: object) -> Candidate:
    """A candidate that registers these buyers, the first one when none is named."""
    given = frozenset(buyers) if buyers or more else frozenset({0})
    return Candidate(distributor=distributor, registration=facts, buyers=given, **more)  # type: ignore[arg-type]


def ruled(*candidates: Candidate, claimants: tuple[int, ...] = (), at: datetime = EVENT) -> Attribution:
    return attribute(Case(at=at, seq=1000, tie_break=TIES, candidates=candidates, claimants=frozenset(claimants)))


FIRST, SECOND = filed(seq=1), filed("2026-03-05 10:00", seq=2)
LATE = replace(filed(seq=3, visit=None), outcome="late", outcome_at=at("2026-03-05 09:30"), outcome_clause="RE-2.4")
FAILED_AFTER = replace(
    FIRST, outcome="audit_failed", outcome_at=EVENT + timedelta(days=1), outcome_clause="RE-3.3", outcome_seq=1001
)
VOID_AFTER = replace(
    FIRST, outcome="void", outcome_at=EVENT + timedelta(days=1), outcome_clause="RE-5.4", outcome_seq=1001
)
RELATIVE = {"relative_of": frozenset({0})}
WRONG = {"incorrect": True}

CASES = {
    "one registration left": ((by(ANA, FIRST),), ANA, "RE-8.4", {}),
    "both correct, the earlier lock": ((by(ANA, FIRST), by(BEN, SECOND)), ANA, "RE-8.6", {BEN: "RE-8.6"}),
    "correct beats incorrect": ((by(ANA, FIRST, **WRONG), by(BEN, SECOND)), BEN, "RE-8.7", {ANA: "RE-8.7"}),
    "correct beats incorrect, then the earlier lock": (
        (by(ANA, FIRST, **WRONG), by(BEN, SECOND), by(CAO, filed("2026-03-05 11:00", seq=3))),
        BEN,
        "RE-8.7",
        {ANA: "RE-8.7", CAO: "RE-8.6"},
    ),
    "only incorrect ones are nobody's": ((by(ANA, FIRST, **WRONG),), None, "RE-4.1", {ANA: "RE-8.7"}),
    "a near match that a person accepted": ((by(ANA, FIRST, incorrect=True, accepted=True),), ANA, "RE-8.4", {}),
    "an accepted near match is ranked by its lock": (
        (by(ANA, FIRST, incorrect=True, accepted=True), by(BEN, SECOND)),
        ANA,
        "RE-8.6",
        {BEN: "RE-8.6"},
    ),
    "different co-buyers": ((by(ANA, SECOND, 1), by(BEN, FIRST, 0)), BEN, "RE-8.9", {ANA: "RE-8.9"}),
    "one of the two registers both co-buyers": (
        (by(ANA, SECOND, 0, 1), by(BEN, FIRST, 0)),
        BEN,
        "RE-8.6",
        {ANA: "RE-8.6"},
    ),
    "a relative's earlier lock": ((by(ANA, FIRST, **RELATIVE), by(BEN, SECOND)), ANA, "RE-8.8", {BEN: "RE-8.8"}),
    "the buyer's own earlier lock beside a relative's": (
        (by(ANA, SECOND, **RELATIVE), by(BEN, FIRST)),
        BEN,
        "RE-8.8",
        {ANA: "RE-8.8"},
    ),
    "co-buyers and a relative": (
        (by(ANA, FIRST, **RELATIVE), by(BEN, SECOND, 0), by(CAO, filed("2026-03-05 11:00", seq=3), 1)),
        ANA,
        "RE-8.9",
        {BEN: "RE-8.9", CAO: "RE-8.9"},
    ),
    "a relative alone does not count": ((by(ANA, FIRST, **RELATIVE),), None, "RE-4.1", {ANA: "RE-8.8"}),
    "a relative of a buyer whose own registration fell": (
        (by(ANA, FIRST, **RELATIVE), by(BEN, filed(seq=2, visit=None))),
        None,
        "RE-4.1",
        {ANA: "RE-8.8", BEN: "RE-2.9"},
    ),
    "nobody has visited, the hold runs": (
        (by(ANA, filed("2026-03-27 09:00", visit=None)),),
        None,
        "RE-4.1",
        {ANA: "RE-8.3"},
    ),
    "the hold lapsed without a visit": ((by(ANA, filed(visit=None)),), None, "RE-4.1", {ANA: "RE-2.9"}),
    "a late filing names the company's clause": (
        (by(ANA, LATE), by(BEN, filed(seq=4, visit=None))),
        None,
        "RE-2.4",
        {ANA: "RE-2.4", BEN: "RE-2.9"},
    ),
    "late only after the event is not late for it": (
        (
            by(
                ANA,
                replace(
                    LATE,
                    filed_at=at("2026-03-27 09:00"),
                    hold_ends_at=at("2026-04-04 00:00"),
                    outcome_at=EVENT + timedelta(1),
                ),
            ),
        ),
        None,
        "RE-4.1",
        {ANA: "RE-8.3"},
    ),
    "an audit that failed afterwards takes it away": (
        (by(ANA, FAILED_AFTER), by(BEN, SECOND)),
        BEN,
        "RE-8.4",
        {ANA: "RE-3.3"},
    ),
    "a blacklisting afterwards does not": ((by(ANA, VOID_AFTER), by(BEN, SECOND)), ANA, "RE-8.6", {BEN: "RE-8.6"}),
    "a breach before the event does": (
        (by(ANA, replace(VOID_AFTER, outcome_at=EVENT - timedelta(1), outcome_clause="RE-4.5", outcome_seq=9)),),
        None,
        "RE-4.1",
        {ANA: "RE-4.5"},
    ),
    "a claim that rests on nothing": ((by(ANA, FIRST),), ANA, "RE-8.4", {DAI: "RE-8.4"}),
    "an owner's own claim": ((by(DAI, FIRST),), DAI, "RE-8.4", {}),
    "all that is left is one distributor's": (
        (by(ANA, FIRST), by(ANA, SECOND, 1), by(BEN, filed(seq=3, visit=None))),
        ANA,
        "RE-8.4",
        {BEN: "RE-2.9"},
    ),
    "one's own second registration never decides the clause": (
        (by(ANA, FIRST, 0), by(ANA, filed("2026-03-05 09:30", seq=3), 1), by(BEN, SECOND, 0)),
        ANA,
        "RE-8.6",
        {BEN: "RE-8.6"},
    ),
}


@pytest.mark.parametrize(("candidates", "owner", "clause", "passed_over"), CASES.values(), ids=CASES.keys())
def test_the_decision_order(
    candidates: tuple[Candidate, ...], owner: int | None, clause: str, passed_over: dict[int, str]
) -> None:
    ruling = ruled(*candidates, claimants=(DAI,) if DAI in passed_over or owner == DAI else ())
    assert (ruling.owner, ruling.clause, ruling.passed_over) == (owner, clause, passed_over)


@pytest.mark.parametrize(
    ("event", "owner", "clause"),
    [
        ("2026-03-06 13:59:59", None, "RE-8.3"),
        ("2026-03-06 14:00:00", ANA, "RE-8.4"),
        ("2026-04-20 23:59:59", ANA, "RE-8.4"),
        ("2026-04-21 00:00:00", None, "RE-2.10"),
    ],
)
def test_the_event_lies_in_the_protection_to_the_second(event: str, owner: int | None, clause: str) -> None:
    ruling = ruled(by(ANA, FIRST), at=at(event))
    assert ruling.owner == owner
    assert clause in {ruling.clause, *ruling.passed_over.values()}


def test_within_one_second_the_order_of_recording_decides_whether_the_visit_came_first() -> None:
    signed_after = replace(
        FIRST, visited_at=EVENT - timedelta(minutes=5), visited_seq=1001, hold_ends_at=EVENT + timedelta(1)
    )
    assert ruled(by(ANA, signed_after)).passed_over == {ANA: "RE-8.3"}
    assert ruled(by(ANA, replace(signed_after, visited_seq=999))).owner == ANA


def test_a_filing_recorded_after_the_event_is_not_considered() -> None:
    assert ruled(by(ANA, replace(FIRST, seq=1001))).verdicts == ()


def test_locks_of_one_second_go_by_the_front_desk() -> None:
    twin = replace(filed(seq=2, visit="2026-03-06 13:00"))
    assert (ruled(by(ANA, FIRST), by(BEN, twin)).owner, ruled(by(ANA, twin), by(BEN, FIRST)).owner) == (BEN, ANA)


@pytest.mark.parametrize(
    ("ended", "clause"),
    [
        ({"extension_ends_at": EVENT}, "RE-2.12"),
        ({"visit_ends_at": EVENT}, "RE-2.10"),
        ({"visit_ends_at": EVENT - timedelta(1), "pending_until": EVENT}, "RE-2.10"),
    ],
)
def test_an_ended_protection_names_how_it_ended(ended: dict[str, datetime], clause: str) -> None:
    assert ruled(by(ANA, replace(FIRST, **ended))).passed_over == {ANA: clause}


def test_an_extension_asked_in_time_holds_while_it_is_undecided() -> None:
    waiting = replace(FIRST, visit_ends_at=EVENT - timedelta(1), pending_until=EVENT + timedelta(30))
    assert ruled(by(ANA, waiting)).owner == ANA


def test_headquarters_decides_anew_among_those_considered_only() -> None:
    case = Case(at=EVENT, seq=1000, tie_break=TIES, candidates=(by(ANA, FIRST), by(BEN, SECOND)))
    anew = decide_anew(case, 2)
    assert (anew.owner, anew.clause, anew.passed_over) == (BEN, "RE-8.5", {ANA: "RE-8.5"})
    assert decide_anew(case, None).passed_over == {ANA: "RE-8.5", BEN: "RE-8.5"}
    with pytest.raises(KeyError):
        decide_anew(case, 77)


# What must hold whatever the facts are.

_moments = st.integers(0, 80).map(lambda days: EVENT - timedelta(days=days, seconds=days * 37 % 86_400))


@st.composite
def registrations(draw: st.DrawFn, seq: int) -> RegistrationFacts:
    filed_at = draw(_moments)
    facts = RegistrationFacts(seq=seq, filed_at=filed_at, hold_ends_at=_midnight(filed_at, 8))
    if draw(st.booleans()):
        visited_at = filed_at + timedelta(hours=draw(st.integers(1, 100)))
        facts = replace(
            facts,
            visited_at=visited_at,
            visit_ends_at=_midnight(visited_at, 46),
            visited_seq=draw(st.integers(100, 1200)),
            extension_ends_at=draw(st.sampled_from([None, _midnight(visited_at, 91)])),
        )
    outcome = draw(st.sampled_from([None] * 6 + ["late", "audit_failed", "company_record", "void"]))
    if outcome is None:
        return facts
    clause = {"late": "RE-2.4", "audit_failed": "RE-3.3", "company_record": "RE-4.1", "void": "RE-5.4"}[outcome]
    ended_at = filed_at + timedelta(hours=draw(st.integers(2, 2000)))
    return replace(facts, outcome=outcome, outcome_at=ended_at, outcome_clause=clause)


@st.composite
def cases(draw: st.DrawFn, *, relatives: bool = True) -> Case:
    found = []
    for seq in range(1, draw(st.integers(0, 6)) + 1):
        buyers = draw(st.frozensets(st.integers(0, 2), min_size=0 if relatives else 1, max_size=2))
        kin = draw(st.frozensets(st.integers(0, 2), max_size=1)) if relatives else frozenset[int]()
        incorrect = not buyers and not kin
        distributor = draw(st.integers(1, 4))
        facts = draw(registrations(seq))
        found.append(
            Candidate(distributor=distributor, registration=facts, buyers=buyers, relative_of=kin, incorrect=incorrect)
        )
    claimants = draw(st.frozensets(st.integers(1, 5), max_size=2))
    return Case(at=EVENT, seq=1000, tie_break=TIES, candidates=tuple(found), claimants=claimants)


@given(cases(), st.randoms())
def test_the_order_of_the_facts_does_not_matter(case: Case, chance: object) -> None:
    shuffled = list(case.candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert attribute(replace(case, candidates=tuple(shuffled))) == attribute(case)


@settings(max_examples=300)
@given(cases(relatives=False), registrations(900))
def test_a_later_lock_never_changes_the_winner(case: Case, later: RegistrationFacts) -> None:
    before = attribute(case)
    if before.owner is None:
        return
    winner = next(one for one in case.candidates if one.registration.seq == before.registration)
    added = replace(later, filed_at=max(later.filed_at, winner.registration.filed_at))
    if lock_order(added, TIES) < lock_order(winner.registration, TIES):
        added = replace(added, filed_at=added.filed_at + timedelta(seconds=1))
    candidate = Candidate(distributor=9, registration=added, buyers=frozenset({0}))
    assert attribute(replace(case, candidates=(*case.candidates, candidate))).registration == before.registration


@settings(max_examples=300)
@given(cases(relatives=False))
def test_removing_a_loser_changes_nothing(case: Case) -> None:
    before = attribute(case)
    for loser in case.candidates:
        if loser.registration.seq != before.registration:
            rest = tuple(one for one in case.candidates if one is not loser)
            assert attribute(replace(case, candidates=rest)).registration == before.registration


@settings(max_examples=300)
@given(cases())
def test_with_relatives_only_a_buyers_last_registration_can_matter_to_others(case: Case) -> None:
    """RE-F13: a relative counts through the buyer's own side; whoever is not that side can be taken away."""
    before = attribute(case)
    steps = {verdict.registration: verdict.step for verdict in before.verdicts}
    for loser in case.candidates:
        lost_first = steps.get(loser.registration.seq, 0) <= 2 or not loser.buyers
        if loser.registration.seq != before.registration and lost_first:
            rest = tuple(one for one in case.candidates if one is not loser)
            assert attribute(replace(case, candidates=rest)).registration == before.registration


@settings(max_examples=300)
@given(cases())
def test_nobody_wins_without_a_signed_slip_and_a_protection_alive_at_the_event(case: Case) -> None:
    ruling = attribute(case)
    if ruling.owner is None:
        return
    winner = next(one for one in case.candidates if one.registration.seq == ruling.registration).registration
    assert winner.visited_at is not None and winner.visited_at <= EVENT
    assert winner.visited_seq is not None and winner.visited_seq < case.seq
    assert winner.filed_at <= EVENT < winner.ends_at
    assert winner.outcome not in {"audit_failed", "company_record"}
    assert winner.outcome_at is None or winner.outcome_at > EVENT


@given(cases())
def test_everybody_considered_has_one_verdict_and_every_loser_a_clause(case: Case) -> None:
    ruling = attribute(case)
    seqs = [verdict.registration for verdict in ruling.verdicts]
    assert len(seqs) == len(set(seqs))
    assert [verdict.registration for verdict in ruling.verdicts if verdict.step == OWNER] == (
        [] if ruling.registration is None else [ruling.registration]
    )
    lost = {verdict.distributor for verdict in ruling.verdicts} | case.claimants
    assert ruling.passed_over.keys() == lost - {ruling.owner}
    assert all(clause.startswith("RE-") for clause in ruling.passed_over.values())


@given(cases())
def test_a_kept_case_is_ruled_the_same_when_replayed(case: Case) -> None:
    kept = json.loads(json.dumps(record_of(case)))
    assert case_of(kept) == replace(
        case, candidates=tuple(sorted(case.candidates, key=lambda one: one.registration.seq))
    )
    assert replay(kept) == json.loads(json.dumps(outcome_of(attribute(case))))
