"""Facts become entries: one per customer and project, each field with the words it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from portal.rules.messages.answer import FIELDS, Doubt, Entry, Mark
from portal.rules.messages.blocks import Blocks
from portal.rules.messages.companions import companions_of
from portal.rules.messages.contacts import Contact
from portal.rules.messages.fold import Source
from portal.rules.messages.items import Item, Kind
from portal.rules.messages.visits import Moment
from portal.rules.messages.words.labels import Label

_SAME_BREATH = re.compile(r"[\s、,/&+和与及跟|()【】;]*(?:以及|还有|and)?[\s、,/&+和与及跟|()【】]*")
_ALSO = re.compile(
    r"都看|都要看|都想看|也看|也想看|也去看|还想看|还看|还要看|再看|再去看|顺便看|另外看|两个项目|两个楼盘|都报|也报"
)
_DISLIKED = re.compile(r"\s?(?:那边|这边)?(?:不太?|没|太|看过|已看|去过|来过|看了|买不)")
_SEEN = re.compile(r"(?:看过|去过|看了|来过|对比过?|比较过|(?:不|不想|不再|先不)(?:看|去|要|考虑))$")
_SOON = timedelta(minutes=20)


@dataclass(frozen=True)
class Value:
    """A field's value and its mark."""

    value: Any = None
    mark: Mark = field(default_factory=Mark)


class Composer:
    """Puts the entries of one message together."""

    def __init__(self, source: Source, blocks: Blocks, received_at: datetime) -> None:
        self.source, self.blocks, self.received_at = source, blocks, received_at

    def entries(self) -> tuple[Entry, ...]:
        """All entries in order of mention."""
        found: list[Entry] = []
        for number, customer in enumerate(self.blocks.customers):
            for name, phone in self._persons(customer):
                found += self._of_customer(number, name, phone)
        if not found and any(item.kind is Kind.COMPANY for item in self.blocks.items):
            found += self._of_customer(0, None, None)
        return tuple(found)

    def _persons(self, customer: Contact) -> list[tuple[Item | None, Item | None]]:
        """Two names and two numbers are two persons; two numbers under one name are the first usable one."""
        if len(customer.names) > 1 and len(customer.phones) > 1:
            return list(zip(customer.names, customer.phones, strict=False))
        usable = [phone for phone in customer.phones if phone.value is not None] or customer.phones
        return [(customer.names[0] if customer.names else None, usable[0] if usable else None)]

    def _of_customer(self, number: int, name: Item | None, phone: Item | None) -> list[Entry]:
        broker_name, broker_phone = self._broker(number)
        common = {
            "customer_name": self._of_item(name, sure=self._is_certain(number)),
            "phone": self._of_item(phone),
            "company": self._said(number, Kind.COMPANY, everywhere=True),
            "party_size": self._party(number),
            "residence": self._said(number, Kind.RESIDENCE),
            "broker_name": broker_name,
            "broker_phone": broker_phone,
            "channel_company": self._said(number, Kind.CHANNEL, everywhere=True),
            "id_number": self._said(number, Kind.ID),
        }
        also = self._also_named(number)
        pairs = self._projects_with_visits(number)
        return [_entry({**common, "project": project, "visit_at": visit}, also) for project, visit in pairs]

    def _also_named(self, number: int) -> tuple[str, ...]:
        """张三/李四 138…, one number for two: the one who is not filed."""
        if not self.blocks.customers:
            return ()
        filed = [name for each in self.blocks.customers for name, _phone in self._persons(each) if name]
        known = {item.value for item in (*filed, *(name for agent in self.blocks.agents for name in agent.names))}
        own = [item for item in self.blocks.items if self.blocks.owner(item) == number]
        beside = companions_of(self.source, self.blocks.customers[number], filed, own, self.blocks.items)
        return tuple(name for name in beside if name not in known)

    def _is_certain(self, number: int) -> bool:
        return not self.blocks.customers or self.blocks.customers[number].certain

    # One fact, several facts

    def _of_item(self, item: Item | None, *, sure: bool = True) -> Value:
        if item is None:
            return Value()
        words = self.source.quote(item.start, item.end)
        if item.value is None:
            return Value(None, Mark(words, Doubt.MISSING))
        return Value(item.value, Mark(words, Doubt.SURE if item.sure and sure else Doubt.CHECK))

    def _own(self, number: int, kinds: set[Kind]) -> list[Item]:
        return [item for item in self.blocks.items if item.kind in kinds and self.blocks.owner(item) == number]

    def _shared(self, number: int, kinds: set[Kind]) -> list[Item]:
        """What was said for all: headings hold for the customers below them, a footer for those above, nearest first."""
        shared = [item for item in self.blocks.items if item.kind in kinds and self.blocks.owner(item) is None]
        start = self.blocks.start(number)
        above = [item for item in reversed(shared) if item.start < start]
        below = [item for item in shared if item.start >= start]
        heads = bool(shared) and shared[0].start < self.blocks.first_start()
        return above + below if heads else below + above

    def _said(self, number: int, kind: Kind, *, everywhere: bool = False) -> Value:
        """The customer's own fact, else the shared one; ``everywhere``: else the only one of the message."""
        found = _labelled_first(self._own(number, {kind})) or self._shared(number, {kind})
        if not found and everywhere:
            anywhere = [item for item in self.blocks.items if item.kind is kind]
            found = anywhere if len({item.value for item in anywhere}) == 1 else []
        usable = [item for item in found if item.value is not None] or found
        return self._of_item(usable[0] if usable else None)

    def _party(self, number: int) -> Value:
        for kind in (Kind.PARTY, Kind.COUPLE):
            found = _labelled_first(self._own(number, {kind}))
            if found:
                return self._of_item(found[0])
        couples = [] if self._shared(number, {Kind.PARTY}) else self._shared(number, {Kind.COUPLE})
        return self._of_item(couples[0]) if couples else self._said(number, Kind.PARTY)

    # The broker

    def _broker(self, number: int) -> tuple[Value, Value]:
        mine = self._agents(number)
        named = next((agent for agent in sorted(mine, key=lambda agent: not agent.certain) if agent.names), None)
        if named is None and not mine:
            return Value(), Value()
        first = named or mine[0]
        with_phone = first if first.phones else next((a for a in mine if a.phones and not a.names), first)
        name = first.names[0] if first.names else None
        phones = [phone for phone in with_phone.phones if phone.value is not None] or with_phone.phones
        return self._of_item(name, sure=first.certain), self._of_item(phones[0] if phones else None, sure=first.certain)

    def _agents(self, number: int) -> list[Contact]:
        agents = self.blocks.agents
        own = [agent for agent in agents if self.blocks.owner(agent.first) == number]
        if own:
            return own
        shared = self._shared(number, {Kind.PERSON, Kind.PHONE})
        near = [agent for item in shared for agent in agents if agent.first is item]
        names = {agent.names[0].value for agent in agents if agent.names}
        return near or (agents if len(names) <= 1 else [])

    # Projects and visits

    def _projects_with_visits(self, number: int) -> list[tuple[Value, Value]]:
        own = self._wanted(self._meant(self._own(number, {Kind.PROJECT})))
        named = _distinct(own or self._first_breath(self._shared(number, {Kind.PROJECT})))
        visits = self._moments(number)
        for mentions in (named, self._last_mentions(named)) if len(named) > 1 else ():
            if paired := self._pairs(mentions, visits):
                return paired
        together = self._together(named)
        visit = self._visit(number, visits)
        return [(self._of_item(item), visit) for item in together] or [(Value(), visit)]

    def _meant(self, items: list[Item]) -> list[Item]:
        """Projects under their label and those in one breath with them; without any label all."""
        labelled = [item for item in items if item.label is Label.PROJECT]
        if not labelled:
            return items
        breath = self._first_breath([labelled[0], *(item for item in items if item is not labelled[0])])
        return [item for item in items if item in labelled or item in breath]

    def _wanted(self, items: list[Item]) -> list[Item]:
        """Without the projects that the customer has seen or does not like, unless there is no other."""
        text = self.source.text
        wanted = [
            item
            for item in items
            if not _DISLIKED.match(text, item.end) and not _SEEN.search(text, max(0, item.start - 4), item.start)
        ]
        return wanted or items

    def _first_breath(self, items: list[Item]) -> list[Item]:
        """The nearest shared project and those named in one breath with it."""
        if not items:
            return []
        ordered = sorted(items, key=lambda item: item.start)
        position = ordered.index(items[0])
        first = last = position
        while first > 0 and self._same_breath(ordered[first - 1], ordered[first]):
            first -= 1
        while last + 1 < len(ordered) and self._same_breath(ordered[last], ordered[last + 1]):
            last += 1
        return ordered[first : last + 1]

    def _same_breath(self, one: Item, other: Item) -> bool:
        return _SAME_BREATH.fullmatch(self.source.text, one.end, other.start) is not None

    def _together(self, named: list[Item]) -> list[Item]:
        """Several projects count when they are named in one breath, or when the message says that both are meant."""
        if len(named) < 2 or _ALSO.search(self.source.text):
            return named
        kept = named[:1]
        for item in named[1:]:
            if not self._same_breath(kept[-1], item):
                break
            kept.append(item)
        return kept

    def _pairs(self, named: list[Item], visits: list[Item]) -> list[tuple[Value, Value]] | None:
        """Each project with its own visit: as many hours as projects, two by two."""
        hours = [item for item in visits if item.moment and item.moment.has_hour]
        named = sorted(named, key=lambda item: item.start)
        ordered = sorted([*named, *hours], key=lambda item: item.start)
        in_turn = all(
            (one.kind is Kind.PROJECT) != (other.kind is Kind.PROJECT)
            for one, other in zip(ordered[::2], ordered[1::2], strict=False)
        )
        if len(hours) != len(named) or not in_turn:
            return None
        return [
            (self._of_item(project), self._resolved(self._with_day(hour, [*visits, *hours[:number]]), [hour]))
            for number, (project, hour) in enumerate(zip(named, hours, strict=True))
        ]

    def _last_mentions(self, named: list[Item]) -> list[Item]:
        """高新天玺和浐灞半岛, 先看高新天玺10点: the same projects where they were named last."""
        again = {item.value: item for item in self.blocks.items if item.kind is Kind.PROJECT}
        return [again[item.value] for item in named]

    def _with_day(self, item: Item, earlier: Sequence[Item]) -> Moment:
        assert item.moment is not None
        moment = item.moment
        for other in reversed(earlier):
            if moment.day is None and other.moment and other.moment.day:
                moment = replace(moment, day=other.moment.day)
        return moment

    def _moments(self, number: int) -> list[Item]:
        return _labelled_first(self._own(number, {Kind.VISIT}))

    def _visit(self, number: int, own: list[Item]) -> Value:
        shared = _labelled_first(self._shared(number, {Kind.VISIT}))
        said = _counted_first([*own, *shared])
        if said:
            moment = said[0].moment
            assert moment is not None
            used = said[:1]
            for other in said[1:]:
                if other.moment and _completes(moment, other.moment):
                    moment = moment.filled_from(other.moment)
                    used.append(other)
            return self._resolved(moment, used)
        return self._visit_as_last_resort(number)

    def _visit_as_last_resort(self, number: int) -> Value:
        """马上到 is today; a time of submission that lies ahead can only be the visit."""
        for item in (*self._own(number, {Kind.AT_ONCE}), *self._shared(number, {Kind.AT_ONCE})):
            if item.moment:
                return self._resolved(item.moment, [item])
        for item in (*self._own(number, {Kind.SUBMITTED}), *self._shared(number, {Kind.SUBMITTED})):
            when = item.moment.resolve(self.received_at) if item.moment else None
            if isinstance(when, datetime) and when > self.received_at + _SOON and item.moment:
                return self._resolved(item.moment, [item])
        return Value()

    def _resolved(self, moment: Moment, used: Iterable[Item]) -> Value:
        items = list(used)
        words = " ".join(self.source.quote(item.start, item.end) for item in items)
        when = moment.resolve(self.received_at)
        if when is None:
            return Value(None, Mark(words, Doubt.MISSING))
        sure = all(item.sure for item in items) and not moment.guessed
        return Value(when, Mark(words, Doubt.SURE if sure else Doubt.CHECK))


def _counted_first(said: list[Item]) -> list[Item]:
    """今天想看, 大概40分钟后到: the hour counted from now is the visit of today."""
    counted = [item for item in said if item.moment and item.moment.after is not None]
    if not counted or said[0].moment is None or said[0].moment.has_hour:
        return said
    today = said[0].moment.day is None or said[0].moment.day.is_today
    return [counted[0], *(item for item in said if item is not counted[0])] if today else said


def _completes(moment: Moment, other: Moment) -> bool:
    """Whether the other moment has the day or the hour that this one lacks, and nothing else."""
    if moment.after is not None or other.after is not None:
        return False
    if moment.day is None and other.day is not None:
        return other.clock is None or moment.clock is not None
    if moment.clock is not None or other.clock is None or other.day is not None:
        return False
    return moment.day is not None or (moment.period is not None and other.period in (None, moment.period))


def _labelled_first(items: list[Item]) -> list[Item]:
    """Facts under their own label outrank those met in free text."""
    labels = {Kind.VISIT: {Label.VISIT}, Kind.PARTY: {Label.PARTY}}
    labels |= {Kind.RESIDENCE: {Label.RESIDENCE, Label.ORIGIN}, Kind.CHANNEL: {Label.CHANNEL, Label.ORGANISATION}}
    labelled = [item for item in items if item.label in labels.get(item.kind, set())]
    rest = [item for item in items if not any(item is each for each in labelled)]
    return [*labelled, *rest]


def _distinct(items: list[Item]) -> list[Item]:
    seen: dict[object, Item] = {}
    for item in items:
        seen.setdefault(item.value, item)
    return list(seen.values())


def _entry(values: dict[str, Value], also_named: tuple[str, ...]) -> Entry:
    marks = {name: values[name].mark for name in FIELDS}
    return Entry(**{name: values[name].value for name in FIELDS}, marks=marks, also_named=also_named)
