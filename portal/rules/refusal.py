"""A refusal: its reason, the clause that decided, the facts its sentence needs. Its words live in portal/wording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Refusal(Exception):
    """A command is refused and nothing of it is kept. ``reason`` names the words, ``clause`` the rule (RE-2.8)."""

    def __init__(self, reason: str, clause: str | None = None, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.clause = clause
        self.facts = facts


def refusal_of(check: Callable[[], None]) -> Refusal | None:
    """Why ``check`` refuses, None when it does not: what cannot be done is said before somebody tries."""
    try:
        check()
    except Refusal as refusal:
        return refusal
    return None
