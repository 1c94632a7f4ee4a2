"""What is sent twice counts once: the key of a form together with whom it is about."""

from __future__ import annotations

from portal import crypto
from portal.services.customers import Customer


def once(form_key: str | None, customer: Customer, *besides: int) -> str | None:
    """One row per form, customer and ``besides``; None for a command that no form sent.

    A form sent twice is one row; the same form brought back by the browser and filled with another customer is another.
    """
    if form_key is None:
        return None
    whom = sorted(print_.hex() for print_ in customer.fingerprints.values()) or [customer.name]
    return crypto.fingerprint("submission", "|".join([form_key, *map(str, besides), *whom])).hex()
