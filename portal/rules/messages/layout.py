"""The lines of a message: numbered items, sections between rules and empty lines, tables, and labelled stretches."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from portal.rules.messages.anchors import Anchor, find_anchors
from portal.rules.messages.context import RULE
from portal.rules.messages.labels import bare, exact_label, similar_label
from portal.rules.messages.organisations import channel_prefix
from portal.rules.messages.words.labels import Label

_RULE_LINE = re.compile(rf"{RULE}$")
_ITEM = re.compile(
    r"\s*(?:[^\w\s(]*\s*)?(?:[①-⑳]|\(\d{1,2}\)|\d{1,2}\s?[.、)](?!\d{1,2}(?!\d))|\d{1,2}\s?,(?=[\u4e00-\u9fff])|\d{1,2}\s+(?=[\u4e00-\u9fff]{2})(?![点人位])"
    r"|[一二三四五六七八九十]{1,2}[、.]|第[一二三四五六七八九十\d]{1,2}[组位个批][:、,\s]?)[.、:]?\s*"
)
_INLINE_CIRCLE = re.compile(r"[①-⑳]")
_INLINE_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s:,;。)]))(?:\((\d{1,2})\)|(\d{1,2})\s?[.、)])\s?(?=[^\d\s.]|1[3-9]\d{5})"
)
_NUMBERED_HEADING = re.compile(
    r"[^\w]*(?:报备|客户|组|第)?\D{0,4}(?:\d{1,2}|[①-⑳]|[一二三四五六七八九十])[组位个]?(?:客户|报备)?[^\w]*"
)
_CELLS = (
    re.compile(r"\s*\|\s*"),
    re.compile(r"\t"),
    re.compile(r"\s*,\s*"),
    re.compile(r"\s*/\s*"),
    re.compile(r"\s{2,}"),
    re.compile(r"\s+"),
)
_MOBILE = re.compile(r"1[3-9]\d[\d *x-]{8,10}")
_PHONES = {Label.PHONE, Label.CUSTOMER_PHONE}
_NUMBER_CELL = re.compile(r"\d{3}|[*x]{4}|保密|后补|待|无|^\s*$|[-/]")
_UNPASSED = {Label.REMARK, Label.NOISE, Label.FILING, Label.SUBMITTED}
_STOPS = {
    Label.VISIT: "[;|\t]",
    Label.SUBMITTED: "[;|\t]",
    Label.REMARK: "\n",
    Label.ID: "[;|,\t]",
    Label.PHONE: "[;|\t]",
}


@dataclass(frozen=True)
class Zone:
    """A stretch of one line under one label (None: free text). ``sure`` is False for a misspelt label."""

    label: Label | None
    start: int
    end: int
    line: int
    sure: bool = True


@dataclass(frozen=True)
class Line:
    """One line, or one item of a numbered list written in one line.

    ``section`` counts the stretches between rules and empty lines, ``item`` the numbered items (None outside).
    """

    number: int
    start: int
    end: int
    section: int
    item: int | None
    zones: tuple[Zone, ...] = ()
    cells: bool = False


def lay_out(text: str) -> list[Line]:
    """All lines that say something, in order, with their zones."""
    lines = _tabulated(text, _numbered(text))
    lines = [line if line.cells else replace(line, zones=_zones(text, line)) for line in lines]
    return _with_advisers(text, _with_values_below(text, lines))


def _with_advisers(text: str, lines: list[Line]) -> list[Line]:
    """An adviser with a number signs for the distributor when no broker has a label; else he is the site's."""
    labels = {zone.label for line in lines for zone in line.zones if not _names_a_company(text, zone)}
    if Label.ADVISER not in labels:
        return lines
    done = []
    for line in lines:
        below = text[line.end : lines[line.number + 1].end] if line.number + 1 < len(lines) else ""
        signs = Label.BROKER not in labels and _MOBILE.search(text[line.start : line.end] + below)
        meant = Label.BROKER if signs else Label.NOISE
        zones = (replace(zone, label=meant) if zone.label is Label.ADVISER else zone for zone in line.zones)
        done.append(replace(line, zones=tuple(zones)))
    return done


def _names_a_company(text: str, zone: Zone) -> bool:
    """中介：乐居找房 says which distributor it is, not who brings the customer."""
    words = text[zone.start : zone.end].strip()
    return zone.label is Label.BROKER and bool(words) and channel_prefix(words) == len(words)


def _pieces(text: str) -> list[tuple[int, int]]:
    pieces, start = [], 0
    for line in text.split("\n"):
        pieces += _split_inline(text, start, start + len(line))
        start += len(line) + 1
    return pieces


def _split_inline(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [m.start() for m in _INLINE_CIRCLE.finditer(text, start, end)]
    if len(cuts) < 2:
        found = list(_INLINE_NUMBER.finditer(text, start, end))
        numbers = [int(m.group(1) or m.group(2)) for m in found]
        cuts = [m.start() for m in found] if len(found) >= 2 and numbers == list(range(1, len(found) + 1)) else []
    bounds = [start, *(cut for cut in cuts if cut > start), end]
    return list(pairwise(bounds))


def _numbered(text: str) -> list[Line]:
    lines: list[Line] = []
    section, item, items = 0, None, 0
    for start, end in _pieces(text):
        words = text[start:end]
        if not words.strip() or _RULE_LINE.match(words):
            section, item = section + 1, None
            continue
        if _is_numbered_heading(words):
            section, item = section + 1, None
        marker = _ITEM.match(text, start, end)
        if marker:
            items += 1
            item, start = items, marker.end()
        lines.append(Line(len(lines), start, end, section, item))
    return lines


def _is_numbered_heading(words: str) -> bool:
    return _NUMBERED_HEADING.fullmatch(words) is not None and exact_label(bare(words)) in (Label.FILING, Label.CUSTOMER)


def _header(words: str) -> tuple[re.Pattern[str], list[Label]] | None:
    """The separator and the labels of a table's head line."""
    for separator in _CELLS:
        cells = separator.split(words.strip().strip("|").strip())
        if len(cells) < 3 or any(":" in cell for cell in cells):
            continue
        labels = [exact_label(cell) or similar_label(cell) for cell in cells]
        if None not in labels:
            return separator, [label for label in labels if label]
    return None


def _tabulated(text: str, lines: list[Line]) -> list[Line]:
    """Rows under a head line become items whose cells carry the head's labels; rows of another shape are read freely."""
    done: list[Line] = []
    head: tuple[re.Pattern[str], list[Label]] | None = None
    items = 1000
    for line in lines:
        found = _header(text[line.start : line.end])
        if found:
            head = found
            continue
        cells = _cells(text, line, head) if head else None
        if cells:
            items += 1
            line = replace(line, zones=cells, item=items, cells=True)
        done.append(replace(line, number=len(done), zones=tuple(replace(z, line=len(done)) for z in line.zones)))
    return done


def _cells(text: str, line: Line, head: tuple[re.Pattern[str], list[Label]] | None) -> tuple[Zone, ...] | None:
    assert head is not None
    separator, labels = head
    start, end = line.start, line.end
    while start < end and text[start] in " |":
        start += 1
    while end > start and text[end - 1] in " |":
        end -= 1
    if line.item is not None and labels[0] is Label.NOISE:  # the row's number was read as an item's
        labels = labels[1:]
    bounds = [start, *(edge for m in separator.finditer(text, start, end) for edge in m.span()), end]
    cells = list(zip(bounds[::2], bounds[1::2], strict=True))
    if len(cells) != len(labels) or any(exact_label(text[first:last]) for first, last in cells):
        return None
    if any(
        label in _PHONES and not _NUMBER_CELL.search(text, *cell) for label, cell in zip(labels, cells, strict=True)
    ):
        return None
    return tuple(Zone(label, first, last, line.number) for label, (first, last) in zip(labels, cells, strict=True))


def _zones(text: str, line: Line) -> tuple[Zone, ...]:
    anchors = find_anchors(text, line.start, line.end)
    zones: list[Zone] = []
    position = line.start
    for index, anchor in enumerate(anchors):
        if anchor.start > position:
            zones.append(Zone(None, position, anchor.start, line.number))
        limit = anchors[index + 1].start if index + 1 < len(anchors) else line.end
        position = _value_end(text, anchor, limit)
        zones.append(Zone(anchor.label, anchor.value, position, line.number, anchor.sure))
    if position < line.end:
        zones.append(Zone(None, position, line.end, line.number))
    return tuple(Zone(None if z.label is Label.FILING else z.label, z.start, z.end, z.line, z.sure) for z in zones)


def _value_end(text: str, anchor: Anchor, limit: int) -> int:
    stop = re.compile(_STOPS.get(anchor.label, "[;|,。\t]")).search(text, anchor.value, limit)
    return stop.start() if stop else limit


def _with_values_below(text: str, lines: list[Line]) -> list[Line]:
    """A label alone on its line labels the free line below."""
    done: list[Line] = []
    for line in lines:
        waiting = _waiting_label(text, done[-1]) if done else None
        free = len(line.zones) == 1 and line.zones[0].label is None
        if waiting and free and not line.cells and done[-1].section == line.section:
            line = replace(line, zones=(replace(line.zones[0], label=waiting.label, sure=waiting.sure),))
        done.append(line)
    return done


def _waiting_label(text: str, line: Line) -> Zone | None:
    if not line.zones:
        return None
    zone = line.zones[-1]
    empty = not text[zone.start : zone.end].strip()
    return zone if empty and zone.label is not None and zone.label not in _UNPASSED else None
