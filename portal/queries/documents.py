"""Reads about documents: the public confirmation, the file itself, and what has not been printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from portal.documents.digest import short_digest
from portal.models import Document, Project, db
from portal.wording.times import PORTAL_ZONE

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Confirmed:
    """What the public may know of a document. ``sha256`` and ``fact_digest`` are None while it waits to be printed."""

    reference: str
    kind: str
    issued_at: datetime
    zone: str
    sha256: str | None
    fact_digest: str | None

    @property
    def short_fact_digest(self) -> str | None:
        """As it is printed on the document."""
        return None if self.fact_digest is None else short_digest(self.fact_digest)


def confirmed(code: str) -> Confirmed | None:
    """The document with this check code; what cannot be a code is asked for all the same, so that it takes as long."""
    asked = code if _CODE.fullmatch(code) else ""
    query = (
        select(
            Document.reference,
            Document.kind,
            Document.created_at,
            func.coalesce(Project.timezone, str(PORTAL_ZONE)),
            Document.sha256,
            Document.fact_digest,
        )
        .outerjoin(Project, Project.id == Document.project_id)
        .where(Document.check_code == asked)
    )
    row = db.session.execute(query).one_or_none()
    return None if row is None else Confirmed(*row)


def of_subject(kind: str, subject_id: int) -> Document | None:
    """The document of a registration, visit or extension that has been fetched through its own scope."""
    return db.session.scalar(select(Document).where(Document.kind == kind, Document.subject_id == subject_id))


def is_ready(kind: str, subject_id: int) -> bool:
    """Whether the document of the subject has been printed."""
    paper = of_subject(kind, subject_id)
    return paper is not None and paper.state == "ready"


def content_of(document: Document) -> bytes | None:
    """The PDF; None while it is not ready."""
    query = select(Document).where(Document.id == document.id).options(undefer(Document.content))
    return db.session.scalars(query.execution_options(populate_existing=True)).one().content


def unprinted(limit: int = 51) -> Sequence[Document]:
    """What waits or has failed, oldest first."""
    query = select(Document).where(Document.state.in_(("waiting", "failed"))).order_by(Document.id).limit(limit)
    return db.session.scalars(query).all()


def with_reference(reference: str) -> Document | None:
    """The document of this number."""
    return db.session.scalar(select(Document).where(Document.reference == reference))
