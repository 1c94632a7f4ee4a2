"""Tables of words: data that the recognisers read, to be extended without touching them."""

from __future__ import annotations


def listed(words: str) -> list[str]:
    """The words of a table, written with spaces or line ends between them; ``_`` stands for a space inside one."""
    return [word.replace("_", " ") for word in words.split()]
