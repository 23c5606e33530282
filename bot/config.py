"""The settings: what stands in config.toml, then what the environment says (SPNET_SLACK__BOT_TOKEN).

Every section is one class, every setting one field: its description is the meaning shown in the README, its first
example is what a wrong value is answered with. Settings built in code (tests, the demo) read no file and no
environment: `Settings(slack={...}, ...)`. Only `load` reads them, and it reports every fault at once.

Who starts the bot may never have seen it: each fault names the key, what is wrong and an example of right. Secrets are
never shown: not by repr, not in a fault.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, cast
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from db.vocabulary import Role

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PLACEHOLDER = "replace-me"  # config.example.toml marks with it what nobody may leave as it is
PREFIX = "SPNET_"
Data = dict[str, Any]


class Fault(NamedTuple):
    """One thing wrong with the configuration: `key` as "section.name", what is wrong, and how right looks."""

    key: str
    problem: str
    example: str


class ConfigError(Exception):
    """The configuration cannot be used. `rows` holds every fault found, for a person to read; no secret is in them."""

    def __init__(self, rows: list[Fault]) -> None:
        super().__init__("; ".join(f"{row.key}: {row.problem}" for row in rows))
        self.rows = rows


class Row(NamedTuple):
    """One setting, for the README's table: `default` is as written in TOML, or "required", or "" for none."""

    key: str
    default: str
    meaning: str


def _is_loopback(host: str | None) -> bool:
    """Does the host name this machine, so that nothing travels in the open?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")
    return value


def _one_line(value: str) -> str:
    if any(ord(character) < 32 for character in value):
        raise ValueError("must be one line, without tabs or other control characters")
    return value.strip()


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if PLACEHOLDER in text:
        raise ValueError("is still the value of config.example.toml")
    if text != text.strip() or any(ord(character) < 32 for character in text):
        raise ValueError("has a blank or a line break at an end; it was perhaps copied with one")
    return value


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise ValueError("is not an e-mail address") from None


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    if not address or ("<" in value) != bool(name):
        raise ValueError("must be a name and an address in angle brackets")
    checked = _address(address)
    return f"{name} <{checked}>" if name else checked


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        hint = ", not its name" if value.startswith("#") or value.islower() else ""
        raise ValueError(f"must be a channel id{hint}: it stands at the end of the channel's details in Slack")
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a web address")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must begin with https:// (plain http:// only on this machine)")
    return value


def _zone(value: str) -> str:
    known = available_timezones()
    if value not in known:
        near = _nearest(value, known)
        raise ValueError("is not the name of a time zone" + (f"; did you mean {near}?" if near else ""))
    return value


def _database_url(value: str) -> str:
    for short, whole in (
        ("sqlite://", "sqlite+aiosqlite://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
    ):
        if value.startswith(short):
            value = whole + value.removeprefix(short)
    if not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if value.startswith("sqlite") and not value.startswith("sqlite+aiosqlite:///"):
        raise ValueError("needs three slashes before a file's name, four before a full path")
    return value


def _file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError(f"there is no such file: {value}")
    return value


Text = Annotated[str, AfterValidator(_one_line), Field(min_length=1)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Address = Annotated[Text, AfterValidator(_address)]
Channel = Annotated[Text, AfterValidator(_channel)]
WebAddress = Annotated[Text, AfterValidator(_web_address)]
Integer = Annotated[int, BeforeValidator(_no_bool)]
File = Annotated[Path, AfterValidator(_file)]


class Section(BaseModel):
    """What all sections share: nothing unknown, nothing changed later, no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Network(Section):
    """Whose bot it is, and the two data files that it works from."""

    name: Text = Field(
        "ASEAN social protection network",
        description="The network's name, as people read it in messages and mails",
        examples=['"ASEAN social protection network"'],
    )
    members_file: File = Field(
        TEMPLATES / "formats/asean.toml",
        description="The member states: codes, names, time zones, holiday calendars",
        examples=['"members.toml"'],
    )
    format_file: File = Field(
        TEMPLATES / "formats/common-1.toml",
        description="The edition of the common monitoring format: the questions",
        examples=['"common-1.toml"'],
    )


class Database(Section):
    """Where everything is kept."""

    url: Annotated[Text, AfterValidator(_database_url)] = Field(
        "sqlite+aiosqlite:///spnet.db",
        repr=False,  # a PostgreSQL address may hold a password
        description="An SQLite file (beside config.toml) or a PostgreSQL database",
        examples=['"sqlite:///spnet.db" or "postgresql://spnet:password@localhost/spnet"'],
    )


class Slack(Section):
    """The chat. An empty secret is one that this mode does not need."""

    mode: Literal["socket", "http"] = Field(
        "socket",
        description="How events come: socket (no public address needed) or http (Slack calls [pages])",
        examples=['"socket"'],
    )
    bot_token: Secret = Field(
        description="The bot's token (OAuth & Permissions), begins with xoxb-", examples=['"xoxb-..."']
    )
    app_token: Secret = Field(
        SecretStr(""),
        validate_default=True,
        description="Socket mode: the app-level token (Basic Information), begins with xapp-",
        examples=['"xapp-..."'],
    )
    signing_secret: Secret = Field(
        SecretStr(""),
        validate_default=True,
        description="HTTP mode: the signing secret (Basic Information)",
        examples=['"0123456789abcdef0123456789abcdef"'],
    )
    network_channel: Channel = Field(
        description="The channel id where digests and shared experiences appear", examples=['"C0123456789"']
    )
    secretariat_channel: Channel = Field(
        description="The channel id where the secretariat reviews", examples=['"C0123456789"']
    )
    base_url: WebAddress = Field(
        "https://slack.com/api/",
        description="Slack's address; another one only for the sandbox",
        examples=['"https://slack.com/api/"'],
    )

    @field_validator("bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
            raise ValueError("must be a bot token, which begins with xoxb-")
        return value

    @field_validator("app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        text = value.get_secret_value()
        if not text and info.data.get("mode") == "socket":
            raise ValueError('is needed when mode is "socket"')
        if text and not text.startswith("xapp-"):
            raise ValueError("must be an app-level token, which begins with xapp-")
        return value

    @field_validator("signing_secret")
    @classmethod
    def _is_signing_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if not value.get_secret_value() and info.data.get("mode") == "http":
            raise ValueError('is needed when mode is "http"')
        return value

    @field_validator("base_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return value.rstrip("/") + "/"
