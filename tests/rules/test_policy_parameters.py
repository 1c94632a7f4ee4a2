"""A document is a policy only when every parameter is of its kind and within its bounds."""

from __future__ import annotations

from typing import Any

import pytest

from portal.rules.policies import PolicyError, preset, with_parameters
from portal.rules.policy_parameters import changes_between, check_document, kind_of, leaves

RE = preset("RE")
WRONG: list[tuple[str, Any]] = [
    ("hold.days", 0),
    ("hold.days", 3651),
    ("hold.days", 10**12),
    ("hold.days", "7"),
    ("hold.days", 7.5),
    ("hold.days", True),
    ("hold.count", "SOMEHOW"),
    ("lead_time.local.value", -1),
    ("lead_time.local.unit", "YEAR"),
    ("lead_time.rule", "guess"),
    ("lead_time.excusable", "yes"),
    ("extension.days", 0),
    ("extension.times", 2),
    ("extension.cap_days", 45),
    ("lock.basis", "ARRIVAL"),
    ("protection.renewed_by_visit", True),
    ("phones.masked_accepted", True),
    ("lock.tie_break", []),
    ("lock.tie_break", ["recorded", "recorded"]),
    ("lock.tie_break", "recorded"),
    ("call_back.share", 1.5),
    ("call_back.share", -0.1),
    ("call_back.share", True),
    ("circle.radius_m", 0),
    ("reminders.hold", [0]),
    ("reminders.hold", ["1"]),
    ("reminders.protection", [99999]),
    ("title.zh", ""),
    ("title.zh", "长" * 61),
    ("owner_unit", "moon"),
]


def test_the_regime_as_shipped_is_a_policy() -> None:
    assert check_document(RE).code == "RE"


@pytest.mark.parametrize(("dotted", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(dotted: str, value: Any) -> None:
    with pytest.raises(PolicyError, match=dotted.replace(".", r"\.")):
        check_document(with_parameters(RE, {dotted: value}))


def test_a_missing_parameter_is_refused_by_name() -> None:
    with pytest.raises(PolicyError, match="hold"):
        check_document({name: value for name, value in RE.items() if name != "hold"})


def test_what_differs_is_named_with_both_values() -> None:
    changed = with_parameters(RE, {"hold.days": 8, "reminders.hold": [3]})
    assert changes_between(RE, changed) == [("hold.days", 7, 8), ("reminders.hold", [2, 1], [3])]
    assert changes_between(RE, RE) == []


def test_every_kind_occurs_in_the_core_regime() -> None:
    kinds = {kind_of(dotted, value) for dotted, value in leaves(RE)}
    assert kinds == {"fixed", "choice", "order", "days", "flag", "whole", "share", "text"}
