"""What the views of headquarters share: the person, what was found or a 404, a printed document."""

from __future__ import annotations

from typing import TypeVar, cast

from flask import Response, abort, g
from flask_login import current_user

from portal.models import Document, Registration, User
from portal.queries import documents, registrations

Found = TypeVar("Found")


def me() -> User:
    """The person signed in, as services take it."""
    return cast(User, current_user._get_current_object())


def or_404(found: Found | None) -> Found:
    """What was found; a 404 when there is nothing."""
    if found is None:
        abort(404)
    return found


def registration_or_404(reference: str) -> Registration:
    """The registration; the page then shows its project's time."""
    found = or_404(registrations.find(reference, me()))
    g.zone = found.project.zone
    return found


def pdf(document: Document | None) -> Response:
    """A printed document as a file; a 404 while it is not ready."""
    content = documents.content_of(document) if document else None
    if document is None or content is None:
        abort(404)
    disposition = f'attachment; filename="{document.reference}.pdf"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
