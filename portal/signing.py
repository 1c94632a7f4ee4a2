"""The company's certificate: where it comes from, and whether there is one. Without it nobody signs electronically here."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from portal.config import Settings
from portal.documents.pades import Seal, Stamps, load_roots, load_seal
from portal.rules.refusal import Refusal


class SealMissing(Exception):
    """What is wrong with the certificate or its key, in a sentence for the operator."""


def seal() -> Seal:
    """The company's seal. Raises SealMissing naming the setting or the file."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.signing_certificate or not settings.signing_key:
        raise SealMissing("SIGNING_CERTIFICATE or SIGNING_KEY is not set")
    passphrase = settings.signing_passphrase.get_secret_value() if settings.signing_passphrase else None
    try:
        return load_seal(Path(settings.signing_certificate), Path(settings.signing_key), passphrase)
    except (OSError, ValueError) as error:
        raise SealMissing(f"{type(error).__name__}: {error}") from None


def stamps() -> Stamps | None:
    """Where time stamps come from; None where no authority is set. Raises SealMissing for roots that cannot be read."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.signing_tsa_url:
        return None
    if not settings.signing_tsa_roots:
        return Stamps(settings.signing_tsa_url)
    try:
        return Stamps(settings.signing_tsa_url, load_roots(Path(settings.signing_tsa_roots)))
    except (OSError, ValueError) as error:
        raise SealMissing(f"{type(error).__name__}: {error}") from None


def is_ready() -> bool:
    """Whether the company can sign electronically."""
    try:
        seal()
    except SealMissing:
        return False
    return True


def require() -> None:
    """Raises Refusal(CH-5.5) without a certificate: there is no electronic signature without one, only paper."""
    if not is_ready():
        raise Refusal("no_signing_certificate", "CH-5.5")
