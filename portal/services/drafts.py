"""Paste to file (粘贴报备): a message is read, kept as it was, and each customer in it becomes a draft to look at and send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from portal import clock
from portal.models import FilingDraft, PastedMessage, Project, Registration, User, db
from portal.rules.messages import Doubt
from portal.services.message_fields import MISSING, fields_of

#: What is left of a draft's fields once it is filed: the source text and the registration say the rest.
EMPTY = "{}"


#: What a second number of a message takes over from the draft that it was read with: not who the first one is.
_OF_THE_FIRST = frozenset({"name", "phone", "id_number", "party_size", "note"})


@dataclass(frozen=True, slots=True)
class Spare:
    """A number of the message that the draft does not use, behind whose name it stands ("" when that is unclear).

    ``drafted``: it has been given a draft of its own.
    """

    phone: str
    near: str
    drafted: bool


@dataclass(frozen=True, slots=True)
class DraftFields:
    """A draft opened: form values by field, for each field how far it was understood and the words it came from, spares."""

    values: Mapping[str, str]
    marks: Mapping[str, tuple[str, str]]
    spare: Sequence[Spare] = ()

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
    return DraftFields(kept.get("values", {}), marks, [Spare(**one) for one in kept.get("spare", [])])


def draft_spare_number(*, actor: User, draft: FilingDraft, place: int) -> FilingDraft:
    """A draft of its own for the number that stands at ``place`` among the spares; asked for twice it is one.

    It takes over project, residence, company and plan. Once that draft is filed or deleted the answer is ``draft``.
    """
    db.session.refresh(draft, with_for_update=True)
    kept = json.loads(draft.fields)
    spare = kept.get("spare", [])[place : place + 1]
    if not spare:
        return draft
    phone = spare[0]["phone"]
    if spare[0]["drafted"]:
        return next((one for one in _of_message(draft) if open_draft(one).values.get("phone") == phone), draft)
    spare[0]["drafted"] = True
    draft.fields = json.dumps(kept, ensure_ascii=False)
    return _draft_of_number(actor, draft, kept, phone)


def _draft_of_number(actor: User, draft: FilingDraft, kept: dict[str, Any], phone: str) -> FilingDraft:
    values = {name: value for name, value in kept["values"].items() if name not in _OF_THE_FIRST} | {"phone": phone}
    marks = {name: mark for name, mark in kept["marks"].items() if name not in _OF_THE_FIRST}
    seen = MISSING if "*" in phone else str(Doubt.CHECK.value)
    fields = {"values": values, "marks": marks | {"name": (MISSING, ""), "phone": (seen, phone)}}
    last = max(one.position for one in _of_message(draft, filed=True))
    made = FilingDraft(
        broker_id=actor.id,
        pasted_message_id=draft.pasted_message_id,
        position=last + 1,
        fields=json.dumps(fields, ensure_ascii=False),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _of_message(draft: FilingDraft, *, filed: bool = False) -> Sequence[FilingDraft]:
    """The drafts of the same message in their order, the filed ones among them when ``filed``."""
    query = select(FilingDraft).where(FilingDraft.pasted_message_id == draft.pasted_message_id)
    if not filed:
        query = query.where(FilingDraft.registration_id.is_(None))
    return db.session.scalars(query.order_by(FilingDraft.position)).all()
