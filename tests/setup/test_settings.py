"""A wrong setting is refused at start, by name, and without repeating a secret."""

from __future__ import annotations

import base64
import json
import os

import pytest

from portal.config import Settings, SettingsWrong, load_settings

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "DATABASE_URL": "postgresql://app@/jieding",
    "SECRET_KEY": "s" * 32,
    "SEALING_KEYS": f"k1:{KEY}",
    "MATCHING_KEY": KEY,
}
NAMES = (*GOOD, "DATABASE_OWNER_URL", "REDIS_URL", "PUBLIC_URL", "TRUSTED_PROXIES", "SESSION_HOURS", "DEFAULT_LOCALE")


def load(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name in [name for name in os.environ if name.startswith("SMS_")]:
        monkeypatch.delenv(name)
    for name in (*NAMES, "COOKIE_SECURE", "RATE_LIMITS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (GOOD | changes).items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_what_is_not_set_is_the_careful_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert (settings.cookie_secure, settings.rate_limits, settings.trusted_proxies) == (True, True, 0)
    assert settings.default_locale == "zh_Hans_CN"


def test_all_that_is_missing_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsWrong) as refusal:
        load_settings()
    assert set(refusal.value.names) == set(GOOD)
    assert "✗ MATCHING_KEY: is missing" in str(refusal.value).splitlines()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///jieding.db"),
        ("DATABASE_OWNER_URL", "mysql://root@/jieding"),
        ("REDIS_URL", "localhost:6379"),
        ("SECRET_KEY", "too-short-to-sign-with"),
        ("SEALING_KEYS", ""),
        ("SEALING_KEYS", "k1"),
        ("SEALING_KEYS", f"k1:{KEY},k2:{KEY[:-8]}"),
        ("SEALING_KEYS", f"k1:{KEY},k1:{KEY}"),
        ("SEALING_KEYS", f":{KEY}"),
        ("MATCHING_KEY", "not base64 at all"),
        ("PUBLIC_URL", "portal.example.com"),
        ("PUBLIC_URL", "https://portal.example.com/jieding"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("SESSION_HOURS", "0"),
        ("DEFAULT_LOCALE", "fr"),
        ("SMS_URL", "http://sms.example.com/send"),
        ("SMS_URL", "https:///send-it-nowhere"),
        ("SMS_URL", "https://user:password@sms.example.com/"),
        ("SMS_URL", "https://sms.example.com:port/send"),
        ("SMS_AUTHORIZATION", "Bearer one\nX-Other: two"),
        ("SMS_ENCODING", "xml"),
        ("SMS_PHONE_FORMAT", "local"),
        ("SMS_FIELDS", "account=jieding"),
        ("SMS_FIELDS", '["account-of-ours"]'),
        ("SMS_ACCEPTED", "the code is 0"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(SettingsWrong) as refusal:
        load(monkeypatch, **{name: value})
    assert refusal.value.names == (name,)
    assert str(refusal.value).startswith(f"✗ {name}: ")
    assert "\n" not in str(refusal.value)
    assert len(value) < 8 or value not in str(refusal.value)


def test_the_gateway_is_told_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = '{"account": "jd", "password": "a-secret"}'
    settings = load(monkeypatch, SMS_URL="https://sms.example.com/v1?x=1", SMS_FIELDS=fields, SMS_ACCEPTED="code=0")
    assert {name: value.get_secret_value() for name, value in settings.sms_fields.items()} == json.loads(fields)
    assert "a-secret" not in repr(settings)


def test_fields_of_the_gateway_that_collide_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsWrong, match="must differ"):
        load(monkeypatch, SMS_PHONE_FIELD="to", SMS_TEXT_FIELD="to")
    with pytest.raises(SettingsWrong, match="must differ"):
        load(monkeypatch, SMS_FIELDS='{"phone": "x"}')


def test_the_last_sealing_key_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SEALING_KEYS=f" k1:{KEY} , k2:{KEY} ,")
    assert list(settings.sealing_keys) == ["k1", "k2"]


@pytest.mark.parametrize("url", ["postgres://a@/b", "postgresql://a@/b", "postgresql+psycopg://a@/b"])
def test_every_spelling_of_postgresql_gets_the_same_driver(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert load(monkeypatch, DATABASE_URL=url).database_url == "postgresql+psycopg://a@/b"


def test_the_public_address_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, PUBLIC_URL="https://portal.example.com/").public_url == "https://portal.example.com"


@pytest.mark.parametrize(
    ("url", "storage"),
    [("unix:///run/redis.sock?db=2", "redis+unix:///run/redis.sock?db=2"), ("redis://r:6379/1", "redis://r:6379/1")],
)
def test_limits_are_counted_in_the_same_redis(monkeypatch: pytest.MonkeyPatch, url: str, storage: str) -> None:
    assert load(monkeypatch, REDIS_URL=url).rate_limit_storage == storage


def test_secrets_do_not_show_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = repr(load(monkeypatch))
    assert KEY not in shown
    assert GOOD["SECRET_KEY"] not in shown
