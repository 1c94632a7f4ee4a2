"""Which of the companies named is the buyer and which the distributor; and what words of no known kind must be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from portal.rules.messages import names, organisations
from portal.rules.messages.contacts import Contact
from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.words.labels import Label

_COMPANY_BUYS = re.compile(
    r"大宗|企业客户|公司客户|单位客户|机构客户|团购客户|(?:企业|公司|单位)(?:名义)?(?:购房|购买)|客户(?:类型|性质|属性|类别)\s?:?\s?(?:企业|公司|单位|机构|法人|大宗)"
)
_WHOLE = re.compile(r"[\u3400-\u9fff·]{2,8}")
_EDGE = " \t\n|/,;、()【】:-—"


def tell_companies_apart(items: Sequence[Item], text: str) -> list[Item]:
    """Each company as COMPANY (the buyer) or CHANNEL (the distributor)."""
    buys = _COMPANY_BUYS.search(text) is not None or any(
        item.kind is Kind.COMPANY and item.label is Label.COMPANY for item in items
    )
    has_channel = any(item.kind is Kind.CHANNEL for item in items)
    has_buyer = any(item.kind is Kind.COMPANY for item in items)
    told = []
    for position, item in enumerate(items):
        if item.kind is Kind.ORGANISATION:
            buyer = buys and not has_buyer and (has_channel or _is_trade(str(item.value)))
            item = replace(item, kind=Kind.COMPANY if buyer else Kind.CHANNEL, sure=item.sure and not buys)
        elif item.kind is Kind.COMPANY and item.label in (None, Label.BROKER) and not buys and not has_channel:
            followed = position + 1 < len(items) and items[position + 1].kind is Kind.PERSON
            item = replace(item, kind=Kind.CHANNEL) if followed else item
        told.append(item)
    return told


def _is_trade(words: str) -> bool:
    return organisations.company_prefix(words) > 0 and not organisations.is_estate(words)


def name_the_unknown(items: Sequence[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    """Words of no known kind: beside a customer's number without a name they are the name, before a broker the company."""
    known = list(items)
    if not any(item.kind is Kind.CHANNEL for item in known):
        known = _with_channel(known, contacts, text)
    return _with_names(known, contacts, text)


def _stands_alone(item: Item, text: str) -> bool:
    before, behind = text[item.start - 1 : item.start], text[item.end : item.end + 1]
    return (
        before.strip(_EDGE) == ""
        and behind.strip(_EDGE) == ""
        and _WHOLE.fullmatch(text[item.start : item.end]) is not None
    )


def _with_channel(items: list[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    firsts = [contact.first for contact in contacts if contact.side is Side.AGENT]
    done = []
    for item, behind in zip_longest(items, items[1:]):
        before_agent = item.kind is Kind.UNKNOWN and any(behind is first for first in firsts)
        if before_agent and behind is not None and behind.line - item.line <= 1 and _stands_alone(item, text):
            item = replace(item, kind=Kind.CHANNEL, sure=False)
        done.append(item)
    return done


def _with_names(items: list[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    nameless = [c for c in contacts if c.side is Side.CUSTOMER and not c.names]
    done: list[Item] = []
    for item, behind in zip_longest(items, items[1:]):
        contact = next((c for c in nameless if c.first is behind), None)
        if item.kind is Kind.UNKNOWN and contact and _stands_alone(item, text) and _near(item, contact):
            name = names.written_name(str(item.value))
            if names.could_be_a_name(text[item.start : item.end]):
                item = replace(item, kind=Kind.PERSON, value=name, side=Side.CUSTOMER, sure=False)
                contact.names.append(item)
        done.append(item)
    return done


def _near(item: Item, contact: Contact) -> bool:
    return contact.first.line - item.line <= 1 and contact.first.label is None
