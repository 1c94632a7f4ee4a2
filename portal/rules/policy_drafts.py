"""A policy document that somebody typed or uploaded: read with suspicion, since it is a tree that anybody may have grown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from portal.rules.policies import PolicyError, read_document
from portal.rules.policy_parameters import check_document, leaves

#: Signs; a regime as shipped has about two thousand.
LONGEST_DRAFT = 20_000
_DEEPEST = 8


class NotYaml(PolicyError):
    """The text cannot be read at all. ``line`` counts from one; None when no line is to blame."""

    def __init__(self, line: int | None = None) -> None:
        super().__init__("not YAML")
        self.line = line


def read_draft(text: str) -> dict[str, Any]:
    """The document of ``text``. Raises NotYaml, or PolicyError whose message begins with the dotted name of the parameter.

    References inside the document are refused: a few lines of them unfold into more than any memory holds.
    """
    if len(text) > LONGEST_DRAFT:
        raise NotYaml
    try:
        _require_plain_tree(text)
        document = read_document(text)
    except yaml.YAMLError as error:
        raise NotYaml(_line_of(error)) from None
    except PolicyError as error:
        raise _named(error) from None
    except (ValueError, RecursionError):
        # A day that no month has, or a number of thousands of digits.
        raise NotYaml from None
    check_document(document)
    _require_storable(document)
    return document


def _require_plain_tree(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotYaml(_line(event.start_mark))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise NotYaml(_line(event.start_mark))


def _require_storable(document: dict[str, Any]) -> None:
    for dotted, value in leaves(document):
        texts = [dotted, *(one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))]
        if not all(one.isprintable() for one in texts):
            raise PolicyError(f"{_printable(dotted)} must be printable text")


def _named(error: PolicyError) -> PolicyError:
    """A document that is no mapping has no parameter to blame."""
    return NotYaml() if str(error).startswith("not ") and not isinstance(error, NotYaml) else error


def _printable(dotted: str) -> str:
    return "".join(_shown(dotted)) or "?"


def _shown(dotted: str) -> Iterator[str]:
    return (sign for sign in dotted if sign.isprintable() and not sign.isspace())


def _line_of(error: yaml.YAMLError) -> int | None:
    return _line(getattr(error, "problem_mark", None))


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark is not None else None
