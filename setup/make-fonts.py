"""Make the two fonts that documents are printed with, from Debian's Noto Sans CJK.

Run it only to renew the fonts; the results are kept in the repository, so that every installation prints the same:

    apt-get install --no-install-recommends fonts-noto-cjk unicode-data
    .venv/bin/python setup/make-fonts.py

The characters are all of GBK, the 8,105 of the general standard list (通用规范汉字表, Unihan's ``kTGH``) and the Latin,
Greek, Cyrillic, punctuation and symbol blocks below. Same packages, same fontTools: same bytes.
"""

from __future__ import annotations

import bz2
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

NOTO = Path("/usr/share/fonts/opentype/noto")
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
TARGET = Path(__file__).resolve().parent.parent / "portal" / "documents" / "fonts"

FAMILY = "Jieding Sans"
SOURCE_FAMILY = "Noto Sans CJK SC"
BLOCKS = (
    (0x0020, 0x007E),  # basic Latin
    (0x00A0, 0x024F),  # Latin of European names
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin of Vietnamese names
    (0x2010, 0x205E),  # punctuation
    (0x2070, 0x218F),  # raised figures, currencies, letter-like signs, number forms
    (0x2190, 0x23FF),  # arrows, mathematics, technical
    (0x2460, 0x27BF),  # circled figures, box drawing, geometry, ticks
    (0x3000, 0x33FF),  # CJK punctuation, kana, bopomofo, enclosed letters, units
    (0xF900, 0xFAFF),  # CJK compatibility, as Hong Kong and Korean systems write some names
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),  # full width forms
    (0xFFFD, 0xFFFD),
)


def gbk_characters() -> Iterator[int]:
    """Every character of GBK, by decoding each of its byte pairs."""
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            text = bytes((lead, trail)).decode("gbk", errors="ignore")
            if len(text) == 1:
                yield ord(text)


def general_standard_characters() -> set[int]:
    """The 8,105 characters of the general standard list of 2013. Raises SystemExit when the list is not whole."""
    lines = bz2.decompress(UNIHAN.read_bytes()).decode().splitlines()
    found = {int(match[1], 16) for line in lines if (match := re.match(r"U\+([0-9A-F]+)\tkTGH\t", line))}
    if len(found) != 8105:
        raise SystemExit(f"{UNIHAN} names {len(found)} general standard characters, not 8105")
    return found


def wanted_characters() -> set[int]:
    """Code points that documents must be able to print."""
    blocks = {code for first, last in BLOCKS for code in range(first, last + 1)}
    return blocks | set(gbk_characters()) | general_standard_characters()


def source_font(weight: str) -> TTFont:
    """The Simplified Chinese face out of Debian's collection."""
    collection = TTCollection(str(NOTO / f"NotoSansCJK-{weight}.ttc"))
    return next(font for font in collection.fonts if font["name"].getBestFamilyName() == SOURCE_FAMILY)


def keep_only(font: TTFont, characters: set[int]) -> None:
    """Drop every other glyph; keep kerning, punctuation widths and composition, drop vertical writing and hints."""
    options = subset.Options(
        layout_features=["ccmp", "kern", "liga", "locl", "mark", "mkmk", "palt", "halt", "tnum", "fwid", "hwid"],
        name_IDs=["*"],
        name_languages=[0x409],
        notdef_outline=True,
        hinting=False,
        desubroutinize=False,
        drop_tables=["DSIG", "vhea", "vmtx", "VORG", "BASE"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def rename(font: TTFont, weight: str) -> None:
    """Give the changed font its own name, as its licence and the Noto trademark ask; keep copyright and licence."""
    names = {
        1: FAMILY,
        2: weight,
        3: f"Jieding;{FAMILY} {weight}",
        4: f"{FAMILY} {weight}",
        6: f"JiedingSans-{weight}",
        10: f"Subset of {SOURCE_FAMILY} {weight} for printed documents",
    }
    table = font["name"]
    kept = [record for record in table.names if record.nameID in {0, 5, 13, 14}]
    table.names = kept
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames = [names[6]]
    top = compact.topDictIndex[0]
    top.FullName, top.FamilyName, top.Weight = names[4], FAMILY, weight
    for private in top.FDArray:
        private.FontName = private.FontName.replace("NotoSansCJKsc", "JiedingSans")


def make(weight: str) -> Path:
    """Write one face and return its path."""
    font = source_font(weight)
    keep_only(font, wanted_characters() & set(font.getBestCmap()))
    rename(font, weight)
    font.recalcTimestamp = False
    path = TARGET / f"JiedingSans-{weight}.otf"
    font.save(path)
    return path


def main() -> None:
    """Make both faces, and say how big they are and which standard characters the source lacks."""
    for weight in ("Regular", "Bold"):
        path = make(weight)
        covered = set(TTFont(path, lazy=True).getBestCmap())
        missing = "".join(map(chr, sorted(general_standard_characters() - covered))) or "none"
        sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes, {len(covered):,} characters, lacks {missing}\n")


if __name__ == "__main__":
    main()
