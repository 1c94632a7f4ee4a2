"""Does the message file anybody? Ordered rules; the first that speaks decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.rules.messages.answer import Entry
from portal.rules.messages.contacts import Contact
from portal.rules.messages.fold import fold
from portal.rules.messages.items import Side
from portal.rules.messages.layout import Line
from portal.rules.messages.names import has_customer_title, is_common_name
from portal.rules.messages.words import phrases
from portal.rules.messages.words.labels import Label

_FILING = re.compile("|".join(phrases.FILING_WORDS))
_PATTERNS = {
    name: re.compile(getattr(phrases, name))
    for name in (
        "CANCELS",
        "RECEIPTS",
        "EXTENSIONS",
        "QUESTIONS",
        "ENQUIRIES",
        "CHANGES",
        "PAST",
        "ARRIVED",
        "SAMPLES",
        "ROTAS",
        "ADVERTS",
        "NOTICES",
    )
}
_FORM_LABELS = {Label.CUSTOMER, Label.CUSTOMER_PHONE, Label.NAME, Label.PHONE, Label.PROJECT, Label.VISIT, Label.BROKER}

_SILENT = {Label.REMARK, Label.NOISE}


@dataclass(frozen=True)
class Evidence:
    """What the rules look at; ``text`` is without remarks and quotations."""

    text: str
    entries: tuple[Entry, ...]
    customers: tuple[Contact, ...]
    labels: frozenset[Label]

    def says(self, name: str) -> bool:
        """Whether a phrase of this table occurs."""
        return _PATTERNS[name].search(self.text) is not None

    @property
    def is_a_form(self) -> bool:
        """Whether the customer stands in a filled form: a person or number under its label and two labels more."""
        labelled = any(customer.first.label is not None for customer in self.customers)
        return labelled and len(self.labels & _FORM_LABELS) >= 3

    @property
    def named(self) -> bool:
        """Whether a customer is named or a company buys."""
        return any(entry.customer_name or entry.company for entry in self.entries)

    @property
    def reachable(self) -> bool:
        """Whether a customer's number is given."""
        return any(entry.phone for entry in self.entries)

    @property
    def has_broker(self) -> bool:
        """Whether a broker with a number stands beside the customer."""
        return any(entry.broker_phone for entry in self.entries)

    @property
    def is_whole(self) -> bool:
        """Whether project, name, number, visit and broker are all given: 刚才的客户, and everything about him."""
        entry = self.entries[0]
        return all((entry.project, entry.customer_name, entry.phone, entry.visit_at, entry.broker_phone))

    @property
    def signs(self) -> int:
        """How many other signs of a filing there are."""
        entry = self.entries[0]
        said = (
            entry.project,
            entry.visit_at,
            entry.broker_name or entry.channel_company,
            entry.party_size,
            entry.residence,
        )
        return sum(value is not None for value in said) + (_FILING.search(self.text) is not None) + bool(entry.company)


def _nobody(evidence: Evidence) -> bool | None:
    return None if evidence.entries else False


def _sample(evidence: Evidence) -> bool | None:
    return False if evidence.says("SAMPLES") and not (evidence.is_a_form and evidence.reachable) else None


def _cancelled(evidence: Evidence) -> bool | None:
    return False if evidence.says("CANCELS") else None


def _receipt(evidence: Evidence) -> bool | None:
    return False if evidence.says("RECEIPTS") else None


def _extension(evidence: Evidence) -> bool | None:
    return False if evidence.says("EXTENSIONS") else None


def _about_an_earlier_filing(evidence: Evidence) -> bool | None:
    asks = evidence.says("QUESTIONS") or (evidence.says("PAST") and not evidence.is_whole)
    return False if asks and not evidence.is_a_form else None


def _change_or_arrival(evidence: Evidence) -> bool | None:
    """A changed hour, a customer at the door; unless all is said once more or a filing is asked for."""
    whole = evidence.is_a_form or evidence.signs >= 3
    if evidence.says("CHANGES") and not whole:
        return False
    return False if evidence.says("ARRIVED") and not whole and _FILING.search(evidence.text) is None else None


def _enquiry(evidence: Evidence) -> bool | None:
    """A question about rules or prices; a full filing may end with one."""
    return False if evidence.says("ENQUIRIES") and not evidence.is_a_form and evidence.signs < 3 else None


def _rota(evidence: Evidence) -> bool | None:
    """Who is on duty when: people with numbers, and nobody is filed."""
    return False if evidence.says("ROTAS") and not evidence.is_a_form else None


def _advert_or_notice(evidence: Evidence) -> bool | None:
    public = evidence.says("ADVERTS") or evidence.says("NOTICES")
    if not public or evidence.is_a_form:
        return None
    named = any(customer.names and (customer.certain or evidence.has_broker) for customer in evidence.customers)
    return None if named and evidence.reachable and evidence.signs >= 3 else False


def _hearsay(evidence: Evidence) -> bool | None:
    """Without any number, label or word of filing, only a usual name makes a customer: notices have words like names."""
    if evidence.reachable or evidence.has_broker or evidence.is_a_form or _FILING.search(evidence.text):
        return None
    said = [str(name.value) for customer in evidence.customers for name in customer.names if name.label is None]
    return False if said and not any(_is_a_customers(name) for name in said) else None


def _is_a_customers(name: str) -> bool:
    return is_common_name(fold(name).text) or has_customer_title(name)


def _filled(evidence: Evidence) -> bool:
    if evidence.named and evidence.reachable:
        return evidence.signs >= 1
    if evidence.named:
        return evidence.signs >= (1 if evidence.is_a_form else 2)
    return evidence.reachable and evidence.signs >= 2


RULES: tuple[Callable[[Evidence], bool | None], ...] = (
    _nobody,
    _sample,
    _cancelled,
    _receipt,
    _extension,
    _about_an_earlier_filing,
    _change_or_arrival,
    _enquiry,
    _rota,
    _advert_or_notice,
    _hearsay,
    _filled,
)


def files_somebody(text: str, lines: Sequence[Line], contacts: Sequence[Contact], entries: tuple[Entry, ...]) -> bool:
    """Whether the message is a filing."""
    evidence = Evidence(
        text="\n".join(_spoken(text, line) for line in lines),
        entries=entries,
        customers=tuple(contact for contact in contacts if contact.side is Side.CUSTOMER),
        labels=frozenset(zone.label for line in lines for zone in line.zones if zone.label),
    )
    return next((answer for rule in RULES if (answer := rule(evidence)) is not None), False)


def _spoken(text: str, line: Line) -> str:
    """The line with its labels and without its remarks."""
    words, position = "", line.start
    for zone in line.zones:
        words += text[position : zone.start]
        words += " " if zone.label in _SILENT else text[zone.start : zone.end]
        position = zone.end
    return words + text[position : line.end]
