"""Where the customer comes from, in the word that was used: 本地, 外地, 上海, 滨江区."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.rules.messages.words.places import ENDINGS, GENERAL, PLACES

_KNOWN = "|".join(sorted((re.escape(place) for place in PLACES), key=len, reverse=True))
_GENERAL = "|".join(sorted(GENERAL, key=len, reverse=True))
_KNOWN_PLACE = rf"(?:(?:{_KNOWN})(?:[省市区县]|新区)?){{1,3}}"
_ANY_PLACE = rf"(?:{_KNOWN_PLACE}|[\u4e00-\u9fff]{{1,6}}[{ENDINGS}](?![一-龥])|[\u4e00-\u9fff]{{2,4}})"
_TAIL = r"(?=\s?(?:的?客户|的?客人|人(?![数员民])|本地|客(?!户)|[过]?来的?|赶来|的|户籍|过来))"
_ALLOWED = rf"(?P<place>{_GENERAL}|{_KNOWN_PLACE})"
_PATTERNS = (
    re.compile(
        rf"(?:来自于?|客户来自|家住在?|现住在?|居住在|常住在?|住在|人在|定居在?)\s?:?\s?(?P<place>{_GENERAL}|{_ANY_PLACE})(?=[^\u4e00-\u9fff]|的|客户|人|$)"
    ),
    re.compile(rf"[住居]在?\s?(?P<place>{_GENERAL}|{_KNOWN_PLACE})(?=[^\u4e00-\u9fff]|$)"),
    re.compile(rf"从\s?(?P<place>{_GENERAL}|{_KNOWN_PLACE}|[\u4e00-\u9fff]{{2,4}}?)\s?(?:过来|赶来|来的?|赶过来|开车)"),
    re.compile(_ALLOWED + _TAIL),
    re.compile(rf"(?<![\u4e00-\u9fff])(?P<place>{_GENERAL})(?![\u4e00-\u9fff])"),
    re.compile(rf"客户(?:是)?(?P<place>{_GENERAL}|{_KNOWN_PLACE})的"),
    re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<place>{_KNOWN_PLACE})(?=\s*(?:$|[\s,，。;；|/、\]】]|\)(?![\u4e00-\u9fff])))"
    ),
)
_VALUE_TAIL = re.compile(r"(?:的?客户|的?客人|[过]?来的|本地人|人|户籍|的)$")
_VALUE = re.compile(r"[^\s,;|。()]+")
_PLACE_LIKE = re.compile(rf"{_GENERAL}|{_KNOWN_PLACE}.*|[\u4e00-\u9fff]{{1,8}}[{ENDINGS}]")


@dataclass(frozen=True)
class FoundResidence:
    """Where the place is said (the place alone, as written)."""

    start: int
    end: int
    stop: int  # where the words that belong to it (客户, 来的) end


def find_residences(text: str, start: int, end: int) -> list[FoundResidence]:
    """All places of residence said in ``text[start:end]``, in order."""
    found: list[FoundResidence] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text, start, end):
            first, last = match.span("place")
            if all(last <= each.start or first >= each.end for each in found):
                found.append(FoundResidence(first, last, _behind(text, max(match.end(), last), end)))
    return sorted(found, key=lambda each: each.start)


_BELONGS = re.compile(r"\s?(?:的?客户|的?客人|[过]?来的?客户|[过]?来的?|赶来的?|人(?!数)|户籍)")


def _behind(text: str, stop: int, end: int) -> int:
    match = _BELONGS.match(text, stop, end)
    return match.end() if match else stop


def read_labelled_residence(text: str, start: int, end: int, *, only_places: bool) -> list[FoundResidence]:
    """The words behind a label, without 客户 or 来的; with ``only_places`` (客户来源) none but a place."""
    match = _VALUE.search(text, start, end)
    if match is None:
        return []
    tail = _VALUE_TAIL.search(match.group())
    last = match.start() + (tail.start() if tail and tail.start() > 0 else len(match.group()))
    words = text[match.start() : last]
    found = find_residences(text, start, end)
    if only_places and not _PLACE_LIKE.fullmatch(words):
        return found
    if found and found[0].start > match.start():
        return found
    return [FoundResidence(match.start(), last, match.end())]
