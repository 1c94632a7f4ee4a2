"""The contract (分销合同) as it is signed, and as it was signed: the same text, then who signed how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from portal.documents.printing import print_document
from portal.documents.signatures import Ink, Stroke, ink_of
from portal.documents.values import EXACT, PRESENTATION, VERBATIM, Document


@dataclass(frozen=True, kw_only=True)
class Part:
    """An article, or a chapter of an annex: its heading and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...] = field(metadata=EXACT)


@dataclass(frozen=True, kw_only=True)
class Annex:
    """A policy in plain words."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class SideSigned:
    """How one side signed. ``method`` is account, glass or paper; empty: it has not, and signs by hand here."""

    side: str = field(metadata=VERBATIM)
    party: str = field(metadata=EXACT)
    method: str = field(default="", metadata=VERBATIM)
    name: str = ""
    title: str = ""
    code_address: str = ""
    at: datetime | None = None
    strokes: tuple[Stroke, ...] = field(default=(), metadata=VERBATIM)
    width: float = 0.0
    height: float = 0.0

    @property
    def ink(self) -> Ink:
        """The hand on the glass, ready to draw."""
        return ink_of(self.strokes, self.width, self.height)


@dataclass(frozen=True, kw_only=True)
class ContractPaper(Document):
    """The contract. ``text_digest`` is what both sides sign; ``seal`` names the company's certificate once it is sealed.

    ``draft``: not open for signing yet, only looked at.
    """

    kind: ClassVar[str] = "contract"

    title: str
    preamble: tuple[str, ...] = field(metadata=EXACT)
    articles: tuple[Part, ...]
    annexes: tuple[Annex, ...]
    sides: tuple[SideSigned, SideSigned]
    text_digest: str = field(metadata=VERBATIM)
    seal: str = ""
    # The authority that stamps the time on the signed file; empty where none is set.
    stamped_by: str = field(default="", metadata=PRESENTATION)
    draft: bool = field(default=False, metadata=PRESENTATION)


@dataclass(frozen=True, kw_only=True)
class SignedContractPaper(ContractPaper):
    """The contract with both signatures, before the company's digital signature is put on the file."""

    kind: ClassVar[str] = "contract_signed"


def print_contract(values: ContractPaper) -> bytes:
    """The contract as tagged PDF/A, pages counted. Raises UnmaskedNumber when a signer's name holds a whole number."""
    return print_document("contract.html", values)
