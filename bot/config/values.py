"""What a single value of the configuration must look like, and what every section shares. A ValueError says what is
wrong, never what a secret is."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

PLACEHOLDER = "replace-me"  # config.example.toml marks with it what nobody may leave as it is
DRIVERS = {
    "sqlite://": "sqlite+aiosqlite://",
    "postgresql://": "postgresql+asyncpg://",
    "postgres://": "postgresql+asyncpg://",
}


class Section(BaseModel):
    """What all sections share: nothing unknown, nothing changed later, no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None. Letter case does not count."""
    spellings = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower(), spellings, n=1, cutoff=0.7)
    return spellings[found[0]] if found else None


def is_loopback(host: str | None) -> bool:
    """Does the host name this machine, so that nothing travels in the open?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _has_control(text: str) -> bool:
    return any(not character.isprintable() for character in text)


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")
    return value


def _one_line(value: str) -> str:
    value = value.strip()
    if not value:
        raise ValueError("is empty")
    if _has_control(value):
        raise ValueError("must be one line, without tabs or other control characters")
    return value


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if PLACEHOLDER in text:
        raise ValueError("is still the value of config.example.toml")
    if text != text.strip() or _has_control(text):
        raise ValueError("has a blank or a line break in it that was perhaps copied along")
    return value


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise ValueError("is not an e-mail address") from None


def _sender(value: str) -> str:
    named = re.fullmatch(r'"?([^<>"]*?)"?\s*<([^<>]+)>', value)
    if named is None and set("<> ") & set(value):
        raise ValueError("must be a name and an e-mail address in angle brackets")
    name, address = named.groups() if named else ("", value)
    if not name:
        return _address(address)
    # A comma or a bracket in a name would end it there (RFC 5322 section 3.2.3): such a name is quoted.
    spoken = f'"{name}"' if set(name) & set("()[]:;@\\,.") else name
    return f"{spoken} <{_address(address)}>"


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        raise ValueError("must be a channel's id, not its name; Slack shows it at the end of the channel's details")
    return value


def _slack_id(value: str) -> str:
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", value):
        raise ValueError("must be a member id, not a name; Slack shows it under the person's profile, Copy member ID")
    return value


def _web_address(value: str) -> str:
    problem = "must be a web address, which begins with https://"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(problem) from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise ValueError(problem)
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must begin with https:// (plain http:// only on this machine)")
    return value.rstrip("/")


def _zone(value: str) -> str:
    known = available_timezones()
    if value not in known:
        near = nearest(value, known)
        raise ValueError("is not the name of a time zone" + (f"; did you mean {near}?" if near else ""))
    return value


def _database_url(value: str) -> str:
    scheme, slashes, rest = value.partition("://")
    value = DRIVERS.get(scheme + slashes, scheme + slashes) + rest
    if not value.startswith(tuple(DRIVERS.values())):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if value.startswith("sqlite") and not rest.startswith("/"):
        raise ValueError("needs three slashes before a file's name, four before a full path")
    return value


def _file(value: Path) -> Path:
    try:
        there = value.is_file()
    except OSError:
        # A name that no file system takes, such as one that is too long.
        there = False
    if not there:
        raise ValueError(f"there is no such file: {value}")
    return value


Text = Annotated[str, AfterValidator(_one_line)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Address = Annotated[Text, AfterValidator(_address)]
Sender = Annotated[Text, AfterValidator(_sender)]
Channel = Annotated[Text, AfterValidator(_channel)]
SlackId = Annotated[Text, AfterValidator(_slack_id)]
WebAddress = Annotated[Text, AfterValidator(_web_address)]
Zone = Annotated[Text, AfterValidator(_zone)]
DatabaseUrl = Annotated[Text, AfterValidator(_database_url)]
Integer = Annotated[int, BeforeValidator(_no_bool)]
Port = Annotated[Integer, Field(ge=1, le=65535)]
File = Annotated[Path, AfterValidator(_file)]
