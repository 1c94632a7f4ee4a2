"""People of the demo look at their notices every day, as people do: what is unread is new."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from portal.models import Notice, db

_READ_AFTER = timedelta(hours=3)
_STILL_NEW = timedelta(hours=24)


def read_old_notices(now: datetime) -> None:
    """Take as read, three hours after they came, the notices that are a day old at ``now`` (UTC)."""
    db.session.execute(
        update(Notice)
        .where(Notice.read_at.is_(None), Notice.created_at <= now - _STILL_NEW)
        .values(read_at=Notice.created_at + _READ_AFTER)
    )
