"""The roles and which of them one person may hold together. Pure."""

from __future__ import annotations

from collections.abc import Collection

DISTRIBUTOR_ROLES = ("broker", "owner")
SITE_ROLES = ("reception", "back_office", "consultant", "site_leader")
HQ_ROLES = (
    "hq_channel",
    "department_manager",
    "general_manager",
    "legal",
    "customer_service",
    "finance",
    "administrator",
    "auditor",
)
ROLES = DISTRIBUTOR_ROLES + SITE_ROLES + HQ_ROLES


def objection(roles: Collection[str], *, of_distributor: bool) -> str | None:
    """Why one person cannot hold these roles together; None when it is all right.

    Reasons: ``no_role``, ``distributor_and_company`` (who files must not sit where filings are judged),
    ``distributor_missing``, ``administrator_and_auditor`` (who is examined must not be the examiner).
    """
    outside = any(role in DISTRIBUTOR_ROLES for role in roles)
    if not roles:
        return "no_role"
    if outside and any(role not in DISTRIBUTOR_ROLES for role in roles):
        return "distributor_and_company"
    if outside != of_distributor:
        return "distributor_missing" if outside else "distributor_and_company"
    return "administrator_and_auditor" if {"administrator", "auditor"} <= set(roles) else None
