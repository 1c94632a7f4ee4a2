"""The company's digital signature on a finished PDF (PAdES), and the examination of one: bytes in, bytes or a finding out.

The signature is made with the company's own certificate, without a time stamp of a third party: the time is the server's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Company"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Seal:
    """The company's certificate with its key, ready to sign."""

    signer: signers.SimpleSigner
    holder: str
    fingerprint: str
    not_after: datetime
    self_signed: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What a signed PDF says. ``unaltered``: the whole file is as it was signed; ``ours``: with the certificate asked about."""

    signed: bool
    unaltered: bool
    ours: bool
    holder: str = ""
    signed_at: datetime | None = None


def load_seal(certificate: Path, key: Path, passphrase: str | None) -> Seal:
    """The seal from two PEM files. Raises OSError or ValueError when one is missing, damaged, or not the other's."""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    signer = signers.SimpleSigner.load(
        str(key), str(certificate), key_passphrase=passphrase.encode() if passphrase else None
    )
    if signer is None or signer.signing_cert is None:
        raise ValueError(f"{key} cannot be opened with its passphrase")
    return Seal(
        signer=signer,
        holder=signer.signing_cert.subject.native.get("common_name", ""),
        fingerprint=signer.signing_cert.sha256.hex(),
        not_after=read.not_valid_after_utc,
        self_signed=read.issuer == read.subject,
    )


def sign_pdf(pdf: bytes, seal: Seal, *, reason: str, place: str) -> bytes:
    """The PDF with an invisible PAdES signature (B-B) over the whole of it, in one incremental update."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=seal.holder,
        reason=reason,
        location=place,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signed = _finished(
        signers.PdfSigner(meta, signer=seal.signer).async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    )
    content: bytes = signed.getvalue()
    return content


def examine(pdf: bytes, seal: Seal | None) -> Examined:
    """Whether the PDF is signed, is as it was signed, and by ``seal``. Never raises for what is in the file."""
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not found:
            return Examined(signed=False, unaltered=False, ours=False)
        status = _finished(async_validate_pdf_signature(found[-1], _trusting(seal)))
    except (PdfReadError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        return Examined(signed=True, unaltered=False, ours=False)
    return _examined(status, seal)


def _finished(work: Coroutine[Any, Any, Result]) -> Result:
    """What the coroutine comes to. In a thread of its own: the caller's may be running a loop already."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result()


def _examined(status: PdfSignatureStatus, seal: Seal | None) -> Examined:
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    certificate = status.signing_cert
    at = status.signer_reported_dt
    return Examined(
        signed=True,
        unaltered=bool(status.intact and status.valid and whole),
        ours=seal is not None and certificate.sha256.hex() == seal.fingerprint,
        holder=certificate.subject.native.get("common_name", ""),
        signed_at=at.astimezone(UTC) if at else None,
    )


def _trusting(seal: Seal | None) -> ValidationContext:
    """Our own certificate is trusted and nothing is fetched: whether it is ours is what is asked."""
    roots = [] if seal is None else [seal.signer.signing_cert]
    return ValidationContext(
        trust_roots=roots, allow_fetching=False, other_certs=SimpleCertificateStore.from_certs(roots)
    )
