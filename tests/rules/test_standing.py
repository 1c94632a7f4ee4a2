"""RE-2.8 to RE-2.12, RE-F2, RE-F3: live or not follows from the timestamps, and each end has its clause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.rules.standing import RegistrationFacts, standing_at
from tests.rules.moments import at

HOLD = RegistrationFacts(seq=1, filed_at=at("2026-03-05 09:00"), hold_ends_at=at("2026-03-13 00:00"))
VISIT = replace(HOLD, visited_at=at("2026-03-06 10:00"), visit_ends_at=at("2026-04-21 00:00"))
PENDING = replace(VISIT, pending_until=at("2026-06-05 00:00"))
EXTENDED = replace(VISIT, extension_ends_at=at("2026-06-05 00:00"))
FROZEN = replace(VISIT, frozen_at=at("2026-03-20 10:00"))


def ended(outcome: str, clause: str) -> RegistrationFacts:
    return replace(HOLD, outcome=outcome, outcome_at=at("2026-03-07 10:00"), outcome_clause=clause)


@pytest.mark.parametrize(
    ("facts", "instant", "status", "stage", "until", "clause"),
    [
        (HOLD, "2026-03-05 09:00:00", "live", "hold", "2026-03-12 23:59:59", "RE-2.8"),
        (HOLD, "2026-03-12 23:59:59", "live", "hold", "2026-03-12 23:59:59", "RE-2.8"),
        (HOLD, "2026-03-13 00:00:00", "expired", None, None, "RE-2.9"),
        (VISIT, "2026-04-20 23:59:59", "live", "visit", "2026-04-20 23:59:59", "RE-2.10"),
        (VISIT, "2026-04-21 00:00:00", "expired", None, None, "RE-2.10"),
        (PENDING, "2026-04-20 23:59:59", "live", "visit", "2026-04-20 23:59:59", "RE-2.10"),
        (PENDING, "2026-04-21 00:00:00", "live", "visit", "2026-04-20 23:59:59", "RE-2.10"),
        (PENDING, "2026-06-05 00:00:00", "expired", None, None, "RE-2.10"),
        (EXTENDED, "2026-06-04 23:59:59", "live", "extended", "2026-06-04 23:59:59", "RE-2.11"),
        (EXTENDED, "2026-06-05 00:00:00", "expired", None, None, "RE-2.12"),
        (FROZEN, "2026-03-20 09:59:59", "live", "visit", "2026-04-20 23:59:59", "RE-2.10"),
        (FROZEN, "2026-09-01 00:00:00", "frozen", "visit", "2026-04-20 23:59:59", "RE-Q27"),
        (ended("late", "RE-2.4"), "2026-03-08 00:00", "refused", None, None, "RE-2.4"),
        (ended("audit_failed", "RE-3.3"), "2026-03-08 00:00", "refused", None, None, "RE-3.3"),
        (ended("company_record", "RE-4.1"), "2026-03-08 00:00", "refused", None, None, "RE-4.1"),
        (ended("void", "RE-5.4"), "2026-03-08 00:00", "void", None, None, "RE-5.4"),
        (ended("void", "RE-4.5"), "2026-09-08 00:00", "void", None, None, "RE-4.5"),
    ],
)
def test_standing(facts, instant: str, status: str, stage: str | None, until: str | None, clause: str) -> None:
    standing = standing_at(facts, at(instant))
    assert (standing.status, standing.stage, standing.clause) == (status, stage, clause)
    assert standing.until == (None if until is None else at(until))


def test_an_undecided_extension_is_said_to_be_undecided() -> None:
    assert standing_at(PENDING, at("2026-04-25 00:00")).undecided
    assert not standing_at(VISIT, at("2026-04-20 00:00")).undecided


def test_a_frozen_registration_counts_as_running_until_its_original_end() -> None:
    assert FROZEN.runs_at(at("2026-04-20 23:59:59"))
    assert not FROZEN.runs_at(at("2026-04-21 00:00:00"))
