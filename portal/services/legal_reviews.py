"""Who reviews a contract or a template, and that nobody stands in for legal (CH-5.3, CH-5.4).

Only people with the role ``legal`` review, and none of them what they wrote on. Where nobody is left, the text waits and the
administrators are told, once a day, until somebody can.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.access import Permission
from portal.models import Contract, ContractTemplate
from portal.one_by_one import each
from portal.queries import contracts as found
from portal.rules.periods import local_date
from portal.services import notices
from portal.services.contract_notices import holders
from portal.wording.times import PORTAL_ZONE

Text = Contract | ContractTemplate


def reviewers() -> Sequence[int]:
    """Everybody with the legal role who can sign in, as user ids."""
    return holders(Permission.REVIEW_CONTRACT)


def reviewers_of(text: Text) -> Sequence[int]:
    """Who of them may review this text, that is nobody who wrote on it."""
    writers = found.writers_of(text)
    return [one for one in reviewers() if one not in writers]


def ask_for_review(text: Text, now: datetime) -> int:
    """Tell everybody who may review it; where nobody may, tell the administrators instead. How many were told."""
    people = reviewers_of(text)
    if not people:
        return _tell_administrators(text, now)
    return _tell(people, text, "to_review", now.isoformat(), now)


def tell_what_nobody_reviews(now: datetime) -> int:
    """Tell the administrators of every text in review that nobody may review, once a day; how many were told anew."""
    waiting = [text for text in found.in_review() if not reviewers_of(text)]
    return each(waiting, lambda text: _tell_administrators(text, now))


def _tell_administrators(text: Text, now: datetime) -> int:
    return _tell(holders(Permission.MANAGE_USERS), text, "no_reviewer", str(local_date(now, PORTAL_ZONE)), now)


def _tell(people: Sequence[int], text: Text, what: str, occasion: str, now: datetime) -> int:
    noun = "contract" if isinstance(text, Contract) else "contract_template"
    facts: dict[str, Any] = {"reference": _called(text)}
    kind = f"{noun}.{what}"
    return notices.tell(people, kind, text, f"{_called(text)}:{occasion}", "CH-5.4", facts, now=now)


def _called(text: Text) -> str:
    return text.reference if isinstance(text, Contract) else f"{text.name}-{text.version}"
