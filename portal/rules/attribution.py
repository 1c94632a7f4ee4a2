"""Whose deal it is (RE-8): facts in, ruling out. The steps are asked in the decision order of RE-8; each one cites its clause.

A registration takes part when it shares a strong key with a buyer, a co-buyer or a proven relative (RE-Q49, RE-F4). One
with wrong data enters only through its distributor's claim (RE-8.7); a claim that rests on none is passed over (RE-F15).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.rules.ranking import LockOrder, lock_order
from portal.rules.standing import RegistrationFacts, expiry_clause

UNRELATED, UNVISITED, RUNNING, CORRECT, EARLIEST, OWNER = range(6)
#: What an audit found after the deal event still takes the attribution away (RE-F14); lateness and breach do not (RE-Q45).
_FALLS_AFTERWARDS = frozenset({"audit_failed", "company_record"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A registration as it bears on one deal event.

    ``buyers``: the buyers it shares a strong key with, by position. ``relative_of``: the buyers whose proven relative it
    registers. ``incorrect``: it names a buyer without a right key and was brought in by a claim. ``accepted``: a named person
    took its near match for right (RE-Q25).
    """

    distributor: int
    registration: RegistrationFacts
    buyers: frozenset[int] = frozenset()
    relative_of: frozenset[int] = frozenset()
    incorrect: bool = False
    accepted: bool = False

    @property
    def is_related(self) -> bool:
        """Whether it has anything to do with the buyers of the event."""
        return bool(self.buyers or self.relative_of or self.incorrect)

    @property
    def is_correct(self) -> bool:
        """One verified strong key of the very person registered, or a near match that a named person accepted (RE-8.7)."""
        return bool(self.buyers or self.relative_of) or self.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A deal event and everything that is considered for it. ``claimants``: distributors that claimed this event."""

    at: datetime
    seq: int
    tie_break: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    claimants: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far one registration got: the step it fell at and the clause; the owner's is OWNER with the deciding clause."""

    registration: int
    distributor: int
    step: int
    clause: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """The ruling: ``owner`` None is the company. ``passed_over`` names every other distributor with its clause (RE-Q35)."""

    owner: int | None
    registration: int | None
    clause: str
    verdicts: tuple[Verdict, ...]
    passed_over: Mapping[int, str]


def attribute(case: Case) -> Attribution:
    """Rule the case. The order of the candidates plays no part."""
    candidates = sorted((one for one in case.candidates if _is_before(one, case)), key=lambda one: one.registration.seq)
    fallen = _fallen_before_the_decision(candidates, case)
    standing = _best_of_each([one for one in candidates if one.registration.seq not in fallen], case)
    correct = [one for one in standing if one.is_correct]
    first = min(correct, key=lambda one: _lock(one, case), default=None)
    fallen |= _fallen_in_the_decision(candidates, fallen, correct, first)
    if first is None:
        return _of_the_company(case, candidates, fallen)
    clause = _deciding_clause(standing, correct)
    return _of(first, clause, case, candidates, fallen)


def decide_anew(case: Case, registration: int | None) -> Attribution:
    """The company's own decision after a confirmed finding: a registration of the case, or nobody's (RE-8.5).

    Raises KeyError for a registration that the case does not know.
    """
    ruled = attribute(case)
    owners = {one.registration: one.distributor for one in ruled.verdicts}
    owner = None if registration is None else owners[registration]
    others = {ruled.owner, *ruled.passed_over} - {None, owner}
    passed_over = {other: "RE-8.5" for other in others if other is not None}
    return Attribution(owner, registration, "RE-8.5", ruled.verdicts, passed_over)


def _is_before(candidate: Candidate, case: Case) -> bool:
    facts = candidate.registration
    return candidate.is_related and facts.filed_at <= case.at and facts.seq < case.seq


def _fallen_before_the_decision(candidates: Sequence[Candidate], case: Case) -> dict[int, tuple[int, str]]:
    """Step 2, then the relatives whose buyer has no registration left of its own (RE-F13)."""
    fallen = {
        one.registration.seq: verdict
        for one in candidates
        if (verdict := _step_two(one.registration, case)) is not None
    }
    registered: set[int] = set()
    for one in candidates:
        if one.registration.seq not in fallen:
            registered |= one.buyers
    for one in candidates:
        only_relative = one.relative_of and not one.buyers and not one.incorrect
        if one.registration.seq not in fallen and only_relative and not one.relative_of & registered:
            fallen[one.registration.seq] = (RUNNING, "RE-8.8")
    return fallen


def _step_two(facts: RegistrationFacts, case: Case) -> tuple[int, str] | None:
    """A signed first visit before the event, and protection running at it (RE-8.3, RE-8.4, RE-Q38, RE-F14)."""
    if _happened(facts.outcome_at, facts.outcome_seq, case):
        return UNVISITED, facts.outcome_clause or "RE-3.3"
    if not _happened(facts.visited_at, facts.visited_seq, case):
        return UNVISITED, "RE-8.3" if case.at < facts.hold_ends_at else "RE-2.9"
    if facts.outcome in _FALLS_AFTERWARDS:
        return RUNNING, facts.outcome_clause or "RE-3.3"
    if case.at >= facts.ends_at:
        return RUNNING, expiry_clause(facts)
    return None


def _happened(at: datetime | None, seq: int | None, case: Case) -> bool:
    return at is not None and at <= case.at and (seq is None or seq < case.seq)


def _best_of_each(candidates: Iterable[Candidate], case: Case) -> list[Candidate]:
    """Each distributor's best registration: a correct one before an incorrect one, then the earliest lock (RE-F12)."""
    best: dict[int, Candidate] = {}
    for one in sorted(candidates, key=lambda one: (not one.is_correct, _lock(one, case))):
        best.setdefault(one.distributor, one)
    return list(best.values())


def _lock(candidate: Candidate, case: Case) -> LockOrder:
    return lock_order(candidate.registration, case.tie_break)


def _deciding_clause(standing: Sequence[Candidate], correct: Sequence[Candidate]) -> str:
    """Step 4: which clause names the ruling (RE-8.4, 8.6 to 8.9; RE-Q35, RE-Q36, RE-Q50)."""
    if len(standing) == 1:
        return "RE-8.4"
    order = _order_clause(correct)
    return "RE-8.7" if len(correct) < len(standing) and order == "RE-8.6" else order


def _order_clause(correct: Sequence[Candidate]) -> str:
    if len(correct) < 2:
        return "RE-8.6"
    direct = [one.buyers for one in correct if one.buyers]
    if len(direct) > 1 and not frozenset.intersection(*direct):
        return "RE-8.9"
    if any(not one.buyers and one.relative_of for one in correct):
        return "RE-8.8"
    return "RE-8.6"


def _fallen_in_the_decision(
    candidates: Sequence[Candidate],
    fallen: Mapping[int, tuple[int, str]],
    correct: Sequence[Candidate],
    first: Candidate | None,
) -> dict[int, tuple[int, str]]:
    """Steps 3 and 4: wrong data beside right data, then the later locks."""
    later = _order_clause(correct)
    found: dict[int, tuple[int, str]] = {}
    for one in candidates:
        if one.registration.seq in fallen or one is first:
            continue
        found[one.registration.seq] = (EARLIEST, later) if one.is_correct else (CORRECT, "RE-8.7")
    return found


def _of(
    first: Candidate, clause: str, case: Case, candidates: Sequence[Candidate], fallen: Mapping[int, tuple[int, str]]
) -> Attribution:
    verdicts = tuple(_verdict(one, fallen, clause) for one in candidates)
    passed_over = _passed_over(case, verdicts, owner=first.distributor)
    return Attribution(first.distributor, first.registration.seq, clause, verdicts, passed_over)


def _of_the_company(case: Case, candidates: Sequence[Candidate], fallen: Mapping[int, tuple[int, str]]) -> Attribution:
    """Step 5: nobody is left. RE-2.4 when a filing was late, else RE-4.1 (RE-Q50, RE-F15)."""
    verdicts = tuple(_verdict(one, fallen, "") for one in candidates)
    clause = "RE-2.4" if any(verdict.clause == "RE-2.4" for verdict in verdicts) else "RE-4.1"
    return Attribution(None, None, clause, verdicts, _passed_over(case, verdicts, owner=None))


def _verdict(candidate: Candidate, fallen: Mapping[int, tuple[int, str]], clause: str) -> Verdict:
    seq = candidate.registration.seq
    step, why = fallen.get(seq, (OWNER, clause))
    return Verdict(seq, candidate.distributor, step, why)


def _passed_over(case: Case, verdicts: Iterable[Verdict], *, owner: int | None) -> dict[int, str]:
    """Every other distributor by its best registration (RE-F12); a claimant with none fitting by RE-8.4 (RE-F15)."""
    locks = {one.registration.seq: _lock(one, case) for one in case.candidates}
    passed = dict.fromkeys(case.claimants, "RE-8.4")
    for verdict in sorted(verdicts, key=lambda one: (one.step, [-part for part in locks[one.registration]])):
        passed[verdict.distributor] = verdict.clause
    passed.pop(owner, None)  # type: ignore[arg-type]
    return passed
