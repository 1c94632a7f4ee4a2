"""The extension approval (延期批复): headquarters' answer to a bulk extension, granted or not, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from portal.documents.printing import print_document
from portal.documents.values import FREE_TEXT, MASKED, Document


@dataclass(frozen=True, kw_only=True)
class ExtensionClauses:
    """The clauses of the rows, and in ``granted`` those on which a consent rests."""

    granted: tuple[str, ...] = ("RE-2.11", "RE-2.12")
    classification: str = "RE-2.7"
    original: str = "RE-2.10"
    application: str = "RE-2.11"
    cap: str = "RE-2.12"


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the site leader advised; it does not bind headquarters. ``supports`` is None when it is in words only."""

    supports: bool | None = None
    text: str = field(metadata=FREE_TEXT)
    author: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExtensionApproval(Document):
    """``original_end`` and ``new_end`` are exclusive; ``new_end`` is None exactly when the extension was refused.

    ``reason`` is the decider's, shown to the distributor; ``application_reason`` the applicant's. ``cap_days`` is the longest
    that protection may last with the extension.
    """

    kind: ClassVar[str] = "extension_approval"

    customer: str
    phone: str = field(metadata=MASKED)
    company_name: str = ""
    registration_number: str
    distributor: str
    applicant: str
    applied_at: datetime
    application_reason: str = field(metadata=FREE_TEXT)
    first_visit_at: datetime
    classified_at: datetime
    classified_by: str
    opinion: Opinion | None = None
    original_end: datetime
    new_end: datetime | None
    extension_days: int = 45
    cap_days: int = 90
    reason: str = field(default="", metadata=FREE_TEXT)
    decider: str
    decider_unit: str
    decided_at: datetime
    clauses: ExtensionClauses = field(default_factory=ExtensionClauses)

    def __post_init__(self) -> None:
        if self.new_end is not None and self.new_end <= self.original_end:
            raise ValueError("an extension ends after the protection that it extends")

    @property
    def granted(self) -> bool:
        """Whether headquarters agreed."""
        return self.new_end is not None

    @property
    def late(self) -> bool:
        """Whether the decision came after the original end; the customer was held meanwhile (RE-Q10)."""
        return self.decided_at >= self.original_end


def print_extension_approval(values: ExtensionApproval) -> bytes:
    """The approval as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("extension_approval.html", values)
