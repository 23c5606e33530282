"""The settings: what stands in config.toml, then what the environment says (SPNET_SLACK__BOT_TOKEN).

values.py       what a single value must look like, and how it is completed
plan.py         the sections of reminders, and the plan by default
sections.py     every other section and setting: meaning, default, example
loading.py      file and environment -> Settings, or every fault at once

Settings built in code (tests, the demo) read no file and no environment: `Settings(slack={...}, ...)`. Secrets are
SecretStr and never shown: not by repr, not in a fault.
"""

from bot.config.loading import CONFIG_FILE, FILE_VARIABLE, ConfigError, Fault, Row, describe, load
from bot.config.plan import Reminders, ReminderStep
from bot.config.sections import (
    Database,
    Mail,
    Network,
    Pages,
    Secretariat,
    Security,
    Settings,
    Slack,
)

__all__ = [
    "CONFIG_FILE",
    "FILE_VARIABLE",
    "ConfigError",
    "Database",
    "Fault",
    "Mail",
    "Network",
    "Pages",
    "ReminderStep",
    "Reminders",
    "Row",
    "Secretariat",
    "Security",
    "Settings",
    "Slack",
    "describe",
    "load",
]
