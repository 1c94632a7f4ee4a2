"""What dictation, line breaks and spacing do to a message: the same message as somebody at a keyboard would have written it."""

from __future__ import annotations

import re

from portal.rules.messages.fold import Source
from portal.rules.messages.names import is_common_name

_SAID = "零〇一二三四五六七八九幺"
_VALUE = dict(zip(_SAID, "001234567891", strict=True))
# A mobile number digit by digit, nothing more and nothing less: no hour and no price is said with eleven digits.
_SAID_NUMBER = re.compile(
    rf"(?<![{_SAID}十百千万\d])[一幺][三四五六七八九][{_SAID}](?:[ ,、]?[{_SAID}]){{8}}(?![ ,、]?[{_SAID}十百千万\d])"
)
_HESITATION = re.compile(r"那个什么|就是说|然后(?!再)|接着|(?<=[\s,。])(?:嗯+|呃+|额+)(?=[\s,。])")
_HAN = r"[\u4e00-\u9fff]"
_ROMANISED = re.compile(rf"(?P<name>(?<!{_HAN}){_HAN}{{2,3}}) ?(?P<spelt>\([a-z]{{1,8}}(?:[ -][a-z]{{1,8}}){{1,2}}\))")
# The pieces of a number that is broken over lines end their lines, or fill them.
_BREAK = r"[ \t]*-?[ \t]*\n[ \t]*"
_PIECES = rf"(?:{_BREAK}\d{{4}}){{2}}|[ -]?\d{{4}}{_BREAK}\d{{4}}|{_BREAK}\d{{4}}[ -]?\d{{4}}"
_BROKEN_NUMBER = re.compile(rf"(?<![\d+])1[3-9]\d(?:{_PIECES})(?=[ \t]*(?:\n|\Z))")
_SPACED_NAME = re.compile(
    rf"(?:(?<=姓名)|(?<=名字)|(?<=客户)|(?<=[:\n])|^|(?<=\s)(?={_HAN}[ \t]+{_HAN}[ \t]*1[3-9]\d))"
    rf"[ \t]*(?P<name>{_HAN}(?:[ \t]+{_HAN}){{1,2}})(?=[ \t]*(?:\Z|[\n,;。(/|]|1\d))"
)
_SPACED_TITLE = re.compile(rf"(?<!{_HAN})(?P<name>{_HAN}[ \t]+(?:先生|女士|小姐|太太|总))(?!{_HAN})")


def as_written(source: Source) -> Source:
    """The source with said digits as digits, hesitation as a pause, numbers and names in one piece."""
    spelt = _SAID_NUMBER.sub(lambda match: "".join(_VALUE.get(letter, " ") for letter in match.group()), source.text)
    spelt = _HESITATION.sub(lambda match: ",".ljust(len(match.group())), spelt)
    spelt = _ROMANISED.sub(_without_spelling, spelt)
    return _without(Source(source.raw, spelt, source.at), [*_breaks(spelt), *_gaps(spelt)])


def _without_spelling(match: re.Match[str]) -> str:
    """陈大文 (Chan Tai Man): a name once more in Latin letters is nobody else."""
    words = match.group()
    if not is_common_name(match["name"]):
        return words
    return words.replace(match["spelt"], " " * len(match["spelt"]))


def _breaks(text: str) -> list[int]:
    """Where something else than a digit stands inside a number that is broken over lines."""
    found = _BROKEN_NUMBER.finditer(text)
    return [place for match in found for place in range(*match.span()) if not text[place].isdigit()]


def _gaps(text: str) -> list[int]:
    """Where blanks stand inside a usual name that is spaced out: 周 晓 燕, 张 女士."""
    spaced = (*_SPACED_NAME.finditer(text), *_SPACED_TITLE.finditer(text))
    found = [match for match in spaced if is_common_name("".join(match["name"].split()))]
    return [place for match in found for place in range(*match.span("name")) if text[place].isspace()]


def _without(source: Source, places: list[int]) -> Source:
    """The source without the letters at ``places``; each other letter keeps its way back."""
    gone = set(places)
    kept = [place for place in range(len(source.text)) if place not in gone]
    return Source(source.raw, "".join(source.text[n] for n in kept), tuple(source.at[n] for n in kept))
