"""What was read in a pasted message: plain values, and for each of them the words it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum

REQUIRED = ("project", "customer_name", "phone")


class Doubt(StrEnum):
    """How far the person at the screen may trust a field: understood, to be checked, not there."""

    SURE = "sure"
    CHECK = "check"
    MISSING = "missing"


@dataclass(frozen=True)
class Mark:
    """The quoted words behind a field (empty when nothing was said) and how far to trust them."""

    words: str = ""
    doubt: Doubt = Doubt.MISSING


@dataclass(frozen=True)
class Entry:
    """One customer for one project; ``None`` means not stated.

    ``visit_at`` is a ``datetime`` in Asia/Shanghai, or a ``date`` when no hour was said. Phones have 11 characters,
    hidden digits written ``*``. ``marks`` has one mark for every field, by its name. ``also_named``: who is named with the
    customer and is neither filed nor a broker, such as the other one of a couple that gives one number.
    """

    project: str | None = None
    customer_name: str | None = None
    phone: str | None = None
    company: str | None = None
    visit_at: date | datetime | None = None
    party_size: int | None = None
    residence: str | None = None
    broker_name: str | None = None
    broker_phone: str | None = None
    channel_company: str | None = None
    id_number: str | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict, compare=False)
    also_named: tuple[str, ...] = field(default=(), compare=False)


FIELDS = tuple(each.name for each in fields(Entry) if each.compare)


@dataclass(frozen=True)
class ReadMessage:
    """Whether the message files anybody, whom, and which required fields some entry lacks (in the order of REQUIRED)."""

    is_filing: bool
    entries: tuple[Entry, ...] = ()
    missing: tuple[str, ...] = ()


def nobody() -> ReadMessage:
    """The answer for a greeting, a question, a receipt, a blank form."""
    return ReadMessage(is_filing=False)


def filing(entries: tuple[Entry, ...]) -> ReadMessage:
    """The answer for a message that files these entries."""
    missing = tuple(name for name in REQUIRED if any(getattr(entry, name) is None for entry in entries))
    return ReadMessage(is_filing=True, entries=entries, missing=missing)
