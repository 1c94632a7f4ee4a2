"""Drafts of filings, each broker's own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.addresses import hidden
from portal.models import FilingDraft, PastedMessage, Registration, User, db

#: More than anybody keeps; older ones show once newer ones are filed or deleted.
_MOST = 100


def open_drafts(user: User) -> Sequence[FilingDraft]:
    """The person's drafts that are neither filed nor deleted: the newest message first, in its own order."""
    query = (
        select(FilingDraft)
        .where(FilingDraft.broker_id == user.id, FilingDraft.registration_id.is_(None))
        .order_by(FilingDraft.pasted_message_id.desc(), FilingDraft.position)
        .limit(_MOST)
    )
    return db.session.scalars(query).all()


def find(code: str, user: User) -> FilingDraft | None:
    """The person's own open draft of this code."""
    return next((draft for draft in open_drafts(user) if code_of(draft) == code), None)


def filed_from(code: str, user: User) -> str | None:
    """The number of the filing that was made from the person's draft of this code, a short while ago."""
    query = (
        select(FilingDraft, Registration.reference)
        .join(Registration, Registration.id == FilingDraft.registration_id)
        .where(FilingDraft.broker_id == user.id)
        .order_by(FilingDraft.id.desc())
        .limit(_MOST)
    )
    return next((reference for draft, reference in db.session.execute(query) if code_of(draft) == code), None)


def code_of(draft: FilingDraft) -> str:
    """What stands for the draft in addresses: says nothing of how many there are."""
    return hidden(draft.id)


def source_text(draft: FilingDraft) -> str:
    """The message that the draft was read from."""
    return db.session.execute(
        select(PastedMessage.text).where(PastedMessage.id == draft.pasted_message_id)
    ).scalar_one()


def beside(draft: FilingDraft) -> int:
    """How many customers the same message named."""
    same = select(func.count()).where(FilingDraft.pasted_message_id == draft.pasted_message_id)
    return int(db.session.execute(same).scalar_one())
