"""Asking for the bulk extension from the portal: once however often the form is sent, and whoever decides is told."""

from __future__ import annotations

from sqlalchemy import select

from portal.models import Extension, Registration, RoleGrant, User, db
from portal.rules.refusal import Refusal
from portal.services import extensions, notices


def request_extension(*, actor: User, registration: Registration, reason: str) -> Extension:
    """Apply, and tell headquarters and the site leaders. The same form sent again gives the same application.

    Raises Refusal as ``extensions.ask_extension`` does.
    """
    try:
        extension = extensions.ask_extension(actor=actor, registration=registration, reason=reason)
    except Refusal as refusal:
        sent_before = _sent_before(actor, registration, reason) if refusal.reason == "extension_once" else None
        if sent_before is None:
            raise
        return sent_before
    notices.tell(
        _deciders(registration.project_id),
        "extension.asked",
        extension,
        occasion=extension.reference,
        clause="RE-2.11",
        facts={"reference": extension.reference, "until": extension.original_end},
        now=extension.asked_at,
    )
    return extension


def _sent_before(actor: User, registration: Registration, reason: str) -> Extension | None:
    found = db.session.scalar(select(Extension).where(Extension.registration_id == registration.id))
    same = found is not None and found.asked_by_id == actor.id and found.reason == reason
    return found if same else None


def _deciders(project_id: int) -> list[int]:
    """The channel department decides; the leaders of the site may give an opinion (RE-Q10)."""
    query = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            User.disabled_at.is_(None),
            (RoleGrant.role == "hq_channel")
            | ((RoleGrant.role == "site_leader") & (RoleGrant.project_id == project_id)),
        )
    )
    return list(db.session.scalars(query).all())
