"""Breaches (违规认定): reported, explained, confirmed by a named person; what follows is proposed (RE-4.4 to 5.4, 7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit, clock
from portal.models import Deal, Distributor, Explanation, Extension, Finding, Project, Registration, User, db
from portal.models.base import event_order
from portal.rules.finding_states import move_case
from portal.rules.findings import CATCHING, Consequences
from portal.rules.periods import period_end
from portal.rules.refusal import Refusal
from portal.rules.standing import VOID
from portal.services import case_facts, documents, finding_notices, findings, notices, offences, policies
from portal.services.editions import NO_PAGE, Seen, check_edition, check_read
from portal.services.findings import Report
from portal.services.locks import lock_registration
from portal.services.references import reference

#: By distributors and their brokers, or by the project's own team.
BY_DISTRIBUTOR = (*CATCHING, "false_filing")
KINDS = (*BY_DISTRIBUTOR, "staff_dumping")


def report_breach(*, actor: User | None, project: Project, report: Report) -> Finding:
    """Put a breach on record; ``actor`` None is a whistle-blower who leaves no trace. Nothing moves until it is confirmed.

    Raises Refusal when it means nobody, or lies in the future.
    """
    if report.about is None:
        _check_party(report.kind, report.distributor, report.team)
    return findings.put_on_record(actor=actor, project=project, report=report, clause="RE-4.3")


def identify_party(
    *,
    actor: User,
    finding: Finding,
    project: Project,
    kind: str,
    distributor: Distributor | None,
    team: str | None,
    persons: str | None,
    found: Report,
    seen: Seen = NO_PAGE,
) -> Finding:
    """Say whom a report means, which of the rules it is about, and what else was found out, before anything is decided.

    ``found`` gives registration, deal, place and time where they are known now. Raises Refusal when it names nobody, and
    when something else was found out since the actor opened the page.
    """
    now = _hold(finding)
    _check_party(kind, distributor, team)
    move_case(finding.state, "identify")
    wanted = case_facts.facts_with(finding, case_facts.party_of(kind, distributor, team, persons), found)
    check_edition(seen, case_facts.facts_of(finding), wanted)
    finding.kind, finding.team, finding.persons = kind, team, persons
    finding.distributor_id = None if distributor is None else distributor.id
    _supplement(finding, project, found)
    db.session.flush()
    db.session.expire(finding, ["distributor", "registration", "deal"])
    audit.record("finding.identified", finding, actor=actor, now=now, clause="RE-4.3", reference=finding.reference)
    return finding


def ask_explanation(*, actor: User, finding: Finding, project: Project, question: str) -> Explanation:
    """Ask the distributor to explain and prove within the policy's days; the day of asking is not counted (RE-4.4)."""
    now = _hold(finding)
    if finding.distributor_id is None:
        raise Refusal("breach_of_own_staff", "RE-7.1")
    if finding.state == "reported":
        findings.begin(actor, finding, now)
    finding.state = move_case(finding.state, "ask").to
    days = policies.in_force(project.id, now).terms.explanation_days
    seq = db.session.scalar(event_order.next_value())
    explanation = Explanation(
        finding_id=finding.id,
        reference=reference("explanation", project, seq, now),
        question=question,
        asked_at=now,
        asked_by_id=actor.id,
        due_at=period_end(now, days, project.zone),
    )
    db.session.add(explanation)
    db.session.flush()
    db.session.refresh(finding, ["explanation"])
    documents.order_explanation_request(explanation, finding, now)
    audit.record("finding.explanation_asked", finding, actor=actor, now=now, clause="RE-4.4", due_at=explanation.due_at)
    finding_notices.tell_owners(finding, "finding.explanation_asked", "RE-4.4", now, until=explanation.due_at)
    return explanation


def prolong_explanation(*, actor: User, finding: Finding, project: Project) -> Explanation:
    """Give the same days once more, once (RE-Q15)."""
    now = _hold(finding)
    move_case(finding.state, "prolong")
    explanation = _explanation(finding)
    if explanation.answered_at is not None:
        raise Refusal("explanation_answered", "RE-4.4")
    if explanation.prolonged_at is not None:
        raise Refusal("explanation_prolonged_once", "RE-4.4")
    days = policies.in_force(project.id, now).terms.explanation_days
    explanation.prolonged_at = now
    explanation.due_at = period_end(explanation.due_at, days - 1, project.zone)
    db.session.flush()
    audit.record(
        "finding.explanation_prolonged", finding, actor=actor, now=now, clause="RE-4.4", due_at=explanation.due_at
    )
    finding_notices.tell_owners(finding, "finding.explanation_prolonged", "RE-4.4", now, until=explanation.due_at)
    return explanation


def answer_explanation(*, actor: User, finding: Finding, answer: str) -> Explanation:
    """The distributor explains, in time and once. Raises Refusal afterwards (RE-4.5)."""
    now = _hold(finding)
    move_case(finding.state, "explain")
    explanation = _explanation(finding)
    if finding.distributor_id != actor.distributor_id:
        raise Refusal("explanation_of_others", "RE-4.4")
    if explanation.answered_at is not None:
        raise Refusal("explanation_answered", "RE-4.4")
    if now >= explanation.due_at:
        raise Refusal("explanation_too_late", "RE-4.5", ends_at=explanation.due_at)
    explanation.answer, explanation.answered_at, explanation.answered_by_id = answer, now, actor.id
    db.session.flush()
    audit.record(
        "finding.explained", finding, actor=actor, now=now, clause="RE-4.4", reason_digest=audit.reason_digest(answer)
    )
    finding_notices.tell([explanation.asked_by_id], finding, "finding.explained", "RE-4.4", now)
    return explanation


def decide_breach(
    *, actor: User, finding: Finding, project: Project, confirmed: bool, reason: str, seen: Seen = NO_PAGE
) -> Finding:
    """A named person finds it confirmed or unfounded; a confirmed one proposes its sanctions (GD-9).

    Not whoever reported it, not while the distributor still has time to explain, and not on other facts, or before another
    explanation, than the actor had read. Raises Refusal otherwise.
    """
    if finding.kind not in KINDS:
        raise Refusal("breach_not_open", "RE-8.5")
    now = _hold(finding)
    findings.check_open(finding)
    findings.check_decider(actor, finding, reason, "GD-9")
    _check_explained(finding, now)
    check_read(seen, case_facts.read_of(finding))
    if confirmed:
        _check_party(finding.kind, finding.distributor_id, finding.team)
    findings.conclude(actor=actor, finding=finding, confirmed=confirmed, reason=reason, now=now)
    if confirmed:
        _follow(finding, project, now)
    db.session.flush()
    clause = finding.clause or "RE-4.3"
    findings.write_decision(actor, finding, clause, now, reason)
    if confirmed or finding.explanation is not None:
        finding_notices.tell_owners(finding, f"finding.{finding.state}", clause, now)
    return finding


def foresee(finding: Finding, project: Project, now: datetime) -> Consequences:
    """What the policy would propose if it were confirmed at ``now``."""
    return offences.follow_from(finding, policies.in_force(project.id, now).terms)


def _check_party(kind: str, distributor: object, team: str | None) -> None:
    """A distributor for what distributors do, the team for what the company's own people do; never both."""
    if (distributor is None) == (kind in BY_DISTRIBUTOR) or (kind not in BY_DISTRIBUTOR) == (team is None):
        raise Refusal("breach_names_nobody", "RE-4.3")


def _supplement(finding: Finding, project: Project, found: Report) -> None:
    findings.put_place(finding, project, found.place)
    finding.happened_at = found.happened_at or finding.happened_at
    finding.registration_id = found.registration.id if found.registration else finding.registration_id
    finding.deal_id = found.deal.id if found.deal else finding.deal_id


def _hold(finding: Finding) -> datetime:
    """Distributor or team first, then the finding; offences of one offender are counted one after the other (RE-Q19)."""
    if finding.distributor_id is not None:
        query = select(Distributor.id).where(Distributor.id == finding.distributor_id).with_for_update()
        db.session.execute(query).one()
    offences.hold_team(finding)
    party = ["state", "kind", "reported_by_id", "distributor_id", "team", "persons"]
    facts = ["registration_id", "deal_id", "happened_at", "latitude", "longitude"]
    db.session.refresh(finding, party + facts, with_for_update=True)
    db.session.refresh(finding, ["explanation"])
    if finding.explanation is not None:
        db.session.refresh(finding.explanation)
    return clock.now()


def _explanation(finding: Finding) -> Explanation:
    assert finding.explanation is not None
    return finding.explanation


def _check_explained(finding: Finding, now: datetime) -> None:
    explanation = finding.explanation
    if explanation is not None and explanation.answered_at is None and now < explanation.due_at:
        raise Refusal("explanation_still_open", "RE-4.4", ends_at=explanation.due_at)


def _follow(finding: Finding, project: Project, now: datetime) -> None:
    policy = policies.in_force(project.id, now)
    finding.policy_id, found = policy.id, offences.follow_from(finding, policy.terms)
    offences.propose(finding, found)
    if finding.kind == "false_filing" and finding.registration_id is not None:
        _void(finding, now)
    # The unit is kept out of the lists while the case stands (RE-7.3).
    if "exclude_unit" in found.sanctions and finding.deal_id is not None:
        db.session.get_one(Deal, finding.deal_id).excluded_at = now


def _void(finding: Finding, now: datetime) -> None:
    """A running registration that no deal rests on is void; what was ruled stays, nobody moves up in it (RE-Q45)."""
    registration = db.session.get_one(Registration, finding.registration_id)
    lock_registration(registration)
    if registration.frozen_at is not None or not registration.facts().runs_at(now):
        return
    registration.outcome, registration.outcome_at, registration.outcome_clause = VOID, now, "RE-4.5"
    registration.pending_until = None
    _lapse(registration, finding, now)
    audit.record("registration.voided", registration, actor=None, now=now, clause="RE-4.5", because=finding.reference)
    notices.tell(
        [registration.broker_id],
        "registration.voided",
        registration,
        occasion=finding.reference,
        clause="RE-4.5",
        facts={"reference": registration.reference},
        now=now,
    )


def _lapse(registration: Registration, finding: Finding, now: datetime) -> None:
    """An undecided request to prolong it has nothing left to prolong (RE-F11)."""
    asked = select(Extension).where(Extension.registration_id == registration.id, Extension.state == "pending")
    for extension in db.session.scalars(asked.with_for_update()):
        extension.state = "lapsed"
        audit.record(
            "extension.lapsed",
            extension,
            actor=None,
            now=now,
            project_id=registration.project_id,
            clause="RE-4.5",
            because=finding.reference,
        )
    db.session.flush()
