"""What stands in a modal."""

from __future__ import annotations

from typing import Any

from tests.browser.gallery.said import DUE, Part, option, plain, section


def field(block_id: str, label: str, kind: str, more: Part | None = None, **block: Any) -> Part:
    """An input block with one element of that kind."""
    element = {"type": kind, "action_id": "v", **(more or {})}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **block}


def modal() -> list[Part]:
    """A modal with every input."""
    return [
        section("A modal with *every input*."),
        field(
            "share",
            "Share of the population",
            "number_input",
            {"is_decimal_allowed": True, "min_value": "0", "max_value": "100", "initial_value": "138.8"},
            hint=plain("In percent, for the latest year that you have"),
        ),
        field("year", "Year", "static_select", {"options": [option("2025"), option("2026")]}),
        field(
            "country",
            "Country",
            "static_select",
            {
                "option_groups": [
                    {"label": plain("Mainland"), "options": [option("Lao PDR"), option("Viet Nam")]},
                    {"label": plain("Islands"), "options": [option("Philippines"), option("Singapore")]},
                ],
                "initial_option": option("Lao PDR"),
            },
        ),
        field(
            "source",
            "Source",
            "plain_text_input",
            {"placeholder": plain("The survey"), "max_length": 20},
            optional=True,
        ),
        field("changed", "What changed?", "plain_text_input", {"multiline": True, "min_length": 10}),
        field("quick", "Look up", "plain_text_input", dispatch_action=True),
        field(
            "live",
            "Look up while typing",
            "plain_text_input",
            {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}},
            dispatch_action=True,
        ),
        field("mail", "E-mail", "email_text_input", {"placeholder": plain("siti@example.org")}),
        field("link", "Link", "url_text_input"),
        field("note", "Note", "rich_text_input"),
        field("files", "Evidence", "file_input", {"filetypes": ["pdf", "csv"], "max_files": 2}),
        field(
            "themes",
            "Themes",
            "multi_static_select",
            {
                "option_groups": [
                    {"label": plain("Life"), "options": [option("Children"), option("Old age")]},
                    {"label": plain("Work"), "options": [option("Unemployment"), option("Injury")]},
                ],
                "initial_options": [option("Children")],
                "max_selected_items": 2,
            },
        ),
        field("indicator", "Indicator", "external_select", {"min_query_length": 2}),
        field("indicators", "Indicators", "multi_external_select", {"min_query_length": 0}),
        field("person", "Person", "users_select", {"initial_user": "U0SITI"}),
        field("people", "People", "multi_users_select"),
        field("place", "Channel", "channels_select"),
        field("places", "Channels", "multi_channels_select"),
        field("talk", "Conversation", "conversations_select", {"default_to_current_conversation": True}),
        field("talks", "Conversations", "multi_conversations_select", {"filter": {"include": ["public", "private"]}}),
        field(
            "final", "Is it final?", "radio_buttons", {"options": [option("Yes"), option("No", None, "We ask again")]}
        ),
        field("covered", "Who is covered?", "checkboxes", {"options": [option("Children"), option("Old age")]}),
        field("day", "Date", "datepicker"),
        field("hour", "Time", "timepicker", {"initial_time": "09:30"}),
        field("moment", "Date and time", "datetimepicker", {"initial_date_time": DUE}),
    ]
