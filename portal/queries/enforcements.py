"""Reads of enforcements: the lists, one with its steps, its registrations by page, and what its later steps ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.models import (
    CommissionHold,
    Deal,
    Distributor,
    Enforcement,
    EnforcementEffect,
    Registration,
    RegistrationKey,
    db,
)
from portal.models.enforcements import EFFECTS
from portal.rules.standing import RegistrationFacts

PAGE = 30
_EFFECT = EnforcementEffect
_FACTS = tuple(field.name for field in fields(RegistrationFacts))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of enforcements, the newest first; ``next_key``, the number of the last, opens the following one."""

    rows: Sequence[Enforcement]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class Effects:
    """One page of registrations with what became of them; ``next_key``, a number of one, opens the following one."""

    rows: Sequence[EnforcementEffect]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class Follower:
    """A registration that runs for the same customer as a voided one."""

    id: int
    policy_id: int
    facts: RegistrationFacts


def enforcements(*, distributor: Distributor | None = None, before: str | None = None) -> Page:
    """Everybody's, or those of one distributor."""
    query = select(Enforcement).options(joinedload(Enforcement.distributor), joinedload(Enforcement.asked_by))
    if distributor is not None:
        query = query.where(Enforcement.distributor_id == distributor.id)
    if before is not None:
        query = query.where(
            Enforcement.id < select(Enforcement.id).where(Enforcement.reference == before).scalar_subquery()
        )
    rows = db.session.scalars(query.order_by(Enforcement.id.desc()).limit(PAGE + 1)).unique().all()
    return Page(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else None)


def find(reference: str) -> Enforcement | None:
    """One with its steps, its distributor and who asked for it, as it stands now."""
    parties = (joinedload(Enforcement.distributor), joinedload(Enforcement.asked_by), joinedload(Enforcement.finding))
    query = select(Enforcement).where(Enforcement.reference == reference).options(*parties)
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().first()


def effects(
    enforcement: Enforcement, effect: str, *, after: str | None = None, projects: Collection[int] | None = None
) -> Effects:
    """A page of the registrations with this effect, in the order of filing; in these projects when they are named."""
    parties = joinedload(_EFFECT.registration)
    query = (
        select(_EFFECT)
        .where(_EFFECT.enforcement_id == enforcement.id, _EFFECT.effect == effect)
        .options(parties.joinedload(Registration.project), parties.joinedload(Registration.distributor))
    )
    if projects is not None:
        query = query.where(_EFFECT.project_id.in_(projects))
    if after is not None:
        last = select(Registration.id).where(Registration.reference == after).scalar_subquery()
        query = query.where(_EFFECT.registration_id > last)
    rows = db.session.scalars(query.order_by(_EFFECT.registration_id).limit(PAGE + 1)).unique().all()
    return Effects(rows[:PAGE], rows[PAGE - 1].registration.reference if len(rows) > PAGE else None)


def holds(enforcement: Enforcement) -> Sequence[CommissionHold]:
    """The deals whose commission waits because of it, those released too."""
    deal = joinedload(CommissionHold.deal).joinedload(Deal.project)
    query = select(CommissionHold).where(CommissionHold.enforcement_id == enforcement.id)
    query = query.options(deal, joinedload(CommissionHold.released_by)).order_by(CommissionHold.id)
    return db.session.scalars(query).unique().all()


def hold_of(reference: str, deal: str) -> CommissionHold | None:
    """The hold of a deal by its enforcement, both by their numbers."""
    query = (
        select(CommissionHold)
        .join(CommissionHold.enforcement)
        .join(CommissionHold.deal)
        .where(Enforcement.reference == reference, Deal.reference == deal)
        .options(
            contains_eager(CommissionHold.enforcement).joinedload(Enforcement.distributor),
            contains_eager(CommissionHold.deal).joinedload(Deal.project),
        )
    )
    return db.session.scalars(query).unique().first()


def counts(enforcement: Enforcement, *, projects: Collection[int] | None = None) -> dict[str, int]:
    """How many registrations, by effect; in these projects when they are named."""
    query = select(_EFFECT.effect, func.count()).where(_EFFECT.enforcement_id == enforcement.id)
    if projects is not None:
        query = query.where(_EFFECT.project_id.in_(projects))
    rows = db.session.execute(query.group_by(_EFFECT.effect)).all()
    return {**dict.fromkeys(EFFECTS, 0), **{row[0]: row[1] for row in rows}}


def step_count(enforcement: Enforcement, step: str) -> int:
    """What the step counted so far; 0 when the kind has no such step."""
    return next((one.count or 0 for one in enforcement.steps if one.step == step), 0)


def with_distributor(enforcement_id: int) -> Enforcement:
    """For the steps of the worker."""
    query = select(Enforcement).where(Enforcement.id == enforcement_id).options(joinedload(Enforcement.distributor))
    return db.session.scalars(query).unique().one()


def voided_after(enforcement: Enforcement, reached: int, limit: int) -> Sequence[int]:
    """The next voided registrations by id."""
    query = select(_EFFECT.registration_id).where(
        _EFFECT.enforcement_id == enforcement.id, _EFFECT.effect == "voided", _EFFECT.registration_id > reached
    )
    return db.session.scalars(query.order_by(_EFFECT.registration_id).limit(limit)).all()


def followers_of(voided: Sequence[int], instant: datetime) -> Sequence[Follower]:
    """Everybody who runs at ``instant`` under a strong key of one of these; nothing is unsealed."""
    mine, theirs = aliased(RegistrationKey), aliased(RegistrationKey)
    same = (theirs.project_id == mine.project_id) & (theirs.fingerprint == mine.fingerprint)
    ids = select(theirs.registration_id).join(mine, same).where(mine.registration_id.in_(voided))
    running = (Registration.outcome.is_(None), Registration.ends_at > instant, Registration.filed_at <= instant)
    columns = (Registration.id, Registration.policy_id, *(getattr(Registration, name) for name in _FACTS))
    rows = db.session.execute(select(*columns).where(Registration.id.in_(ids), *running).order_by(Registration.id))
    return [Follower(row[0], row[1], _facts(row[2:])) for row in rows]


def voided_before(enforcement: Enforcement, ids: Sequence[int]) -> dict[int, list[RegistrationFacts]]:
    """What the enforcement voided under a strong key of each of these registrations."""
    mine, theirs = aliased(RegistrationKey), aliased(RegistrationKey)
    query = (
        select(mine.registration_id, *(getattr(Registration, name) for name in _FACTS))
        .join(theirs, (theirs.project_id == mine.project_id) & (theirs.fingerprint == mine.fingerprint))
        .join(Registration, Registration.id == theirs.registration_id)
        .join(_EFFECT, (_EFFECT.registration_id == Registration.id) & (_EFFECT.effect == "voided"))
        .where(mine.registration_id.in_(ids), _EFFECT.enforcement_id == enforcement.id)
        .distinct()
    )
    gone: dict[int, list[RegistrationFacts]] = {}
    for row in db.session.execute(query):
        gone.setdefault(row[0], []).append(_facts(row[1:]))
    return gone


def projects_of(enforcement: Enforcement) -> Sequence[int]:
    """The projects in which the distributor has something running, or of which earlier enforcements told."""
    query = select(_EFFECT.project_id).join(Enforcement, Enforcement.id == _EFFECT.enforcement_id)
    same = (Enforcement.distributor_id == enforcement.distributor_id, Enforcement.id <= enforcement.id)
    return db.session.scalars(query.where(*same).distinct().order_by(_EFFECT.project_id)).all()


def _facts(values: Sequence[Any]) -> RegistrationFacts:
    return RegistrationFacts(**dict(zip(_FACTS, values, strict=True)))
