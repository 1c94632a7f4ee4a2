"""What is left of a stretch when numbers, days and projects are taken out: names of people and of companies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.rules.messages import names, organisations
from portal.rules.messages.fold import Source
from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.layout import Zone
from portal.rules.messages.positions import where_the_name_begins
from portal.rules.messages.words.labels import Label
from portal.rules.messages.words.organisations import COMPANY_REMARKS
from portal.rules.messages.words.phrases import EDGE_LETTERS, JOINERS, LATIN_NOISE, NOISE
from portal.rules.messages.words.surnames import PREFIXES

_HAN = r"\u3400-\u9fff\U00020000-\U0003134f"
_TOKEN = re.compile(
    r"(?:mr|mrs|ms|miss|dr)\.? ?[a-z]+(?: [a-z]+)*"
    rf"|[a-z][a-z'&-]*(?: (?!(?:mr|mrs|ms|miss|dr)[. ])[a-z][a-z'&-]*){{1,6}}(?![{_HAN}])"
    rf"|(?:[{_HAN}·0-9]|[a-z](?![a-z'&-]* [a-z]))+"
)
_NOISE = re.compile(
    r"带客(?![户人])|洋房(?!屋)|美女(?!士)|"
    + "|".join(re.escape(word) for word in sorted(NOISE, key=len, reverse=True))
)
_JOINER = re.compile(rf"\s*(?:{'|'.join(re.escape(word) for word in sorted(JOINERS, key=len, reverse=True))})\s*")
_AND_INSIDE = re.compile(r"(?<=.)(?:以及|还有|[和与及跟])(?=.)")
_ABOUT_A_PERSON = re.compile(
    r"男|女|男士|先生|女士|小姐|本人|业主|店长|经理|\d{1,3}岁?|[\d]+后|客户|全名|必填|化名|昵称|同音"
)
_MYSELF_BEFORE = re.compile(r"(?:我叫|我是|本人叫?)\s?\Z")
_ROLE_BEFORE = re.compile(r"(?:经纪人|业务员|报备人|带看人|我司同事|我同事|我们同事|店员|专员)\s?\Z")
_AGENT_BEFORE = re.compile(r"(?:我是|我叫|本人|这边是|这里是|由)[^,。;\n]{0,12}?$")
_I_AM = re.compile(r"(?:我是|我们是|这边是|这里是|这边|这里)\s?\Z")
_MINE = re.compile(r"(?P<company>.{2,8})(?:的|这边的?|那边的?)(?P<name>.{2,4})")
_AGENT_AFTER = re.compile(r"\s?(?:[给为向][你您]们?)?(?:经纪人|业务员|的客户|报备|带看|带客|带访|带过?来|陪同|跟进)")
_CUSTOMER_BEFORE = re.compile(
    r"(?:客户|客人|叫|姓名|名字|报备)[^\S\n]?(?:是|为|叫)?[^\S\n]?\Z|(?:我|我们|我这边|来)?(?:带着?|陪|约了?|领|带客)\Z"
)
_BROUGHT = re.compile(r"(?:我们?|我这边)(?:会|来|先|再)?(?:带着?|陪着?|约了?|领着?)")
_CALLED = re.compile(r"(?:客户|客人|[她他]|[,。\s])(?:名字?)?叫做?\s?\Z")
_COMPANY_NAME = re.compile(r"[^\s,;。|\x01]+")
_LONG_NAME = re.compile(r"[\u4e00-\u9fff]{6,8}")  # 阿不都热西提
_CHANNEL_SAID = re.compile(
    r"(?:渠道公司|所属公司|渠道)(?!客户|报备|部|专员|经理|人员|费|老师|伙伴|们|的|同事)(?=[\u4e00-\u9fff]{2,8}$)"
)
_ACQUAINTED = re.compile(
    r"(?:我|我的|我们|她|他)?(?:朋友|闺蜜|同事|同学|亲戚|老乡|邻居|表哥|表姐|表弟|表妹|堂哥|堂姐)的?(?=[\u3400-\u9fff]{2,4})"
)
_OF_COMPANIES = tuple("同和为即将共都各")
_INTENDED = re.compile(r"(?:打算|准备|计划|拟|想要?|要)?(?:来?看|购买|买|购|团购|采购|考察|认购)$")
_NEAR = 24  # letters: what is said farther away says nothing about a word
_SHORTEST_NAME = 2
_LONGEST_NAME = 4
_INTENDS = "想要看去约"
_SIDES = {Label.CUSTOMER: Side.CUSTOMER, Label.BROKER: Side.AGENT, Label.CHANNEL: Side.AGENT}
_PERSON_LABELS = {Label.CUSTOMER, Label.NAME, Label.CONTACT, Label.BROKER}


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    words: str


def read_leftovers(text: str, source: Source, zone: Zone, items: list[Item]) -> None:
    """Add the people and companies of the zone to ``items``."""
    _Leftovers(text, source, zone, items).read()


class _Leftovers:
    def __init__(self, text: str, source: Source, zone: Zone, items: list[Item]) -> None:
        self.text, self.source, self.zone, self.items = text, source, zone, items
        self.named: _Token | None = None  # the last person that the label was about
        self.numbers = {item.start for item in items if item.kind is Kind.PHONE}

    def read(self) -> None:
        label = self.zone.label
        if label is Label.COMPANY and self._company():
            return
        for token in self._tokens():
            if label in _PERSON_LABELS and (self._is_in_remark(token) or self._labelled_person(token)):
                continue
            if label in (Label.CHANNEL, Label.ORGANISATION) and self._labelled_organisation(token):
                continue
            self._free(token)

    def _tokens(self) -> list[_Token]:
        found = _TOKEN.finditer(self.text, self.zone.start, self.zone.end)
        return [_Token(m.start(), m.end(), m.group()) for m in found if not m.group().isdecimal()]

    def _add(self, kind: Kind, start: int, end: int, *, side: Side | None = None, sure: bool = True) -> None:
        words = self.source.quote(start, end)
        value = names.written_name(words) if kind is Kind.PERSON else words
        if value:
            self.items.append(
                Item(kind, start, end, self.zone.line, value, label=self.zone.label, side=side, sure=sure)
            )

    def _person(self, token: _Token, side: Side | None, *, sure: bool = True) -> None:
        self._add(Kind.PERSON, token.start, token.end, side=side, sure=sure)

    def _labelled_person(self, token: _Token) -> bool:
        """Whether the token was read as the person (or one more, joined to the last) that the label announces."""
        if self.zone.label is Label.BROKER and self._latin_company(token):
            return True
        if self.named is not None and not self._joined(self.named, token):
            return False
        if token.words in PREFIXES or _ABOUT_A_PERSON.fullmatch(token.words):
            return True
        if names.is_absent(token.words):
            self.named = token
            return True
        if self._starts_with_organisation(token):
            return False
        if any(remark in token.words for remark in COMPANY_REMARKS):
            return True
        if self.zone.label is Label.BROKER and self._company_and_broker(token):
            return True
        split = self._split_pair(token)
        if split is None and not self._may_be_called(token):
            return False
        for each in split or [token]:
            self._person(each, _SIDES.get(self.zone.label) if self.zone.label else None, sure=self.zone.sure)
            self.named = each
        return True

    def _is_in_remark(self, token: _Token) -> bool:
        """罗女士（替她弟弟罗先生看）: who is mentioned in brackets behind the customer is not filed."""
        if self.named is None or self.zone.label is Label.BROKER:
            return False
        between = self.source.text[self.named.end : token.start]
        return between.lstrip().startswith("(") and ")" not in between

    def _latin_company(self, token: _Token) -> bool:
        """Agent: Jason 138… (Century 21): what stands in brackets behind the broker is the company."""
        if self.named is None or not token.words[:1].isascii() or self.text[token.start - 1] != "(":
            return False
        end = self.text.find(")", token.start, self.zone.end)
        if end > token.start:
            self._add(Kind.CHANNEL, token.start, end, sure=False)
        return end > token.start

    def _company_and_broker(self, token: _Token) -> bool:
        """中介：瓯江驿叶小青: whether a usual name ends a word that is too long for one."""
        cut = where_the_name_begins(token.words)
        if len(token.words) <= _LONGEST_NAME or cut is None or not names.is_common_name(token.words[cut:]):
            return False
        company = token.words[:cut].removesuffix("的")
        self._add(Kind.CHANNEL, token.start, token.start + len(company), sure=False)
        self.named = _Token(token.start + cut, token.end, token.words[cut:])
        self._person(self.named, Side.AGENT)
        return True

    def _may_be_called(self, token: _Token) -> bool:
        """Alone behind its label, or with a number behind it, even an everyday word is the name (姓名：江南)."""
        first = not self.text[self.zone.start : token.start].strip()
        alone = self.text[token.end : self.zone.end].strip(" /,")[:1] in ("", "\x01", "、", "(")
        words = _without_title(token.words)
        if first and alone and self.zone.sure and self.zone.label is not Label.BROKER and _LONG_NAME.fullmatch(words):
            return True
        return names.could_be_called(words) if first and alone else names.could_be_a_name(words)

    def _starts_with_organisation(self, token: _Token) -> bool:
        if names.looks_like_a_name(token.words):
            return False
        company = organisations.company_prefix(token.words)
        return organisations.channel_prefix(token.words) > 0 or (
            company > 0 and organisations.is_formal(token.words[:company])
        )

    def _split_pair(self, token: _Token) -> list[_Token] | None:
        """令狐冲和任盈盈: two tokens, when both sides are names."""
        for match in _AND_INSIDE.finditer(token.words):
            left, right = token.words[: match.start()], token.words[match.end() :]
            if names.looks_like_a_name(left) and names.looks_like_a_name(right):
                middle = token.start + match.start()
                return [_Token(token.start, middle, left), _Token(token.start + match.end(), token.end, right)]
        return None

    def _joined(self, one: _Token, other: _Token) -> bool:
        """金戈、铁梅夫妇: one more name behind a joiner."""
        if _JOINER.fullmatch(self.text, one.end, other.start) is None:
            return False
        couple = names.is_couple(other.words + self.text[other.end :].lstrip(" (")[:2])
        unusual = couple and names.could_be_a_name(names.written_name(other.words))
        return unusual or names.looks_like_a_name(other.words)

    def _labelled_organisation(self, token: _Token) -> bool:
        """The first words behind the label are the company, unless they are a person's with a number."""
        kind = Kind.CHANNEL if self.zone.label is Label.CHANNEL else Kind.ORGANISATION
        if any(item.kind is kind for item in self.items):
            return organisations.channel_prefix(token.words) == len(token.words)
        if names.is_absent(token.words) or token.words in PREFIXES:
            return True
        size = organisations.channel_prefix(token.words)
        rest = _Token(token.start + size, token.end, token.words[size:])
        if size and rest.words and names.looks_like_a_name(rest.words):
            self._add(kind, token.start, rest.start, sure=self.zone.sure)
            self._person(rest, Side.AGENT)
            return True
        if (
            not size
            and names.looks_like_a_name(token.words)
            and self._has_a_number()
            and not self._is_first_of_two(token)
        ):
            return False
        self._add(kind, token.start, self._through_brackets(token), sure=self.zone.sure)
        return True

    def _is_first_of_two(self, token: _Token) -> bool:
        """渠道：麦田圈 江南 138…: of two words before the number the first is the company."""
        others = [each for each in self._tokens() if each.start > token.start]
        return (
            bool(others)
            and not names.is_common_name(token.words)
            and not self.text[token.end : others[0].start].strip()
        )

    def _through_brackets(self, token: _Token) -> int:
        """A company's name goes on behind a town in brackets: 甲(杭州)房产有限公司."""
        match = re.compile(r"\([\u4e00-\u9fff]{2,6}\)[\u4e00-\u9fff]{2,20}").match(self.text, token.end, self.zone.end)
        return match.end() if match else token.end

    def _has_a_number(self) -> bool:
        return any(item.kind is Kind.PHONE for item in self.items)

    def _company(self) -> bool:
        """The buying company behind its label; False when a person stands there."""
        match = _COMPANY_NAME.search(self.text, self.zone.start, self.zone.end)
        if match is None or names.is_absent(match.group()) or names.looks_like_a_name(match.group()):
            return False
        words = _INTENDED.sub("", organisations.without_remarks(match.group()))
        self._add(Kind.COMPANY, match.start(), match.start() + len(words), sure=self.zone.sure)
        self.text = self.text[: match.start()] + "\x01" * len(match.group()) + self.text[match.end() :]
        for token in self._tokens():
            self._free(token)
        return True

    def _free(self, token: _Token) -> None:
        position = token.start
        for match in (*_NOISE.finditer(self.text, token.start, token.end), None):
            stop = match.start() if match else token.end
            if stop > position:
                self._chunk(position, stop)
            position = match.end() if match else stop

    def _chunk(self, start: int, end: int) -> None:
        """A run of letters without everyday words: a company, then a person, or neither."""
        brought = _BROUGHT.match(self.text, start, end)
        if self._family_name_alone(start, end):
            return
        whole = end
        acquainted = _ACQUAINTED.match(self.text, start, end)
        start = acquainted.end() if acquainted else start
        start, end = self._trimmed(brought.end() if brought else start, end)
        words = self.text[start:end]
        if not words or _ABOUT_A_PERSON.fullmatch(words) or set(words.split()) <= LATIN_NOISE or words in PREFIXES:
            return
        if self._introduction(start, words):
            return
        addressed = names.where_addressed(words)
        if names.looks_like_a_name(words):
            self._person(_Token(start, end, words), self._side(start, end))
        elif pair := self._split_pair(_Token(start, end, words)):
            for each in pair:
                self._person(each, self._side(each.start, each.end))
        elif addressed is not None:  # 朋友滑女士
            self._person(_Token(start + addressed, end, words[addressed:]), Side.CUSTOMER)
        elif self._is_called(start, end) and names.could_be_called(words):
            self._person(_Token(start, end, words), self._side(start, end), sure=False)
        elif not self._organisation(start, end, whole):
            self._unknown(start, end)

    def _unknown(self, start: int, end: int) -> None:
        """Words of no known kind, unless what stands before or behind them tells: 渠道筑梦家, 铜铃（公司特征名称）."""
        told = _MINE.fullmatch(self.text, start, end)
        speaks = self._is_numbered(end) or _AGENT_AFTER.match(self.source.text, end)
        if told and speaks and names.is_common_name(told["name"]) and not told["company"].startswith(("客户", "我")):
            self._add(Kind.CHANNEL, start, told.end("company"), sure=False)
            self._person(_Token(told.start("name"), end, told["name"]), Side.AGENT)
            return
        announced = _CHANNEL_SAID.match(self.text, start, end)
        if announced and not self._is_numbered(end):
            self._add(Kind.CHANNEL, announced.end(), end, sure=False)
            return
        described = organisations.begins_with_remark(self.text[end : self.zone.end])
        self._add(Kind.COMPANY if described else Kind.UNKNOWN, start, end)

    def _family_name_alone(self, start: int, end: int) -> bool:
        """客户姓俞: whether no more than the family name is known, and kept."""
        last = end - 1
        told = self.source.text[start:last].strip() in ("", "姓") and self.source.text[:last].rstrip().endswith("姓")
        again = self.text[end : end + 3].lstrip(" ,、").startswith(self.text[last])  # 姓纪,纪先生
        if told and not again and self.text[last] not in "名氏什谁啥":
            self._person(_Token(last, end, self.text[last]), Side.CUSTOMER)
            return True
        return False

    def _is_called(self, start: int, end: int) -> bool:
        """客人叫买买提; 客户阿里木 138…: the word alone between 客户 and a number."""
        if _CALLED.search(self.source.text, max(0, start - _NEAR), start):
            return True
        behind = self.text[end : end + _NEAR]
        numbered = end + len(behind) - len(behind.lstrip(" ,(:")) in self.numbers
        announced = self.text[max(0, start - _NEAR) : start].rstrip(" ").endswith(("客户", "客人", "联系人"))
        return numbered and announced and not organisations.channel_prefix(self.text[start:end])

    def _introduction(self, start: int, words: str) -> bool:
        """我是麦田圈的王磊: whatever stands before the name is the distributor."""
        if _I_AM.search(self.source.text, max(0, start - _NEAR), start) is None or organisations.channel_prefix(words):
            return False
        match = _MINE.fullmatch(words)
        cut, name = (match.end("company"), match.start("name")) if match else (where_the_name_begins(words), None)
        if cut is None or names.looks_like_a_name(words):
            return False
        first = start + (cut if name is None else name)
        self._add(Kind.CHANNEL, start, start + cut, sure=False)
        self._person(_Token(first, start + len(words), self.text[first : start + len(words)]), Side.AGENT)
        return True

    def _is_numbered(self, end: int) -> bool:
        return end in self.numbers or end + 1 in self.numbers

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        whole = start, end
        begins = self.text[start - 1 : start] in (
            " ",
            "\n",
            ":",
            "/",
            "|",
            ",",
        )  # 同城好房: the first letter is the company's
        kept = begins and self.text[start : start + 1] in _OF_COMPANIES
        kept = kept and organisations.channel_prefix(self.text[start:end]) > 0
        while (
            not kept
            and start < end
            and self.text[start] in EDGE_LETTERS
            and not names.looks_like_a_name(self.text[start:end])
        ):
            start += 1
        edges = "的" if self._is_numbered(end) else EDGE_LETTERS  # 柳如是 138…: the last letter is the name's
        while start < end and self.text[end - 1] in edges and not names.looks_like_a_name(self.text[start:end]):
            end -= 1
        if end - start > _SHORTEST_NAME and self.text[end - 1] in _INTENDS and self.text[end : end + 1].strip():
            end -= 1  # 元芳想周六看: the verb is no part of the name
        return whole if (end - start, whole[1] - whole[0]) == (1, 2) else (start, end)

    def _organisation(self, start: int, end: int, whole: int) -> bool:
        announced = organisations.announced(self.text[start:end])
        start += announced
        words = self.text[start:end]
        size = organisations.channel_prefix(words)
        company = organisations.company_prefix(words)
        if company > size and organisations.is_formal(words[:company]) and not organisations.is_estate(words[:company]):
            self._add(Kind.COMPANY, start, start + company, sure=False)
            size = company
        elif size:
            self._add(Kind.CHANNEL, start, start + size)
        else:
            return False
        if start + size < end:
            self._chunk(start + size, whole)
        return True

    def _side(self, start: int, end: int) -> Side | None:
        if self.zone.label is Label.BROKER and self.source.text[:start].rstrip().endswith(("、", "和", "及", "&", "/")):
            return Side.AGENT  # 经纪人：王磊（138…）、段飞（137…）
        before = self.source.text[max(0, start - 16) : start]
        told = self.text[max(0, start - 16) : start]  # 客户 of 苏州客户 says nothing about the next word
        if told.rstrip().endswith(("客户", "客人")):
            return Side.CUSTOMER
        if names.is_agent_title(self.text[start:end]) or _AGENT_AFTER.match(self.source.text, end):
            return Side.AGENT
        if _MYSELF_BEFORE.search(before) or _ROLE_BEFORE.search(before):
            return Side.AGENT
        if _CUSTOMER_BEFORE.search(told) or names.has_customer_title(self.text[start:end]):
            return Side.CUSTOMER
        return Side.AGENT if _AGENT_BEFORE.search(before) else None


def _without_title(words: str) -> str:
    return names.written_name(words)
