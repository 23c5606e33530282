"""File and environment -> Settings, or every fault at once, each with an example of right."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, cast

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.config.plan import ReminderStep
from bot.config.sections import TEMPLATES, Database, Settings
from bot.config.values import nearest

CONFIG_FILE = Path("config.toml")
PREFIX = "SPNET_"
FILE_VARIABLE = "SPNET_CONFIG"
Data = dict[str, Any]
Location = tuple[int | str, ...]


class Fault(NamedTuple):
    """One thing wrong with the configuration: `key` as section.name, what is wrong with it, and how right looks."""

    key: str
    problem: str
    example: str


class ConfigError(Exception):
    """The configuration cannot be used. `rows` holds every fault found, for a person to read; no secret is in them."""

    def __init__(self, rows: list[Fault]) -> None:
        super().__init__("; ".join(f"{row.key} {row.problem}" for row in rows))
        self.rows = rows


class Row(NamedTuple):
    """One setting for the README's table: `default` as written in TOML, "required", or "" for none."""

    key: str
    default: str
    meaning: str


class _Environment(EnvSettingsSource):
    """The environment that was handed in, as pydantic-settings reads the process's own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """A list is written as JSON; what is no JSON stays text, and is then refused with the other faults."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        path: the file; None is the one that SPNET_CONFIG names, or else config.toml in the working folder, which may
            be absent if the environment has it all. Relative paths, also an SQLite file's, start from its folder.
        environ: the environment, by default the process's own. SPNET_SLACK__BOT_TOKEN overrides [slack] bot_token;
            an empty variable is not set; lists are written as JSON.

    Raises:
        ConfigError: with every fault found.
    """
    environment = os.environ if environ is None else environ
    if path is None and (named := environment.get(FILE_VARIABLE)):
        path = Path(named)
    file = path or CONFIG_FILE
    found, faults = _read(file)
    if faults and (path is not None or file.exists()):
        raise ConfigError(faults)
    spoken = _Environment(environment)()
    if faults and not spoken:
        raise ConfigError(faults)
    unknown = list(_unknown_variables(environment))
    data = _merged(found, spoken)
    for name in _sections():
        data.setdefault(name, {})
    _resolve_paths(data, file.parent)
    try:
        settings = Settings(**data)
    except ValidationError as error:
        wrong = [_fault(one, spoken) for one in error.errors(include_url=False, include_input=False)]
        raise ConfigError(faults + unknown + wrong) from None
    if unknown:
        raise ConfigError(unknown)
    return settings


def _read(file: Path) -> tuple[Data, list[Fault]]:
    """What stands in the file, or why it cannot be read."""
    start = "cp config.example.toml config.toml, then fill it in"
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig")), []
    except FileNotFoundError:
        return {}, [Fault(str(file), "is not there", start)]
    except OSError as error:
        return {}, [Fault(str(file), f"cannot be read: {error.strerror}", f"chmod u+r {file}")]
    except UnicodeDecodeError:
        return {}, [Fault(str(file), "is not written in UTF-8", "save it again as UTF-8 in your editor")]
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        return {}, [Fault(str(file), words[:1].lower() + words[1:], 'name = "text in quotation marks"')]


def _merged(lower: Data, upper: Data) -> Data:
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[key] = _merged(cast(Data, below), cast(Data, value)) if both else value
    return merged


def _resolve_paths(data: Data, folder: Path) -> None:
    """Relative paths start at the file's folder: a bot started from elsewhere must not make an empty database there."""
    network, database = data["network"], data["database"]
    if isinstance(network, dict):
        for name in ("members_file", "format_file", "benchmarks_file"):
            value = cast(Data, network).get(name)
            if isinstance(value, str):
                network[name] = str(folder / Path(value).expanduser())
    if isinstance(database, dict):
        url = cast(Data, database).setdefault("url", Database().url)
        scheme, slashes, name = url.partition(":///") if isinstance(url, str) else ("", "", "")
        if scheme.startswith("sqlite") and name and not name.startswith(("/", ":memory:")):
            database["url"] = f"{scheme}{slashes}{folder / name}"


def _sections() -> dict[str, type[BaseModel]]:
    """The [section]s by name."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _settings() -> Iterator[tuple[str, FieldInfo]]:
    """Every setting with its key, section by section, the steps of the plan last."""
    for section, model in _sections().items():
        for name, field in model.model_fields.items():
            yield f"{section}.{name}", field
    for name, field in ReminderStep.model_fields.items():
        yield f"reminder.{name}", field


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[Fault]:
    """SPNET_ variables of no section. (An unknown name within a section is found with the file's.)"""
    known = [PREFIX + key.replace(".", "__").upper() for key, _ in _settings()]
    for name in environ:
        upper = name.upper()
        section = upper.removeprefix(PREFIX).partition("__")[0].lower()
        if upper.startswith(PREFIX) and upper != FILE_VARIABLE and section not in Settings.model_fields:
            near = nearest(upper, known)
            yield Fault(name, "is not a setting" + (f"; did you mean {near}?" if near else ""), near or known[0])


def _fault(error: ErrorDetails, spoken: Data) -> Fault:
    """One of pydantic's errors in a person's words."""
    location = error["loc"]
    steps = [f"{part}" if isinstance(part, str) else f"[{part + 1}]" for part in location]
    key = ".".join(steps).replace(".[", "[")
    example = _example(location)
    if error["type"] == "extra_forbidden":
        problem, example = _unknown(location)
    else:
        problem = _problem(error)
    variable = PREFIX + "__".join(str(part).upper() for part in location if isinstance(part, str))
    if _is_in(spoken, location):
        problem += f" (it comes from the environment, {variable})"
    return Fault(key, problem, example)


def _is_in(spoken: Data, location: Location) -> bool:
    place: object = spoken
    for part in location:
        if not isinstance(part, str) or not isinstance(place, dict) or part not in place:
            return False
        place = cast(object, place[part])
    return True


def _field(location: Location) -> FieldInfo | None:
    """The setting at a place; for a [[reminder]] its number is passed over."""
    names = [part for part in location if isinstance(part, str)]
    if len(names) == 1:
        return Settings.model_fields.get(names[0])
    return dict(_settings()).get(".".join(names[:2]))


def _example(location: Location) -> str:
    field = _field(location)
    name = next((part for part in reversed(location) if isinstance(part, str)), "")
    if field is None or not field.examples:
        return f"[{name}]"
    example = str(field.examples[0])
    return example if not example.startswith(('"', "[", *"-0123456789")) or "[[" in example else f"{name} = {example}"


def _unknown(location: Location) -> tuple[str, str]:
    """What to say of a name that nobody knows: the nearest one in its section, or else anywhere."""
    names = [str(part) for part in location if isinstance(part, str)]
    fields = dict(_settings())
    if len(names) == 1:
        near = nearest(names[0], [*Settings.model_fields]) or nearest(names[0], [key.split(".")[1] for key in fields])
        home = next((key for key in fields if near and key.endswith(f".{near}")), near or "")
    else:
        near = nearest(names[-1], [key.split(".")[1] for key in fields if key.startswith(f"{names[0]}.")])
        home = f"{names[0]}.{near}" if near else ""
    if not home:
        return "is not a setting", "the settings are listed in config.example.toml"
    said = f"[{home}]" if home in _sections() else home
    return f"is not a setting; did you mean {said}?", _example(tuple(home.split(".")))


def _problem(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing"
        case "value_error":
            return str(context["error"])
        case "literal_error" | "enum":
            return f"must be {context['expected'].replace(chr(39), chr(34))}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "too_long":
            return f"may have at most {context['max_length']} entries"
        case "string_type" | "path_type":
            return "must be text, in quotation marks"
        case "int_type" | "int_parsing" | "int_from_float":
            return "must be a whole number"
        case "tuple_type":
            return "must be a list"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must be a section with settings of its own"
        case "string_pattern_mismatch":
            return "may have small letters, digits and _ only, at most 40"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]


def describe() -> list[Row]:
    """Every setting with its default and meaning, in the order of config.example.toml."""
    return [Row(key, _default(field), field.description or "") for key, field in _settings()]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default: object = field.default
    if default is None or (isinstance(default, SecretStr) and not default.get_secret_value()):
        return ""
    if isinstance(default, Path):
        return json.dumps(f"templates/{default.relative_to(TEMPLATES).as_posix()}")
    if isinstance(default, tuple):
        return json.dumps([entry.value if isinstance(entry, Enum) else entry for entry in cast(tuple[Any], default)])
    return json.dumps(default) if default != "" else ""
