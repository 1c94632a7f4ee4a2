"""Reads a labelled or free stretch into facts: the unmistakable kinds first, what is left word by word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from portal.rules.messages import ids, parties, phones, projects, residences, visits
from portal.rules.messages.fold import Source
from portal.rules.messages.items import Item, Kind, Side
from portal.rules.messages.layout import Line, Zone
from portal.rules.messages.leftovers import read_leftovers
from portal.rules.messages.names import is_absent
from portal.rules.messages.words.labels import Label
from portal.rules.messages.words.places import PLACES

_PERSONS = {Label.CUSTOMER, Label.NAME, Label.CONTACT, Label.BROKER}
_CLAIMED = "\x01"
_NOT_VISITORS = ("客户:", "客人:", "客户信息", "客户资料")
_MY_NUMBER = re.compile(r"(?:我的?|本人的?)(?:联系)?(?:电话|手机号?码?|号码|联系方式)(?:是|为)?[\s:]*\Z")
_SAID = re.compile("[一二三四五六七八九零〇幺]")  # 一三八…: somebody dictated it, and machines mishear
_NUMBERS = {
    Label.PHONE: None,
    Label.CUSTOMER_PHONE: Side.CUSTOMER,
    Label.BROKER_PHONE: Side.AGENT,
}


class _Stretch:
    """A zone whose text is claimed piece by piece, so that no letter is read twice."""

    def __init__(self, source: Source, zone: Zone, known: Sequence[str]) -> None:
        self.source, self.zone, self.known = source, zone, known
        self.text = source.text[: zone.end]
        self.items: list[Item] = []

    def add(self, kind: Kind, start: int, end: int, stop: int | None = None, **more: object) -> None:
        """Keep a fact and claim its letters (up to ``stop``, when more words belong to it)."""
        item = Item(kind, start, end, self.zone.line, label=self.zone.label, **more)  # type: ignore[arg-type]
        self.items.append(item)
        self.claim(start, max(end, stop or 0))

    def claim(self, start: int, end: int) -> None:
        """Take letters out of what is still to be read."""
        self.text = self.text[:start] + _CLAIMED * (end - start) + self.text[end:]

    @property
    def span(self) -> tuple[str, int, int]:
        """What the recognisers are given: text, start, end."""
        return self.text, self.zone.start, self.zone.end


def _ids(stretch: _Stretch) -> None:
    for found in ids.find_ids(*stretch.span):
        stretch.add(Kind.ID, found.start, found.end, value=found.value)


def _phones(stretch: _Stretch) -> None:
    usual = _NUMBERS.get(stretch.zone.label) if stretch.zone.label else None
    for found in phones.find_phones(*stretch.span):
        side = Side.AGENT if _MY_NUMBER.search(stretch.source.text, max(0, found.start - 24), found.start) else usual
        said = _SAID.search(stretch.source.quote(found.start, found.end)) is not None
        stretch.add(Kind.PHONE, found.start, found.end, value=found.value, side=side, sure=not (found.masked or said))


def _projects(stretch: _Stretch) -> None:
    for found in projects.find_projects(*stretch.span, stretch.known):
        guessed = not found.exact and stretch.zone.label in _PERSONS
        if not (guessed and _is_alone(stretch, found.start, found.end)):  # 客户：江南, where 江南里 is sold
            stretch.add(Kind.PROJECT, found.start, found.end, value=found.name, sure=found.exact)


def _moments(stretch: _Stretch) -> None:
    for moment in visits.find_moments(*stretch.span):
        if moment.day is None and not moment.has_hour and not _is_a_plan(stretch, moment):
            continue
        stretch.add(Kind.VISIT, moment.start, moment.end, moment=moment, sure=not moment.guessed)
    for moment in visits.find_at_once(*stretch.span):
        stretch.add(Kind.AT_ONCE, moment.start, moment.end, moment=moment, sure=False)


def _is_a_plan(stretch: _Stretch, moment: visits.Moment) -> bool:
    """A part of the day alone (下午) is a visit under its label, in a cell of its own, or before a verb of coming."""
    if stretch.zone.label is Label.VISIT:
        return True
    after = stretch.text[moment.end : moment.end + 3].lstrip()
    before = stretch.text[max(stretch.zone.start, moment.start - 1) : moment.start]
    alone = not before.strip(" ,;|/\n(、【[") and not after[:1].strip(" ,;|/\n)、】]" + _CLAIMED)
    return alone or after.startswith(("到", "来", "看", "过来", "带", "去", "访", "有", "想", "可以", "有空"))


def _parties(stretch: _Stretch) -> None:
    for found in parties.find_parties(*stretch.span):
        if stretch.source.text.startswith(_NOT_VISITORS, found.end):  # 报备一位客户：… counts filings
            continue
        kind = Kind.COUPLE if found.implied else Kind.PARTY
        stretch.items.append(
            Item(kind, found.start, found.end, stretch.zone.line, found.size, label=stretch.zone.label)
        )
        if not found.implied:  # the couple's words stay: they tell where the name before them ends
            stretch.claim(found.start, found.end)


def _residences(stretch: _Stretch) -> None:
    for found in residences.find_residences(*stretch.span):
        if stretch.zone.label in _PERSONS and _is_whole_value(stretch, found):
            continue
        words = stretch.source.quote(found.start, found.end)
        stretch.add(Kind.RESIDENCE, found.start, found.end, found.stop, value=words)


def _is_whole_value(stretch: _Stretch, found: residences.FoundResidence) -> bool:
    """客户：金华 138…: behind a person's label, with nothing else but a number, a town is somebody's name."""
    named = found.stop == found.end and stretch.text[found.start : found.end] in PLACES
    return named and _is_alone(stretch, found.start, found.stop)


def _is_alone(stretch: _Stretch, start: int, end: int) -> bool:
    before, behind = stretch.text[stretch.zone.start : start], stretch.text[end : stretch.zone.end]
    return not before.strip(" ·") and behind.strip(" (/,")[:1] in ("", _CLAIMED, "、")


def _labelled_project(stretch: _Stretch) -> None:
    if is_absent(stretch.text[stretch.zone.start : stretch.zone.end]):
        return
    for found in projects.read_labelled_project(*stretch.span, stretch.known):
        stretch.add(Kind.PROJECT, found.start, found.end, value=found.name, sure=found.exact)


def _labelled_party(stretch: _Stretch) -> None:
    for found in parties.read_labelled_party(*stretch.span):
        stretch.add(Kind.PARTY, found.start, found.end, value=found.size)


def _labelled_residence(stretch: _Stretch) -> None:
    if is_absent(stretch.text[stretch.zone.start : stretch.zone.end]):
        return
    only_places = stretch.zone.label is Label.ORIGIN
    for found in residences.read_labelled_residence(*stretch.span, only_places=only_places):
        words = stretch.source.quote(found.start, found.end)
        stretch.add(Kind.RESIDENCE, found.start, found.end, found.stop, value=words)
    goes_on = any(phones.find_phones(*stretch.span))  # 来自香港 甲渠道 王磊 138…: only the place is the value
    stretch.claim(stretch.zone.start, stretch.items[-1].end if goes_on and stretch.items else stretch.zone.end)


def _submitted(stretch: _Stretch) -> None:
    for moment in visits.find_moments(*stretch.span):
        stretch.add(Kind.SUBMITTED, moment.start, moment.end, moment=moment, sure=False)
    stretch.claim(stretch.zone.start, stretch.zone.end)


def _labelled_number(stretch: _Stretch) -> None:
    """Words behind a phone's label that are no number (保密, 后补, seven digits) hold its place."""
    _phones(stretch)
    words = stretch.text[stretch.zone.start : stretch.zone.end]
    found = next((item for item in stretch.items if item.kind is Kind.PHONE), None)
    if found is not None and words.strip(f" {_CLAIMED}").isdecimal():  # a digit too many: 137 0000 3301 1
        stretch.items[:] = [item if item is not found else replace(item, value=None) for item in stretch.items]
    if found is not None or not words.strip():
        return
    start = stretch.zone.start + len(words) - len(words.lstrip())
    end = start + len(words.split()[0].split(",")[0]) if words.split() else start
    if end > start:
        stretch.add(
            Kind.PHONE, start, end, value=None, side=_NUMBERS.get(stretch.zone.label or Label.PHONE), sure=False
        )


def _nothing(stretch: _Stretch) -> None:
    stretch.claim(stretch.zone.start, stretch.zone.end)


_FREE: tuple[Callable[[_Stretch], None], ...] = (_ids, _phones, _projects, _moments, _parties, _residences)
_FIRST: dict[Label, tuple[Callable[[_Stretch], None], ...]] = {
    Label.PROJECT: (_labelled_project,),
    Label.PARTY: (_labelled_party,),
    Label.RESIDENCE: (_labelled_residence,),
    Label.ORIGIN: (_labelled_residence,),
    Label.SUBMITTED: (_submitted,),
    Label.NOISE: (_nothing,),
    Label.REMARK: (_parties, _residences, _nothing),
    Label.PHONE: (_ids, _labelled_number),
    Label.CUSTOMER_PHONE: (_ids, _labelled_number),
    Label.BROKER_PHONE: (_ids, _labelled_number),
}
_NAMED_AFTER_PLACES = {Label.COMPANY, Label.ORGANISATION, Label.CHANNEL}


def scan(source: Source, lines: Iterable[Line], known: Sequence[str]) -> list[Item]:
    """All facts of the message in order. ``known`` are the projects that the portal knows."""
    items: list[Item] = []
    for line in lines:
        for zone in line.zones:
            items += _read_zone(source, zone, known)
    return sorted(items, key=lambda item: (item.start, item.end))


def _read_zone(source: Source, zone: Zone, known: Sequence[str]) -> list[Item]:
    if zone.label and not source.text[zone.start : zone.end].strip(" ()[]【】*-—_/"):
        return [Item(Kind.HEADING, zone.start, zone.start, zone.line, label=zone.label)]
    stretch = _Stretch(source, zone, known)
    for reader in (*_FIRST.get(zone.label, ()), *_FREE) if zone.label else _FREE:
        if reader is not _residences or zone.label not in _NAMED_AFTER_PLACES:
            reader(stretch)
    read_leftovers(stretch.text, source, zone, stretch.items)
    return stretch.items
