"""Companies without a telling name, read from where they stand: before or behind the broker who closes a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from itertools import pairwise

from portal.rules.messages import names, organisations
from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.words.labels import Label
from portal.rules.messages.words.places import PLACES
from portal.rules.messages.words.surnames import COMMON, NICKNAMES, NOT_NAMES

_APART = re.compile(r"[\s|/,;、·()\[\]【】:+\-—~\\的]*(?:(?:联系)?电话|手机号?码?|号码|联系方式)?[\s:]*")
_REPORTS = re.compile(r"[\s,:]*(?:报备?|带看|推荐)")
_SHORTEST_COMPANY = 2
_LONGEST_NAME = 3
_ENDS_A_COMPANY = "家居房屋"  # 居 and 房 are family names, too
_LATIN_TAIL = re.compile(rf"[{''.join(sorted(COMMON))}{NICKNAMES}]?[a-z]{{2,}}$")
_OF_A_BROKER = {Label.BROKER, Label.BROKER_PHONE, Label.CHANNEL, Label.ORGANISATION}
_SOMEBODY = {Kind.PERSON, Kind.PHONE, Kind.COMPANY, Kind.UNKNOWN}
_Reader = Callable[[list[Item], int, str], list[Item] | None]
_WORDS = {Kind.PERSON, Kind.UNKNOWN}


def find_channel_by_position(items: Sequence[Item], text: str, numbered: Container[int]) -> list[Item]:
    """The items with the distributor marked as such when no company was recognised.

    麦田圈 王磊 138…, 麦田圈王磊138… and 王磊 138…（麦田圈）: two words at the last number are the broker and his company.
    ``numbered`` are the lines that begin a numbered item, where two words at a number are not the broker.
    """
    known = [_behind_channel(items, position, item) for position, item in enumerate(items)]
    if any(item.kind in (Kind.CHANNEL, Kind.ORGANISATION) for item in known):
        return known
    phones = [position for position, item in enumerate(known) if item.kind is Kind.PHONE]
    brokers = [n for n in phones if known[n].label in _OF_A_BROKER] or phones[-1:]
    readings: list[tuple[_Reader, int]] = []
    if brokers and _is_the_brokers(known, brokers[-1], numbered):
        readings = [(reader, brokers[-1]) for reader in (_glued, _before, _behind)]
    if len(phones) > 1 and _opens_the_message(known, phones[0], text):
        readings += [(reader, phones[0]) for reader in (_glued, _before)]
    if len(phones) > 1 and _visits_only_below(known, phones):
        readings.append((_behind, phones[0]))
    if opened := _opening_pair(known, text):
        return opened
    found = (reader(known, position, text) for reader, position in readings)
    done = next((items for items in found if items is not None), None)
    return done or _in_brackets(known, text) or _of_two_labels(known)


def _in_brackets(items: list[Item], text: str) -> list[Item] | None:
    """王磊（麦田圈）报备: a word in brackets right behind a name is his company."""
    for position, (person, word) in enumerate(pairwise(items)):
        enclosed = text[word.start - 1 : word.start] == "(" and text[word.end : word.end + 1] == ")"
        free = person.kind is Kind.PERSON and person.label is None and person.side is not Side.CUSTOMER
        unusual = _can_be_company(word) and not names.is_common_name(str(word.value))
        if free and enclosed and unusual and word.start - person.end == 1:
            return [*items[: position + 1], _company(word), *items[position + 2 :]]
    return None


def _opens_the_message(items: Sequence[Item], phone: int, text: str) -> bool:
    """Whether the words at the number begin the message or, below the project alone, a line of their own."""
    first = next((n for n in range(phone - 1, -1, -1) if items[n].kind not in _WORDS), -1) + 1
    head = text[: items[first].start]
    if first == phone or (names.is_common_name(str(items[first].value)) and not _is_signed(items, first, phone, text)):
        return False
    return not head.strip(" 【[(") or (head.endswith("\n") and all(i.kind is Kind.PROJECT for i in items[:first]))


def _opening_pair(items: list[Item], text: str) -> list[Item] | None:
    """卓文君 半亩方塘 报云栖府: a usual name and a word before the verb are broker and company, without a number."""
    if len(items) < 3 or items[0].kind is not Kind.PERSON or not _can_be_company(items[1]):
        return None
    opens = not text[: items[0].start].strip(" 【[(") and _REPORTS.match(text, items[1].end) is not None
    if not opens or items[1].kind is not Kind.UNKNOWN or not _together(text, items[0], items[1]):
        return None
    return [replace(items[0], side=Side.AGENT), _company(items[1]), *items[2:]]


def _visits_only_below(items: Sequence[Item], phones: Sequence[int]) -> bool:
    """Whether all about the visit stands behind the first number, and some of it behind the last: a signature opens."""
    visiting = [n for n, item in enumerate(items) if item.kind in (Kind.VISIT, Kind.PARTY, Kind.PROJECT)]
    return bool(visiting) and visiting[0] > phones[0] and visiting[-1] > phones[-1] and phones[0] == 1


def _is_signed(items: Sequence[Item], first: int, phone: int, text: str) -> bool:
    """龙飞 徽府置地 138… 报备: a usual name and a word of no known kind before the number are broker and company."""
    behind = text[items[phone].end :].lstrip(" ")
    if phone - first != 2 or items[first + 1].side is not None:
        return False
    return not names.is_common_name(str(items[first + 1].value)) and behind.startswith(("报", "带", "\n"))


def _of_two_labels(items: list[Item]) -> list[Item]:
    """中介：麦田圈 above 经纪人：王磊: the first of two, on its own line, is the company."""
    named = [item for item in items if item.kind is Kind.PERSON and item.label is Label.BROKER]
    if len({item.line for item in named}) != 2 or len(named) != 2 or names.is_common_name(str(named[0].value)):
        return items
    if any(item.kind is Kind.PHONE and item.line == named[0].line for item in items):
        return items
    return [_company(item) if item is named[0] else item for item in items]


def _behind_channel(items: Sequence[Item], position: int, item: Item) -> Item:
    """Whatever stands between a distributor and a number is the broker's name (甲渠道 江南 138…)."""
    if not 0 < position < len(items) - 1 or item.kind not in (Kind.UNKNOWN, Kind.RESIDENCE):
        return item
    before, behind = items[position - 1], items[position + 1]
    if item.label is not before.label:
        return item
    between = before.kind is Kind.CHANNEL and behind.kind is Kind.PHONE
    between = between and item.line - before.line <= 1 and behind.line - item.line <= 1
    if not between or not names.could_be_called(str(item.value)):
        return item
    return replace(item, kind=Kind.PERSON, side=Side.AGENT, sure=False)


def _is_the_brokers(items: Sequence[Item], last: int, numbered: Container[int]) -> bool:
    """Whether the number closes the message behind somebody else, who then is the customer."""
    phone = items[last]
    if phone.label in _OF_A_BROKER or phone.side is Side.AGENT:
        return True
    own = next((n for n in range(last - 1, -1, -1) if items[n].kind not in {*_WORDS, Kind.RESIDENCE}), -1)
    somebody = any(item.kind in _SOMEBODY for item in items[: own + 1])
    alone = phone.line not in numbered or sum(item.kind is Kind.PHONE and item.line == phone.line for item in items) > 1
    return somebody and alone and phone.side is not Side.CUSTOMER


def _together(text: str, one: Item, other: Item) -> bool:
    return other.line - one.line <= 1 and _APART.fullmatch(text, one.end, other.start) is not None


def _is_a_word(tail: str) -> bool:
    """Whether the words are a town or an everyday word that somebody may bear as a name."""
    return tail in PLACES or (tail in NOT_NAMES and names.could_be_called(tail))


def where_the_name_begins(words: str) -> int | None:
    """Where the broker's name begins in 麦田圈王磊."""
    latin = _LATIN_TAIL.search(words)
    if latin and latin.start() >= _SHORTEST_COMPANY:
        return latin.start()
    for size in (2, 3, 4) if words[-2:-1] == "阿" else (3, 2, 4):
        head, tail = words[:-size], words[-size:]
        if len(head) >= _SHORTEST_COMPANY and names.is_common_name(tail):
            return len(head)
    for size in (3, 2):
        head, tail = words[:-size], words[-size:]
        if len(head) >= _SHORTEST_COMPANY and names.looks_like_a_name(tail) and tail[0] not in _ENDS_A_COMPANY:
            return len(head)
    head, tail = words[:-2], words[-2:]
    return len(head) if len(head) >= _SHORTEST_COMPANY and _is_a_word(tail) else None


def _glued(items: list[Item], last: int, text: str) -> list[Item] | None:
    word = items[last - 1] if last else None
    if word is None or word.kind is not Kind.UNKNOWN or not _together(text, word, items[last]):
        return None
    words = text[word.start : word.end]
    cut = where_the_name_begins(words)
    if cut is None or len(str(word.value)) != word.end - word.start:
        return None
    named = any(item.kind is Kind.PERSON and item.side is Side.AGENT for item in items)
    if _is_a_word(words[cut:]) and (named or text[word.start - 1 : word.start] == "("):
        return None  # 高山带看：… 一米阳光 138…: the broker is known
    middle, value = word.start + cut, str(word.value)
    company = _company(replace(word, end=middle, value=value[:cut]))
    broker = replace(word, kind=Kind.PERSON, start=middle, value=value[cut:], side=Side.AGENT, sure=False)
    return [*items[: last - 1], company, broker, *items[last:]]


def _before(items: list[Item], last: int, text: str) -> list[Item] | None:
    if last < 2:
        return None
    company, broker, phone = items[last - 2 : last + 1]
    words = text[broker.start : broker.end]
    is_town = broker.kind is Kind.RESIDENCE and words in PLACES and not names.is_common_name(str(company.value))
    if not _can_be_company(company) or not (is_town or broker.kind in _WORDS):
        return None
    if not _together(text, company, broker) or not _together(text, broker, phone):
        return None
    if _name_comes_first(company, broker, text):
        return [*items[: last - 1], _company(broker), *items[last:]]
    if not is_town and not names.could_be_called(words):
        return None
    broker = replace(broker, kind=Kind.PERSON, value=names.written_name(str(broker.value)), side=Side.AGENT)
    return [*items[: last - 2], _company(company), broker, *items[last:]]


def _name_comes_first(one: Item, other: Item, text: str) -> bool:
    """经纪人：王磊（麦田圈）138… or 王磊 麦田圈 138…: right behind the label stands the name."""
    if text[other.start - 1] == "(":
        short = len(str(one.value)) <= _LONGEST_NAME and not names.is_common_name(str(other.value))
        return one.kind is Kind.PERSON or short
    if one.kind is not Kind.PERSON:
        return False
    if other.kind is Kind.UNKNOWN and len(str(other.value)) >= _LONGEST_NAME >= len(str(one.value)):
        return True
    labelled = one.label is Label.BROKER and one.side is Side.AGENT
    usual = names.is_common_name(str(one.value)) and not names.is_common_name(str(other.value))
    return usual and (labelled or other.kind is Kind.PERSON)


def _behind(items: list[Item], last: int, text: str) -> list[Item] | None:
    if last + 1 >= len(items) or items[last - 1].kind is not Kind.PERSON:
        return None
    company = items[last + 1]
    ends = not text[company.end :].split("\n")[0].strip(" )】].。!~")
    ends = ends or company.start == items[last].end  # 王磊138…麦田圈 明天两点
    if not _can_be_company(company) or not ends or not _together(text, items[last], company):
        return None
    return [*items[: last + 1], _company(company), *items[last + 2 :]]


def _can_be_company(item: Item) -> bool:
    words = str(item.value)
    return item.kind in _WORDS and item.side is not Side.CUSTOMER and 2 <= len(words) <= 10


def _company(item: Item) -> Item:
    cut = organisations.announced(str(item.value))
    name = str(item.value)[cut:].removesuffix("的")
    return replace(item, kind=Kind.CHANNEL, start=item.start + cut, value=name, side=None, sure=False)
