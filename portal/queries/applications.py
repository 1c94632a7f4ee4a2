"""Applications and partner files, for headquarters; what waits first, by when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from portal.access import PERMISSIONS, Permission
from portal.models import (
    Application,
    Distributor,
    Invitation,
    PartnerFile,
    PartnerPaper,
    RoleGrant,
    StoredFile,
    User,
    db,
)
from portal.queries import changes
from portal.queries.pages import newest
from portal.rules.applications import next_signer

PAGE = 30
_MOST_OPEN = 300
OPEN = ("applied", "in_review", "surveyed", "examined")
_WITH_PEOPLE = (
    joinedload(Application.reviewer),
    joinedload(Application.confirmed_by),
    joinedload(Application.override_by),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of applications; ``next_key`` (a reference) opens the following one."""

    applications: Sequence[Application]
    next_key: str | None = None


def open_page() -> Page:
    """What somebody at headquarters has to do something about, what is due first and the oldest before the newer."""
    query = select(Application).where(Application.state.in_(OPEN)).options(*_WITH_PEOPLE)
    order = (Application.signature_due_at.asc().nulls_last(), Application.state_since, Application.id)
    return Page(db.session.scalars(query.order_by(*order).limit(_MOST_OPEN)).unique().all())


def other_page(states: Sequence[str], after: str | None) -> Page:
    """Those in ``states``, the newest first."""
    query = select(Application).where(Application.state.in_(states)).options(*_WITH_PEOPLE)
    return Page(*newest(query, Application.id, after, PAGE))


def waits_for(application: Application, user: User, stands_in: frozenset[str] = frozenset()) -> bool:
    """Whether the next thing about the application is this person's to do; ``stands_in``: the roles it is deputy for."""
    roles = user.roles
    if application.state == "applied":
        return "hq_channel" in roles
    if application.state == "in_review":
        return application.reviewer_id == user.id
    if application.state == "surveyed":
        return _waits_surveyed(application, user)
    upcoming = next_signer([one.role for one in application.signatures])
    return application.state == "examined" and upcoming in roles | stands_in


def _waits_surveyed(application: Application, user: User) -> bool:
    unscored = any(score.member_id == user.id and score.scored_at is None for score in application.scores)
    spoken = {opinion.department for opinion in application.opinions}
    silent = bool(({"finance", "customer_service"} & user.roles) - spoken)
    return unscored or silent or application.reviewer_id == user.id


def find(reference: str | None) -> Application | None:
    """The application with this number, with the people who worked on it."""
    query = select(Application).where(Application.reference == reference).options(*_WITH_PEOPLE)
    return db.session.scalars(query).unique().one_or_none()


def by_id(number: int) -> Application | None:
    """The application of an applicant's session; None once what it held is erased."""
    application = db.session.get(Application, number)
    return None if application is None or application.erased_at is not None else application


def earlier_of(application: Application) -> Sequence[Application]:
    """The other applications of the same address, the newest first: those that were rejected before."""
    query = select(Application).where(Application.contact_fingerprint == application.contact_fingerprint)
    query = query.where(Application.id != application.id).order_by(Application.id.desc()).limit(PAGE)
    return db.session.scalars(query).unique().all()


def file_of(distributor: Distributor) -> PartnerFile | None:
    """The file of a distributor; None for one that was taken in before there were files."""
    return db.session.scalars(select(PartnerFile).where(PartnerFile.distributor_id == distributor.id)).unique().first()


def application_of(file: PartnerFile) -> Application | None:
    """The application that the file began with."""
    return db.session.scalars(select(Application).where(Application.partner_file_id == file.id)).unique().first()


def paper(paper_id: int) -> PartnerPaper | None:
    """A paper with its file's content; None for one that is erased."""
    options = (
        joinedload(PartnerPaper.file).options(undefer(StoredFile.content)),
        joinedload(PartnerPaper.partner_file),
    )
    kept = PartnerPaper.file.has(StoredFile.erased_at.is_(None))
    return (
        db.session.scalars(select(PartnerPaper).where(PartnerPaper.id == paper_id, kept).options(*options))
        .unique()
        .first()
    )


def possible_members() -> Sequence[User]:
    """Who can be named into a review group."""
    roles = [role for role, granted in PERMISSIONS.items() if Permission.SCORE_APPLICATION in granted]
    query = select(User).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role.in_(roles))
    return db.session.scalars(query.where(User.disabled_at.is_(None)).order_by(User.id)).unique().all()


def invitations(now: datetime) -> Sequence[Invitation]:
    """The invitations that can still be opened, the newest first."""
    query = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    return db.session.scalars(query.order_by(Invitation.id.desc()).limit(PAGE)).all()


def changes_of(application: Application) -> list[changes.Change]:
    """The history of the application, its file and its papers, the newest first."""
    return changes.changes_of(
        changes.about("applications", [application.id]),
        changes.about("partner_files", [application.partner_file_id]),
        changes.about("partner_papers", [paper.id for paper in application.partner_file.papers]),
        most=200,
    )
