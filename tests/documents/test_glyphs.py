"""Rare names print, and what cannot print is known beforehand."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from portal.documents.fontconfig import FONTS
from portal.documents.glyphs import code_points, printable, uncovered


@pytest.mark.parametrize(
    "name",
    [
        "王璟",
        "陶喆",
        "李堃",
        "㛃",
        "龑",
        "镕",
        "䶮",
        "𬀩",
        "𫖯",
        "頔",
        "Ångström Đặng Ørsted Zoë Ñuñez",
        "Ольга",
        "東條",
    ],
)
def test_rare_names_are_covered(name: str) -> None:
    assert uncovered(name) == ""


def test_uncovered_characters_are_reported_once_in_order() -> None:
    assert uncovered("张😀\U0002b740😀\n\u200b\ufe0f伟") == "😀\U0002b740"
    assert code_points("😀\U0002b740") == "U+1F600 U+2B740"


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_fonts_are_ours_by_name_and_free_by_licence(weight: str) -> None:
    with TTFont(FONTS / f"JiedingSans-{weight}.otf", lazy=True) as font:
        names = font["name"]
        assert names.getBestFamilyName() == "Jieding Sans"
        assert "Open Font License" in names.getDebugName(13)
        assert font["OS/2"].fsType == 0
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


def test_white_space_becomes_one_space_unless_lines_count() -> None:
    assert printable("  甲\t\n乙  丙 ") == "甲 乙 丙"
    assert printable("  甲 \r\n乙\t丙\n", lines=True) == "甲\n乙 丙"


def test_apostrophe_of_a_latin_name_is_narrow_and_chinese_quotes_stay() -> None:
    assert printable("O’Brien 说：‘好’") == "O'Brien 说：‘好’"
