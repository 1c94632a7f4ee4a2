"""What stands in place of what was erased, and how the content of stored files goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal import audit
from portal.models import StoredFile

#: In place of a name that must be something.
ERASED_NAME = "已清除"


def erase_files(files: Iterable[StoredFile], now: datetime) -> None:
    """Content and name of each go; that there was one, and its hash, stay. On record, one by one."""
    for file in files:
        file.content, file.name, file.erased_at = b"", ERASED_NAME, now
        audit.record("file.erased", file, actor=None, now=now, sha256=file.sha256)
