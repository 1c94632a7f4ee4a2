"""What changed between two events of a deal: who joined, who left, whose data differ. Both versions are kept (RE-Q40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STRONG = ("phone", "id_number", "company_code")
FIELDS = ("name", "phone", "id_number", "company", "company_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """A buyer as it stands in one event, in clean values."""

    name: str
    phone: str | None = None
    id_number: str | None = None
    company: str | None = None
    company_code: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``joined``, ``left``, or ``changed`` with each field before and after."""

    kind: str
    name: str
    fields: tuple[tuple[str, str | None, str | None], ...] = ()


def changes(before: Sequence[Buyer], after: Sequence[Buyer]) -> tuple[Change, ...]:
    """Those who left, those who joined, those whose data differ. Two are the same person by a strong key, else by name."""
    left, pairs, joined = list(before), [], []
    for buyer in after:
        known = _same(buyer, left)
        if known is None:
            joined.append(buyer)
        else:
            left.remove(known)
            pairs.append((known, buyer))
    return (
        *(Change("left", one.name) for one in left),
        *(Change("joined", one.name) for one in joined),
        *(Change("changed", new.name, _fields(old, new)) for old, new in pairs if old != new),
    )


def _same(buyer: Buyer, known: Sequence[Buyer]) -> Buyer | None:
    by_key = (one for one in known if any(_equal(buyer, one, key) for key in STRONG))
    by_name = (one for one in known if one.name == buyer.name)
    return next(by_key, None) or next(by_name, None)


def _equal(one: Buyer, other: Buyer, field: str) -> bool:
    value = getattr(one, field)
    return value is not None and value == getattr(other, field)


def _fields(old: Buyer, new: Buyer) -> tuple[tuple[str, str | None, str | None], ...]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in FIELDS)
    return tuple(pair for pair in pairs if pair[1] != pair[2])
