"""Who is named beside a customer without a number: the other one of a couple, a wife, somebody who comes along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from portal.rules.messages.contacts import Contact
from portal.rules.messages.fold import Source
from portal.rules.messages.items import Item, Kind
from portal.rules.messages.names import is_common_name

_BESIDE = re.compile(
    r"(?:妻子|太太|夫人|老婆|爱人|配偶|丈夫|老公|同行|随行|陪同|家属|父亲|母亲|儿子|女儿)(?:人员|人)?[是叫为:\s]*"
)
_JOINED = re.compile(r"[\s、/&+,]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LONGEST, _SHORTEST = 4, 2


def companions_of(
    source: Source, customer: Contact, filed: Sequence[Item], own: Sequence[Item], items: Sequence[Item]
) -> list[str]:
    """The names, as written, of those beside ``customer``, in order; ``filed`` are the names that have an entry.

    ``own`` are those of the ``items`` of the message that are this customer's.
    """
    persons = [item for item in own if item.kind is Kind.PERSON and _HAN.fullmatch(str(item.value or ""))]
    beside = [*(name for name in customer.names if name not in filed), *_in_one_row(source, persons, filed)]
    beside += [item for item in persons if any(start == item.start for start, _ in _told(source.text))]
    found = [(item.start, str(item.value)) for item in beside if item.value]
    read = {item.start for item in persons}
    told = [(start, end) for start, end in _told(source.text) if start not in read and _is_behind(start, own, items)]
    found += [(start, source.quote(start, end)) for start, end in told]
    names = dict.fromkeys(name for _, name in sorted(found))
    return [name for name in names if name not in {item.value for item in filed}]


def _in_one_row(source: Source, persons: Sequence[Item], filed: Sequence[Item]) -> list[Item]:
    """张三/李四: those between whom and a name that is filed there is nothing but a stroke, a comma, a space, or another."""
    row: list[Item] = []
    for item in [*persons, *reversed(persons)]:
        if item not in row and any(_touch(source, item, other) for other in (*filed, *row)):
            row.append(item)
    return [item for item in row if item not in filed]


def _touch(source: Source, one: Item, other: Item) -> bool:
    first, last = sorted((one, other), key=lambda item: item.start)
    return first is not last and _JOINED.fullmatch(source.text, first.end, last.start) is not None


def _is_behind(start: int, own: Sequence[Item], items: Sequence[Item]) -> bool:
    """Whether the fact that stands last before ``start`` is the customer's own."""
    before = [item for item in items if item.start < start]
    return bool(before) and before[-1] in own


def _told(text: str) -> Iterator[tuple[int, int]]:
    """Where a name stands behind the word for somebody who belongs to the customer: 妻子李四, 同行：王五."""
    for match in _BESIDE.finditer(text):
        words = _HAN.match(text, match.end())
        for length in range(min(_LONGEST, len(words[0]) if words else 0), _SHORTEST - 1, -1):
            if is_common_name(text[match.end() : match.end() + length]):
                yield match.end(), match.end() + length
                break
