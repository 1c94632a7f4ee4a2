"""Beside the steps of a complaint: a breach reported of it, how far it is, its number shown for a reason, leave to name."""

from __future__ import annotations

from portal import audit, clock
from portal.models import Complaint, ComplaintProgress, Finding, Project, User, db
from portal.rules import complaints as rules
from portal.rules.refusal import Refusal
from portal.services import breaches, complaint_notices, complaints
from portal.services.breaches import Report
from portal.services.reveals import REASONS


def hand_over(*, actor: User, complaint: Complaint, project: Project, kind: str, summary: str) -> Finding:
    """Report what the complaint says of a distributor as a breach (DM-12.4); it is found by somebody else, and only once.

    Raises Refusal when it is about no distributor, was handed over already, or as ``report_breach``.
    """
    complaints.hold(complaint)
    if complaint.distributor_id is None or complaint.distributor is None:
        raise Refusal("complaint_names_no_distributor", "DM-12.4")
    if complaint.finding_id is not None:
        raise Refusal("complaint_handed_over", "DM-12.4")
    report = Report(kind=kind, summary=summary, distributor=complaint.distributor)
    finding = breaches.report_breach(actor=actor, project=project, report=report)
    complaint.finding_id = finding.id
    db.session.flush()
    audit.record(
        "complaint.handed_over",
        complaint,
        actor=actor,
        now=clock.now(),
        clause="DM-12.4",
        reference=complaint.reference,
        finding=finding.reference,
    )
    return finding


def report_progress(*, actor: User, complaint: Complaint, words: str, by: str) -> ComplaintProgress:
    """The complainant has heard how far a complex complaint is: in person, or on the page of the number and code (DS-4.4).

    The same words sent again are one. Raises Refusal for an ordinary one, and while nobody is at work on it.
    """
    now = complaints.hold(complaint)
    rules.check_progress(complaint.state, complaint.gravity)
    db.session.refresh(complaint, ["progress"])
    if complaint.progress and complaint.progress[-1].words == words:
        return complaint.progress[-1]
    told = ComplaintProgress(complaint_id=complaint.id, words=words, told_by=by, told_at=now, told_by_id=actor.id)
    db.session.add(told)
    db.session.flush()
    db.session.expire(complaint, ["progress"])
    audit.record(
        "complaint.progress",
        complaint,
        actor=actor,
        now=now,
        clause="DS-4.4",
        reference=complaint.reference,
        by=by,
    )
    complaint_notices.tell_progress(complaint, now)
    return told


def disclose(*, actor: User, complaint: Complaint) -> Complaint:
    """The complainant agrees that whom it is about learns the name; it cannot be taken back."""
    now = complaints.hold(complaint)
    db.session.refresh(complaint, ["disclosed"])
    if complaint.disclosed:
        raise Refusal("complaint_disclosed", "GD-13")
    complaint.disclosed = True
    db.session.flush()
    audit.record("complaint.disclosed", complaint, actor=actor, now=now, clause="GD-13", reference=complaint.reference)
    return complaint


def reveal(*, actor: User, complaint: Complaint, reason: str) -> str:
    """The complainant's whole number, on record (GD-13). Raises Refusal without a reason of the closed list."""
    if reason not in REASONS:
        raise Refusal("reveal_needs_a_reason", "GD-13")
    audit.record(
        "complaint.revealed",
        complaint,
        actor=actor,
        now=clock.now(),
        clause="GD-13",
        fields=["phone"],
        reason=reason,
    )
    return complaint.phone or ""
