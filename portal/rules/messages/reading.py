"""Reads a pasted WeChat message into entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.rules.messages.answer import ReadMessage, filing, nobody
from portal.rules.messages.blocks import Blocks
from portal.rules.messages.contacts import gather_contacts
from portal.rules.messages.context import without_context
from portal.rules.messages.entries import Composer
from portal.rules.messages.fold import fold
from portal.rules.messages.layout import lay_out
from portal.rules.messages.organised import name_the_unknown, tell_companies_apart
from portal.rules.messages.positions import find_channel_by_position
from portal.rules.messages.scan import scan
from portal.rules.messages.spoken import as_written
from portal.rules.messages.verdict import files_somebody
from portal.rules.messages.visits import ZONE

LONGEST_MESSAGE = 10_000  # characters; more is no chat message


def read_message(text: str, *, received_at: datetime, projects: Sequence[str]) -> ReadMessage:
    """What a careful reader understands of ``text``.

    ``received_at`` is when the message came (Asia/Shanghai when it has no zone); days are read from it. ``projects`` are
    the names that the portal knows. Only the first LONGEST_MESSAGE characters are read. Never raises on any text, never
    gives a phone that was not written.
    """
    source = as_written(without_context(fold(text[:LONGEST_MESSAGE])))
    lines = lay_out(source.text)
    numbered = {line.number for line in lines if line.item is not None}
    items = tell_companies_apart(scan(source, lines, projects), source.text)
    heads = {min(line.number for line in lines if line.item == item) for item in {line.item for line in lines} - {None}}
    items = find_channel_by_position(items, source.text, heads)
    contacts = gather_contacts(items, source.text, numbered)
    items = name_the_unknown(items, contacts, source.text)
    received = received_at if received_at.tzinfo else received_at.replace(tzinfo=ZONE)
    entries = Composer(source, Blocks(lines, items, contacts, source.text), received).entries()
    if not files_somebody(source.text, lines, contacts, entries):
        return nobody()
    return filing(entries)
