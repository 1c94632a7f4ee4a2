"""How many persons come: 2人, 两位, 一行5人, 一家三口, 3大1小; a couple alone is two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.rules.messages.numerals import HAN, NUMBER, START, read_number
from portal.rules.messages.words.surnames import COUPLE

_GROWN_AND_SMALL = re.compile(
    rf"({NUMBER})\s?个?(?:大人|大|成人|adults?)\s?[,、+和]?\s?({NUMBER})\s?个?(?:小孩|小朋友|小|孩子|儿童|kids?|child(?:ren)?)"
)
_HEADS = re.compile(
    rf"{START}(?<![第前每后末尾少多漏缺错差])(?<!\d[:.\-])(?!(?<=客户)[一1]位)({NUMBER})(?:\s?[-~至到]\s?{NUMBER})?\s?(?:"
    r"(?:个|位|名)\s?(?:人|大人|成人)|口之家|口人|人(?!民|次|间)|口(?!井)|位(?!客户|客人|置|于|购|业主|新|老|意向)|名(?!客户|字|称|额|新|老)"
    r"|persons?|people|pax|adults?|guests?)(?!份|均)"
)
_FEW = re.compile(
    r"(?:兄弟|姐妹|姐弟|兄妹|母女|母子|父子|父女|爷|娘|婆媳|闺蜜|朋友|姊妹|哥)俩"
    r"|俩人|两口子|小两口|老两口|俩口子|([仨])人|一家子([三四五六])口"
)
_ALONE = re.compile(r"单人(?!间|床)|独自|单独一?人?[来看到]|自己一个人|自己一人|本人单独|alone")
_COUPLE = re.compile("|".join(word for word in COUPLE if not word.startswith(("一家", "全家"))))
_SPOUSE = re.compile(
    r"(?:[+和与跟带]着?|及其?|还有|带上)[她他其]?\s?(?:太太|夫人|老婆|老公|爱人|先生|丈夫|妻子|媳妇|对象|女朋友|男朋友|未婚妻|未婚夫)"
    r"(?!.{0,6}(?:孩|儿子|女儿|父母|爸|妈|老人|宝宝|一家))"
)
_SUM = re.compile(rf"({NUMBER})\s?\+\s?({NUMBER})(?!\d)")
_ABOUT = ("两三", "二三", "三四", "三五", "四五", "五六", "六七", "七八", "八九")  # a span counts from its start
_FIRST_NUMBER = re.compile(rf"(?<!\d)\d{{1,2}}(?!\d)|[{HAN}]{{1,3}}")
_COUNTED = re.compile(rf"人数(?:约|为|是)?\s?({NUMBER})(?![\d点:月号.\-/])")


@dataclass(frozen=True)
class FoundParty:
    """Where a number of persons is said; ``implied`` when only a couple is mentioned."""

    start: int
    end: int
    size: int
    implied: bool = False


def _sum(match: re.Match[str]) -> FoundParty | None:
    one, other = read_number(match.group(1)), read_number(match.group(2))
    return FoundParty(match.start(), match.end(), one + other) if one is not None and other is not None else None


def _single(match: re.Match[str]) -> FoundParty | None:
    words = match.group(1)
    size = read_number(words[:1] if words in _ABOUT else words)
    return FoundParty(match.start(), match.end(), size) if size else None


def find_parties(text: str, start: int, end: int) -> list[FoundParty]:
    """All numbers of persons in ``text[start:end]``, in order."""
    found = [party for m in _GROWN_AND_SMALL.finditer(text, start, end) if (party := _sum(m))]
    for pattern in (_HEADS, _COUNTED):
        found += [party for m in pattern.finditer(text, start, end) if (party := _single(m)) and _free(party, found)]
    found += [FoundParty(m.start(), m.end(), 1) for m in _ALONE.finditer(text, start, end)]
    found += [FoundParty(m.start(), m.end(), _few(m)) for m in _FEW.finditer(text, start, end)]
    for match in (*_COUPLE.finditer(text, start, end), *_SPOUSE.finditer(text, start, end)):
        couple = FoundParty(match.start(), match.end(), 2, implied=True)
        if _free(couple, found):
            found.append(couple)
    return sorted(found, key=lambda each: each.start)


def _few(match: re.Match[str]) -> int:
    word = match.group(1) or match.group(2)
    return (read_number(word) or 2) if word else 2


def _free(party: FoundParty, found: list[FoundParty]) -> bool:
    return all(party.end <= each.start or party.start >= each.end for each in found)


def read_labelled_party(text: str, start: int, end: int) -> list[FoundParty]:
    """The number behind a label: a bare number counts, 2+1 is three."""
    found = find_parties(text, start, end)
    if found:
        return found
    summed = _SUM.search(text, start, end)
    if summed and (party := _sum(summed)):
        return [party]
    first = _FIRST_NUMBER.search(text, start, end)
    size = read_number(first.group()) if first else None
    return [FoundParty(first.start(), first.end(), size)] if first and size else []
