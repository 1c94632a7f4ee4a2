"""The servers that tests run on are what the application gets in production."""

from __future__ import annotations

import psycopg
import pytest
from redis import Redis


def test_the_application_cannot_alter_tables(database_url: str) -> None:
    with (
        psycopg.connect(database_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE of_its_own (id int)")


def test_the_application_can_write_rows(database_url: str) -> None:
    query = "SELECT has_table_privilege('users', 'INSERT') AND has_table_privilege('users', 'UPDATE')"
    with psycopg.connect(database_url) as connection:
        assert connection.execute(query).fetchone() == (True,)


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_application_cannot_rewrite_history(database_url: str, privilege: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT has_table_privilege('history', %s)", (privilege,)).fetchone() == (False,)


def test_chinese_letters_are_letters_to_the_trigrams(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT cardinality(show_trgm('张三丰')), lower('ÄÉ')").fetchone()
    assert found == (4, "äé")


def test_the_database_thinks_in_utc(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_redis_is_of_this_process_alone_and_keeps_its_data(redis_url: str) -> None:
    with Redis.from_url(redis_url) as connection:
        connection.set("said", "here")
        assert connection.get("said") == b"here"
        assert connection.config_get("appendonly") == {"appendonly": "yes"}
        connection.delete("said")
