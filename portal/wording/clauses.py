"""A clause as a page shows it: the reader's language first, the other one under it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from portal.rules.clauses import Clause, book

_OTHER = {"zh_Hans_CN": "en", "en": "zh_Hans_CN"}
_LANG = {"zh_Hans_CN": "zh-Hans", "en": "en"}
#: Regime -> what it is about, in the order in which people look for them.
REGIMES = {
    "RE": _l("地产分销"),
    "RE-Q": _l("约定的读法"),
    "RE-F": _l("细则"),
    "DM": _l("分销商管理"),
    "DO": _l("新分销商准入"),
    "CM": _l("分级与关怀"),
    "CH": _l("渠道合作规范"),
    "CX": _l("客户体验"),
    "DC": _l("渠道协同"),
    "DS": _l("售后与投诉"),
    "GD": _l("通用约定"),
}


@dataclass(frozen=True)
class ClausePage:
    """One clause for one reader. ``other_lang`` is the language of the second wording, as HTML writes it."""

    id: str
    title: str
    meaning: str
    other_title: str
    other_meaning: str
    other_lang: str


def clause_page(clause_id: str) -> ClausePage | None:
    """The clause, or None when no book has it."""
    found = book().get(clause_id)
    return None if found is None else _page(found)


def book_of() -> list[tuple[str, list[ClausePage]]]:
    """Every clause by the chapter of its regime (RE-2 地产分销, RE-3 …)."""
    chapters = groupby((_page(found) for found in book().values()), key=lambda page: page.id.split(".")[0])
    gathered: dict[str, list[ClausePage]] = {}
    for name, pages in chapters:
        gathered.setdefault(_chapter(name), []).extend(pages)
    return [(f"{name} {_regime(name)}", gathered[name]) for name in sorted(gathered, key=_place)]


def _place(chapter: str) -> tuple[int, int]:
    """Regimes in the order of the table, their chapters by number, open points behind them."""
    regime, _, rest = chapter.partition("-")
    own = chapter if chapter in REGIMES else regime
    return list(REGIMES).index(own), int(rest) if rest.isdigit() else 99


def _regime(chapter: str) -> LazyString:
    return REGIMES.get(chapter) or REGIMES[chapter.partition("-")[0]]


def _chapter(name: str) -> str:
    """RE-2.8 belongs to RE-2; RE-Q10 and RE-F1, which have no chapters, to RE-Q and RE-F."""
    regime, _, rest = name.partition("-")
    return f"{regime}-{rest[0]}" if rest[:1].isalpha() else name


def _page(clause: Clause) -> ClausePage:
    here = "en" if str(get_locale() or "").startswith("en") else "zh_Hans_CN"
    other = _OTHER[here]
    return ClausePage(
        clause.id,
        clause.title(here),
        clause.meaning(here),
        clause.title(other),
        clause.meaning(other),
        _LANG[other],
    )
