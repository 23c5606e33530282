"""What no year of the network brings by itself: facts laid over the first that were heard, or whole where none were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from bot.words import Reader
from tests.golden import (
    answers,
    clearances,
    delegations,
    floors,
    formats,
    homes,
    mechanisms,
    profiles,
    progress,
    reviews,
    successions,
)

JAKARTA = Reader("Asia/Jakarta", "en_GB")
BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
AFTER = datetime(2026, 12, 29, 10, 0, tzinfo=UTC)
COUNTRY: dict[str, Any] = {"member": "Indonesia", "cycle": "Full assessment 2026"}
UPDATE: dict[str, Any] = {"cycle": "Short update 2026-Q4", "state": "in_progress", "due": WHEN, "closes": AFTER}
PENSION = {"title": "Older persons receiving a pension", "value": "14.8 % (2020, SUSENAS)", "code": "pension_covered"}
SEEN: dict[str, Any] = {
    **{**PENSION, "text": False, "authors": None, "own": False, "aim": None},
    **{"change": None, "handed_in": None, "fine": False, "aside": None, "thread": []},
}
NUMBER: dict[str, Any] = {
    "position": 13,
    "letter": "E",
    "section": "Older persons",
    "title": PENSION["title"],
    "question": "What share of older persons receives a pension?",
    "kind": "percent",
    "required": False,
    "echo": [],
    "problem": None,
    "current": None,
    "last": None,
    "asked": None,
    "own": False,
    "aim": None,
}
HALF: dict[str, Any] = {
    "number": "14.8",
    "text": None,
    "year": None,
    "source": None,
    "unit": "%",
    "estimate": False,
    "not_available": False,
}


def half(need: str, **understood: Any) -> dict[str, Any]:
    """A question whose answer was understood in part."""
    return {**NUMBER, "need": need, "understood": {**HALF, **understood}}


def wrong(problem: str, **more: Any) -> dict[str, Any]:
    """A question whose answer could not be read."""
    facts = {"problem": problem, "example": "38.8 2020 household survey", **more}
    return {**NUMBER, "need": None, "understood": None, "problem": facts}


def echo(how: str, **more: Any) -> dict[str, Any]:
    """A question under a line that says what became of what was written."""
    return {**NUMBER, "need": None, "understood": None, "echo": [{"how": how, **PENSION, "problem": {}, **more}]}


PROMPTS: list[dict[str, Any]] = [
    {**NUMBER, "need": None, "understood": None, "last": {"cycle": "2025", "value": PENSION["value"]}},
    {**NUMBER, "need": None, "understood": None, "kind": "yes_no"},
    half("year_and_source", estimate=True),
    half("year", source="SUSENAS"),
    half("source", year=2020),
    half("which_number"),
    half("which_year"),
    half("which_choice"),
    half("reason"),
    half("value"),
    *(
        wrong(problem)
        for problem in (
            *("empty", "several_numbers", "not_whole", "percent_not_wanted", "too_many_digits", "odd_separators"),
            *("no_year", "no_source", "no_reason", "not_yes_nor_no", "something_new"),
        )
    ),
    {
        **wrong("no_sentence", example="We merged two registers."),
        **{"position": 29, "letter": "H", "section": "In your own words", "title": "Progress made", "kind": "text"},
        **{"question": "What moved forward in social protection in this period?", "required": True},
    },
    wrong("too_long", length=4012, maximum=3000),
    wrong("not_with_you"),
    wrong("out_of_bounds", number="250", minimum="0", maximum="100"),
    wrong("year_in_future", year=2041),
    wrong("year_too_early", year=1830, earliest=1950),
    echo("same"),
    echo("kept"),
    echo("came_late", title="14.8 2020 SUSENAS"),
    echo("not_put_to_you", title="14.8 2020 SUSENAS"),
    echo("later_one_stands"),
    echo("edit_not_read"),
    echo("edit_in_part"),
    echo("line_not_taken", value="pension_covered 14.8"),
    {
        **NUMBER,
        "need": None,
        "understood": None,
        "returned": [{"text": "Please name a source for each figure.", "answer": None}],
    },
    {
        **NUMBER,
        "need": None,
        "understood": None,
        "returned": [{"text": "Please name a source for each figure.", "answer": "All are from SUSENAS."}],
    },
]

_FILE = {
    **{"paper": "xlsx", "member": None, "cycles": ["Full assessment 2026"], "reported": 7, "countries": 11},
    **{"answers": 214, "on": WHEN.date(), "inside": False, "draft": False, "names": ["region-2026.xlsx"]},
    "lacking": [],
}
_OWN = {"member": "Indonesia", "reported": 1, "countries": 1, "inside": True}
EXPORTS = [
    _FILE,
    {**_FILE, **_OWN, "answers": 1},
    {**_FILE, "paper": "sdmx", "cycles": ["Full assessment 2025", "Full assessment 2026"]},
    {**_FILE, **_OWN, "paper": "sdmx"},
    {**_FILE, **_OWN, "paper": "report", "lacking": ["Burmese (fonts-noto-core)", "Khmer (fonts-noto-core)"]},
    {**_FILE, **_OWN, "paper": "report", "draft": True},
    {**_FILE, **_OWN, "paper": "report", "inside": False},
    {**_FILE, "paper": "synthesis"},
]

CASES: dict[str, list[dict[str, Any]]] = {
    "network/commands": [
        {
            **{"commands": ["command_status", "command_share"], "of_cycle": 1, "wrote": "cycel status"},
            **{"family": False, "answers": True},
        },
        {
            **{"commands": ["command_cycle_status", "command_mechanism_of_any"], "of_cycle": 1, "wrote": ""},
            **{"family": False, "answers": False},
        },
        {"commands": ["command_digest_preview"], "of_cycle": 0, "wrote": "", "family": True, "answers": False},
    ],
    "network/welcome": [
        {"role": "coordinator", "member": "Indonesia", "standings": [], "stopped": True},
        {
            **{"role": "coordinator", "member": "Indonesia", "name": "Dewi Lestari", "stopped": False},
            "waiting": [{"cycle": "Full assessment 2026", "since": BEFORE}],
            "floors": 2,
        },
        {"role": "partner", "member": None, "standings": [], "stopped": True},
    ],
    "experience/form": [{"name": "Per Larsen", "body": "Hub <!channel> for *registers*"}],
    "network/stranger": [{"role": "focal_point", "member": "Indonesia", "ended": BEFORE.date()}],
    "assessment/prompt": PROMPTS,
    "assessment/review": [
        {"over_all": True, "returned": [{"text": "Please name a source for each figure.", "answer": None}]},
        {"sent_back": {"person": "Dewi Lestari", "when": BEFORE, "why": "The poverty figure is the old one."}},
    ],
    "assessment/in_other_hands": [{"may_withdraw": False, "reviewer": "Aisyah Noor"}],
    "assessment/old_button": [
        {"title": PENSION["title"], "value": PENSION["value"], "at": "Gini index"},
        {"title": None, "value": None, "at": None},
    ],
    "assessment/opening": [{"late": True, "known": 26}, {"known": 1}],
    "assessment/later": [{"late": True}],
    "assessment/receipt": [
        {
            "late": True,
            "answered": 30,
            "counts": {"given": 25, "estimate": 2, "not_available": 3, "skipped": 3},
        }
    ],
    "assessment/returned": [
        {
            "late": True,
            "asked": [
                {"title": None, "value": None, "text": "Please name a source for each figure."},
                {"title": "Gini index", "value": None, "text": "Is there a newer figure?"},
            ],
        }
    ],
    "assessment/status": [
        {"state": "in_progress", "locked": True, "closes": WHEN},
        {"state": "in_progress", "others": [{**UPDATE, "late": False}]},
        {"state": "submitted", "others": [{**UPDATE, "late": True}]},
    ],
    "cycle/extend": [
        {"state": "closed", "why": None, "told": [{"member": "Viet Nam", "name": "Linh Tran"}], "unheld": []},
        {"state": "open", "told": [], "unheld": ["Brunei Darussalam", "Thailand"]},
    ],
    "cycle/opened": [{"asked": 1}],
    "cycle/preview": [
        {
            "unheld": ["Brunei Darussalam"],
            "passed": [
                {"days": -14, "everyone": True, "members": []},
                {"days": -1, "everyone": False, "members": ["Indonesia", "Lao PDR"]},
                {"days": 0, "everyone": True, "members": []},
                {"days": 1, "everyone": True, "members": []},
                {"days": 3, "everyone": True, "members": []},
            ],
        }
    ],
    "delivery/channel_refused": [
        {"medium": "slack", "since": WHEN, "code": "invalid_auth"},
        {"medium": "email", "since": WHEN, "code": "535"},
    ],
    "delivery/not_shared": [{"names": ["Indonesia, last time and now", "<!channel> & *co*.csv"]}],
    "delivery/handed_over": [{"names": ["Indonesia, last time and now", "<!channel> & *co*.csv"]}],
    "delivery/room_closed": [{"room": "secretariat", "since": WHEN, "code": "not_in_channel"}],
    "delivery/rehearsal": [
        {"channel": None, "name": "Siti Rahmadani", "country": "Indonesia", "medium": "slack"},
        {"channel": "C0NETWORK", "name": None, "country": None, "medium": "slack"},
        {"channel": None, "name": "Per Larsen", "country": None, "medium": "email"},
    ],
    "home/secretariat": [
        {"reviews": [], "experiences": 1, "cycles": []},
        {"reviews": [], "experiences": 3, "cycles": []},
    ],
    "layout/answer": [
        {"in_chat": True, "choices": ["Start", "Later"]},
        {"in_chat": False, "choices": ["Start", "Later"]},
    ],
    "layout/cycle": [
        {
            "cycle": {
                "title": "Full assessment 2026",
                "done": 0,
                "asked": 6,
                "state": "closed",
                "in_review": in_review,
                "due": WHEN,
                "closes": AFTER,
                "rows": [
                    {
                        "name": name,
                        "state": state,
                        "since": BEFORE,
                        "answered": 4,
                        "total": 33,
                        "late": late,
                        "handed_in_late": handed,
                        "ball": ball,
                        "holder": holder,
                        "waited": waited,
                        "due": WHEN,
                        "closes": AFTER,
                        "own_date": name == "Myanmar",
                        "why": "The elections." if state == "not_required" else None,
                    }
                    for name, state, late, handed, ball, holder, waited in (
                        ("Cambodia", "awaiting_clearance", False, False, "clearer", "Dewi Lestari", 3),
                        ("Thailand", "awaiting_clearance", False, False, "clearer", None, 1),
                        ("Indonesia", "in_progress", True, False, "focal_point", "Siti Rahmadani", None),
                        ("Lao PDR", "submitted", False, True, "secretariat", "Aisyah Noor", None),
                        ("Myanmar", "in_progress", False, False, "focal_point", "Thiri Example", None),
                        ("Philippines", "not_required", False, False, "nobody", None, None),
                        ("Viet Nam", "accepted", False, False, "nobody", None, None),
                    )
                ],
            }
        }
        for in_review in ([], ["Lao PDR"], ["Lao PDR", "Thailand"])
    ],
    "digest/ask": [
        {"new": True, "ask": True, "publishes": False, "going_on": [], "waiting": ["Lao PDR", "Viet Nam"]},
        {
            "new": True,
            "ask": True,
            "publishes": True,
            "going_on": [{"member": "Lao PDR", "until": AFTER}],
            "waiting": [],
        },
    ],
    "digest/sent": [
        {"publishes": publishes, "going_on": going_on, "waiting": waiting}
        for publishes, going_on, waiting in (
            (False, [], ["Viet Nam"]),
            (False, [], ["Lao PDR", "Viet Nam"]),
            (True, [], []),
            (True, [{"member": "Lao PDR", "until": AFTER}], []),
        )
    ],
    "network/fault": [{}],
    "network/in_private": [{}],
    "network/not_stored": [{"code": "locked"}],
    "network/too_late": [{}],
    "network/unknown_button": [{}],
    "pages/progress": [
        {
            "network": "ASEAN social protection network",
            "title": "Progress of Indonesia",
            "heading": Markup("<h1>Progress of Indonesia</h1>"),
            "numbers": Markup("<p><strong>Older persons receiving a pension:</strong> 38.8 (2023)</p>"),
            "pictures": [{"source": "data:image/png;base64,iVBORw0KGgo=", "alt": "Last time 35, now 38.8"}],
        }
    ],
    "pages/later": [{"network": "ASEAN social protection network"}],
    "pages/refused": [{"network": "ASEAN social protection network", "expired": expired} for expired in (True, False)],
    "pages/refusal": [
        {
            "network": "ASEAN social protection network",
            "title": "No",
            "body": Markup("<p>It was <em>not</em> done.</p>"),
        }
    ],
    "pages/stop": [
        {"network": "ASEAN social protection network"},
        {"network": "ASEAN social protection network", "again": True},
    ],
    "pages/stopped": [{"network": "ASEAN social protection network"}],
    "exports/making": [{"answers": 12000, "countries": 11, "cycles": 20}],
    "exports/handed": EXPORTS,
    "refusals/nothing_to_export": [
        {"member": member, "cycle": cycle, "draft": draft}
        for member, cycle, draft in (("Indonesia", "Full assessment 2026", True), (None, None, False))
    ],
    "refusals/which_country": [{"cycle": "2026"}],
    "refusals/one_cycle": [{"paper": "report", "codes": ["2025", "2026"]}],
    "refusals/not_published": [
        {"cycle": "Full assessment 2026", "paper": "synthesis"},
        {"cycle": "Full assessment 2026", "paper": "csv"},
    ],
    "refusals/answers_changed": [COUNTRY],
    "refusals/bad_code": [{"code": "soon"}],
    "refusals/bad_dates": [
        {"problem": "due_passed", "due": BEFORE, "closes": AFTER, "opens": WHEN},
        {"problem": "closes_before_due", "due": AFTER, "closes": WHEN, "opens": BEFORE},
    ],
    "refusals/dates_moved": [
        {**COUNTRY, "due": WHEN, "closes": AFTER},
        {**COUNTRY, "member": None, "due": WHEN, "closes": AFTER},
    ],
    "refusals/cycle_exists": [{"code": "2025", "state": "published"}],
    "refusals/cycle_moved": [{**COUNTRY, "state": state} for state in ("open", "cancelled")],
    "refusals/experience_decided": [
        {"title": "A course on registries", "state": "published", "when": WHEN},
        {"title": "A course on registries", "state": "declined", "when": WHEN},
    ],
    "refusals/link_expired": [{"expires": WHEN}],
    "refusals/link_forged": [{}],
    "refusals/link_wrong_purpose": [{}],
    "refusals/locked": [{**COUNTRY, "closed": WHEN}],
    "refusals/not_found": [
        {"what": "cycle", "named": "2026, 2026-Q4"},
        {"what": "submission", "named": "Atlantis"},
        {"what": "member", "named": ""},
        {"what": "question", "named": "weather"},
        {"what": "member", "named": "Atlantis"},
        {"what": "person", "named": "Nobody Known"},
        {"what": "people", "named": "Siti"},
        {"what": "button", "named": "12"},
        {"what": "progress", "named": "weather"},
        {"what": "indicator", "named": "weather"},
        {"what": "past_cycle", "named": "2019"},
    ],
    "refusals/not_the_persons_turn": [
        {**COUNTRY, "state": state, "since": BEFORE} for state in ("open", "in_progress", "submitted", "returned")
    ],
    "refusals/not_understood": [
        {"problem": "closes", "example": "/spnet cycle open 2026 full due 2026-12-15"},
        {"problem": "due", "example": "/spnet cycle open 2026 full due 2026-12-15"},
        {"problem": "due_unreadable", "example": "/spnet cycle open 2026 full due 2026-12-15"},
        {"problem": "why_too_long", "example": "/spnet cycle extend 2026 due 2027-01-10 because of the floods"},
    ],
    "refusals/still_needed": [{**COUNTRY, "titles": ["Social registry", "Portability of benefits"]}],
    "refusals/unknown_calendar": [{"named": "Atlantis"}],
    "refusals/unknown_indicator": [{"what": "indicator", "named": "weather"}],
    "refusals/unknown_question_set": [{"what": "question_set", "named": "weather"}],
    "refusals/unknown_zone": [{"named": "Asia/Atlantis"}],
    "reminder/sent": [{**COUNTRY, "members": ["Indonesia", "Lao PDR"]}, {**COUNTRY, "members": []}],
    "reminder/preview": [
        {"late": True, "rows": []},
        {
            "rows": [
                {
                    "member": "Indonesia",
                    "name": "Siti Rahmadani",
                    "state": "in_progress",
                    "answered": 4,
                    "total": 33,
                    "free": False,
                    "last": BEFORE,
                    "today": today,
                }
                for today in (False, True)
            ]
        },
    ],
    "review/decided": [
        {"state": "returned", "asked": [{"title": None, "text": "Please name a source."}]},
        {"state": "accepted", "published": BEFORE},
    ],
    "review/waiting": [
        {
            "rows": [
                {
                    "member": "Indonesia",
                    "code": "IDN",
                    "cycle": "Full assessment 2026",
                    "since": BEFORE,
                    "begun": WHEN,
                }
            ]
        }
    ],
    "review/submission": [
        {
            "late": True,
            "sections": [
                {
                    "letter": "E",
                    "title": "Older persons",
                    "given": True,
                    "answers": [
                        {**SEEN, "last": "14.8 % (2020, SUSENAS)", "same": True},
                        {**SEEN, "last": "13.0 % (2018, SUSENAS)", "same": False},
                    ],
                },
            ],
        }
    ],
}
CASES |= homes.CASES | profiles.CASES | mechanisms.CASES | successions.CASES | formats.CASES | progress.CASES
for kind, more in (
    *clearances.CASES.items(),
    *delegations.CASES.items(),
    *floors.CASES.items(),
    *reviews.CASES.items(),
    *answers.CASES.items(),
):
    CASES[kind] = [*CASES.get(kind, []), *more]
