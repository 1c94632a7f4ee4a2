"""What stands around a filing and is none: quoted messages, mentions, the heads of forwarded chat lines."""

from __future__ import annotations

import re

from portal.rules.messages.fold import Source

RULE = r"[ \t]*(?:(?:[-—–_=*~·.─━┄┈＿#+][ \t]*){3,}|[—─━]{2}[ \t]*)"
_QUOTED = re.compile(rf"^[ \t]*[「“\"][^\n]{{0,40}}?[:]?(?:[^「」]|\n)*?[」”\"][ \t]*\n{RULE}$", re.MULTILINE)
_QUOTE_LINE = re.compile(r"^[ \t]*(?:>+|\[引用\]|引用[ :]|回复 ?\S{1,10}的消息).*$", re.MULTILINE)
_MENTION = re.compile(r"@(?:所有人|[^\s@,:]{1,20})(?=\s|$|[,:])[\s,:]?")
_DAY = r"(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
_CLOCK = r"(?:上午|下午|晚上|凌晨)?\s?\d{1,2}:\d\d(?::\d\d)?"
# A line with a name and an hour may be a customer and a visit: only a colon behind it or a full date makes it a head.
_CHAT_LINE = re.compile(
    rf"^[ \t]*(?P<who>(?:(?![今明后]天|周|星期|礼拜)[^\s:,\d]){{1,12}}(?:\([^()\n]{{1,10}}\))?)[ \t]+"
    rf"(?:(?:{_DAY}|昨天|今天|星期.)?\s?{_CLOCK}[ \t]*:[ \t]*|20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?\s+{_CLOCK}[ \t]*\n)",
    re.MULTILINE,
)
_STICKER = re.compile(r"\[[\u4e00-\u9fff]{1,4}\](?!\s*[:\d])")
_STICKERS = frozenset(
    [
        "抱拳",
        "玫瑰",
        "太阳",
        "微笑",
        "强",
        "握手",
        "合十",
        "呲牙",
        "愉快",
        "拥抱",
        "庆祝",
        "加油",
        "爱心",
        "咖啡",
        "嘿哈",
        "捂脸",
        "机智",
        "耶",
        "奸笑",
        "偷笑",
        "色",
        "得意",
        "憨笑",
        "鼓掌",
        "胜利",
        "跳跳",
        "转圈",
        "鲜花",
        "红包",
        "發",
        "福",
        "礼物",
        "烟花",
        "爆竹",
        "图片",
        "视频",
        "语音",
        "表情",
        "链接",
        "文件",
        "位置",
        "害羞",
        "可怜",
        "ok",
        "憨笑",
        "坏笑",
        "调皮",
        "大笑",
        "撇嘴",
        "发呆",
        "流泪",
        "尴尬",
        "惊讶",
        "酷",
        "再见",
        "擦汗",
        "抠鼻",
        "左哼哼",
        "右哼哼",
        "哈欠",
        "鄙视",
        "委屈",
        "亲亲",
        "破涕为笑",
        "苦涩",
        "裂开",
        "旺柴",
        "好的",
        "汗",
        "天啊",
        "社会社会",
        "吃瓜",
        "加油加油",
        "666",
        "让我看看",
        "叹气",
        "翻白眼",
        "蛋糕",
        "啤酒",
        "心碎",
        "月亮",
        "便便",
        "炸弹",
        "刀",
        "足球",
        "猪头",
        "凋谢",
        "嘴唇",
        "弱",
        "勾引",
        "拳头",
    ]
)


def _stickers(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _STICKER.finditer(text) if m.group()[1:-1] in _STICKERS]


def without_context(source: Source) -> Source:
    """The source with its context blanked out."""
    quoted = [match.span() for pattern in (_QUOTED, _QUOTE_LINE) for match in pattern.finditer(source.text)]
    bare = source.blanked(quoted)
    around = [match.span() for pattern in (_CHAT_LINE, _MENTION) for match in pattern.finditer(bare.text)]
    return bare.blanked([*around, *_stickers(bare.text)])
