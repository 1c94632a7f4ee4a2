"""Headquarters' side: papers and checklist, surveys, the review group's scores, the departments' opinions (DO-2.2, CH-3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal import audit, clock
from portal.models import Application, Inquiry, Opinion, Remark, Score, User, db
from portal.rules.applications import (
    AREAS,
    CHECKPOINTS,
    DAYS_TO_SIGN,
    DEPARTMENTS,
    EXAMINATIONS,
    INQUIRIES,
    NEEDED_PAPERS,
    SIGNERS,
    SMALLEST_GROUP,
    SURVEYS,
    check_inquiries,
    check_scores,
    mean_of,
    unticked,
)
from portal.rules.refusal import Refusal
from portal.rules.working_days import working_days_end
from portal.services import application_notices
from portal.services.applications import move, record
from portal.services.blacklist_matches import check_blacklist_match
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.unacceptable import unique
from portal.wording.times import PORTAL_ZONE

#: While the reviewer works on it.
_IN_REVIEW = ("in_review",)
_INQUIRING = ("in_review", "surveyed")


def take_up(*, actor: User, application: Application) -> Application:
    """Begin the review of an application whose papers are there; the actor is its reviewer from now on (DO-2.2)."""
    now = hold(application, ("applied",))
    check_blacklist_match(application.partner_file)
    step = move(application, "in_review", now)
    application.reviewer_id = actor.id
    db.session.flush()
    record("application.taken_up", application, actor, now, step.clause)
    return application


def return_application(*, actor: User, application: Application, remarks: Mapping[str, str]) -> Application:
    """Send it back with a remark beside each field that is to be corrected; everything typed stays (DO-2.2).

    Raises Refusal without a remark.
    """
    now = hold(application, _IN_REVIEW)
    said = {field: words.strip() for field, words in remarks.items() if words.strip()}
    if not said:
        raise Refusal("return_needs_a_remark", "DO-2.2")
    step = move(application, "returned", now)
    for field, words in said.items():
        db.session.add(
            Remark(application_id=application.id, field=field, words=words, made_at=now, made_by_id=actor.id)
        )
    db.session.flush()
    record("application.returned", application, actor, now, step.clause, fields=sorted(said))
    application_notices.write_to_applicant(application, "application_returned", now)
    return application


def tick_points(*, actor: User, application: Application, points: Collection[str], seen: Seen = NO_PAGE) -> Application:
    """Confirm points of the checklist, or take back what was confirmed before (DM-2.4, DM-2.5, DO-Q3).

    A list that is as it was leaves no entry. Raises Refusal when it is not the list that the actor had seen.
    """
    now = hold(application, _IN_REVIEW)
    known = [point for point, _clause in CHECKPOINTS[application.partner_file.partner_type]]
    ticked = [point for point in known if point in points]
    if ticked == application.ticked:
        return application
    check_read(seen, ticked_values(application))
    application.ticked = ticked
    db.session.flush()
    record("application.ticked", application, actor, now, "DM-2.4", points=application.ticked)
    return application


def write_inquiry(*, actor: User, application: Application, kind: str, held_on: date, findings: str) -> Inquiry:
    """Write down a survey, the interview or the inspection (CH-3.7, CH-3.8, DM-2.9, DM-2.10); a later one adds to it.

    The same words about the same day, sent again by the same person, are the one entry.
    """
    now = hold(application, _INQUIRING)
    if held_on > now.astimezone(PORTAL_ZONE).date():
        raise Refusal("inquiry_in_the_future", INQUIRIES[kind])
    said = (kind, held_on, findings, actor.id)
    for one in application.inquiries:
        if (one.kind, one.held_on, one.findings, one.written_by_id) == said:
            return one
    inquiry = Inquiry(
        application_id=application.id,
        kind=kind,
        held_on=held_on,
        findings=findings,
        written_at=now,
        written_by_id=actor.id,
    )
    db.session.add(inquiry)
    db.session.flush()
    db.session.expire(application, ["inquiries"])
    record("application.inquired", application, actor, now, INQUIRIES[kind], inquiry=kind)
    return inquiry


def finish_surveys(*, actor: User, application: Application) -> Application:
    """Papers accepted, points confirmed, surveys made: on to the review group (CH-3.5, CH-3.7)."""
    now = hold(application, _IN_REVIEW)
    check_review(application)
    check_blacklist_match(application.partner_file)
    step = move(application, "surveyed", now)
    db.session.flush()
    record("application.surveyed", application, actor, now, step.clause)
    application_notices.tell_departments(application, now)
    return application


def check_review(application: Application) -> None:
    """Raises Refusal naming what the review still lacks: a paper, a point of the checklist, a survey."""
    file = application.partner_file
    accepted = {paper.kind for paper in file.current_papers if paper.state == "accepted"}
    for paper in NEEDED_PAPERS[file.partner_type]:
        if paper not in accepted:
            raise Refusal("paper_not_accepted", "CM-2.4", paper=paper)
    # A permit need not be there; one that was brought is looked at like every other paper (DO-1.2).
    if any(paper.kind == "permit" and paper.state != "accepted" for paper in file.current_papers):
        raise Refusal("paper_not_accepted", "DO-1.2", paper="permit")
    if unticked(file.partner_type, application.ticked):
        raise Refusal("checklist_incomplete", "DM-2.4" if file.partner_type == "company" else "DM-2.5")
    check_inquiries({one.kind for one in application.inquiries}, SURVEYS)


def name_group(*, actor: User, application: Application, members: Sequence[User], seen: Seen = NO_PAGE) -> Application:
    """Name the review group (CM-2.5); whoever has scored already stays in it. The group as it is leaves no entry.

    Raises Refusal for too few, and when others were named since the actor opened the page.
    """
    now = hold(application, ("surveyed",))
    scored = {score.member_id for score in application.scores if score.scored_at is not None}
    wanted = {member.id for member in members} | scored
    if len(wanted) < SMALLEST_GROUP:
        raise Refusal("group_too_small", "CM-2.5", least=SMALLEST_GROUP)
    if wanted == {score.member_id for score in application.scores}:
        return application
    check_read(seen, group_values(application))
    for score in [one for one in application.scores if one.member_id not in wanted]:
        db.session.delete(score)
    for number in sorted(wanted - {score.member_id for score in application.scores}):
        db.session.add(Score(application_id=application.id, member_id=number, named_at=now, named_by_id=actor.id))
    db.session.flush()
    db.session.expire(application, ["scores"])
    record("application.group_named", application, actor, now, "CM-2.5", members=len(wanted))
    application_notices.tell(wanted, application, "application.score_wanted", "CM-2.5", now)
    return application


def give_scores(*, actor: User, application: Application, scores: Mapping[str, Decimal], comment: str | None) -> Score:
    """Fill in one's own sheet, 0 to 100 in each area, once (CH-3.10); the same sheet sent twice is one.

    Raises Refusal for whoever is not in the group, and for another sheet after the first.
    """
    now = hold(application, ("surveyed",))
    sheet = next((one for one in application.scores if one.member_id == actor.id), None)
    if sheet is None:
        raise Refusal("not_in_the_group", "CM-2.5")
    db.session.refresh(sheet)
    if sheet.scored_at is not None:
        if (sheet.sheet(), sheet.comment) == ({area: scores[area] for area in AREAS}, comment or None):
            return sheet
        raise Refusal("sheet_is_filled", "CH-3.10")
    for area in AREAS:
        setattr(sheet, area, scores[area])
    sheet.comment, sheet.scored_at = comment or None, now
    db.session.flush()
    record("application.scored", application, actor, now, "CH-3.10")
    return sheet


def give_opinion(*, actor: User, application: Application, passed: bool, reason: str) -> Opinion:
    """What the actor's department says, once (CH-3.11); the same said twice by one person is one opinion.

    Raises Refusal when the department has spoken, or without a reason.
    """
    now = hold(application, ("surveyed",))
    department = next((one for one in DEPARTMENTS if one in actor.roles), None)
    if department is None:
        raise Refusal("no_department", "CH-3.11")
    if not reason.strip():
        raise Refusal("opinion_needs_a_reason", "CH-3.11")
    spoken = next((one for one in application.opinions if one.department == department), None)
    if spoken is not None:
        if (spoken.given_by_id, spoken.passed, spoken.reason) == (actor.id, passed, reason):
            return spoken
        raise Refusal("department_has_spoken", "CH-3.11")
    opinion = Opinion(
        application_id=application.id,
        department=department,
        passed=passed,
        reason=reason,
        given_at=now,
        given_by_id=actor.id,
    )
    with unique(uq_application_opinions_application_id_department=("reason", "department_has_spoken")):
        db.session.add(opinion)
    db.session.expire(application, ["opinions"])
    record("application.opinion", application, actor, now, "CH-3.11", department=department, passed=passed)
    return opinion


def check_examination(application: Application, actor: User | None = None) -> None:
    """Raises Refusal naming what is missing before the signatures; a member of the group does not confirm its own scores."""
    check_inquiries({one.kind for one in application.inquiries}, EXAMINATIONS)
    sheets = [score.scored_at is not None for score in application.scores]
    check_scores(sheets, {one.department for one in application.opinions})
    if actor is not None and actor.id in {score.member_id for score in application.scores}:
        raise Refusal("own_scores", "CH-3.11")


def confirm_scores(*, actor: User, application: Application, reason: str) -> Application:
    """Confirm the group's result and lay it before those who sign, within two working days each (CH-3.11, DO-2.3, DO-Q2)."""
    now = hold(application, ("surveyed",))
    check_examination(application, actor)
    check_blacklist_match(application.partner_file)
    step = move(application, "examined", now)
    application.confirmed_by_id, application.confirmation = actor.id, reason
    application.signature_due_at = working_days_end(now, DAYS_TO_SIGN, PORTAL_ZONE)
    db.session.flush()
    total = str(mean_of(sheets_of(application))["total"])
    digest = audit.reason_digest(reason)
    record("application.confirmed", application, actor, now, step.clause, score=total, reason_digest=digest)
    application_notices.tell_signer(application, SIGNERS[0], now)
    return application


def ticked_values(application: Application) -> dict[str, Any]:
    """The points that are confirmed."""
    return {"points": application.ticked}


def group_values(application: Application) -> dict[str, Any]:
    """Who is in the review group."""
    return {"members": sorted(score.member_id for score in application.scores)}


def sheets_of(application: Application) -> list[dict[str, Decimal]]:
    """The sheets that are filled in."""
    return [sheet for score in application.scores if (sheet := score.sheet()) is not None]


def hold(application: Application, states: Sequence[str]) -> datetime:
    """Lock the application and read it afresh; the time after that. Raises Refusal in any other state."""
    db.session.refresh(application, with_for_update={"of": Application})
    if application.state not in states:
        raise Refusal("application_not_there", "DO-2.2")
    return clock.now()
