"""Settings: read once from the environment, checked, refused at start when wrong."""

from __future__ import annotations

import base64
import json
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _postgresql_url(url: str) -> str:
    """Spell the driver out; refuse every database but PostgreSQL."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise ValueError("must be a postgresql:// address")
    return f"postgresql+psycopg://{rest}"


def _redis_url(url: str) -> str:
    if url.partition("://")[0] not in {"redis", "rediss", "unix"}:
        raise ValueError("must be a redis://, rediss:// or unix:// address")
    return url


def _web_address(url: str) -> str:
    """Scheme and host only: pages and codes append their own path."""
    if not re.fullmatch(r"https?://[^/\s?#]+/?", url):
        raise ValueError("must be http:// or https:// with a host and no path")
    return url.rstrip("/")


def _gateway_address(url: str) -> str:
    """Numbers and codes travel to it: https, except within this machine."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        raise ValueError("must be https:// with a host") from None
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    if not is_safe or not parts.hostname or port == 0 or parts.username is not None or not re.fullmatch(r"[!-~]+", url):
        raise ValueError("must be https:// with a host (http:// only within this machine) and no user name")
    return url


def _header_value(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[ -~]+", value.get_secret_value()):
        raise ValueError("must be one line of plain characters")
    return value


def _authority(url: str) -> str:
    """An authority signs its answers and is asked about a digest alone: it may be reached by http://."""
    if url and not re.fullmatch(r"https?://[^/\s?#@]+(/[!-~]*)?", url):
        raise ValueError("must be http:// or https:// with a host and no user name")
    return url


PostgresqlUrl = Annotated[str, AfterValidator(_postgresql_url)]


class Settings(BaseSettings):
    """Everything that differs between two installations.

    ``sealing_keys`` maps key ids to 32-byte keys ("k1:<base64>,k2:<base64>"); the last one seals, all of them open.
    ``matching_key`` is the key of the fingerprints: changing it orphans every fingerprint, so it is not rotated.
    """

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True, hide_input_in_errors=True)

    database_url: PostgresqlUrl
    database_owner_url: PostgresqlUrl | None = None
    redis_url: Annotated[str, AfterValidator(_redis_url)] = "redis://127.0.0.1:6379/0"
    secret_key: SecretStr = Field(min_length=32)
    sealing_keys: Annotated[dict[str, SecretStr], NoDecode]
    matching_key: SecretStr
    public_url: Annotated[str, AfterValidator(_web_address)] = "http://127.0.0.1:8000"
    cookie_secure: bool = True
    trusted_proxies: int = Field(default=0, ge=0, le=3)
    default_locale: Literal["zh_Hans_CN", "en"] = "zh_Hans_CN"
    session_hours: int = Field(default=12, ge=1, le=72)
    rate_limits: bool = True
    # The folder of ./run, which it names to everything that it starts: database, queue, keys and logs are below it.
    jieding_launcher: str = ""
    # PEM files of the company's certificate and its key; without them nobody signs electronically.
    signing_certificate: str = ""
    signing_key: str = ""
    signing_passphrase: SecretStr | None = None
    # An RFC 3161 authority that stamps the time on signed contracts, and the PEM file of the roots that its stamps lead to.
    signing_tsa_url: Annotated[str, AfterValidator(_authority)] = ""
    signing_tsa_roots: str = ""
    mail_host: str | None = None
    mail_port: int = Field(default=587, ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_user: str | None = None
    mail_password: SecretStr | None = None
    mail_from: str | None = None
    # The gateway for text messages: where it is, how it takes the number and the text, and how it says that it took them.
    sms_url: Annotated[str, AfterValidator(_gateway_address)] | None = None
    sms_authorization: Annotated[SecretStr, AfterValidator(_header_value)] | None = None
    sms_encoding: Literal["json", "form"] = "json"
    sms_phone_field: str = Field(default="phone", min_length=1)
    sms_text_field: str = Field(default="text", min_length=1)
    sms_phone_format: Literal["e164", "national"] = "e164"
    sms_fields: Annotated[dict[str, SecretStr], NoDecode] = Field(default_factory=dict)
    sms_signature: str = ""
    sms_accepted: str | None = Field(default=None, pattern=r"^[^=]+=.+$")

    @property
    def rate_limit_storage(self) -> str:
        """Where Flask-Limiter counts: the same Redis, whose sockets it spells in its own way."""
        return f"redis+{self.redis_url}" if self.redis_url.startswith("unix://") else self.redis_url

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Settings:
        if self.mail_host is not None and not self.mail_from:
            raise ValueError("MAIL_FROM must be set together with MAIL_HOST")
        return self

    @model_validator(mode="after")
    def _sms_fields_are_apart(self) -> Settings:
        names = {self.sms_phone_field, self.sms_text_field, *self.sms_fields}
        if len(names) < 2 + len(self.sms_fields):
            raise ValueError("SMS_PHONE_FIELD, SMS_TEXT_FIELD and the names in SMS_FIELDS must differ")
        return self

    @field_validator("sms_fields", mode="before")
    @classmethod
    def _read_fields(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "{}")
        except ValueError:
            raise ValueError('must be JSON, as in {"account": "…"}') from None

    @field_validator("sealing_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [item.strip().partition(":") for item in value.split(",") if item.strip()]
        keys = {key_id: key for key_id, _, key in pairs if key_id}
        if len(keys) < len(pairs):
            raise ValueError("every key needs an id of its own, as in k1:…,k2:…")
        return keys

    @field_validator("sealing_keys")
    @classmethod
    def _whole_keys(cls, keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
        if not keys:
            raise ValueError("at least one key is needed")
        for key_id, key in keys.items():
            _require_32_bytes(key_id, key)
        return keys

    @field_validator("matching_key")
    @classmethod
    def _whole_matching_key(cls, key: SecretStr) -> SecretStr:
        _require_32_bytes("it", key)
        return key


def _require_32_bytes(name: str, key: SecretStr) -> None:
    try:
        raw = base64.b64decode(key.get_secret_value(), validate=True)
    except ValueError:
        raise ValueError(f"{name} is not base64") from None
    if len(raw) != 32:
        raise ValueError(f"{name} must be 32 bytes in base64")


class SettingsWrong(SystemExit):
    """Every wrong or missing setting on a line of its own, under its name in the environment and without its value.

    A process that does not catch it ends with these lines on standard error and exit code 1. ``names`` are the settings.
    """

    def __init__(self, error: ValidationError) -> None:
        problems = error.errors(include_input=False, include_url=False)
        self.names = tuple(str(problem["loc"][0]).upper() for problem in problems if problem["loc"])
        super().__init__("\n".join(_line(*problem["loc"][:1], problem["msg"]) for problem in problems))


def _line(*parts: object) -> str:
    *name, message = (str(part) for part in parts)
    told = message.removeprefix("Value error, ").replace("Field required", "is missing")
    return f"✗ {name[0].upper()}: {told}" if name else f"✗ {told}"


def load_settings() -> Settings:
    """Read the environment. Raises SettingsWrong."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsWrong(error) from None
