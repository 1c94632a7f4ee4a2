"""When an end counts as soon: within the reminder time of what is counted (RE-2.8, RE-2.10). For showing, never deciding."""

from __future__ import annotations

from datetime import timedelta

from portal.rules.policies import Reminders

#: Reminders further ahead than a week only announce; colour is for what is urgent.
_A_WEEK = 7


def soon_within(stage: str, reminders: Reminders) -> timedelta:
    """How long before its end a hold (two days by default) or a protection (seven) is shown as ending soon."""
    days = reminders.hold if stage == "hold" else reminders.protection
    return timedelta(days=max((count for count in days if count <= _A_WEEK), default=_A_WEEK))
