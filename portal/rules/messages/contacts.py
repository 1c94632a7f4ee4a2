"""Whose number is whose: people and numbers brought together, and told apart into customers and brokers."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.rows import is_row_of, repeats
from portal.rules.messages.words.labels import Label

_JOINED = re.compile(r"\s*(?:、|/|&|\+|和|与|及|跟|以及|还有|and)\s*")
_JOINED_IN_LABEL = re.compile(r"\s*(?:[、&+/,;]|和|与|及|跟|以及|还有|and)\s*|\s+")
_BETWEEN_NUMBERS = re.compile(r"(?:[\s、/,;:和&+()|]|或者?|备用|另一?个?|还有|电话|手机|号码)*")
_SPEAKS = re.compile(r"\s*:\s*(?![\d+\s])")
_SILENT = {Kind.UNKNOWN, Kind.COUPLE, Kind.HEADING}
_ORGANISATIONS = {Kind.CHANNEL, Kind.ORGANISATION}
_VISITING = {Kind.VISIT, Kind.PARTY, Kind.PROJECT, Kind.RESIDENCE}
_WHOSE = {Label.NAME, Label.CONTACT, Label.PHONE}
_HEADING_SIDES = {
    Label.CUSTOMER: Side.CUSTOMER,
    Label.COMPANY: Side.CUSTOMER,
    Label.BROKER: Side.AGENT,
    Label.CHANNEL: Side.AGENT,
}


@dataclass
class Contact:
    """One or more joined names with their numbers, and the side they are on once it is known.

    ``certain`` is False when only the order or the neighbourhood told the side.
    """

    names: list[Item] = field(default_factory=list)
    phones: list[Item] = field(default_factory=list)
    side: Side | None = None
    certain: bool = True
    mentioned: int = 0  # where it was named last
    closed: bool = False  # it speaks for others: the number behind it is not its own

    @property
    def items(self) -> list[Item]:
        """All facts of the contact in order."""
        return sorted((*self.names, *self.phones), key=lambda item: item.start)

    @property
    def first(self) -> Item:
        """The fact that comes first."""
        return self.items[0]

    @property
    def last(self) -> Item:
        """The fact that comes last."""
        return self.items[-1]

    @property
    def label(self) -> Label | None:
        """The label of the first fact."""
        return self.first.label


def gather_contacts(items: Sequence[Item], text: str, numbered: Container[int]) -> list[Contact]:
    """The contacts of the message in order, each with its side. ``numbered`` are the lines of numbered items."""
    gatherer = _Gatherer(items, text)
    for position, item in enumerate(items):
        gatherer.take(position, item)
    contacts = _without_echoes(sorted(gatherer.contacts, key=lambda contact: contact.first.start))
    _decide_sides(contacts, items, text)
    return _without_bystanders(contacts, numbered, items)


class _Gatherer:
    def __init__(self, items: Sequence[Item], text: str) -> None:
        self.items, self.text = items, text
        self.contacts: list[Contact] = []  # the one spoken of last is the last
        self.heading: Side | None = None

    def take(self, position: int, item: Item) -> None:
        if item.kind is Kind.HEADING and item.label in _HEADING_SIDES:
            self.heading = _HEADING_SIDES[item.label]
        elif item.kind is Kind.PERSON:
            if self.heading and item.label in _HEADING_SIDES:  # 客户：… above, then 经纪人：王磊 and 电话：…
                self.heading = item.side
            self._person(position, item)
        elif item.kind is Kind.PHONE:
            self._phone(position, item)

    def _side(self, item: Item) -> Side | None:
        return item.side or (self.heading if self._is_headed(item) else None)

    def _is_headed(self, item: Item) -> bool:
        """Whether the item is what its label announces, not somebody named behind a labelled number."""
        if item.kind is Kind.PERSON and item.label is Label.PHONE:
            return False
        before = next((each for each in reversed(self.items) if each.start < item.start), None)
        followed = before is not None and before.kind is Kind.PERSON and before.label is Label.PHONE
        return item.label in _WHOSE and not followed

    def _person(self, position: int, person: Item) -> None:
        side = self._side(person)
        last = self.contacts[-1] if self.contacts else None
        if (
            last
            and last.names
            and (self._is_joined(last.names[-1], person) or self._in_a_row(position, last, person))
            and (side is None or last.side in (None, side))
        ):
            last.names.append(person)
            last.side = last.side or side
        elif again := self._named_before(person):
            self.contacts.remove(again)
            self.contacts.append(again)
            again.side, again.mentioned, again.closed = again.side or side, person.start, False
        elif last and not last.names and self._belongs_to_number(position, person, last, side):
            last.names.append(person)
            last.side = last.side or side
        else:
            self.contacts.append(Contact([person], side=side, closed=self._speaks_for_a_channel(position, person)))

    def _speaks_for_a_channel(self, position: int, person: Item) -> bool:
        """甲渠道王磊：…"""
        before = self.items[position - 1] if position else None
        behind_channel = before is not None and before.kind is Kind.CHANNEL and before.line == person.line
        return behind_channel and person.label is None and _SPEAKS.match(self.text, person.end) is not None

    def _is_joined(self, one: Item, other: Item) -> bool:
        same_label = other.label is not None and one.label is other.label and one.line == other.line
        pattern = _JOINED_IN_LABEL if same_label and other.label is not Label.CHANNEL else _JOINED
        return pattern.fullmatch(self.text, one.end, other.start) is not None

    def _in_a_row(self, position: int, last: Contact, person: Item) -> bool:
        """张三 李四, and below them 138… 139…: two names side by side, then a number for each."""
        behind = self.items[position + 1 : position + 3]
        numbers = [each.line for each in behind if each.kind is Kind.PHONE and each.label is None]
        below = len(numbers) == 2 and numbers[0] == numbers[1] > person.line
        return below and last.last.line == person.line and self._touch(last.last, person) and not last.phones

    def _named_before(self, person: Item) -> Contact | None:
        same = [c for c in self.contacts if not c.phones and any(name.value == person.value for name in c.names)]
        return same[-1] if same else None

    def _belongs_to_number(self, position: int, person: Item, last: Contact, side: Side | None) -> bool:
        """A name behind a number that has none: right behind it, or labelled for the same side."""
        if side is not None and last.side is not None:
            return side is last.side
        if person.label is Label.NAME and last.label in (Label.PHONE, Label.CUSTOMER_PHONE):
            return True
        following = self.items[position + 1] if position + 1 < len(self.items) else None
        if self._numbers_come_first(last.phones[-1], person):
            return True
        has_own = following is not None and following.kind is Kind.PHONE and following.line == person.line
        before = [each for each in self.items[:position] if each.kind not in _SILENT]
        adjacent = bool(before) and before[-1] is last.last
        return adjacent and not has_own and side in (None, last.side, Side.CUSTOMER)

    def _numbers_come_first(self, phone: Item, person: Item) -> bool:
        """138… 穆先生 139… 穆太太: whether in this line every number stands before its name."""
        told = [each for each in self.items if each.line == person.line and each.label is None]
        kinds = [each.kind for each in told if each.kind in (Kind.PERSON, Kind.PHONE)]
        pairs = kinds[:4] == [Kind.PHONE, Kind.PERSON] * 2 and kinds[4:5] != [Kind.PHONE]
        return pairs and phone.line == person.line and self._touch(phone, person)

    def _touch(self, one: Item, other: Item) -> bool:
        return not self.text[one.end : other.start].strip(" ,、")

    def _phone(self, position: int, phone: Item) -> None:
        side = self._side(phone)
        owner = self._owner_on(side, phone) if side else self._owner(position, phone)
        if owner is not None:
            owner.phones.append(phone)
        else:
            self.contacts.append(Contact(phones=[phone], side=side or self._agent_if_behind_channel(position, phone)))

    def _owner_on(self, side: Side, phone: Item) -> Contact | None:
        mine = [c for c in self.contacts if c.side is side] or [c for c in self.contacts if c.side is None and c.names]
        if not mine:
            return None
        last = mine[-1]
        free = len(last.phones) < max(1, len(last.names))
        return last if free or self._is_second_number(last, phone) else None

    def _owner(self, position: int, phone: Item) -> Contact | None:
        last = self.contacts[-1] if self.contacts else None
        if last is None or last.closed:
            return None
        if len(last.phones) < max(1, len(last.names)):
            blocked = phone.label is not Label.PHONE and self._behind_channel(position, last)
            return None if blocked else last
        return last if self._is_second_number(last, phone) else None

    def _is_second_number(self, contact: Contact, phone: Item) -> bool:
        previous = contact.phones[-1]
        if contact is not self.contacts[-1] or contact.last is not previous:
            return False
        if previous.label is phone.label and phone.label is not None and phone.line - previous.line == 1:
            return True
        between = _BETWEEN_NUMBERS.fullmatch(self.text, previous.end, phone.start)
        return between is not None and phone.line == previous.line

    def _behind_channel(self, position: int, contact: Contact) -> bool:
        start = max(contact.last.start, contact.mentioned)
        since = [each for each in self.items[:position] if each.start > start and each.kind not in _SILENT]
        if all(each.kind in _ORGANISATIONS for each in since):  # 王磊 甲渠道 136…
            return False
        return any(each.kind in _ORGANISATIONS for each in since) and contact.side is not Side.AGENT

    def _agent_if_behind_channel(self, position: int, phone: Item) -> Side | None:
        before = [each for each in self.items[:position] if each.kind not in _SILENT]
        if before and before[-1].kind in _ORGANISATIONS and before[-1].line == phone.line:
            return Side.AGENT
        return None


def _decide_sides(contacts: list[Contact], items: Sequence[Item], text: str) -> None:
    loud = [item for item in items if item.kind not in _SILENT]
    _by_speaking(contacts, text)
    for rule in (_by_unclear_label, _by_channel_before, _by_channel_inside, _by_channel_behind):
        rule(contacts, loud)
    _give_last_number_to_agent(contacts)
    _by_order(contacts, loud)


def _give_last_number_to_agent(contacts: list[Contact]) -> None:
    """王磊：云栖府 张三 138… 麦田圈 136…: the number without a name that closes the message is the speaker's."""
    agents = [contact for contact in _on(contacts, Side.AGENT) if contact.names and not contact.phones]
    last = contacts[-1] if contacts else None
    others = any(contact.names and contact.phones for contact in contacts)
    if len(agents) != 1 or last is None or last.names or last.side is Side.CUSTOMER or not others:
        return
    agents[0].phones += last.phones
    contacts.remove(last)


def _open(contacts: list[Contact]) -> list[Contact]:
    return [contact for contact in contacts if contact.side is None]


def _on(contacts: list[Contact], side: Side) -> list[Contact]:
    return [contact for contact in contacts if contact.side is side]


def _settle(contact: Contact, side: Side) -> None:
    contact.side, contact.certain = side, False


def _by_speaking(contacts: list[Contact], text: str) -> None:
    """王磊：云栖府 张三 138…: who stands before the colon at the head of the message speaks."""
    if len(contacts) < 2 or contacts[0].label is not None or not contacts[0].names:
        return
    speaker = contacts[0]
    if _SPEAKS.match(text, speaker.names[-1].end) and speaker.side is None and not speaker.names[1:]:
        _settle(speaker, Side.AGENT)


def _without_echoes(contacts: list[Contact]) -> list[Contact]:
    """A number alone that stands beside a name as well is said twice."""
    named = {phone.value for contact in contacts if contact.names for phone in contact.phones if phone.value}
    return [c for c in contacts if c.names or not c.phones or any(phone.value not in named for phone in c.phones)]


def _without_bystanders(contacts: list[Contact], numbered: Container[int], items: Sequence[Item]) -> list[Contact]:
    """Names met in free text, without a number where others have one, are not filed: a friend, a greeting, a mishearing."""
    reached = [customer.first.line for customer in _on(contacts, Side.CUSTOMER) if customer.phones]
    if not reached:
        return contacts
    return [c for c in contacts if not _is_bystander(c, numbered) or is_row_of(items, c.first.line, reached)]


def _is_bystander(contact: Contact, numbered: Container[int]) -> bool:
    free = contact.label in {None, Label.VISIT, Label.PHONE, Label.CUSTOMER_PHONE, Label.PARTY}
    in_list = contact.first.line in numbered
    return contact.side is Side.CUSTOMER and free and not contact.phones and not in_list


def _by_unclear_label(contacts: list[Contact], _loud: list[Item]) -> None:
    """姓名, 联系人: the customer's; but the distributor's when a customer is named already and a company stands before."""
    customers = bool(_on(contacts, Side.CUSTOMER))
    for contact in _open(contacts):
        if contact.label is Label.NAME:
            contact.side = Side.CUSTOMER if not customers else Side.AGENT
        elif contact.label is Label.CONTACT:
            contact.side = Side.AGENT if customers else Side.CUSTOMER
            customers = True


def _neighbour(loud: list[Item], item: Item, step: int) -> Item | None:
    position = next(i for i, each in enumerate(loud) if each is item) + step
    return loud[position] if 0 <= position < len(loud) else None


def _by_channel_before(contacts: list[Contact], loud: list[Item]) -> None:
    for contact in _open(contacts):
        before = _neighbour(loud, contact.first, -1)
        if before is None or before.kind not in _ORGANISATIONS:
            continue
        near = before.line == contact.first.line
        below = before.label is contact.label is None and before.line + 1 == contact.first.line
        if (near or below) and not _opens_a_filing(contact, contacts, loud):
            contact.side = Side.AGENT


def _opens_a_filing(contact: Contact, contacts: list[Contact], loud: list[Item]) -> bool:
    """The only contact, with the visit behind it, is the customer even right behind the distributor's name."""
    behind = _neighbour(loud, contact.last, 1)
    visits = behind is not None and behind.kind in _VISITING
    return len(contacts) == 1 and visits and not any(item.kind is Kind.COMPANY for item in loud)


def _by_channel_inside(contacts: list[Contact], loud: list[Item]) -> None:
    """王磊 甲渠道 136…: a company between name and number, when there is somebody else to be the customer."""
    for contact in _open(contacts) if len(contacts) > 1 else []:
        inside = [item for item in loud if contact.first.start < item.start < contact.last.start]
        if any(item.kind in _ORGANISATIONS for item in inside):
            contact.side = Side.AGENT


def _by_channel_behind(contacts: list[Contact], loud: list[Item]) -> None:
    """王磊 136…（甲渠道）: the company behind a contact is its own unless it begins the next contact."""
    if any(contact.label is Label.BROKER and contact.phones for contact in _on(contacts, Side.AGENT)):
        return  # 报备公司：… above 报备人：… is not the last customer's
    signs_first = _signs_first(contacts, loud)
    for contact in _open(contacts)[0 if signs_first else 1 :] or (
        _open(contacts) if _on(contacts, Side.CUSTOMER) else []
    ):
        behind = _neighbour(loud, contact.last, 1)
        if behind is None or behind.kind not in _ORGANISATIONS or behind.line - contact.last.line > 1:
            continue
        after = _neighbour(loud, behind, 1)
        if not _begins_another(after, behind) or _only_agent(contact, after, contacts):
            contact.side = Side.AGENT


def _signs_first(contacts: list[Contact], loud: list[Item]) -> bool:
    """王磊 136… 甲渠道, and the filing below: nothing about a visit before the first contact, something behind the last."""
    if len(contacts) < 2:
        return False
    visiting = [item.start for item in loud if item.kind in _VISITING]
    before = any(start < contacts[0].first.start for start in visiting)
    return not before and any(start > contacts[-1].last.start for start in visiting)


def _begins_another(after: Item | None, company: Item) -> bool:
    return after is not None and after.kind in (Kind.PERSON, Kind.PHONE) and after.line == company.line


def _only_agent(contact: Contact, after: Item | None, contacts: list[Contact]) -> bool:
    """王磊 136… 甲渠道 客户张三 137…: who follows is a customer by word, so the company is of the one before."""
    told = after is not None and after.side is Side.CUSTOMER
    return told and bool(contact.names) and not _on(contacts, Side.AGENT)


def _by_order(contacts: list[Contact], loud: list[Item]) -> None:
    """Without a better sign the last contact is the broker, when it stands apart from the customers."""
    undecided = _open(contacts)
    agents, customers = _on(contacts, Side.AGENT), _on(contacts, Side.CUSTOMER)
    if undecided and not agents and (customers or len(undecided) > 1):
        last = undecided[-1]
        if last is contacts[-1] and _stands_apart(last, contacts, loud):
            _settle(last, Side.AGENT)
    for contact in _open(contacts):
        _settle(contact, Side.CUSTOMER)


def _stands_apart(contact: Contact, contacts: list[Contact], loud: list[Item]) -> bool:
    """Something was said about the visit since the contact before, and nothing behind this one."""
    if len(contacts) < 2:
        return False
    previous = contacts[contacts.index(contact) - 1]
    if repeats(loud, contact.first.line, previous.first.line):
        return False
    between = [item for item in loud if previous.last.start < item.start < contact.first.start]
    behind = [item for item in loud if item.start > contact.last.start]
    return any(item.kind in _VISITING for item in between) and not any(item.kind in _VISITING for item in behind)
