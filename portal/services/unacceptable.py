"""A value that a command cannot take: which field of the form it came from, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.models import db


class Unacceptable(Exception):
    """Names the field and the reason (portal/wording/unacceptable.py has the words); nothing was changed."""

    def __init__(self, field: str, reason: str, **facts: Any) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.facts = facts


@contextmanager
def unique(**constraints: tuple[str, str]) -> Iterator[None]:
    """Write what the block changed; a broken unique constraint becomes Unacceptable(field, reason) of ``constraints``.

    The database decides, not a look beforehand: of two commands in the same moment exactly one goes through.
    """
    try:
        yield
        db.session.flush()
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if name not in constraints:
            raise
        raise Unacceptable(*constraints[name]) from None
