"""What a running transaction has written down and whom it has told: the words of the next page are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, select

from portal.models import Distributor, HistoryEntry, Notice, OutgoingMessage, User, db

#: Whose row it is: a transaction of its own, not one that committed meanwhile.
_OURS = "{table}.xmin = pg_current_xact_id()::xid"


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of the history by the person who acted."""

    verb: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """The person's deeds in order; the partners and the colleagues that were told in the portal; messages to outside."""

    deeds: Sequence[Deed]
    partners: Sequence[str]
    colleagues: Sequence[str]
    messages: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Where history, notices and messages ended."""

    entry: int
    notice: int
    message: int


def mark() -> Mark:
    """Where they end now."""
    return Mark(
        *(db.session.scalar(select(func.max(model.id))) or 0 for model in (HistoryEntry, Notice, OutgoingMessage))
    )


def since(start: Mark, actor: User) -> Aftermath:
    """What this transaction has written behind ``start``; to be asked before it commits."""
    query = select(HistoryEntry.verb, HistoryEntry.facts).where(HistoryEntry.actor_id == actor.id)
    deeds = db.session.execute(query.where(*_behind(HistoryEntry, start.entry)).order_by(HistoryEntry.id))
    told = (
        select(Distributor.name, User.name)
        .select_from(Notice)
        .join(User, User.id == Notice.user_id)
        .outerjoin(Distributor, Distributor.id == User.distributor_id)
        .where(*_behind(Notice, start.notice), User.id != actor.id)
        .order_by(Notice.id)
    )
    rows = db.session.execute(told).all()
    messages = select(func.count()).select_from(OutgoingMessage).where(*_behind(OutgoingMessage, start.message))
    return Aftermath(
        [Deed(*row) for row in deeds],
        list(dict.fromkeys(partner for partner, _name in rows if partner is not None)),
        list(dict.fromkeys(name for partner, name in rows if partner is None)),
        db.session.scalar(messages) or 0,
    )


def _behind(model: Any, number: int) -> tuple[Any, ...]:
    ours: Any = literal_column(_OURS.format(table=model.__tablename__))
    return model.id > number, ours
