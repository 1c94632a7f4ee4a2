"""The visit slip (带客确认单): who brought whom, when they stood at the front desk, and the three signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from portal.documents.printing import print_document
from portal.documents.signatures import Signature
from portal.documents.values import FREE_TEXT, MASKED, VERBATIM, Document


@dataclass(frozen=True, kw_only=True)
class VisitClauses:
    """The clause at the end of each row. ``lead`` is RE-2.3 for a customer from elsewhere."""

    lead: str = "RE-2.2"
    late: str = "RE-2.4"
    desk: str = "RE-3.2"
    slip: str = "RE-8.3"
    audit: str = "RE-3.3"
    sign_off: str = "RE-3.4"
    entry: str = "RE-3.5"
    protection: str = "RE-2.10"


@dataclass(frozen=True, kw_only=True)
class VisitSlip(Document):
    """``arrived_at`` is the front desk's time, which decides. ``lead`` says how the filing stood to it:

    ``kept``; ``excused``: too short, but the site leader granted it with ``excuse``; ``late``; ``unfiled``: no running filing
    (then ``filing_number`` is empty and ``filed_at`` None). Late and unfiled visits are natural ones and protect nobody.
    ``protected_until`` is the exclusive end of the protection that follows when audit, sign-off and entry are done.
    """

    kind: ClassVar[str] = "visit_slip"

    customer: str
    phone: str = field(metadata=MASKED)
    company_name: str = ""
    party_size: int = 1
    place: str
    distributor: str
    broker: str
    broker_phone: str = field(metadata=MASKED)
    filing_number: str = ""
    filed_at: datetime | None = None
    arrived_at: datetime
    receptionist: str
    lead: Literal["kept", "excused", "late", "unfiled"] = field(default="kept", metadata=VERBATIM)
    excuse: str = field(default="", metadata=FREE_TEXT)
    protected_until: datetime | None = None
    signatures: tuple[Signature, ...]
    clauses: VisitClauses = field(default_factory=VisitClauses)

    @property
    def natural(self) -> bool:
        """Whether the visit counts as a natural one, so that nobody's protection follows (RE-2.4)."""
        return self.lead in {"late", "unfiled"}

    @property
    def ahead(self) -> timedelta:
        """How long before the arrival the filing was made. Only for a visit with a filing."""
        if self.filed_at is None:
            raise ValueError("a visit without a filing has no lead")
        return self.arrived_at - self.filed_at


def print_visit_slip(values: VisitSlip) -> bytes:
    """The slip as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("visit_slip.html", values)
