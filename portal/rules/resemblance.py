"""How alike two entries of one field are: a typing slip is pointed out to the auditor, never accepted by itself (RE-Q25)."""

from __future__ import annotations

SAME, ONE_OFF, DIFFERENT, MISSING = "same", "one_off", "different", "missing"


def compare(one: str | None, other: str | None) -> str:
    """same, one_off (one character changed, added or left out), different, or missing when either is empty."""
    if not one or not other:
        return MISSING
    if one == other:
        return SAME
    return ONE_OFF if _one_apart(one, other) else DIFFERENT


def _one_apart(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next(
        (place for place, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter)
    )
    rest = shorter[same:] if len(shorter) < len(longer) else shorter[same + 1 :]
    return rest == longer[same + 1 :]
