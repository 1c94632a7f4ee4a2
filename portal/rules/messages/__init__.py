"""Pasted filings: what a broker wrote by WeChat, read field by field."""

from __future__ import annotations

from portal.rules.messages.answer import FIELDS, Doubt, Entry, Mark, ReadMessage
from portal.rules.messages.reading import read_message

__all__ = ["FIELDS", "Doubt", "Entry", "Mark", "ReadMessage", "read_message"]
