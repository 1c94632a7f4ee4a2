"""From a ruling to the plain values of its papers: the whole one for the company, the extract for one party (RE-8.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from portal.documents.rulings import Buyer, ClaimLine, Entry, ExtractStep, RulingExtract, RulingPaper
from portal.documents.values import Locale
from portal.models import (
    Claim,
    Deal,
    DealBuyer,
    DealEvent,
    Distributor,
    Document,
    Policy,
    Registration,
    Ruling,
    RulingParty,
    User,
    db,
)
from portal.queries import rulings
from portal.rules.attribution import EARLIEST
from portal.rules.case_records import attribution_of, case_of, digest_of, outcome_of
from portal.rules.claims import LATE_FLAG
from portal.rules.eliminations import STEPS, Row, rows_of
from portal.rules.masking import mask_id_number, mask_phone
from portal.services import policies
from portal.services.attribution import Heard
from portal.wording import rulings as words

#: The steps at which an ordering clause takes the place of the earlier lock's.
_ORDERING = ("RE-8.8", "RE-8.9")


@dataclass(frozen=True, slots=True)
class Considered:
    """A case as its table shows it: the rows, and the registrations by their order of recording."""

    rows: tuple[Row, ...]
    registrations: Mapping[int, Registration]

    def of(self, row: Row) -> Registration:
        """The registration of a row."""
        return self.registrations[row.candidate.registration.seq]


def considered_of(ruling: Ruling) -> Considered:
    """The case that was kept with the ruling, whatever became of its registrations since."""
    outcome = attribution_of(ruling.outcome)
    rows = rows_of(case_of(ruling.facts), outcome.verdicts)
    return Considered(rows, rulings.considered(row.candidate.registration.seq for row in rows))


def considered_now(heard: Heard) -> Considered:
    """The case as the rule sees it now, before anything is kept."""
    rows = rows_of(heard.case, heard.attribution.verdicts)
    return Considered(rows, rulings.considered(row.candidate.registration.seq for row in rows))


def paper_of(document: Document, address: str) -> RulingPaper:
    """The values of an issued ruling; ``address`` confirms it. Raises NoResultFound when it is gone."""
    ruling = rulings.loaded(document.subject_id)
    case = considered_of(ruling)
    head = _head(ruling.deal, ruling.policy, document.reference, document.created_at, address)
    return RulingPaper(
        **head,
        **_contents(case, ruling.event, ruling.clause, ruling.owner, head["locale"]),
        claims=_claims(ruling.deal, ruling.decided_at),
        reason=ruling.reason or "",
        supersedes=ruling.supersedes.reference if ruling.supersedes else "",
        finding=ruling.finding.reference if ruling.finding else "",
        decider=cast(User, ruling.confirmed_by).name,
        decided_at=ruling.decided_at,
        record_digest=ruling.digest,
    )


def draft_of(heard: Heard, event: DealEvent, deal: Deal, *, actor: User, reason: str, now: datetime) -> RulingPaper:
    """The paper as it would be issued now, to look at. Nothing is kept and nothing confirms it."""
    owner = db.session.get(Distributor, heard.attribution.owner) if heard.attribution.owner else None
    policy = policies.in_force(deal.project_id, event.happened_at)
    head = _head(deal, policy, deal.reference, now, current_app.extensions["settings"].public_url)
    return RulingPaper(
        **head,
        **_contents(considered_now(heard), event, heard.attribution.clause, owner, head["locale"]),
        claims=_claims(deal, now),
        reason=reason,
        decider=actor.name,
        decided_at=now,
        record_digest=digest_of(heard.facts, outcome_of(heard.attribution)),
        draft=True,
    )


def extract_of(document: Document, address: str) -> RulingExtract:
    """The values of one party's extract: its own registration and outcome, nobody else's."""
    party = db.session.get_one(RulingParty, document.subject_id)
    ruling = rulings.loaded(party.ruling_id)
    case = considered_of(ruling)
    row = next(row for row in case.rows if case.of(row).id == party.registration_id)
    registration, facts = case.of(row), row.candidate.registration
    claim = _own_claim(ruling.deal, party.distributor_id)
    head = _head(ruling.deal, ruling.policy, document.reference, document.created_at, address)
    with force_locale(head["locale"]):
        explanation = words.for_party(party.clause, wins=party.wins, accepted=row.candidate.accepted)
    return RulingExtract(
        **head,
        ruling=ruling.reference,
        distributor=registration.distributor.name,
        wins=party.wins,
        clause=party.clause,
        explanation=explanation,
        unit=(ruling.deal.unit or "") if party.wins else "",
        event=ruling.event.kind,
        event_at=ruling.event.happened_at,
        customer=registration.customer_name,
        phone=mask_phone(registration.phone),
        registration_number=registration.reference,
        filed_at=facts.filed_at,
        visited_at=facts.visited_at,
        until=facts.ends_at,
        claim_number=claim.reference if claim else "",
        claimed_at=claim.claimed_at if claim else None,
        steps=tuple(_extract_steps(row)),
        anew=ruling.origin == "redetermined",
        decided_at=ruling.decided_at,
    )


def _head(deal: Deal, policy: Policy, number: str, issued_at: datetime, address: str) -> dict[str, Any]:
    project = deal.project
    return {
        "number": number,
        "group": project.group_name,
        "project": project.name,
        "issued_at": issued_at,
        "rules_version": f"{policy.code}-{policy.published_at or policy.created_at:%Y-%m}",
        "policy_version": f"{policy.code}-{policy.version}",
        "verification_url": address,
        "zone": project.timezone,
        "locale": cast(Locale, current_app.extensions["settings"].default_locale),
    }


def _contents(
    case: Considered, event: DealEvent, clause: str, owner: Distributor | None, locale: Locale
) -> dict[str, Any]:
    with force_locale(locale):
        explanation = words.for_company(case.rows, clause)
        entries = tuple(_entry(case.of(row), row) for row in case.rows)
    return {
        "owner": owner.name if owner else "",
        "clause": clause,
        "explanation": explanation,
        "unit": event.unit or "",
        "event": event.kind,
        "event_at": event.happened_at,
        "buyers": tuple(_buyer(buyer) for buyer in event.buyers),
        "entries": entries,
        "steps": steps_of(case.rows),
    }


def steps_of(rows: Sequence[Row]) -> tuple[tuple[int, str], ...]:
    """The steps with their clauses; the last one is RE-8.8 or RE-8.9 where that decided."""
    last = next((row.clause for row in rows if row.step == EARLIEST and row.clause in _ORDERING), STEPS[-1][1])
    return (*STEPS[:-1], (EARLIEST, last))


def _entry(registration: Registration, row: Row) -> Entry:
    facts = row.candidate.registration
    return Entry(
        mark=words.called(row),
        distributor=registration.distributor.name,
        number=registration.reference,
        locked_at=facts.filed_at,
        visited_at=facts.visited_at,
        until=facts.ends_at,
        phone=mask_phone(registration.phone),
        step=row.step,
        clause="" if row.wins else row.clause,
        words="" if row.wins else words.fell_words(row, registration.project.zone),
    )


def _buyer(buyer: DealBuyer) -> Buyer:
    return Buyer(
        name=buyer.customer_name,
        phone=mask_phone(buyer.phone) if buyer.phone else "",
        id_number=mask_id_number(buyer.id_number) if buyer.id_number else "",
        company=buyer.company or "",
    )


def _claims(deal: Deal, until: datetime) -> tuple[ClaimLine, ...]:
    return tuple(
        ClaimLine(
            number=claim.reference,
            distributor=claim.distributor.name,
            claimed_at=claim.claimed_at,
            late=LATE_FLAG in claim.flags,
        )
        for claim in rulings.claims_of(deal)
        if claim.claimed_at <= until
    )


def _own_claim(deal: Deal, distributor_id: int) -> Claim | None:
    query = select(Claim).where(
        Claim.event_id.in_([event.id for event in deal.events]), Claim.distributor_id == distributor_id
    )
    return db.session.scalars(query.order_by(Claim.seq.desc()).limit(1)).first()


def _extract_steps(row: Row) -> Iterable[ExtractStep]:
    for step, clause in STEPS:
        fell = row.step == step
        passed = False if fell else True if row.step > step else None
        yield ExtractStep(step=step, clause=row.clause if fell else clause, passed=passed)
