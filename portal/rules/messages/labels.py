"""Labels, also misspelt: which word announces which field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import ne

from portal.rules.messages.words.labels import LABELS, Label
from portal.rules.pinyin import syllables

_EXACT: dict[str, Label] = {re.sub(r"\s", "", word): label for label, words in LABELS.items() for word in words}
_BY_LENGTH: dict[int, list[str]] = {}
for _word in _EXACT:
    _BY_LENGTH.setdefault(len(_word), []).append(_word)
LONGEST = max(len(word) for word in _EXACT)


def _shortened(word: str) -> Iterator[str]:
    """The word without one of its letters, each in turn."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


#: In the order of the labels: what comes first counts, and what is left of a label without one letter, with the first such.
_PLACES = {word: place for place, word in enumerate(_EXACT)}
_ONE_LETTER_LESS: dict[str, str] = {}
for _word in _EXACT:
    for _rest in _shortened(_word):
        _ONE_LETTER_LESS.setdefault(_rest, _word)
_SOUNDS_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
_DECORATION = re.compile(r"[^\w/+&\u4e00-\u9fff]|_")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERING = re.compile(
    r"^(?:\d{1,2}|[①-⑳]|第?[一二三四五六七八九十]{1,2}[、.])(?=\D)|(?:\d{1,2}|[①-⑳]|[一二三四五六])$"
)
_MIDDLE_NUMBER = re.compile(r"^(客户|客人|访客)(?:\d|[一二三四五六])(?=\w)")
_BOTH = re.compile(r"[/+&、及和与]")
_PERSONS = {Label.CUSTOMER, Label.CUSTOMER_PHONE}
_AGENTS = {Label.BROKER, Label.BROKER_PHONE, Label.CHANNEL}


@lru_cache(maxsize=4096)
def _sound(word: str) -> str:
    spelt = " ".join(syllables(word))
    for rare, usual in _SOUNDS_ALIKE:
        spelt = spelt.replace(rare, usual)
    return spelt


def bare(words: str) -> str:
    """The words of a would-be label without spaces, decoration, numbering and remarks in brackets."""
    kept = _DECORATION.sub("", _BRACKETED.sub("", words))
    kept = _MIDDLE_NUMBER.sub(r"\1", kept)
    return kept if kept in _EXACT else _NUMBERING.sub("", kept)


@lru_cache(maxsize=4096)
def exact_label(words: str) -> Label | None:
    """The label spelt exactly like this, decoration aside; two fields in one (客户姓名/电话) are the person's."""
    word = bare(words)
    if word in _EXACT:
        return _EXACT[word]
    parts = [_EXACT.get(part) for part in _BOTH.split(word)]
    if len(parts) < 2 or None in parts:
        return None
    return _of_two(parts[0], parts[1:])


def _of_two(first: Label | None, others: list[Label | None]) -> Label | None:
    if first in _PERSONS:
        return Label.CUSTOMER
    if first in _AGENTS:
        return Label.BROKER if Label.BROKER in (first, *others) else first
    return first


@lru_cache(maxsize=4096)
def similar_label(words: str) -> Label | None:
    """The label meant by a misspelling: sounds the same, or one letter of four or more is wrong, missing or added."""
    word = bare(words)
    if not 2 <= len(word) <= 12 or any(letter.isdigit() for letter in word):
        return None
    near = _BY_LENGTH.get(len(word), [])
    for candidate in near:
        if _differences(word, candidate) <= max(1, len(word) // 2) and _sound(candidate) == _sound(word):
            return _EXACT[candidate]
    if len(word) < 4:
        return None
    near_miss = _one_letter_off(word)
    return near_miss if near_miss is not Label.FILING else None  # 明日报备 is not 今日报备 misspelt


def _one_letter_off(word: str) -> Label | None:
    allowed = 2 if len(word) >= 6 else 1
    best = min(_BY_LENGTH.get(len(word), []), key=lambda each: _differences(word, each), default=None)
    if best is not None and _differences(word, best) <= allowed:
        return _EXACT[best]
    added = [rest for rest in _shortened(word) if rest in _EXACT and len(rest) >= 4]
    candidate = min(added, key=_PLACES.__getitem__) if added else _ONE_LETTER_LESS.get(word)
    return None if candidate is None else _EXACT[candidate]


@lru_cache(maxsize=2048)
def short_slip(words: str) -> Label | None:
    """The two-letter label of which one letter is as written; a guess that the value must confirm."""
    word = bare(words)
    if len(word) not in (2, 3):
        return None
    common = (
        "电话",
        "手机",
        "姓名",
        "项目",
        "客户",
        "渠道",
        "人数",
        "时间",
        "楼盘",
        "公司",
        "经纪人",
        "联系人",
        "手机号",
        "身份证",
    )
    found = [each for each in common if len(each) == len(word) and _differences(word, each) == 1]
    return _EXACT[found[0]] if len(found) == 1 else None


def _differences(one: str, other: str) -> int:
    """In how many places two words of one length differ."""
    return sum(map(ne, one, other))


def label_at(text: str, start: int, end: int) -> tuple[int, Label] | None:
    """The longest exact label (two letters at least) that begins at ``start``: where it ends, and what it announces."""
    for stop in range(min(end, start + LONGEST), start + 1, -1):
        label = _EXACT.get(text[start:stop])
        if label is not None:
            return stop, label
    return None
