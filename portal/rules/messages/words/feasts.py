"""Feast days: the fixed ones, and those of the moon calendar and the solar terms year by year."""

from __future__ import annotations

FIXED = {
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "三八节": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双十二": (12, 12),
    "平安夜": (12, 24),
    "圣诞": (12, 25),
}
# Month and day in 2025, 2026, … up to 2035.
FIRST_YEAR = 2025
MOVING = {
    "春节": "1-29 2-17 2-6 1-26 2-13 2-3 1-23 2-11 1-31 2-19 2-8",
    "元宵": "2-12 3-3 2-20 2-9 2-27 2-17 2-6 2-25 2-14 3-5 2-22",
    "清明": "4-4 4-5 4-5 4-4 4-4 4-5 4-5 4-4 4-4 4-5 4-5",
    "端午": "5-31 6-19 6-9 5-28 6-16 6-5 6-24 6-12 6-1 6-20 6-10",
    "七夕": "8-29 8-19 8-8 8-26 8-16 8-5 8-24 8-12 8-1 8-20 8-10",
    "中秋": "10-6 9-25 9-15 10-3 9-22 9-12 10-1 9-19 9-8 9-27 9-16",
    "重阳": "10-29 10-18 10-8 10-26 10-16 10-5 10-24 10-12 10-1 10-20 10-9",
}
NEW_YEAR = "春节"


def date_of(feast: str, year: int) -> tuple[int, int] | None:
    """Month and day of the feast in that year; None outside the table."""
    if feast in FIXED:
        return FIXED[feast]
    dates = MOVING[feast].split()
    if not 0 <= year - FIRST_YEAR < len(dates):
        return None
    month, day = dates[year - FIRST_YEAR].split("-")
    return int(month), int(day)
