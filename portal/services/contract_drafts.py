"""Writing a contract: for an approved application's distributor or an existing one, as an amendment or a renewal (CH-5.2, 5.7).

Nothing is signed that a second person has not reviewed (CH-5.4): that is portal/services/contract_reviews.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text

from portal import audit, clock
from portal.models import Contract, ContractProject, ContractTemplate, Distributor, Policy, Project, User, db
from portal.queries.contracts import later_of
from portal.rules.contract_states import MAY_SIGN, OPEN_STATES, Term, check_may_sign, check_step, standing
from portal.rules.contract_templates import OPTIONAL_FIELDS, STANDARD, TYPED_FIELDS
from portal.rules.contract_terms import USUAL_TERM, bounds, first_and_last, last_day
from portal.rules.periods import local_date
from portal.rules.refusal import Refusal
from portal.services import contract_texts
from portal.services.contract_locks import hold
from portal.services.editions import NO_PAGE, Seen, check_edition
from portal.services.locks import hold_distributor
from portal.services.references import group_reference
from portal.services.unacceptable import Unacceptable, unique
from portal.wording.times import PORTAL_ZONE

_NEXT = text("SELECT nextval(pg_get_serial_sequence('contracts', 'id'))")
#: Longer contracts are not meant.
_MOST_YEARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is typed for a contract. Days are calendar days in the group's zone, both covered; no projects means all."""

    first_day: date
    last_day: date
    projects: Sequence[Project] = ()
    fields: Mapping[str, str]


def draft_contract(
    *, actor: User, distributor: Distributor, draft: Draft, submission_key: str | None = None
) -> Contract:
    """Begin a contract; pressed twice it is one. Raises Refusal, and Unacceptable for a field.

    Refusals: DM-12.5 (the cooperation has ended), CH-5.2 (no template in force), RE-5.3 (policies differ).
    """
    held = hold_distributor(distributor.id)
    known = _sent_before(submission_key)
    if known is not None:
        return known
    check_may_sign(held.status)
    now = clock.now()
    if draft.first_day < local_date(now, PORTAL_ZONE):
        raise Unacceptable("first_day", "contract_starts_past")
    return _write(actor, held, "agreement", draft, now, submission_key=submission_key)


def draft_amendment(*, actor: User, amended: Contract, draft: Draft) -> Contract:
    """Begin a change of a contract in force, from ``first_day`` on and to the same end; one at a time (CH-5.7).

    The same form sent again gives the draft that it made.
    """
    distributor, now = hold(amended)
    check_may_sign(distributor.status)
    if amended.signed_at is None or standing(term_of(amended), now) not in ("in_force", "ending", "agreed"):
        raise Refusal("contract_not_in_force", "CH-5.7")
    first, last = first_and_last(amended.starts_at, amended.ends_at, PORTAL_ZONE)
    if amended.ended_at is not None:
        raise Refusal("contract_replaced", "CH-5.7")
    if draft.first_day < max(first, local_date(now, PORTAL_ZONE)):
        raise Unacceptable("first_day", "contract_starts_past")
    if last is not None:
        draft = replace(draft, last_day=last)
    return _write(actor, distributor, "amendment", draft, now, amends=amended)


def draft_renewal(*, actor: User, renewed: Contract, draft: Draft) -> Contract:
    """Begin the contract that follows without a gap, once it was decided to renew (DM-10.4)."""
    distributor, now = hold(renewed)
    check_may_sign(distributor.status)
    if renewed.renewal != "renew":
        raise Refusal("renewal_not_decided", "DM-10.4")
    if renewed.ends_at is None or renewed.ended_at is not None:
        raise Refusal("contract_not_in_force", "DM-10.4")
    if later_of(renewed).renewed is not None:
        raise Refusal("contract_renewed", "DM-10.4")
    return _write(actor, distributor, "renewal", replace(draft, first_day=day_after(renewed)), now, amends=renewed)


def change_draft(*, actor: User, contract: Contract, draft: Draft, seen: Seen = NO_PAGE) -> Contract:
    """Other fields, projects or days, while it is a draft (CH-5.4). A renewal keeps its first day.

    Raises Refusal when the draft is not any more what the actor had seen.
    """
    distributor, now = hold(contract)
    check_may_sign(distributor.status)
    if contract.state != "draft":
        raise Refusal("contract_not_a_draft", "CH-5.4")
    if contract.kind == "renewal":
        draft = replace(draft, first_day=first_and_last(contract.starts_at, None, PORTAL_ZONE)[0])
    _check(draft, now)
    check_edition(seen, shown_values(contract), _wanted(draft))
    _fill(contract, draft)
    audit.record("contract.changed", contract, actor=actor, now=now, clause="CH-5.2", reference=contract.reference)
    return contract


def withdraw(*, actor: User, contract: Contract) -> Contract:
    """Give up a contract that is not signed by both yet."""
    _distributor, now = hold(contract)
    _withdraw(contract, actor, now)
    return contract


def withdraw_open(*, actor: User | None, distributor: Distributor, now: datetime) -> int:
    """Give up whatever of the distributor is not signed yet: the cooperation ends (DM-12.5). Its row must be held."""
    query = select(Contract).where(Contract.distributor_id == distributor.id, Contract.state.in_(OPEN_STATES))
    found = db.session.scalars(query.with_for_update()).all()
    for contract in found:
        _withdraw(contract, actor, now)
    return len(found)


def day_after(contract: Contract) -> date:
    """The first day that the contract does not cover any more: where its renewal begins."""
    assert contract.ends_at is not None
    return local_date(contract.ends_at, PORTAL_ZONE)


def days_of(contract: Contract) -> tuple[date, date | None]:
    """The first and the last day that the contract covers, in the group's zone."""
    return first_and_last(contract.starts_at, contract.ends_at, PORTAL_ZONE)


def shown_values(contract: Contract) -> dict[str, Any]:
    """What was typed for the contract, as a form shows it."""
    codes = () if contract.all_projects else [link.project.code for link in contract.projects]
    return _values(contract_texts.typed_fields(contract), *days_of(contract), codes)


def today(now: datetime) -> date:
    """The day in the group's zone."""
    return local_date(now, PORTAL_ZONE)


def usual_last_day(first: date) -> date:
    """The last day of a year (DM-Q5)."""
    return last_day(first, USUAL_TERM)


def may_have_one(distributor: Distributor) -> bool:
    """Whether a contract can be concluded with this distributor."""
    return distributor.status in MAY_SIGN


def _wanted(draft: Draft) -> dict[str, Any]:
    return _values(draft.fields, draft.first_day, draft.last_day, [project.code for project in draft.projects])


def _values(fields: Mapping[str, str], first: date, last: date | None, codes: Sequence[str]) -> dict[str, Any]:
    typed = {name: fields.get(name, "") for name in TYPED_FIELDS}
    return typed | {"first_day": first, "last_day": last, "all_projects": not codes, "projects": sorted(codes)}


def _withdraw(contract: Contract, actor: User | None, now: datetime) -> None:
    clause = check_step(contract.state, "withdrawn")
    contract.state = "withdrawn"
    db.session.flush()
    audit.record("contract.withdrawn", contract, actor=actor, now=now, clause=clause, reference=contract.reference)


def _write(
    actor: User,
    distributor: Distributor,
    kind: str,
    draft: Draft,
    now: datetime,
    *,
    amends: Contract | None = None,
    submission_key: str | None = None,
) -> Contract:
    _check(draft, now)
    known = None if amends is None else _same_change(amends, actor, kind, draft)
    if known is not None:
        return known
    number = db.session.scalar(_NEXT) or 0
    contract = Contract(
        id=number,
        reference=group_reference("HT", number, now),
        submission_key=submission_key,
        distributor_id=distributor.id,
        distributor=distributor,
        kind=kind,
        amends_id=amends.id if amends else None,
        drafted_by_id=actor.id,
        created_at=now,
    )
    _fill(contract, draft)
    with unique(uq_contracts_one_change=("first_day", "contract_change_open")):
        db.session.add(contract)
    audit.record(
        "contract.drafted", contract, actor=actor, now=now, clause="CH-5.2", reference=contract.reference, kind=kind
    )
    return contract


def _same_change(amends: Contract, actor: User, kind: str, draft: Draft) -> Contract | None:
    """The draft that the same form made when it was sent before."""
    found = later_of(amends).under_way
    if found is None or (found.kind, found.state, found.drafted_by_id) != (kind, "draft", actor.id):
        return None
    return found if shown_values(found) == _wanted(draft) else None


def _fill(contract: Contract, draft: Draft) -> None:
    contract.template_id = _template().id
    contract.starts_at, contract.ends_at = bounds(draft.first_day, draft.last_day, PORTAL_ZONE)
    contract.policy_id = _policy(draft, contract.starts_at).id
    contract.all_projects = not draft.projects
    _name_projects(contract, draft.projects)
    contract.fields = json.dumps({name: draft.fields.get(name, "") for name in TYPED_FIELDS}, ensure_ascii=False)
    if contract in db.session:
        db.session.flush()


def _name_projects(contract: Contract, projects: Sequence[Project]) -> None:
    wanted = {project.id for project in projects}
    contract.projects = [link for link in contract.projects if link.project_id in wanted]
    kept = {link.project_id for link in contract.projects}
    contract.projects += [ContractProject(project_id=one.id) for one in projects if one.id not in kept]


def _check(draft: Draft, now: datetime) -> None:
    """Days that can be, and everything that the contract must say, the targets too (DM-3.3)."""
    if draft.last_day < draft.first_day:
        raise Unacceptable("last_day", "contract_term_backwards")
    if draft.last_day.year - draft.first_day.year > _MOST_YEARS or draft.last_day < local_date(now, PORTAL_ZONE):
        raise Unacceptable("last_day", "contract_term_length")
    for name in TYPED_FIELDS:
        if name not in OPTIONAL_FIELDS and not draft.fields.get(name):
            raise Unacceptable(name, "contract_field_needed")


def _template() -> ContractTemplate:
    query = select(ContractTemplate).where(ContractTemplate.name == STANDARD, ContractTemplate.state == "in_force")
    found = db.session.scalar(query)
    if found is None:
        raise Refusal("contract_template_missing", "CH-5.2")
    return found


def _policy(draft: Draft, starts_at: datetime) -> Policy:
    projects = draft.projects or contract_texts.open_projects()
    return contract_texts.policies_for(projects, contract_texts.judged_at(starts_at))[0]


def term_of(contract: Contract) -> Term:
    """The facts of a signed contract's term. It binds from the later of its start and the second signature."""
    assert contract.signed_at is not None
    begins = max(contract.starts_at, contract.signed_at)
    return Term(begins, contract.ends_at, contract.ended_at, contract.ended_clause)


def _sent_before(submission_key: str | None) -> Contract | None:
    if submission_key is None:
        return None
    return db.session.scalar(select(Contract).where(Contract.submission_key == submission_key))
