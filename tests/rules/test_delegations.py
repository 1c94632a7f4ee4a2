"""Deputies (DO-Q2): for whom, for what, and to the second from when until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.applications import check_signature
from portal.rules.delegations import Delegation, Person, check_end, check_new, check_stands, state_at
from portal.rules.refusal import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
FIRST, LAST = datetime(2026, 3, 2, tzinfo=ZONE), datetime(2026, 3, 6, tzinfo=ZONE)
MANAGER = Person(1, frozenset({"department_manager"}))
OFFICE = Person(2, frozenset({"hq_channel"}))
GIVEN = Delegation("department_signature", MANAGER, OFFICE, FIRST, LAST)
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("given", "now", "state"),
    [
        (GIVEN, FIRST - SECOND, "coming"),
        (GIVEN, FIRST, "standing"),
        (GIVEN, LAST - SECOND, "standing"),
        (GIVEN, LAST, "over"),
        (replace(GIVEN, ended_at=NOON), NOON - SECOND, "standing"),
        (replace(GIVEN, ended_at=NOON), NOON, "ended"),
        (replace(GIVEN, ended_at=NOON), LAST, "ended"),
        (replace(GIVEN, ended_at=FIRST - SECOND), FIRST, "ended"),
        (replace(GIVEN, principal=replace(MANAGER, active=False)), NOON, "lapsed"),
        (replace(GIVEN, principal=replace(MANAGER, roles=frozenset({"finance"}))), NOON, "lapsed"),
        (replace(GIVEN, deputy=replace(OFFICE, active=False)), NOON, "lapsed"),
        (replace(GIVEN, deputy=replace(OFFICE, roles=frozenset({"reception"}))), NOON, "lapsed"),
        (replace(GIVEN, deputy=replace(OFFICE, roles=OFFICE.roles | {"auditor"})), NOON, "lapsed"),
    ],
)
def test_how_a_delegation_stands(given: Delegation, now: datetime, state: str) -> None:
    assert state_at(given, now) == state


@pytest.mark.parametrize(
    ("role", "deputy", "now", "reason"),
    [
        ("department_manager", 2, FIRST, None),
        ("department_manager", 2, LAST - SECOND, None),
        ("department_manager", 2, LAST, "delegation_not_standing"),
        ("department_manager", 2, FIRST - SECOND, "delegation_not_standing"),
        ("department_manager", 3, NOON, "delegation_not_standing"),
        ("general_manager", 2, NOON, "signature_out_of_turn"),
        (None, 2, NOON, "signature_out_of_turn"),
    ],
)
def test_who_may_act_by_it(role: str | None, deputy: int, now: datetime, reason: str | None) -> None:
    if reason is None:
        check_stands(GIVEN, role=role, deputy=deputy, now=now)
        return
    with pytest.raises(Refusal, match=reason):
        check_stands(GIVEN, role=role, deputy=deputy, now=now)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"maker": 9, "administers": True}, None),
        ({"maker": 9}, "delegation_of_others"),
        ({"maker": 2}, "delegation_of_others"),
        ({"matter": "general_signature"}, "delegation_without_the_role"),
        ({"principal": replace(MANAGER, active=False)}, "delegation_without_the_role"),
        ({"deputy": MANAGER}, "delegation_to_oneself"),
        ({"deputy": Person(3, frozenset({"reception"}))}, "delegation_to_an_outsider"),
        ({"deputy": Person(3, frozenset({"legal"}))}, "delegation_to_an_outsider"),
        ({"deputy": Person(3, frozenset({"hq_channel", "administrator"}))}, "delegation_to_an_outsider"),
        ({"deputy": Person(3, frozenset({"hq_channel", "auditor"}))}, "delegation_to_an_outsider"),
        ({"deputy": replace(OFFICE, active=False)}, "delegation_to_an_outsider"),
        ({"deputy": Person(3, frozenset({"broker"}))}, "delegation_to_an_outsider"),
    ],
)
def test_what_can_be_delegated(changes: dict, reason: str | None) -> None:
    asked = {
        "matter": "department_signature",
        "principal": MANAGER,
        "deputy": OFFICE,
        "maker": 1,
        "administers": False,
    } | changes
    if reason is None:
        check_new(**asked)
        return
    with pytest.raises(Refusal, match=reason):
        check_new(**asked)


def test_what_is_over_is_not_taken_back() -> None:
    check_end(GIVEN, LAST - SECOND)
    check_end(GIVEN, FIRST - SECOND)
    for given, now in ((GIVEN, LAST), (replace(GIVEN, ended_at=NOON), NOON)):
        with pytest.raises(Refusal, match="delegation_is_over"):
            check_end(given, now)


@pytest.mark.parametrize(
    ("signed", "signers", "reviewers", "reason"),
    [
        ([], {2, 1}, {7}, None),
        ([], {2, 1}, {2}, "signature_by_reviewer"),
        ([], {2, 1}, {1}, "signature_by_reviewer"),
        ([("department_manager", {1})], {2, 1}, {7}, "signature_by_the_same"),
        ([("department_manager", {2, 5})], {2, 1}, {7}, "signature_by_the_same"),
        ([("department_manager", {5, 1})], {2, 1}, {7}, "signature_by_the_same"),
        ([("department_manager", {5, 6})], {2, 1}, {7}, None),
    ],
)
def test_a_deputy_may_not_do_what_either_of_the_two_may_not(signed, signers, reviewers, reason: str | None) -> None:
    roles = {"general_manager"} if signed else {"department_manager"}
    asked = {"signed": signed, "roles": roles, "signers": signers, "reviewers": reviewers}
    if reason is None:
        assert check_signature(**asked) in roles
        return
    with pytest.raises(Refusal, match=reason):
        check_signature(**asked)
