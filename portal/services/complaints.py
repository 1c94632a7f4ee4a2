"""Complaints: taken down, accepted, looked into, resolved, told, rated, closed, learned from (D.10, CX-5, DS-4.5 to 4.7)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.crypto import fingerprint
from portal.models import Complaint, ComplaintRound, Distributor, Project, User, db
from portal.models.base import event_order
from portal.rules import complaints as rules
from portal.rules.refusal import Refusal
from portal.services import complaint_notices
from portal.services.references import group_reference
from portal.wording.times import PORTAL_ZONE

#: 60 bits: with the limit on tries nobody guesses an answer that is not theirs.
_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is complained about. ``who``: whom it is about in the complainant's words; ``name`` and ``phone`` of a customer."""

    about: str
    facts: str
    who: str | None = None
    wish: str | None = None
    distributor: Distributor | None = None
    project: Project | None = None
    name: str | None = None
    phone: str | None = None
    disclosed: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A new complaint with the secret to look up its answer, shown once; None for a distributor, which signs in."""

    complaint: Complaint
    code: str | None

    @property
    def reference(self) -> str:
        return self.complaint.reference


def receive(*, actor: User | None, channel: str, statement: Statement, submission_key: str) -> Received:
    """Put a complaint on record. ``actor`` None: sent by somebody who did not sign in (CX-5.1).

    A distributor's person complains for the distributor. The same form sent again gives the same answer. Raises Refusal
    for a way in that is not the actor's.
    """
    partner = None if actor is None else actor.distributor_id
    ways = ("online",) if actor is None else ("partner",) if partner is not None else rules.TAKEN_DOWN
    if channel not in ways:
        raise Refusal("complaint_channel", "CX-5.1")
    clause, now = rules.step(None, "received"), clock.now()
    code = None if partner is not None else _code_of(submission_key)
    complaint = _written(statement, channel, now)
    complaint.submission_key = fingerprint("complaint_form", submission_key)
    complaint.recorded_by_id = None if actor is None else actor.id
    complaint.complaining_id = partner
    complaint.code = None if code is None else fingerprint("complaint_code", code)
    if (sent := _sent_before(complaint)) is not None:
        return Received(sent, code)
    audit.record(
        "complaint.received",
        complaint,
        actor=actor,
        now=now,
        clause=clause,
        reference=complaint.reference,
        channel=channel,
    )
    complaint_notices.tell_received(complaint, now)
    return Received(complaint, code)


def accept(*, actor: User, complaint: Complaint, gravity: str, distributor: Distributor | None = None) -> Complaint:
    """Acknowledge it and take it on; how grave it is says by when it is answered (DS-4.5, DS-Q1, DS-Q3).

    ``distributor`` is whom it is about, once somebody knows.
    """
    now = hold(complaint)
    clause = rules.step(complaint.state, "accepted")
    complaint.gravity = gravity
    complaint.owner_id, complaint.accepted_at = actor.id, now
    if distributor is not None and complaint.about == "distributor":
        complaint.distributor_id = distributor.id
    _enter(complaint, "accepted", now)
    _write(complaint, "complaint.accepted", clause, actor, now, until=complaint.answer_due_at)
    complaint_notices.tell_accepted(complaint, now)
    return complaint


def assign(*, actor: User, complaint: Complaint, owner: User) -> Complaint:
    """Hand it to a colleague. Raises Refusal before it is accepted, after its analysis, and for whoever has it."""
    now = hold(complaint)
    if complaint.state in ("received", "analysed") or complaint.owner_id == owner.id:
        raise Refusal("complaint_step", "CX-5.3")
    complaint.owner_id = owner.id
    _write(complaint, "complaint.assigned", "CX-5.3", actor, now)
    complaint_notices.tell_assigned(complaint, now)
    return complaint


def investigate(*, actor: User, complaint: Complaint, members: Sequence[int]) -> Complaint:
    """Form the group that looks into it (DS-4.6): its owner and ``members``, ids of users."""
    now = hold(complaint)
    clause = rules.step(complaint.state, "investigating")
    number = len(complaint.rounds) + 1
    group = list(dict.fromkeys([complaint.owner_id or actor.id, *members]))
    db.session.add(
        ComplaintRound(complaint_id=complaint.id, number=number, begun_at=now, begun_by_id=actor.id, members=group)
    )
    _enter(complaint, "investigating", now)
    _write(complaint, "complaint.investigated", clause, actor, now, round=number)
    db.session.refresh(complaint, ["rounds"])
    return complaint


def resolve(
    *, actor: User, complaint: Complaint, inquiry: str, outcome: str, answer: str, partner_note: str | None = None
) -> Complaint:
    """What was found and what the complainant is offered (DM-12.4, CX-5.3); ``partner_note`` goes to whom it is about.

    Raises Refusal without words, and for "knowingly false" of anybody but a distributor (DM-Q2).
    """
    now = hold(complaint)
    clause = rules.step(complaint.state, "resolved")
    rules.check_outcome(outcome, by_partner=complaint.complaining_id is not None)
    if not inquiry.strip() or not answer.strip():
        raise Refusal("complaint_needs_words", "CX-5.3")
    one = _round(complaint)
    one.inquiry, one.outcome, one.answer, one.partner_note = inquiry, outcome, answer, partner_note or None
    one.resolved_at, one.resolved_by_id = now, actor.id
    _enter(complaint, "resolved", now)
    digest = audit.reason_digest(answer)
    _write(complaint, "complaint.resolved", clause, actor, now, outcome=outcome, reason_digest=digest)
    complaint_notices.tell_about_you(complaint, one, now)
    return complaint


def tell(*, actor: User, complaint: Complaint, by: str) -> Complaint:
    """The complainant has the answer: by telephone, in person, or on the page of the number and code (DS-4.7)."""
    now = hold(complaint)
    clause = rules.step(complaint.state, "fed_back")
    one = _round(complaint)
    one.told_at, one.told_by, one.told_by_id = now, by, actor.id
    _enter(complaint, "fed_back", now)
    _write(complaint, "complaint.told", clause, actor, now, by=by)
    complaint_notices.tell_answered(complaint, now)
    return complaint


def rate(
    *, actor: User | None, complaint: Complaint, satisfaction: int, settled: bool, opinion: str | None = None
) -> Complaint:
    """How satisfied the complainant is, 1 to 5, and whether the matter is settled; not settled reopens it (DS-4.7).

    ``actor`` None: said by the complainant on the page of the number and code.
    """
    now = hold(complaint)
    if complaint.state != "fed_back":
        raise Refusal("complaint_step", "DS-4.7")
    one = _round(complaint)
    one.satisfaction, one.satisfaction_at, one.opinion = satisfaction, now, opinion or None
    _write(complaint, "complaint.rated", "DS-4.7", actor, now, satisfaction=satisfaction)
    return complaint if settled else _reopen(actor, complaint, opinion or "", now)


def close(*, actor: User, complaint: Complaint) -> Complaint:
    """Once the complainant has said how it came out, or has said nothing in the time for it (DS-4.7)."""
    now = hold(complaint)
    clause = rules.step(complaint.state, "closed")
    rules.check_closing(_round(complaint).satisfaction, complaint.due_at, now)
    complaint.closed_at = now
    _enter(complaint, "closed", now)
    _write(complaint, "complaint.closed", clause, actor, now)
    return complaint


def analyse(*, actor: User, complaint: Complaint, cause: str, cause_note: str, measures: str) -> Complaint:
    """Why it came to this, and what is done so that it does not come again (DS-5.10, CX-5.4). Raises Refusal without words."""
    now = hold(complaint)
    clause = rules.step(complaint.state, "analysed")
    if not measures.strip():
        raise Refusal("complaint_needs_words", "DS-5.10")
    complaint.cause, complaint.cause_note, complaint.measures = cause, cause_note or None, measures
    complaint.analysed_at, complaint.analysed_by_id = now, actor.id
    _enter(complaint, "analysed", now)
    _write(complaint, "complaint.analysed", clause, actor, now, cause=cause)
    return complaint


def hold(complaint: Complaint) -> datetime:
    """One step at a time; the state is read after the lock."""
    db.session.refresh(complaint, ["state", "owner_id", "due_at", "answer_due_at", "gravity"], with_for_update=True)
    db.session.refresh(complaint, ["rounds"])
    return clock.now()


def code_fits(complaint: Complaint, typed: str) -> bool:
    """Whether ``typed`` is the secret of the complaint; blanks, dashes and small letters do not matter."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    given = fingerprint("complaint_code", plain)
    return complaint.code is not None and secrets.compare_digest(given, bytes(complaint.code))


def _reopen(actor: User | None, complaint: Complaint, opinion: str, now: datetime) -> Complaint:
    clause = rules.step(complaint.state, "reopened")
    if not opinion.strip():
        raise Refusal("reopening_needs_words", "DS-4.7")
    _enter(complaint, "reopened", now)
    _write(complaint, "complaint.reopened", clause, actor, now, reason_digest=audit.reason_digest(opinion))
    complaint_notices.tell_reopened(complaint, now)
    return complaint


def _written(statement: Statement, channel: str, now: datetime) -> Complaint:
    seq = db.session.scalar(event_order.next_value())
    distributor, project = statement.distributor, statement.project
    return Complaint(
        seq=seq,
        reference=group_reference("TS", seq, now),
        channel=channel,
        state="received",
        due_at=rules.due("received", now, "ordinary", None, PORTAL_ZONE),
        received_at=now,
        name=statement.name or None,
        phone=statement.phone or None,
        disclosed=statement.disclosed,
        about=statement.about,
        distributor_id=distributor.id if distributor is not None and statement.about == "distributor" else None,
        project_id=None if project is None else project.id,
        who=statement.who or None,
        facts=statement.facts,
        wish=statement.wish or None,
        gravity="ordinary",
        rounds=[],
    )


def _enter(complaint: Complaint, state: str, now: datetime) -> None:
    complaint.state = state
    complaint.due_at = rules.due(state, now, complaint.gravity, complaint.answer_due_at, PORTAL_ZONE)
    if state in ("accepted", "reopened"):
        complaint.answer_due_at = complaint.due_at
    db.session.flush()


def _round(complaint: Complaint) -> ComplaintRound:
    assert complaint.round is not None
    return complaint.round


def _write(complaint: Complaint, verb: str, clause: str, actor: User | None, now: datetime, **facts: Any) -> None:
    db.session.flush()
    audit.record(verb, complaint, actor=actor, now=now, clause=clause, reference=complaint.reference, **facts)


def _sent_before(complaint: Complaint) -> Complaint | None:
    """Write the complaint; the one that came of the same form when that was there first, also in the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(complaint)
            db.session.flush()
    except IntegrityError:
        same = select(Complaint).where(Complaint.submission_key == complaint.submission_key)
        return db.session.scalars(same).one()
    return None


def _code_of(submission_key: str) -> str:
    """The form's own key makes the code, so that the same form sent again shows the same one."""
    return base64.b32encode(fingerprint("complaint_code_of", submission_key)).decode()[:_CODE_LENGTH]
