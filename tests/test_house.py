"""The house agrees with itself: every registry with what it names, and help, labels and layers with the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import handlers
from bot import digests, reminders
from bot.assessments import DUTIES_OF_ANSWERING, DUTIES_OF_REVIEW
from bot.composers import COMPOSERS
from bot.experiences import form
from bot.homes import HOMES
from bot.interview.hear import ALWAYS, WORDS
from bot.messages import Deed
from bot.people.agencies import BODIES
from bot.permissions import PERMISSIONS, Act
from bot.reading.phrases import PHRASES
from bot.reading.phrases import Act as Word
from bot.reminders.notices import TEMPLATES as REMINDER_TEMPLATES
from bot.standing import Ball
from bot.words import words
from db import schema
from db.base import Base
from db.engine import Database
from db.models import TABLES
from db.vocabulary import (
    AgencyKind,
    AssessmentState,
    CycleState,
    ExperienceKind,
    MechanismStatus,
    QuestionSetCode,
    Role,
    Sector,
    Theme,
)
from handlers import actions
from handlers.commands import COMMANDS, CONFIRMS
from tests import source

LABELS = source.labels()
CONTRACTS = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# Who reads each word as a person of the network: none of these are for them.
JARGON = re.compile(
    r"\b(null|none type|undefined|invalid|exception|payload|timestamp|json|boolean|integer|float|regex|enum|parse|"
    r"parsed|callback|backend|frontend|server error|bad request|deprecated|foo|instance|traceback|stack|boot|ack|"
    r"indicators?|database|the user|a user|entity|string|modal|utilize|kindly|please be advised)\b",
    re.IGNORECASE,
)
# What people read who run the program, not the network.
FOR_OPERATORS = (
    "trouble_",
    "run_",
    "check_",
    "format_",
    "import_",
    "export_",
    "demo_",
    "replay_",
    "observations/",
    "replay/",
    "demo/",
    "check/",
)


def rooms() -> set[str]:
    """Every file and package of bot/, as import-linter names it."""
    found = [
        path for path in (source.ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    return {f"bot.{path.stem}" for path in found} - {"bot.__init__", "bot.__main__"}


def layers() -> list[str]:
    contract = next(each for each in CONTRACTS["contracts"] if each["type"] == "layers")
    return [room.strip() for line in contract["layers"] for room in re.split(r"[|:]", line)]


def test_every_room_has_its_layer() -> None:
    assert rooms() - {layer.strip("()") for layer in layers()} == set()


def test_every_layer_that_is_not_in_parentheses_is_there() -> None:
    built = [layer for layer in layers() if not layer.startswith("(")]
    assert {layer for layer in built if layer.startswith("bot.")} - rooms() == set()
    assert {layer.strip("()") for layer in layers() if layer.startswith("(")} & rooms() == set()


@pytest.mark.parametrize("name", ["Slack and SMTP stay at the edge", "The words have one door"])
def test_a_contract_forgets_no_room(name: str) -> None:
    contract = next(each for each in CONTRACTS["contracts"] if each["name"] == name)
    let_in = {
        "Slack and SMTP stay at the edge": {"bot.app", "bot.cli", "bot.delivery", "bot.rendering", "bot.sandbox"},
        "The words have one door": {"bot.words"},
    }[name]
    assert rooms() - set(contract["source_modules"]) - let_in == set()


def test_the_table_of_contents_lists_every_conversation() -> None:
    folder = source.ROOT / "handlers"
    registering = {
        path.stem if path.suffix else path.name
        for path in folder.iterdir()
        for file in (path if path.suffix == ".py" else path / "__init__.py",)
        if file.exists() and re.search(r"^def register\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {module.__name__.split(".")[-1] for module in handlers.CONVERSATIONS} == registering


@pytest.mark.parametrize("room", ["bot/sandbox", "bot/sandbox/control", "bot/cli/playing", "bot/homes"])
def test_a_room_with_many_files_says_what_each_is_for(room: str) -> None:
    folder = source.ROOT / room
    first = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    there = {path.name for path in folder.glob("*.py")} | {f"{path.parent.name}/" for path in folder.glob("*/*")}
    assert set(re.findall(r"(\w+(?:\.py|/))\s", first)) == there - {"__init__.py", "__pycache__/"}


def registries() -> list[tuple[Deed, ...]]:
    """Every tuple of handlers/actions.py, each once, whatever its names: a new one is among them by itself."""
    tuples = {id(value): value for value in vars(actions).values() if isinstance(value, tuple)}
    return [value for value in tuples.values() if value and all(isinstance(each, Deed) for each in value)]


def test_every_deed_is_heard_once() -> None:
    heard = [deed for registry in registries() for deed in registry]
    assert sorted(heard) == sorted(Deed)


def test_every_deed_that_asks_again_is_confirmed() -> None:
    assert set(CONFIRMS) == set(actions.COMMANDS) - {Deed.DISMISS}
    assert {deed for deed in Deed if deed.value.startswith("confirm_")} == set(CONFIRMS)


def test_every_button_has_its_words() -> None:
    # These carry words of their own: a choice's text, or the name of a select.
    own = {Deed.TAKE, Deed.EDIT}
    assert {deed.value for deed in Deed if deed not in own} - set(LABELS) == set()
    assert {deed.name for deed in Deed} - source.asked("Deed") == set(), "a deed that no message offers"


def test_every_command_has_its_line_of_help_and_no_line_is_left_over() -> None:
    of_any = {f"{command.label}_of_any" for command in COMMANDS if command.own}
    assert {command.label for command in COMMANDS} | of_any == {key for key in LABELS if key.startswith("command_")}
    for command in COMMANDS:
        assert f"/spnet {command.name}" in LABELS[command.label]
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_every_label_is_used() -> None:
    named = set(source.strings()) | {each for text in source.templates().values() for each in _label_names(text)}
    families = (
        "command_",
        "clearer_",
        "trail_role_",
        "state_",
        "kind_",
        "theme_",
        "hat_",
        "cycle_title_",
        "trouble_",
        "share_",
        "return_",
        "leave_",
        "reach_",
        "letter_wrong_",
        "export_",
        *("benchmark_", "erratum_field_"),
        *("floor_wrong_", "own_wrong_", "own_kind_"),
        *("mechanism_status_", "agency_kind_", "bodies_", "sector_", "mandate_"),
    )
    unused = {key for key in LABELS if key not in named and not key.startswith((*families, *FOR_OPERATORS))}
    deeds = {each for deed in Deed for each in (deed.value, f"{deed.value}_title", f"{deed.value}_submit")}
    assert unused - deeds == set()


def _label_names(text: str) -> list[str]:
    return re.findall(r"label\(\s*[\"']([a-z_]+)[\"']\s*[,)]", text)


def test_what_people_read_of_an_enum_has_its_label() -> None:
    states = {f"state_{state.value}" for state in (*AssessmentState, *CycleState)}
    kinds = {f"kind_{kind.value}" for kind in ExperienceKind} | {f"theme_{theme.value}" for theme in Theme}
    hats = {f"hat_{role.value}" for role in Role}
    sets = {f"cycle_title_{code.value}" for code in QuestionSetCode}
    register = {f"sector_{sector.value}" for sector in Sector} | {f"agency_kind_{kind.value}" for kind in AgencyKind}
    register |= {f"mechanism_status_{status.value}" for status in MechanismStatus}
    register |= {f"bodies_{kind.value}" for kind in BODIES}
    said = states | kinds | hats | sets | register
    assert said - set(LABELS) == set()
    begin = (
        "state_",
        "kind_",
        "theme_",
        "hat_",
        "cycle_title_",
        "sector_",
        "agency_kind_",
        "bodies_",
        "mechanism_status_",
    )
    assert {key for key in LABELS if key.startswith(begin)} - said - set(source.strings()) == set()


def test_whoever_has_the_ball_is_said() -> None:
    said = source.templates()["layout/cycle.chat.j2"]
    assert {ball.value for ball in Ball} - {"nobody"} == set(re.findall(r'row\.ball == "([a-z_]+)"', said))


def test_every_role_has_its_home() -> None:
    assert set(HOMES) == set(Role)
    said = source.templates()["home/network.chat.j2"]
    assert {ball.value for ball in Ball} - {"nobody"} == set(re.findall(r'each\.ball == "([a-z_]+)"', said))


def test_every_form_has_its_words() -> None:
    forms = (*actions.CLEARANCE_FORMS, *actions.PROFILE_FORMS, *actions.MECHANISMS, *actions.REGISTER_FORMS)
    for deed in (Deed.SHARE, Deed.RETURN, *actions.DELEGATION_FORMS, Deed.CARRY_OUT, *forms):
        assert {f"{deed.value}_title", f"{deed.value}_submit"} <= set(LABELS)
        assert max(len(LABELS[f"{deed.value}_{part}"]) for part in ("title", "submit")) <= 24
    labels = {field.label for field in form(words().label).fields}
    fields = {node.args[1].value for node in source.every(ast.Call) if _is_field(node)}  # type: ignore[attr-defined]
    assert labels <= fields
    assert fields - set(LABELS) == set()


def _is_field(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Name)
        and node.func.id == "Field"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    )


def message_kinds() -> set[str]:
    """Every kind that stands in the source as a text, where a template of that folder may be meant."""
    folders = {kind.split("/")[0] for kind in map(source.kind_of, source.templates())}
    found = {text for text in source.strings() if source.KIND.fullmatch(text)}
    return {text for text in found if text.split("/")[0] in folders}


def test_every_message_has_its_template() -> None:
    there = {source.kind_of(name) for name in source.templates()}
    assert message_kinds() - {reminders.KIND} - there == set()
    # One kind of delivery, a template a role.
    assert set(REMINDER_TEMPLATES.values()) - there == set()


def test_every_composer_has_its_template_and_is_queued_somewhere() -> None:
    kinds = {*COMPOSERS, digests.KIND}
    queued = set(source.strings())
    assert kinds - queued == set()
    for kind in (kinds & message_kinds()) - {reminders.KIND}:
        assert words().has(kind, "chat"), kind
    assert {*DUTIES_OF_ANSWERING, *DUTIES_OF_REVIEW} - kinds == set()


def test_every_template_is_used() -> None:
    texts = source.templates()
    used = message_kinds() | {source.kind_of(name) for text in texts.values() for name in source.included(text)}
    used |= {f"refusals/{name}" for name in refusals()}
    used |= {section.template for section in digests.SECTIONS}
    used |= {f"pages/{name}" for name in source.strings() if f"pages/{name}.html.j2" in texts}
    assert {source.kind_of(name) for name in texts} - used == set()


def refusals() -> dict[str, str]:
    """Every refusal by the stem of its template, with its class's name."""
    below = source.classes_below("Refusal")
    snake = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in below}
    # WrongState is only the root of others.
    return {stem: name for stem, name in snake.items() if name != "WrongState"}


def test_every_refusal_has_its_words_and_no_words_are_left_without_one() -> None:
    # Said by the conversation itself, with the question it was about (layout/problem).
    in_talk = {"unreadable"}
    # Said at the command line, with its file and place.
    by_themselves = {"format_error", "edition_changed"}
    there = {Path(source.kind_of(name)).name for name in source.templates() if name.startswith("refusals/")}
    assert set(refusals()) - in_talk - by_themselves == there


def test_every_problem_of_reading_has_its_words() -> None:
    said = source.templates()["layout/problem.chat.j2"]
    problems = {
        keyword.value.value
        for node in source.every(ast.Call)
        for keyword in node.keywords
        if keyword.arg == "problem" and isinstance(keyword.value, ast.Constant) and source.called(node) == "Unreadable"
    }
    from bot.reading import Problem

    assert {problem.value for problem in Problem} | problems <= set(re.findall(r'"([a-z_]+)"', said)) | {
        "not_understood"
    }


def test_every_echo_has_its_words() -> None:
    said = set(re.findall(r'line\.how == "([a-z_]+)"', source.templates()["layout/echo.chat.j2"]))
    made = {
        node.args[1].value  # type: ignore[attr-defined]
        for node in source.every(ast.Call)
        if source.called(node) == "echo" and _second_is_text(node)
    }
    made |= {"stored", "changed"}
    for node in source.every(ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "how" and isinstance(value, ast.Constant):
                made.add(value.value)
    assert said == made


def _second_is_text(node: ast.Call) -> bool:
    return len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)


def test_every_right_is_given_to_somebody_and_asked_for_somewhere() -> None:
    assert set(PERMISSIONS) == set(Role)
    given = {act for row in PERMISSIONS.values() for act in row}
    assert set(Act) - given == set()
    asked = {
        argument.attr
        for node in source.every(ast.Call)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(argument, ast.Attribute) and isinstance(argument.value, ast.Name) and argument.value.id == "Act"
    }
    assert {act.name for act in Act} - asked == set(), "a right that nobody asks for"


def test_every_word_that_works_while_talking_is_heard() -> None:
    assert set(PHRASES) == set(Word)
    # The hat is changed before it is known for whom the person speaks: handlers/assessment.py.
    assert set(WORDS) | {Word.HAT} == set(Word)
    assert set(ALWAYS) <= set(WORDS)
    assert "HAT" in source.asked("Word")


def read_by_people() -> Iterable[tuple[str, str]]:
    for name, text in source.templates().items():
        yield from ((name, said) for said in source.words_of(text))
    yield from ((f"labels.toml {key}", said) for key, said in LABELS.items())


def test_nothing_shouts() -> None:
    def quiet(said: str) -> str:
        return re.sub(r"`[^`]*`|<!|!important", "", said)

    assert [(where, said) for where, said in read_by_people() if "!" in quiet(said)] == []


def test_no_word_is_only_for_programmers() -> None:
    found = [
        (where, match[0])
        for where, said in read_by_people()
        if not where.split(" ")[-1].startswith(FOR_OPERATORS)
        for match in [JARGON.search(re.sub(r"`[^`]*`|<[^>]*>", "", said))]
        if match
    ]
    assert found == []


async def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    assert {table.__table__ for table in TABLES} == set(Base.metadata.tables.values())

    def differences(connection: object) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})  # type: ignore[arg-type]
        return list(compare_metadata(context, Base.metadata))

    async with database.reading() as session:
        assert await (await session.connection()).run_sync(differences) == []
        found = await (await session.connection()).run_sync(schema.present)
    assert found == schema.newest() == ScriptDirectory.from_config(schema.config()).get_current_head()
