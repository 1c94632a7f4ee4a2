"""Back-tests (规则回测): the real filings, visits, deals and claims of a project under a draft policy, changing nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Claim, Deal, DealEvent, Distributor, Extension, Policy, Project, Registration, Visit, db
from portal.queries.deals import WITH_EVENTS
from portal.rules.attribution import Case, attribute
from portal.rules.backtest import Arrived, Past, fate, under
from portal.rules.claims import LATE_FLAG, check_claim
from portal.rules.deal_events import FREEZING
from portal.rules.policies import Policy as Terms
from portal.rules.refusal import Refusal
from portal.services import attribution

_AT_ONCE = 500
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What would have been different. Lists name references only; owners are distributors' numbers, None the company."""

    registrations: int = 0
    lapsed: list[str] = field(default_factory=list)
    revived: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    no_longer_late: list[str] = field(default_factory=list)
    deals: int = 0
    changed: list[dict[str, Any]] = field(default_factory=list)
    claims: int = 0
    claims_refused: list[str] = field(default_factory=list)
    claims_flagged: list[str] = field(default_factory=list)
    claims_no_longer_flagged: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The report in JSON."""
        return asdict(self)


def rehearse(
    project: Project, draft: Terms, start: datetime, end: datetime, progress: Progress = lambda done, total: None
) -> Report:
    """Everything filed, sold and claimed in ``project`` from ``start`` to ``end`` (exclusive, UTC) under ``draft``."""
    report = Report()
    filed = _ids(Registration, Registration.filed_at, project, start, end)
    deals = _ids(Deal, Deal.opened_at, project, start, end)
    claims = _ids(Claim, Claim.claimed_at, project, start, end)
    total = len(filed) + len(deals) + len(claims)
    done = 0
    progress(done, total)
    for step in (_test_filings(report, project, draft, filed), _test_deals(report, project, draft, deals)):
        for count in step:
            done += count
            progress(done, total)
    _test_claims(report, project, draft, claims)
    progress(total, total)
    return report


def _ids(model: type[Any], moment: Any, project: Project, start: datetime, end: datetime) -> Sequence[int]:
    query = select(model.id).where(model.project_id == project.id, moment >= start, moment < end).order_by(model.id)
    return db.session.scalars(query).all()


def _test_filings(report: Report, project: Project, draft: Terms, ids: Sequence[int]) -> Iterator[int]:
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        rows = db.session.scalars(
            select(Registration).where(Registration.id.in_(some)).options(joinedload(Registration.policy))
        ).all()
        pasts = pasts_of(rows)
        for row in rows:
            past = pasts[row.id]
            before = fate(under(row.policy.terms, past, project.zone))
            _compare(report, row.reference, before, fate(under(draft, past, project.zone)))
        report.registrations += len(rows)
        yield len(rows)


def _compare(report: Report, reference: str, before: str, after: str) -> None:
    if before == after:
        return
    if after == "unvisited":
        report.lapsed.append(reference)
    if after == "visited":
        report.revived.append(reference)
    if after == "late":
        report.late.append(reference)
    if before == "late":
        report.no_longer_late.append(reference)


def _test_deals(report: Report, project: Project, draft: Terms, ids: Sequence[int]) -> Iterator[int]:
    names: dict[int, str] = {}
    for deal_id in ids:
        deal = db.session.get_one(Deal, deal_id, options=WITH_EVENTS, populate_existing=True)
        before, after = (_owner(deal, project, terms) for terms in (None, draft))
        report.deals += 1
        if before != after:
            report.changed.append(
                {"deal": deal.reference, "before": _name(before, names), "after": _name(after, names)}
            )
        yield 1


def _owner(deal: Deal, project: Project, draft: Terms | None) -> int | None:
    """The owner by the rule alone, at the first freezing event that gives one; under the draft or as it was (RE-Q40)."""
    for event in deal.events:
        if event.kind in FREEZING:
            owner = attribute(_case(event, project, draft)).owner
            if owner is not None:
                return owner
    return None


def _case(event: DealEvent, project: Project, draft: Terms | None) -> Case:
    circle = attribution.circle_of_event(event, project)
    heard = attribution.hear(event, circle, with_claims=False, lock=False)
    rows = list(heard.registrations.values())
    pasts = pasts_of(rows)
    terms = {row.seq: draft or db.session.get_one(Policy, row.policy_id).terms for row in rows}
    facts = {row.seq: under(terms[row.seq], pasts[row.id], project.zone) for row in rows}
    candidates = tuple(replace(one, registration=facts[one.registration.seq]) for one in heard.case.candidates)
    tie_break = heard.case.tie_break if draft is None else draft.tie_break
    return replace(heard.case, candidates=candidates, tie_break=tie_break)


def _name(distributor_id: int | None, names: dict[int, str]) -> str | None:
    if distributor_id is None:
        return None
    if distributor_id not in names:
        names[distributor_id] = db.session.get_one(Distributor, distributor_id).name
    return names[distributor_id]


def _test_claims(report: Report, project: Project, draft: Terms, ids: Sequence[int]) -> None:
    query = select(Claim).where(Claim.id.in_(ids), Claim.event_id.is_not(None)).options(joinedload(Claim.event))
    for claim in db.session.scalars(query).all():
        assert claim.event is not None
        report.claims += 1
        try:
            flags = check_claim(
                claim.event.kind, claim.event.happened_at, claim.claimed_at, draft.claim_window, project.zone
            )
        except Refusal:
            report.claims_refused.append(claim.reference)
            continue
        if LATE_FLAG in flags and LATE_FLAG not in claim.flags:
            report.claims_flagged.append(claim.reference)
        if LATE_FLAG in claim.flags and LATE_FLAG not in flags:
            report.claims_no_longer_flagged.append(claim.reference)


def pasts_of(rows: Iterable[Registration]) -> dict[int, Past]:
    """What really happened to each registration: its arrivals, and when its granted extension was asked for."""
    known = list(rows)
    ids = [row.id for row in known]
    arrivals: dict[int, list[Arrived]] = {}
    visits = select(Visit).where(
        Visit.registration_id.in_(ids), Visit.result.in_(("registered", "natural", "unsigned"))
    )
    for visit in db.session.scalars(visits).all():
        signed = visit.signed_at is not None or visit.result == "natural"
        arrived = Arrived(visit.arrived_at, signed, visit.excused_at is not None)
        arrivals.setdefault(visit.registration_id or 0, []).append(arrived)
    granted = select(Extension).where(Extension.registration_id.in_(ids), Extension.state == "approved")
    asked = {extension.registration_id: extension.asked_at for extension in db.session.scalars(granted).all()}
    return {
        row.id: Past(row.facts(), row.is_local, tuple(arrivals.get(row.id, ())), asked.get(row.id)) for row in known
    }
