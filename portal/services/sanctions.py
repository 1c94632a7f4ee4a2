"""Sanctions (处理): confirmed or waived by a named person, received, appealed against, the appeal decided by another (GD-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal import audit, clock
from portal.models import Deal, Finding, Policy, Project, Sanction, User, db
from portal.models.base import event_order
from portal.rules.finding_states import STANDING, move_case, move_sanction
from portal.rules.partner_states import steps_from
from portal.rules.periods import period_end
from portal.rules.refusal import Refusal
from portal.services import documents, exits, finding_notices, offences, partnership, policies
from portal.services.locks import hold_distributor
from portal.services.references import reference

#: Those that end or stop the cooperation while they stand.
_STOPPING = ("stop", "terminate", "blacklist")
#: What has to be settled within the policy's days after receipt of the notice (RE-4.8).
_DATED = ("refuse_commission", "return_commission")
#: What comes in or is taken off a list, and is then done with.
OWED = ("fine", "damages", *_DATED)


def decide_sanction(*, actor: User, sanction: Sanction, confirmed: bool, reason: str) -> Sanction:
    """Confirm what was proposed, have its letter printed and carry it out, or waive it.

    Raises Refusal without a reason, when it is decided, or for the person who proposed it (RE-7.6).
    """
    finding, now = _hold(sanction)
    move = move_sanction(sanction.state, "confirm" if confirmed else "waive")
    if sanction.proposed_by_id == actor.id:
        raise Refusal("handover_by_its_proposer", "RE-7.6")
    _check_reason(reason)
    sanction.state = move.to
    sanction.decided_at, sanction.decided_by_id, sanction.reason = now, actor.id, reason
    if confirmed:
        _order_letter(sanction, finding, now)
    db.session.flush()
    _record(f"finding.sanction_{sanction.state}", sanction, finding, actor, now, reason)
    if confirmed:
        _carry_out(actor, sanction, finding, reason)
        occasion = f"{sanction.kind}:confirmed"
        finding_notices.tell_owners(finding, "finding.sanctioned", sanction.clause, now, occasion=occasion)
        finding_notices.tell_group(sanction, now)
    else:
        _let_unit_in(sanction, finding)
    return sanction


def confirm_receipt(*, actor: User, finding: Finding) -> Sequence[Sanction]:
    """The notice of every confirmed sanction has come to the distributor; time to pay and to appeal runs from now.

    Raises Refusal when nothing is left to receive, or for another distributor's case.
    """
    now = _hold_finding(finding)
    _check_party(actor, finding)
    if finding.distributor_id is None:
        raise Refusal("breach_of_own_staff", "RE-7.1")
    waiting = [one for one in finding.sanctions if one.state == "confirmed" and one.received_at is None]
    if not waiting:
        raise Refusal("sanction_not_open", "RE-4.8")
    move_case(finding.state, "receive")
    policy, project = _policy_of(finding)
    for sanction in waiting:
        sanction.received_at = now
        if sanction.kind in _DATED:
            sanction.due_at = period_end(now, policy.terms.penalties.refund_days, project.zone)
    db.session.flush()
    audit.record("finding.received", finding, actor=actor, now=now, clause="RE-4.8", reference=finding.reference)
    return waiting


def appeal_end(sanction: Sanction) -> datetime | None:
    """Until when an appeal is in time (exclusive, UTC); None before the notice was received."""
    if sanction.received_at is None:
        return None
    policy, project = _policy_of(sanction.finding)
    return period_end(sanction.received_at, policy.terms.explanation_days, project.zone)


def appeal(*, actor: User, sanction: Sanction, statement: str) -> Sanction:
    """Object to a confirmed sanction, once and in time; it stands until the appeal is decided.

    ``actor`` is of the distributor, or of headquarters with an appeal that came on paper. Raises Refusal otherwise.
    """
    finding, now = _hold(sanction)
    move = move_sanction(sanction.state, "appeal")
    _check_party(actor, finding)
    end = appeal_end(sanction)
    if end is None:
        raise Refusal("notice_not_received", "GD-9")
    if now >= end:
        raise Refusal("appeal_too_late", "GD-9", ends_at=end)
    sanction.state, sanction.appealed_at, sanction.appeal = move.to, now, statement
    db.session.flush()
    _record("finding.appealed", sanction, finding, actor, now, statement)
    finding_notices.tell_of_appeal(sanction, now)
    return sanction


def decide_appeal(*, actor: User, sanction: Sanction, upheld: bool, reason: str) -> Sanction:
    """Uphold or lift it; never by whoever found the breach or confirmed the sanction. What was voided stays void (RE-Q46).

    A lifted one may take the offence with it: later ones of the same offender then count one less (RE-Q19).
    """
    finding, now = _hold(sanction)
    move = move_sanction(sanction.state, "uphold" if upheld else "lift")
    check_appeal_decider(sanction, actor)
    _check_reason(reason)
    sanction.state = move.to
    sanction.appeal_decided_at, sanction.appeal_decided_by_id, sanction.appeal_reason = now, actor.id, reason
    db.session.flush()
    _record(f"finding.sanction_{sanction.state}", sanction, finding, actor, now, reason)
    if not upheld:
        _lift(actor, sanction, finding, reason)
        offences.recount_after(finding, now)
    occasion = f"{sanction.kind}:{sanction.state}"
    finding_notices.tell_owners(finding, "finding.appeal_decided", "GD-9", now, occasion=occasion)
    return sanction


def check_appeal_decider(sanction: Sanction, actor: User) -> None:
    """Raises Refusal for whoever confirmed the sanction, found the breach or reported it: an appeal is against them (GD-9)."""
    if actor.id == sanction.decided_by_id:
        raise Refusal("appeal_by_its_confirmer", "GD-9")
    if actor.id in (sanction.finding.decided_by_id, sanction.finding.reported_by_id):
        raise Refusal("appeal_by_its_finder", "GD-9")


def propose_handover(*, actor: User, finding: Finding, grounds: str) -> Sanction:
    """Propose to hand a grave case of the company's own people over to the authorities, once.

    ``grounds`` say what the legal department holds of it; a second person at headquarters decides (RE-7.6).
    Raises Refusal for a case that is not found, or not about the company's own people.
    """
    now = _hold_finding(finding)
    move = move_case(finding.state, "hand_over")
    _check_reason(grounds)
    if finding.kind != "staff_dumping" or any(one.kind == "authorities" for one in finding.sanctions):
        raise Refusal("handover_not_open", move.clause)
    sanction = Sanction(kind="authorities", clause=move.clause, state="proposed", proposed_by_id=actor.id)
    sanction.proposal = grounds
    finding.sanctions.append(sanction)
    db.session.flush()
    _record("finding.handover_proposed", sanction, finding, actor, now, grounds)
    return sanction


def settle(*, actor: User, sanction: Sanction) -> Sanction:
    """Put on record that what was owed has come in, or the commission was taken off its list (RE-4.8).

    Raises Refusal for what owes nothing, or was settled before.
    """
    finding, now = _hold(sanction)
    move_sanction(sanction.state, "settle")
    if sanction.kind not in OWED or sanction.settled_at is not None:
        raise Refusal("sanction_not_open", sanction.clause)
    sanction.settled_at, sanction.settled_by_id = now, actor.id
    db.session.flush()
    audit.record(
        "finding.settled",
        finding,
        actor=actor,
        now=now,
        clause=sanction.clause,
        reference=finding.reference,
        sanction=sanction.kind,
    )
    return sanction


def policy_of(finding: Finding, now: datetime) -> Policy:
    """The policy by which the case was decided, else the one in force at ``now``."""
    if finding.policy_id is not None:
        return db.session.get_one(Policy, finding.policy_id)
    return policies.in_force(finding.project_id, now)


def _hold(sanction: Sanction) -> tuple[Finding, datetime]:
    finding = sanction.finding
    now = _hold_finding(finding)
    fresh = ["state", "decided_by_id", "received_at", "settled_at"]
    db.session.refresh(sanction, fresh, with_for_update=True)
    return finding, now


def _hold_finding(finding: Finding) -> datetime:
    """The distributor or team first, then the case: nobody else changes its sanctions or its number meanwhile."""
    if finding.distributor_id is not None:
        hold_distributor(finding.distributor_id)
    offences.hold_team(finding)
    db.session.refresh(finding, ["state"], with_for_update=True)
    return clock.now()


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("sanction_needs_a_reason", "GD-9")


def _check_party(actor: User, finding: Finding) -> None:
    if actor.distributor_id is not None and actor.distributor_id != finding.distributor_id:
        raise Refusal("explanation_of_others", "RE-4.4")


def _policy_of(finding: Finding) -> tuple[Policy, Project]:
    return db.session.get_one(Policy, finding.policy_id), db.session.get_one(Project, finding.project_id)


def _carry_out(actor: User, sanction: Sanction, finding: Finding, reason: str) -> None:
    """End or stop the cooperation at once (RE-5.4); a distributor that is stopped already stays as it is."""
    if sanction.kind not in _STOPPING or finding.distributor_id is None:
        return
    distributor = hold_distributor(finding.distributor_id)
    following = steps_from(distributor.status)
    if sanction.kind == "blacklist" and "blacklisted" in following:
        partnership.blacklist(actor=actor, distributor=distributor, reason=reason, finding=finding)
    elif sanction.kind == "terminate" and "terminated" in following:
        exits.terminate(actor=actor, distributor=distributor, clause=sanction.clause, reason=reason, finding=finding)
    elif sanction.kind == "stop" and "suspended" in following:
        partnership.suspend(actor=actor, distributor=distributor, reason=reason, finding=finding)


def _lift(actor: User, sanction: Sanction, finding: Finding, reason: str) -> None:
    """Take the distributor back where nothing else stands against it; what only stops it goes on stopping it (RE-Q46).

    What was ended stays ended: a new agreement is for people to make.
    """
    _let_unit_in(sanction, finding)
    if sanction.kind not in _STOPPING or finding.distributor_id is None:
        return
    distributor, others = hold_distributor(finding.distributor_id), _standing(sanction, finding)
    came_of_this = distributor.status_reason == sanction.reason
    for_good = any(one.kind == "blacklist" for one in others) or "active" not in steps_from(distributor.status)
    if not came_of_this or for_good:
        return
    partnership.reinstate(actor=actor, distributor=distributor, reason=reason, finding=finding)
    if others:
        partnership.suspend(actor=actor, distributor=distributor, reason=others[0].reason or reason, finding=finding)


def _standing(sanction: Sanction, finding: Finding) -> Sequence[Sanction]:
    """The other sanctions that stop the same distributor."""
    query = select(Sanction).join(Finding, Finding.id == Sanction.finding_id)
    same = (Finding.distributor_id == finding.distributor_id, Sanction.kind.in_(_STOPPING), Sanction.id != sanction.id)
    return db.session.scalars(query.where(*same, Sanction.state.in_(STANDING)).order_by(Sanction.id.desc())).all()


def _let_unit_in(sanction: Sanction, finding: Finding) -> None:
    """The unit counts again unless another case keeps it out (RE-7.3)."""
    if sanction.kind != "exclude_unit" or finding.deal_id is None:
        return
    others = (
        select(Sanction.id)
        .join(Finding, Finding.id == Sanction.finding_id)
        .where(Sanction.kind == "exclude_unit", Finding.deal_id == finding.deal_id, Sanction.id != sanction.id)
        .where(Sanction.state.in_(("proposed", *STANDING)))
    )
    if db.session.scalar(others.limit(1)) is None:
        db.session.get_one(Deal, finding.deal_id).excluded_at = None


def _order_letter(sanction: Sanction, finding: Finding, now: datetime) -> None:
    """Each confirmed sanction has its letter; keeping a unit out of the lists is no letter to anybody."""
    if sanction.kind == "exclude_unit":
        return
    project, seq = db.session.get_one(Project, finding.project_id), db.session.scalar(event_order.next_value())
    sanction.reference = reference("sanction", project, seq, now)
    db.session.flush()
    documents.order_letter(sanction, finding, now)


def _record(verb: str, sanction: Sanction, finding: Finding, actor: User, now: datetime, text: str) -> None:
    audit.record(
        verb,
        finding,
        actor=actor,
        now=now,
        clause=sanction.clause,
        reference=finding.reference,
        sanction=sanction.kind,
        reason_digest=audit.reason_digest(text),
    )
