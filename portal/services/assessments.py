"""The half-year sheet: opened for every distributor, scored, confirmed by a second person, published (CM-3.5, DM-10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select

from portal import audit, clock
from portal.models import Assessment, Distributor, User, db
from portal.models.base import event_order
from portal.one_by_one import each, failed_of
from portal.queries import assessments as found
from portal.queries import care_figures
from portal.rules import care as rules
from portal.rules.partner_states import LEFT, MAY_ACT
from portal.rules.periods import midnight
from portal.rules.refusal import Refusal
from portal.services import care, care_notices
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.references import group_reference
from portal.wording.times import PORTAL_ZONE


def open_due(now: datetime, at_most: int = 200) -> int:
    """Open the sheet of the last half year for distributors that worked with us in it and have none; how many.

    May run any number of times: one sheet per distributor and half year (CM-3.5). None once its time to be published is
    over: nobody begins with a sheet that is late.
    """
    half = rules.half_before(now, PORTAL_ZONE)
    if now >= rules.review_due(half, rules.sheet(), PORTAL_ZONE):
        return 0
    has_one = exists().where(Assessment.distributor_id == Distributor.id, Assessment.first_day == half.first)
    began = midnight(half.last, PORTAL_ZONE)
    query = (
        select(Distributor)
        .where(Distributor.status.in_(MAY_ACT), Distributor.created_at < began, ~has_one)
        .where(Distributor.id.not_in(failed_of(Distributor.__tablename__)))
        .order_by(Distributor.id)
        .limit(at_most)
        .with_for_update(of=Distributor, skip_locked=True)
    )
    return each(db.session.scalars(query), lambda distributor: _open(distributor, half, now))


def _open(distributor: Distributor, half: rules.Half, now: datetime) -> int:
    open_sheet(distributor, half, now)
    return 1


def score(
    *,
    actor: User,
    assessment: Assessment,
    scores: Mapping[str, Decimal],
    judgement: str,
    seen: Seen = NO_PAGE,
) -> Assessment:
    """Give the scores and the judgement in words (CH-12.4); may be done again until somebody has confirmed them.

    The portal's figures are kept beside as they stand now. Raises Refusal for a missing score or judgement, and
    when somebody has scored since the actor opened the sheet.
    """
    now = _hold(assessment)
    clause = rules.check_step(assessment.state, "scored")
    if not judgement.strip():
        raise Refusal("assessment_needs_words", "CH-12.4")
    check_read(seen, scored_values(assessment))
    sheet = sheet_of(assessment)
    points = rules.total(sheet, scores)
    assessment.facts = care_figures.plain(care_figures.figures_of(assessment))
    assessment.scores = {one.code: str(scores[one.code]) for one in sheet.indicators}
    assessment.judgement, assessment.total = judgement, points
    assessment.proposed = rules.class_of(sheet, points)
    assessment.result = rules.result_of(sheet, points, found.failures_before(assessment))
    assessment.state, assessment.scored_at, assessment.scored_by_id = "scored", now, actor.id
    _write(assessment, "assessment.scored", clause, actor, now, total=str(points))
    care_notices.tell_scored(assessment, actor, now)
    return assessment


def confirm(*, actor: User, assessment: Assessment, letter: str, reason: str, seen: Seen = NO_PAGE) -> Assessment:
    """A second person confirms the sheet and says which class follows, with the reason (CH-3.11, CM-3.5).

    Raises Refusal for whoever gave the scores, without a reason, and when it was scored anew after the actor had opened it.
    """
    now = _hold(assessment)
    clause = rules.check_step(assessment.state, "confirmed")
    rules.check_confirmation(assessment.scored_by_id, actor.id)
    check_read(seen, scored_values(assessment))
    if letter not in rules.CLASSES or not reason.strip():
        raise Refusal("class_needs_a_reason", "CM-3.5")
    assessment.letter, assessment.reason = letter, reason
    assessment.state, assessment.confirmed_at, assessment.confirmed_by_id = "confirmed", now, actor.id
    digest = audit.reason_digest(reason)
    _write(assessment, "assessment.confirmed", clause, actor, now, letter=letter, reason_digest=digest)
    return assessment


def publish(*, actor: User, assessment: Assessment) -> Assessment:
    """Tell the distributor its result; its class changes at this moment and not before (DC-3.3, CM-3.5).

    Raises Refusal when it becomes A without account owner and deputy (CM-6.2).
    """
    now = _hold(assessment)
    clause = rules.check_step(assessment.state, "published")
    distributor = db.session.get_one(Distributor, assessment.distributor_id)
    care.give_class(
        actor=actor,
        distributor=distributor,
        letter=str(assessment.letter),
        reason=str(assessment.reason),
        clause="CM-3.5",
        assessment=assessment,
    )
    assessment.state, assessment.published_at, assessment.published_by_id = "published", now, actor.id
    _write(
        assessment,
        "assessment.published",
        clause,
        actor,
        now,
        letter=assessment.letter,
        result=assessment.result,
    )
    care_notices.tell_published(assessment, now)
    return assessment


def note_measures(*, actor: User, assessment: Assessment, measures: str) -> Assessment:
    """What follows for the distributor: reward, support, advice or penalty (CH-12.5). Raises Refusal without words."""
    now = _hold(assessment)
    clause = rules.check_step(assessment.state, "measures")
    if not measures.strip():
        raise Refusal("assessment_needs_words", "CH-12.5")
    assessment.measures, assessment.measures_at, assessment.measures_by_id = measures, now, actor.id
    assessment.state = "measures"
    digest = audit.reason_digest(measures)
    _write(assessment, "assessment.measures_noted", clause, actor, now, reason_digest=digest)
    return assessment


def scored_values(assessment: Assessment) -> dict[str, Any]:
    """What has been scored, and in which words."""
    return {"scores": assessment.scores, "judgement": assessment.judgement}


def sheet_of(assessment: Assessment) -> rules.Sheet:
    """The sheet in the version with which it was opened."""
    return rules.Sheet.from_document(assessment.sheet)


def open_sheet(distributor: Distributor, half: rules.Half, now: datetime) -> Assessment:
    """Begin the sheet of one distributor for one half year (CM-3.5). Once: a second one is refused by the database."""
    seq = db.session.scalar(event_order.next_value())
    sheet = rules.sheet()
    assessment = Assessment(
        seq=seq,
        reference=group_reference("KH", seq, now),
        distributor_id=distributor.id,
        first_day=half.first,
        last_day=half.last,
        due_at=rules.review_due(half, sheet, PORTAL_ZONE),
        opened_at=now,
        state="scheduled",
        sheet=rules.sheet_document(),
    )
    db.session.add(assessment)
    db.session.flush()
    _write(assessment, "assessment.opened", "CM-3.5", None, now, until=assessment.due_at)
    care_notices.tell_opened(assessment, now)
    return assessment


def _hold(assessment: Assessment) -> datetime:
    """The distributor's row first, as every command about it does; then the sheet.

    Raises Refusal when there is nobody left to publish it to (DM-12.5).
    """
    query = select(Distributor.status).where(Distributor.id == assessment.distributor_id).with_for_update()
    status = db.session.scalars(query).one()
    db.session.refresh(
        assessment, ["state", "scored_by_id", "scores", "judgement", "result", "letter", "reason"], with_for_update=True
    )
    if status in LEFT and assessment.published_at is None:
        raise Refusal("assessment_partner_gone", "DM-12.5")
    return clock.now()


def _write(assessment: Assessment, verb: str, clause: str, actor: User | None, now: datetime, **facts: Any) -> None:
    db.session.flush()
    audit.record(verb, assessment, actor=actor, now=now, clause=clause, reference=assessment.reference, **facts)
