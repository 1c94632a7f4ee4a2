"""Where labels stand in a line: before a colon, in brackets, as a picture, or right before their value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.rules.messages.labels import LONGEST, bare, exact_label, label_at, short_slip, similar_label
from portal.rules.messages.names import could_be_called, is_absent, looks_like_a_name
from portal.rules.messages.organisations import channel_prefix, company_prefix
from portal.rules.messages.words.labels import PICTURES, Label
from portal.rules.messages.words.places import GENERAL, PLACES

_COLON = re.compile(r":+|[=➜→⇒➡▶►➔]+|-+>|=+>")
_SPACES = re.compile(r"\s+")
_VALUE_FIRST = re.compile(r"\s*\d+\s+(?=\S)")  # 人数：2 来源：…: the 2 is a value, not the number of a label
_CLOCK = re.compile(r"\d:\d")
_BOUNDARY = re.compile(r"[,;。|!?】\]」\t、]")
_BRACKETS = re.compile(r"[【\[〔<《](?P<inner>[^【】\[\]〔〕<>《》\n]{1,14})[】\]〕>》]\s?:?\s?")
_WORD = re.compile(r"[^\s,;。|/():\d+【】\[\]*]+")
_BEFORE_LABEL = re.compile(r"^|(?<=[^\w\u3400-\u9fff])")
_RARE_NAME = re.compile(r"[\u3400-\u9fff]{2,3}(?=[ ,;|/\d]|$)")
_RARE_COMPANY = re.compile(r"[\u3400-\u9fff]{2,12}(?=[ ,;|/\d]|$)")
_NAME_AND_NUMBER = re.compile(
    r"(?!电话|手机|号码|姓名|联系)[\u3400-\u9fff]{2,3}(?:[,\s]+(?:联系)?(?:电话|手机|号码|方式)|\()"
)
_LINK = re.compile(r"[ \t]*(?:[-—–]{1,2}|[/|]|是|为|叫|姓名叫)?[ \t]*")
_DIGITS = re.compile(r"[\d+(*]")
_PICTURE_FILLER = re.compile("[\\s\ufe0f\u200d\U0001f3fb-\U0001f3ff]*")
_SKIN = re.compile("[\ufe0f\u200d\u2640\u2642\U0001f3fb-\U0001f3ff]*")
_PERSONS = {Label.CUSTOMER, Label.NAME, Label.CONTACT, Label.BROKER, Label.ADVISER}
_NUMBERS = {Label.PHONE, Label.CUSTOMER_PHONE, Label.BROKER_PHONE, Label.ID}
_PASSING = {Label.PHONE, Label.CUSTOMER_PHONE, Label.NAME, Label.CUSTOMER, Label.VISIT, Label.PARTY, Label.ID}
_ORGANISATIONS = {Label.CHANNEL, Label.ORGANISATION, Label.COMPANY}
_HEADINGS = {Label.CUSTOMER, Label.CUSTOMER_PHONE, Label.NAME, Label.PHONE, Label.BROKER, Label.CHANNEL, Label.PROJECT}
_HEADINGS |= {Label.VISIT, Label.BROKER_PHONE, Label.COMPANY, Label.CONTACT}
_NOT_AS_SUFFIX = {*_ORGANISATIONS, Label.REMARK, Label.NOISE, Label.ORIGIN}


@dataclass(frozen=True)
class Anchor:
    """A label from ``start``; its value begins at ``value``. ``sure`` is False when it was misspelt."""

    start: int
    value: int
    label: Label
    sure: bool = True
    loose: bool = False  # without a colon


def find_anchors(text: str, start: int, end: int) -> list[Anchor]:
    """The labels of ``text[start:end]`` in order; they do not overlap."""
    anchors = _bracketed(text, start, end)
    anchors += _before_colons(text, start, end, anchors)
    taken = bytearray(end - start)
    for anchor in anchors:
        _take(taken, anchor, start)
    for finder in (_pictures, _glued):
        for anchor in finder(text, start, end):
            if taken.find(1, anchor.start - start, anchor.value - start) < 0:
                anchors.append(anchor)
                _take(taken, anchor, start)
    return _without_remarks(sorted(anchors, key=lambda anchor: anchor.start))


def _take(taken: bytearray, anchor: Anchor, start: int) -> None:
    """Mark the letters of the label as read; ``start`` is where ``taken`` begins."""
    taken[anchor.start - start : anchor.value - start] = b"\1" * (anchor.value - anchor.start)


def _without_remarks(anchors: list[Anchor]) -> list[Anchor]:
    """备注：…，电话138…是他太太的: what a remark mentions without a colon belongs to the remark."""
    kept: list[Anchor] = []
    for anchor in anchors:
        if anchor.loose and anchor.label in _PASSING and any(each.label is Label.REMARK for each in kept):
            continue
        kept.append(anchor)
    return kept


def _bracketed(text: str, start: int, end: int) -> list[Anchor]:
    anchors = []
    for match in _BRACKETS.finditer(text, start, end):
        label = exact_label(match["inner"]) or similar_label(match["inner"])
        if label is not None:
            anchors.append(Anchor(match.start(), match.end(), label))
    return anchors


def _before_colons(text: str, start: int, end: int, taken: list[Anchor]) -> list[Anchor]:
    anchors: list[Anchor] = []
    for match in _COLON.finditer(text, start, end):
        if _CLOCK.match(text, match.start() - 1):
            continue
        if any(other.start <= match.start() < other.value for other in taken):
            continue
        floor = max([start, *(a.value for a in (*taken, *anchors) if a.value <= match.start())])
        anchor = _label_before(text, floor, match.start(), match.end(), end)
        if anchor is not None:
            anchors.append(anchor)
    return anchors


def _label_before(text: str, floor: int, stop: int, value: int, end: int) -> Anchor | None:
    """The label that ends at ``stop``: the words back to a boundary, or fewer of them, or the end of a word."""
    for boundary in _BOUNDARY.finditer(text, floor, stop):
        floor = boundary.end()
    starts = [floor, *(m.end() for m in _SPACES.finditer(text, floor, stop) if m.end() < stop)]
    starts = [first for first in starts if not _VALUE_FIRST.match(text, first, stop)]
    for reader, sure in ((exact_label, True), (similar_label, False)):
        for first in starts:
            label = reader(text[first:stop])
            if label is not None:
                return Anchor(first, value, label, sure)
    word = text[starts[-1] : stop]
    return _end_of_word(word, starts[-1], value) or _slip(text, starts[-1], stop, value, end)


def _end_of_word(word: str, start: int, value: int) -> Anchor | None:
    if looks_like_a_name(word):
        return None
    for size in range(min(len(word) - 1, LONGEST), 1, -1):
        label = exact_label(word[-size:])
        if label is not None and label not in _NOT_AS_SUFFIX:
            return Anchor(start + len(word) - size, value, label)
    return None


def _slip(text: str, start: int, stop: int, value: int, end: int) -> Anchor | None:
    label = short_slip(text[start:stop])
    if label is None or looks_like_a_name(bare(text[start:stop])) or not _confirms(label, text, value, end):
        return None
    return Anchor(start, value, label, sure=False)


def _pictures(text: str, start: int, end: int) -> list[Anchor]:
    anchors = []
    for position in range(start, end):
        label = PICTURES.get(text[position])
        if label is not None and not _decorates(text, position, start, end):
            filler = _PICTURE_FILLER.match(text, position + 1, end)
            anchors.append(Anchor(position, filler.end() if filler else position + 1, label))
    return anchors


def _decorates(text: str, position: int, start: int, end: int) -> bool:
    """云栖府🏠 慕容复: whether the picture belongs to the word that it touches, not to what follows behind a space."""
    behind = _SKIN.match(text, position + 1, end)
    touched = position > start and text[position - 1].isalnum()
    return touched and not text[behind.end() if behind else position + 1 : end][:1].strip(" ,;。|")


def _glued(text: str, start: int, end: int) -> list[Anchor]:
    """Exact labels without a colon, where a value of their kind follows."""
    anchors: list[Anchor] = []
    for match in _BEFORE_LABEL.finditer(text, start, end):
        position = match.start()
        if anchors and position < anchors[-1].value:
            continue
        found = label_at(text, position, end)
        if found is None:
            continue
        stop, label = found
        link = _LINK.match(text, stop, end)
        value = link.end() if link else stop
        spaced = value > stop
        heads_line = not text[start:position].strip(" \t-—*#·•■◆●○□▪➤►▶★☆✅【[")
        if heads_line and not text[stop:end].strip(" \t】])*-—:") and label in _HEADINGS:
            anchors.append(Anchor(position, end, label))
        elif (
            _confirms(label, text, value, end)
            or _heads_a_name(text[position:stop], label, text, value, end)
            or (spaced and heads_line and _may_head(label, text, value, end))
        ):
            anchors.append(Anchor(position, value, label, loose=True))
    return anchors


def _may_head(label: Label, text: str, value: int, end: int) -> bool:
    """Whether a label and a space may open a line: the value is one short word, or the label takes any words."""
    if value >= end:
        return False
    if label in {Label.REMARK, Label.NOISE, Label.SUBMITTED, Label.VISIT, Label.PARTY, Label.RESIDENCE, Label.ORIGIN}:
        return True
    word = _WORD.match(text, value, end)
    alone = word is not None and not text[word.end() : end].strip(" ,;。|/()-+*:0123456789")
    return (
        label in _PERSONS | _ORGANISATIONS | {Label.PROJECT} and alone and word is not None and len(word.group()) <= 12
    )


def _confirms(label: Label, text: str, value: int, end: int) -> bool:
    """Whether the words from ``value`` are of the kind that the label announces."""
    if label in _NUMBERS:
        return _DIGITS.match(text, value, end) is not None or _says_absent(text, value, end)
    if label is Label.PARTY:
        return re.compile(r"[\d一二两三四五六七八九十]").match(text, value, end) is not None
    if label in _PERSONS:
        return _names_a_person(label, text, value, end)
    word = _WORD.match(text, value, end)
    if label in _ORGANISATIONS and word:
        if text[value - 1] in "是为叫":  # 渠道是麦田圈
            return True
        return channel_prefix(word.group()) > 0 or (label is Label.COMPANY and company_prefix(word.group()) > 0)
    if label is Label.RESIDENCE:
        return word is not None and (word.group() in PLACES or word.group() in GENERAL)
    if label is Label.SUBMITTED:
        return re.compile(r"[\d今昨]").match(text, value, end) is not None
    return False


def _heads_a_name(words: str, label: Label, text: str, value: int, end: int) -> bool:
    """经纪人雒军, 客户姓名占山: behind a label that can be nothing else even a rare name is read."""
    if label in _ORGANISATIONS and len(words) >= 4:  # 所属公司燕归来, 企业客户 山城火锅底料
        word = _RARE_COMPANY.match(text, value, end)
        if word is None or exact_label(word.group()) is not None:
            return False
        return label is not Label.COMPANY or (text[value - 1] in " :" and not looks_like_a_name(word.group()))
    if label is Label.CUSTOMER and _NAME_AND_NUMBER.match(text, value, end):  # 客户贯休，电话138…
        return True
    told = label in {Label.BROKER, Label.CONTACT} and len(words) >= 3
    if not told and words != "经纪" and not words.endswith("姓名"):
        return False
    word = _RARE_NAME.match(text, value, end)
    return word is not None and could_be_called(word.group())


def _says_absent(text: str, value: int, end: int) -> bool:
    word = _WORD.match(text, value, end)
    return word is not None and is_absent(word.group())


def _names_a_person(label: Label, text: str, value: int, end: int) -> bool:
    word = _WORD.match(text, value, end)
    if word is None:
        return False
    if looks_like_a_name(word.group()) or is_absent(word.group()):
        return True
    return label is Label.BROKER and channel_prefix(word.group()) > 0
