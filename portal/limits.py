"""Limits that a form answers in words: how often one person, and one distributor, may do what could be guessed with."""

from __future__ import annotations

import hmac
import secrets
import time

from flask_limiter import RateLimitExceeded
from flask_limiter.util import get_remote_address

from portal.extensions import limiter
from portal.models import User

#: Claims by a typed number.
_PER_PERSON = "5 per hour; 20 per day"
_PER_DISTRIBUTOR = "15 per hour; 40 per day"


def may_type_a_number(person: User) -> bool:
    """Count one more claim by a typed number; False when it is one too many for the person or for its distributor."""
    try:
        with limiter.limit(_PER_PERSON, key_func=lambda: f"claims:person:{person.id}"):
            pass
        with limiter.limit(_PER_DISTRIBUTOR, key_func=lambda: f"claims:distributor:{person.distributor_id}"):
            pass
    except RateLimitExceeded:
        return False
    return True


class _PassingKey:
    """A key that this process keeps in its memory for an hour and then forgets."""

    def __init__(self) -> None:
        self._key, self._until = b"", 0.0

    def now(self) -> bytes:
        """The present key."""
        if time.monotonic() >= self._until:
            self._key, self._until = secrets.token_bytes(32), time.monotonic() + 3600
        return self._key


_passing = _PassingKey()


def nameless_share() -> str:
    """Whom a whistle-blower's requests are counted for: a mark of the address that nobody can lead back to it.

    Its key is never written down and is gone after an hour, so neither the counter nor a copy of it says who asked.
    """
    return hmac.new(_passing.now(), get_remote_address().encode(), "sha256").hexdigest()[:16]
