"""Small numbers as people write them: 2, 十二, 两, 廿五."""

from __future__ import annotations

HAN = "零〇一二两俩三仨四五六七八九十廿"
# Where a number may begin: not inside another one, but right behind a weekday (周五14点, 周三三点).
START = rf"(?<![周拜])(?<!星期)(?:(?<!\d)(?=\d)|(?<![\d{HAN}])(?=[{HAN}])|(?<=[周期拜][{HAN}])(?=[{HAN}]))"
NUMBER = rf"(?:\d{{1,3}}|[{HAN}]{{1,3}})"
_VALUES = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4}
_VALUES |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def read_number(words: str) -> int | None:
    """The number that the words say, 0 to 999, or None when they say none."""
    if words.isdecimal():
        return int(words)
    tens, has_tens, ones = words.replace("廿", "二十").partition("十")
    if not has_tens:
        digits = [_VALUES.get(letter) for letter in words]
        return None if None in digits or not digits else int("".join(str(digit) for digit in digits))
    if len(tens) > 1 or len(ones) > 1:
        return None
    return _VALUES.get(tens, 1) * 10 + _VALUES.get(ones, 0)
