"""Cases of breach as each person may see them: headquarters all of them, a distributor those it was told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, undefer

from portal.models import (
    Document,
    Explanation,
    Finding,
    FindingFile,
    Project,
    Sanction,
    StoredFile,
    User,
    db,
)
from portal.queries import changes
from portal.queries.pages import newest
from portal.rules.finding_states import UNDECIDED

PAGE = 30
_MOST_OPEN = 300
#: What a distributor is told of; complaints about a deal are decided with it (RE-8.5).
TOLD_KINDS = ("interception", "poaching", "false_filing")
_TOLD_LETTERS = ("explanation_request", "penalty_notice")
_LETTERS = (*_TOLD_LETTERS, "staff_letter", "evidence_package")
_WITH_ALL = (
    joinedload(Finding.project),
    joinedload(Finding.distributor),
    joinedload(Finding.registration),
    joinedload(Finding.deal),
    joinedload(Finding.reported_by),
    joinedload(Finding.taken_up_by),
    joinedload(Finding.decided_by),
)
_UNDECIDED = Finding.state.in_(UNDECIDED)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cases; ``next_key`` (a reference) opens the following one."""

    findings: Sequence[Finding]
    next_key: str | None = None


def open_page(now: datetime) -> Page:
    """What somebody has to do something about, the most pressing first."""
    query = select(Finding).where(_is_open()).order_by(Finding.seq).limit(_MOST_OPEN).options(*_WITH_ALL)
    found = db.session.scalars(query).unique().all()
    return Page(sorted(found, key=lambda one: _pressing(one, now)))


def closed_page(after: str | None) -> Page:
    """What is done, the newest first."""
    return Page(*newest(select(Finding).where(~_is_open()).options(*_WITH_ALL), Finding.seq, after, PAGE))


def told_page(user: User, after: str | None) -> Page:
    """The cases that the person's distributor was told of, the newest first."""
    return Page(*newest(select(Finding).where(_told_to(user)).options(*_WITH_ALL), Finding.seq, after, PAGE))


def find(reference: str) -> Finding | None:
    """The case with this number, for headquarters."""
    return db.session.scalar(select(Finding).where(Finding.reference == reference).options(*_WITH_ALL))


def find_told(reference: str, user: User) -> Finding | None:
    """The case with this number, if the person's distributor was told of it."""
    query = select(Finding).where(Finding.reference == reference, _told_to(user))
    return db.session.scalar(query.options(*_WITH_ALL))


def waiting_of(user: User, now: datetime) -> int:
    """How many cases wait for an answer of the person's distributor."""
    query = select(Finding.id).join(Explanation, Explanation.finding_id == Finding.id)
    due = (Finding.state == "explanation_asked", Explanation.answered_at.is_(None), Explanation.due_at > now)
    return len(db.session.scalars(query.where(_told_to(user), *due).limit(100)).all())


def evidence(finding: Finding, file_id: int) -> StoredFile | None:
    """A file of the case with its content."""
    query = select(StoredFile).join(FindingFile, FindingFile.file_id == StoredFile.id)
    mine = (FindingFile.finding_id == finding.id, StoredFile.id == file_id)
    return db.session.scalar(query.where(*mine).options(undefer(StoredFile.content)).limit(1))


def letters_of(finding: Finding) -> dict[str, Document]:
    """The letters of the case by their numbers, printed or waiting to be."""
    numbers = {one.reference for one in finding.sanctions} | {finding.explanation and finding.explanation.reference}
    query = select(Document).where(Document.reference.in_(numbers - {None}), Document.kind.in_(_LETTERS))
    return {one.reference: one for one in db.session.scalars(query)}


def letter(finding: Finding, number: str) -> Document | None:
    """The letter of the case with this number."""
    return letters_of(finding).get(number)


def told_letter(finding: Finding, number: str) -> Document | None:
    """The same, if it was written to the distributor."""
    found = letter(finding, number)
    return found if found is not None and found.kind in _TOLD_LETTERS else None


def changes_of(finding: Finding) -> list[changes.Change]:
    """The history of the case, the newest first."""
    return changes.changes_of(changes.about("findings", [finding.id]))


def people() -> dict[int, str]:
    """The names of those who decided sanctions and appeals, by id."""
    deciders = select(Sanction.decided_by_id).union(
        select(Sanction.appeal_decided_by_id), select(Sanction.proposed_by_id), select(Sanction.settled_by_id)
    )
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(deciders)))}


def teams() -> Sequence[str]:
    """The teams that a case was about before, as they were written (RE-7.4)."""
    query = select(Finding.team).where(Finding.team.is_not(None)).distinct().order_by(Finding.team)
    return [team for team in db.session.scalars(query.limit(200)) if team]


def projects(among: frozenset[int] | None) -> Sequence[Project]:
    """The projects in which the person may report; None: all."""
    query = select(Project).order_by(Project.code)
    return db.session.scalars(query if among is None else query.where(Project.id.in_(among))).all()


def _is_open() -> ColumnElement[bool]:
    decided = select(Sanction.id).where(Sanction.finding_id == Finding.id, Sanction.state.in_(("proposed", "appealed")))
    return or_(_UNDECIDED, decided.exists())


def _told_to(user: User) -> ColumnElement[bool]:
    asked = select(Explanation.id).where(Explanation.finding_id == Finding.id).correlate(Finding).exists()
    told = or_(Finding.state == "confirmed", asked)
    return (Finding.distributor_id == user.distributor_id) & Finding.kind.in_(TOLD_KINDS) & told


def _pressing(finding: Finding, now: datetime) -> tuple[int, datetime]:
    """Those whose time to explain has ended, then what can be decided now, then what waits for an explanation."""
    explanation = finding.explanation
    if finding.state == "explanation_asked" and explanation is not None and explanation.answered_at is None:
        return (0 if now >= explanation.due_at else 2), explanation.due_at
    return 1, finding.reported_at
