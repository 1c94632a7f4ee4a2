"""Hashing of passwords with argon2id, and the first passwords that people are given."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: About 40 ms on one core. A change takes effect for each person at the next sign-in (``needs_rehash``).
_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
#: Letters and digits that nobody confuses when reading them to somebody else.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``, with its salt and parameters."""
    return _hasher.hash(_one_spelling(password))


def verify(password_hash: str, password: str) -> bool:
    """Whether ``password`` belongs to ``password_hash``."""
    try:
        return _hasher.verify(password_hash, _one_spelling(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def first_password() -> str:
    """Three groups of four characters, 59 bits: shown once to whoever hands it over, changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _one_spelling(password: str) -> str:
    """Full-width and half-width letters are the same password: which of them comes out depends on the input method."""
    return unicodedata.normalize("NFKC", password)


#: Verified when the login is unknown, so that both answers cost the same work.
NOBODYS_HASH = hash_password(secrets.token_hex(16))
