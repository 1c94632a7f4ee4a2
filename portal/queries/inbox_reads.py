"""What may wait for one person at headquarters, kind by kind: each gives one query of the same columns.

``portal.queries.inbox`` reads pages from their union. A kind is there only for whoever may decide it; a row's
step says what that person is to do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload

from portal.access import Permission, may
from portal.models import (
    Alert,
    Application,
    ApplicationSignature,
    Assessment,
    CareTask,
    Complaint,
    Contract,
    ContractTemplate,
    Distributor,
    Exit,
    Explanation,
    Extension,
    Finding,
    HistoryEntry,
    Opinion,
    Registration,
    Sanction,
    Score,
    User,
)
from portal.queries.delegations import roles_stood_for
from portal.queries.registrations import WITH_PARTIES
from portal.rules.applications import DEPARTMENTS, SIGNERS
from portal.rules.partner_states import LEFT

#: What an extension can be narrowed to.
OPINIONS = ("with_opinion", "without_opinion")
#: GD-8: what has no date is to be seen to within a day.
_PROMPTLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose inbox is read. Its roles, and those in whose place it may sign now, say how the queries are written.

    ``id`` may be a parameter of the statement instead of a number; so may ``now`` wherever it stands beside a viewer.
    No query lists values (``IN``): its statement is written once and kept.
    """

    id: Any
    roles: frozenset[str]
    stands_for: frozenset[str]


def viewer_of(user: User, now: datetime) -> Viewer:
    """The person as its inbox is read at ``now``."""
    stands_for = roles_stood_for(user.id, now) if may(user, Permission.SIGN_APPLICATION) else frozenset()
    return Viewer(user.id, frozenset(user.roles), stands_for)


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


def _extensions(viewer: Viewer, now: Any) -> Select[Any] | None:
    if not may(viewer, Permission.DECIDE_EXTENSION):
        return None
    step = case((Extension.opinion.is_(None), OPINIONS[1]), else_=OPINIONS[0])
    query = _rows("extension", Extension.id, step, Extension.asked_at, Extension.original_end)
    return query.where(Extension.state == "pending")


def _applications(viewer: Viewer, now: Any) -> Select[Any] | None:
    steps = _application_steps(viewer, now)
    if not steps:
        return None
    due_at = case((Application.state == "examined", Application.signature_due_at), else_=_no_date())
    query = _rows("application", Application.id, case(*steps), Application.state_since, due_at)
    return query.where(or_(*(condition for condition, _step in steps)))


def _application_steps(viewer: Viewer, now: Any) -> list[tuple[ColumnElement[bool], str]]:
    """What the person may do now about which applications; the first that fits says it (DO-2.2, CH-3.10, CH-3.11, DO-2.3)."""
    state, mine = Application.state, Application.reviewer_id == viewer.id
    steps: list[tuple[ColumnElement[bool], str]] = []
    if may(viewer, Permission.REVIEW_APPLICATION):
        steps += [(state == "applied", "take_up"), (and_(state == "in_review", mine), "review")]
    if may(viewer, Permission.SCORE_APPLICATION):
        unscored = _of(Score).where(Score.member_id == viewer.id, Score.scored_at.is_(None)).exists()
        steps.append((and_(state == "surveyed", unscored), "score"))
    for department in DEPARTMENTS:
        if department in viewer.roles and may(viewer, Permission.GIVE_DEPARTMENT_OPINION):
            spoken = _of(Opinion).where(Opinion.department == department).exists()
            steps.append((and_(state == "surveyed", ~spoken), "opinion"))
    if may(viewer, Permission.REVIEW_APPLICATION):
        steps.append((and_(state == "surveyed", mine), "confirm"))
    return steps + [(condition, "sign") for condition in _signatures(viewer, now)]


def _signatures(viewer: Viewer, now: Any) -> list[ColumnElement[bool]]:
    """Applications whose next signature is this person's, in its own place or in that of somebody it stands in for (DO-Q2)."""
    if not may(viewer, Permission.SIGN_APPLICATION):
        return []
    first, second = SIGNERS
    signed_first = _of(ApplicationSignature).where(ApplicationSignature.role == first).exists()
    own = _of(ApplicationSignature).where(ApplicationSignature.signer_id == viewer.id).exists()
    clean = and_(
        Application.state == "examined",
        Application.reviewer_id.is_distinct_from(viewer.id),
        Application.confirmed_by_id.is_distinct_from(viewer.id),
        ~own,
    )
    turns = ((first, ~signed_first), (second, signed_first))
    return [and_(clean, turn) for role, turn in turns if role in viewer.roles | viewer.stands_for]


def _of(model: Any) -> Select[Any]:
    return select(model.id).where(model.application_id == Application.id)


def _contracts(viewer: Viewer, now: Any) -> Select[Any] | None:
    steps: list[tuple[ColumnElement[bool], str]] = []
    if may(viewer, Permission.REVIEW_CONTRACT):
        steps.append((and_(Contract.state == "review", ~_wrote(Contract, "contract", viewer)), "review"))
    if may(viewer, Permission.SIGN_CONTRACT):
        steps.append((and_(Contract.state == "signing", ~Contract.signatures.any(side="company")), "sign"))
    if not steps:
        return None
    since = case(
        (Contract.state == "signing", func.coalesce(Contract.reviewed_at, Contract.created_at)),
        else_=func.coalesce(Contract.submitted_at, Contract.created_at),
    )
    query = _rows("contract", Contract.id, case(*steps), since, _no_date())
    return query.where(or_(*(condition for condition, _step in steps)))


def _templates(viewer: Viewer, now: Any) -> Select[Any] | None:
    if not may(viewer, Permission.REVIEW_CONTRACT):
        return None
    since = func.coalesce(ContractTemplate.submitted_at, ContractTemplate.created_at)
    query = _rows("template", ContractTemplate.id, literal("review"), since, _no_date())
    return query.where(ContractTemplate.state == "review", ~_wrote(ContractTemplate, "contract_template", viewer))


def _wrote(model: Any, noun: str, viewer: Viewer) -> ColumnElement[bool]:
    """Whether the person wrote on the text: nobody reviews that (CH-5.4)."""
    entry = select(HistoryEntry.id).where(
        HistoryEntry.subject_type == model.__tablename__,
        HistoryEntry.subject_id == model.id,
        HistoryEntry.actor_id == viewer.id,
        or_(HistoryEntry.verb == f"{noun}.drafted", HistoryEntry.verb == f"{noun}.changed"),
    )
    return or_(model.drafted_by_id.is_not_distinct_from(viewer.id), entry.exists())


def _exits(viewer: Viewer, now: Any) -> Select[Any] | None:
    """Requests of partners, and terminations that somebody else has proposed (DM-12.6, GD-9)."""
    if not may(viewer, Permission.CHANGE_DISTRIBUTOR_STATUS):
        return None
    step = case((Exit.state == "asked", "asked"), else_="proposed")
    query = _rows("exit", Exit.id, step, Exit.asked_at, Exit.ends_at)
    others = and_(Exit.state == "proposed", Exit.asked_by_id.is_distinct_from(viewer.id))
    return query.where(or_(Exit.state == "asked", others))


def _complaints(viewer: Viewer, now: Any) -> Select[Any] | None:
    """One's own that are to be moved on, and those that nobody has accepted; a fed-back one waits for the complainant."""
    if not may(viewer, Permission.HANDLE_COMPLAINT):
        return None
    query = _rows("complaint", Complaint.id, Complaint.state, Complaint.received_at, Complaint.due_at)
    mine = and_(Complaint.owner_id == viewer.id, Complaint.state != "fed_back", Complaint.state != "analysed")
    return query.where(or_(Complaint.owner_id.is_(None), mine))


def _findings(viewer: Viewer, now: Any) -> Select[Any] | None:
    """Cases whose next step this person may do: never the distributor's turn, and never what it reported itself (GD-9)."""
    steps = _finding_steps(viewer, now)
    if not steps:
        return None
    since = case(
        (Finding.state == "explanation_asked", func.coalesce(Explanation.answered_at, Explanation.due_at)),
        else_=func.coalesce(_appealed_at(), Finding.decided_at, Finding.taken_up_at, Finding.reported_at),
    )
    query = _rows("finding", Finding.id, case(*steps), since, _no_date())
    query = query.join(Explanation, Explanation.finding_id == Finding.id, isouter=True)
    return query.where(or_(*(condition for condition, _step in steps)))


def _finding_steps(viewer: Viewer, now: Any) -> list[tuple[ColumnElement[bool], str]]:
    """What the person may do about which cases; the first that fits says it (RE-4.3, RE-4.5, GD-9)."""
    steps: list[tuple[ColumnElement[bool], str]] = []
    others, state = Finding.reported_by_id.is_distinct_from(viewer.id), Finding.state
    if may(viewer, Permission.DECIDE_APPEAL):
        own = or_(Sanction.decided_by_id == viewer.id, Finding.decided_by_id.is_not_distinct_from(viewer.id))
        steps.append((and_(others, _with_sanction("appealed", ~own)), "appeal"))
    if may(viewer, Permission.DECIDE_FINDING):
        explained = or_(Explanation.answered_at.is_not(None), Explanation.due_at <= now)
        steps += [
            (_with_sanction("proposed", Sanction.proposed_by_id.is_distinct_from(viewer.id)), "sanction"),
            (and_(others, state == "reported"), "take_up"),
            (and_(others, or_(state == "investigating", and_(state == "explanation_asked", explained))), "find"),
        ]
    return steps


def _with_sanction(state: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(Sanction.id).where(Sanction.finding_id == Finding.id, Sanction.state == state, condition)
    return query.correlate(Finding).exists()


def _appealed_at() -> Any:
    query = select(func.min(Sanction.appealed_at)).where(
        Sanction.finding_id == Finding.id, Sanction.state == "appealed"
    )
    return query.correlate(Finding).scalar_subquery()


def _alerts(viewer: Viewer, now: Any) -> Select[Any] | None:
    """Alerts that nobody has looked into (RE-7.2)."""
    if not may(viewer, Permission.DECIDE_FINDING):
        return None
    return _rows("alert", Alert.id, literal("look_into"), Alert.found_at, _no_date()).where(Alert.state == "open")


def _assessments(viewer: Viewer, now: Any) -> Select[Any] | None:
    """Half-year sheets that are not published, of distributors that have not left; whoever scored one does not confirm it."""
    if not may(viewer, Permission.KEEP_CARE):
        return None
    since = func.coalesce(Assessment.confirmed_at, Assessment.scored_at, Assessment.opened_at)
    query = _rows("assessment", Assessment.id, Assessment.state, since, Assessment.due_at)
    own = and_(Assessment.state == "scored", Assessment.scored_by_id.is_not_distinct_from(viewer.id))
    here = and_(*(Distributor.status != left for left in LEFT))
    query = query.join(Distributor, Distributor.id == Assessment.distributor_id)
    return query.where(here, Assessment.published_at.is_(None), ~own)


def _tasks(viewer: Viewer, now: Any) -> Select[Any] | None:
    """Research of the quarter and report of the half year (CM-2.1, CM-7.3)."""
    if not may(viewer, Permission.KEEP_CARE):
        return None
    query = _rows("task", CareTask.id, CareTask.kind, CareTask.opened_at, CareTask.due_at)
    return query.where(CareTask.done_at.is_(None))


READS: dict[str, Callable[[Viewer, Any], Select[Any] | None]] = {
    "extension": _extensions,
    "application": _applications,
    "contract": _contracts,
    "template": _templates,
    "exit": _exits,
    "complaint": _complaints,
    "finding": _findings,
    "alert": _alerts,
    "assessment": _assessments,
    "task": _tasks,
}

#: How the things of a kind are read, as far as a row of the list shows them.
LOADS: dict[str, Select[Any]] = {
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
    "finding": select(Finding).options(lazyload("*"), joinedload(Finding.distributor), joinedload(Finding.project)),
    "alert": select(Alert).options(
        lazyload("*"),
        joinedload(Alert.project),
        joinedload(Alert.registration).options(lazyload("*"), joinedload(Registration.distributor)),
    ),
    "assessment": select(Assessment).options(lazyload("*"), joinedload(Assessment.distributor)),
    "task": select(CareTask),
}
