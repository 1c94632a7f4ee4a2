"""Which facts belong to which of several customers, and which were said once for all."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from portal.rules.messages.contacts import Contact
from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.layout import Line

_SAID_BY_CLAUSE = {Kind.PROJECT, Kind.VISIT, Kind.PARTY, Kind.RESIDENCE}
_CLAUSE_END = re.compile(r"[;\n]|(?:[组位批]|如下|名单|分别|报备):")
Owners = list[int | None]  # for each line, the customer whose it is; None: everybody's


class Blocks:
    """The lines and facts of a message divided among its customers."""

    def __init__(self, lines: Sequence[Line], items: Sequence[Item], contacts: Sequence[Contact], text: str) -> None:
        self.lines, self.items, self.text = lines, items, text
        self.customers = [contact for contact in contacts if contact.side is Side.CUSTOMER]
        self.agents = [contact for contact in contacts if contact.side is Side.AGENT]
        self._firsts = [customer.first for customer in self.customers]
        self._clause_ends = [match.end() for match in _CLAUSE_END.finditer(text)]
        self._owner = self._divide()
        self._known: dict[int, int | None] = {}  # by the fact's identity: each is asked about many times
        self._starts = self._own_starts()

    def owner(self, item: Item) -> int | None:
        """The number of the customer whose fact this is; None when it was said for all."""
        if id(item) not in self._known:
            self._known[id(item)] = self._owner(item)
        return self._known[id(item)]

    def first_start(self) -> int:
        """Where the first customer's own facts begin."""
        return min(self._starts.values(), default=0)

    def start(self, customer: int) -> int:
        """Where the customer's own facts begin."""
        return self._starts.get(customer, 0)

    def _own_starts(self) -> dict[int, int]:
        starts: dict[int, int] = {}
        for item in self.items:
            owner = self.owner(item)
            if owner is not None:
                starts.setdefault(owner, item.start)
        return starts

    def _divide(self) -> Callable[[Item], int | None]:
        if len(self.customers) < 2:
            return lambda _item: 0
        for split in (self._by_numbers, self._by_sections, self._by_lines, self._by_repetition):
            owners = split()
            if owners is not None:
                return lambda item, owners=owners: owners[item.line]  # type: ignore[misc]
        return self._by_order

    def _line_of(self, customer: Contact) -> Line:
        return self.lines[customer.first.line]

    def _by_numbers(self) -> Owners | None:
        """1. 2. 3.: every numbered item holds one customer; what follows the last item is everybody's."""
        numbers = [self._line_of(customer).item for customer in self.customers]
        all_items = {line.item for line in self.lines if line.item is not None}
        if None in numbers or len(set(numbers)) < len(numbers) or all_items != set(numbers):
            return None
        sizes = Counter(line.item for line in self.lines if line.item is not None)
        last = max(sizes)
        usual = max(size for number, size in sizes.items() if number != last)
        whose = {number: index for index, number in enumerate(numbers)}
        seen: Counter[int | None] = Counter()
        owners: Owners = []
        for line in self.lines:
            seen[line.item] += 1
            is_footer = line.item == last and seen[last] > usual
            owners.append(None if line.item is None or is_footer else whose[line.item])
        return owners

    def _by_sections(self) -> Owners | None:
        """Rules or empty lines between the customers."""
        sections = [self._line_of(customer).section for customer in self.customers]
        if len(set(sections)) < len(sections):
            return None
        whose = {section: index for index, section in enumerate(sections)}
        return [whose.get(line.section) for line in self.lines]

    def _by_lines(self) -> Owners | None:
        """Each customer, name and number, on a line of its own."""
        numbers = [customer.first.line for customer in self.customers]
        in_one_line = all(item.line == c.first.line for c in self.customers for item in c.items)
        if len(set(numbers)) < len(numbers) or not in_one_line:
            return None
        whose = {number: index for index, number in enumerate(numbers)}
        return [whose.get(line.number) for line in self.lines]

    def _by_repetition(self) -> Owners | None:
        """The kind of line that comes once for each customer begins its block."""
        keys = [self._key(line) for line in self.lines]
        for key in dict.fromkeys(keys):
            starts = [number for number, each in enumerate(keys) if each == key]
            if key is not None and len(starts) == len(self.customers) and self._one_each(starts):
                return self._repeated_owners(keys, starts)
        return None

    def _key(self, line: Line) -> str | None:
        first = line.zones[0] if line.zones else None
        if first and first.label:
            return str(first.label)
        return next((f"free {item.kind}" for item in self.items if item.line == line.number), None)

    def _one_each(self, starts: list[int]) -> bool:
        bounds = [*starts, len(self.lines)]
        counts = [
            sum(first <= customer.first.line < after for customer in self.customers)
            for first, after in pairwise(bounds)
        ]
        return all(count == 1 for count in counts)

    def _repeated_owners(self, keys: list[str | None], starts: list[int]) -> Owners:
        """What the last block has and no other block has stands there for all."""
        usual = {keys[number] for number in range(starts[0], starts[-1])}
        owners: Owners = []
        for number, key in enumerate(keys):
            block = sum(start <= number for start in starts) - 1
            is_extra = block == len(starts) - 1 and key not in usual
            owners.append(None if block < 0 or is_extra else block)
        return owners

    def _by_order(self, item: Item) -> int | None:
        """Several customers in one line: what stands between two belongs to the first of them."""
        if item.kind in _SAID_BY_CLAUSE and (mine := self._in_clause(item)) is not None:
            return mine
        before = [n for n, first in enumerate(self._firsts) if first.start <= item.start]
        if not before or item.line != self._firsts[before[-1]].line:
            return next((n for n, c in enumerate(self.customers) if any(each is item for each in c.items)), None)
        mine = before[-1]
        if mine < len(self.customers) - 1 or any(each is item for each in self.customers[mine].items):
            return mine
        return mine if self._others_have(item.kind) else None

    def _in_clause(self, item: Item) -> int | None:
        """The only customer between the same two semicolons, when each customer has such a clause with such a fact."""
        clauses = [self._clause(first) for first in self._firsts]
        saying = {self._clause(each) for each in self.items if each.kind is item.kind}
        if len(set(clauses)) < len(clauses) or not saying >= set(clauses):
            return None
        return next((n for n, clause in enumerate(clauses) if clause == self._clause(item)), None)

    def _clause(self, item: Item) -> int:
        return bisect_right(self._clause_ends, item.start)

    def _others_have(self, kind: Kind) -> bool:
        """Whether each customer before the last has a fact of this kind of its own."""
        starts = [first.start for first in self._firsts]
        return all(
            any(first < item.start < after and item.kind is kind for item in self.items)
            for first, after in pairwise(starts)
        )
