"""Block Kit's limits and required keys as tables (Slack's Block Kit reference).

To look up a limit: MESSAGE, VIEW, then BLOCKS and ELEMENTS, which name every key that a block or an element may
have. A key that is not named is refused, as Slack does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.sandbox.rules import (
    Rule,
    anything,
    between,
    by_type,
    counted,
    decimal,
    decimal_number,
    flag,
    items,
    matching,
    number,
    one_of,
    shape,
    string,
    text,
    unless_null,
)

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
BLOCK_TEXT_SUM: Final = 13_200
POST_TEXT: Final = 40_000
UPDATE_TEXT: Final = 4_000
MARKDOWN_TEXT: Final = 12_000
TABLE_TEXT: Final = 10_000
ATTACHMENTS: Final = 100
VIEW_BYTES: Final = 250_000
VIEW_STACK: Final = 3

ID = string(255)
URL = matching(r"(?!javascript:)[a-z][a-z0-9+.-]*:\S+", "must be a valid URL", 3000)
WEB = matching(r"https?://\S+", "must be a valid URL", 3000)
DAY = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be a date as YYYY-MM-DD", 10)
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "must be a time as HH:mm", 5)

CONFIRM = shape(
    {
        "title": text(100, "plain_text"),
        "text": text(300),
        "confirm": text(30, "plain_text"),
        "deny": text(30, "plain_text"),
    },
    {"style": one_of("primary", "danger")},
)
OPTION = shape(
    {"text": text(75, "plain_text"), "value": string(150)}, {"description": text(75, "plain_text"), "url": URL}
)
MARKED_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
GROUP = shape({"label": text(75, "plain_text"), "options": items(OPTION, 100)})
SUGGESTED = items(OPTION, 100, 0)
SUGGESTED_GROUPS = items(GROUP, 100, 0)
FILTER = shape(
    {},
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
PLACEHOLDER = text(150, "plain_text")

_COMMON: Mapping[str, Rule] = {"type": anything, "action_id": ID}
_ASKED: Mapping[str, Rule] = {**_COMMON, "confirm": CONFIRM, "focus_on_load": flag}
_PLACED: Mapping[str, Rule] = {**_ASKED, "placeholder": PLACEHOLDER}
_TYPED: Mapping[str, Rule] = {
    **_COMMON,
    "placeholder": PLACEHOLDER,
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}
_MOST: Mapping[str, Rule] = {"max_selected_items": between(1, 100)}


def _select(**own: Rule) -> Rule:
    return shape({}, {**_PLACED, **own})


_STATIC: Mapping[str, Rule] = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}

ELEMENTS: Mapping[str, Rule] = {
    "button": shape(
        {"text": text(75, "plain_text")},
        {
            **_COMMON,
            "url": URL,
            "value": string(2000, 0),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": shape({"options": items(OPTION, 5)}, {**_COMMON, "confirm": CONFIRM}),
    "static_select": _select(**_STATIC, initial_option=OPTION),
    "multi_static_select": _select(**_STATIC, **_MOST, initial_options=items(OPTION, 100)),
    "external_select": _select(min_query_length=number, initial_option=OPTION),
    "multi_external_select": _select(**_MOST, min_query_length=number, initial_options=items(OPTION, 100)),
    "users_select": _select(initial_user=ID),
    "multi_users_select": _select(**_MOST, initial_users=items(ID, 100)),
    "channels_select": _select(initial_channel=ID, response_url_enabled=flag),
    "multi_channels_select": _select(**_MOST, initial_channels=items(ID, 100)),
    "conversations_select": _select(
        initial_conversation=ID, default_to_current_conversation=flag, response_url_enabled=flag, filter=FILTER
    ),
    "multi_conversations_select": _select(
        **_MOST, initial_conversations=items(ID, 100), default_to_current_conversation=flag, filter=FILTER
    ),
    "radio_buttons": shape({"options": items(MARKED_OPTION, 10)}, {**_ASKED, "initial_option": MARKED_OPTION}),
    "checkboxes": shape({"options": items(MARKED_OPTION, 10)}, {**_ASKED, "initial_options": items(MARKED_OPTION, 10)}),
    "datepicker": _select(initial_date=DAY),
    "timepicker": _select(initial_time=TIME, timezone=string(100)),
    "datetimepicker": shape({}, {**_ASKED, "initial_date_time": number}),
    "plain_text_input": shape(
        {},
        {
            **_TYPED,
            "initial_value": string(3000, 0),
            "multiline": flag,
            "min_length": between(0, 3000),
            "max_length": between(1, 3000),
        },
    ),
    "number_input": shape(
        {"is_decimal_allowed": flag},
        {**_TYPED, "initial_value": decimal, "min_value": decimal, "max_value": decimal},
    ),
    "email_text_input": shape({}, {**_TYPED, "initial_value": string(3000)}),
    "url_text_input": shape({}, {**_TYPED, "initial_value": string(3000)}),
    "rich_text_input": shape({}, {**_TYPED, "initial_value": anything, "min_lines": number, "max_lines": number}),
    "file_input": shape({}, {**_COMMON, "filetypes": items(string(20), 100), "max_files": between(1, 10)}),
    "image": shape({"alt_text": string(2000)}, {"type": anything, "image_url": WEB, "slack_file": anything}),
    "mrkdwn": text(3000, "mrkdwn"),
    "plain_text": text(3000, "plain_text"),
}

CLICKED = ("button", "overflow")
CHOSEN = (
    "static_select", "multi_static_select", "external_select", "multi_external_select", "users_select",
    "multi_users_select", "channels_select", "multi_channels_select", "conversations_select",
    "multi_conversations_select", "radio_buttons", "checkboxes", "datepicker", "timepicker",
)  # fmt: skip
ONE_CHOSEN = tuple(kind for kind in CHOSEN if not kind.startswith("multi_"))
"""Selects of several stand in sections and inputs, never in actions (slackapi/python-slack-sdk#1631)."""
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input")

CELLS: Mapping[str, Rule] = {
    "raw_text": shape({"type": anything, "text": counted()}),
    "raw_number": shape({"type": anything, "value": decimal_number}, {"text": counted()}),
    "rich_text": shape({"elements": items(anything, 1000, 0)}, {"type": anything, "block_id": ID}),
}
"""What stands in a table (Slack's page "Table block"); of each cell's text there is one character at least."""

COLUMN = unless_null(shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag}))

_BLOCK: Mapping[str, Rule] = {"type": anything, "block_id": ID}

BLOCKS: Mapping[str, Rule] = {
    "section": shape(
        {},
        {
            **_BLOCK,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": by_type(ELEMENTS, only=(*CLICKED, *CHOSEN, "image")),
            "expand": flag,
        },
    ),
    "divider": shape({}, _BLOCK),
    "header": shape({"text": text(150, "plain_text")}, _BLOCK),
    "actions": shape(
        {"elements": items(by_type(ELEMENTS, only=(*CLICKED, *ONE_CHOSEN, "datetimepicker")), 25)}, _BLOCK
    ),
    "context": shape({"elements": items(by_type(ELEMENTS, only=("image", "mrkdwn", "plain_text")), 10)}, _BLOCK),
    "image": shape(
        {"alt_text": string(2000)},
        {**_BLOCK, "image_url": WEB, "slack_file": anything, "title": text(2000, "plain_text")},
    ),
    "input": shape(
        {
            "label": text(2000, "plain_text"),
            "element": by_type(ELEMENTS, only=(*CHOSEN, *TYPED, "datetimepicker")),
        },
        {**_BLOCK, "hint": text(2000, "plain_text"), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": shape({"elements": items(anything, 1000, 0)}, _BLOCK),
    "markdown": shape({"text": string(12_000)}, _BLOCK),
    "table": shape(
        {"rows": items(items(by_type(CELLS), 20), 100)}, {**_BLOCK, "column_settings": items(COLUMN, 20, 0)}
    ),
    "video": shape(
        {"alt_text": string(2000), "title": text(200, "plain_text"), "thumbnail_url": WEB, "video_url": WEB},
        {
            **_BLOCK,
            "author_name": string(50),
            "description": text(200, "plain_text"),
            "provider_icon_url": WEB,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
    "file": shape({"external_id": ID, "source": one_of("remote")}, _BLOCK),
}

MESSAGE_ONLY = ("markdown", "table", "file")
"""Blocks that modals and the Home tab refuse."""

_VIEW: Mapping[str, Rule] = {
    "type": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}

VIEW_KINDS = tuple(kind for kind in BLOCKS if kind not in MESSAGE_ONLY)

VIEWS: Mapping[str, Rule] = {
    "modal": shape(
        {
            "title": text(24, "plain_text"),
            "blocks": items(by_type(BLOCKS, only=VIEW_KINDS), VIEW_BLOCKS),
        },
        {
            **_VIEW,
            "submit": text(24, "plain_text"),
            "close": text(24, "plain_text"),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
    ),
    "home": shape({"blocks": items(by_type(BLOCKS, only=VIEW_KINDS), VIEW_BLOCKS, 0)}, _VIEW),
}

MESSAGE: Rule = items(by_type(BLOCKS), MESSAGE_BLOCKS, 0)

Blocks = list[dict[str, Any]]
