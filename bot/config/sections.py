"""Every section and setting of the configuration.

A field's description is its meaning in the README's table; its first example, as written in TOML, is what a wrong
value is answered with. A setting that leans on another stands after it, and looks at it in `info.data`: so all faults
of a section are found in one go.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.plan import DEFAULT_PLAN, Reminders, ReminderStep
from bot.config.values import (
    Address,
    Channel,
    DatabaseUrl,
    File,
    Integer,
    Port,
    Secret,
    Section,
    Sender,
    SlackId,
    Text,
    WebAddress,
    Zone,
    is_loopback,
)
from bot.files import TYPES

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Network(Section):
    """Whose bot it is, and the three data files that it works from."""

    name: Text = Field(
        default="ASEAN social protection network",
        description="The network's name, as people read it in messages and mails",
        examples=['"ASEAN social protection network"'],
    )
    members_file: File = Field(
        default=TEMPLATES / "formats" / "asean.toml",
        description="The member states: codes, names, time zones, holiday calendars",
        examples=['"members.toml"'],
    )
    format_file: File = Field(
        default=TEMPLATES / "formats" / "common-1.toml",
        description="The edition of the common monitoring format, that is, the questions",
        examples=['"common-1.toml"'],
    )
    benchmarks_file: File = Field(
        default=TEMPLATES / "formats" / "benchmarks-1.toml",
        description="The regional benchmarks that countries may move towards, and their steps",
        examples=['"benchmarks-1.toml"'],
    )


class Database(Section):
    """Where everything is kept."""

    url: DatabaseUrl = Field(
        default="sqlite:///spnet.db",
        validate_default=True,
        repr=False,  # a PostgreSQL address may hold a password
        description="Where everything is kept: an SQLite file beside config.toml, or a PostgreSQL database",
        examples=['"sqlite:///spnet.db" or "postgresql://spnet:password@localhost/spnet"'],
    )


class Slack(Section):
    """The chat. An empty secret is one that the mode does not need."""

    mode: Literal["socket", "http"] = Field(
        default="socket",
        description="How events come: socket (needs no public address) or http (Slack calls the address of [pages])",
        examples=['"socket"'],
    )
    bot_token: Secret = Field(
        description="The bot's token; begins with xoxb- (in Slack: OAuth & Permissions)", examples=['"xoxb-..."']
    )
    app_token: Secret = Field(
        default=SecretStr(""),
        validate_default=True,
        description="Socket mode only: the app-level token; begins with xapp- (in Slack: Basic Information)",
        examples=['"xapp-..."'],
    )
    signing_secret: Secret = Field(
        default=SecretStr(""),
        validate_default=True,
        description="HTTP mode only: the signing secret (in Slack: Basic Information)",
        examples=['"0123456789abcdef0123456789abcdef"'],
    )
    network_channel: Channel = Field(
        description="Id of the channel where digests and shared experiences appear", examples=['"C0123456789"']
    )
    secretariat_channel: Channel = Field(
        description="Id of the channel where the secretariat reviews", examples=['"C0123456789"']
    )
    base_url: WebAddress = Field(
        default="https://slack.com/api/",
        description="Slack's own address; only a sandbox has another",
        examples=['"https://slack.com/api/"'],
    )

    @field_validator("bot_token")
    @classmethod
    def _is_bot_token(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if text.startswith("xoxe."):
            # It ends after twelve hours, and Bolt renews it only on what comes in: reminders would stop.
            raise ValueError("is a token that rotates; in Slack, turn token rotation off and install the app again")
        if not text.startswith("xoxb-"):
            raise ValueError("must be the bot's token, which begins with xoxb-")
        return value

    @field_validator("app_token")
    @classmethod
    def _is_app_token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        text = value.get_secret_value()
        if not text and info.data.get("mode") == "socket":
            raise ValueError('is needed when mode is "socket"')
        if text and not text.startswith("xapp-"):
            raise ValueError("must be the app-level token, which begins with xapp-")
        return value

    @field_validator("signing_secret")
    @classmethod
    def _is_signing_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if not value.get_secret_value() and info.data.get("mode") == "http":
            raise ValueError('is needed when mode is "http"')
        return value

    @field_validator("secretariat_channel")
    @classmethod
    def _is_another_channel(cls, value: str, info: ValidationInfo) -> str:
        # The network reads its channel; what is under review is not yet for the network.
        if value == info.data.get("network_channel"):
            raise ValueError("must be another channel than network_channel: reviews are not for everybody")
        return value

    @field_validator("base_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        return value + "/"


class Mail(Section):
    """The mail server that sends."""

    host: Text = Field(description="The mail server that sends", examples=['"smtp.example.org"'])
    port: Port = Field(default=587, description="Its port: 587 for starttls, 465 for tls", examples=["587"])
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection is protected: starttls, tls, or none (only for a server on this machine)",
        examples=['"starttls"'],
    )
    username: str = Field(
        default="", description="The name to log in with; empty: no login", examples=['"bot@example.org"']
    )
    password: Secret = Field(
        default=SecretStr(""), validate_default=True, description="The password to log in with", examples=['"..."']
    )
    sender: Sender = Field(description="Whom mails come from, name and address", examples=['"spnet <bot@example.org>"'])
    reply_to: Address | None = Field(
        default=None, description="Where replies go; none: to the sender", examples=['"secretariat@example.org"']
    )

    @field_validator("security")
    @classmethod
    def _is_safe(cls, value: str, info: ValidationInfo) -> str:
        if value == "none" and "host" in info.data and not is_loopback(info.data["host"]):
            raise ValueError('may be "none" only for a server on this machine (localhost)')
        return value

    @field_validator("password")
    @classmethod
    def _belongs_to_a_name(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("username") and not value.get_secret_value():
            raise ValueError("is needed when there is a username")
        return value


class Secretariat(Section):
    """The first person of the secretariat, who opens the first cycle and invites the others."""

    name: Text = Field(description="The first person of the secretariat", examples=['"Aisyah Noor"'])
    email: Address = Field(description="That person's e-mail address", examples=['"aisyah@example.org"'])
    slack_id: SlackId = Field(description="That person's member id in Slack", examples=['"U0123456789"'])
    zone: Zone = Field(default="Asia/Jakarta", description="That person's time zone", examples=['"Asia/Jakarta"'])


class Pages(Section):
    """The small web server: health, metrics, links in mails, and Slack's events in http mode."""

    listen: Text = Field(
        default="127.0.0.1", description="The address that the web pages listen on", examples=['"127.0.0.1"']
    )
    port: Integer = Field(
        default=8080, ge=0, le=65535, description="The port of the web pages; 0: any free one", examples=["8080"]
    )
    public_address: WebAddress | None = Field(
        default=None,
        description="How people reach the web pages from outside; "
        "none: mails carry no links, so contributors and those who clear need the chat",
        examples=['"https://spnet.example.org"'],
    )


class Evidence(Section):
    """What is taken as evidence behind an answer."""

    largest_megabytes: Integer = Field(
        default=10, ge=1, le=100, description="The largest file that is taken, in megabytes", examples=["10"]
    )
    kinds: tuple[str, ...] = Field(
        default=tuple(TYPES),
        min_length=1,
        description=f"The types of files that are taken: {', '.join(TYPES)}; told by the content, never by the name",
        examples=['["pdf", "png"]'],
    )
    most: Integer = Field(
        default=10, ge=1, le=50, description="How many links and files may stand behind one answer", examples=["10"]
    )

    @field_validator("kinds")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [kind for kind in value if kind not in TYPES]:
            raise ValueError(f"has {unknown[0]!r}, which is none of {', '.join(TYPES)}")
        return value

    @property
    def largest(self) -> int:
        """The same in bytes."""
        return self.largest_megabytes * 1_000_000


class Security(Section):
    """What the bot signs with."""

    secret: Secret = Field(
        description="Signs the links in mails, at least 32 characters; make one: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        examples=["what this prints: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"],
    )

    @field_validator("secret")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if len(text) < 32:
            raise ValueError(f"has {len(text)} characters and needs at least 32")
        if len(set(text)) < 8:
            raise ValueError("is too easy to guess")
        return value


class Settings(BaseSettings):
    """All settings. Built in code, it reads neither file nor environment: that is what `load` does."""

    model_config = SettingsConfigDict(
        env_prefix="SPNET_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    network: Network = Network()
    database: Database = Database()
    slack: Slack
    mail: Mail
    secretariat: Secretariat
    pages: Pages = Pages()
    evidence: Evidence = Evidence()
    security: Security
    reminders: Reminders = Reminders()
    reminder: tuple[ReminderStep, ...] = Field(
        default=DEFAULT_PLAN,
        max_length=60,
        description="The reminder plan, one [[reminder]] a step",
        examples=['[[reminder]] days = -7, to = ["focal_point"]'],
    )

    @field_validator("reminder")
    @classmethod
    def _is_a_plan(cls, value: tuple[ReminderStep, ...]) -> tuple[ReminderStep, ...]:
        days = [step.days for step in value]
        if twice := sorted({day for day in days if days.count(day) > 1}):
            raise ValueError(f"has two steps on the same day (days = {twice[0]})")
        names = [step.name for step in value]
        if same := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f'has two steps of the same name ("{same[0]}")')
        return tuple(sorted(value, key=lambda step: step.days))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in; `load` hands in file and environment, merged."""
        return (init_settings,)
