"""Flow (RE-3.4, 3.7, F8), excuse (RE-Q4, F9), class (RE-2.7, F10), extension (RE-2.11, 2.12, Q41, Q51, F5, F11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from portal.rules.classification import check_classification, is_late
from portal.rules.excuses import Excuse, check_excuse
from portal.rules.extensions import ExtensionCase, check_application, extended_end
from portal.rules.flow import FlowState, check_audit, check_entry, check_sign_off
from portal.rules.partnership import check_may_act
from portal.rules.policies import Policy, preset
from portal.rules.refusal import Refusal
from portal.rules.standing import RegistrationFacts
from tests.rules.moments import SHANGHAI, at

TERMS = Policy.from_document(preset("RE"))
FILED = RegistrationFacts(seq=1, filed_at=at("2026-03-05 09:00"), hold_ends_at=at("2026-03-13 00:00"))
VISITED = replace(FILED, visited_at=at("2026-03-06 10:00"), visit_ends_at=at("2026-04-21 00:00"))
ENTERED = replace(VISITED, entered_at=at("2026-03-06 17:00"))
LATE = replace(FILED, outcome="late", outcome_at=at("2026-03-05 09:30"), outcome_clause="RE-2.4")


def refused(check: Callable[..., Any], *args: Any, **facts: Any) -> str | None:
    """The clause of the refusal, or None when nothing is refused."""
    try:
        check(*args, **facts)
    except Refusal as refusal:
        return refusal.clause
    return None


REGISTERED = FlowState(result="registered")
AUDITED = replace(REGISTERED, audited=True, auditor_id=7)
SIGNED = replace(AUDITED, signed_off=True)


@pytest.mark.parametrize(
    ("check", "state", "clause"),
    [
        (check_audit, REGISTERED, None),
        (check_audit, AUDITED, "RE-3.7"),
        (check_audit, FlowState(result="unsigned"), "RE-3.7"),
        (check_audit, replace(REGISTERED, outcome="audit_failed", outcome_clause="RE-3.3"), "RE-3.3"),
        (check_audit, replace(REGISTERED, outcome="void", outcome_clause="RE-5.4"), "RE-5.4"),
        (check_audit, replace(REGISTERED, outcome="void", outcome_clause="RE-4.5"), "RE-4.5"),
        (check_entry, REGISTERED, "RE-3.7"),
        (check_entry, AUDITED, "RE-3.7"),
        (check_entry, SIGNED, None),
        (check_entry, replace(SIGNED, entered=True), "RE-3.7"),
    ],
)
def test_the_flow_keeps_its_order(check: Callable[..., None], state: FlowState, clause: str | None) -> None:
    assert refused(check, state) == clause


@pytest.mark.parametrize(
    ("state", "leader", "clause"),
    [(REGISTERED, 8, "RE-3.7"), (AUDITED, 8, None), (AUDITED, 7, "RE-3.4"), (SIGNED, 8, "RE-3.7")],
)
def test_the_leader_signs_the_audit_of_another(state: FlowState, leader: int, clause: str | None) -> None:
    assert refused(check_sign_off, state, leader) == clause


EXCUSABLE = Excuse(
    excusable=True,
    registration=LATE,
    arrived_at=at("2026-03-05 09:30"),
    visit_clause="RE-2.4",
    signed=True,
    already_excused=False,
    deal_happened=False,
    older_company_record=False,
)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({}, None),
        ({"signed": False}, "RE-2.4"),
        ({"deal_happened": True}, "RE-2.4"),
        ({"older_company_record": True}, "RE-4.1"),
        ({"already_excused": True}, "RE-2.4"),
        ({"excusable": False}, "RE-2.4"),
        ({"registration": None}, "RE-2.4"),
        ({"registration": FILED}, "RE-2.4"),
        ({"arrived_at": at("2026-03-13 00:00"), "visit_clause": "RE-2.9"}, "RE-2.9"),
    ],
)
def test_excuse(change: dict[str, Any], clause: str | None) -> None:
    assert refused(check_excuse, replace(EXCUSABLE, **change)) == clause


@pytest.mark.parametrize(
    ("facts", "instant", "bulk", "asked", "clause"),
    [
        (FILED, "2026-03-06 09:00", True, False, "RE-2.7"),
        (VISITED, "2026-03-06 10:00", True, False, None),
        (VISITED, "2026-04-20 23:59:59", False, False, None),
        (VISITED, "2026-04-21 00:00:00", True, False, "RE-2.7"),
        (VISITED, "2026-04-01 00:00:00", False, True, "RE-2.7"),
        (VISITED, "2026-04-01 00:00:00", True, True, None),
        (LATE, "2026-03-06 10:00", True, False, "RE-2.7"),
        (replace(VISITED, frozen_at=at("2026-03-20 10:00")), "2026-03-21 10:00", True, False, "RE-2.7"),
    ],
)
def test_classification(facts, instant: str, bulk: bool, asked: bool, clause: str | None) -> None:
    assert refused(check_classification, facts, at(instant), bulk=bulk, extension_asked=asked) == clause


@pytest.mark.parametrize(
    ("instant", "first", "late"),
    [
        ("2026-03-13 23:59:59", True, False),
        ("2026-03-14 00:00:00", True, True),
        ("2026-03-14 00:00:00", False, False),
    ],
)
def test_only_a_first_class_later_than_seven_days_is_flagged(instant: str, first: bool, late: bool) -> None:
    assert is_late(at("2026-03-06 10:00"), at(instant), first=first, due_days=7, zone=SHANGHAI) is late


ASKABLE = ExtensionCase(
    registration=ENTERED, at=at("2026-04-20 23:59:59"), is_bulk=True, asked_before=False, terms=TERMS.extension
)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({}, None),
        ({"at": at("2026-04-21 00:00:00")}, "RE-2.11"),
        ({"at": at("2026-04-21 00:00:00"), "asked_before": True}, "RE-2.11"),
        ({"asked_before": True}, "RE-2.12"),
        ({"is_bulk": False}, "RE-2.11"),
        ({"is_bulk": None}, "RE-2.11"),
        ({"registration": VISITED}, "RE-2.11"),
        ({"registration": FILED, "at": at("2026-03-06 09:00")}, "RE-2.11"),
        ({"registration": replace(ENTERED, frozen_at=at("2026-03-20 10:00"))}, "RE-2.11"),
    ],
)
def test_extension(change: dict[str, Any], clause: str | None) -> None:
    assert refused(check_application, replace(ASKABLE, **change)) == clause


def test_a_consent_runs_from_the_old_end_to_ninety_days() -> None:
    end = extended_end(at("2026-03-05 10:00"), TERMS.protection, TERMS.extension, SHANGHAI)
    assert end == at("2026-06-04 00:00")


def test_the_cap_holds_whatever_the_days() -> None:
    generous = replace(TERMS.extension, days=400)
    end = extended_end(at("2026-03-05 10:00"), TERMS.protection, generous, SHANGHAI)
    assert end == at("2026-06-04 00:00")


@pytest.mark.parametrize(
    ("status", "clause"),
    [
        ("active", None),
        ("warned", None),
        ("downgraded", None),
        ("exit_requested", None),
        ("suspended", "DM-12.1"),
        ("blacklisted", "RE-5.4"),
        ("exited", "DM-12.6"),
        ("closed", "DM-12.6"),
        ("terminated", "DM-12.5"),
        ("approved", "DO-2.5"),
        ("contracted", "DO-2.5"),
    ],
)
def test_who_may_act(status: str, clause: str | None) -> None:
    assert refused(check_may_act, status) == clause
