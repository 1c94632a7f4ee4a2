"""The life of a partner (D.1): which step may follow which, by whose clause. What is not in the table is refused.

RENEWED and NOT_RENEWED of D.1 are said of a contract, of which a partner may have several (Contract.renewal, DM-10.4).
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.refusal import Refusal

#: Before the contract: the states of an application.
APPLICATION_STATES = (
    "prospect",
    "applied",
    "in_review",
    "returned",
    "surveyed",
    "examined",
    "approved",
    "rejected",
)
#: From the approval on: the states of a distributor.
DISTRIBUTOR_STATES = (
    "approved",
    "contracted",
    "active",
    "urged",
    "warned",
    "downgraded",
    "suspended",
    "exit_requested",
    "exited",
    "terminated",
    "blacklisted",
    "closed",
)
PARTNER_STATES = tuple(dict.fromkeys(APPLICATION_STATES + DISTRIBUTOR_STATES))
#: A distributor in one of these may file, claim and ask (DM-12.1, DM-12.6: the relation ends only with the approval).
MAY_ACT = frozenset({"active", "urged", "warned", "downgraded", "exit_requested"})
#: The cooperation is over.
LEFT = ("exited", "terminated", "blacklisted", "closed")
#: A contract binds these: they can be terminated, and a second finding blacklists them.
UNDER_CONTRACT = ("contracted", "active", "urged", "warned", "downgraded", "suspended", "exit_requested")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the table: what happens, and the clause that lets it."""

    event: str
    clause: str


_STEPS: tuple[tuple[str, str, str, str], ...] = (
    ("prospect", "applied", "apply", "DM-2.6"),
    ("applied", "in_review", "complete", "DO-2.2"),
    ("in_review", "returned", "return", "DO-2.2"),
    ("returned", "in_review", "correct", "DO-2.2"),
    ("in_review", "surveyed", "survey", "CH-3.7"),
    ("surveyed", "examined", "examine", "CH-3.11"),
    ("examined", "approved", "approve", "DO-2.3"),
    ("examined", "rejected", "reject", "DO-2.3"),
    ("approved", "contracted", "contract", "CH-5.1"),
    ("contracted", "active", "enter", "DO-2.5"),
    ("active", "urged", "urge", "CH-14.4"),
    ("active", "warned", "warn", "DM-11.3"),
    ("warned", "downgraded", "downgrade", "DM-11.3"),
    ("active", "suspended", "suspend", "DM-12.1"),
    ("warned", "suspended", "suspend", "DM-12.1"),
    ("suspended", "active", "reinstate", "DM-12.1"),
    ("active", "exit_requested", "ask_exit", "DM-12.6"),
    ("suspended", "exit_requested", "ask_exit", "DM-12.6"),
    ("exit_requested", "exited", "leave", "DM-12.6"),
    ("exited", "closed", "close", "DM-12.7"),
    ("terminated", "closed", "close", "DM-12.7"),
    *((state, "terminated", "terminate", "DM-12.2") for state in UNDER_CONTRACT),
    *((state, "blacklisted", "blacklist", "RE-5.4") for state in UNDER_CONTRACT),
)
#: Steps that the table of the rulebook leaves out and its clauses need; each with its reason.
_ADDED: tuple[tuple[str, str, str, str], ...] = (
    # Whoever is urged catches up, or is warned as anybody else (CH-14.2).
    ("urged", "active", "recover", "CH-14.4"),
    ("urged", "warned", "warn", "DM-11.3"),
    ("urged", "suspended", "suspend", "DM-12.1"),
    ("urged", "exit_requested", "ask_exit", "DM-12.6"),
    ("exit_requested", "urged", "stay", "DM-12.6"),
    # A warning or a lower class is not for ever: the next passed assessment ends it.
    ("warned", "active", "recover", "CM-3.5"),
    ("downgraded", "active", "recover", "CM-3.5"),
    ("downgraded", "warned", "warn", "DM-11.3"),
    ("downgraded", "suspended", "suspend", "DM-12.1"),
    # Whoever was warned may leave as well as anybody else.
    ("warned", "exit_requested", "ask_exit", "DM-12.6"),
    ("downgraded", "exit_requested", "ask_exit", "DM-12.6"),
    # The company refuses the exit, or the partner takes it back: the relation goes on as it was.
    ("exit_requested", "active", "stay", "DM-12.6"),
    ("exit_requested", "warned", "stay", "DM-12.6"),
    ("exit_requested", "downgraded", "stay", "DM-12.6"),
    ("exit_requested", "suspended", "suspend", "DM-12.1"),
    # A second finding about a time of cooperation may come after its end, and bars the way back.
    ("exited", "blacklisted", "blacklist", "RE-5.4"),
    ("terminated", "blacklisted", "blacklist", "RE-5.4"),
    # An appeal that was won, or a named person's decision, takes the partner back.
    ("blacklisted", "active", "reinstate", "RE-Q46"),
    ("terminated", "active", "reinstate", "RE-Q46"),
    ("blacklisted", "closed", "close", "DM-12.7"),
)
TRANSITIONS: dict[tuple[str, str], Step] = {
    (before, after): Step(event, clause) for before, after, event, clause in (*_STEPS, *_ADDED)
}


def check_step(before: str, after: str) -> Step:
    """The step from one state to the other. Raises Refusal(D.1) when the table has none."""
    step = TRANSITIONS.get((before, after))
    if step is None:
        raise Refusal("partner_step_not_possible", "DM-12.3", before=before, after=after)
    return step


def steps_from(state: str) -> tuple[str, ...]:
    """The states that may follow ``state``, in the order of the table."""
    return tuple(after for before, after in TRANSITIONS if before == state)
