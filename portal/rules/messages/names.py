"""Names of people: what looks like one, and how it is written down."""

from __future__ import annotations

import re

from portal.rules.messages.fold import fold
from portal.rules.messages.organisations import channel_prefix
from portal.rules.messages.words.phrases import ABSENT, LATIN_NOISE
from portal.rules.messages.words.places import PLACES
from portal.rules.messages.words.surnames import (
    AGENT_TITLES,
    COMMON,
    COMPANIONS,
    COMPOUND,
    COUPLE,
    NICKNAMES,
    NOT_NAMES,
    PREFIXES,
    RELATIVES,
    SINGLE,
    TITLES,
)

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SINGLE))}])"
_TITLE = f"(?:{'|'.join(sorted((t for t in (*TITLES, *AGENT_TITLES) if not t.isascii()), key=len, reverse=True))})"
_COUPLE = f"(?:{'|'.join((*COUPLE, *RELATIVES))}|俩|二人|两人|[和与及跟][他她其]?(?:{'|'.join(COMPANIONS)}))"
_GENDER = r"(?:[(\[]?(?:男|女|男士|male|female|先生|女士|小姐)[)\]]?)"
_FULL = re.compile(rf"(?:(?:{'|'.join(sorted(COMPOUND))}){_HAN}{{1,2}}|[{''.join(sorted(SINGLE))}]{_HAN}{{1,2}})")
_WITH_TITLE = re.compile(rf"(?!和太太|和夫人){_SURNAME}{_TITLE}")
# Ladies and gentlemen of any family name, also one that is in no table.
_NO_FAMILY = "和与跟及带陪携同她他老我你您位个名的户这那该男女本小新大客某各此对是"
_ADDRESSED = re.compile(rf"(?![{_NO_FAMILY}]){_HAN}(?:先生|女士|小姐|太太)")
_END_ADDRESS = re.compile(r"(?:先生|女士|小姐|太太)$")
_NICKNAME = re.compile(rf"[{NICKNAMES}]{_SURNAME}|阿(?![姨里拉婆公妈爸坝富克]){_HAN}")
_LATIN = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr)\.?\s?)?[a-z][a-z'’-]{1,}(?:\s[a-z][a-z'’.-]*){0,2}|[a-z]{1,12}[\u4e00-\u9fff]{1,3}"
    rf"|[{''.join(sorted(SINGLE))}{NICKNAMES}][a-z]{{2,12}}"
)
_LATIN_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr)\b\.?\s?(?=[a-z'’-]+\s[a-z])")
_SPACED = re.compile(rf"{_HAN}(?:\s+{_HAN}){{1,2}}|{_HAN}\s+{_HAN}{{2}}")  # 吴 刚, 周 晓 燕, 张 女士
_DOTTED = re.compile(rf"{_HAN}{{2,8}}(?:·{_HAN}{{1,8}}){{1,3}}")
_END_TITLE = re.compile(rf"(?P<name>.+?)(?P<title>{_TITLE})$")
_END_COUPLE = re.compile(rf"{_COUPLE}$")
_END_GENDER = re.compile(rf"(?<={_HAN})\s*{_GENDER}$")
# Words of homes, hours and courtesy stand beside a number without being anybody's name.
_EVERYDAY = re.compile(
    r"[房层区景寓墅铺天早晚午周款]$(?<!夏天|秋天)|^(?:谢谢|麻烦|马上|安排|时间|后|有|单价|家|都|能|路)|.{4}"
)
_SHORT_TITLES = {"工", "局", "处", "总", "董"}  # 封闭施工: they end everyday words as well
_FOR_CUSTOMERS = {"先生", "女士", "小姐", "太太", "夫人", "先森"}
_AGENT_END = re.compile(rf"(?:{'|'.join(AGENT_TITLES)})$")


def looks_like_a_name(words: str) -> bool:
    """Whether the (folded) words are a person's name, whoever reads them without a label."""
    words = _END_COUPLE.sub("", words)
    if channel_prefix(words) == len(words) or channel_prefix(words.partition("·")[0]) > 0:
        return False
    if words in NOT_NAMES or words in PLACES or words in ABSENT or words[-1:] in {"的", "了", "吗", "呢", "吧", "氏"}:
        return False
    if (
        _WITH_TITLE.fullmatch(words)
        or _ADDRESSED.fullmatch(words)
        or _NICKNAME.fullmatch(words)
        or _DOTTED.fullmatch(words)
    ):
        return True
    titled = _END_TITLE.fullmatch(words)
    if titled and _FULL.fullmatch(titled["name"]) and titled["name"] not in NOT_NAMES:
        return titled["title"] not in _SHORT_TITLES or titled["name"][0] in COMMON
    if _FULL.fullmatch(words):
        return not words.startswith(("谢谢", "麻烦", "时间", "安排")) and words[:2] not in {"谢谢", "周末"}
    return _LATIN.fullmatch(words) is not None and not set(words.split()) <= LATIN_NOISE


def is_common_name(words: str) -> bool:
    """Whether the words are a full name with one of the usual family names, or a broker's nickname (小王)."""
    if words[:1] in COMMON:
        return (_FULL.fullmatch(words) or _WITH_TITLE.fullmatch(words)) is not None
    return _NICKNAME.fullmatch(words) is not None and (words[0] == "阿" or words[1:] in COMMON)


def could_be_called(words: str) -> bool:
    """Whether somebody may be called so where nothing but a name can stand: everyday words (夏天, 成功) too."""
    if words[:1] in "我你您他她" or words[-1:] == "的":
        return False
    everyday = words in NOT_NAMES and _EVERYDAY.search(words) is None
    return everyday or is_also_a_town(words) or could_be_a_name(words)


def is_also_a_town(words: str) -> bool:
    """Whether a town is called like a person (安吉, 金华)."""
    return words in PLACES and _FULL.fullmatch(words) is not None


def could_be_a_name(words: str) -> bool:
    """Whether the words may stand for a person behind a label or beside a number: any two to five characters."""
    if words in ABSENT or words in NOT_NAMES:
        return False
    return looks_like_a_name(words) or re.fullmatch(rf"{_HAN}{{1,5}}|[a-z][a-z .'-]{{0,30}}", words) is not None


def is_couple(words: str) -> bool:
    """Whether the words end as two people are called (夫妇)."""
    return _END_COUPLE.search(words) is not None


def is_absent(words: str) -> bool:
    """Whether the words say that there is nothing to say (后补, 保密, /)."""
    words = words.strip(" .。/-—_\\()?*#~…")
    return not words or words in ABSENT or any(words.endswith(absent) for absent in ABSENT if len(absent) > 1)


def is_agent_title(words: str) -> bool:
    """Whether the words end as brokers are called (王经纪)."""
    return _AGENT_END.search(words) is not None


def where_addressed(words: str) -> int | None:
    """Where 滑女士 begins in 朋友滑女士: the person is as short as the family name allows."""
    titled = _END_ADDRESS.search(words)
    if titled is None:
        return None
    for size in (3, 2):
        start = titled.start() - size
        if start > 0 and words[start] in COMMON and _FULL.fullmatch(words[start : titled.start()]):
            return start
    start = titled.start() - 1
    return start if start > 0 and words[start] in SINGLE and words[start] not in "和从于" else None


def has_customer_title(words: str) -> bool:
    """Whether the words end in a form of address for a customer (张先生)."""
    folded = fold(words).text
    titled = _END_TITLE.fullmatch(folded)
    addressed = titled is not None and titled["title"] in _FOR_CUSTOMERS
    return addressed or _END_COUPLE.search(folded) is not None


def written_name(raw: str) -> str:
    """The name to keep: as written, without gender, couple, prefix and, behind a full name, without title."""
    name = _without_prefix(raw.strip(" 　*＊“”\"'‘’「」『』《》<>·-—_#:：()（）[]【】.,，、"))
    if _SPACED.fullmatch(name):
        name = "".join(name.split())
    name = name[_before_given_names(fold(name).text) :]
    folded = fold(name).text
    if len(folded) != len(name):
        return name
    kept = len(_END_COUPLE.sub("", folded))
    kept = len(_END_GENDER.sub("", folded[:kept])) if _bracketed_gender(folded[:kept]) else kept
    folded, name = folded[:kept], name[:kept]
    titled = _END_TITLE.fullmatch(folded)
    if titled and not _is_addressed(folded) and len(titled["name"]) >= 2 and not _NICKNAME.match(folded):
        given = len(titled["name"]) == 2 and titled["title"] in "姐工伯"  # 尤三姐 is a name, not 尤三 and her title
        return name if given else name[: len(titled["name"])]
    return name.strip()


def _before_given_names(folded: str) -> int:
    """How long the title is before a full Latin name: Mr. Thomas Brown keeps none, Mr. Brown his."""
    titled = _LATIN_TITLE.match(folded)
    return titled.end() if titled else 0


def _is_addressed(folded: str) -> bool:
    """Whether a family name alone stands with its form of address."""
    return (_WITH_TITLE.fullmatch(folded) or _ADDRESSED.fullmatch(folded)) is not None


def _bracketed_gender(folded: str) -> bool:
    return re.search(rf"[(\[]{_GENDER}|\s{_GENDER}$|\((?:男|女)\)$", folded) is not None


def _without_prefix(name: str) -> str:
    for mark in "·・•.-—_/":
        head, found, tail = name.partition(mark)
        if found and tail and (fold(head).text in PREFIXES):
            return _without_prefix(tail.strip())
    return name
