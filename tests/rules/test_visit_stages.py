"""Where a visit stands: the slip, a refusal to sign it, the day, and the flow (RE-3.2 to RE-3.7)."""

from __future__ import annotations

from typing import Any

import pytest

from portal.rules.visit_stages import SLIP_OPEN, VisitState, stage_of, steps_of

ARRIVED: dict[str, Any] = {"result": "unsigned", "clause": None, "outcome": None, "same_day": True, "signed": False}
LATE = ARRIVED | {"result": "natural", "clause": "RE-2.4", "outcome": "late"}


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (ARRIVED, "awaiting_signatures"),
        (ARRIVED | {"declined": True}, "declined"),
        (ARRIVED | {"same_day": False}, "unsigned_closed"),
        (ARRIVED | {"same_day": False, "declined": True}, "unsigned_closed"),
        (LATE, "late"),
        (LATE | {"declined": True}, "late"),
        (LATE | {"signed": True}, "awaiting_excuse"),
        (LATE | {"same_day": False}, "natural"),
    ],
)
def test_the_stage_at_the_desk(facts: dict[str, Any], stage: str) -> None:
    assert stage_of(VisitState(**facts)) == stage


def test_a_refused_slip_may_still_be_signed_but_not_a_closed_one() -> None:
    assert "declined" in SLIP_OPEN and "unsigned_closed" not in SLIP_OPEN


def test_a_refusal_stands_at_the_desk_and_nothing_after_it_is_done() -> None:
    assert steps_of("declined") == (("desk", "bad"), ("audit", ""), ("sign_off", ""), ("entry", ""))
