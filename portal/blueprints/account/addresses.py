"""Addresses that come from outside ("next"): only pages of this portal are followed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def wanted_address(default: str) -> str:
    """The page named by ``next`` in the address or the form when it is a path of this portal, else ``default``."""
    wanted = request.values.get("next", "")
    return wanted if is_local(wanted) else default


def is_local(address: str) -> bool:
    """One slash at the beginning, no host, nothing that a browser would read as a slash or skip."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc
