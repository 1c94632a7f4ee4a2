"""Deputies: who may sign in whose place, for what, from when until when (DO-Q2). Pure.

All bounds are UTC, the ends exclusive. A delegation never reaches back: it stands from when it was made at the earliest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.rules.refusal import Refusal

#: What can be delegated, and the role in whose place the deputy acts (DO-2.3).
MATTERS: dict[str, str] = {
    "department_signature": "department_manager",
    "general_signature": "general_manager",
}
#: Who can be named: people of headquarters who see applications. Not the auditor, who examines, nor the administrator.
DEPUTY_ROLES = frozenset({"hq_channel", "department_manager", "general_manager", "customer_service", "finance"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account: its id, the roles, and whether the account is open."""

    id: int
    roles: frozenset[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation. ``ended_at``: when it was taken back before its end."""

    matter: str
    principal: Person
    deputy: Person
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    @property
    def last(self) -> datetime:
        """The exclusive end that holds."""
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)


def state_at(delegation: Delegation, now: datetime) -> str:
    """coming, standing, ended (taken back), over (its days have passed), or lapsed: one of the two may not do it any more."""
    if delegation.ended_at is not None and now >= delegation.last:
        return "ended"
    if now >= delegation.ends_at:
        return "over"
    if not _are_able(delegation):
        return "lapsed"
    return "coming" if now < delegation.starts_at else "standing"


def check_stands(delegation: Delegation, *, role: str | None, deputy: int, now: datetime) -> None:
    """Raises Refusal unless ``deputy`` may act in the place of ``role`` at ``now`` by this delegation (DO-Q2)."""
    if delegation.deputy.id != deputy or state_at(delegation, now) != "standing":
        raise Refusal("delegation_not_standing", "DO-Q2")
    if MATTERS[delegation.matter] != role:
        raise Refusal("signature_out_of_turn", "DO-2.3")


def check_new(*, matter: str, principal: Person, deputy: Person, maker: int, administers: bool) -> None:
    """Raises Refusal for what cannot be delegated: by the person itself or the administrator, to somebody else (DO-Q2)."""
    if maker != principal.id and not administers:
        raise Refusal("delegation_of_others", "DO-Q2")
    if not principal.active or MATTERS[matter] not in principal.roles:
        raise Refusal("delegation_without_the_role", "DO-2.3")
    if deputy.id == principal.id:
        raise Refusal("delegation_to_oneself", "DO-Q2")
    if not may_be_deputy(deputy):
        raise Refusal("delegation_to_an_outsider", "DO-Q2")


def may_be_deputy(person: Person) -> bool:
    """Whether the person can be named at all."""
    return person.active and bool(DEPUTY_ROLES & person.roles) and not {"administrator", "auditor"} & person.roles


def check_end(delegation: Delegation, now: datetime) -> None:
    """Raises Refusal when there is nothing left to take back."""
    if state_at(delegation, now) in ("ended", "over"):
        raise Refusal("delegation_is_over", "DO-Q2")


def _are_able(delegation: Delegation) -> bool:
    principal = delegation.principal
    return principal.active and MATTERS[delegation.matter] in principal.roles and may_be_deputy(delegation.deputy)
