"""What the top of the next page says after a step: what was done, to what, and who has been told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.queries.aftermaths import Aftermath
from portal.wording.history import describe

_MOST_DEEDS = 3
_MOST_NAMES = 4


def words_of(aftermath: Aftermath, about: str, zone: ZoneInfo) -> tuple[str, str]:
    """The bold words and the rest. ``about``: what the step was about, as people call it; the history may not name it."""
    done = list(dict.fromkeys(describe(deed.verb, deed.facts, zone) for deed in aftermath.deeds))
    if not done:
        return _("没有新的改动。"), _("已经是这样；同样的操作发出两次只算一次。")
    first = done[0] if not about or about in done[0] else _("%(about)s · %(done)s", about=about, done=done[0])
    return first, _joined([*done[1:_MOST_DEEDS], *_told(aftermath)])


def _told(aftermath: Aftermath) -> list[str]:
    names = [*aftermath.partners, *aftermath.colleagues]
    said = [_("已通知%(people)s。", people=_people(names))] if names else []
    if aftermath.messages:
        said.append(ngettext("另有 %(num)d 条邮件或短信待发。", "另有 %(num)d 条邮件或短信待发。", aftermath.messages))
    return said or [_("没有要通知的人，经办人和时间都已记录。")]


def _people(names: list[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return _("、").join(names)
    return _("%(names)s等 %(num)d 方", names=_("、").join(names[: _MOST_NAMES - 1]), num=len(names))


def _joined(sentences: list[str]) -> str:
    return "".join(sentences) if _("、") == "、" else " ".join(sentences)
