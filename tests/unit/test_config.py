"""Settings from a file and the environment: every fault at once, in words that help, and never a secret."""

import json
import re
import tomllib
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import CONFIG_FILE, ConfigError, Fault, Settings, describe, load
from db.vocabulary import Role

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.toml"
KEY = "plainly-invented-0123456789-abcdefghij"
FILLED = {
    "SPNET_SLACK__BOT_TOKEN": "xoxb-invented",
    "SPNET_SLACK__APP_TOKEN": "xapp-invented",
    "SPNET_MAIL__PASSWORD": "invented",
    "SPNET_SECURITY__SECRET": KEY,
}
SMALLEST = f"""
[slack]
bot_token = "xoxb-invented"
app_token = "xapp-invented"
network_channel = "C0NETWORK"
secretariat_channel = "C0SECRETARIAT"
[mail]
host = "smtp.example.org"
sender = "spnet <bot@example.org>"
[secretariat]
name = "Aisyah Noor"
email = "aisyah@example.org"
slack_id = "U0AISYAH"
[security]
secret = "{KEY}"
"""


def config(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def changed(key: str, toml: str | None) -> str:
    """The smallest config with one setting written otherwise, or left out."""
    section, name = key.split(".")
    lines = SMALLEST.strip().splitlines()
    if f"[{section}]" not in lines:
        lines.append(f"[{section}]")
    start = lines.index(f"[{section}]") + 1
    end = next((n for n in range(start, len(lines)) if lines[n].startswith("[")), len(lines))
    body = [line for line in lines[start:end] if not line.startswith(f"{name} =")]
    return "\n".join(lines[:start] + ([f"{name} = {toml}"] if toml is not None else []) + body + lines[end:])


def faults(path: Path | None, environ: dict[str, str] | None = None) -> list[Fault]:
    with pytest.raises(ConfigError) as refused:
        load(path, environ or {})
    return refused.value.rows


def test_the_smallest_config_is_enough(tmp_path: Path) -> None:
    settings = load(config(tmp_path, SMALLEST), {})
    assert settings.slack.mode == "socket"
    assert settings.slack.bot_token.get_secret_value() == "xoxb-invented"
    assert settings.slack.base_url == "https://slack.com/api/"
    assert settings.secretariat.zone == "Asia/Jakarta"
    assert settings.pages.port == 8080
    assert settings.network.members_file.name == "asean.toml"


def test_the_plan_of_reminders_is_the_one_that_the_network_agreed(tmp_path: Path) -> None:
    plan = load(config(tmp_path, SMALLEST), {}).reminder
    alone, in_copy = (Role.FOCAL_POINT,), (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)
    assert [(step.days, step.name, step.to) for step in plan] == [
        (-14, "14_days_before", alone),
        (-7, "7_days_before", alone),
        (-3, "3_days_before", alone),
        (-1, "1_day_before", alone),
        (0, "on_the_day", alone),
        (3, "3_days_after", in_copy),
        (7, "7_days_after", in_copy),
    ]


def test_the_example_loads_once_its_secrets_are_filled_in() -> None:
    assert load(EXAMPLE, FILLED).reminder == load(EXAMPLE, FILLED).__class__.model_fields["reminder"].default


def test_the_example_as_it_stands_asks_for_exactly_the_secrets() -> None:
    rows = faults(EXAMPLE)
    assert [row.key for row in rows] == ["slack.bot_token", "slack.app_token", "mail.password", "security.secret"]
    assert {row.problem for row in rows} == {"is still the value of config.example.toml"}


def test_every_setting_stands_in_the_example_with_a_comment_and_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    data = tomllib.loads(shown)
    data["reminder"] = {name: value for step in data["reminder"] for name, value in step.items()}
    written = {f"{section}.{name}" for section, body in data.items() for name in body}
    assert written == {row.key for row in describe()}
    files = {
        "network.members_file",
        "network.format_file",
        "network.benchmarks_file",
        "database.url",
        "mail.reply_to",
        "pages.public_address",
    }
    for row in describe():
        section, name = row.key.split(".")
        if row.default not in ("", "required") and section != "reminder" and row.key not in files:
            assert data[section][name] == json.loads(row.default), row.key
    lines = text.splitlines()
    for n, line in enumerate(lines):
        if re.match(r"(# )?network_channel = |(# )?[a-z_]+ = ", line) and "reminder" not in lines[n - 1]:
            above = "\n".join(lines[max(0, n - 6) : n])
            assert "#" in above or "days =" in above, line


def test_each_setting_has_a_meaning_and_an_example_of_right() -> None:
    for row in describe():
        assert row.meaning[0].isupper() and not row.meaning.endswith("."), row
    keys = [row.key for row in describe()]
    assert len(keys) == len(set(keys))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = load(
        config(tmp_path, SMALLEST),
        {
            "SPNET_SLACK__BOT_TOKEN": "xoxb-other",
            "spnet_pages__port": "9090",
            "SPNET_MAIL__REPLY_TO": "",  # set to nothing: not set
            "SPNET_REMINDERS__REVIEW_AFTER_DAYS": "[5]",
            "SPNET_REMINDER": '[{"days": -2}]',
            "PATH": "/usr/bin",
        },
    )
    assert settings.slack.bot_token.get_secret_value() == "xoxb-other"
    assert settings.slack.app_token.get_secret_value() == "xapp-invented"
    assert settings.pages.port == 9090
    assert settings.mail.reply_to is None
    assert settings.reminders.review_after_days == (5,)
    assert [(step.days, step.name) for step in settings.reminder] == [(-2, "2_days_before")]


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    file = config(tmp_path, SMALLEST)
    assert load(None, {"SPNET_CONFIG": str(file)}).mail.host == "smtp.example.org"
    gone = str(tmp_path / "gone.toml")
    assert [row.key for row in faults(None, {"SPNET_CONFIG": gone})] == [gone]


def test_a_container_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {
        f"SPNET_{section}__{name}".upper(): str(value)
        for section, body in tomllib.loads(SMALLEST).items()
        for name, value in body.items()
    }
    assert load(None, environ).secretariat.slack_id == "U0AISYAH"
    del environ["SPNET_MAIL__HOST"]
    assert [row.key for row in faults(None, environ)] == ["config.toml", "mail.host"]


def test_without_a_file_a_newcomer_is_told_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert faults(None) == [Fault("config.toml", "is not there", "cp config.example.toml config.toml, then fill it in")]
    config(tmp_path, "a file that was begun")
    assert [row.key for row in faults(None, FILLED)] == ["config.toml"]
    named = tmp_path / "other.toml"
    assert [row.key for row in faults(named, FILLED)] == [str(named)]


def test_a_file_that_is_no_toml_or_no_text_is_said_with_its_line(tmp_path: Path) -> None:
    broken = config(tmp_path, SMALLEST + '\nbase = "unfinished\n')
    (row,) = faults(broken)
    assert "line 17" in row.problem
    broken.write_bytes("[slack]\n# ".encode("utf-16"))
    assert [row.problem for row in faults(broken)] == ["is not written in UTF-8"]
    assert [row.key for row in faults(tmp_path)] == [str(tmp_path)]


def test_a_file_from_an_editor_that_marks_its_beginning_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(SMALLEST, encoding="utf-8-sig")
    assert load(file, {}).mail.host == "smtp.example.org"


def test_every_fault_is_found_in_one_go(tmp_path: Path) -> None:
    file = config(
        tmp_path,
        """
        colour = "red"
        [slack]
        app_token = "xoxb-wrong-way-round"
        network_channel = "#network"
        [mail]
        host = "smtp.example.org"
        port = "many"
        security = "none"
        [secretariat]
        name = ""
        zone = "Asia/Jakrta"
        [[reminder]]
        days = -3
        to = ["partner"]
        [[reminder]]
        day = 3
        """,
    )
    rows = faults(file, {"SPNET_PAGE__PORT": "80", "SPNET_PAGES__PORT": "99999"})
    assert {row.key: row.problem for row in rows} == {
        "SPNET_PAGE__PORT": "is not a setting; did you mean SPNET_PAGES__PORT?",
        "colour": "is not a setting",
        "slack.bot_token": "is missing",
        "slack.app_token": "must be the app-level token, which begins with xapp-",
        "slack.network_channel": "must be a channel's id, not its name; Slack shows it at the end of the channel's "
        "details",
        "slack.secretariat_channel": "is missing",
        "mail.port": "must be a whole number",
        "mail.security": 'may be "none" only for a server on this machine (localhost)',
        "mail.sender": "is missing",
        "secretariat.name": "is empty",
        "secretariat.email": "is missing",
        "secretariat.slack_id": "is missing",
        "secretariat.zone": "is not the name of a time zone; did you mean Asia/Jakarta?",
        "pages.port": "must be at most 65535 (it comes from the environment, SPNET_PAGES__PORT)",
        "security.secret": "is missing",
        "reminder[1].to[1]": 'must be "focal_point", "alternate" or "coordinator"',
        "reminder[2].days": "is missing",
        "reminder[2].day": "is not a setting; did you mean reminder.days?",
    }
    assert all(row.example for row in rows)


@pytest.mark.parametrize(
    "key", [row.key for row in describe() if row.default == "required" and "reminder" not in row.key]
)
def test_each_missing_value_gives_its_row(tmp_path: Path, key: str) -> None:
    (row,) = faults(config(tmp_path, changed(key, None)))
    assert (row.key, row.problem) == (key, "is missing")
    assert key.split(".")[1] in row.example or "secrets.token_urlsafe" in row.example


WRONG = [
    ("network.name", "7", "must be text, in quotation marks"),
    ("network.name", '"two\\nlines"', "must be one line"),
    ("network.members_file", '"nowhere.toml"', "there is no such file"),
    ("network.format_file", "true", "must be text"),
    ("network.benchmarks_file", "5", "must be text"),
    ("database.url", '"mysql://localhost/spnet"', "must begin with sqlite:/// or postgresql://"),
    ("database.url", '"sqlite://spnet.db"', "three slashes"),
    ("slack.mode", '"carrier pigeon"', 'must be "socket" or "http"'),
    ("slack.mode", '"http"', None),
    ("slack.bot_token", '"xapp-invented"', "begins with xoxb-"),
    ("slack.bot_token", '"xoxe.xoxb-1-invented"', "turn token rotation off"),
    ("slack.bot_token", '"xoxb-invented\\n"', "copied along"),
    ("slack.bot_token", '"xoxb-invented "', "copied along"),
    ("slack.bot_token", "7", "must be text"),
    ("slack.app_token", '""', 'is needed when mode is "socket"'),
    ("slack.signing_secret", "7", "must be text"),
    ("slack.network_channel", '"network"', "channel's id"),
    ("slack.secretariat_channel", '"@aisyah"', "channel's id"),
    ("slack.secretariat_channel", '"C0NETWORK"', "another channel than network_channel"),
    ("slack.base_url", '"http://slack.example.org/api/"', "must begin with https://"),
    ("slack.base_url", '"slack.com"', "must be a web address"),
    ("slack.base_url", '"https://[::1/"', "must be a web address"),
    ("mail.host", '""', "is empty"),
    ("mail.port", "0", "must be at least 1"),
    ("mail.port", "true", "not true or false"),
    ("mail.port", "25.5", "must be a whole number"),
    ("mail.security", '"ssl"', 'must be "starttls", "tls" or "none"'),
    ("mail.security", '"none"', "only for a server on this machine"),
    ("mail.username", '"bot@example.org"', None),
    ("mail.password", "[]", "must be text"),
    ("mail.sender", '"spnet"', "is not an e-mail address"),
    ("mail.sender", '"spnet bot@example.org"', "angle brackets"),
    ("mail.sender", '"spnet <bot@example.org>, <b@example.org>"', "angle brackets"),
    ("mail.sender", '"spnet <bot@example.org>\\nBcc: everybody@example.org"', "must be one line"),
    ("mail.reply_to", '"secretariat"', "is not an e-mail address"),
    ("secretariat.name", '"  "', "is empty"),
    ("secretariat.email", '"aisyah at example.org"', "is not an e-mail address"),
    ("secretariat.slack_id", '"@aisyah"', "member id"),
    ("secretariat.zone", '"Jakarta"', "time zone"),
    ("pages.listen", "1", "must be text"),
    ("pages.port", "-1", "must be at least 0"),
    ("pages.public_address", '"http://spnet.example.org"', "must begin with https://"),
    ("evidence.largest_megabytes", "0", "must be at least 1"),
    ("evidence.kinds", '["pdf", "exe"]', "has 'exe', which is none of pdf, jpeg"),
    ("evidence.most", "51", "must be at most 50"),
    ("security.secret", '"short"', "has 5 characters and needs at least 32"),
    ("security.secret", f'"{"ab" * 20}"', "too easy to guess"),
    ("reminders.hour", "24", "must be at most 23"),
    ("reminders.review_after_days", "3", "must be a list"),
    ("reminders.review_after_days", "[0]", "days from 1 to 365"),
    ("reminders.review_after_days", "[3, 3]", "names a day twice"),
    ("reminders.review_after_days", '["soon"]', "must be a whole number"),
    ("reminders.clearance_after_days", "[0]", "days from 1 to 365"),
    ("reminders.contributor_days", "[-61]", "days from -60 to 60"),
    ("reminders.contributor_days", "[2, 2]", "names a day twice"),
    ("reminders.register_day", '"sunday"', "must be"),
]


@pytest.mark.parametrize(("key", "toml", "problem"), [row for row in WRONG if row[2]])
def test_each_wrong_value_gives_its_row(tmp_path: Path, key: str, toml: str, problem: str) -> None:
    (row,) = faults(config(tmp_path, changed(key, toml)))
    assert row.key.startswith(key)
    assert problem in row.problem
    assert row.example


def test_every_setting_has_been_tried_wrong() -> None:
    tried = {key for key, _, problem in WRONG if problem}
    untested = {row.key for row in describe()} - tried
    assert untested == {"mail.username", "reminder.days", "reminder.to", "reminder.name"}  # these follow


def test_a_setting_that_leans_on_another(tmp_path: Path) -> None:
    (row,) = faults(config(tmp_path, changed("slack.mode", '"http"')))
    assert (row.key, row.problem) == ("slack.signing_secret", 'is needed when mode is "http"')
    (row,) = faults(config(tmp_path, changed("mail.username", '"bot@example.org"')))
    assert (row.key, row.problem) == ("mail.password", "is needed when there is a username")


PLANS = [
    ('[[reminder]]\nto = ["focal_point"]', "reminder[1].days", "is missing"),
    ("[[reminder]]\ndays = 400", "reminder[1].days", "must be at most 365"),
    ("[[reminder]]\ndays = false", "reminder[1].days", "not true or false"),
    ("[[reminder]]\ndays = 1\nto = []", "reminder[1].to", "is empty"),
    ('[[reminder]]\ndays = 1\nto = ["minister"]', "reminder[1].to[1]", '"focal_point", "alternate" or'),
    ('[[reminder]]\ndays = 1\nto = ["alternate", "alternate"]', "reminder[1].to", "names a role twice"),
    ('[[reminder]]\ndays = 1\nname = "One Day"', "reminder[1].name", "small letters"),
    ("[[reminder]]\ndays = 1\n[[reminder]]\ndays = 1", "reminder", "two steps on the same day (days = 1)"),
    ('[[reminder]]\ndays = 1\nname = "a"\n[[reminder]]\ndays = 2\nname = "a"', "reminder", 'same name ("a")'),
    ("\n".join(f"[[reminder]]\ndays = {n}" for n in range(61)), "reminder", "may have at most 60 entries"),
    ("[reminder]\ndays = 1", "reminder", "must be a list"),
]


@pytest.mark.parametrize(("plan", "key", "problem"), PLANS)
def test_a_plan_that_cannot_be_kept_is_refused(tmp_path: Path, plan: str, key: str, problem: str) -> None:
    (row,) = faults(config(tmp_path, SMALLEST + plan))
    assert row.key == key
    assert problem in row.problem
    assert row.example


def test_plans_are_kept_in_the_order_of_their_days(tmp_path: Path) -> None:
    plan = "[reminders]\nreview_after_days = [9, 2]\n[[reminder]]\ndays = 4\n[[reminder]]\ndays = -2\n"
    settings = load(config(tmp_path, SMALLEST + plan), {})
    assert [step.days for step in settings.reminder] == [-2, 4]
    assert settings.reminders.review_after_days == (2, 9)


def test_a_mistyped_variable_is_refused_though_all_else_is_well(tmp_path: Path) -> None:
    (row,) = faults(config(tmp_path, SMALLEST), {"SPNET_SLAK__BOT_TOKEN": "xoxb-other"})
    assert row == Fault(
        "SPNET_SLAK__BOT_TOKEN", "is not a setting; did you mean SPNET_SLACK__BOT_TOKEN?", "SPNET_SLACK__BOT_TOKEN"
    )


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    for text, key, problem in [
        ('[slack]\nbot_tokens = "x"', "slack.bot_tokens", "did you mean slack.bot_token?"),
        ('bot_token = "x"', "bot_token", "did you mean slack.bot_token?"),
        ('[slak]\nbot_token = "x"', "slak", "did you mean [slack]?"),
        ("[pages]\nwallpaper = 1", "pages.wallpaper", "is not a setting"),
        ("slack = 3", "slack", "must be a section"),
    ]:
        row = next(row for row in faults(config(tmp_path, text)) if row.key == key)
        assert problem in row.problem


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///spnet.db", "sqlite+aiosqlite:///{folder}/spnet.db"),
        ("sqlite+aiosqlite:///var/spnet.db", "sqlite+aiosqlite:///{folder}/var/spnet.db"),
        ("sqlite:////srv/spnet.db", "sqlite+aiosqlite:////srv/spnet.db"),
        ("sqlite:///:memory:", "sqlite+aiosqlite:///:memory:"),
        ("postgresql://spnet:pw@db.example.org/spnet", "postgresql+asyncpg://spnet:pw@db.example.org/spnet"),
        ("postgres://db.example.org/spnet", "postgresql+asyncpg://db.example.org/spnet"),
        ("postgresql+asyncpg:///spnet?host=/run/pg", "postgresql+asyncpg:///spnet?host=/run/pg"),
        (None, "sqlite+aiosqlite:///{folder}/spnet.db"),
    ],
)
def test_the_database_is_the_same_one_from_wherever_the_bot_is_started(
    tmp_path: Path, written: str | None, used: str
) -> None:
    text = SMALLEST if written is None else changed("database.url", f'"{written}"')
    assert load(config(tmp_path, text), {}).database.url == used.format(folder=tmp_path)


def test_a_members_file_is_looked_for_beside_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.toml").write_text("", encoding="utf-8")
    settings = load(config(tmp_path, changed("network.members_file", '"ours.toml"')), {})
    assert settings.network.members_file == tmp_path / "ours.toml"
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = load(config(tmp_path, changed("network.members_file", '"~/ours.toml"')), {})
    assert settings.network.members_file == tmp_path / "ours.toml"


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("spnet <bot@example.org>", "spnet <bot@example.org>"),
        ("bot@example.org", "bot@example.org"),
        ("<bot@EXAMPLE.org>", "bot@example.org"),
        ('"The network, by its bot" <bot@example.org>', '"The network, by its bot" <bot@example.org>'),
        ("Network, Ltd. <bot@example.org>", '"Network, Ltd." <bot@example.org>'),
        ("เครือข่าย <bot@example.org>", "เครือข่าย <bot@example.org>"),
    ],
)
def test_a_sender_is_written_so_that_a_mail_header_can_hold_it(tmp_path: Path, written: str, used: str) -> None:
    sender = load(config(tmp_path, changed("mail.sender", f"'{written}'")), {}).mail.sender
    assert sender == used
    message = EmailMessage()
    message["From"] = sender
    assert len(message["From"].addresses) == 1
    assert message["From"].addresses[0].addr_spec == "bot@example.org"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_mail_server_on_this_machine_needs_no_protection(tmp_path: Path, host: str) -> None:
    text = changed("mail.security", '"none"').replace("smtp.example.org", host)
    assert load(config(tmp_path, text), {}).mail.security == "none"


def test_the_sandbox_may_be_reached_over_plain_http(tmp_path: Path) -> None:
    text = changed("slack.base_url", '"http://127.0.0.1:4000/api"')
    assert load(config(tmp_path, text), {}).slack.base_url == "http://127.0.0.1:4000/api/"


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    secret = "hush" * 10 + "0123456789"
    text = SMALLEST.replace("invented", secret).replace(KEY, secret)
    text += f'[database]\nurl = "postgresql://spnet:{secret}@localhost/spnet"\n'
    text = text.replace("[mail]", f'[mail]\npassword = "{secret}"')
    settings = load(config(tmp_path, text), {})
    assert secret in settings.security.secret.get_secret_value()
    assert "hush" not in repr(settings) + str(settings) + settings.model_dump_json(exclude={"database"})
    wrong = text.replace("xoxb-", "xoxp-").replace("xapp-", "x\\n").replace("587", "x").replace("postgresql:", "my:")
    with pytest.raises(ConfigError) as refused:
        load(config(tmp_path, wrong), {"SPNET_SECURITY__SECRET": "hush"})
    shown = f"{refused.value!r} {refused.value} {refused.value.rows} {refused.value.__cause__}"
    assert len(refused.value.rows) == 4
    assert "hush" not in shown
    with pytest.raises(ConfigError) as refused:
        load(config(tmp_path, text + f'oops = "{secret}'), {})
    assert "hush" not in str(refused.value)


def test_settings_built_in_code_wrongly_show_no_secret_either() -> None:
    data = tomllib.loads(SMALLEST.replace("xoxb-invented", "hush-hush"))
    with pytest.raises(ValidationError) as refused:
        Settings(**data)
    assert "bot_token" in str(refused.value) and "hush" not in str(refused.value)


def test_settings_built_in_code_read_neither_file_nor_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config(tmp_path, SMALLEST.replace("Aisyah Noor", "Somebody Else"))
    monkeypatch.setenv("SPNET_SECRETARIAT__NAME", "Somebody Else")
    monkeypatch.setenv("SPNET_NETWORK__NAME", "Another network")
    settings = Settings(**tomllib.loads(SMALLEST))
    assert settings.secretariat.name == "Aisyah Noor"
    assert settings.network.name == "ASEAN social protection network"
    assert load(CONFIG_FILE).secretariat.name == "Somebody Else"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
variables = st.dictionaries(
    st.sampled_from(["SPNET_" + row.key.replace(".", "__").upper() for row in describe()])
    | st.text("SPNET_LACKREID", max_size=20).map("SPNET_".__add__),
    st.text(max_size=20) | values.map(json.dumps),
    max_size=4,
)


@given(variables)
@example({"SPNET_NETWORK__MEMBERS_FILE": "x" * 300})
@examples(max_examples=40)
def test_whatever_stands_in_the_environment_is_taken_or_refused_with_a_row(environ: dict[str, str]) -> None:
    try:
        load(EXAMPLE, FILLED | environ)
    except ConfigError as refused:
        assert all(row.key and row.problem and row.example for row in refused.rows)
