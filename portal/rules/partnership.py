"""Whether a distributor may act: file, claim, ask for an extension (RE-5.4, DM-12.1, RE-Q34, RE-F5)."""

from __future__ import annotations

from portal.rules.refusal import Refusal


def check_may_act(status: str) -> None:
    """Raises Refusal unless the distributor is active. Who asks comes before every other ground (RE-F5)."""
    if status == "blacklisted":
        raise Refusal("distributor_blacklisted", "RE-5.4")
    if status == "suspended":
        raise Refusal("distributor_suspended", "DM-12.1")
    if status != "active":
        raise Refusal("distributor_left", "DM-12.6")
