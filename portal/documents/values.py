"""What every document is told: plain, frozen values. Models never come here, so a print can be repeated for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

Locale = Literal["zh_Hans_CN", "en"]
Values = TypeVar("Values")
Hints = Mapping[str, Any]

#: On fields that say how to print rather than what is the case: they do not enter the fact digest.
PRESENTATION: Hints = {"presentation": True}
#: On fields that people fill freely: line breaks stay, phone and ID numbers in them are masked in print.
FREE_TEXT: Hints = {"free_text": True}
#: On the words of a contract: printed exactly as both sides signed them, numbers included.
EXACT: Hints = {"exact": True}
#: On phone and ID fields: they must come masked, or empty.
MASKED: Hints = {"masked": True}
#: On addresses, machine words and drawings, which are neither checked nor changed.
VERBATIM: Hints = {"verbatim": True}


@dataclass(frozen=True, kw_only=True)
class Document:
    """The head and the seal line that all documents share.

    ``issued_at`` and all other instants are aware; they are printed to the second in ``zone`` (an IANA name).
    ``verification_url`` is the whole public address that the QR code opens; nothing personal in it.
    ``kind`` is the document's name in the fact digest; it never changes.
    """

    kind: ClassVar[str]

    number: str
    group: str
    project: str
    issued_at: datetime
    rules_version: str
    policy_version: str
    verification_url: str = field(metadata={**PRESENTATION, **VERBATIM})
    zone: str = field(default="Asia/Shanghai", metadata=VERBATIM)
    locale: Locale = field(default="zh_Hans_CN", metadata={**PRESENTATION, **VERBATIM})


def _parts(values: Any) -> Iterator[tuple[Field[Any], Any]]:
    for item in fields(values):
        content = getattr(values, item.name)
        for part in content if isinstance(content, tuple) else (content,):
            yield item, part


def texts(values: Any) -> Iterator[tuple[str, str, Hints]]:
    """Every text for people in ``values``, at any depth: field name, text, and the field's hints."""
    for item, part in _parts(values):
        if is_dataclass(part):
            yield from texts(part)
        elif isinstance(part, str) and "verbatim" not in item.metadata:
            yield item.name, part, item.metadata


def with_texts(values: Values, change: Callable[[str, Hints], str]) -> Values:
    """A copy of ``values`` in which every text for people is ``change(text, hints)``, at any depth."""

    def changed(part: Any, hints: Hints) -> Any:
        if "verbatim" in hints:
            return part
        if is_dataclass(part) and not isinstance(part, type):
            return with_texts(part, change)
        if isinstance(part, tuple):
            return tuple(changed(one, hints) for one in part)
        return change(part, hints) if isinstance(part, str) else part

    anew = {item.name: changed(getattr(values, item.name), item.metadata) for item in fields(values)}  # type: ignore[arg-type]
    return replace(values, **anew)  # type: ignore[type-var]
