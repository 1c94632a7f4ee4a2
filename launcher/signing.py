"""The company's certificate for signing contracts: made at the first start, self-signed, unless the settings name another."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("SIGNING_CERTIFICATE", "SIGNING_KEY", "SIGNING_PASSPHRASE")
#: Who signs, until a certificate of the company's own takes the place of this one; it says what it is.
HOLDER = "Jieding (self-signed)"
_LASTS = timedelta(days=3650)


def obtain(folder: Path, *, given: Mapping[str, str], matching_key: str) -> dict[str, str]:
    """The settings of the certificate: those given, else two files in ``folder``, the key sealed with a passphrase.

    The passphrase comes from the installation's matching key: the key file alone signs nothing.
    """
    if given.get("SIGNING_CERTIFICATE") or given.get("SIGNING_KEY"):
        return {name: given[name] for name in NAMES if given.get(name)}
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    passphrase = hmac.new(matching_key.encode(), b"signing key", hashlib.sha256).hexdigest()
    if not (certificate.exists() and key.exists()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(certificate, key, passphrase)
    return dict(zip(NAMES, (str(certificate), str(key), passphrase), strict=True))


def _make(certificate: Path, key: Path, passphrase: str) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOLDER)])
    now = datetime.now(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _LASTS)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    sealed = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    _write(key, sealed)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    """The whole file or none of it, for its owner alone."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
