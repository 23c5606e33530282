"""What stands in a message."""

from __future__ import annotations

from typing import Any

Part = dict[str, Any]

DUE = 1797328800
COUNTRIES = (
    "Brunei Darussalam", "Cambodia", "Indonesia", "Lao PDR", "Malaysia", "Myanmar", "Philippines", "Singapore",
    "Thailand", "Timor-Leste", "Viet Nam",
)  # fmt: skip


def plain(text: str, **more: Any) -> Part:
    """A plain_text object."""
    return {"type": "plain_text", "text": text, **more}


def marked(text: str) -> Part:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str | None = None, under: str | None = None) -> Part:
    """An option; its value is its words if nothing else is said."""
    return {"text": plain(text), "value": value or text, **({"description": plain(under)} if under else {})}


def button(id: str, text: str, **more: Any) -> Part:
    """A button."""
    return {"type": "button", "action_id": id, "text": plain(text), "value": f"{id}'s value", **more}


def section(text: str, accessory: Part | None = None, block_id: str | None = None) -> Part:
    """A section, with something beside its words."""
    made: Part = {"type": "section", "text": marked(text)}
    return {
        **made,
        **({"accessory": accessory} if accessory else {}),
        **({"block_id": block_id} if block_id else {}),
    }


def asks(style: str | None = None) -> Part:
    """The question before a deed."""
    made: Part = {
        "title": plain("Hand in now?"),
        "text": marked("The *33 answers* of Indonesia go to the secretariat."),
        "confirm": plain("Yes, hand in"),
        "deny": plain("Not yet"),
    }
    return {**made, "style": style} if style else made


def styled(text: str, *styles: str) -> Part:
    """Words of rich text."""
    return {"type": "text", "text": text, **({"style": dict.fromkeys(styles, True)} if styles else {})}


def line(*parts: Part) -> Part:
    """A section of rich text."""
    return {"type": "rich_text_section", "elements": list(parts)}


WORDS = """Hello <@U0SITI>, *question 7 of 33*: what share of the population is covered? Last time you said `38.8 %` \
(<https://example.org/survey|the survey of 2020>). _Please give the year too._ ~Old words.~ See <#C0NETWORK>, \
<!subteam^S0FOCAL>, <@U0BOUNMY>, <!here>.
&gt; Responsibility stays national.
```select share
from survey```
Due <!date^1797328800^{date_long} at {time}|15 December>. :white_check_mark: :flag-id: :wave::skin-tone-4:"""

MARKDOWN = """## A markdown block
**Bold**, *soft*, ~~gone~~, `code`, [a link](https://example.org)

1. one
2. two
   - inner

- [x] done
- [ ] to do

> quoted

---

| Country | Share |
|---|--:|
| Lao PDR | 18.5 |
| Viet Nam | **38.8** |"""

PICTURE = "https://example.org/chart.png"


def message() -> list[Part]:
    """A message with every block that a message may have."""
    return [
        {"type": "header", "text": plain("Full assessment 2026 :seedling:")},
        section(WORDS),
        {
            "type": "section",
            "fields": [
                marked("*Country*\nIndonesia"),
                marked("*Due*\nTuesday, 15 December 2026"),
                marked("*Answered*\n12 of 33"),
                marked("*Waits for*\nSiti Rahmadani"),
            ],
        },
        {
            "type": "actions",
            "block_id": "deeds",
            "elements": [
                button("hand_in", "Hand in", style="primary", confirm=asks()),
                button("withdraw", "Withdraw", style="danger", confirm=asks("danger")),
                button("skip", "Skip"),
                button("open", "Open the format", url="https://example.org/format"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Copy"), option("Ask a colleague", "ask", "They answer one section")],
                },
            ],
        },
        {
            "type": "section",
            "block_id": "themes",
            "text": plain("Which themes"),
            "accessory": {
                "type": "multi_static_select",
                "action_id": "themes",
                "placeholder": plain("Themes"),
                "options": [option("Children"), option("Old age"), option("Health")],
                "initial_options": [option("Children")],
            },
        },
        {
            "type": "section",
            "block_id": "team",
            "text": plain("Who helps"),
            "accessory": {
                "type": "multi_users_select",
                "action_id": "team",
                "placeholder": plain("The team"),
                "initial_users": ["U0SITI"],
                "confirm": asks(),
            },
        },
        {
            "type": "actions",
            "block_id": "choices",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "country",
                    "placeholder": plain("Choose a country"),
                    "options": [option(name) for name in COUNTRIES],
                },
                {
                    "type": "static_select",
                    "action_id": "asked",
                    "placeholder": plain("Hand over to"),
                    "options": [option("Siti"), option("Bounmy")],
                    "initial_option": option("Siti"),
                    "confirm": asks(),
                },
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-15"},
                {"type": "timepicker", "action_id": "hour", "initial_time": "17:00", "timezone": "Asia/Jakarta"},
                {"type": "datetimepicker", "action_id": "moment", "initial_date_time": DUE},
            ],
        },
        {"type": "divider"},
        section("*Returned*: the secretariat asks something.", button("look", "Look")),
        section("Who should answer?", {"type": "users_select", "action_id": "who", "placeholder": plain("A person")}),
        section(
            "Is the figure final?",
            {
                "type": "radio_buttons",
                "action_id": "final",
                "options": [option("It is final", "final"), option("It is an estimate", "estimate", "We ask again")],
                "initial_option": option("It is final", "final"),
            },
            "sure",
        ),
        section(
            "Who is covered?",
            {
                "type": "checkboxes",
                "action_id": "covered",
                "options": [
                    {"text": marked("*Children*"), "value": "children"},
                    {"text": marked("_Old_"), "value": "old", "description": marked("From `60` on")},
                ],
            },
            "covered",
        ),
        section("A picture beside words.", {"type": "image", "image_url": PICTURE, "alt_text": "A chart"}),
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": PICTURE, "alt_text": "spnet"},
                marked("Asked by *spnet* on behalf of the secretariat"),
                plain("In English"),
            ],
        },
        {"type": "image", "image_url": PICTURE, "alt_text": "Coverage in Indonesia", "title": plain("2015 to 2026")},
        {
            "type": "rich_text",
            "elements": [
                line(
                    styled("Rich text: "),
                    styled("bold", "bold"),
                    styled(" code ", "code"),
                    styled("under", "underline"),
                    {"type": "user", "user_id": "U0BOUNMY"},
                    {"type": "color", "value": "#2a9d8f"},
                    {"type": "broadcast", "range": "channel"},
                    {"type": "date", "timestamp": DUE, "format": " {date_pretty}"},
                ),
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [line(styled("first")), line(styled("second"))],
                },
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [line(styled("inner"))]},
                {"type": "rich_text_quote", "elements": [styled("A quote")]},
                {"type": "rich_text_preformatted", "elements": [styled("x = 1\ny = 2")]},
            ],
        },
        {"type": "rich_text", "elements": [line({"type": "emoji", "name": "tada"})]},
        {"type": "markdown", "text": MARKDOWN},
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}],
            "rows": [
                [{"type": "raw_text", "text": "Country"}, {"type": "raw_text", "text": "Share"}],
                [
                    {"type": "rich_text", "elements": [line({"type": "link", "url": PICTURE, "text": "Indonesia"})]},
                    {"type": "raw_text", "text": "54.3 %"},
                ],
            ],
        },
        {
            "type": "video",
            "title": plain("How to answer"),
            "description": plain("Three minutes"),
            "alt_text": "A film",
            "thumbnail_url": PICTURE,
            "video_url": "https://example.org/film",
            "author_name": "The secretariat",
        },
        {"type": "file", "external_id": "report-2026.pdf", "source": "remote"},
    ]


def attachments() -> list[Part]:
    """Attachments of the older form, and with blocks."""
    return [
        {
            "color": "good",
            "pretext": "*Before it*",
            "author_name": "spnet",
            "title": "A title",
            "title_link": "https://example.org",
            "text": "With *bold* words",
            "fields": [
                {"title": "Country", "value": "Lao PDR", "short": True},
                {"title": "Due", "value": "15 December", "short": True},
                {"title": "Note", "value": "Over the whole width", "short": False},
            ],
            "footer": "spnet",
            "ts": DUE,
        },
        {
            "color": "#9c27b0",
            "blocks": [section("Blocks *inside*"), {"type": "context", "elements": [marked("Small")]}],
        },
    ]
