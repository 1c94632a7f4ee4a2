"""Whoever comes into the demo finds the notices of the last day unread, not those of four months."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import clock
from portal.demo.reading import read_old_notices
from portal.models import Notice
from tests.fixtures import People


def test_notices_of_a_day_ago_were_read_and_later_ones_wait(session: Any, people: People) -> None:
    now = clock.now()
    ages = {"old": timedelta(days=40), "yesterday": timedelta(hours=24), "today": timedelta(hours=24, seconds=-1)}
    for name, age in ages.items():
        notice = Notice(user_id=people.users["ana"], kind="filed", occasion=name, subject_type="registrations")
        notice.subject_id, notice.created_at = 1, now - age
        session.add(notice)
    session.commit()
    read_old_notices(now)
    session.expire_all()
    read = {notice.occasion: notice.read_at for notice in session.query(Notice)}
    assert read == {
        "old": now - timedelta(days=40, hours=-3),
        "yesterday": now - timedelta(hours=21),
        "today": None,
    }
