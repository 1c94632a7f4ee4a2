"""Numbers of a pasted message that its reading leaves over: the second one of a couple, somebody's other telephone.

One customer has one number (data of RE-8.4); which of two is meant, and whose the other is, only the broker knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.rules.messages import Entry
from portal.rules.messages.context import without_context
from portal.rules.messages.fold import fold
from portal.rules.messages.ids import find_ids
from portal.rules.messages.phones import FoundPhone, find_phones
from portal.rules.messages.reading import LONGEST_MESSAGE

_OF_CUSTOMERS, _OF_BROKERS = ("customer_name", "phone"), ("broker_name", "broker_phone")


@dataclass(frozen=True, slots=True)
class SpareNumber:
    """A number that no entry carries. ``near`` is the customer behind whose name or number it stands, "" for a broker's."""

    phone: str
    near: str


def spare_numbers(text: str, entries: Sequence[Entry]) -> list[list[SpareNumber]]:
    """For each entry the usable numbers of ``text`` that stand with it and that nothing in the reading carries."""
    carried = {phone for entry in entries for phone in (entry.phone, entry.broker_phone) if phone}
    named = [place for number, entry in enumerate(entries) for place in _named(text, number, entry)]
    read = [span for entry in entries for span in _read_as_numbers(text, entry)]
    found: list[list[SpareNumber]] = [[] for _ in entries]
    for place, phone in _numbers_of(text) if entries else ():
        if any(start <= place < end for start, end in read) or any(_is_same(phone, other) for other in carried):
            continue
        carried.add(phone)
        for number, is_customer in _owners(place, named):
            near = entries[number].customer_name or "" if is_customer else ""
            found[number].append(SpareNumber(phone, near))
    return found


def _read_as_numbers(text: str, entry: Entry) -> list[tuple[int, int]]:
    """What was taken for the number of the customer or the broker, one with a digit too many among them."""
    words = [entry.marks[name].words for name in ("phone", "broker_phone") if name in entry.marks]
    return [(text.find(one), text.find(one) + len(one)) for one in words if one and one in text]


def _is_same(one: str, other: str) -> bool:
    """138****5678 is 13812345678 written with fewer digits."""
    hidden = "*" in one or "*" in other
    return one == other or (hidden and (one[:3], one[-4:]) == (other[:3], other[-4:]))


def _numbers_of(text: str) -> list[tuple[int, str]]:
    """Each usable number with where it stands in ``text`` as written; quoted messages and ID numbers are none."""
    source = without_context(fold(text[:LONGEST_MESSAGE]))
    end = len(source.text)
    ids = [(one.start, one.end) for one in find_ids(source.text, 0, end)]

    def is_free(phone: FoundPhone) -> bool:
        return all(phone.end <= start or phone.start >= stop for start, stop in ids)

    phones = [phone for phone in find_phones(source.text, 0, end) if is_free(phone)]
    return [(source.at[phone.start], phone.value) for phone in phones if phone.value is not None]


def _named(text: str, number: int, entry: Entry) -> list[tuple[int, int, bool]]:
    """Where entry ``number`` names its customer (True) and its broker (False), by name or number."""
    sides = ((_OF_CUSTOMERS, True), (_OF_BROKERS, False))
    words = [(entry.marks[name].words, side) for fields, side in sides for name in fields if name in entry.marks]
    return [(text.find(one), number, side) for one, side in words if one and one in text]


def _owners(place: int, named: Sequence[tuple[int, int, bool]]) -> list[tuple[int, bool]]:
    """The entries with the name or number that stands last before ``place``; the first entry when none does."""
    before = [one for one in named if one[0] <= place]
    if not before:
        return [(0, True)]
    last = max(at for at, _, _ in before)
    mine = sorted({number for at, number, customer in before if at == last and customer})
    others = sorted({number for at, number, _ in before if at == last})
    return [(number, True) for number in mine] or [(number, False) for number in others[:1]]
