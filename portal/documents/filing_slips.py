"""The filing slip (报备单): what the distributor filed, when, and until when the customer is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from portal.documents.printing import print_document
from portal.documents.values import FREE_TEXT, MASKED, VERBATIM, Document


@dataclass(frozen=True, kw_only=True)
class FilingClauses:
    """The clause at the end of each row. The lead clause follows from the residence: RE-2.2 local, RE-2.3 elsewhere."""

    filed: str = "RE-2.1"
    lead: str = "RE-2.2"
    company: str = "RE-2.5"
    classification: str = "RE-2.7"
    hold: str = "RE-2.8"
    no_visit: str = "RE-2.9"
    protection: str = "RE-2.10"
    declaration: str = "RE-4.2"
    day_notice: str = "RE-3.1"
    desk: str = "RE-3.2"
    late: str = "RE-2.4"


@dataclass(frozen=True, kw_only=True)
class FilingSlip(Document):
    """``earliest_arrival`` is the first second at which an arrival counts; ``held_until`` the exclusive end of the hold.

    ``company_name`` is empty for a private buyer; ``company_name_whole`` says whether it is the full registered name
    or one by which the company can be recognised (RE-2.5). ``declaration`` is the text that was accepted, word for word.
    """

    kind: ClassVar[str] = "filing_slip"

    customer: str
    phone: str = field(metadata=MASKED)
    id_number: str = field(default="", metadata=MASKED)
    company_name: str = ""
    company_name_whole: bool = True
    residence: Literal["local", "elsewhere"] = field(default="local", metadata=VERBATIM)
    city: str = ""
    bulk_expected: bool = False
    distributor: str
    broker: str
    broker_phone: str = field(metadata=MASKED)
    planned_arrival: datetime | None = None
    note: str = field(default="", metadata=FREE_TEXT)
    filed_at: datetime
    earliest_arrival: datetime
    held_until: datetime
    protection_days: int = 45
    declaration: str = field(metadata=FREE_TEXT)
    declaration_version: str
    clauses: FilingClauses = field(default_factory=FilingClauses)


def print_filing_slip(values: FilingSlip) -> bytes:
    """The slip as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("filing_slip.html", values)
