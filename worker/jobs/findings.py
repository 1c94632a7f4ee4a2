"""Cases of breach: what runs out of time, and what looks like one (RE-4.4 to 4.8, RE-7.2)."""

from __future__ import annotations

from portal import clock
from portal.services import alerts, finding_notices
from worker.context import in_transaction


@in_transaction
def remind_of_explanations() -> None:
    """Remind the distributor before the end, tell headquarters of silence and arrears after it (RE-4.4, RE-4.5, RE-4.8)."""
    finding_notices.remind(clock.now())


@in_transaction
def look_for_alerts() -> None:
    """Put on record what looks like customers thrown to a distributor; each coincidence once (RE-7.2)."""
    alerts.sweep(clock.now())
