"""Reads about contracts: whether one in force covers a project, the lists of headquarters and of a partner, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.models import Contract, ContractProject, ContractTemplate, Distributor, HistoryEntry, Project, User, db
from portal.queries import changes
from portal.rules.contract_states import ENDING, OPEN_STATES

PAGE = 30
#: What the list can show.
SHOWN = ("open", "in_force", "ending", "over", "all")

_IN_FORCE = (
    Contract.signed_at <= bindparam("now"),
    Contract.starts_at <= bindparam("now"),
    or_(Contract.ends_at.is_(None), Contract.ends_at > bindparam("now")),
    or_(Contract.ended_at.is_(None), Contract.ended_at > bindparam("now")),
)
_NAMES_PROJECT = exists().where(
    ContractProject.contract_id == Contract.id, ContractProject.project_id == bindparam("project_id")
)
COVERS = select(func.bool_or(or_(Contract.all_projects, _NAMES_PROJECT))).where(
    Contract.distributor_id == bindparam("distributor_id"), *_IN_FORCE
)
_COVERED = (
    select(Project.id)
    .join(Contract, Contract.distributor_id == bindparam("distributor_id"))
    .where(
        *_IN_FORCE,
        or_(
            Contract.all_projects,
            exists().where(ContractProject.contract_id == Contract.id, ContractProject.project_id == Project.id),
        ),
    )
    .distinct()
)
_WITH = (
    joinedload(Contract.distributor),
    joinedload(Contract.template),
    joinedload(Contract.policy),
    joinedload(Contract.amends),
    joinedload(Contract.drafted_by),
    joinedload(Contract.reviewed_by),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, the newest first; ``next_key`` is the number after which the next one begins."""

    contracts: Sequence[Contract]
    next_key: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """What comes after a contract: the change or renewal that is not signed yet, and the renewal that both have signed."""

    under_way: Contract | None = None
    renewed: Contract | None = None

    @property
    def renewal(self) -> Contract | None:
        """The renewal, signed or not."""
        open_one = self.under_way if self.under_way is not None and self.under_way.kind == "renewal" else None
        return self.renewed or open_one


def covers(distributor_id: int, project_id: int, now: datetime) -> bool:
    """Whether a contract of the distributor that is in force at ``now`` covers the project (DM-3.1, CH-5.1)."""
    found = db.session.scalar(COVERS, {"distributor_id": distributor_id, "project_id": project_id, "now": now})
    return bool(found)


def covered(distributor_id: int, now: datetime) -> frozenset[int]:
    """The projects that a contract of the distributor in force at ``now`` covers, as ids: where it may file (DM-3.1)."""
    return frozenset(db.session.scalars(_COVERED, {"distributor_id": distributor_id, "now": now}))


def one(contract_id: int) -> Contract:
    """The contract with all that its paper says. Raises NoResultFound."""
    return db.session.execute(select(Contract).where(Contract.id == contract_id).options(*_WITH)).scalar_one()


def loaded(contract: Contract) -> Contract:
    """The same contract, with what it is related to read afresh."""
    query = select(Contract).where(Contract.id == contract.id).options(*_WITH)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def find(reference: str) -> Contract | None:
    """One contract by its number, for headquarters."""
    return db.session.scalar(select(Contract).where(Contract.reference == reference).options(*_WITH))


def find_own(reference: str, user: User) -> Contract | None:
    """One contract of the person's own company, once it is open for signing; drafts are not the partner's."""
    query = select(Contract).where(Contract.reference == reference, _told(user)).options(*_WITH)
    return db.session.scalar(query)


def own(user: User) -> Sequence[Contract]:
    """The contracts of the person's company that it was shown, the newest first."""
    query = select(Contract).where(_told(user)).order_by(Contract.id.desc())
    return db.session.scalars(query.options(joinedload(Contract.distributor))).all()


def to_sign(user: User) -> int:
    """How many contracts wait for the person's company to sign."""
    waiting = and_(_told(user), Contract.state == "signing", ~_signed_by("partner"))
    return db.session.scalar(select(func.count()).select_from(Contract).where(waiting)) or 0


def of_distributor(distributor: Distributor) -> Sequence[Contract]:
    """Every contract of one distributor, the newest first."""
    query = select(Contract).where(Contract.distributor_id == distributor.id).order_by(Contract.id.desc())
    return db.session.scalars(query.options(joinedload(Contract.distributor))).all()


def page_of(shown: str, now: datetime, *, words: str = "", after: str | None = None) -> Page:
    """The contracts of ``shown`` (see SHOWN), searched by number or the distributor's name, pinyin or number."""
    query = _shown(shown, now).join(Distributor, Distributor.id == Contract.distributor_id)
    if piece := words.strip():
        columns = (Contract.reference, Distributor.name, Distributor.name_pinyin, Distributor.reference)
        query = query.where(or_(*(column.icontains(piece, autoescape=True) for column in columns)))
    if after is not None:
        query = query.where(Contract.id < select(Contract.id).where(Contract.reference == after).scalar_subquery())
    query = query.options(joinedload(Contract.distributor)).order_by(Contract.id.desc()).limit(PAGE + 1)
    found = db.session.scalars(query).all()
    return Page(found[:PAGE], found[PAGE - 1].reference if len(found) > PAGE else None)


def waiting_for(user: User, *, reviews: bool, signs: bool) -> int:
    """How many contracts wait for this person: to be reviewed (not one's own), to be signed for the company."""
    wanted = []
    if reviews:
        wanted.append(and_(Contract.state == "review", Contract.drafted_by_id.is_distinct_from(user.id)))
    if signs:
        wanted.append(and_(Contract.state == "signing", ~_signed_by("company")))
    if not wanted:
        return 0
    return db.session.scalar(select(func.count()).select_from(Contract).where(or_(*wanted))) or 0


def changes_of(contract: Contract) -> Sequence[Contract]:
    """What amends or renews this contract, the oldest first."""
    query = select(Contract).where(Contract.amends_id == contract.id).order_by(Contract.id)
    return db.session.scalars(query.options(joinedload(Contract.distributor))).all()


def later_of(contract: Contract) -> Later:
    """What amends or renews it now; the renewal of a contract whose place it took is its own (CH-5.7)."""
    query = select(Contract).where(Contract.amends_id.in_(_line_of(contract)), Contract.state != "withdrawn")
    found = db.session.scalars(query.order_by(Contract.id)).all()
    under_way = (one for one in found if one.amends_id == contract.id and one.state in OPEN_STATES)
    renewed = (one for one in found if one.kind == "renewal" and one.state == "signed")
    return Later(next(under_way, None), next(renewed, None))


def beside(contract: Contract, now: datetime) -> Sequence[Contract]:
    """Other signed contracts that bind the same two on some of the same days to come and for some of the same projects."""
    begins = max(contract.starts_at, now)
    other = select(Contract).where(
        Contract.distributor_id == contract.distributor_id,
        Contract.id.not_in(_line_of(contract)),
        Contract.state == "signed",
        or_(Contract.ends_at.is_(None), Contract.ends_at > begins),
        or_(Contract.ended_at.is_(None), Contract.ended_at > begins),
    )
    if contract.ends_at is not None:
        other = other.where(Contract.starts_at < contract.ends_at)
    if not contract.all_projects:
        mine = [link.project_id for link in contract.projects]
        other = other.where(or_(Contract.all_projects, Contract.projects.any(ContractProject.project_id.in_(mine))))
    return db.session.scalars(other.order_by(Contract.id)).all()


def history_of(contract: Contract) -> list[changes.Change]:
    """What happened to the contract, the newest first, with who did it."""
    return changes.changes_of(changes.about("contracts", [contract.id]))


def writers_of(subject: Contract | ContractTemplate) -> frozenset[int]:
    """Everybody who wrote on the text, as user ids: who drafted it, and whoever changed it since (CH-5.4)."""
    noun = "contract" if isinstance(subject, Contract) else "contract_template"
    query = select(HistoryEntry.actor_id).where(
        HistoryEntry.subject_type == subject.__tablename__,
        HistoryEntry.subject_id == subject.id,
        HistoryEntry.verb.in_((f"{noun}.drafted", f"{noun}.changed")),
    )
    return frozenset(one for one in (*db.session.scalars(query), subject.drafted_by_id) if one is not None)


def in_review() -> Sequence[Contract | ContractTemplate]:
    """Every text that waits for the legal review."""
    contracts = db.session.scalars(select(Contract).where(Contract.state == "review").order_by(Contract.id))
    waiting = select(ContractTemplate).where(ContractTemplate.state == "review").order_by(ContractTemplate.id)
    return [*contracts, *db.session.scalars(waiting)]


def templates() -> Sequence[ContractTemplate]:
    """Every version of every template, the newest first."""
    query = select(ContractTemplate).order_by(ContractTemplate.name, ContractTemplate.version.desc())
    return db.session.scalars(query.options(*_BY)).all()


def template(name: str, version: int) -> ContractTemplate | None:
    """One version of a template."""
    query = select(ContractTemplate).where(ContractTemplate.name == name, ContractTemplate.version == version)
    return db.session.scalar(query.options(*_BY))


_BY = (joinedload(ContractTemplate.drafted_by), joinedload(ContractTemplate.reviewed_by))


def _line_of(contract: Contract) -> list[int]:
    """The contract and those whose place it took, one after the other, as ids."""
    line = [contract.id]
    while contract.kind == "amendment":
        contract = db.session.get_one(Contract, contract.amends_id)
        line.append(contract.id)
    return line


def _told(user: User) -> ColumnElement[bool]:
    shown = Contract.state.in_(("signing", "signed"))
    return and_(Contract.distributor_id == user.distributor_id, shown)


def _signed_by(side: str) -> ColumnElement[bool]:
    return Contract.signatures.any(side=side)


def _shown(shown: str, now: datetime) -> Select[Contract]:
    query = select(Contract)
    running = and_(
        Contract.state == "signed",
        or_(Contract.ends_at.is_(None), Contract.ends_at > now),
        or_(Contract.ended_at.is_(None), Contract.ended_at > now),
    )
    conditions: dict[str, ColumnElement[bool]] = {
        "open": Contract.state.in_(("draft", "review", "signing")),
        "in_force": running,
        "ending": and_(running, Contract.ends_at <= now + ENDING),
        "over": or_(Contract.state == "withdrawn", and_(Contract.state == "signed", ~running)),
    }
    return query.where(conditions[shown]) if shown in conditions else query
