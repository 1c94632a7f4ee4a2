"""What waits for one person at headquarters (待办): only what this person may decide, soonest due first.

Each kind of thing gives one query of the same columns; a page is read from their union behind a key. Without a date of its
own a thing counts as due a day after it began to wait (GD-8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload

from portal.access import Permission, may
from portal.addresses import hidden, uncovered
from portal.models import (
    Application,
    ApplicationSignature,
    Complaint,
    Contract,
    ContractTemplate,
    Exit,
    Extension,
    HistoryEntry,
    Opinion,
    Score,
    User,
    db,
)
from portal.queries.delegations import roles_stood_for
from portal.queries.registrations import WITH_PARTIES
from portal.rules.applications import DEPARTMENTS, SIGNERS

PAGE = 30
#: Of each kind no more are counted; a larger number reads "99+".
MOST = 100
#: The kinds in the order of the pills, and what an extension can be narrowed to.
KINDS = ("extension", "application", "contract", "template", "exit", "complaint")
OPINIONS = ("with_opinion", "without_opinion")
SHOWN = ("all", "overdue", *KINDS, *OPINIONS)
#: GD-8: what has no date is to be seen to within a day.
_PROMPTLY = timedelta(days=1)
_KEY = re.compile(r"(-?\d{1,17})-([a-z]{1,20})-([0-3][0-9a-f]{7})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. ``step`` says what is to be done; ``due_at`` is None where no date is set; times UTC."""

    kind: str
    number: int
    step: str
    since: datetime
    due_at: datetime | None
    order_at: datetime

    @property
    def key(self) -> str:
        """What an address carries to go on after this one."""
        micros = (self.order_at - _EPOCH) // timedelta(microseconds=1)
        return f"{micros}-{self.kind}-{hidden(self.number)}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next_key`` opens the following one."""

    items: Sequence[Item]
    next_key: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind and step wait, at most MOST of a kind, and how many of them are past their date."""

    kind: str
    step: str
    number: int
    overdue: int


def page_of(user: User, shown: str, now: datetime, after: str | None = None) -> Page:
    """What waits for the person, narrowed to ``shown`` (one of SHOWN), behind the key of the item ``after``."""
    queries = [query for kind, query in _mine(user, now) if shown not in KINDS or kind == shown]
    if not queries:
        return Page([])
    start = _read_key(after)
    pieces = [_piece(query.subquery(), shown, now, start, PAGE + 1) for query in queries]
    rows = union_all(*(select(piece.subquery()) for piece in pieces)).subquery().c
    query = select(*rows).order_by(rows.order_at, rows.kind, rows.number).limit(PAGE + 1)
    items = [_item(row) for row in db.session.execute(query)]
    return Page(items[:PAGE], items[PAGE - 1].key if len(items) > PAGE else None)


def waiting(user: User, now: datetime) -> list[Waiting]:
    """How much waits for the person, by kind and step; no more than MOST of each kind are looked at."""
    queries = [query for _kind, query in _mine(user, now)]
    if not queries:
        return []
    pieces = [_piece(query.subquery(), "all", now, None, MOST) for query in queries]
    rows = union_all(*(select(piece.subquery()) for piece in pieces)).subquery().c
    late = func.count().filter(rows.due_at <= now)
    query = select(rows.kind, rows.step, func.count(), late).group_by(rows.kind, rows.step)
    return [Waiting(*row) for row in db.session.execute(query.order_by(rows.kind, rows.step))]


def _item(row: Any) -> Item:
    return Item(row.kind, row.number, row.step, row.since, row.due_at, row.order_at)


def _read_key(after: str | None) -> tuple[datetime, str, int] | None:
    """Where a page begins; a key that is none begins at the beginning."""
    found = _KEY.fullmatch(after or "")
    if found is None:
        return None
    micros, kind, number = found.groups()
    return _EPOCH + timedelta(microseconds=int(micros)), kind, uncovered(number)


def _piece(rows: Any, shown: str, now: datetime, start: tuple[datetime, str, int] | None, limit: int) -> Select[Any]:
    """The first rows of one kind behind the key: the union reads no more of it than a page."""
    query = select(rows).order_by(rows.c.order_at, rows.c.number).limit(limit)
    if shown == "overdue":
        query = query.where(rows.c.due_at <= now)
    if shown in OPINIONS:
        query = query.where(rows.c.step == shown)
    if start is not None:
        query = query.where(rows.c.order_at >= start[0], tuple_(rows.c.order_at, rows.c.kind, rows.c.number) > start)
    return query


def _mine(user: User, now: datetime) -> list[tuple[str, Select[Any]]]:
    """The kinds in which the person may decide anything."""
    found = [(kind, read(user, now)) for kind, read in _READS.items()]
    return [(kind, query) for kind, query in found if query is not None]


def _rows(
    kind: str,
    number: InstrumentedAttribute[int],
    step: Any,
    since: Any,
    due_at: Any,
) -> Select[Any]:
    order_at = func.coalesce(due_at, since + _PROMPTLY)
    return select(
        cast(literal(kind), String).label("kind"),
        number.label("number"),
        cast(step, String).label("step"),
        since.label("since"),
        due_at.label("due_at"),
        order_at.label("order_at"),
    )


def _no_date() -> Any:
    return cast(null(), Extension.original_end.type)


def _extensions(user: User, now: datetime) -> Select[Any] | None:
    if not may(user, Permission.DECIDE_EXTENSION):
        return None
    step = case((Extension.opinion.is_(None), OPINIONS[1]), else_=OPINIONS[0])
    query = _rows("extension", Extension.id, step, Extension.asked_at, Extension.original_end)
    return query.where(Extension.state == "pending")


def _applications(user: User, now: datetime) -> Select[Any] | None:
    steps = _application_steps(user, now)
    if not steps:
        return None
    due_at = case((Application.state == "examined", Application.signature_due_at), else_=_no_date())
    query = _rows("application", Application.id, case(*steps), Application.state_since, due_at)
    return query.where(or_(*(condition for condition, _step in steps)))


def _application_steps(user: User, now: datetime) -> list[tuple[ColumnElement[bool], str]]:
    """What the person may do now about which applications; the first that fits says it (DO-2.2, CH-3.10, CH-3.11, DO-2.3)."""
    state, mine = Application.state, Application.reviewer_id == user.id
    steps: list[tuple[ColumnElement[bool], str]] = []
    if may(user, Permission.REVIEW_APPLICATION):
        steps += [(state == "applied", "take_up"), (and_(state == "in_review", mine), "review")]
    if may(user, Permission.SCORE_APPLICATION):
        unscored = _of(Score).where(Score.member_id == user.id, Score.scored_at.is_(None)).exists()
        steps.append((and_(state == "surveyed", unscored), "score"))
    for department in DEPARTMENTS:
        if department in user.roles and may(user, Permission.GIVE_DEPARTMENT_OPINION):
            spoken = _of(Opinion).where(Opinion.department == department).exists()
            steps.append((and_(state == "surveyed", ~spoken), "opinion"))
    if may(user, Permission.REVIEW_APPLICATION):
        steps.append((and_(state == "surveyed", mine), "confirm"))
    return steps + [(condition, "sign") for condition in _signatures(user, now)]


def _signatures(user: User, now: datetime) -> list[ColumnElement[bool]]:
    """Applications whose next signature is this person's, in its own place or in that of somebody it stands in for (DO-Q2)."""
    if not may(user, Permission.SIGN_APPLICATION):
        return []
    roles = user.roles | roles_stood_for(user.id, now)
    first, second = SIGNERS
    signed_first = _of(ApplicationSignature).where(ApplicationSignature.role == first).exists()
    own = _of(ApplicationSignature).where(ApplicationSignature.signer_id == user.id).exists()
    clean = and_(
        Application.state == "examined",
        Application.reviewer_id.is_distinct_from(user.id),
        Application.confirmed_by_id.is_distinct_from(user.id),
        ~own,
    )
    turns = ((first, ~signed_first), (second, signed_first))
    return [and_(clean, turn) for role, turn in turns if role in roles]


def _of(model: Any) -> Select[Any]:
    return select(model.id).where(model.application_id == Application.id)


def _contracts(user: User, now: datetime) -> Select[Any] | None:
    steps: list[tuple[ColumnElement[bool], str]] = []
    if may(user, Permission.REVIEW_CONTRACT):
        steps.append((and_(Contract.state == "review", ~_wrote(Contract, "contract", user)), "review"))
    if may(user, Permission.SIGN_CONTRACT):
        steps.append((and_(Contract.state == "signing", ~Contract.signatures.any(side="company")), "sign"))
    if not steps:
        return None
    since = case(
        (Contract.state == "signing", func.coalesce(Contract.reviewed_at, Contract.created_at)),
        else_=func.coalesce(Contract.submitted_at, Contract.created_at),
    )
    query = _rows("contract", Contract.id, case(*steps), since, _no_date())
    return query.where(or_(*(condition for condition, _step in steps)))


def _templates(user: User, now: datetime) -> Select[Any] | None:
    if not may(user, Permission.REVIEW_CONTRACT):
        return None
    since = func.coalesce(ContractTemplate.submitted_at, ContractTemplate.created_at)
    query = _rows("template", ContractTemplate.id, literal("review"), since, _no_date())
    return query.where(ContractTemplate.state == "review", ~_wrote(ContractTemplate, "contract_template", user))


def _wrote(model: Any, noun: str, user: User) -> ColumnElement[bool]:
    """Whether the person wrote on the text: nobody reviews that (CH-5.4)."""
    verbs = (f"{noun}.drafted", f"{noun}.changed")
    entry = select(HistoryEntry.id).where(
        HistoryEntry.subject_type == model.__tablename__,
        HistoryEntry.subject_id == model.id,
        HistoryEntry.actor_id == user.id,
        HistoryEntry.verb.in_(verbs),
    )
    return or_(model.drafted_by_id.is_not_distinct_from(user.id), entry.exists())


def _exits(user: User, now: datetime) -> Select[Any] | None:
    """Requests of partners, and terminations that somebody else has proposed (DM-12.6, GD-9)."""
    if not may(user, Permission.CHANGE_DISTRIBUTOR_STATUS):
        return None
    step = case((Exit.state == "asked", "asked"), else_="proposed")
    query = _rows("exit", Exit.id, step, Exit.asked_at, Exit.ends_at)
    others = and_(Exit.state == "proposed", Exit.asked_by_id.is_distinct_from(user.id))
    return query.where(or_(Exit.state == "asked", others))


def _complaints(user: User, now: datetime) -> Select[Any] | None:
    """One's own that are to be moved on, and those that nobody has accepted; a fed-back one waits for the complainant."""
    if not may(user, Permission.HANDLE_COMPLAINT):
        return None
    query = _rows("complaint", Complaint.id, Complaint.state, Complaint.received_at, Complaint.due_at)
    mine = and_(Complaint.owner_id == user.id, Complaint.state.not_in(("fed_back", "analysed")))
    return query.where(or_(Complaint.owner_id.is_(None), mine))


_READS: dict[str, Callable[[User, datetime], Select[Any] | None]] = {
    "extension": _extensions,
    "application": _applications,
    "contract": _contracts,
    "template": _templates,
    "exit": _exits,
    "complaint": _complaints,
}


def load(items: Sequence[Item]) -> dict[tuple[str, int], Any]:
    """The things themselves, as far as a row of the list shows them, by kind and number."""
    found: dict[tuple[str, int], Any] = {}
    for kind, query in _LOADS.items():
        numbers = [item.number for item in items if item.kind == kind]
        if numbers:
            model = query.column_descriptions[0]["entity"]
            rows = db.session.scalars(query.where(model.id.in_(numbers))).unique()
            found |= {(kind, row.id): row for row in rows}
    return found


_LOADS: dict[str, Select[Any]] = {
    "extension": select(Extension).options(joinedload(Extension.registration).options(*WITH_PARTIES)),
    "application": select(Application).options(
        lazyload("*"), joinedload(Application.partner_file).options(lazyload("*"))
    ),
    "contract": select(Contract).options(lazyload("*"), joinedload(Contract.distributor)),
    "template": select(ContractTemplate),
    "exit": select(Exit).options(lazyload("*"), joinedload(Exit.distributor)),
    "complaint": select(Complaint).options(
        lazyload("*"),
        joinedload(Complaint.complaining),
        joinedload(Complaint.distributor),
        joinedload(Complaint.project),
    ),
}
