"""Which characters the documents' font can print. A rare character in a name must not vanish unnoticed."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

from portal.documents.fontconfig import FONTS

#: Printers' mark for a sort that is missing from the case; what it stands for is listed at the document's end.
STAND_IN = "〓"
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
#: A Chinese font draws this mark as wide as a character: O’Brien would fall apart.
_APOSTROPHE = re.compile("(?<=[A-Za-z\u00c0-\u024f])\u2019(?=[A-Za-z\u00c0-\u024f])")


@functools.cache
def _printable() -> frozenset[int]:
    """Code points that both weights have. Reads the two files once, some tens of milliseconds."""
    return frozenset.intersection(*map(_characters, sorted(FONTS.glob("*.otf"))))


def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as face:
        return frozenset(face.getBestCmap())


def _invisible(character: str) -> bool:
    # Variation selectors choose a shape of the character before them; without them the plain shape prints.
    return unicodedata.category(character) in _INVISIBLE or bool(
        re.match("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", character)
    )


def uncovered(text: str) -> str:
    """The characters of ``text`` that cannot be printed, each once, in order; empty when all can.

    For a warning to staff when a name is entered: the name is kept, documents show 〓 with the code point.
    """
    missing = (one for one in text if ord(one) not in _printable() and not _invisible(one) and not one.isspace())
    return "".join(dict.fromkeys(missing))


def code_points(characters: str) -> str:
    """U+2B740 U+1F600: how to look up what cannot be shown."""
    return " ".join(f"U+{ord(one):04X}" for one in characters)


def printable(text: str, *, lines: bool = False) -> str:
    """``text`` as the font can show it: control and direction characters gone, 〓 for what is not covered.

    ``lines`` keeps line breaks; otherwise every run of white space becomes one space.
    """
    normal = _APOSTROPHE.sub("'", re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c]", "\n", text))
    kept = [one for one in normal if not _invisible(one) or one in "\n\t"]
    shown = "".join(one if one.isspace() or ord(one) in _printable() else STAND_IN for one in kept)
    if lines:
        return "\n".join(" ".join(line.split()) for line in shown.strip().split("\n"))
    return " ".join(shown.split())
