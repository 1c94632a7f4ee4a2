"""What the end of a site's day brings up."""

from __future__ import annotations

from portal import clock
from portal.services import site_day
from worker.context import in_transaction


@in_transaction
def alert_open_flows() -> None:
    """Point out the flows that were still open when their site closed (RE-3.7)."""
    site_day.alert_open_flows(now=clock.now())
