"""Whatever cites a clause cites one that exists and can be explained in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from portal.rules import clauses

PORTAL = Path(clauses.__file__).parents[2]
CITED = re.compile(r"[\"'](GD-\d+|(?:RE|DM|DO|CM|CH|CX|DC|DS)-(?:\d+\.\d+|Q\d+|F\d+))[\"']")


def test_every_clause_that_is_cited_is_in_the_book() -> None:
    cited = {
        found
        for path in (*PORTAL.rglob("*.py"), *PORTAL.rglob("*.html"))
        for found in CITED.findall(path.read_text("utf-8"))
    }
    assert cited - set(clauses.book()) == set()
