"""Limits that a form answers in words: how often one person, and one distributor, may do what could be guessed with."""

from __future__ import annotations

from flask_limiter import RateLimitExceeded

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
