"""Visits as the people of a site may see them, with what their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Permission, projects_for
from portal.models import Registration, Signature, SlipRefusal, User, Visit, db
from portal.rules.periods import local_date
from portal.rules.visit_stages import SLIP_OPEN, VisitState, stage_of

_PARTIES = (
    joinedload(Visit.project),
    joinedload(Visit.distributor),
    joinedload(Visit.registration).options(
        joinedload(Registration.project),
        joinedload(Registration.policy),
        joinedload(Registration.distributor),
        joinedload(Registration.broker),
    ),
)
_STAFF = (
    joinedload(Visit.registered_by),
    joinedload(Visit.audited_by),
    joinedload(Visit.leader),
    joinedload(Visit.consultant),
    selectinload(Visit.signatures),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in a list: its stage, how many of the three have signed, who will not."""

    visit: Visit
    stage: str
    signed: int
    declined: tuple[str, ...] = ()


def find(reference: str, user: User, permission: Permission) -> Visit | None:
    """The visit with this number, if the person holds ``permission`` in its project."""
    query = in_projects(user, permission).where(Visit.reference == reference).options(*_STAFF)
    return db.session.scalars(query).unique().one_or_none()


def in_projects(user: User, permission: Permission) -> Select[Visit]:
    """Every visit of the projects where the person holds ``permission``, with its parties."""
    return select(Visit).where(Visit.project_id.in_(projects_for(user, permission))).options(*_PARTIES)


def of_registration(registration: Registration) -> Sequence[Visit]:
    """The visits of a registration that has been fetched through its own scope, the newest first."""
    query = select(Visit).where(Visit.registration_id == registration.id).options(*_PARTIES, *_STAFF)
    return db.session.scalars(query.order_by(Visit.seq.desc())).unique().all()


def rows(visits: Iterable[Visit], now: datetime) -> list[Row]:
    """The visits with their stages at ``now``."""
    found = list(visits)
    signed, declined = _signed([visit.id for visit in found]), _declined([visit.id for visit in found])
    return [
        Row(
            visit,
            stage_at(visit, now, declined=visit.id in declined),
            signed.get(visit.id, 0),
            declined.get(visit.id, ()),
        )
        for visit in found
    ]


def standing_refusals(visit: Visit) -> Sequence[SlipRefusal]:
    """Who will not sign the slip of this visit and has not signed since, in the order of the refusals."""
    return db.session.scalars(_standing_refusals([visit.id])).all()


def may_be_signed(stage: str) -> bool:
    """Whether the slip of a visit in this stage may still be signed."""
    return stage in SLIP_OPEN


def stage_at(visit: Visit, now: datetime, *, declined: bool = False) -> str:
    """The stage of a visit whose registration and project are loaded; ``declined``: a refusal to sign stands."""
    registration, zone = visit.registration, visit.project.zone
    return stage_of(
        VisitState(
            result=visit.result,
            clause=visit.clause,
            outcome=None if registration is None else registration.outcome,
            same_day=local_date(visit.arrived_at, zone) == local_date(now, zone),
            signed=visit.signed_at is not None,
            audit_result=visit.audit_result,
            signed_off=visit.leader_signed_at is not None,
            entered=visit.entered_at is not None,
            in_hold=registration is not None and visit.arrived_at < registration.hold_ends_at,
            declined=declined,
            excuse_declined=visit.excuse_declined_at is not None,
        )
    )


def _signed(visit_ids: list[int]) -> dict[int, int]:
    query = (
        select(Signature.visit_id, func.count()).where(Signature.visit_id.in_(visit_ids)).group_by(Signature.visit_id)
    )
    return {row.visit_id: row[1] for row in db.session.execute(query)}


def _declined(visit_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for refusal in db.session.scalars(_standing_refusals(visit_ids)):
        found[refusal.visit_id] = (*found.get(refusal.visit_id, ()), refusal.party)
    return found


def _standing_refusals(visit_ids: list[int]) -> Select[SlipRefusal]:
    signed = select(Signature.id).where(
        Signature.visit_id == SlipRefusal.visit_id, Signature.party == SlipRefusal.party
    )
    query = select(SlipRefusal).where(SlipRefusal.visit_id.in_(visit_ids), ~signed.exists())
    return query.order_by(SlipRefusal.refused_at, SlipRefusal.id)
