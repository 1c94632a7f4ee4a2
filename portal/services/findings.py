"""Findings (违规认定) on a deal: reported by one person, confirmed or not by another, each with a reason (RE-8.5)."""

from __future__ import annotations

from portal import audit, clock
from portal.models import Deal, Distributor, Finding, User, db
from portal.models.base import event_order
from portal.rules.refusal import Refusal
from portal.services.references import reference

#: What lets the company decide a deal anew once it is confirmed (RE-8.5).
OPENING = ("complaint", "malicious_grab")


def report_finding(
    *, actor: User, deal: Deal, kind: str, summary: str, distributor: Distributor | None = None
) -> Finding:
    """Put on record what is said about ``deal`` (loaded with its project); nothing moves until somebody confirms it.

    Raises Refusal for a kind that opens no re-determination.
    """
    if kind not in OPENING:
        raise Refusal("finding_kind_opens_nothing", "RE-8.5")
    now = clock.now()
    seq = db.session.scalar(event_order.next_value())
    finding = Finding(
        seq=seq,
        reference=reference("finding", deal.project, seq, now),
        project_id=deal.project_id,
        kind=kind,
        state="reported",
        deal_id=deal.id,
        distributor_id=None if distributor is None else distributor.id,
        summary=summary,
        reported_at=now,
        reported_by_id=actor.id,
    )
    db.session.add(finding)
    db.session.flush()
    audit.record(
        "finding.reported",
        finding,
        actor=actor,
        now=now,
        clause="RE-8.5",
        reference=finding.reference,
        kind=kind,
        deal=deal.reference,
    )
    return finding


def decide_finding(*, actor: User, finding: Finding, confirmed: bool, reason: str) -> Finding:
    """Confirm the finding or call it unfounded, once. Raises Refusal without a reason or for whoever reported it."""
    db.session.refresh(finding, ["state", "reported_by_id"], with_for_update=True)
    if finding.state != "reported" or finding.kind not in OPENING:
        raise Refusal("finding_decided", "RE-8.5")
    if finding.reported_by_id == actor.id:
        raise Refusal("finding_by_its_reporter", "RE-8.5")
    if not reason.strip():
        raise Refusal("finding_needs_a_reason", "RE-8.5")
    now = clock.now()
    finding.state = "confirmed" if confirmed else "unfounded"
    finding.decided_at, finding.decided_by_id, finding.decision_reason = now, actor.id, reason
    db.session.flush()
    digest = audit.reason_digest(reason)
    audit.record(
        f"finding.{finding.state}",
        finding,
        actor=actor,
        now=now,
        clause="RE-8.5",
        reference=finding.reference,
        reason_digest=digest,
    )
    return finding
