"""From a message that was read to the fields of the filing form: their values, and for each how far it was understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.models import Project
from portal.rules.messages import Doubt, Entry, Mark, read_message
from portal.rules.places import city_code
from portal.services.spare_numbers import SpareNumber, spare_numbers

#: The mark of a field that the message does not give.
MISSING = str(Doubt.MISSING.value)
_LOCAL_WORDS, _AWAY_WORDS = frozenset({"本地", "本市", "同城"}), frozenset({"外地", "异地", "外省", "外市"})
_PORTAL_ZONE = ZoneInfo("Asia/Shanghai")
#: The fields of a message as the filing form names them.
_FORM_FIELDS = {
    "project": "project",
    "customer_name": "name",
    "phone": "phone",
    "visit_at": "planned_at",
    "party_size": "party_size",
    "residence": "residence",
    "company": "company_name",
    "id_number": "id_number",
}
#: Before the names of those who come with the customer, in the note of the filing.
BESIDE = "同来："
#: Without these nothing can be filed. Where the customer lives is marked as well: what is not said counts as local.
_ALWAYS_SHOWN = ("project", "name", "phone", "residence")


def fields_of(text: str, now: datetime, projects: Sequence[Project]) -> list[dict[str, Any]]:
    """One set of fields per customer in the message, in its order; none when the message files nobody."""
    names = [project.name for project in projects]
    read = read_message(text, received_at=now.astimezone(_PORTAL_ZONE), projects=names)
    if not read.is_filing:
        return []
    spare = spare_numbers(text, read.entries)
    return [_fields(entry, projects, left) for entry, left in zip(read.entries, spare, strict=True)]


def _fields(entry: Entry, projects: Sequence[Project], spare: Sequence[SpareNumber]) -> dict[str, Any]:
    project = next((found for found in projects if found.name == entry.project), None)
    values = _values(entry, project)
    marks = {_FORM_FIELDS[name]: _mark(entry, name) for name in _FORM_FIELDS}
    shown = {name: mark for name, mark in marks.items() if mark[0] != Doubt.MISSING or name in _ALWAYS_SHOWN}
    if spare and shown["phone"][0] == Doubt.SURE:
        shown["phone"] = (str(Doubt.CHECK.value), shown["phone"][1])
    if entry.also_named:
        # Whose name it is under one number only the broker knows (RE-8.4); nobody who was named is lost.
        shown["name"] = (str(Doubt.CHECK.value), shown["name"][1])
        shown["note"] = (str(Doubt.CHECK.value), "、".join(entry.also_named))
    left = [{"phone": one.phone, "near": one.near, "drafted": False} for one in spare]
    return {"values": values, "marks": shown} | ({"spare": left} if left else {})


def _mark(entry: Entry, name: str) -> tuple[str, str]:
    """A masked phone is there, but not enough of it: the mark says so (RE-8.4). An unsaid residence is to be checked."""
    mark = entry.marks.get(name, Mark())
    doubt = mark.doubt
    if name == "residence" and doubt == Doubt.MISSING:
        doubt = Doubt.CHECK
    if name == "phone" and entry.phone and "*" in entry.phone:
        doubt = Doubt.MISSING
    if name == "visit_at" and entry.visit_at is not None and not isinstance(entry.visit_at, datetime):
        doubt = Doubt.CHECK
    return str(doubt.value), mark.words


def _values(entry: Entry, project: Project | None) -> dict[str, str]:
    found = {
        "project": project.code if project else None,
        "name": entry.customer_name,
        "phone": entry.phone,
        "company_name": entry.company,
        "buyer": "company" if entry.company else None,
        "party_size": None if entry.party_size is None else str(entry.party_size),
        "id_number": entry.id_number,
        "note": BESIDE + "、".join(entry.also_named) if entry.also_named else None,
        "arrival": "other" if entry.visit_at is not None else None,
        "planned_at": None if entry.visit_at is None else _local(entry.visit_at),
        **_residence(entry.residence, project),
    }
    return {name: value for name, value in found.items() if value}


def _local(when: date | datetime) -> str:
    """As a datetime-local field writes it; a day without an hour is put at ten, to be checked."""
    if isinstance(when, datetime):
        return when.astimezone(_PORTAL_ZONE).strftime("%Y-%m-%dT%H:%M")
    return f"{when:%Y-%m-%d}T10:00"


def _residence(words: str | None, project: Project | None) -> dict[str, str]:
    """Local or not, and the city when one was named. An unnamed place is left to the broker."""
    if not words:
        return {}
    if words in _LOCAL_WORDS:
        return {"residence": "local"}
    if words in _AWAY_WORDS:
        return {"residence": "away"}
    code = city_code(words)
    at_home = code is not None and project is not None and code[:4] == project.city_code[:4]
    return {"residence": "local" if at_home else "away"} | ({"place": words} if code else {})
