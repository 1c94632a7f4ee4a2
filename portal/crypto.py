"""Sealing of personal data (AES-256-GCM) and keyed fingerprints for matching what is sealed.

A sealed value is ``version(1) | length of key id(1) | key id | nonce(12) | ciphertext and tag``. The name of the column is
authenticated with it, so a value copied into another column does not open. Fingerprints are HMAC-SHA-256 under their
own key: equal values give equal fingerprints, nothing can be computed without the key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.config import Settings

_VERSION = 1
_NONCE = 12


class SealBroken(Exception):
    """A sealed value could not be opened: unknown key, wrong column or altered bytes. Says nothing of the value."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The sealing keys by id (the last one seals) and the key of the fingerprints."""

    sealing: dict[str, bytes]
    matching: bytes

    @classmethod
    def from_settings(cls, settings: Settings) -> Keyring:
        sealing = {key_id: base64.b64decode(key.get_secret_value()) for key_id, key in settings.sealing_keys.items()}
        return cls(sealing, base64.b64decode(settings.matching_key.get_secret_value()))

    @property
    def current(self) -> str:
        return next(reversed(self.sealing))


_keyring: Keyring | None = None


def use_keys(keyring: Keyring) -> None:
    """Set the keys of this process; create_app does it once."""
    global _keyring
    _keyring = keyring


def _keys() -> Keyring:
    if _keyring is None:
        raise RuntimeError("no keys: create_app has not run")
    return _keyring


def seal(plain: str, *, column: str) -> bytes:
    """Encrypt ``plain`` for ``column`` ("table.column") under the current key."""
    return seal_bytes(plain.encode(), column=column)


def seal_bytes(plain: bytes, *, column: str) -> bytes:
    """The same for what is no text: the content of a file."""
    keys = _keys()
    nonce = os.urandom(_NONCE)
    body = AESGCM(keys.sealing[keys.current]).encrypt(nonce, plain, column.encode())
    return sealed_prefix() + nonce + body


def current_key() -> str:
    """The id of the key that seals."""
    return _keys().current


def sealed_prefix() -> bytes:
    """How every value sealed under the current key begins."""
    key_id = _keys().current.encode()
    return bytes([_VERSION, len(key_id)]) + key_id


def unseal(sealed: bytes, *, column: str) -> str:
    """Decrypt a value of ``column``. Raises SealBroken."""
    return unseal_bytes(sealed, column=column).decode()


def unseal_bytes(sealed: bytes, *, column: str) -> bytes:
    """Decrypt what ``seal_bytes`` sealed. Raises SealBroken."""
    key = _keys().sealing.get(key_id_of(sealed))
    if key is None:
        raise SealBroken(f"unknown key for {column}")
    start = 2 + sealed[1]
    nonce, body = sealed[start : start + _NONCE], sealed[start + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, column.encode())
    except InvalidTag:
        raise SealBroken(f"altered value in {column}") from None


def key_id_of(sealed: bytes) -> str:
    """Which key sealed this value. Raises SealBroken when it is not a sealed value."""
    if len(sealed) < 2 + _NONCE or sealed[0] != _VERSION:
        raise SealBroken("not a sealed value")
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


def fingerprint(kind: str, value: str) -> bytes:
    """16 bytes that stand for ``value`` of ``kind`` (phone, id_number, company_code …) wherever it is matched."""
    return hmac.digest(_keys().matching, f"{kind}\x00{value}".encode(), "sha256")[:16]


def search_token(text: str) -> int:
    """A signed 64-bit token for one searchable piece of text (part of a name, its pinyin, last four digits)."""
    raw = hmac.digest(_keys().matching, f"search\x00{text}".encode(), "sha256")[:8]
    return int.from_bytes(raw, "big", signed=True)


def scramble(number: int) -> int:
    """A keyed permutation of 30-bit numbers: different numbers stay different, their order and count show nothing."""
    left, right = number >> 15, number & 0x7FFF
    for turn in range(4):
        mixed = hmac.digest(_keys().matching, b"scramble%d:%d" % (turn, right), "sha256")
        left, right = right, left ^ (int.from_bytes(mixed[:2], "big") & 0x7FFF)
    return left << 15 | right


def unscramble(number: int) -> int:
    """The number that ``scramble`` made this of."""
    left, right = number >> 15, number & 0x7FFF
    for turn in reversed(range(4)):
        mixed = hmac.digest(_keys().matching, b"scramble%d:%d" % (turn, left), "sha256")
        left, right = right ^ (int.from_bytes(mixed[:2], "big") & 0x7FFF), left
    return left << 15 | right


def digest(content: bytes) -> str:
    """SHA-256 in hex: the name under which evidence and documents are remembered."""
    return hashlib.sha256(content).hexdigest()
