"""The applicant's side: an address is proved, a form is filled in page by page, sent, corrected (DO-1, DM-2.6, CH-3.6)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import func, select, update

from portal import audit, clock, crypto
from portal.models import Application, Invitation, PartnerFile, User, db
from portal.models.applications import OPEN_STATES
from portal.models.base import event_order
from portal.rules.applications import STEPS, is_over, missing_fields
from portal.rules.customers import PhoneUnreadable, read_phone, takes_messages
from portal.rules.partner_states import check_step
from portal.rules.refusal import Refusal
from portal.services import application_notices, one_time_codes, outgoing_messages, partner_files
from portal.services.blacklist_matches import open_matches
from portal.services.editions import NO_PAGE, Seen, check_edition, check_read
from portal.services.references import group_reference
from portal.services.unacceptable import Unacceptable, unique
from portal.wording.times import PORTAL_ZONE, moment

INVITATION_LASTS = timedelta(days=14)
_SAME_FORM = timedelta(minutes=1)
#: While in one of these, the applicant may change the form.
EDITABLE = frozenset({"prospect", "returned"})
_PURPOSE = "apply"


@dataclass(frozen=True, slots=True)
class Contact:
    """An address in its one spelling."""

    channel: str
    address: str


def read_contact(typed: str) -> Contact:
    """An e-mail address or a phone number. Raises Unacceptable("contact", …)."""
    typed = typed.strip()
    if "@" not in typed:
        return Contact("sms", _read_mobile(typed))
    try:
        return Contact("email", validate_email(typed, check_deliverability=False).normalized.lower())
    except EmailNotValidError:
        raise Unacceptable("contact", "email_wrong") from None


def _read_mobile(typed: str) -> str:
    try:
        phone = read_phone(typed)
    except PhoneUnreadable as problem:
        reason = "contact_unknown" if problem.reason == "unknown" else f"phone_{problem.reason}"
        raise Unacceptable("contact", reason) from None
    if not takes_messages(phone):
        raise Unacceptable("contact", "contact_landline")
    return phone


def ask_code(*, contact: str, locale: str, browser: str = "") -> Contact:
    """Send a code to the address; the same answer whether or not anybody here knows it. Raises as ``send_code``.

    The code counts in this ``browser`` alone, a mark that only it knows: who asks for somebody else's address from elsewhere
    can neither use up that person's tries nor put a newer code in the place of theirs.
    """
    read = read_contact(contact)
    one_time_codes.send_code(purpose=_PURPOSE, channel=read.channel, address=read.address, about=browser, locale=locale)
    return read


def open_application(*, contact: str, code: str, locale: str, browser: str = "") -> Application:
    """The application of the address, or a new one, once the code proves it. Raises Unacceptable for code or contact."""
    read = read_contact(contact)
    one_time_codes.check_code(purpose=_PURPOSE, address=read.address, code=code, about=browser)
    _one_at_a_time(read)
    return _latest(read) or _begin(read, locale, "public")


def invite(*, actor: User, name: str, contact: str, locale: str) -> Invitation:
    """Send a link that opens once and begins an application with this name and address (DO-2.1, CH-3.1).

    The same form sent again within a minute is the one invitation.
    """
    read, link = read_contact(contact), secrets.token_urlsafe(24)
    _one_at_a_time(read)
    now = clock.now()
    sent = _invited_just_now(actor, name, read, now)
    if sent is not None:
        return sent
    invitation = Invitation(
        link_hash=_hash(link),
        name=name,
        channel=read.channel,
        contact=read.address,
        locale=locale,
        invited_at=now,
        invited_by_id=actor.id,
        expires_at=now + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    address = f"{current_app.extensions['settings'].public_url}/apply/invitations/{link}"
    facts = {"link": address, "until": moment(invitation.expires_at, PORTAL_ZONE)}
    outgoing_messages.write(
        kind="application_invited",
        channel=read.channel,
        address=read.address,
        locale=locale,
        facts=facts,
        now=now,
        expires_at=invitation.expires_at,
    )
    audit.record("application.invited", invitation, actor=actor, now=now, clause="DO-2.1")
    return invitation


def _invited_just_now(actor: User, name: str, contact: Contact, now: datetime) -> Invitation | None:
    query = select(Invitation).where(Invitation.invited_by_id == actor.id, Invitation.invited_at > now - _SAME_FORM)
    same = (name, contact.channel, contact.address)
    return next((one for one in db.session.scalars(query) if (one.name, one.channel, one.contact) == same), None)


def find_invitation(link: str) -> Invitation | None:
    """The invitation behind a link that can still be opened."""
    query = select(Invitation).where(Invitation.link_hash == _hash(link), Invitation.used_at.is_(None))
    return db.session.scalar(query.where(Invitation.expires_at > clock.now()))


def accept_invitation(*, link: str) -> Application:
    """Begin the application, or go on with the one the address has; the link is used up. Raises Refusal when it was."""
    now = clock.now()
    used = (
        update(Invitation)
        .where(Invitation.link_hash == _hash(link), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
        .returning(Invitation.id)
    )
    number = db.session.execute(used).scalar_one_or_none()
    if number is None:
        raise Refusal("invitation_is_used")
    invitation = db.session.get_one(Invitation, number, populate_existing=True)
    read = Contact(invitation.channel, invitation.contact)
    _one_at_a_time(read)
    latest = _latest(read)
    if latest is None or latest.state == "rejected":
        application = _begin(read, invitation.locale, "invitation", invitation.name)
    else:
        application = latest
    invitation.application_id = application.id
    return application


def save_step(*, application: Application, values: Mapping[str, Any], seen: Seen = NO_PAGE) -> Application:
    """Keep one page of the form. Raises Unacceptable for a number that cannot be, and Refusal unless it may be changed now.

    Refused too when ``values`` were typed over others than stand there now: in another tab, or by a colleague.
    """
    _hold(application)
    if application.state not in EDITABLE:
        raise Refusal("application_is_sent", "DO-2.2")
    file = application.partner_file
    wanted = _spelled(partner_files.read_values(file, values))
    check_edition(seen, shown_values(file, values), wanted)
    partner_files.fill(file, values, clock.now())
    db.session.flush()
    return application


def values_of(file: PartnerFile) -> dict[str, Any]:
    """What stands in the form, by field."""
    return {field: getattr(file, field) for fields in STEPS.values() for field in fields}


def shown_values(file: PartnerFile, fields: Iterable[str]) -> dict[str, str | None]:
    """What stands in these fields, as a form shows it."""
    return _spelled({field: getattr(file, field) for field in fields})


def step_values(file: PartnerFile, step: str) -> dict[str, str | None]:
    """What stands in the fields of one page of the form."""
    return shown_values(file, STEPS[step])


def sent_values(file: PartnerFile) -> dict[str, Any]:
    """What would be sent: everything typed, and the papers."""
    papers = sorted((paper.id, paper.state) for paper in file.current_papers)
    return {**_spelled(values_of(file)), "papers": papers}


def _spelled(values: Mapping[str, Any]) -> dict[str, str | None]:
    return {field: None if value in (None, "") else str(value) for field, value in values.items()}


def missing_of(file: PartnerFile, now: datetime) -> tuple[str, ...]:
    """The fields and papers that are still missing; a paper that was refused or is valid no more is missing too."""
    today = now.astimezone(PORTAL_ZONE).date()
    papers = {
        paper.kind
        for paper in file.current_papers
        if paper.state != "refused" and not is_over(paper.valid_until, today)
    }
    return missing_fields(values_of(file), papers)


def send_application(*, application: Application, seen: Seen = NO_PAGE) -> Application:
    """Send the form, or send it again corrected. Pressed twice it is sent once.

    Raises Refusal while something is missing, while another application with the registration code is under way, and when
    it is not any more what was looked through before it was sent.
    Whether it matches the blacklist is told to headquarters alone (RE-5.4).
    """
    _hold(application)
    if application.state not in EDITABLE:
        return application
    now = clock.now()
    missing = missing_of(application.partner_file, now)
    if missing:
        raise Refusal("application_incomplete", "DO-1.5", missing=missing)
    check_read(seen, sent_values(application.partner_file))
    again = application.state == "returned"
    step = move(application, "in_review" if again else "applied", now)
    application.applied_at = application.applied_at or now
    for remark in application.remarks:
        remark.answered_at = remark.answered_at or now
    _claim_code(application)
    record("application.sent", application, None, now, step.clause, reference=application.reference, again=again)
    _note_matches(application, now)
    application_notices.write_to_applicant(application, "application_received", now)
    return application


def begin_anew(*, application: Application) -> Application:
    """After a rejection, the new application of the same address, with what was typed before; papers are brought anew.

    The rejected one stays as it is. No text sets a time to wait, so there is none. Pressed twice it begins one. Raises
    Refusal when the address was not rejected last.
    """
    contact = Contact(application.channel, application.contact)
    _one_at_a_time(contact)
    latest = _latest(contact)
    if latest is None or latest.state not in (*OPEN_STATES, "rejected"):
        raise Refusal("application_not_rejected", "DO-2.3")
    return latest if latest.state in OPEN_STATES else _begin_like(latest, contact)


def _begin_like(earlier: Application, contact: Contact) -> Application:
    made = _begin(contact, earlier.locale, "public")
    typed = {field: value for field, value in values_of(earlier.partner_file).items() if value is not None}
    partner_files.fill(made.partner_file, typed, made.begun_at)
    db.session.flush()
    return made


def _claim_code(application: Application) -> None:
    file = application.partner_file
    application.sent_code = file.registration_code if file.partner_type == "company" else None
    try:
        with unique(uq_applications_one_code=("registration_code", "application_code_open")):
            db.session.flush()
    except Unacceptable as taken:
        raise Refusal(taken.reason, "DO-Q3") from None


def _one_at_a_time(contact: Contact) -> None:
    """Whoever begins an application at this address is alone with it until the transaction ends."""
    key = int.from_bytes(_fingerprint(contact)[:8], "big", signed=True)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))


def move(application: Application, state: str, now: datetime) -> Any:
    """Take the application, held by the caller, to ``state``; the step of D.1. Raises Refusal when there is none."""
    step = check_step(application.state, state)
    application.state, application.state_since = state, now
    return step


def record(verb: str, application: Application, actor: User | None, now: datetime, clause: str, **facts: Any) -> None:
    """Write what happened to an application into the history; ``actor`` None is the applicant."""
    acting_as = "applicant" if actor is None else None
    audit.record(verb, application, actor=actor, now=now, clause=clause, acting_as=acting_as, **facts)


def _note_matches(application: Application, now: datetime) -> None:
    matches = open_matches(application.partner_file)
    if matches:
        marks = sorted(mark for match in matches for mark in match.marks)
        record("application.matched", application, None, now, "RE-5.4", matches=marks)
    application_notices.tell_sent(application, bool(matches), now)


def _hold(application: Application) -> None:
    """Alone with it from now on. Raises Refusal once its time is over and it was erased."""
    db.session.refresh(application, with_for_update={"of": Application})
    db.session.refresh(application.partner_file)
    if application.erased_at is not None:
        raise Refusal("application_is_erased")


def _latest(contact: Contact) -> Application | None:
    query = select(Application).where(Application.contact_fingerprint == _fingerprint(contact))
    return db.session.scalars(query.order_by(Application.state.in_(OPEN_STATES).desc(), Application.id.desc())).first()


def _begin(contact: Contact, locale: str, origin: str, name: str | None = None) -> Application:
    now = clock.now()
    file = PartnerFile(name=name, created_at=now, changed_at=now)
    partner_files.fill(file, {f"contact_{'phone' if contact.channel == 'sms' else 'email'}": contact.address}, now)
    db.session.add(file)
    db.session.flush()
    number = db.session.scalar(event_order.next_value()) or 0
    application = Application(
        reference=group_reference("SQ", number, now),
        origin=origin,
        channel=contact.channel,
        contact=contact.address,
        contact_fingerprint=_fingerprint(contact),
        locale=locale,
        partner_file_id=file.id,
        begun_at=now,
        state_since=now,
    )
    db.session.add(application)
    db.session.flush()
    record("application.begun", application, None, now, "CH-3.6", reference=application.reference)
    return application


def _fingerprint(contact: Contact) -> bytes:
    return crypto.fingerprint("applicant", f"{contact.channel}:{contact.address}")


def _hash(link: str) -> bytes:
    return crypto.fingerprint("invitation", link)
