"""The history of an application in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.queries.changes import Change
from portal.wording.history import describe
from portal.wording.people import ROLE_WORDS


def told(changes: Sequence[Change], principals: Mapping[str, str]) -> list[dict[str, Any]]:
    """The history of an application as its page lists it; ``principals``: who delegated, by the delegation's number."""
    return [
        {
            "at": change.entry.happened_at,
            "words": describe(change.entry.verb, change.entry.facts),
            "by": " ".join(str(part) for part in (_role(change), _by(change, principals)) if part),
            "clause": change.entry.clause,
            "system": change.entry.actor_id is None,
        }
        for change in changes
    ]


def _by(change: Change, principals: Mapping[str, str]) -> str | None:
    """Who did it, and in whose place."""
    principal = principals.get(change.entry.facts.get("delegation", ""))
    if principal is None:
        return change.by
    return _("%(deputy)s（代 %(principal)s）", deputy=change.by, principal=principal)


def _role(change: Change) -> Any:
    return _("申请人") if change.entry.actor_role == "applicant" else ROLE_WORDS.get(change.entry.actor_role)
