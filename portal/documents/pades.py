"""The company's digital signature on a finished PDF (PAdES), and the examination of one: bytes in, bytes or a finding out.

The signature is made with the company's own certificate. Where an authority is set it bears the authority's time stamp
(RFC 3161, PAdES B-T); otherwise the time is the server's alone.
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
from urllib.parse import urlsplit

from asn1crypto.tsp import TimeStampReq, TimeStampResp
from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Company"
#: How long an authority may take for one answer, in seconds.
PATIENCE = 8
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
class Stamps:
    """Where time stamps come from. ``roots``: the certificates that they lead to; without them any sound stamp will do."""

    url: str
    roots: tuple[Certificate, ...] = ()

    @property
    def host(self) -> str:
        """What the paper calls the authority."""
        return urlsplit(self.url).hostname or self.url

    def ask(self) -> None:
        """Have some digest stamped, to see whether the authority answers. Raises NoTimeStamp."""
        try:
            _finished(_Stamper(self.url, timeout=PATIENCE).async_timestamp(bytes(32), "sha256"))
        except (TimestampRequestError, TimeoutError) as error:
            raise NoTimeStamp(f"{type(error).__name__}: no time stamp") from None


class _Stamper(HTTPTimeStamper):
    """Asks the authority; an answer that cannot be read is none."""

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        try:
            answer = await super().async_request_tsa_response(req)
            answer.native  # noqa: B018 - reads the whole of it
        except (ValueError, TypeError) as error:
            raise TimestampRequestError("the answer cannot be read") from error
        return answer


class NoTimeStamp(Exception):
    """The authority did not answer, or its answer is no time stamp of this file. Nothing was signed; to be tried again."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a signed PDF says. ``unaltered``: the whole file is as it was signed; ``ours``: with the certificate asked about.

    ``stamped_at``: by the authority ``stamped_by``, whose stamp is sound; None without one.
    """

    signed: bool
    unaltered: bool
    ours: bool
    holder: str = ""
    signed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""


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


def load_roots(path: Path) -> tuple[Certificate, ...]:
    """The certificates of a PEM file. Raises OSError or ValueError when it is missing, damaged or empty."""
    try:
        return tuple(load_certs_from_pemder([str(path)]))
    except ValueError:
        raise ValueError(f"{path} holds no certificate") from None


def sign_pdf(pdf: bytes, seal: Seal, *, reason: str, place: str, stamps: Stamps | None = None) -> bytes:
    """The PDF with an invisible PAdES signature over the whole of it, in one incremental update: B-B, with ``stamps`` B-T.

    Raises NoTimeStamp when the authority gives none that holds: never a signature without the stamp that was wanted.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=seal.holder,
        reason=reason,
        location=place,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    stamper = None if stamps is None else _Stamper(stamps.url, timeout=PATIENCE)
    signer = signers.PdfSigner(meta, signer=seal.signer, timestamper=stamper)
    try:
        signed = _finished(signer.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))))
    except (TimestampRequestError, TimeoutError) as error:
        raise NoTimeStamp(f"{type(error).__name__}: no time stamp") from None
    content: bytes = signed.getvalue()
    if stamps is not None:
        _check_stamp(content, seal, stamps)
    return content


def _check_stamp(signed: bytes, seal: Seal, stamps: Stamps) -> None:
    """Raises NoTimeStamp unless the stamp is over this signature, sound, and of the authority where its roots are known."""
    try:
        status = _finished(_validated(signed, seal, stamps)).timestamp_validity
    except SignatureValidationError:
        raise NoTimeStamp("the answer is no time stamp of this file") from None
    if status is None or not (status.intact and status.valid):
        raise NoTimeStamp("the answer is no time stamp of this file")
    if stamps.roots and not status.trusted:
        raise NoTimeStamp("the time stamp does not lead to the roots that are set")


def examine(pdf: bytes, seal: Seal | None, stamps: Stamps | None = None) -> Examined:
    """Whether the PDF is signed, is as it was signed, by ``seal``, and stamped. Never raises for what is in the file."""
    try:
        if not PdfFileReader(BytesIO(pdf)).embedded_signatures:
            return Examined(signed=False, unaltered=False, ours=False)
        status = _finished(_validated(pdf, seal, stamps))
    except (PdfReadError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        return Examined(signed=True, unaltered=False, ours=False)
    return _examined(status, seal)


async def _validated(pdf: bytes, seal: Seal | None, stamps: Stamps | None) -> PdfSignatureStatus:
    """The last signature of the file. Validated where a loop runs already."""
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1]
    ours = [] if seal is None else [seal.signer.signing_cert]
    authority = list(stamps.roots) if stamps is not None else []
    return await async_validate_pdf_signature(signature, _trusting(ours), _trusting(authority))


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
        **_stamp_of(status),
    )


def _stamp_of(status: PdfSignatureStatus) -> dict[str, Any]:
    """When and by whom the time was stamped; nothing without a sound stamp."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid):
        return {}
    holder = stamp.signing_cert.subject.native
    name = holder.get("common_name") or holder.get("organization_name", "")
    return {"stamped_at": stamp.timestamp.astimezone(UTC), "stamped_by": name}


def _trusting(roots: list[Certificate]) -> ValidationContext:
    """These alone are trusted and nothing is fetched: whether it is theirs is what is asked."""
    return ValidationContext(
        trust_roots=roots, allow_fetching=False, other_certs=SimpleCertificateStore.from_certs(roots)
    )
