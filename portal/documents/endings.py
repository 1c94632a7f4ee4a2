"""Papers of the end of a cooperation: consent to an exit, letter of a termination, final settlement (DM-12, CH-5.9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from portal.documents.printing import print_document
from portal.documents.signatures import Signature
from portal.documents.values import FREE_TEXT, MASKED, VERBATIM, Document
from portal.wording.money import capitals, money

DutyKind = Literal[
    "customers", "requests", "findings", "commission", "papers", "accounts", "settlement", "confidentiality"
]


@dataclass(frozen=True, kw_only=True)
class EndingPaper(Document):
    """What all three say: whose cooperation ends, by which clause, on whose word."""

    distributor: str
    registration_code: str = ""
    clause: str
    asked_at: datetime
    signer: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExitApproval(EndingPaper):
    """退出批复. ``ends_at`` is the exclusive end of the cooperation."""

    kind: ClassVar[str] = "exit_approval"

    wish: str = field(metadata=FREE_TEXT)
    reason: str = field(metadata=FREE_TEXT)
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class TerminationLetter(EndingPaper):
    """终止合作通知书. ``proposer`` is empty where the proposal is that of a case, ``case_number``."""

    kind: ClassVar[str] = "termination_letter"

    rule: str
    reason: str = field(metadata=FREE_TEXT)
    proposer: str = ""
    case_number: str = ""
    effective_at: datetime


@dataclass(frozen=True, kw_only=True)
class Customer:
    """One registration on the settlement; ``until`` is exclusive."""

    number: str
    project: str
    name: str
    phone: str = field(metadata=MASKED)
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A sanction that is not settled; whole yuan where there is an amount."""

    case_number: str
    measure: str = field(metadata=VERBATIM)
    clause: str
    amount: int | None = None
    due_at: datetime | None = None

    @property
    def figures(self) -> str:
        """¥50,000.00, or nothing."""
        return money(self.amount) if self.amount else ""

    @property
    def capitals(self) -> str:
        """人民币伍万元整, or nothing."""
        return capitals(self.amount) if self.amount else ""


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """One line of the checklist as it stood; ``left``: how much the portal still counted."""

    duty: DutyKind = field(metadata=VERBATIM)
    state: Literal["open", "done", "waived"] = field(metadata=VERBATIM)
    clause: str
    left: int | None = None
    by: str = ""
    note: str = field(default="", metadata=FREE_TEXT)


@dataclass(frozen=True, kw_only=True)
class Settlement(EndingPaper):
    """结算单, with the facts of ``settled_at``. ``running_number`` counts those that are not listed too."""

    kind: ClassVar[str] = "settlement"

    effective_at: datetime
    settled_at: datetime
    running: tuple[Customer, ...] = ()
    running_number: int = 0
    released: int = 0
    frozen: tuple[Customer, ...] = ()
    deals: int = 0
    owed: tuple[Owed, ...] = ()
    held: tuple[str, ...] = ()
    duties: tuple[DutyLine, ...]
    signature: Signature
    signed_digest: str = field(metadata=VERBATIM)


def print_exit_approval(values: ExitApproval) -> bytes:
    """The consent as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("exit_approval.html", values)


def print_termination_letter(values: TerminationLetter) -> bytes:
    """The letter as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("termination_letter.html", values)


def print_settlement(values: Settlement) -> bytes:
    """The settlement as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("settlement.html", values)
