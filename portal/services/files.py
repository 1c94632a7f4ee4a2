"""Files that people bring as evidence: checked, cleaned, kept sealed under their hash."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from sqlalchemy import select

from portal import clock, crypto
from portal.models import StoredFile, User, db
from portal.services.file_cleaning import Unusable, clean
from portal.services.unacceptable import Unacceptable

#: Bytes, as brought.
LARGEST_FILE = 10 * 1024 * 1024
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}
_LONGEST_NAME = 80


def store_file(
    *, actor: User | None, content: bytes, name: str, distributor_id: int | None = None, field: str = "file"
) -> StoredFile:
    """Keep what is seen of the file. The same content brought again by the same person is the same row.

    ``actor`` None: of somebody who leaves no name; nothing then says that two files are one person's.
    ``distributor_id`` None: it is the company's. Raises Unacceptable(``field``, file_empty | file_too_large | file_kind |
    file_broken | file_locked).
    """
    if not content:
        raise Unacceptable(field, "file_empty")
    if len(content) > LARGEST_FILE:
        raise Unacceptable(field, "file_too_large")
    try:
        cleaned = clean(content)
    except Unusable as unusable:
        raise Unacceptable(field, unusable.reason) from None
    sha256 = crypto.digest(cleaned.content)
    known = None if actor is None else _kept_before(actor, sha256, distributor_id)
    if known is not None:
        return known
    file = StoredFile(
        sha256=sha256,
        media_type=cleaned.media_type,
        size=len(cleaned.content),
        name=safe_name(name, cleaned.media_type),
        content=cleaned.content,
        distributor_id=distributor_id,
        stored_at=clock.now(),
        stored_by_id=None if actor is None else actor.id,
    )
    db.session.add(file)
    db.session.flush()
    return file


def safe_name(name: str, media_type: str) -> str:
    """The last part of the name without what no file may be called, with the ending of what the file really is."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable() and sign not in '<>:"|?*%'
    )
    stem = PurePosixPath(shown).stem.strip(" .")[:_LONGEST_NAME]
    return (stem or "file") + _ENDINGS[media_type]


def _kept_before(actor: User, sha256: str, distributor_id: int | None) -> StoredFile | None:
    query = select(StoredFile).where(
        StoredFile.sha256 == sha256,
        StoredFile.stored_by_id == actor.id,
        StoredFile.distributor_id.is_not_distinct_from(distributor_id),
    )
    return db.session.scalars(query.order_by(StoredFile.id).limit(1)).first()
