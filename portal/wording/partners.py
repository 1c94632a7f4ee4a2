"""What a change of a distributor's status does, in words, before it is confirmed; and its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.queries.partners import Change, Effects
from portal.wording.history import describe
from portal.wording.people import ROLE_WORDS

Line = tuple[str, str]


def consequences(step: str, effects: Effects) -> list[Line]:
    """(sentence, clause) of everything that follows from the step, with the numbers of this moment."""
    return _STEPS[step](effects)


def told(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The history of the cooperation as ``ui.trail`` takes it."""
    return [
        {
            "at": change.entry.happened_at,
            "words": describe(change.entry.verb, change.entry.facts),
            "clause": change.entry.clause,
            "by": " ".join(str(part) for part in (ROLE_WORDS.get(change.entry.actor_role), change.by) if part),
            "system": change.by is None,
        }
        for change in changes
    ]


def _suspension(effects: Effects) -> list[Line]:
    return [
        (_("从现在起不能报备、申请延期；其人员仍能登录查看。"), "DM-12.1"),
        (_("正在进行的 %(num)d 份报备保护和保护期照常走到期满。", num=effects.voidable), "RE-Q34"),
        (_("已提出的 %(num)d 份延期申请照常决定。", num=effects.requests), "RE-F11"),
    ]


def _blacklisting(effects: Effects) -> list[Line]:
    return [
        (
            ngettext(
                "%(num)d 个账号的登录立刻结束，不能再报备、带客、申请。",
                "%(num)d 个账号的登录立刻结束，不能再报备、带客、申请。",
                effects.people,
            ),
            "RE-5.4",
        ),
        (
            _(
                "作废 %(holds)d 份报备保护、%(protections)d 份保护期，后面的报备依次递补。",
                holds=effects.holds,
                protections=effects.protections,
            ),
            "RE-Q34",
        ),
        (_("%(num)d 份未决的延期申请失效。", num=effects.requests), "RE-F11"),
        (_("%(num)d 份归属已锁定的不受影响。", num=effects.frozen), "RE-Q34"),
    ]


def _reinstatement(effects: Effects) -> list[Line]:
    return [
        (_("从现在起可以登录、报备和申请延期。"), "DM-12.1"),
        (_("已作废的报备不恢复，须重新报备。"), "RE-Q46"),
    ]


_STEPS: dict[str, Callable[[Effects], list[Line]]] = {
    "suspend": _suspension,
    "blacklist": _blacklisting,
    "reinstate": _reinstatement,
}
