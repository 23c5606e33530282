"""spnet demo: what the visitor finds, and that nothing of what they do is lost."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from bot import observations
from bot.cli.playing import filling
from bot.cli.playing.filling import SAMPLE
from bot.editions import FOLDER
from bot.formats import load_edition, load_members
from bot.sandbox.kept import VERSION
from tests.control import Control, Mirror
from tests.unit.cli.conftest import Ended, Process, spnet
from tests.unit.cli.filled import (
    AISYAH,
    AMINAH,
    BOUNMY,
    DOMINGOS,
    HUONG,
    JOSE,
    LAN,
    LINH,
    MALEE,
    MARIA,
    MINH,
    NETWORK,
    NURUL,
    PER,
    RAVI,
    REVIEW,
    ROSA,
    SITI,
    Visitor,
    copied,
    visited,
)

FIGURE = "13,5 % in 2014, source: World Bank"
TAKEN = "*Poverty at the national line*: 13.5 % (2014, World Bank)"


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A demo that was just set up."""
    return copied(filled, tmp_path / "demo")


@asynccontextmanager
async def started(folder: Path, *options: str) -> AsyncIterator[tuple[Process, Control]]:
    """The command at work, and its control address; killed in the end unless it has ended."""
    process = await spnet("demo", "--folder", str(folder), *options)
    try:
        line = await process.says("Open this address:")
        control = Control(line.split()[-1] + "/control")
        try:
            yield process, control
        finally:
            await control.close()
    finally:
        if process.process.returncode is None:
            process.signal(signal.SIGKILL)
            await process.process.wait()


async def sees(control: Control, person: str) -> Mirror:
    mirror = Mirror(person)
    mirror.take((await control.seen([person], after=0))[0])
    return mirror


async def texts(control: Control, person: str) -> list[str]:
    """The conversation of a person with the bot."""
    return [message.text for message in (await sees(control, person)).messages()]


async def refused(*words: str, obedient: bool = False) -> Ended:
    """A start that does not come about: one clear line and what to do, no traceback."""
    ended = await (await spnet("demo", *words, obedient=obedient)).ended()
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    assert len(ended.err.strip().split("\n")) == 2, ended.err
    return ended


# What the visitor finds


@pytest.fixture
async def visitor(folder: Path) -> AsyncIterator[Visitor]:
    async with visited(folder) as visitor:
        yield visitor


async def test_two_are_late_one_has_begun_and_one_has_not(visitor: Visitor) -> None:
    begun, not_begun = [(await visitor.sees(person)).messages()[-1] for person in (LINH, MARIA)]
    assert "Viet Nam: Full assessment 2014 was due on Friday, 6 February 2015" in begun.text
    assert "You stopped at *Poverty at the national line*" in begun.text
    assert "Philippines: Full assessment 2014 was due on Friday, February 6, 2015" in not_begun.text
    assert "You have not begun yet" in not_begun.text


async def test_their_coordinators_and_the_alternate_have_the_copy(visitor: Visitor) -> None:
    for coordinator, country, hour in ((HUONG, "Viet Nam", "02:00"), (JOSE, "Philippines", "01:00")):
        letter = (await visitor.letters(coordinator))[-1]
        assert letter["subject"].startswith(f"{country}: Full assessment 2014 was due")
        assert letter["date"].startswith(f"2015-02-09T{hour}"), "at 09:00 in their own zone"
    assert "was due on Friday, 6 February 2015" in (await visitor.sees(MINH)).messages()[-1].text


async def test_one_waits_for_review_and_one_was_returned(visitor: Visitor) -> None:
    cards = {message.text.split("\n")[0]: message for message in (await visitor.sees(AISYAH)).messages(REVIEW)}
    offered = [json.dumps(message.blocks) for message in cards.values() if '"accept:' in json.dumps(message.blocks)]
    assert len(offered) == 1
    assert "Cambodia" in offered[0]
    accepted = [line for line in cards if "Full assessment 2014* was accepted" in line]
    assert [next(name for name in ("Indonesia", "Malaysia", "Thailand") if name in line) for line in accepted] == [
        "Indonesia",
        "Thailand",
        "Malaysia",
    ]
    asked = (await visitor.sees(BOUNMY)).messages()[-1].text
    assert "A question about your answers" in asked
    assert "Is this the share of people, or of households?" in asked


async def test_the_round_before_is_over_and_its_digest_reached_channel_and_mailboxes(visitor: Visitor) -> None:
    posts = [message.text for message in (await visitor.sees(MARIA)).messages(NETWORK)]
    assert any(text.startswith("Digest: Full assessment 2013") for text in posts)
    assert [text.split(":")[0].strip("*") for text in posts if "Example: reading" in text or "we can show" in text] == [
        "Lesson learned",
        "Offer of expertise",
    ]
    assert (await visitor.letters(PER))[0]["subject"].startswith("Full assessment 2013: 7 of 11 countries")


async def test_who_is_who(visitor: Visitor) -> None:
    users = visitor.on.sandbox.workspace.users
    assert (users[LINH].title, users[LINH].tz) == ("Focal point, Viet Nam", "Asia/Ho_Chi_Minh")
    assert users[MINH].guest
    assert users[PER].team != users[LINH].team
    people = [user for user in users.values() if not user.is_bot]
    assert all(user.email.endswith("@example.org") for user in people)
    assert all(user.name.split()[-1] in ("Example", "Sample", "Specimen") for user in people)


async def test_the_register_is_at_work(visitor: Visitor) -> None:
    homes: dict[str, str] = {}
    for person in (AISYAH, DOMINGOS, NURUL, LAN):
        await visitor.does(person, "opens_home")
        homes[person] = json.dumps((await visitor.sees(person)).home, ensure_ascii=False)
    every = homes[AISYAH]
    assert "Nobody is appointed focal point: Myanmar and Singapore" in every
    assert "the role of Farah Example ends on Wednesday, 18 February 2015, and nobody follows" in every
    for status in ("none yet", "planned", "established", "at work", "nothing recorded"):
        assert f"Mechanism: {status}" in every
    assert "waits for its national clearance since Thursday, 5 February 2015, *late*; asked: Domingos Sample" in every
    assert "Rosa Example has asked for your yes since Thursday, 5 February 2015" in homes[DOMINGOS]
    assert "Aminah Specimen (Example ministry of health), 0 of 2 answered, until Friday, 13 February" in homes[NURUL]
    assert "*Digest: Full assessment 2013*, sent on Wednesday, 12 February 2014" in homes[LAN]
    letter = (await visitor.letters(AMINAH))[0]
    assert "/answer/" in (await visitor.control.letter(letter["n"]))["text"]


async def test_floors_are_set_and_one_set_waits_for_its_yes(visitor: Visitor) -> None:
    card = await visitor.asks(SITI, "floors")
    assert "*Gini index:* floor *39*, ceiling *36* by 2020" in card
    assert "*Urban population in slums:* floor *30 %*, ceiling *20 %* by 2020" in await visitor.asks(BOUNMY, "floors")
    assert "*Poverty at the national line:* floor *40 %*" in await visitor.asks(ROSA, "floors")
    # Her coordinator reads letters only, and has said yes on the page behind the link.
    assert "*Poverty at the national line:* floor *15 %*" in await visitor.asks(LINH, "floors")
    assert "Viet Nam: your decision about its floors" in [row["subject"] for row in await visitor.letters(HUONG)][2]
    waits = (await visitor.sees(RAVI)).messages()[-1].text
    assert "Malaysia: floors wait for your yes" in waits
    assert "*Gini index:* floor *41*, ceiling *38* by 2020" in waits
    await visitor.does(RAVI, "clicks", action_id="clear_floors:0", where="message")
    assert "Gini index:* floor *41*" in await visitor.asks(AISYAH, "floors Malaysia")


async def test_progress_can_be_seen_at_once(visitor: Visitor) -> None:
    card = await visitor.asks(SITI, "progress")
    assert "6.2 % (2014), −1.1 | 7 % → 2 % by 2019 | floor reached; 4.2 to the ceiling; on track" in card
    assert "39.4 (2014), −0.6 | 39 → 36 by 2020 | 0.4 to the floor; 3.4 to the ceiling; on track" in card
    (picture,) = (await visitor.sees(SITI)).messages()[-1].files
    assert picture["name"] == "idn-full-assessment-2014-progress.png"
    side_by_side = await visitor.asks(LAN, "compare gini_index")
    rows = [line.split(" | ")[0] for line in side_by_side.split("\n") if " → " in line]
    assert rows[1:] == ["Indonesia", "Malaysia", "Thailand"], "one row a country, by name"
    assert "Of 2 countries that set a floor and have a value, 1 has reached it." in side_by_side
    card = await visitor.asks(LINH, "benchmarks all")
    assert "Indonesia | New people get it | – | – | National | –" in card
    assert "Lao PDR | – | – | – | Pilot | –" in card
    assert "Viet Nam | – | – | Electronic | Separate lists | –" in card
    await visitor.asks(LAN, "export 2013")
    (file,) = (await visitor.sees(LAN)).messages()[-1].files
    assert file["name"] == "region-2013.xlsx"


async def test_what_is_behind_the_answers(visitor: Visitor) -> None:
    said = await visitor.asks(SITI, "comments")
    assert "Is 39.4 from the survey of March, or of September?" in said
    assert "*Siti Example*, Wednesday, 14 January 2015: Example: from the survey of March" in said
    assert "statistics.example.org/poverty-2014" in await visitor.asks(SITI, "history poverty_national_line 2014")
    why = "Example: since this year the meetings in the provinces are counted too"
    assert why in await visitor.asks(MALEE, "history mechanism_meetings 2014")
    assert "412 (2014, Example reports)" in await visitor.asks(SITI, "history own_idn_1")


async def test_the_page_can_complete_commands(visitor: Visitor) -> None:
    (command,) = visitor.on.sandbox.workspace.app_commands
    texts = {each["text"]: each["help"] for each in command["completions"]}
    assert command["command"] == "/spnet"
    assert texts["cycle close 2026"] == "take no more answers"
    (shortcut,) = visitor.on.sandbox.workspace.app_shortcuts
    assert shortcut["name"] == "Share with the network"


def test_the_sample_is_good_and_small() -> None:
    edition = load_edition(FOLDER / "common-1.toml")
    members = [member.code for member in load_members(FOLDER / "asean.toml")]
    with SAMPLE.open("rb") as stream:
        rows = observations.read(stream, edition=edition, members=members, today=date(2026, 1, 1))
    assert len(rows) < 80
    assert {row.member for row in rows} == set(filling.SAID[filling.OVER])


# The clock


async def test_the_moves_say_where_they_lead(visitor: Visitor) -> None:
    moves = await visitor.control.moves()
    assert moves["morning"]["to"] == "2015-02-11T02:00:00+00:00"
    assert moves["week"]["to"].startswith("2015-02-17T03:00")
    assert moves["date"]["label"] == "To the closing date (20 February)"


async def test_a_week_brings_each_reminder_at_its_own_hour(visitor: Visitor) -> None:
    await visitor.control.move("week")
    found: dict[str, list[str]] = {}
    for person in (LINH, MARIA, BOUNMY):
        new = [m for m in (await visitor.sees(person)).messages() if m.ts > "1423537200"]
        assert [("was due on" in message.text) for message in new] == [True]
        found[person] = [message.ts.split(".")[0] for message in new]
    # 13 February, seven days after the due date: 09:00 in Manila is an hour before 09:00 in Hanoi and Vientiane.
    assert found == {MARIA: ["1423789200"], LINH: ["1423792800"], BOUNMY: ["1423792800"]}
    assert [letter["date"][:13] for letter in await visitor.letters(JOSE)][-1] == "2015-02-13T01"
    review = [message.text for message in (await visitor.sees(AISYAH)).messages(REVIEW)]
    assert sum("Cambodia waits for a review" in text for text in review) >= 1


async def test_to_the_closing_date_the_bot_closes_and_there_is_no_further_date(visitor: Visitor) -> None:
    await visitor.control.move("date")
    assert "date" not in await visitor.control.moves()
    await visitor.does(LINH, "says", text=FIGURE)
    assert "13.5" not in (await visitor.sees(LINH)).messages()[-1].text


# Kept


async def test_stop_and_start_again_keeps_everything(folder: Path) -> None:
    async with started(folder, "--port", str(free_port())) as (process, control):
        await control.act(LINH, "says", text=FIGURE)
        await control.act(LINH, "uploads", name="survey.txt", content="c3VydmV5", text="the survey")
        await control.act(LINH, "reads", channel="C0NETWORK")
        await control.act(LINH, "opens_home")
        await control.settled()
        await control.move("morning")
        before = await control.seen([LINH], after=0)
        letters = await control.letters("josephl@example.org")
        process.signal()
        ended = await process.ended()
        assert (ended.code, ended.err) == (0, "")
        assert "the next start goes on from here" in ended.out
    async with started(folder, "--port", str(free_port())) as (_, control):
        after = await control.seen([LINH], after=0)
        for name in ("messages", "channels", "people", "home"):
            assert comparable(after[0][name]) == comparable(before[0][name])
        assert after[0]["now"] >= before[0]["now"]
        assert await control.letters("josephl@example.org") == letters
        await control.act(LINH, "says", text="2.6 2014 World Bank")
        await control.settled()
        assert "*Poverty at the international line*: 2.6 %" in (await texts(control, LINH))[-1]


def comparable(seen: object) -> object:
    """Without the port of a file's address, which is another."""
    if isinstance(seen, dict):
        return {key: comparable(value) for key, value in seen.items() if not key.startswith("url")}
    return [comparable(each) for each in seen] if isinstance(seen, list) else seen


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


@pytest.mark.parametrize("settled", [True, False])
async def test_a_kill_loses_nothing_and_bot_and_sandbox_agree(folder: Path, settled: bool) -> None:
    async with started(folder, "--port", str(free_port())) as (process, control):
        await control.act(LINH, "says", text=FIGURE)
        if settled:
            await control.settled()
        process.signal(signal.SIGKILL)
        await process.process.wait()
    async with started(folder, "--port", str(free_port())) as (_, control):
        await control.settled(quiet=0.2)
        said = await texts(control, LINH)
        assert said.count(FIGURE) == 1
        assert sum(TAKEN in text for text in said) == 1
        await control.act(LINH, "says", text="2.6 2014 World Bank")
        await control.settled()
        assert "*Poverty at the international line*: 2.6 %" in (await texts(control, LINH))[-1]


async def test_the_link_in_a_letter_leads_to_the_page_that_stops_the_digest(folder: Path) -> None:
    async with started(folder, "--port", str(free_port())) as (_, control):
        (digest,) = await control.letters("per@example.org")
        text = (await control.letter(digest["n"]))["text"]
        (link,) = re.findall(r"http://127\.0\.0\.1:\d+/unsubscribe/\S+", text)
        async with aiohttp.ClientSession() as session, session.get(link) as page:
            assert page.status == 200
            assert "Stop the digest?" in await page.text()


async def test_reset_starts_over(tmp_path: Path, filled: Path) -> None:
    folder = copied(filled, tmp_path / "demo")
    (folder / "mail" / "99999.eml").write_text("Subject: of another time\n\n")
    async with started(folder, "--reset", "--port", str(free_port())) as (_, control):
        assert "was due on" in (await texts(control, LINH))[-1]
        assert not (folder / "mail" / "99999.eml").exists()
        assert [each.name for each in tmp_path.iterdir() if each.is_dir()] == ["demo"]


# What stands in the way


async def test_a_taken_port_that_was_asked_for_is_one_clear_line(folder: Path, taken_port: int) -> None:
    ended = await refused("--folder", str(folder), "--port", str(taken_port))
    assert f"Port {taken_port} is taken by another program." in ended.err
    assert f"--port {taken_port + 1}" in ended.err


async def test_without_a_wish_the_next_free_port_is_taken_and_named(folder: Path) -> None:
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            # Where somebody else holds it, that is as good.
            held.bind(("127.0.0.1", 8765))
        held.listen()
        async with started(folder) as (process, _):
            assert any("Port 8765 is taken by another program" in line for line in process.said)
            assert "127.0.0.1:8765" not in process.said[-1]


async def test_a_second_demo_in_the_same_folder_is_led_to_the_first(folder: Path) -> None:
    port = free_port()
    async with started(folder, "--port", str(port)):
        ended = await refused("--folder", str(folder), "--port", str(free_port()))
    assert f"This demo runs already: http://127.0.0.1:{port}" in ended.err


async def test_what_another_version_kept_is_left_alone_and_kept_aside(folder: Path, tmp_path: Path) -> None:
    kept = folder / "workspace.json"
    kept.write_text(kept.read_text().replace(f'"version": {VERSION}', '"version": 99', 1))
    ended = await refused("--folder", str(folder))
    assert "another version of spnet" in ended.err
    assert f"spnet demo --folder {folder} --reset" in ended.err
    assert '"version": 99' in kept.read_text()
    process = await spnet("demo", "--folder", str(folder), "--reset", "--port", str(free_port()))
    await process.says("kept aside")
    process.signal(signal.SIGKILL)
    await process.process.wait()
    assert '"version": 99' in (tmp_path / "demo-aside-1" / "workspace.json").read_text()


@pytest.mark.parametrize("name", ["workspace.json", "spnet.db"])
async def test_what_is_damaged_is_named_and_left_alone(folder: Path, name: str) -> None:
    damage = b"\x00damaged\n" * 30
    (folder / name).write_bytes(damage)
    ended = await refused("--folder", str(folder), "--port", str(free_port()))
    assert "is damaged" in ended.err
    assert f"spnet demo --folder {folder} --reset" in ended.err
    assert (folder / name).read_bytes() == damage


async def test_a_folder_with_other_things_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for options in ((), ("--reset",)):
        ended = await refused("--folder", str(tmp_path), *options)
        assert "nothing in it is touched" in ended.err
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    ended = await refused("--folder", str(tmp_path / "demo"), obedient=True)
    assert "cannot be written" in ended.err
