"""Which of the known projects is meant: also shortened, in traditional characters, or with one letter wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.rules.messages.fold import fold

_GENERIC = frozenset(
    [
        "花园",
        "公馆",
        "广场",
        "中心",
        "小区",
        "国际",
        "新城",
        "府邸",
        "壹号",
        "一号",
        "家园",
        "华庭",
        "名邸",
        "雅苑",
        "公寓",
        "别墅",
        "城市",
        "山庄",
        "湾区",
        "大厦",
        "商铺",
        "住宅",
        "云府",
        "天地",
        "庭院",
        "府苑",
        "名苑",
        "之城",
    ]
)
# A short form says something of its own: 9号 is a day as well.
_NUMBER = re.compile(r"[\d一二三四五六七八九十百]*[号期区栋楼路.]*")
_PHASE = re.compile(
    r"\s*(?:\((?:住宅|商铺|公寓|写字楼|办公|别墅|叠墅|洋房|小?高层|大?平层|排屋|联排|车位|商业|项目|商办|底商|合院|叠加|酒店式?公寓|\d*号?楼?[栋幢]?|[\u4e00-\u9fff\d]{1,3}[期区])\)|项目|楼盘|[一二三四五六1-9]期|[东西南北]区|商铺|住宅|公寓|写字楼|别墅|洋房|叠墅|案场|售楼处|小区)"
)


# 锦绣房产 is a distributor, also where 锦绣华庭 is sold.
_A_DISTRIBUTOR = re.compile(
    r"房地产|不动产|[房地]产|置业(?!顾问)|置家|置换|找房|选房|房屋|经纪(?!人)|安家|优家|之家|有限公司|集团"
)


@dataclass(frozen=True)
class FoundProject:
    """Where a project is named; ``name`` as the portal writes it, None when it is none of the known ones;
    ``exact`` when nothing had to be guessed."""

    start: int
    end: int
    name: str | None
    exact: bool


@dataclass(frozen=True)
class _Spelling:
    letters: str
    name: str | None
    exact: bool


@lru_cache(maxsize=256)
def _spellings(projects: tuple[str, ...]) -> tuple[_Spelling, ...]:
    """Full names, then shortened ones, longest first; a shortened one of several projects names none of them."""
    full = {_letters(name): name for name in projects if name.strip()}
    short: dict[str, set[str]] = {}
    for letters, name in full.items():
        for part in _short_forms(letters):
            short.setdefault(part, set()).add(name)
    found = [_Spelling(letters, name, True) for letters, name in full.items()]
    found += [
        _Spelling(part, next(iter(names)) if len(names) == 1 else None, False)
        for part, names in short.items()
        if part not in full
    ]
    return tuple(sorted(found, key=lambda each: (not each.exact, -len(each.letters))))


def _letters(name: str) -> str:
    """The name as it is looked for; only between Latin words do spaces stay."""
    return re.sub(r"(?<![a-z]) | (?![a-z])", "", " ".join(fold(name).text.split()))


def _short_forms(letters: str) -> Iterator[str]:
    for size in range(2, len(letters)):
        for start in range(len(letters) - size + 1 if len(letters) >= 4 else 1):
            part = letters[start : start + size]
            if _tells(part) and _is_whole(letters, start, start + size):
                yield part


def _tells(part: str) -> bool:
    return part not in _GENERIC and _NUMBER.fullmatch(part) is None and part == part.strip()


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word or number is cut at either edge."""
    return not (_is_latin(text, start - 1) and _is_latin(text, start)) and not (
        _is_latin(text, end - 1) and _is_latin(text, end)
    )


def _is_latin(text: str, position: int) -> bool:
    return 0 <= position < len(text) and text[position].isascii() and text[position].isalpha()


def _positions(text: str, letters: str, start: int, end: int) -> Iterator[int]:
    position = text.find(letters, start, end)
    while position >= 0:
        if _is_whole(text, position, position + len(letters)):
            yield position
        position = text.find(letters, position + 1, end)


def _with_phase(text: str, stop: int, end: int) -> int:
    while match := _PHASE.match(text, stop, end):
        stop = match.end()
    return stop


def _named(text: str, start: int, end: int, spellings: tuple[_Spelling, ...]) -> list[FoundProject]:
    found: list[FoundProject] = []
    for spelling in spellings:
        for position in _positions(text, spelling.letters, start, end):
            stop = position + len(spelling.letters)
            if all(stop <= each.start or position >= each.end for each in found):
                found.append(FoundProject(position, _with_phase(text, stop, end), spelling.name, spelling.exact))
    return found


def _one_wrong(text: str, start: int, end: int, names: tuple[_Spelling, ...]) -> list[FoundProject]:
    """Names of three letters and more with exactly one of them wrong; not when two projects are as near."""
    found: dict[tuple[int, int], set[str | None]] = {}
    for spelling in names:
        size = len(spelling.letters)
        if size < 3:
            continue
        for position in range(start, end - size + 1):
            window = text[position : position + size]
            if _han(window) and sum(a != b for a, b in zip(window, spelling.letters, strict=True)) == 1:
                found.setdefault((position, position + size), set()).add(spelling.name)
    return [
        FoundProject(first, _with_phase(text, last, end), next(iter(meant)), False)
        for (first, last), meant in found.items()
        if len(meant) == 1
    ]


def _han(window: str) -> bool:
    return all(letter.isalnum() for letter in window)


def find_projects(text: str, start: int, end: int, projects: Sequence[str]) -> list[FoundProject]:
    """All known projects named in ``text[start:end]``, in order."""
    spellings = _spellings(tuple(projects))
    full = tuple(each for each in spellings if each.exact)
    found = _named(text, start, end, full)
    guesses = (*_one_wrong(text, start, end, full), *_named(text, start, end, spellings[len(full) :]))
    for guess in guesses:
        if not _begins_a_company(text, guess) and all(
            guess.end <= each.start or guess.start >= each.end for each in found
        ):
            found.append(guess)
    return sorted(found, key=lambda each: each.start)


def _begins_a_company(text: str, guess: FoundProject) -> bool:
    return any(_A_DISTRIBUTOR.match(text, position) for position in range(guess.start + 2, guess.end + 1))


def read_labelled_project(text: str, start: int, end: int, projects: Sequence[str]) -> list[FoundProject]:
    """The projects behind a label; words that name none of the known ones are one unknown project."""
    found = find_projects(text, start, end, projects)
    if found:
        return found
    words = re.compile(r"[^\s,;|/。]+").search(text, start, end)
    return [FoundProject(words.start(), words.end(), None, False)] if words else []
