"""Letters of a case of breach: the request to explain, the penalty notice, those about own staff, the evidence package."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from portal.documents.printing import print_document
from portal.documents.values import FREE_TEXT, VERBATIM, Document
from portal.wording.circles import Drawing, draw
from portal.wording.money import capitals, money

Act = Literal["interception", "poaching", "false_filing", "staff_dumping"]


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Where it happened: degrees as people write them, metres to a tenth, the direction clockwise from north (RE-5.1)."""

    place: str
    office: str
    metres: str
    distance_m: float
    bearing_deg: float
    radius_m: int

    @property
    def drawing(self) -> Drawing:
        """The map without tiles."""
        return draw(self.radius_m, self.distance_m, self.bearing_deg)


@dataclass(frozen=True, kw_only=True)
class CaseLetter(Document):
    """What all letters of a case say. ``party`` is the distributor, or the project's own team; ``about`` the registration
    or deal concerned. What was reported, in the words of whoever did, is in none that a party reads (RE-7.1).
    """

    case_number: str
    act: Act = field(metadata=VERBATIM)
    party: str
    about: str = ""
    happened_at: datetime | None = None
    incident: Incident | None = None
    signer: str


@dataclass(frozen=True, kw_only=True)
class ExplanationRequest(CaseLetter):
    """说明通知书. ``due_at`` is the exclusive end of the time to explain and prove (RE-4.4, RE-Q15)."""

    kind: ClassVar[str] = "explanation_request"

    question: str = field(metadata=FREE_TEXT)
    due_at: datetime
    days: int


@dataclass(frozen=True, kw_only=True)
class Measure(CaseLetter):
    """A sanction that a named person confirmed. ``offence``: the how manieth, where that is counted (RE-Q19)."""

    measure: str = field(metadata=VERBATIM)
    clause: str
    rule: str
    offence: int | None = None
    found: str = field(metadata=FREE_TEXT)
    reason: str = field(metadata=FREE_TEXT)
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class PenaltyNotice(Measure):
    """处罚通知书. ``amount`` in whole yuan. ``reply_by`` and ``appeal_by`` are exclusive ends: until when receipt is to be
    confirmed, and until when an appeal is in time if that is done on the day of issue. ``settle_days`` after receipt.
    """

    kind: ClassVar[str] = "penalty_notice"

    amount: int | None = None
    reply_by: datetime
    appeal_by: datetime
    appeal_days: int
    settle_days: int | None = None

    @property
    def figures(self) -> str:
        """¥50,000.00"""
        return "" if self.amount is None else money(self.amount)

    @property
    def capitals(self) -> str:
        """人民币伍万元整"""
        return "" if self.amount is None else capitals(self.amount)


@dataclass(frozen=True, kw_only=True)
class StaffLetter(Measure):
    """What is asked of the personnel department, or told to the project's management and the group centre (RE-7.2 to 7.5)."""

    kind: ClassVar[str] = "staff_letter"

    persons: str = field(default="", metadata=FREE_TEXT)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A file of the case: its hash is over the bytes as kept. ``size`` in bytes."""

    name: str = field(metadata=FREE_TEXT)
    sha256: str = field(metadata=VERBATIM)
    media_type: str = field(metadata=VERBATIM)
    size: int
    by_distributor: bool
    kept_at: datetime


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was done in the case, when, by whom; ``who`` is empty for whoever reported it."""

    what: str = field(metadata=VERBATIM)
    who: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class EvidencePackage(Measure):
    """移送材料: the case, what was done in it and the list of its hashed files, for the authorities (RE-7.6)."""

    kind: ClassVar[str] = "evidence_package"

    persons: str = field(default="", metadata=FREE_TEXT)
    summary: str = field(metadata=FREE_TEXT)
    grounds: str = field(metadata=FREE_TEXT)
    proposer: str
    steps: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def print_explanation_request(values: ExplanationRequest) -> bytes:
    """The request to explain as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("explanation_request.html", values)


def print_penalty_notice(values: PenaltyNotice) -> bytes:
    """The penalty notice as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("penalty_notice.html", values)


def print_staff_letter(values: StaffLetter) -> bytes:
    """The letter about own staff as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("staff_letter.html", values)


def print_evidence_package(values: EvidencePackage) -> bytes:
    """The evidence package as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("evidence_package.html", values)
