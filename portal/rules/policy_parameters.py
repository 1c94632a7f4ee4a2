"""What a policy's parameters are: their dotted names, their kinds, and between which bounds a value makes sense.

A document is a tree; its leaves are the parameters. Forms, pages and checks walk it, so that a new regime or parameter is
data. What no bound is known for keeps the kind that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

from portal.rules.policies import COUNTS, ELIGIBILITY_RULES, LEAD_TIME_RULES, TIE_BREAKS, UNITS, Policy, PolicyError

#: Ten years: longer than any project sells, and no date leaves the calendar.
MOST_DAYS = 3650
MOST = 100_000_000
_LONGEST_TEXT = 60
#: A registration has one application, so an extension is granted once or never (RE-2.12).
_BOUNDS: Mapping[str, tuple[int, int]] = {"extension.times": (0, 1)}
#: What holds a parameter to a closed list. ``code`` and what only one word is known for cannot be edited: what no rule
#: here obeys yet must not be published, or a policy's page would promise it.
CHOICES: Mapping[str, tuple[Any, ...]] = {
    "owner_unit": ("distributor",),
    "lead_time.rule": LEAD_TIME_RULES,
    "lead_time.local.unit": UNITS,
    "lead_time.elsewhere.unit": UNITS,
    "hold.count": COUNTS,
    "protection.count": COUNTS,
    "protection.renewed_by_visit": (False,),
    "lock.basis": ("FILING",),
    "eligibility.rule": ELIGIBILITY_RULES,
    "phones.masked_accepted": (False,),
}
LISTS: Mapping[str, tuple[str, ...]] = {"lock.tie_break": TIE_BREAKS}
_MAY_BE_ZERO = frozenset(
    {
        "lead_time.local.value",
        "lead_time.elsewhere.value",
        "refiling.cooling_off_days",
        "claim_window.strict_days",
        "penalties.first_offence",
        "penalties.false_filing_damages",
    }
)


def leaves(document: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted name, value) of every parameter, in the order of the document; a list is one value."""
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def kind_of(dotted: str, value: Any) -> str:
    """fixed, choice, order, days, flag, whole, share or text: how the parameter is written and asked for."""
    if dotted == "code" or len(CHOICES.get(dotted, ("", ""))) == 1:
        return "fixed"
    if dotted in CHOICES:
        return "choice"
    if dotted in LISTS:
        return "order"
    if dotted.endswith(".share"):
        return "share"
    kinds = {bool: "flag", int: "whole", float: "share", list: "days"}
    return kinds.get(type(value), "text")


def orders_of(dotted: str) -> list[tuple[str, ...]]:
    """Every order that a list of words can be given."""
    words = LISTS[dotted]
    return [order for length in range(1, len(words) + 1) for order in permutations(words, length)]


def bounds_of(dotted: str) -> tuple[int, int]:
    """The least and the greatest whole number that make sense."""
    if dotted in _BOUNDS:
        return _BOUNDS[dotted]
    is_days = dotted.endswith("days") or dotted.startswith("lead_time.")
    return (0 if dotted in _MAY_BE_ZERO else 1), (MOST_DAYS if is_days else MOST)


def check_document(document: Mapping[str, Any]) -> Policy:
    """The document as a policy. Raises PolicyError naming the first parameter that is missing, strange or out of bounds."""
    policy = Policy.from_document(document)
    for dotted, value in leaves(document):
        _check(dotted, value)
    if policy.extension.cap_days <= policy.protection.days:
        raise PolicyError("extension.cap_days must be more than protection.days")
    return policy


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(dotted name, old value, new value) of what differs; None where one document lacks it."""
    old, new = dict(leaves(before)), dict(leaves(after))
    return [(name, old.get(name), new.get(name)) for name in {**old, **new} if old.get(name) != new.get(name)]


def _check(dotted: str, value: Any) -> None:
    kind = kind_of(dotted, value)
    if dotted in CHOICES and value not in CHOICES[dotted]:
        raise PolicyError(f"{dotted} must be one of {', '.join(map(str, CHOICES[dotted]))}")
    if kind == "order" and (not isinstance(value, list) or tuple(value) not in orders_of(dotted)):
        raise PolicyError(f"{dotted} must be an order of {', '.join(LISTS[dotted])}")
    if kind == "whole":
        _check_whole(dotted, value)
    if kind == "share" and not (type(value) in (int, float) and 0 <= value <= 1):
        raise PolicyError(f"{dotted} must be a share from 0 to 1")
    if kind == "days" and any(type(day) is not int or not 1 <= day <= MOST_DAYS for day in value):
        raise PolicyError(f"{dotted} must be a list of days from 1 to {MOST_DAYS}")
    if kind == "text" and not (isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_TEXT):
        raise PolicyError(f"{dotted} must be a text of at most {_LONGEST_TEXT} characters")


def _check_whole(dotted: str, value: int) -> None:
    least, most = bounds_of(dotted)
    if not least <= value <= most:
        raise PolicyError(f"{dotted} must be a whole number from {least} to {most}")
