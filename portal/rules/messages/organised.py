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
    r"大宗|大客户|企业客户|公司客户|单位客户|机构客户|团购客户|(?:企业|公司|单位)(?:名义)?(?:购房|购买)|客户(?:类型|性质|属性|类别)\s?:?\s?(?:企业|公司|单位|机构|法人|大宗)"
)
_WHOLE = re.compile(r"[\u3400-\u9fff·]{2,8}")
_SIGNATURE = re.compile(r"(?![请望盼速急务收谢拜感辛麻期敬特此祝等待有])[\u3400-\u9fff]{2,6}")
_FILES = re.compile(r"[】\])]?\s?(?:客户|渠道|新客|来访)?(?:报备|带看|到访|推荐|申请)")
_ANNOUNCES = re.compile(r"(?:登记|登记一下|登记下|报备|报一下|报下|录入|预约|客户|客人)$")  # 麻烦登记风波恶 138…
_DWELLING = re.compile(r"[房厅居室卫型层户平米的]$|^[一二两三四五六七八九十\d]|.{4}")
_LETTER = re.compile(r"[\u3400-\u9fffa-z\d]")
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
            behind = items[position + 1] if position + 1 < len(items) else item
            followed = behind.kind is Kind.PERSON and behind.side is not Side.CUSTOMER
            item = replace(item, kind=Kind.CHANNEL) if followed else item
        told.append(item)
    return _with_trade(told) if buys and not has_buyer else told


def _with_trade(items: list[Item]) -> list[Item]:
    """企业客户 beside 栗子树动漫: a word that ends like a trade is the buyer."""
    if any(item.kind is Kind.COMPANY for item in items):
        return items
    found = next((item for item in items if item.kind is Kind.UNKNOWN and _is_trade(str(item.value))), None)
    return [replace(item, kind=Kind.COMPANY, sure=False) if item is found else item for item in items]


def _is_trade(words: str) -> bool:
    return organisations.company_prefix(words) > 0 and not organisations.is_estate(words)


def name_the_unknown(items: Sequence[Item], contacts: list[Contact], text: str) -> list[Item]:
    """Words of no known kind: beside a customer's number without a name they are the name, before a broker the company."""
    known = list(items)
    if not any(item.kind is Kind.CHANNEL for item in known):
        known = _with_channel(known, contacts, text)
    return _with_names(_with_lone_customer(known, contacts, text), contacts, text)


def _stands_alone(item: Item, text: str, *, beside_number: bool = False) -> bool:
    before, behind = text[max(0, item.start - 1) : item.start], text[item.end : item.end + 1]
    whole = _WHOLE.fullmatch(text[item.start : item.end]) is not None
    if beside_number:
        before, behind = before.strip("0123456789*"), behind.strip("0123456789")
    if _ANNOUNCES.search(text, max(0, item.start - 4), item.start):
        before = ""
    return whole and not _LETTER.match(before) and behind.strip(_EDGE) == ""


def _with_channel(items: list[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    agents = [contact for contact in contacts if contact.side is Side.AGENT]
    firsts = [first for agent in agents for first in (agent.first, *agent.phones)]
    done: list[Item] = []
    for item, behind in zip_longest(items, items[1:]):
        before_agent = item.kind is Kind.UNKNOWN and any(behind is first for first in firsts)
        if before_agent and behind is not None and behind.line - item.line <= 1 and _stands_alone(item, text):
            item = replace(item, kind=Kind.CHANNEL, sure=False)
        done.append(item)
    if agents and done and done[0].kind is Kind.UNKNOWN and _opens(done[0], text):
        done[0] = replace(done[0], kind=Kind.CHANNEL, sure=False)
    if agents and done and not any(item.kind is Kind.CHANNEL for item in done) and _signs(done[-1], text):
        done[-1] = replace(done[-1], kind=Kind.CHANNEL, sure=False)
    return done


def _opens(item: Item, text: str) -> bool:
    """一米阳光报备云栖府: whoever files without being the broker is the distributor."""
    return not text[: item.start].strip(" 【[(") and _FILES.match(text, item.end) is not None


def _signs(item: Item, text: str) -> bool:
    """Whether the word is the whole last line or sentence, and no courtesy."""
    words = text[item.start : item.end]
    alone = text[: item.start].rstrip(" -—")[-1:] in ("\n", "。") and not text[item.end :].strip(" 。.!~")
    return item.kind is Kind.UNKNOWN and alone and _SIGNATURE.fullmatch(words) is not None


def _with_names(items: list[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    nameless = [c for c in contacts if c.side is Side.CUSTOMER and not c.names]
    items = _with_agents_names(items, contacts, text)
    done: list[Item] = []
    for position, item in enumerate(items):
        behind = next((each for each in items[position + 1 :] if each.kind is not Kind.COUPLE), None)
        contact = next((c for c in nameless if c.first is behind), None)
        if contact and _names(item, contact, text) and _may_be_a_name(item, items, text):
            item = _as_customer(item)
            contact.names.append(item)
        done.append(item)
    return done


def _names(item: Item, contact: Contact, text: str) -> bool:
    """Whether the word stands alone near the contact; a number that it touches is no neighbour (刀白凤138…)."""
    touches = contact.first.kind is Kind.PHONE and contact.first.start == item.end
    return _stands_alone(item, text, beside_number=touches) and _near(item, contact)


def _with_agents_names(items: list[Item], contacts: Sequence[Contact], text: str) -> list[Item]:
    """安静 138…（麦田圈）: an everyday word that touches a broker's number without a name is his name."""
    named = {id(n) for contact in contacts for n in contact.names}
    for contact in contacts:
        if contact.side is not Side.AGENT or contact.names:
            continue
        touching = [each for each in items if _touches(each, contact.phones[0], text) and id(each) not in named]
        called = [each for each in touching if each.kind is Kind.UNKNOWN and names.could_be_called(str(each.value))]
        if len(called) == 1 and _stands_alone(called[0], text, beside_number=True):
            person = replace(called[0], kind=Kind.PERSON, side=Side.AGENT, sure=False)
            contact.names.append(person)
            items = [person if each is called[0] else each for each in items]
    return items


def _touches(item: Item, phone: Item, text: str) -> bool:
    first, last = sorted((item, phone), key=lambda each: each.start)
    return first.line == last.line and not text[first.end : last.start].strip(" :/|-、")


def _as_customer(item: Item) -> Item:
    return replace(item, kind=Kind.PERSON, value=names.written_name(str(item.value)), side=Side.CUSTOMER, sure=False)


def _may_be_a_name(item: Item, items: Sequence[Item], text: str) -> bool:
    """Words of no known kind, or a town called like a person unless it is named as a town once more."""
    words = text[item.start : item.end]
    if item.kind is Kind.RESIDENCE:
        again = sum(each.kind is Kind.RESIDENCE and each.value == item.value for each in items) > 1
        return names.is_also_a_town(words) and not again
    return item.kind is Kind.UNKNOWN and names.could_be_called(names.written_name(words))


def _with_lone_customer(items: list[Item], contacts: list[Contact], text: str) -> list[Item]:
    """报备 占山 明天到 甲渠道 王磊 138…: with a broker and no customer, the only words that stand alone name him."""
    kinds = {item.kind for item in items}
    meant = "报备" in text or {Kind.PROJECT, Kind.VISIT, Kind.CHANNEL} <= kinds
    if any(contact.side is Side.CUSTOMER for contact in contacts) or not contacts or not meant:
        return items
    head = [item for item in items if item.start < contacts[0].first.start]
    alone = [item for item in head if item.label is None and _stands_alone(item, text)]
    alone = [item for item in alone if _may_be_a_name(item, items, text) and _inline(item, text)]
    if len(alone) != 1:
        return items
    customer = _as_customer(alone[0])
    contacts.insert(0, Contact([customer], side=Side.CUSTOMER, certain=False))
    return [customer if item is alone[0] else item for item in items]


def _inline(item: Item, text: str) -> bool:
    """Whether a space or a cell's edge, not a comma, divides the word from its neighbours."""
    return text[item.end : item.end + 1] in (" ", "\t", "|", "/", "\n", "】", "、")


def _near(item: Item, contact: Contact) -> bool:
    if contact.first.label in (Label.PHONE, Label.CUSTOMER_PHONE):  # 萨顶顶，手机138…
        return contact.first.line == item.line and _DWELLING.search(str(item.value)) is None
    return contact.first.line - item.line <= 1 and contact.first.label in (None, Label.CUSTOMER, item.label)
