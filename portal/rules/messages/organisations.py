"""Names of distributors and of buying companies, by how they end."""

from __future__ import annotations

import re

from portal.rules.messages.words.organisations import (
    CHANNEL_ENDINGS,
    CHANNEL_NAMES,
    COMPANY_ENDINGS,
    COMPANY_REMARKS,
    ESTATE_WORDS,
    FORMAL_ENDINGS,
)
from portal.rules.messages.words.surnames import SINGLE

_LEGAL = r"(?:(?:经纪|咨询|代理|顾问|服务|营销|策划|信息|销售|中介)*(?:有限责任公司|股份有限公司|有限公司|公司|集团))?"
_BRANCH = r"(?:[\u4e00-\u9fff]{1,5}(?:店|分店|门店|分行|分部|区域)(?![\u4e00-\u9fff]))?"
_CHANNEL_END = "|".join(
    sorted((re.escape(word) for word in CHANNEL_ENDINGS if not word.isascii()), key=len, reverse=True)
)
_NAMES = "|".join(sorted(CHANNEL_NAMES, key=len, reverse=True))
_CHANNEL = re.compile(rf"(?:(?:{_NAMES})|[\u4e00-\u9fffa-z0-9·]{{1,8}}?(?:{_CHANNEL_END})){_LEGAL}{_BRANCH}")
_ANOTHER_END = re.compile(_CHANNEL_END)
_LATIN_CHANNEL = re.compile(r"[a-z0-9&'. ]+ (?:realty|property|properties|agency|homes|realtors|estates?)(?![a-z])")
_COMPANY_END = "|".join(
    sorted((re.escape(word) for word in COMPANY_ENDINGS if not word.isascii()), key=len, reverse=True)
)
_COMPANY = re.compile(
    rf"[\u4e00-\u9fff·a-z0-9]{{2,20}}?(?:\([\u4e00-\u9fff]{{2,6}}\)[\u4e00-\u9fff]{{0,20}}?)?(?:{_COMPANY_END})+"
)
_ANNOUNCED = re.compile(r"(?:渠道公司|所属公司|渠道|公司|中介)(?=..)")
_LIMITED = re.compile(
    r"[\u4e00-\u9fff·a-z0-9]{2,20}?(?:\([\u4e00-\u9fff]{2,6}\)[\u4e00-\u9fff]{0,20}?)?(?:有限责任公司|有限公司|股份公司)"
)
_REMARK = re.compile(rf"\([^()]*(?:{'|'.join(COMPANY_REMARKS)})[^()]*\)")
_TAILS = tuple("行社所店部铺坊馆站网圈汇堂")  # 湾区地产行: no family names
_TRADES = {"中介", "经纪", "代理", "中介部", "经纪部", "中介所"}
_PERSON_ENDS = ("经纪", "顾问", "中介", "代理")


def channel_prefix(chunk: str) -> int:
    """How many letters at the head of ``chunk`` name a distributor; 0 when none do."""
    match = _LATIN_CHANNEL.match(chunk) or _CHANNEL.match(chunk)
    if match is None or _is_a_person(match.group()):
        return 0
    if len(match.group()) < 3 and match.group() not in CHANNEL_NAMES:
        return 0
    end = _through_overlaps(chunk, match.end())
    return end + 1 if chunk[end : end + 1] in _TAILS else end


def _through_overlaps(chunk: str, end: int) -> int:
    """Where the last of several endings is over: 联盟 overlaps 房联, 房产 follows 家园."""
    if chunk[end:] in _TRADES:  # 海岸线房屋中介
        return len(chunk)
    further = [found.end() for start in (end - 1, end) if (found := _ANOTHER_END.match(chunk, start))]
    return _through_overlaps(chunk, max(further)) if further and max(further) > end else end


def _is_a_person(words: str) -> bool:
    return len(words) == 3 and words[0] in SINGLE and words.endswith(_PERSON_ENDS)


def company_prefix(chunk: str) -> int:
    """How many letters at the head of ``chunk`` name a company of any trade; 0 when none do."""
    match = _LIMITED.match(chunk) or _COMPANY.match(chunk)
    return match.end() if match else 0


def announced(words: str) -> int:
    """How many letters before the name only say what follows: 公司川渝安家, 渠道一米阳光."""
    match = _ANNOUNCED.match(words)
    return match.end() if match else 0


def is_formal(words: str) -> bool:
    """Whether the words end as only a company does (有限公司, 集团)."""
    return words.endswith(FORMAL_ENDINGS)


def is_estate(words: str) -> bool:
    """Whether the words are those of an estate agency."""
    return any(word in words for word in ESTATE_WORDS)


def begins_with_remark(words: str) -> bool:
    """Whether a remark in brackets follows that only a company has (公司特征名称)."""
    return _REMARK.match(words) is not None


def without_remarks(words: str) -> str:
    """A company's name without the remark in brackets about it (公司特征名称); a town in brackets stays."""
    return _REMARK.sub("", words).strip()
