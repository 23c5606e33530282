"""A data file, read row by row: every complaint names the file, the row, the field, and gives an example of right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, cast

from bot.errors import Refusal

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FILE_CODE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
LONGEST_CODE = 60


class FormatError(Refusal):
    """A data file of the format cannot be used. Facts: file, code, field (both may be empty), problem, example."""

    def __init__(self, *, file: str, code: str, field: str, problem: str, example: str) -> None:
        super().__init__(file=file, code=code, field=field, problem=problem, example=example)

    def __str__(self) -> str:
        where = ", ".join(part for part in (str(self.facts["code"]), str(self.facts["field"])) if part)
        told = (str(self.facts["file"]), where, str(self.facts["problem"]))
        return ": ".join(part for part in told if part) + f" (for example: {self.facts['example']})"


class Row:
    """A table of the file that knows where it stands, so that every complaint names the place."""

    def __init__(self, file: str, values: dict[str, object], named: str = "") -> None:
        self.file = file
        self.values = values
        self.named = named

    def wrong(self, field: str, problem: str, example: str) -> NoReturn:
        raise FormatError(file=self.file, code=self.named, field=field, problem=problem, example=example)

    def only(self, *fields: str) -> None:
        for field in self.values:
            if field not in fields:
                self.wrong(field, "there is no such field", f"one of {', '.join(fields)}")

    def _of(self, field: str, kind: type | tuple[type, ...], called: str, example: str) -> object | None:
        value = self.values.get(field)
        if value is None:
            return None
        # In Python true is also the number 1; in the file it is not.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(field, f"this must be {called}, not {value!r}", example)
        return value

    def text(self, field: str, example: str | None = None) -> str:
        value = self.maybe_text(field, example)
        if value is None:
            self.wrong(field, "this field is missing", example or f'{field} = "Some words"')
        return value

    def maybe_text(self, field: str, example: str | None = None) -> str | None:
        example = example or f'{field} = "Some words"'
        value = cast("str | None", self._of(field, str, "text between quotation marks", example))
        if value is not None and not value.strip():
            self.wrong(field, "this is empty", example)
        return value.strip() if value is not None else None

    def code(self, field: str, spelling: re.Pattern[str] = CODE, *, example: str) -> str:
        value = self.text(field, f'{field} = "{example}"')
        if not spelling.fullmatch(value) or len(value) > LONGEST_CODE:
            self.wrong(
                field,
                f"{value!r} is not a code: small letters and digits, joined by _, at most {LONGEST_CODE}",
                f'{field} = "{example}"',
            )
        return value

    def flag(self, field: str) -> bool:
        return bool(self._of(field, bool, "true or false", f"{field} = true"))

    def whole(self, field: str, example: str, *, least: int = 1) -> int:
        value = self._of(field, int, "a whole number", example)
        if value is None:
            self.wrong(field, "this field is missing", example)
        if cast("int", value) < least:
            self.wrong(field, f"this must be {least} or more", example)
        return cast("int", value)

    def bound(self, field: str) -> Decimal | None:
        value = self._of(field, (int, Decimal), "a number", f"{field} = 100")
        if value is None:
            return None
        bound = Decimal(cast("int | Decimal", value))
        if not bound.is_finite():
            self.wrong(field, "this must be a number that has an end", f"{field} = 100")
        return bound

    def one_of(self, field: str, allowed: Iterable[str], example: str) -> str:
        value = self.text(field, example)
        allowed = list(allowed)
        if value not in allowed:
            self.wrong(field, f"{value!r} is not one of {', '.join(allowed)}", example)
        return value

    def words(self, field: str, example: str) -> tuple[str, ...] | None:
        listed = self._of(field, list, "a list", example)
        if listed is None:
            return None
        words = cast("list[object]", listed)
        if not words or not all(isinstance(word, str) and word.strip() for word in words):
            self.wrong(field, "this must be a list of texts that is not empty", example)
        return tuple(cast("list[str]", words))

    def rows(self, field: str, example: str, *, needed: bool = True) -> list[Row]:
        listed = cast("list[object] | None", self._of(field, list, "a list of tables", example)) or []
        if needed and not listed:
            self.wrong(field, "there is none", example)
        rows: list[Row] = []
        for number, values in enumerate(listed, start=1):
            if not isinstance(values, dict):
                self.wrong(field, "this must be a list of tables", example)
            table = cast("dict[str, object]", values)
            name = table.get("code") or table.get("letter") or f"{field} number {number}"
            rows.append(Row(self.file, table, str(name)))
        return rows


def read_file(path: Path) -> Row:
    """The top of a TOML file; numbers with a point as exact decimals. Raises FormatError."""
    return read_text(text_of(path), str(path))


def text_of(path: Path) -> str:
    """What stands in a data file. Raises FormatError."""
    example = "templates/formats/common-1.toml"
    try:
        return path.read_text(encoding="utf-8").removeprefix("\ufeff")
    except FileNotFoundError:
        problem = "there is no such file"
    except UnicodeDecodeError:
        problem, example = "this file is not written in UTF-8", "save it as UTF-8 in your editor"
    except OSError as error:
        problem = f"this file cannot be read: {error.strerror}"
    raise FormatError(file=str(path), code="", field="", problem=problem, example=example)


def read_text(text: str, named: str) -> Row:
    """The top of such a file from its text. Raises FormatError."""
    try:
        return Row(named, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        problem = f"this is not TOML: {error}"
        raise FormatError(file=named, code="", field="", problem=problem, example='title = "Gini index"') from None


def unique(row: Row, what: str, codes: list[str], *, field: str) -> None:
    """Raise FormatError where two of the same kind share a code."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            place = Row(row.file, {}, row.named or code)
            place.wrong(field, f"there are two of the {what} {code!r}", f"a {field} of its own for each {what}")
        seen.add(code)
