"""Spot checks (抽查): deals are drawn, their customers asked, the first answer decides whether a case begins (RE-4.6, 4.7)."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal import audit, clock
from portal.models import CheckedDeal, CheckTry, Deal, Distributor, Project, SpotCheck, User, db
from portal.models.base import event_order
from portal.queries import spot_checks as found
from portal.rules import spot_checks as rules
from portal.rules.refusal import Refusal
from portal.services import breaches
from portal.services.findings import Report
from portal.services.references import group_reference


def draw_sample(
    *,
    actor: User,
    first_day: date,
    last_day: date,
    project: Project | None,
    distributor: Distributor | None,
    number: int,
    reason: str,
    submission_key: str,
) -> SpotCheck:
    """Draw ``number`` deals at random, or all when fewer are there; the form sent again is the sample already drawn.

    Raises Refusal when no distributor had a deal in these days.
    """
    key = f"{actor.id}:{submission_key}"
    _one_at_a_time(key)
    known = found.by_sending(key)
    if known is not None:
        return known
    population, now = found.deals_between(first_day, last_day, project, distributor), clock.now()
    taken = rules.check_draw(len(population), number)
    seq = db.session.scalar(event_order.next_value()) or 0
    check = SpotCheck(
        seq=seq,
        reference=group_reference("CC", seq, now),
        submission_key=key,
        project_id=project.id if project else None,
        distributor_id=distributor.id if distributor else None,
        first_day=first_day,
        last_day=last_day,
        population=len(population),
        number=taken,
        seed=secrets.token_hex(8),
        reason=reason,
        drawn_at=now,
        drawn_by_id=actor.id,
    )
    drawn = [population[one] for one in rules.draw(population, check.seed)[:taken]]
    check.lines = [_line(deal, position) for position, deal in enumerate(drawn, start=1)]
    db.session.add(check)
    db.session.flush()
    _write(check, "spot_check.drawn", actor, now, number=taken, population=check.population, seed=check.seed)
    return check


def note_answer(
    *, actor: User, check: SpotCheck, line: CheckedDeal, method: str, result: str, words: str, asked_at: datetime | None
) -> CheckTry:
    """Put down that the customer of a deal was asked and what came of it; ``asked_at`` None is now.

    The first answer counts for good; one that names the distributor unknown, or not the one who referred, reports a false
    filing for somebody else to decide. After three tries in vain another deal takes the place. Raises Refusal.
    """
    now = _hold(check, line)
    if asked_at is not None and asked_at > now:
        raise Refusal("breach_in_the_future", "RE-4.6")
    earlier = [one.result for one in line.tries]
    rules.check_try(result, words, earlier)
    is_first = result in rules.ANSWERS and rules.first_answer(earlier) is None
    noted = CheckTry(
        line_id=line.id,
        method=method,
        result=result,
        is_first=is_first,
        words=words.strip() or None,
        asked_at=asked_at or now,
        recorded_at=now,
        asked_by_id=actor.id,
    )
    line.tries.append(noted)
    db.session.flush()
    deal = line.deal.reference
    _write(check, "spot_check.answered", actor, now, clause="RE-4.7", deal=deal, result=result, first=is_first)
    if is_first and result in rules.TRIGGERS:
        _report(actor, check, line, noted)
    elif rules.is_given_up([*earlier, result]):
        _replace(check, line, actor, now)
    return noted


def close(*, actor: User, check: SpotCheck, conclusion: str) -> SpotCheck:
    """The report of the check: what came of it, once every deal has its answer. Raises Refusal before that."""
    now = _hold(check)
    rules.check_close(found.waiting_in([check]).get(check.id, 0))
    check.closed_at, check.closed_by_id, check.conclusion = now, actor.id, conclusion
    db.session.flush()
    _write(check, "spot_check.closed", actor, now, reason_digest=audit.reason_digest(conclusion))
    return check


def _line(deal: Deal, position: int) -> CheckedDeal:
    return CheckedDeal(position=position, deal_id=deal.id, distributor_id=deal.owner_id, tries=[])


def _report(actor: User, check: SpotCheck, line: CheckedDeal, noted: CheckTry) -> None:
    """The case names the deal, the registration that it rests on and whose it is; the words stay with the check."""
    deal = line.deal
    report = Report(
        kind="false_filing",
        summary=f"{check.reference} {deal.reference}\n{noted.words}",
        distributor=line.distributor,
        registration=deal.registration,
        deal=deal,
        means=noted.method,
        submission_key=f"check:{line.id}",
    )
    finding = breaches.report_breach(actor=actor, project=deal.project, report=report)
    line.finding_id = finding.id
    db.session.flush()
    db.session.expire(line, ["finding"])


def _replace(check: SpotCheck, line: CheckedDeal, actor: User, now: datetime) -> None:
    """The next of the draw takes the place of a customer who cannot be reached (RE-Q16); none does when all were drawn."""
    line.given_up_at = now
    population = found.deals_between(check.first_day, check.last_day, check.project, check.distributor)
    taken = set(db.session.scalars(select(CheckedDeal.deal_id).where(CheckedDeal.check_id == check.id)))
    left = [population[one] for one in rules.draw(population, check.seed) if population[one].id not in taken]
    if left:
        last = db.session.scalar(select(func.max(CheckedDeal.position)).where(CheckedDeal.check_id == check.id)) or 0
        following = _line(left[0], last + 1)
        following.check_id = check.id
        db.session.add(following)
    db.session.flush()
    db.session.expire(check, ["lines"])
    new = left[0].reference if left else None
    _write(check, "spot_check.replaced", actor, now, clause="RE-Q16", deal=line.deal.reference, by=new)


def _hold(check: SpotCheck, line: CheckedDeal | None = None) -> datetime:
    """One answer of a check after the other. Raises Refusal once it is closed, or the deal was given up."""
    db.session.refresh(check, ["closed_at"], with_for_update=True)
    if check.closed_at is not None:
        raise Refusal("spot_check_is_closed", "RE-4.6")
    if line is not None:
        db.session.refresh(line, ["given_up_at", "tries"])
        if line.given_up_at is not None:
            raise Refusal("checked_deal_was_replaced", "RE-Q16")
    return clock.now()


def _one_at_a_time(key: str) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"spot check:{key}", 0))))


def _write(check: SpotCheck, verb: str, actor: User, now: datetime, *, clause: str = "RE-4.6", **facts: Any) -> None:
    audit.record(verb, check, actor=actor, now=now, clause=clause, reference=check.reference, **facts)
