"""Every limit of Block Kit, one line each: what is just allowed, what is refused, and where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.blocks import BlockReader
from bot.sandbox.elements import complaints, state_values
from bot.sandbox.failures import ApiError
from bot.sandbox.shown import words
from tests.unit.sandbox.conftest import asks, button, modal, refused

Block = dict[str, Any]


def plain(length: int) -> Block:
    return {"type": "plain_text", "text": "x" * length}


def marked(length: int) -> Block:
    return {"type": "mrkdwn", "text": "x" * length}


def section(length: int) -> Block:
    return {"type": "section", "text": marked(length)}


def fields(count: int, length: int = 5) -> Block:
    return {"type": "section", "fields": [marked(length)] * count}


def push(**more: Any) -> Block:
    return {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain(5), **more}]}


def option(text: int = 5, value: str = "v") -> Block:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Block]:
    return [option(value=str(number)) for number in range(count)]


def element(kind: str, **more: Any) -> Block:
    return {"type": "actions", "elements": [{"type": kind, "action_id": "it", **more}]}


def actions(count: int) -> Block:
    return {"type": "actions", "elements": [button(f"a{number}")["elements"][0] for number in range(count)]}


def context(count: int) -> Block:
    return {"type": "context", "elements": [marked(3)] * count}


def table(*cells: Block) -> Block:
    return {"type": "table", "rows": [list(cells)]}


def rows(count: int) -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * count}


LIMITS: list[tuple[str, Callable[[int], Block], int, str]] = [
    ("section text", section, 3000, "/blocks/0/text/text"),
    ("a field", lambda n: fields(1, n), 2000, "/blocks/0/fields/0/text"),
    ("fields", fields, 10, "/blocks/0/fields"),
    ("header", lambda n: {"type": "header", "text": plain(n)}, 150, "/blocks/0/text/text"),
    ("button text", lambda n: push(text=plain(n)), 75, "/blocks/0/elements/0/text/text"),
    ("button value", lambda n: push(value="x" * n), 2000, "/blocks/0/elements/0/value"),
    ("button url", lambda n: push(url="https://e.org/".ljust(n, "x")), 3000, "/blocks/0/elements/0/url"),
    ("action_id", lambda n: push(action_id="x" * n), 255, "/blocks/0/elements/0/action_id"),
    ("block_id", lambda n: {"type": "divider", "block_id": "x" * n}, 255, "/blocks/0/block_id"),
    ("actions", actions, 25, "/blocks/0/elements"),
    ("context", context, 10, "/blocks/0/elements"),
    (
        "option text",
        lambda n: element("static_select", options=[option(n)]),
        75,
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "option value",
        lambda n: element("static_select", options=[option(value="x" * n)]),
        150,
        "/blocks/0/elements/0/options/0/value",
    ),
    ("options", lambda n: element("static_select", options=options(n)), 100, "/blocks/0/elements/0/options"),
    ("overflow", lambda n: element("overflow", options=options(n)), 5, "/blocks/0/elements/0/options"),
    ("radio buttons", lambda n: element("radio_buttons", options=options(n)), 10, "/blocks/0/elements/0/options"),
    ("checkboxes", lambda n: element("checkboxes", options=options(n)), 10, "/blocks/0/elements/0/options"),
    (
        "placeholder",
        lambda n: element("static_select", options=options(1), placeholder=plain(n)),
        150,
        "/blocks/0/elements/0/placeholder/text",
    ),
    ("table rows", rows, 100, "/blocks/0/rows"),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/blocks/0/text"),
]


@pytest.mark.parametrize(("make", "most", "pointer"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
async def test_a_limit(client: AsyncWebClient, make: Callable[[int], Block], most: int, pointer: str) -> None:
    await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=[make(most)])
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=[make(most + 1)])

    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    (message,) = answer["response_metadata"]["messages"]
    assert message.startswith("[ERROR] ") and message.endswith(f"[json-pointer:{pointer}]")
    assert answer["errors"] == [message.removeprefix("[ERROR] ")]


async def test_the_words_are_slacks_own(client: AsyncWebClient) -> None:
    async def errors(blocks: list[Block]) -> list[str]:
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=blocks)
        return caught.value.response["errors"]

    assert await errors([{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert await errors([section(3001)]) == ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]


@pytest.mark.parametrize(
    ("blocks", "code", "told"),
    [
        ([rows(1), {"type": "divider"}, rows(1)], "invalid_attachments", "only_one_table_allowed"),
        ([table({"type": "raw_text", "text": "x" * 10_001})], "invalid_blocks", "more than 10000 characters"),
    ],
)
async def test_one_table_a_message_and_not_too_long(
    client: AsyncWebClient, blocks: list[Block], code: str, told: str
) -> None:
    await client.chat_postMessage(
        channel="C0NETWORK", text="x", blocks=[table({"type": "raw_text", "text": "x" * 10_000})]
    )
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=blocks)
    assert caught.value.response["error"] == code
    assert told in caught.value.response["response_metadata"]["messages"][0]


VIEW_LIMITS: list[tuple[str, Callable[[int], Block], int, str]] = [
    ("title", lambda n: modal(asks("a"), title=plain(n)), 24, "/view/title/text"),
    ("submit", lambda n: modal(asks("a"), submit=plain(n)), 24, "/view/submit/text"),
    ("close", lambda n: modal(asks("a"), close=plain(n)), 24, "/view/close/text"),
    ("callback_id", lambda n: modal(asks("a"), callback_id="x" * n), 255, "/view/callback_id"),
    ("private_metadata", lambda n: modal(asks("a"), private_metadata="x" * n), 3000, "/view/private_metadata"),
    ("blocks", lambda n: modal(*[{"type": "divider"} for _ in range(n)]), 100, "/view/blocks"),
    ("label", lambda n: modal({**asks("a"), "label": plain(n)}), 2000, "/view/blocks/0/label/text"),
]


@pytest.mark.parametrize(("make", "most", "pointer"), [r[1:] for r in VIEW_LIMITS], ids=[r[0] for r in VIEW_LIMITS])
async def test_a_limit_of_modals(
    sandbox: Sandbox, client: AsyncWebClient, make: Callable[[int], Block], most: int, pointer: str
) -> None:
    trigger = sandbox.slack.triggers.give("U0SITI")
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=trigger, view=make(most + 1))
    await client.views_open(trigger_id=trigger, view=make(most))

    assert caught.value.response["error"] == "invalid_arguments"
    assert f"[json-pointer:{pointer}]" in caught.value.response["response_metadata"]["messages"][0]


WRONG: list[tuple[str, Block, str]] = [
    ("unknown block", {"type": "carousel_of_doom"}, "/blocks/0/type"),
    ("no type", {"text": marked(3)}, "/blocks/0"),
    ("no text", {"type": "section"}, "/blocks/0"),
    ("empty text", section(0), "/blocks/0/text/text"),
    ("header in mrkdwn", {"type": "header", "text": marked(3)}, "/blocks/0/text/type"),
    ("unknown property", {"type": "divider", "text": "x"}, "/blocks/0"),
    ("disabled button", push(disabled=True), "/blocks/0/elements/0"),
    ("unknown style", push(style="purple"), "/blocks/0/elements/0/style"),
    ("no button text", {"type": "actions", "elements": [{"type": "button"}]}, "/blocks/0/elements/0"),
    ("empty actions", {"type": "actions", "elements": []}, "/blocks/0/elements"),
    ("text in actions", {"type": "actions", "elements": [marked(3)]}, "/blocks/0/elements/0/type"),
    ("select without options", element("static_select"), "/blocks/0/elements/0"),
    (
        "initial option not offered",
        element("static_select", options=options(2), initial_option=option(value="9")),
        "/blocks/0/elements/0/initial_option",
    ),
    ("image without address", {"type": "image", "alt_text": "a chart"}, "/blocks/0"),
    ("the same action twice", {"type": "actions", "elements": [*push()["elements"], *push()["elements"]]}, "/blocks"),
    (
        "several in actions",
        element("multi_static_select", options=options(2)),
        "/blocks/0/elements/0/type",
    ),
    ("no address behind a button", push(url="nowhere"), "/blocks/0/elements/0/url"),
    ("a script behind a button", push(url="JavaScript:alert(1)"), "/blocks/0/elements/0/url"),
    (
        "a picture that lies in no web",
        {"type": "image", "alt_text": "x", "image_url": "data:,x"},
        "/blocks/0/image_url",
    ),
    ("no such day", element("datepicker", initial_date="2026-13-01"), "/blocks/0/elements/0/initial_date"),
    ("no such time", element("timepicker", initial_time="24:00"), "/blocks/0/elements/0/initial_time"),
    ("a longer answer than any", asks("a", max_length=3001), "/blocks/0/element/max_length"),
    ("less than nothing", asks("a", min_length=-1), "/blocks/0/element/min_length"),
    ("too many files", asks("a", type="file_input", max_files=11), "/blocks/0/element/max_files"),
    ("an empty cell", table({"type": "raw_text", "text": ""}), "/blocks/0/rows/0/0/text"),
    ("a text object as a cell", table(marked(3)), "/blocks/0/rows/0/0/type"),
    ("a number as text", table({"type": "raw_number", "value": "4"}), "/blocks/0/rows/0/0/value"),
    (
        "a column set askew",
        {**table({"type": "raw_text", "text": "a"}), "column_settings": [None, {"align": "top"}]},
        "/blocks/0/column_settings/1/align",
    ),
    ("not an object", "a block", "/blocks/0"),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("block", "pointer"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_what_is_wrong_is_pointed_at(client: AsyncWebClient, block: Block, pointer: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=[block])

    assert caught.value.response["error"] == "invalid_blocks"
    assert any(f"[json-pointer:{pointer}]" in text for text in caught.value.response["errors"])


async def test_the_text_of_all_blocks_has_a_limit(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=[section(2640)] * 5)

    many = [section(2641)] * 5
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x", blocks=many)) == "msg_blocks_too_long"


async def test_block_ids_are_unique_and_given_where_missing(client: AsyncWebClient, siti: Person) -> None:
    await client.chat_postMessage(channel="C0NETWORK", text="x", blocks=[button("a"), button("b")])
    twice = [{"type": "divider", "block_id": "same"}] * 2

    first, second = siti.messages("C0NETWORK")[0].blocks
    assert first["block_id"] != second["block_id"]
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x", blocks=twice)) == "invalid_blocks"


async def test_a_view_has_a_size(sandbox: Sandbox, client: AsyncWebClient) -> None:
    trigger = sandbox.slack.triggers.give("U0SITI")
    huge = modal(*[section(3000) for _ in range(90)])

    assert await refused(client.views_open(trigger_id=trigger, view=huge)) == "view_too_large"


async def test_slack_adds_what_was_not_said(sandbox: Sandbox, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(
        channel="C0NETWORK", text="x", blocks=[section(3), push()], attachments=[{"text": "More"}, {"color": "#fff"}]
    )
    message = posted["message"]
    opened = await client.views_open(trigger_id=sandbox.slack.triggers.give("U0SITI"), view=modal(asks("a")))

    assert message["blocks"][0]["text"] == {**marked(3), "verbatim": False}
    assert message["blocks"][1]["elements"][0]["text"]["emoji"] is True
    assert [(part["id"], part["fallback"]) for part in message["attachments"]] == [
        (1, "More"),
        (2, "[no preview available]"),
    ]
    (asked,) = opened["view"]["blocks"]
    assert (asked["optional"], asked["dispatch_action"], asked["label"]["emoji"]) == (False, False, True)


async def test_a_view_holds_exactly_250_kb(sandbox: Sandbox, client: AsyncWebClient) -> None:
    def of(size: int) -> Block:
        blocks = [{**section(3000), "block_id": f"b{number:02d}"} for number in range(80)]
        view = modal(*blocks, {**section(1), "block_id": "rest"}, private_metadata="x" * 1000)
        missing = size - len(json.dumps(view).encode())
        assert 0 <= missing < 2 * 2000
        words, metadata = min(missing, 2000), max(0, missing - 2000)
        view["blocks"][-1]["text"]["text"] += "x" * words
        view["private_metadata"] += "x" * metadata
        return view

    trigger = sandbox.slack.triggers.give("U0SITI")
    assert await refused(client.views_open(trigger_id=trigger, view=of(250_001))) == "view_too_large"
    await client.views_open(trigger_id=trigger, view=of(250_000))


async def test_home_holds_a_hundred_blocks(client: AsyncWebClient) -> None:
    async def publish(count: int) -> None:
        await client.views_publish(user_id="U0SITI", view={"type": "home", "blocks": [{"type": "divider"}] * count})

    await publish(100)
    assert await refused(publish(101)) == "invalid_arguments"


async def test_a_message_holds_a_hundred_attachments(client: AsyncWebClient, siti: Person) -> None:
    async def post(**more: Any) -> None:
        await client.chat_postMessage(channel="U0SITI", text="x", **more)

    await post(attachments=[{"text": str(number)} for number in range(100)])
    assert len(siti.messages()[0].attachments) == 100
    assert await refused(post(attachments=[{"text": "x"}] * 101)) == "too_many_attachments"
    await post(attachments=[{"blocks": [section(3000)]}])
    assert await refused(post(attachments=[{"blocks": [section(3001)]}])) == "invalid_attachments"
    assert await refused(post(attachments="a colour")) == "invalid_attachments"


async def test_an_update_takes_four_thousand_characters(client: AsyncWebClient, siti: Person) -> None:
    place = {"channel": "C0NETWORK", "ts": (await client.chat_postMessage(channel="C0NETWORK", text="x"))["ts"]}

    await client.chat_update(**place, text="x" * 4000)
    assert await refused(client.chat_update(**place, text="x" * 4001)) == "msg_too_long"
    assert siti.messages("C0NETWORK")[0].text == "x" * 4000


async def test_a_modal_that_asks_needs_a_submit_button(sandbox: Sandbox, client: AsyncWebClient) -> None:
    view = modal(asks("a"))
    del view["submit"]
    trigger = sandbox.slack.triggers.give("U0SITI")

    assert await refused(client.views_open(trigger_id=trigger, view=view)) == "invalid_arguments"


TEXT = {"type": "plain_text", "text": "x"}
TWO = [{"text": TEXT, "value": "1"}, {"text": TEXT, "value": "2"}]
SURE = {"title": TEXT, "text": TEXT, "confirm": TEXT, "deny": TEXT}
GOOD: list[Block] = [
    {
        "type": "section",
        "text": marked(3),
        "fields": [TEXT],
        "accessory": {"type": "button", "action_id": "q", "text": TEXT, "confirm": SURE},
    },
    {
        "type": "actions",
        "elements": [
            {"type": "static_select", "action_id": "a", "options": TWO, "initial_option": TWO[0], "placeholder": TEXT},
            {"type": "static_select", "action_id": "b", "option_groups": [{"label": TEXT, "options": TWO}]},
            {"type": "overflow", "action_id": "c", "options": TWO},
            {"type": "checkboxes", "action_id": "d", "options": TWO, "initial_options": TWO},
        ],
    },
    {"type": "context", "elements": [TEXT, {"type": "image", "alt_text": "x", "image_url": "https://e.org/u"}]},
    asks("number", type="number_input", is_decimal_allowed=True, min_value="1", max_value="3", initial_value="2"),
    asks("text", min_length=1, initial_value="x"),
    {"type": "image", "alt_text": "x", "image_url": "https://e.org/u", "title": TEXT},
    {"type": "header", "text": TEXT},
]
GONE = object()
NONSENSE: list[Any] = [
    None, True, 0, -1, 1.5, "", "x", "button", [], [None], [[]], {}, {"type": "x"}, {"type": None}, {"type": []},
    {"type": "button"}, {"type": "static_select"}, {"type": "section"}, GONE,
]  # fmt: skip


def places(part: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    yield at
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, item in inner:
        yield from places(item, (*at, key))


def with_other(part: Any, at: tuple[str | int, ...], other: Any) -> Any:
    """The same JSON value with something else at one place, or with nothing there."""
    if not at:
        return other
    copy = json.loads(json.dumps(part))
    inner = copy
    for key in at[:-1]:
        inner = inner[key]
    if other is GONE:
        del inner[at[-1]]
    else:
        inner[at[-1]] = json.loads(json.dumps(other))
    return copy


@pytest.mark.parametrize("surface", ["message", "modal"])
def test_nonsense_anywhere_is_taken_or_refused(surface: str) -> None:
    """What is taken can be shown, filled in and submitted; what is not is refused, and never breaks the sandbox."""
    reader = BlockReader()
    good: Any = GOOD if surface == "message" else modal(*GOOD)
    assert len(read(reader, good)) == len(GOOD)
    for place in places(good):
        for other in NONSENSE:
            if other is GONE and not place:
                continue
            try:
                blocks = read(reader, with_other(good, place, other))
            except ApiError as error:
                assert error.code.islower()
                continue
            values = state_values(blocks, {})
            complaints({"blocks": blocks, "state": {"values": values}})
            words(blocks)


def read(reader: BlockReader, wild: Any) -> list[Block]:
    """Blocks or a modal, read."""
    if isinstance(wild, dict):
        return reader.view(wild, "modal")["blocks"]
    return reader.message(wild)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "options", "accessory", "element", "fields", "label", "x"]),
            inner | st.sampled_from(["section", "actions", "input", "button", "static_select", "mrkdwn", "plain_text"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_as_blocks_is_taken_or_refused(wild: Any) -> None:
    """Never an exception of another kind: a broken message must not break the sandbox."""
    reader = BlockReader()
    for read in (reader.message, reader.attachments, lambda view: reader.view(view, "modal", "home")):
        try:
            read(wild)
        except ApiError as error:
            assert error.code.islower()
