"""The closed vocabulary of the history, and the one way to write it.

Every verb states its keys. Facts are references, counts, instants and clause ids; personal data has no place here.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, insert

from portal.models.base import db
from portal.models.history import HistoryEntry
from portal.models.users import User

# The statement itself and not the session's unit of work: every command writes an entry, many a filing per second.
_WRITE = insert(cast(Table, HistoryEntry.__table__))

VOCABULARY: dict[str, frozenset[str]] = {
    "registration.filed": frozenset({"reference", "until", "earliest_arrival", "policy", "declaration", "pasted"}),
    "registration.corrected": frozenset({"fields", "correction_id", "reason_digest"}),
    "registration.classified": frozenset({"bulk", "flag", "reason_digest"}),
    "registration.voided": frozenset({"because"}),
    "registration.ended": frozenset({"stage", "until"}),
    "registration.reminded": frozenset({"days", "until"}),
    "registration.revealed": frozenset({"fields", "reason"}),
    "visit.announced": frozenset({"expected_at"}),
    "visit.registered": frozenset({"reference", "arrived_at", "lead_seconds"}),
    "visit.natural": frozenset({"reference", "arrived_at"}),
    "visit.refused": frozenset({"reference", "arrived_at"}),
    "visit.repeated": frozenset({"reference", "arrived_at"}),
    "visit.arrived": frozenset({"reference", "arrived_at"}),
    "visit.slip_signed": frozenset({"party", "method", "digest"}),
    "visit.slip_declined": frozenset({"party", "reason_digest"}),
    "visit.protected": frozenset({"until"}),
    "visit.audited": frozenset({"result", "reason_digest"}),
    "visit.signed_off": frozenset({"reference"}),
    "visit.entered": frozenset({"channel_source"}),
    "visit.excused": frozenset({"until", "reason_digest"}),
    "visit.excuse_declined": frozenset({"reason_digest"}),
    "visit.late_asked": frozenset({"effective_from"}),
    "visit.lapsed_asked": frozenset({"until"}),
    "visit.left_open": frozenset({"step"}),
    "record.written": frozenset({"source"}),
    "record.lifted": frozenset({"visit"}),
    "record.revealed": frozenset({"fields", "reason"}),
    "extension.asked": frozenset({"reference", "reason_digest"}),
    "extension.commented": frozenset({"reason_digest"}),
    "extension.approved": frozenset({"until", "reason_digest"}),
    "extension.rejected": frozenset({"until", "reason_digest"}),
    "extension.lapsed": frozenset({"because"}),
    "deal.recorded": frozenset({"deal", "kind", "happened_at", "buyers"}),
    "deal.revealed": frozenset({"fields", "reason"}),
    "deal.import_begun": frozenset({"reference", "rows"}),
    "deal.import_finished": frozenset({"reference", "imported", "present", "refused"}),
    "relation.recorded": frozenset({"kind", "proven"}),
    "relation.withdrawn": frozenset({"reason_digest"}),
    "finding.explanation_asked": frozenset({"due_at"}),
    "finding.explanation_prolonged": frozenset({"due_at"}),
    "finding.explained": frozenset({"reason_digest"}),
    "finding.evidence_opened": frozenset({"reference", "sha256"}),
    "finding.sanction_confirmed": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.sanction_waived": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.received": frozenset({"reference"}),
    "finding.appealed": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.sanction_upheld": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.sanction_lifted": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.taken_up": frozenset({"reference"}),
    "finding.identified": frozenset({"reference"}),
    "finding.handover_proposed": frozenset({"reference", "sanction", "reason_digest"}),
    "finding.settled": frozenset({"reference", "sanction"}),
    "finding.recounted": frozenset({"reference", "before", "after"}),
    "finding.contact_opened": frozenset({"reference"}),
    "spot_check.drawn": frozenset({"reference", "number", "population", "seed"}),
    "spot_check.answered": frozenset({"reference", "deal", "result", "first"}),
    "spot_check.replaced": frozenset({"reference", "deal", "by"}),
    "spot_check.closed": frozenset({"reference", "reason_digest"}),
    "alert.made_a_case": frozenset({"kind", "reference"}),
    "alert.set_aside": frozenset({"kind", "reason_digest"}),
    "claim.made": frozenset({"reference", "flags"}),
    "claim.supported": frozenset({"reference", "files"}),
    "claim.closed": frozenset({"reference"}),
    "ruling.event": frozenset({"reference", "deal", "digest"}),
    "ruling.fallen": frozenset({"reference", "deal", "digest"}),
    "ruling.ruled": frozenset({"reference", "deal", "digest"}),
    "ruling.redetermined": frozenset({"reference", "deal", "digest"}),
    "finding.reported": frozenset({"reference", "kind", "deal"}),
    "finding.confirmed": frozenset({"reference", "reason_digest"}),
    "finding.unfounded": frozenset({"reference", "reason_digest"}),
    "contract.carried_over": frozenset({"reference"}),
    "contract.drafted": frozenset({"reference", "kind"}),
    "contract.changed": frozenset({"reference"}),
    "contract.submitted": frozenset({"reference"}),
    "contract.returned": frozenset({"reference", "reason_digest"}),
    "contract.cleared": frozenset({"reference", "reason_digest", "digest"}),
    "contract.side_signed": frozenset({"reference", "side", "method", "digest"}),
    "contract.signed": frozenset({"reference", "until"}),
    "contract.withdrawn": frozenset({"reference"}),
    "contract.ended": frozenset({"reference", "until", "reason_digest"}),
    "contract.renewal_decided": frozenset({"reference", "renewal", "reason_digest"}),
    "contract_template.drafted": frozenset({"name", "version", "digest"}),
    "contract_template.changed": frozenset({"name", "version", "digest"}),
    "contract_template.submitted": frozenset({"name", "version", "digest"}),
    "contract_template.returned": frozenset({"name", "version", "digest"}),
    "contract_template.in_force": frozenset({"name", "version", "digest"}),
    "distributor.contracted": frozenset(),
    "distributor.created": frozenset({"reference"}),
    "distributor.changed": frozenset({"fields"}),
    "distributor.suspended": frozenset({"reason_digest", "running"}),
    "distributor.blacklisted": frozenset({"reason_digest", "voided"}),
    "commission.released": frozenset({"deal", "reason_digest"}),
    "enforcement.moved_up": frozenset({"reference", "before", "after"}),
    "enforcement.finished": frozenset({"move_up", "tell_partner", "tell_sites"}),
    "distributor.reinstated": frozenset({"reason_digest"}),
    "care.class_given": frozenset({"letter", "before", "reason_digest"}),
    "care.appointed": frozenset({"deputy"}),
    "care.contacted": frozenset({"kind"}),
    "assessment.opened": frozenset({"reference", "until"}),
    "assessment.scored": frozenset({"reference", "total"}),
    "assessment.confirmed": frozenset({"reference", "letter", "reason_digest"}),
    "assessment.published": frozenset({"reference", "letter", "result"}),
    "assessment.measures_noted": frozenset({"reference", "reason_digest"}),
    "complaint.received": frozenset({"reference", "channel"}),
    "complaint.accepted": frozenset({"reference", "until"}),
    "complaint.assigned": frozenset({"reference"}),
    "complaint.investigated": frozenset({"reference", "round"}),
    "complaint.resolved": frozenset({"reference", "outcome", "reason_digest"}),
    "complaint.told": frozenset({"reference", "by"}),
    "complaint.progress": frozenset({"reference", "by"}),
    "complaint.recounted": frozenset({"reference", "until"}),
    "complaint.rated": frozenset({"reference", "satisfaction"}),
    "complaint.reopened": frozenset({"reference", "reason_digest"}),
    "complaint.closed": frozenset({"reference"}),
    "complaint.analysed": frozenset({"reference", "cause"}),
    "complaint.disclosed": frozenset({"reference"}),
    "complaint.handed_over": frozenset({"reference", "finding"}),
    "complaint.revealed": frozenset({"fields", "reason"}),
    "application.begun": frozenset({"reference"}),
    "application.invited": frozenset(),
    "prospect.noted": frozenset({"source"}),
    "prospect.contacted": frozenset({"kind"}),
    "prospect.invited": frozenset(),
    "prospect.dropped": frozenset({"reason_digest"}),
    "application.sent": frozenset({"reference", "again"}),
    "application.matched": frozenset({"matches"}),
    "application.overridden": frozenset({"matches", "reason_digest"}),
    "application.taken_up": frozenset(),
    "application.returned": frozenset({"fields"}),
    "application.ticked": frozenset({"points"}),
    "application.inquired": frozenset({"inquiry"}),
    "application.surveyed": frozenset(),
    "application.group_named": frozenset({"members"}),
    "application.scored": frozenset(),
    "application.opinion": frozenset({"department", "passed"}),
    "application.confirmed": frozenset({"score", "reason_digest"}),
    "application.recounted": frozenset({"until"}),
    "application.signed": frozenset({"role", "approved", "deputy", "reason_digest"}),
    "application.signed_for": frozenset({"role", "approved", "delegation", "reason_digest"}),
    "delegation.made": frozenset({"reference", "matter", "principal", "deputy", "starts_at", "until"}),
    "delegation.ended": frozenset({"reference", "matter", "principal", "deputy", "until"}),
    "application.approved": frozenset({"distributor"}),
    "application.rejected": frozenset({"reason_digest"}),
    "partner_file.revealed": frozenset({"fields", "reason"}),
    "paper.brought": frozenset({"paper"}),
    "paper.checked": frozenset({"paper", "state"}),
    "paper.opened": frozenset({"paper", "sha256"}),
    "distributor.entered": frozenset(),
    "message.revealed": frozenset({"reason"}),
    "message.sent_again": frozenset(),
    "distributor.urged": frozenset({"reason_digest"}),
    "distributor.warned": frozenset({"reason_digest"}),
    "distributor.downgraded": frozenset({"reason_digest"}),
    "distributor.recovered": frozenset({"reason_digest"}),
    "distributor.terminated": frozenset({"reference", "reason_digest", "voided"}),
    "distributor.exited": frozenset({"reference", "voided"}),
    "exit.asked": frozenset({"reference", "reason_digest", "until"}),
    "exit.taken_back": frozenset({"reference"}),
    "exit.approved": frozenset({"reference", "reason_digest", "until"}),
    "exit.refused": frozenset({"reference", "reason_digest"}),
    "exit.proposed": frozenset({"reference", "reason_digest"}),
    "exit.dropped": frozenset({"reference", "reason_digest"}),
    "exit.overtaken": frozenset({"reference"}),
    "exit.in_force": frozenset({"reference"}),
    "exit.handed_over": frozenset({"reference", "choice", "number"}),
    "exit.release_signed": frozenset({"reference", "number", "digest"}),
    "exit.duty_ticked": frozenset({"reference", "duty", "state", "reason_digest"}),
    "exit.settled_up": frozenset({"reference", "digest"}),
    "exit.settlement_signed": frozenset({"reference", "method", "digest"}),
    "exit.closed": frozenset({"reference"}),
    "user.created": frozenset({"roles"}),
    "user.erased": frozenset(),
    "care.contact_erased": frozenset(),
    "partner_file.erased": frozenset(),
    "file.erased": frozenset({"sha256"}),
    "care.research_opened": frozenset({"reference", "until"}),
    "care.research_done": frozenset({"reference", "reason_digest"}),
    "care.report_opened": frozenset({"reference", "until"}),
    "care.report_done": frozenset({"reference", "reason_digest"}),
    "prospect.evaluated": frozenset({"reason_digest"}),
    "application.erased": frozenset({"reference", "state"}),
    "application.invitation_erased": frozenset(),
    "user.changed": frozenset({"fields"}),
    "user.disabled": frozenset(),
    "user.enabled": frozenset(),
    "user.locked_out": frozenset({"failures"}),
    "user.unlocked": frozenset(),
    "user.signed_in": frozenset(),
    "user.signed_out_everywhere": frozenset(),
    "user.password_changed": frozenset(),
    "user.password_reset": frozenset(),
    "user.granted": frozenset({"role", "project"}),
    "user.revoked": frozenset({"role", "project"}),
    "project.created": frozenset({"code"}),
    "project.changed": frozenset({"fields"}),
    "project.policy_bound": frozenset({"policy", "effective_from"}),
    "policy.published": frozenset({"code", "version", "digest"}),
    "backtest.asked": frozenset({"reference", "policy", "first_day", "last_day"}),
    "backtest.stopped": frozenset({"reference"}),
    "document.printed": frozenset({"reference", "kind", "sha256"}),
    "document.failed": frozenset({"reference", "kind"}),
    "job.run_again": frozenset({"job"}),
}


def record(
    verb: str,
    subject: Any,
    *,
    actor: User | None,
    now: datetime,
    acting_as: str | None = None,
    project_id: int | None = None,
    clause: str | None = None,
    **facts: Any,
) -> None:
    """Write one entry in the running transaction. ``actor`` None is the system. Raises ValueError outside the vocabulary."""
    project_id = project_id if project_id is not None else getattr(subject, "project_id", None)
    about = (subject.__tablename__, subject.id)
    entry = entry_of(
        verb, about, actor=actor, now=now, acting_as=acting_as, project_id=project_id, clause=clause, **facts
    )
    db.session.execute(_WRITE, entry)


def entry_of(
    verb: str,
    about: tuple[str, int],
    *,
    actor: User | None,
    now: datetime,
    acting_as: str | None = None,
    project_id: int | None,
    clause: str | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """The row of an entry ``about`` a table and an id, with its digest. Raises ValueError outside the vocabulary."""
    strange = facts.keys() - VOCABULARY[verb]
    if strange:
        raise ValueError(f"{verb} does not know {sorted(strange)}")
    entry = {
        "project_id": project_id,
        "happened_at": now,
        "actor_id": None if actor is None else actor.id,
        "actor_role": acting_as or ("system" if actor is None else acting_role(actor)),
        "verb": verb,
        "subject_type": about[0],
        "subject_id": about[1],
        "clause": clause,
        "facts": {key: _plain(value) for key, value in facts.items()},
    }
    return entry | {"digest": entry_digest(entry)}


def entry_digest(entry: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of an entry without its id and digest."""
    canonical = {key: _plain(value) for key, value in entry.items() if key not in {"id", "digest"}}
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def reason_digest(reason: str) -> str:
    """What the history keeps of a free text: its hash; the text itself stays with its object."""
    return hashlib.sha256(reason.encode()).hexdigest()[:16]


def acting_role(actor: User) -> str:
    """The role named in the history when the route did not say which one acted."""
    return min(actor.roles, default="none")


def _plain(value: Any) -> Any:
    """Instants are written in UTC, whatever zone they came in, so that an entry read back has the same digest."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
