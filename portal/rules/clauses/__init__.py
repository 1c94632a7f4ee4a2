"""The book of clauses: what each rule says in one sentence, in both languages. Data beside, in YAML; no decisions here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Clause:
    """One clause: its id (RE-2.8), its title and its meaning in Chinese, the source language, and in English."""

    id: str
    title_zh: str
    title_en: str
    zh: str
    en: str

    def meaning(self, locale: str) -> str:
        """The clause in one sentence, in English for ``en``, else in Chinese."""
        return self.en if locale.startswith("en") else self.zh

    def title(self, locale: str) -> str:
        """What the clause is about, in a few words."""
        return self.title_en if locale.startswith("en") else self.title_zh


@cache
def book() -> dict[str, Clause]:
    """Every clause by its id, in the order of the book."""
    found: dict[str, Clause] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        for clause_id, words in yaml.safe_load(path.read_text("utf-8")).items():
            found[clause_id] = Clause(clause_id, *(words[part] for part in ("title_zh", "title_en", "zh", "en")))
    return found


def clause(clause_id: str) -> Clause:
    """The clause with this id. Raises KeyError for an id that is in no book: nothing may cite it."""
    return book()[clause_id]


def meaning(clause_id: str, locale: str) -> str:
    """The one-sentence meaning of a clause. Raises KeyError for an unknown id."""
    return clause(clause_id).meaning(locale)
