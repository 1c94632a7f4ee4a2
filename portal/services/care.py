"""Commands of care: the class of a distributor, who looks after it, what was talked about (CM-3, CM-6.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import audit, clock
from portal.models import Appointment, Assessment, CareContact, ClassChange, Distributor, User, db
from portal.queries import care as found
from portal.rules.care import CLASSES, check_people
from portal.rules.partner_states import LEFT
from portal.rules.refusal import Refusal
from portal.services.editions import NO_PAGE, Seen, check_edition, check_read

_SAME_FORM = timedelta(minutes=1)


def give_class(
    *,
    actor: User,
    distributor: Distributor,
    letter: str,
    reason: str,
    clause: str = "CM-3.1",
    assessment: Assessment | None = None,
    seen: Seen = NO_PAGE,
) -> ClassChange | None:
    """Give the distributor its class, with the reason; None when an assessment leaves it the class that it has.

    Raises Refusal without a reason, for the class it has, for class A without account owner and deputy (CM-6.2), for one
    that has left (DM-12.5), and when it was given another one since the actor opened the page.
    """
    now = _hold_partner(distributor)
    if letter not in CLASSES or not reason.strip():
        raise Refusal("class_needs_a_reason", "CM-3.1")
    before = found.class_of(distributor.id)
    people = found.people_of(distributor.id)
    named = (None, None) if people is None else (people.owner_id, people.deputy_id)
    check_people(letter, *named)
    if before is not None and before.letter == letter:
        if assessment is None:
            raise Refusal("class_unchanged", "CM-3.1")
        return None
    check_read(seen, given_values(distributor))
    change = ClassChange(
        distributor_id=distributor.id,
        letter=letter,
        clause=clause,
        reason=reason,
        changed_at=now,
        changed_by_id=actor.id,
        assessment_id=None if assessment is None else assessment.id,
    )
    db.session.add(change)
    db.session.flush()
    audit.record(
        "care.class_given",
        distributor,
        actor=actor,
        now=now,
        clause=clause,
        letter=letter,
        before=None if before is None else before.letter,
        reason_digest=audit.reason_digest(reason),
    )
    return change


def appoint(
    *,
    actor: User,
    distributor: Distributor,
    owner_id: int | None,
    deputy_id: int | None,
    seen: Seen = NO_PAGE,
) -> Appointment:
    """Name who looks after the distributor from now on.

    Raises Refusal when class A would be left without two (CM-6.2), for one that has left (DM-12.5), and when others were
    named since the actor opened the page.
    """
    now = _hold_partner(distributor)
    given = found.class_of(distributor.id)
    check_people(None if given is None else given.letter, owner_id, deputy_id)
    check_edition(seen, named_values(distributor), {"owner": owner_id, "deputy": deputy_id})
    appointment = Appointment(
        distributor_id=distributor.id,
        owner_id=owner_id,
        deputy_id=deputy_id,
        appointed_at=now,
        appointed_by_id=actor.id,
    )
    db.session.add(appointment)
    db.session.flush()
    audit.record(
        "care.appointed", distributor, actor=actor, now=now, clause="CM-6.2", deputy=appointment.deputy_id is not None
    )
    return appointment


def given_values(distributor: Distributor) -> dict[str, Any]:
    """Which class it was given last: the same letter given anew is another decision."""
    given = found.class_of(distributor.id)
    return {"change": given and given.id}


def named_values(distributor: Distributor) -> dict[str, Any]:
    """Who has been named."""
    people = found.people_of(distributor.id)
    return {"owner": people and people.owner_id, "deputy": people and people.deputy_id}


def note_contact(
    *,
    actor: User,
    distributor: Distributor,
    kind: str,
    happened_at: datetime | None,
    with_whom: str | None,
    summary: str,
) -> CareContact:
    """Put a talk, or market information that was sent, on record; ``happened_at`` None is now.

    The same words sent again within a minute are the one contact. Raises Refusal for one that lies ahead. The clause is that
    of the class it was due for (CM-3.2 to 3.4).
    """
    now = hold(distributor)
    if happened_at is not None and happened_at > now:
        raise Refusal("contact_in_the_future", "CM-7.5")
    known = _noted_just_now(actor, distributor, now)
    if known is not None and (known.kind, known.with_whom, known.summary) == (kind, with_whom, summary):
        return known
    contact = CareContact(
        distributor_id=distributor.id,
        kind=kind,
        happened_at=happened_at or now,
        with_whom=with_whom,
        summary=summary,
        recorded_at=now,
        recorded_by_id=actor.id,
    )
    db.session.add(contact)
    db.session.flush()
    audit.record("care.contacted", distributor, actor=actor, now=now, clause="CM-7.5", kind=kind)
    return contact


def _noted_just_now(actor: User, distributor: Distributor, now: datetime) -> CareContact | None:
    mine = CareContact.distributor_id == distributor.id, CareContact.recorded_by_id == actor.id
    query = select(CareContact).where(*mine, CareContact.recorded_at > now - _SAME_FORM)
    return db.session.scalars(query.order_by(CareContact.id.desc()).limit(1)).first()


def hold(distributor: Distributor) -> datetime:
    """Classes and appointments of one distributor are decided one after the other."""
    _locked_status(distributor)
    return clock.now()


def _hold_partner(distributor: Distributor) -> datetime:
    if _locked_status(distributor) in LEFT:
        raise Refusal("care_partner_gone", "DM-12.5")
    return clock.now()


def _locked_status(distributor: Distributor) -> str:
    return db.session.scalars(
        select(Distributor.status).where(Distributor.id == distributor.id).with_for_update()
    ).one()
