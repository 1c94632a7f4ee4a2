"""Telling people in the portal: each kind of notice once per person and occasion, in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from portal import clock
from portal.models import Notice, User, db

#: Every kind of notice and the facts that its sentence needs; references, instants (ISO, UTC) and counts only.
KINDS: dict[str, frozenset[str]] = {
    "registration.ending": frozenset({"reference", "stage", "days", "until", "extendable"}),
    "registration.ended": frozenset({"reference", "stage", "until"}),
    "registration.voided": frozenset({"reference"}),
    "registration.classified_bulk": frozenset({"reference", "until"}),
    "visit.natural": frozenset({"reference", "arrived_at"}),
    "visit.refused": frozenset({"reference"}),
    "visit.audit_failed": frozenset({"reference"}),
    "visit.protected": frozenset({"reference", "until"}),
    "visit.excused": frozenset({"reference", "until"}),
    "visit.excuse_declined": frozenset({"reference"}),
    "visit.left_open": frozenset({"reference", "step"}),
    "extension.asked": frozenset({"reference", "until"}),
    "extension.approved": frozenset({"reference", "until"}),
    "extension.rejected": frozenset({"reference", "until"}),
    "extension.lapsed": frozenset({"reference"}),
    "claim.answered": frozenset({"reference"}),
    "deal.recorded": frozenset({"reference", "event", "happened_at"}),
    "deal.import_finished": frozenset({"reference", "imported", "present", "refused"}),
    "claim.received": frozenset({"reference", "until"}),
    "ruling.issued": frozenset({"reference", "registration", "wins"}),
    "finding.explanation_asked": frozenset({"reference", "until"}),
    "finding.explanation_prolonged": frozenset({"reference", "until"}),
    "finding.explanation_ending": frozenset({"reference", "until"}),
    "finding.silent": frozenset({"reference"}),
    "finding.explained": frozenset({"reference"}),
    "finding.confirmed": frozenset({"reference"}),
    "finding.unfounded": frozenset({"reference"}),
    "finding.sanctioned": frozenset({"reference"}),
    "finding.appealed": frozenset({"reference"}),
    "finding.appeal_decided": frozenset({"reference"}),
    "finding.recounted": frozenset({"reference"}),
    "finding.own_staff": frozenset({"reference"}),
    "finding.due": frozenset({"reference", "until"}),
    "finding.overdue": frozenset({"reference"}),
    "care.review_opened": frozenset({"reference", "until"}),
    "care.review_ending": frozenset({"reference", "until"}),
    "care.review_late": frozenset({"reference"}),
    "care.review_scored": frozenset({"reference"}),
    "care.contact_ending": frozenset({"reference", "until"}),
    "care.contact_missed": frozenset({"reference"}),
    "care.research_opened": frozenset({"reference", "until"}),
    "care.research_ending": frozenset({"reference", "until"}),
    "care.research_late": frozenset({"reference"}),
    "care.report_opened": frozenset({"reference", "until"}),
    "care.report_ending": frozenset({"reference", "until"}),
    "care.report_late": frozenset({"reference"}),
    "care.targets_missed": frozenset({"reference"}),
    "assessment.published": frozenset({"reference"}),
    "complaint.received": frozenset({"reference", "until"}),
    "complaint.assigned": frozenset({"reference", "until"}),
    "complaint.ending": frozenset({"reference", "until"}),
    "complaint.late": frozenset({"reference"}),
    "complaint.reopened": frozenset({"reference", "until"}),
    "complaint.accepted": frozenset({"reference", "until"}),
    "complaint.answered": frozenset({"reference"}),
    "complaint.about_you": frozenset({"reference"}),
    "complaint.progress": frozenset({"reference"}),
    "complaint.progress_due": frozenset({"reference", "until"}),
    "distributor.suspended": frozenset(),
    "partner.suspend": frozenset({"distributor", "project"}),
    "partner.blacklist": frozenset({"distributor", "project", "voided", "moved_up"}),
    "partner.terminate": frozenset({"distributor", "project", "voided", "moved_up"}),
    "partner.exit": frozenset({"distributor", "project", "voided", "moved_up"}),
    "partner.reinstate": frozenset({"distributor", "project"}),
    "distributor.blacklisted": frozenset(),
    "distributor.terminated": frozenset(),
    "distributor.exited": frozenset(),
    "distributor.reinstated": frozenset(),
    "distributor.warned": frozenset(),
    "distributor.downgraded": frozenset(),
    "distributor.urged": frozenset(),
    "distributor.recovered": frozenset(),
    "exit.asked": frozenset({"reference", "until"}),
    "exit.taken_back": frozenset({"reference"}),
    "exit.approved": frozenset({"reference", "until"}),
    "exit.refused": frozenset({"reference"}),
    "exit.handover": frozenset({"reference"}),
    "exit.settlement": frozenset({"reference"}),
    "exit.signed": frozenset({"reference"}),
    "exit.proposed": frozenset({"reference"}),
    "application.received": frozenset({"reference"}),
    "application.stopped": frozenset({"reference"}),
    "application.score_wanted": frozenset({"reference"}),
    "application.opinion_wanted": frozenset({"reference"}),
    "application.signature_due": frozenset({"reference", "until"}),
    "application.signature_late": frozenset({"reference", "until"}),
    "application.decided": frozenset({"reference"}),
    "distributor.entered": frozenset(),
    "paper.brought": frozenset({"reference", "paper"}),
    "paper.ending": frozenset({"reference", "paper", "until"}),
    "paper.ended": frozenset({"reference", "paper", "until"}),
    "contract.to_review": frozenset({"reference"}),
    "contract.no_reviewer": frozenset({"reference"}),
    "retention.to_appraise": frozenset({"reference", "until"}),
    "document.delayed": frozenset({"reference"}),
    "delegation.made": frozenset({"reference", "until"}),
    "delegation.ended": frozenset({"reference", "until"}),
    "contract_template.to_review": frozenset({"reference"}),
    "contract_template.no_reviewer": frozenset({"reference"}),
    "contract.returned": frozenset({"reference"}),
    "contract.to_sign": frozenset({"reference"}),
    "contract.signed": frozenset({"reference"}),
    "contract.ending": frozenset({"reference", "until"}),
    "contract.expired": frozenset({"reference", "until"}),
    "contract.ended": frozenset({"reference", "until"}),
    "contract.to_renew": frozenset({"reference", "until"}),
    "contract.not_renewed": frozenset({"reference", "until"}),
    "document.failed": frozenset({"reference"}),
    "backtest.done": frozenset({"reference"}),
    "backtest.failed": frozenset({"reference"}),
}


def tell(
    user_ids: Iterable[int],
    kind: str,
    subject: Any,
    occasion: str,
    clause: str | None = None,
    facts: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
) -> int:
    """Tell each person once of ``kind`` about ``subject`` on ``occasion``; how many were told anew.

    ``occasion`` sets apart two notices of one kind ("registration:17:2"). Instants in ``facts`` may be datetimes.
    Raises KeyError for an unknown kind and ValueError when ``facts`` are not exactly the facts of the kind.
    """
    written = {key: _plain(value) for key, value in (facts or {}).items()}
    if written.keys() != KINDS[kind]:
        raise ValueError(f"{kind} tells {sorted(KINDS[kind])}, not {sorted(written)}")
    rows = [
        {
            "user_id": user_id,
            "kind": kind,
            "occasion": occasion,
            "subject_type": subject.__tablename__,
            "subject_id": subject.id,
            "clause": clause,
            "facts": written,
            "created_at": now or clock.now(),
        }
        for user_id in sorted(set(user_ids))
    ]
    return write(rows)


def write(rows: list[dict[str, Any]]) -> int:
    """Insert finished notices, leaving out those already told; how many are new."""
    if not rows:
        return 0
    statement = insert(Notice).on_conflict_do_nothing(constraint="uq_notices_once").returning(Notice.id)
    return len(db.session.execute(statement, rows).all())


def mark_read(*, actor: User, now: datetime, up_to: int) -> None:
    """Take the actor's notices up to the id ``up_to`` as read: what came while reading stays unread."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == actor.id, Notice.read_at.is_(None), Notice.id <= up_to)
        .values(read_at=now)
    )


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
