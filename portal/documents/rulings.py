"""The ruling (归属裁定书): the full one for the company, and the extract that tells one party its own outcome alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from portal.documents.printing import print_document
from portal.documents.values import FREE_TEXT, MASKED, PRESENTATION, VERBATIM, Document

_SAID = {**PRESENTATION, **FREE_TEXT}


@dataclass(frozen=True, kw_only=True)
class RulingClauses:
    """The clauses of the rows that are the same in every ruling."""

    sources: str = "RE-8.3"
    claim: str = "RE-8.1"
    anew: str = "RE-8.5"


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """One buyer as the sales system has it; numbers masked."""

    name: str
    phone: str = field(default="", metadata=MASKED)
    id_number: str = field(default="", metadata=MASKED)
    company: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """A claim that was heard. ``late``: on the day that only the wide reading counts (RE-Q23)."""

    number: str
    distributor: str
    claimed_at: datetime
    late: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A registration that was considered. ``until`` is the exclusive end; ``step`` and ``clause``: where it fell out.

    ``mark`` is how the tables call it; ``words`` say why it fell, empty for the winner.
    """

    mark: str = field(metadata=PRESENTATION)
    distributor: str
    number: str
    locked_at: datetime
    visited_at: datetime | None
    until: datetime
    phone: str = field(metadata=MASKED)
    step: int
    clause: str
    words: str = field(metadata=_SAID)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One step of the decision: who fell out at it and who was left."""

    step: int
    clause: str
    out: tuple[Entry, ...]
    left: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class RulingPaper(Document):
    """``owner`` empty is the company; ``steps`` are the steps of the rule with their clauses, in order.

    ``explanation`` is the reason in a sentence or two, ``reason`` what the decider wrote. ``record_digest`` is the digest of
    the stored case, by which it can be recomputed. ``draft``: not issued, only looked at.
    """

    kind: ClassVar[str] = "ruling"

    owner: str
    clause: str
    explanation: str = field(metadata=_SAID)
    reason: str = field(default="", metadata=FREE_TEXT)
    unit: str
    event: str = field(metadata=VERBATIM)
    event_at: datetime
    buyers: tuple[Buyer, ...]
    claims: tuple[ClaimLine, ...]
    entries: tuple[Entry, ...]
    steps: tuple[tuple[int, str], ...]
    supersedes: str = ""
    finding: str = ""
    decider: str
    decided_at: datetime
    record_digest: str = field(metadata=VERBATIM)
    draft: bool = field(default=False, metadata=PRESENTATION)
    clauses: RulingClauses = field(default_factory=RulingClauses)

    def rounds(self) -> Iterator[Round]:
        """Every step of the rule; a step at which nobody was left is not asked any more."""
        left = self.entries
        for step, clause in self.steps:
            if not left:
                return
            out = tuple(entry for entry in left if entry.step == step)
            left = tuple(entry for entry in left if entry.step > step)
            yield Round(step=step, clause=clause, out=out, left=left)


@dataclass(frozen=True, kw_only=True)
class ExtractStep:
    """A step as the party reads it: passed, fell at it, or not asked any more (``passed`` None)."""

    step: int
    clause: str
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class RulingExtract(Document):
    """What one distributor is told: its own registration, how far it got, the clause, the reason. Nobody else appears.

    ``unit`` is told to the owner alone. ``number`` is the party's own, ``ruling`` the company's; the customer is the one that
    the party itself filed.
    """

    kind: ClassVar[str] = "ruling_extract"

    ruling: str
    distributor: str
    wins: bool
    clause: str
    explanation: str = field(metadata=_SAID)
    unit: str = ""
    event: str = field(metadata=VERBATIM)
    event_at: datetime
    customer: str
    phone: str = field(metadata=MASKED)
    registration_number: str
    filed_at: datetime
    visited_at: datetime | None
    until: datetime
    claim_number: str = ""
    claimed_at: datetime | None = None
    steps: tuple[ExtractStep, ...]
    anew: bool = False
    decided_at: datetime
    clauses: RulingClauses = field(default_factory=RulingClauses)


def print_ruling(values: RulingPaper) -> bytes:
    """The whole ruling as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("ruling.html", values)


def print_ruling_extract(values: RulingExtract) -> bytes:
    """The extract as PDF/A. Raises UnmaskedNumber when a whole phone or ID number is among the values."""
    return print_document("ruling_extract.html", values)
