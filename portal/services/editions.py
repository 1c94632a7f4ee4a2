"""Two people with the same thing open: what one saved is not undone, or passed, by the other who has not seen it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from portal import crypto
from portal.rules.refusal import Refusal


class NoPage(Enum):
    """The type of ``NO_PAGE``, which stands for itself alone: no text that a form sends can be taken for it."""

    NO_PAGE = "no page"


#: A command that no page comes before, such as a step of a story: nothing was shown that could have been overtaken.
NO_PAGE: Final = NoPage.NO_PAGE
#: What a command knows of the page before it: the mark that came with the form, empty when none came, or ``NO_PAGE``.
Seen = str | NoPage


def edition_of(shown: Mapping[str, Any]) -> str:
    """A mark of what a page shows, to be sent back with its form; keyed, since the page may show some of it masked."""
    spelled = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    return crypto.fingerprint("edition", spelled).hex()


def check_edition(seen: Seen, present: Mapping[str, Any], wanted: Mapping[str, Any] | None = None) -> None:
    """Refuse to change something that is not any more what the person had before them; its row must be held.

    ``seen`` is what ``edition_of`` gave with the page. A form sent twice is no conflict: ``wanted`` is what is stored
    already.
    """
    if wanted != present and is_other(seen, present):
        raise Refusal("changed_meanwhile")


def check_read(seen: Seen, present: Mapping[str, Any]) -> None:
    """Refuse a decision about something that was changed after the person had opened it; its row must be held."""
    if is_other(seen, present):
        raise Refusal("changed_while_read")


def is_other(seen: Seen, present: Mapping[str, Any]) -> bool:
    """Whether ``present`` is not what the page showed that ``seen`` came with; a mark that never came fits nothing."""
    return seen is not NO_PAGE and seen != edition_of(present)
