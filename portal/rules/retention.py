"""How long what about a partner is kept once its file is closed, and why; after that what names a person is erased.

Years run from the closing of the file (D.1 CLOSED), to the day; an end on 29 February falls on 1 March of a common year.
What came of no cooperation is kept from the rejection, or from when the applicant last did anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import local_date, midnight


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of data: ``years`` after the closing, None for as long as the portal runs; ``erased``: by the worker."""

    kind: str
    years: int | None
    erased: bool


#: The reasons stand in docs/decisions, their words in portal/wording/retention.py.
RETENTIONS = (
    # Three years, in which claims about the cooperation may still be brought (Civil Code, article 188).
    Retention("accounts", 3, erased=True),
    Retention("partner_file", 3, erased=True),
    # The copy of an identity card proves no entry of the books: it goes with the person whom it shows.
    Retention("identity_papers", 3, erased=True),
    # Ten years: contracts, settlements and penalties are vouchers to the books (measures on accounting archives). Then they
    # are appraised by people, and destroyed by a list that people sign, never while anything is unsettled: no machine does it.
    Retention("contracts", 10, erased=False),
    Retention("settlements", 10, erased=False),
    # Customers belong to the project, not to the partner: their own period runs with the registration.
    Retention("registrations", None, erased=False),
    # The chain of the history holds no personal data, and proves the rest only while it is whole.
    Retention("history", None, erased=False),
)


#: The papers of a partner's file that show a natural person and nothing else.
IDENTITY_PAPERS = ("legal_rep_id",)
#: The kinds that people appraise when their time is over.
APPRAISED = tuple(one.kind for one in RETENTIONS if one.years is not None and not one.erased)
#: The kinds that the worker erases.
ERASED = tuple(one.kind for one in RETENTIONS if one.erased)


#: Whoever was rejected may bring claims about it as long as a partner may (Civil Code, article 188).
REJECTED_YEARS = 3
#: Nobody decided on what was begun and never sent, or sent back and never corrected: half a year to go on with it.
ABANDONED_DAYS = 180
#: The states in which an application waits for its applicant.
WITH_THE_APPLICANT = ("prospect", "returned")


def application_kept_until(state: str, since: datetime, zone: ZoneInfo) -> datetime:
    """The exclusive end, in UTC, for an application that was rejected at ``since`` or last touched then."""
    if state == "rejected":
        return kept_until(since, REJECTED_YEARS, zone)
    return midnight(local_date(since, zone) + timedelta(days=ABANDONED_DAYS), zone)


def kept_until(closed_at: datetime, years: int, zone: ZoneInfo) -> datetime:
    """The exclusive end, in UTC: the midnight that begins the same day, ``years`` later."""
    day = local_date(closed_at, zone)
    try:
        return midnight(day.replace(year=day.year + years), zone)
    except ValueError:
        return midnight(day.replace(year=day.year + years, month=3, day=1), zone)
