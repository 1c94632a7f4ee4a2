"""Telling people about applications and partner files: at headquarters by notice, outside by message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from portal.models import Application, RoleGrant, User, db
from portal.one_by_one import each
from portal.queries.delegations import deputies_of
from portal.rules.applications import DEPARTMENTS, SIGNERS
from portal.services import notices, outgoing_messages


def holders(*roles: str) -> list[int]:
    """Everybody who holds one of ``roles``, as user ids."""
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    mine = (RoleGrant.role.in_(roles), User.disabled_at.is_(None))
    return list(db.session.scalars(query.where(*mine).distinct()))


def tell(
    people: Iterable[int | None],
    application: Application,
    kind: str,
    clause: str,
    now: datetime,
    *,
    until: datetime | None = None,
) -> int:
    """Tell ``people`` (user ids, None left out) of ``kind``, once for the state the application is in."""
    facts = {"reference": application.reference} | ({"until": until} if until else {})
    occasion = f"{application.reference}:{application.state}:{application.state_since.isoformat()}"
    if until is not None:
        occasion = f"{application.reference}:{until.isoformat()}"
    named = [one for one in people if one is not None]
    return notices.tell(named, kind, application, occasion, clause, facts, now=now)


def tell_sent(application: Application, stopped: bool, now: datetime) -> None:
    """The channel department has an application; apart from that, whether it is stopped by the blacklist."""
    people = [application.reviewer_id] if application.reviewer_id else holders("hq_channel")
    tell(people, application, "application.received", "DO-2.2", now)
    if stopped:
        tell([*holders("hq_channel"), *holders("general_manager")], application, "application.stopped", "RE-5.4", now)


def tell_departments(application: Application, now: datetime) -> None:
    """The departments give their opinions now (CH-3.11)."""
    tell(holders(*DEPARTMENTS), application, "application.opinion_wanted", "CH-3.11", now)


def tell_signer(application: Application, role: str, now: datetime) -> None:
    """Whoever signs next, by when, and who stands in for them (DO-2.3, DO-Q2)."""
    due = application.signature_due_at
    tell([*holders(role), *deputies_of(role, now)], application, "application.signature_due", "DO-2.3", now, until=due)


def remind(now: datetime) -> int:
    """Tell both signers and the reviewer of a signature that is late, once for each due date (DO-Q2)."""
    query = select(Application).where(Application.state == "examined", Application.signature_due_at <= now)
    return each(db.session.scalars(query.order_by(Application.id)).unique(), lambda one: _remind(one, now))


def _remind(application: Application, now: datetime) -> int:
    people, due = [*holders(*SIGNERS), application.reviewer_id], application.signature_due_at
    return tell(people, application, "application.signature_late", "DO-Q2", now, until=due)


def write_to_applicant(application: Application, kind: str, now: datetime) -> None:
    """Tell the applicant, at the address that was proved, that there is something to read; never what."""
    outgoing_messages.write(
        kind=kind,
        channel=application.channel,
        address=application.contact,
        locale=application.locale,
        facts={"reference": application.reference, "link": f"{_public_url()}/apply"},
        now=now,
    )


def _public_url() -> str:
    return str(current_app.extensions["settings"].public_url)
