"""The facts found in a message, one by one and in order, before anybody asks whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.rules.messages.visits import Moment
from portal.rules.messages.words.labels import Label


class Kind(StrEnum):
    """What a fact is."""

    PROJECT = "project"
    PERSON = "person"
    PHONE = "phone"
    ID = "id"
    VISIT = "visit"
    SUBMITTED = "submitted"
    AT_ONCE = "at_once"
    PARTY = "party"
    COUPLE = "couple"
    RESIDENCE = "residence"
    CHANNEL = "channel"
    COMPANY = "company"
    ORGANISATION = "organisation"  # a channel or the buying company
    UNKNOWN = "unknown"
    HEADING = "heading"  # a label whose value stands in the lines below


class Side(StrEnum):
    """Whose person or number: the customer's or the distributor's."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True)
class Item:
    """One fact: where it stands in the folded text, its value, the label it stood under, its line.

    ``value`` is what the entry will carry (None for a number or project that cannot be used); ``moment`` instead of it
    for a visit. ``side`` when label or words around say whose it is; ``sure`` is False when something was guessed.
    """

    kind: Kind
    start: int
    end: int
    line: int
    value: str | int | None = None
    moment: Moment | None = None
    label: Label | None = None
    side: Side | None = None
    sure: bool = True
