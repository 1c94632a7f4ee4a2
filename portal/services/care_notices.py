"""Telling people about care: sheets to finish, contacts that are due, results that are published. Each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.models import Assessment, Distributor, RoleGrant, User, db
from portal.one_by_one import each
from portal.queries import assessments as found
from portal.queries import care
from portal.rules.care import Sheet, sheet
from portal.services import notices


def tell_opened(assessment: Assessment, now: datetime) -> int:
    """Whoever looks after the distributor has a sheet to fill in (CM-3.5)."""
    return _tell(
        keepers_of(assessment.distributor_id), "care.review_opened", assessment, "", "CM-3.5", now, assessment.due_at
    )


def tell_scored(assessment: Assessment, scorer: User, now: datetime) -> int:
    """Everybody else of the channel department may confirm it (CH-3.11)."""
    people = [one for one in _department() if one != scorer.id]
    occasion = now.isoformat()
    return _tell(people, "care.review_scored", assessment, occasion, "CH-3.11", now)


def tell_published(assessment: Assessment, now: datetime) -> int:
    """The owners of the distributor read their result (DC-3.3)."""
    owners = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    mine = (RoleGrant.role == "owner", User.distributor_id == assessment.distributor_id, User.disabled_at.is_(None))
    people = db.session.scalars(owners.where(*mine)).all()
    return _tell(people, "assessment.published", assessment, "", "DC-3.3", now)


def remind(now: datetime) -> int:
    """Remind of sheets and contacts before their last day and once it has passed (CM-3.2, 3.3, 3.5); how many were told."""
    return _remind_of_reviews(now) + _remind_of_contacts(now)


def keepers_of(distributor_id: int) -> list[int]:
    """Account owner and deputy; the channel department while nobody is named."""
    people = care.people_of(distributor_id)
    named = [] if people is None else [one for one in (people.owner_id, people.deputy_id) if one is not None]
    return named or _department()


def _remind_of_reviews(now: datetime) -> int:
    return each(found.unpublished(), lambda assessment: _remind_of_review(assessment, now))


def _remind_of_review(assessment: Assessment, now: datetime) -> int:
    kind, occasion = _stage(assessment, now)
    if not kind:
        return 0
    until = assessment.due_at if kind == "care.review_ending" else None
    return _tell(keepers_of(assessment.distributor_id), kind, assessment, occasion, "CM-3.5", now, until)


def _stage(assessment: Assessment, now: datetime) -> tuple[str, str]:
    if now >= assessment.due_at:
        return "care.review_late", "late"
    days = sorted(Sheet.from_document(assessment.sheet).remind_days)
    reached = next((day for day in days if assessment.due_at - now <= timedelta(days=day)), None)
    return ("care.review_ending", f"{reached}") if reached is not None else ("", "")


def _remind_of_contacts(now: datetime) -> int:
    lines = care.contacts_due(now + timedelta(days=sheet().remind_contact_days))
    due = {line.distributor: line for line in lines}
    return each(due, lambda distributor: _remind_of_contact(due[distributor], now))


def _remind_of_contact(line: care.DueContact, now: datetime) -> int:
    missed = now >= line.due_at
    kind = "care.contact_missed" if missed else "care.contact_ending"
    until, occasion = None if missed else line.due_at, line.due_at.isoformat()
    return _tell(keepers_of(line.distributor.id), kind, line.distributor, occasion, line.cadence.clause, now, until)


def _department() -> list[int]:
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    return list(db.session.scalars(query.where(RoleGrant.role == "hq_channel", User.disabled_at.is_(None)).distinct()))


def _tell(
    people: Iterable[int],
    kind: str,
    subject: Assessment | Distributor,
    occasion: str,
    clause: str,
    now: datetime,
    until: datetime | None = None,
) -> int:
    facts = {"reference": subject.reference} | ({"until": until} if until else {})
    return notices.tell(people, kind, subject, f"{subject.reference}:{occasion}", clause, facts, now=now)
