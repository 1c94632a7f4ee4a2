"""A policy: the parameters of one regime, read from a document, with the version under which decisions are made.

A regime is data plus a few named rules (``lead_time.rule``, ``eligibility.rule`` …); the names are looked up where they
are used and an unknown one is refused when the document is read, not when a customer stands at the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

LEAD_TIME_RULES = ("front_desk_time",)
ELIGIBILITY_RULES = ("no_older_company_record",)
TIE_BREAKS = ("front_desk", "recorded")
UNITS = ("MINUTE", "HOUR", "CALENDAR_DAY")
COUNTS = ("EXCLUSIVE", "INCLUSIVE")


class PolicyError(ValueError):
    """The document is not a policy. The message names the parameter."""


@dataclass(frozen=True, slots=True)
class Lead:
    """How long before the visit a filing must be made."""

    value: int
    unit: str


@dataclass(frozen=True, slots=True)
class LeadTime:
    rule: str
    local: Lead
    elsewhere: Lead
    excusable: bool


@dataclass(frozen=True, slots=True)
class Period:
    days: int
    count: str


@dataclass(frozen=True, slots=True)
class Protection:
    days: int
    count: str
    renewed_by_visit: bool


@dataclass(frozen=True, slots=True)
class ExtensionTerms:
    days: int
    cap_days: int
    times: int
    needs_bulk: bool
    needs_entry: bool


@dataclass(frozen=True, slots=True)
class ClaimWindow:
    """Days after a deal event in which a claim is taken (RE-8.1); after ``strict_days`` it is flagged (RE-Q23, GD-7)."""

    days: int
    strict_days: int


@dataclass(frozen=True, slots=True)
class Penalties:
    """Amounts in CNY; days to return a commission after the notice (RE-4.8, RE-5.3)."""

    first_offence: int
    false_filing_damages: int
    refund_days: int


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days before the end at which the distributor is reminded."""

    hold: tuple[int, ...]
    protection: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The parameters that the rules read, typed. ``document`` keeps the whole of what was published."""

    code: str
    lead_time: LeadTime
    hold: Period
    protection: Protection
    extension: ExtensionTerms
    cooling_off_days: int
    tie_break: tuple[str, ...]
    eligibility_rule: str
    classification_due_days: int
    masked_phones_accepted: bool
    claim_window: ClaimWindow
    circle_radius_m: int
    penalties: Penalties
    explanation_days: int
    reminders: Reminders
    document: Mapping[str, Any]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Policy:
        """Read a document. Raises PolicyError naming what is missing or wrong."""
        read = _Reader(document)
        return cls(
            code=read.text("code"),
            lead_time=_lead_time(read),
            hold=Period(read.whole("hold.days"), read.choice("hold.count", COUNTS)),
            protection=Protection(
                read.whole("protection.days"),
                read.choice("protection.count", COUNTS),
                read.flag("protection.renewed_by_visit"),
            ),
            extension=_extension(read),
            cooling_off_days=read.whole("refiling.cooling_off_days", least=0),
            tie_break=tuple(read.choices("lock.tie_break", TIE_BREAKS)),
            eligibility_rule=read.choice("eligibility.rule", ELIGIBILITY_RULES),
            classification_due_days=read.whole("classification.due_days"),
            masked_phones_accepted=read.flag("phones.masked_accepted"),
            claim_window=ClaimWindow(read.whole("claim_window.days"), read.whole("claim_window.strict_days", least=0)),
            circle_radius_m=read.whole("circle.radius_m"),
            penalties=Penalties(
                read.whole("penalties.first_offence", least=0),
                read.whole("penalties.false_filing_damages", least=0),
                read.whole("penalties.refund_days"),
            ),
            explanation_days=read.whole("explanation.days"),
            reminders=Reminders(read.days("reminders.hold"), read.days("reminders.protection")),
            document=document,
        )


def preset(code: str) -> dict[str, Any]:
    """The document of a regime as shipped. Raises PolicyError for a code that is not there."""
    return deepcopy(_preset(code))


@lru_cache(maxsize=32)
def _preset(code: str) -> dict[str, Any]:
    path = resources.files("portal.rules") / "presets" / f"{code}.yaml"
    if not code.isalnum() or not path.is_file():
        raise PolicyError(f"no preset named {code}")
    return read_document(path.read_text(encoding="utf-8"))


def read_document(text: str) -> dict[str, Any]:
    """A policy document from its YAML. Raises PolicyError when it is not one."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PolicyError(f"not YAML: {error}") from None
    if not isinstance(document, dict):
        raise PolicyError("not a policy")
    Policy.from_document(document)
    return document


def with_parameters(document: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The document with dotted parameters set to other values. Raises PolicyError for one that does not exist."""
    changed = deepcopy(dict(document))
    for dotted, value in changes.items():
        *parents, last = dotted.split(".")
        place = changed
        for name in parents:
            place = place.get(name) if isinstance(place, dict) else None  # type: ignore[assignment]
        if not isinstance(place, dict) or last not in place:
            raise PolicyError(f"no parameter named {dotted}")
        place[last] = value
    return changed


def _lead_time(read: _Reader) -> LeadTime:
    return LeadTime(
        read.choice("lead_time.rule", LEAD_TIME_RULES),
        Lead(read.whole("lead_time.local.value", least=0), read.choice("lead_time.local.unit", UNITS)),
        Lead(read.whole("lead_time.elsewhere.value", least=0), read.choice("lead_time.elsewhere.unit", UNITS)),
        read.flag("lead_time.excusable"),
    )


def _extension(read: _Reader) -> ExtensionTerms:
    return ExtensionTerms(
        read.whole("extension.days", least=0),
        read.whole("extension.cap_days"),
        read.whole("extension.times", least=0),
        read.flag("extension.needs_bulk"),
        read.flag("extension.needs_entry"),
    )


class _Reader:
    """Reads dotted parameters and refuses what is not of their kind."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def _get(self, dotted: str) -> Any:
        place: Any = self.document
        for name in dotted.split("."):
            if not isinstance(place, Mapping) or name not in place:
                raise PolicyError(f"{dotted} is missing")
            place = place[name]
        return place

    def text(self, dotted: str) -> str:
        value = self._get(dotted)
        if not isinstance(value, str) or not value:
            raise PolicyError(f"{dotted} must be text")
        return value

    def whole(self, dotted: str, *, least: int = 1) -> int:
        value = self._get(dotted)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise PolicyError(f"{dotted} must be a whole number from {least}")
        return value

    def flag(self, dotted: str) -> bool:
        value = self._get(dotted)
        if not isinstance(value, bool):
            raise PolicyError(f"{dotted} must be true or false")
        return value

    def choice(self, dotted: str, allowed: tuple[str, ...]) -> str:
        value = self._get(dotted)
        if value not in allowed:
            raise PolicyError(f"{dotted} must be one of {', '.join(allowed)}")
        return str(value)

    def choices(self, dotted: str, allowed: tuple[str, ...]) -> list[str]:
        value = self._get(dotted)
        if not isinstance(value, list) or any(item not in allowed for item in value):
            raise PolicyError(f"{dotted} must be a list of {', '.join(allowed)}")
        return value

    def days(self, dotted: str) -> tuple[int, ...]:
        value = self._get(dotted)
        if not isinstance(value, list) or any(not isinstance(item, int) or item < 1 for item in value):
            raise PolicyError(f"{dotted} must be a list of days")
        return tuple(sorted(value, reverse=True))
