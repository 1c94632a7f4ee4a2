"""Amounts of money as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def money(amount: Decimal | int) -> str:
    """¥50,000.00, never abbreviated; a negative amount has its sign before the ¥. CNY (GD-10)."""
    exact = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    sign = "-" if exact < 0 else ""
    return f"{sign}¥{abs(exact):,.2f}"
