"""Two people with the same thing open: what one saved is not undone, or passed, by the other who has not seen it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portal import crypto
from portal.rules.refusal import Refusal


def edition_of(shown: Mapping[str, Any]) -> str:
    """A mark of what a page shows, to be sent back with its form; keyed, since the page may show some of it masked."""
    spelled = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return crypto.fingerprint("edition", spelled).hex()


def check_edition(seen: str | None, present: Mapping[str, Any], wanted: Mapping[str, Any] | None = None) -> None:
    """Refuse to change something that is not any more what the person had before them; its row must be held.

    ``seen`` is what ``edition_of`` gave with the page, nothing for a command that no page comes before. A form sent twice is
    no conflict: ``wanted`` is what is stored already.
    """
    if wanted != present and is_other(seen, present):
        raise Refusal("changed_meanwhile")


def check_read(seen: str | None, present: Mapping[str, Any]) -> None:
    """Refuse a decision about something that was changed after the person had opened it; its row must be held."""
    if is_other(seen, present):
        raise Refusal("changed_while_read")


def is_other(seen: str | None, present: Mapping[str, Any]) -> bool:
    """Whether ``present`` is not what the page showed that ``seen`` came with."""
    return bool(seen) and seen != edition_of(present)
