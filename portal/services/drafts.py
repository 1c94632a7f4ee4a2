"""Paste to file (粘贴报备): a message is read, kept as it was, and each customer in it becomes a draft to look at and send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from portal import clock
from portal.models import FilingDraft, PastedMessage, Project, Registration, User, db
from portal.services.message_fields import MISSING, fields_of

#: What is left of a draft's fields once it is filed: the source text and the registration say the rest.
EMPTY = "{}"


@dataclass(frozen=True, slots=True)
class DraftFields:
    """A draft opened: form values by field, and for each field how far it was understood and the words it came from."""

    values: Mapping[str, str]
    marks: Mapping[str, tuple[str, str]]

    @property
    def understood(self) -> int:
        return sum(state != MISSING and bool(words) for state, words in self.marks.values())

    @property
    def missing(self) -> int:
        return sum(state == MISSING for state, _ in self.marks.values())


def paste_message(*, actor: User, text: str, projects: Sequence[Project]) -> list[FilingDraft]:
    """Read ``text`` and keep it with one draft per customer. An empty list: the message files nobody, nothing is kept."""
    now = clock.now()
    customers = fields_of(text, now, projects)
    if not customers:
        return []
    message = PastedMessage(broker_id=actor.id, text=text, pasted_at=now)
    db.session.add(message)
    db.session.flush()
    drafts = [
        FilingDraft(
            broker_id=actor.id,
            pasted_message_id=message.id,
            position=position,
            fields=json.dumps(fields, ensure_ascii=False),
            created_at=now,
        )
        for position, fields in enumerate(customers, start=1)
    ]
    db.session.add_all(drafts)
    db.session.flush()
    return drafts


def delete_draft(*, actor: User, draft: FilingDraft) -> None:
    """Forget a draft that is not to be filed, and the message once nothing refers to it any more."""
    db.session.delete(draft)
    db.session.flush()
    in_use = select(FilingDraft.id).where(FilingDraft.pasted_message_id == PastedMessage.id)
    filed = select(Registration.id).where(Registration.pasted_message_id == PastedMessage.id)
    db.session.execute(
        delete(PastedMessage).where(
            PastedMessage.id == draft.pasted_message_id,
            PastedMessage.broker_id == actor.id,
            ~in_use.exists(),
            ~filed.exists(),
        )
    )


def open_draft(draft: FilingDraft) -> DraftFields:
    """The fields of a draft."""
    kept = json.loads(draft.fields)
    marks = {name: (state, words) for name, (state, words) in kept.get("marks", {}).items()}
    return DraftFields(kept.get("values", {}), marks)
