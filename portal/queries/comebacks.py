"""What the last ending of a cooperation took away, and what of it is still missing (DM-12.5, CH-5.7, RE-Q46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from portal.models import CommissionHold, Contract, Distributor, Exit, User, db
from portal.rules.contract_states import MAY_SIGN

#: The endings that can be lifted. Who left on its own applies anew.
_LIFTED = ("termination", "blacklist")


@dataclass(frozen=True, slots=True)
class Comeback:
    """``ended``: contracts that the ending ended; ``closed``: accounts that it closed and that are closed still.

    ``standing``: contracts that hold or will hold; ``waiting``: contracts on their way to be signed; ``held``: commissions
    that wait until somebody releases them.
    """

    ended: Sequence[Contract]
    closed: Sequence[User]
    standing: Sequence[Contract]
    waiting: Sequence[Contract]
    held: int

    @property
    def needs_contract(self) -> bool:
        """Whether nothing can be filed before a contract is signed anew, and nobody has begun one (DM-3.1)."""
        return bool(self.ended) and not self.standing and not self.waiting


def comeback_of(distributor: Distributor, now: datetime) -> Comeback:
    """How the distributor stands at ``now`` after its last ending; everything empty where there was none."""
    ending = _last_ending(distributor.id)
    contracts = _contracts(distributor.id)
    return Comeback(
        ended=[one for one in contracts if ending is not None and _by(ending, one)],
        closed=[] if ending is None else _closed_by(ending),
        standing=[one for one in contracts if one.signed_at is not None and _holds(one, now)],
        waiting=[one for one in contracts if one.state in ("draft", "review", "signing")],
        held=_held(distributor.id),
    )


def is_back(distributor: Distributor) -> bool:
    """Whether the cooperation goes on, so that what is missing can be made good."""
    return distributor.status in MAY_SIGN


def _last_ending(distributor_id: int) -> Exit | None:
    query = select(Exit).where(
        Exit.distributor_id == distributor_id, Exit.kind.in_(_LIFTED), Exit.effective_at.is_not(None)
    )
    return db.session.scalar(query.order_by(Exit.id.desc()).limit(1))


def _contracts(distributor_id: int) -> Sequence[Contract]:
    return db.session.scalars(
        select(Contract).where(Contract.distributor_id == distributor_id).order_by(Contract.id)
    ).all()


def _by(ending: Exit, contract: Contract) -> bool:
    """Ended by this file: an ended contract carries its clause and reason."""
    return (
        contract.ended_at is not None
        and contract.ended_at >= ending.asked_at
        and (contract.ended_clause, contract.ended_reason) == (ending.clause, ending.reason)
    )


def _holds(contract: Contract, now: datetime) -> bool:
    last = min((end for end in (contract.ends_at, contract.ended_at) if end is not None), default=None)
    return last is None or last > now


def _closed_by(ending: Exit) -> Sequence[User]:
    """The ending closes accounts at its own instant; a file about a blacklisted partner when it is begun."""
    closed = or_(User.disabled_at == ending.effective_at, User.disabled_at == ending.asked_at)
    query = select(User).where(User.distributor_id == ending.distributor_id, closed).order_by(User.id)
    return db.session.scalars(query).unique().all()


def _held(distributor_id: int) -> int:
    query = select(func.count()).select_from(CommissionHold)
    mine = (CommissionHold.distributor_id == distributor_id, CommissionHold.released_at.is_(None))
    return db.session.scalar(query.where(*mine)) or 0
