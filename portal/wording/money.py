"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_DIGITS, _PLACES, _GROUPS = "零壹贰叁肆伍陆柒捌玖", ("仟", "佰", "拾", ""), ("亿", "万", "")


def money(amount: Decimal | int) -> str:
    """¥50,000.00, never abbreviated; a negative amount has its sign before the ¥. CNY (GD-10)."""
    exact = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "-" if exact < 0 else ""
    return f"{sign}¥{abs(exact):,.2f}"


def capitals(amount: int) -> str:
    """50000 as 人民币伍万元整: whole yuan in the figures of contracts. Raises ValueError below one and from 10^12 on."""
    if not 0 < amount < 10**12:
        raise ValueError(amount)
    said, padded = "", f"{amount:012}"
    for group, name in zip((padded[:4], padded[4:8], padded[8:]), _GROUPS, strict=True):
        if int(group):
            between = "零" if said and (group[0] == "0" or said.endswith("零")) else ""
            said += between + _four(group) + name
    return f"人民币{said}元整"


def _four(group: str) -> str:
    """Four figures without the noughts at both ends; those between others are said once."""
    said = ""
    for figure, place in zip(group.lstrip("0").rjust(4, "-"), _PLACES, strict=True):
        if figure == "0":
            said += "" if said.endswith("零") else "零"
        elif figure != "-":
            said += _DIGITS[int(figure)] + place
    return said.rstrip("零")
