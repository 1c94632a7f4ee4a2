"""Strong keys of customers (phone, ID number, registration code) as fingerprints: what one is matched by in a project."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from portal.models.base import Numbered


class StrongKey(Numbered):
    """A strong key of somebody who stands in a row of another table; the table says of whom, and what is unique."""

    project_id: Mapped[int]
    kind: Mapped[str]
    fingerprint: Mapped[bytes]
