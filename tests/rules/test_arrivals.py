"""RE-2.4, RE-2.9, RE-4.1, RE-Q47, Q48, RE-F5 to F7: what an arrival comes out as, and what it leaves behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.rules.arrivals import Arrival, Verdict, judge_arrival, judge_audit
from portal.rules.standing import RegistrationFacts
from tests.rules.moments import at

FILED = RegistrationFacts(seq=1, filed_at=at("2026-03-05 09:00"), hold_ends_at=at("2026-03-13 00:00"))
VISITED = replace(FILED, visited_at=at("2026-03-06 10:00"), visit_ends_at=at("2026-04-21 00:00"))
GOOD = Arrival(at=at("2026-03-06 12:00"), distributor_status="active", registration=FILED)


def after(outcome: str) -> RegistrationFacts:
    return replace(FILED, outcome=outcome, outcome_at=at("2026-03-06 10:00"), outcome_clause="RE-2.4")


NATURAL_UNFILED = Verdict("natural", "RE-2.4", leaves_record=True)
CASES = {
    "in time and signed": (GOOD, Verdict("registered")),
    "the last second of the hold": (replace(GOOD, at=at("2026-03-12 23:59:59")), Verdict("registered")),
    "a suspended distributor's running filing": (replace(GOOD, distributor_status="suspended"), Verdict("registered")),
    "nothing filed": (replace(GOOD, registration=None), NATURAL_UNFILED),
    "the hold lapsed": (replace(GOOD, at=at("2026-03-13 00:00")), Verdict("natural", "RE-2.9", leaves_record=True)),
    "lapsed before late and unsigned": (
        replace(GOOD, at=at("2026-03-13 00:00"), in_time=False, signed=False),
        Verdict("natural", "RE-2.9", leaves_record=True),
    ),
    "too late": (replace(GOOD, in_time=False), Verdict("natural", "RE-2.4", outcome="late", leaves_record=True)),
    "late before unsigned": (
        replace(GOOD, in_time=False, signed=False),
        Verdict("natural", "RE-2.4", outcome="late", leaves_record=True),
    ),
    "unsigned leaves no record": (replace(GOOD, signed=False), Verdict("unsigned")),
    "a later visit renews nothing": (replace(GOOD, registration=VISITED), Verdict("repeat")),
    "after the 45 days": (replace(GOOD, registration=VISITED, at=at("2026-04-21 00:00")), NATURAL_UNFILED),
    "late before, late for ever": (replace(GOOD, registration=after("late")), NATURAL_UNFILED),
    "after a failed audit": (replace(GOOD, registration=after("audit_failed")), NATURAL_UNFILED),
    "after a voiding": (replace(GOOD, registration=after("void")), NATURAL_UNFILED),
    "refused for a record, refused again": (
        replace(GOOD, registration=after("company_record")),
        Verdict("refused", "RE-4.1"),
    ),
    "a blacklisted distributor": (
        replace(GOOD, distributor_status="blacklisted"),
        Verdict("refused", "RE-5.4", leaves_record=True),
    ),
    "blacklisted before everything": (
        replace(GOOD, distributor_status="blacklisted", registration=None, signed=False),
        Verdict("refused", "RE-5.4", leaves_record=True),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_arrival(case: str) -> None:
    arrival, verdict = CASES[case]
    assert judge_arrival(arrival) == verdict


def test_the_desk_does_not_see_a_company_record() -> None:
    assert judge_arrival(replace(GOOD, older_company_record=True)) == Verdict("registered")


def test_the_audit_refuses_for_an_older_company_record() -> None:
    assert judge_audit(replace(GOOD, older_company_record=True)) == Verdict(
        "refused", "RE-4.1", outcome="company_record"
    )
    assert judge_audit(GOOD) == Verdict("audited")
