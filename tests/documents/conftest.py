"""Prints are looked at with the tools that strangers would use: poppler and a QR reader."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from portal.documents.cases import (
    EvidencePackage,
    ExplanationRequest,
    PenaltyNotice,
    StaffLetter,
    print_evidence_package,
    print_explanation_request,
    print_penalty_notice,
    print_staff_letter,
)
from portal.documents.extension_approvals import ExtensionApproval, print_extension_approval
from portal.documents.filing_slips import FilingSlip, print_filing_slip
from portal.documents.rulings import RulingExtract, RulingPaper, print_ruling, print_ruling_extract
from portal.documents.values import Document
from portal.documents.visit_slips import VisitSlip, print_visit_slip
from tests.servers import PATIENCE_SECONDS


def print_any(values: Document) -> bytes:
    """The PDF of any of the kinds."""
    match values:
        case FilingSlip():
            return print_filing_slip(values)
        case VisitSlip():
            return print_visit_slip(values)
        case ExtensionApproval():
            return print_extension_approval(values)
        case RulingPaper():
            return print_ruling(values)
        case RulingExtract():
            return print_ruling_extract(values)
        case ExplanationRequest():
            return print_explanation_request(values)
        case PenaltyNotice():
            return print_penalty_notice(values)
        case StaffLetter():
            return print_staff_letter(values)
        case EvidencePackage():
            return print_evidence_package(values)
    raise TypeError(values)


def _run(*command: str | Path) -> str:
    return subprocess.run(
        command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE_SECONDS
    ).stdout


@dataclass(frozen=True)
class Print:
    """A PDF on disk, and what can be seen of it."""

    path: Path

    @property
    def bytes(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def pages(self) -> list[str]:
        """Text of each page without any white space: a value may wrap anywhere."""
        text = _run("pdftotext", "-raw", self.path, "-")
        return ["".join(page.split()) for page in text.split("\f")[:-1]]

    @property
    def text(self) -> str:
        return "".join(self.pages)

    def info(self, *options: str) -> str:
        return _run("pdfinfo", *options, self.path)

    def fonts(self) -> list[str]:
        return _run("pdffonts", self.path).splitlines()[2:]

    def pictures(self, dpi: int, last: int = 0) -> list[Path]:
        """Every page as a picture in grey, or those up to the ``last``. Packing them would take longer than all the rest."""
        root = self.path.with_name(f"{self.path.stem}-{dpi}-{last}")
        _run("pdftoppm", "-r", str(dpi), "-l", str(last), "-gray", self.path, root)
        return sorted(root.parent.glob(f"{root.name}-*.pgm"))

    def qr_code(self) -> str:
        return _run("zbarimg", "--quiet", "--raw", self.pictures(150, last=1)[0]).strip()


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Document], Print]:
    """``printed(values)`` prints, once for the same values, and keeps the PDF for the length of the run."""
    folder = tmp_path_factory.mktemp("documents")
    prints: dict[Document, Print] = {}

    def put(values: Document) -> Print:
        if values not in prints:
            path = folder / f"{len(prints)}.pdf"
            path.write_bytes(print_any(values))
            prints[values] = Print(path)
        return prints[values]

    return put
