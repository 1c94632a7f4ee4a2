"""A printed document as an answer: to keep as a file, or to look at in the browser."""

from __future__ import annotations

from flask import Response

from portal.edge import or_404
from portal.models import Document
from portal.queries import documents


def pdf(document: Document | None, *, inline_as: str | None = None) -> Response:
    """The document as a file named by its number, or shown in the browser under another; a 404 while it is not ready."""
    paper = or_404(document)
    content = or_404(documents.content_of(paper))
    if inline_as is not None:
        return shown_pdf(content, inline_as)
    return _answer(content, "attachment", paper.reference)


def shown_pdf(content: bytes, name: str) -> Response:
    """A PDF to look at in the browser."""
    return _answer(content, "inline", name)


def _answer(content: bytes, kind: str, name: str) -> Response:
    disposition = f'{kind}; filename="{name}.pdf"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
