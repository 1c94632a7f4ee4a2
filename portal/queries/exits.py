"""Reads of endings: the file, its checklist as the facts stand, what runs and what becomes of it (DM-12, CH-5.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload

from portal.models import (
    Claim,
    CommissionHold,
    Complaint,
    Deal,
    Distributor,
    Exit,
    ExitDuty,
    ExitHandover,
    Extension,
    Finding,
    Registration,
    RoleGrant,
    Sanction,
    User,
    db,
)
from portal.rules.exits import AFTER_THE_END, OPEN, PENDING, duty, duty_state
from portal.rules.finding_states import UNDECIDED
from portal.rules.partner_states import UNDER_CONTRACT

#: Rows of running customers on one page.
PAGE = 50
#: Sanctions that owe something until it is settled.
OWED = ("fine", "damages", "refuse_commission", "return_commission")
_LOADED = (
    joinedload(Exit.distributor),
    joinedload(Exit.asked_by),
    joinedload(Exit.decided_by),
    joinedload(Exit.settled_up_by),
    joinedload(Exit.closed_by),
    joinedload(Exit.finding),
)
_R = Registration


@dataclass(frozen=True, slots=True)
class Line:
    """One duty as it stands: what the portal counts (``number``; None where it counts nothing) goes before what was ticked."""

    duty: ExitDuty
    state: str
    clause: str
    number: int | None

    @property
    def seen(self) -> bool:
        """Whether the portal counts it by itself."""
        return self.number is not None


@dataclass(frozen=True, slots=True)
class Running:
    """A registration that still runs, and what was decided about it."""

    registration: Registration
    handover: ExitHandover | None


@dataclass(frozen=True, slots=True)
class RunningPage:
    """What runs of a distributor that leaves, by the end; ``next_key`` is the id to go on after."""

    rows: Sequence[Running]
    next_key: str | None


def find(reference: str) -> Exit | None:
    """One file by its number, with its people."""
    return _one(Exit.reference == reference)


def with_id(number: int) -> Exit:
    """One file by its id, for its papers. Raises NoResultFound when it is gone."""
    return db.session.scalars(select(Exit).where(Exit.id == number).options(*_LOADED)).one()


def find_own(user: User, reference: str) -> Exit | None:
    """A file of the person's own distributor; a proposed termination is not shown before it is decided."""
    told = or_(Exit.kind != "termination", Exit.state.in_(("in_force", "closed")))
    return _one(Exit.reference == reference, Exit.distributor_id == user.distributor_id, told)


def latest_of(distributor_id: int, *, told: bool = False) -> Exit | None:
    """The newest file of a distributor; with ``told`` the newest that it may see."""
    query = select(Exit).where(Exit.distributor_id == distributor_id).options(*_LOADED).order_by(Exit.id.desc())
    if told:
        query = query.where(or_(Exit.kind != "termination", Exit.state.in_(("in_force", "closed"))))
    return db.session.scalars(query.limit(1)).first()


def current_of(distributor_id: int) -> Exit | None:
    """The file that somebody has to look at: a proposed termination, else the last one that is open or closed."""
    latest, proposed = latest_of(distributor_id), open_of(distributor_id, "termination")
    if proposed is not None:
        return proposed
    return latest if latest is not None and latest.state in (*OPEN, "closed") else None


def open_files() -> Sequence[Exit]:
    """What headquarters still has to do something about: requests and proposals first, then files with duties left."""
    query = select(Exit).where(Exit.state.in_(OPEN)).options(*_LOADED)
    return sorted(db.session.scalars(query.order_by(Exit.id).limit(200)), key=_urgency)


def closed_files(before: str | None = None) -> Sequence[Exit]:
    """What is done with, the newest first, after the file with the number ``before``."""
    query = select(Exit).where(Exit.state.not_in(OPEN)).options(*_LOADED)
    if before is not None:
        query = query.where(Exit.id < select(Exit.id).where(Exit.reference == before).scalar_subquery())
    return db.session.scalars(query.order_by(Exit.id.desc()).limit(PAGE + 1)).all()


def waiting() -> int:
    """How many files wait for a decision of headquarters."""
    undecided = select(func.count()).select_from(Exit).where(Exit.state.in_(("asked", "proposed")))
    return db.session.scalar(undecided) or 0


def with_submission_key(distributor_id: int, key: str | None) -> Exit | None:
    """The request that was sent with this key before."""
    return None if key is None else _one(Exit.submission_key == key, Exit.distributor_id == distributor_id)


def open_of(distributor_id: int, kind: str) -> Exit | None:
    """The one file of a kind that is open."""
    return _one(Exit.distributor_id == distributor_id, Exit.kind == kind, Exit.state.in_(OPEN))


def pending_of(distributor_id: int) -> Sequence[Exit]:
    """Files that something stronger overtakes."""
    query = select(Exit).where(Exit.distributor_id == distributor_id, Exit.state.in_(PENDING))
    return db.session.scalars(query.options(*_LOADED).order_by(Exit.id)).all()


def coming(now: datetime) -> Sequence[int]:
    """The numbers of approved exits whose instant has come, the earliest first."""
    query = select(Exit.id).where(Exit.state == "approved", Exit.ends_at <= now)
    return db.session.scalars(query.order_by(Exit.ends_at, Exit.id)).all()


def stale() -> Sequence[Exit]:
    """Open files that no longer fit the state of their distributor: something stronger came between."""
    left = or_(
        and_(Exit.state.in_(("asked", "approved")), Distributor.status != "exit_requested"),
        and_(Exit.state == "proposed", Distributor.status.not_in(UNDER_CONTRACT)),
        and_(Exit.state == "in_force", Distributor.status.not_in(AFTER_THE_END)),
    )
    query = select(Exit).join(Distributor, Distributor.id == Exit.distributor_id).where(left)
    return db.session.scalars(query.with_for_update(of=Exit, skip_locked=True).order_by(Exit.id)).all()


def checklist(ending: Exit, now: datetime) -> list[Line]:
    """Every duty as the facts stand at ``now``."""
    numbers = open_numbers(ending, now)
    return [_line(one, numbers) for one in ending.duties]


def open_lines(ending: Exit, now: datetime) -> list[Line]:
    """The duties that are still open at ``now``."""
    return [line for line in checklist(ending, now) if line.state == "open"]


def open_numbers(ending: Exit, now: datetime) -> dict[str, int]:
    """Of every duty that the portal counts by itself: how much of it is left at ``now``."""
    distributor_id = ending.distributor_id
    return {
        "customers": _customers_left(ending, now),
        "requests": sum(_count(query(distributor_id)) for query in (_open_extensions, _open_claims, _open_complaints)),
        "findings": _count(_open_findings(distributor_id)) + _count(_open_sanctions(distributor_id)),
        "accounts": _count(_open_accounts(distributor_id)),
        "settlement": 0 if ending.signature("settlement") else 1,
    }


def running_page(ending: Exit, now: datetime, after: str | None = None) -> RunningPage:
    """What runs of the distributor without a deal, in the order of filing."""
    query = _running(ending.distributor_id, now).order_by(_R.id).limit(PAGE + 1).options(joinedload(_R.project))
    if after is not None:
        query = query.where(_R.id > select(_R.id).where(_R.reference == after).scalar_subquery())
    shown = db.session.scalars(query).unique().all()
    chosen = _handovers(ending, [one.id for one in shown])
    rows = [Running(one, chosen.get(one.id)) for one in shown[:PAGE]]
    return RunningPage(rows, shown[PAGE - 1].reference if len(shown) > PAGE else None)


def running_ids(ending: Exit, now: datetime) -> Sequence[int]:
    """Every registration that runs without a deal, for a decision about all of them."""
    return db.session.scalars(_running(ending.distributor_id, now).with_only_columns(_R.id).order_by(_R.id)).all()


def to_be_signed(ending: Exit, now: datetime) -> Sequence[Registration]:
    """What the company wishes the partner to give up and the partner has not yet signed for."""
    query = _running(ending.distributor_id, now).join(ExitHandover, ExitHandover.registration_id == _R.id)
    unsigned = (ExitHandover.exit_id == ending.id, ExitHandover.choice == "release", ExitHandover.signed_at.is_(None))
    return db.session.scalars(query.where(*unsigned).options(joinedload(_R.project)).order_by(_R.id)).unique().all()


def choices_of(ending: Exit) -> Mapping[str, int]:
    """How many registrations run on, wait for the partner's signature, and were released with it."""
    signed = ExitHandover.signed_at.is_not(None)
    query = select(ExitHandover.choice, signed, func.count()).where(ExitHandover.exit_id == ending.id)
    found = {(row[0], row[1]): row[2] for row in db.session.execute(query.group_by(ExitHandover.choice, signed))}
    return {
        "run_on": found.get(("run_on", False), 0),
        "asked": found.get(("release", False), 0),
        "released": found.get(("release", True), 0),
    }


def chosen_values(ending: Exit) -> dict[str, Any]:
    """What was chosen for every customer and what was signed: a mark of them all, for there may be thousands."""
    signed = case((ExitHandover.signed_at.is_(None), ""), else_="+")
    said = func.concat(ExitHandover.registration_id, ":", ExitHandover.choice, signed)
    all_of_them = func.string_agg(said, aggregate_order_by(literal(","), ExitHandover.registration_id))
    return {"chosen": db.session.scalar(select(func.md5(all_of_them)).where(ExitHandover.exit_id == ending.id))}


def frozen_of(distributor_id: int, now: datetime) -> Sequence[Registration]:
    """Registrations with a deal: they stay as they are (RE-Q34)."""
    query = select(_R).where(*_mine(distributor_id, now), _R.frozen_at.is_not(None))
    return db.session.scalars(query.options(joinedload(_R.project)).order_by(_R.id)).unique().all()


def owed_by(distributor_id: int) -> Sequence[tuple[Finding, Sanction]]:
    """Sanctions of a distributor that are not settled, with their cases."""
    query = _open_sanctions(distributor_id).with_only_columns(Finding, Sanction).order_by(Sanction.id)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def holds_of(distributor_id: int) -> Sequence[CommissionHold]:
    """Deals whose commission waits for a named person."""
    query = select(CommissionHold).where(
        CommissionHold.distributor_id == distributor_id, CommissionHold.released_at.is_(None)
    )
    return db.session.scalars(query.options(joinedload(CommissionHold.deal)).order_by(CommissionHold.id)).all()


def deals_of(distributor_id: int) -> int:
    """How many deals are the distributor's."""
    return db.session.scalar(select(func.count()).select_from(Deal).where(Deal.owner_id == distributor_id)) or 0


def _one(*conditions: ColumnElement[bool]) -> Exit | None:
    query = select(Exit).where(*conditions).options(*_LOADED)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _urgency(ending: Exit) -> tuple[int, datetime]:
    return OPEN.index(ending.state), ending.asked_at


def _line(one: ExitDuty, numbers: Mapping[str, int]) -> Line:
    state = duty_state(one.kind, one.state, numbers.get(one.kind, 0))
    return Line(one, state, duty(one.kind).clause, numbers.get(one.kind))


def _customers_left(ending: Exit, now: datetime) -> int:
    """Before the end: what nobody has decided about or signed for. Afterwards: what still runs (DM-12.7)."""
    running = _running(ending.distributor_id, now)
    if ending.effective_at is not None:
        return _count(running)
    settled = or_(ExitHandover.choice == "run_on", ExitHandover.signed_at.is_not(None))
    decided = select(ExitHandover.registration_id).where(ExitHandover.exit_id == ending.id, settled)
    return _count(running.where(_R.id.not_in(decided)))


def _mine(distributor_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_R.distributor_id == distributor_id, _R.outcome.is_(None), _R.ends_at > now)


def _running(distributor_id: int, now: datetime) -> Select[Any]:
    return select(_R).where(*_mine(distributor_id, now), _R.frozen_at.is_(None))


def _open_extensions(distributor_id: int) -> Select[Any]:
    query = select(Extension.id).join(_R, _R.id == Extension.registration_id)
    return query.where(Extension.state == "pending", _R.distributor_id == distributor_id)


def _open_claims(distributor_id: int) -> Select[Any]:
    return select(Claim.id).where(Claim.distributor_id == distributor_id, Claim.state == "open")


def _open_complaints(distributor_id: int) -> Select[Any]:
    """By the distributor or about it."""
    concerns = or_(Complaint.distributor_id == distributor_id, Complaint.complaining_id == distributor_id)
    return select(Complaint.id).where(concerns, Complaint.closed_at.is_(None))


def _open_findings(distributor_id: int) -> Select[Any]:
    return select(Finding.id).where(Finding.distributor_id == distributor_id, Finding.state.in_(UNDECIDED))


def _open_sanctions(distributor_id: int) -> Select[Any]:
    """Not yet decided, under appeal, or decided and not yet paid."""
    unpaid = and_(Sanction.state.in_(("confirmed", "upheld")), Sanction.kind.in_(OWED), Sanction.settled_at.is_(None))
    query = select(Sanction.id).join(Finding, Finding.id == Sanction.finding_id)
    return query.where(
        Finding.distributor_id == distributor_id, or_(Sanction.state.in_(("proposed", "appealed")), unpaid)
    )


def _open_accounts(distributor_id: int) -> Select[Any]:
    owners = select(RoleGrant.user_id).where(RoleGrant.role == "owner")
    mine = (User.distributor_id == distributor_id, User.disabled_at.is_(None), User.id.not_in(owners))
    return select(User.id).where(*mine)


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _handovers(ending: Exit, ids: Sequence[int]) -> dict[int, ExitHandover]:
    query = select(ExitHandover).where(ExitHandover.exit_id == ending.id, ExitHandover.registration_id.in_(ids))
    return {one.registration_id: one for one in db.session.scalars(query)}
