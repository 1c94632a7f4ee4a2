"""Each field says which words it came from and whether to trust them."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.rules.messages import FIELDS, Doubt, Entry, Mark, read_message
from tests.rules.messages.corpus_files import read, whole_corpus

RECEIVED = datetime.fromisoformat("2026-03-05T09:30:00+08:00")
PROJECTS = ("云栖府", "江畔里")


def only_entry(text: str) -> Entry:
    (entry,) = read_message(text, received_at=RECEIVED, projects=PROJECTS).entries
    return entry


def test_what_is_understood_quotes_its_words_as_written() -> None:
    entry = only_entry("報備 雲棲府\n客戶：陳志豪 １３８－００００－１２３４\n明天下午兩點半")
    assert entry.marks["customer_name"] == Mark("陳志豪", Doubt.SURE)
    assert entry.marks["phone"] == Mark("１３８－００００－１２３４", Doubt.SURE)
    assert entry.marks["visit_at"] == Mark("明天下午兩點半", Doubt.SURE)
    assert entry.marks["project"] == Mark("雲棲府", Doubt.SURE)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("云栖 张三 13800001234 明天下午3点", "project"),
        ("云栖府 张三 138****1234 明天下午3点", "phone"),
        ("云栖府 张三 一三八零零零零一二三四 明天下午3点", "phone"),
        ("云栖府 张三 13800001234 明天3点", "visit_at"),
        ("云栖府 张三 13800001234 明天下午3点 王磊 13600001111", "broker_name"),
    ],
)
def test_what_was_guessed_or_hidden_is_to_be_checked(words: str, name: str) -> None:
    assert only_entry(words).marks[name].doubt is Doubt.CHECK


def test_a_number_broken_over_lines_is_quoted_whole() -> None:
    assert only_entry("云栖府 张三\n138\n0000\n1234\n明天").marks["phone"] == Mark("138\n0000\n1234", Doubt.SURE)


def test_a_number_that_cannot_be_one_is_missing_and_quoted() -> None:
    entry = only_entry("云栖府 张三 1380000123 明天下午3点 甲渠道 王磊 13600001111")
    assert entry.phone is None
    assert entry.marks["phone"] == Mark("1380000123", Doubt.MISSING)


def test_what_was_not_said_is_missing_without_words() -> None:
    assert only_entry("云栖府 张三 13800001234 明天下午3点").marks["residence"] == Mark()


def test_every_field_of_every_entry_has_a_mark_that_agrees_with_its_value() -> None:
    for message in whole_corpus():
        for entry in read(message).entries:
            assert set(entry.marks) == set(FIELDS)
            for name in FIELDS:
                is_missing = entry.marks[name].doubt is Doubt.MISSING
                assert is_missing == (getattr(entry, name) is None), (message["id"], name)


@pytest.mark.parametrize(
    ("words", "also"),
    [
        ("云栖府 张三/李四 13800001234 明天下午3点", ("李四",)),
        ("报备：云栖府\n客户：张三、李四\n电话：13800001234", ("李四",)),
        ("云栖府 张三和李四夫妇 13800001234 两位", ("李四",)),
        ("客户姓名：张三（妻子李四）\n联系电话：13800001234\n项目：云栖府", ("李四",)),
        ("报备云栖府 张三 13800001234 同行：李四", ("李四",)),
        ("云栖府 客户：张三 13800001234，携夫人李四一起", ("李四",)),
        ("云栖府 李四 王五 张三 13800001234", ("李四", "王五")),
        # Nobody else: a broker, a channel, a greeting, an adviser.
        ("云栖府 张三 13800001234 甲渠道 王磊 13600001111", ()),
        ("林姐好，云栖府 张三 13800001234 明天下午3点", ()),
        ("云栖府 张三 13800001234 两位，同行两人", ()),
    ],
)
def test_who_is_named_under_the_same_number_is_not_lost(words: str, also: tuple[str, ...]) -> None:
    entry = only_entry(words)
    assert (entry.customer_name, entry.phone, entry.also_named) == ("张三", "13800001234", also)


def test_who_is_named_beside_one_customer_is_not_beside_another() -> None:
    text = "云栖府报备\n1、张三 13800001234 妻子李四\n2、王五 13900001234"
    entries = read_message(text, received_at=RECEIVED, projects=PROJECTS).entries
    assert [(one.customer_name, one.also_named) for one in entries] == [("张三", ("李四",)), ("王五", ())]
