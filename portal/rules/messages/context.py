"""What stands around a filing and is none: quoted messages, mentions, the heads of forwarded chat lines."""

from __future__ import annotations

import re

from portal.rules.messages.fold import Source
from portal.rules.messages.words.phrases import STICKERS

RULE = r"[ \t]*(?:(?:[-—–_=*~·.─━┄┈＿#+][ \t]*){3,}|[—─━]{2}[ \t]*)"
_QUOTED = re.compile(rf"^[ \t]*[「“\"][^「」]*?[」”\"][ \t]*\n{RULE}$", re.MULTILINE)
_QUOTE_LINE = re.compile(r"^[ \t]*(?:>+|\[引用\]|引用[ :]|回复 ?\S{1,10}的消息).*$", re.MULTILINE)
_MENTION = re.compile(r"@(?:所有人|[^\s@,:]{1,20})(?=\s|$|[,:])[\s,:]?")
_DAY = r"(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"(?:上午|下午|晚上|凌晨)?\s?\d{1,2}:\d\d(?::\d\d)?"
_WHO = r"(?:(?![今明后]天|周[一二三四五六日末]|星期|礼拜)[^\s:,\d]){1,12}(?:\([^()\n]{1,10}\))?"
# A line with a name and an hour may be a customer and a visit: only a colon behind it or a full date makes it a head.
# Who speaks stays to be read where the words stand behind a colon.
_SPEECH = re.compile(
    rf"^[ \t]*{_WHO}(?P<stamp>[ \t]+(?:{_DAY}|昨天|今天|星期.)?\s?{_CLOCK}[ \t]*)(?=:(?!\d))", re.MULTILINE
)
_CHAT_HEAD = re.compile(
    rf"^[ \t]*{_WHO}[ \t]+20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?\s+{_CLOCK}[ \t]*\n", re.MULTILINE
)
# Somebody and an hour at the head of a form are who sent it and when.
_FORM_HEAD = re.compile(
    rf"\A\s*{_WHO}[ \t]+(?:昨天|今天|星期.)?\s?{_CLOCK}[ \t]*\n"
    r"(?=(?:[^\n]*\n){0,4}?[^\w\n]*(?:客户)?(?:姓名|名称|名字)[ \t:])"
)
_HANDLE = re.compile(r"(?:微信|威信|v信|vx|wx|qq)号?\s?:?\s?[a-z][a-z0-9_-]{4,19}")
_STICKER = re.compile(r"\[[\u4e00-\u9fff]{1,4}\](?!\s*[:\d])")


def _stickers(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _STICKER.finditer(text) if m.group()[1:-1] in STICKERS]


def without_context(source: Source) -> Source:
    """The source with its context blanked out."""
    quoted = [match.span() for pattern in (_QUOTED, _QUOTE_LINE) for match in pattern.finditer(source.text)]
    bare = source.blanked(quoted)
    around = [
        match.span() for pattern in (_CHAT_HEAD, _FORM_HEAD, _MENTION, _HANDLE) for match in pattern.finditer(bare.text)
    ]
    stamps = [match.span("stamp") for match in _SPEECH.finditer(bare.text)]
    return bare.blanked([*around, *stamps, *_stickers(bare.text)])
