"""What no year of the network brings by itself: the national yes, asked, given, refused, by letter; and its setting."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

BEFORE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WHEN = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
DUE, CLOSES = datetime(2026, 12, 15, 10, 0, tzinfo=UTC), datetime(2026, 12, 29, 10, 0, tzinfo=UTC)
SIGNED, FIRST = date(2026, 11, 27), date(2026, 11, 26)
ABOUT: dict[str, Any] = {"member": "Indonesia", "cycle": "Full assessment 2026", "due": DUE, "closes": CLOSES}
PENSION: dict[str, Any] = {
    "title": "Older persons receiving a pension",
    "value": "14.8 % (2020, SUSENAS)",
    "last": "13.0 % (2018, SUSENAS)",
    "last_cycle": "2025",
    "mark": "changed",
    "text": False,
    "authors": None,
    "fresh": False,
    "own": False,
    "aim": None,
}
AIM = {"floor": "38", "ceiling": "35", "year": 2030, "source": "Plan", "since": FIRST}
YES: dict[str, Any] = {
    "id": 3,
    "person": "Dewi Lestari",
    "role": "coordinator",
    "agency": None,
    "when": WHEN,
    "via": "slack",
    "version": 4,
    "signatory": None,
    "reference": None,
    "signed": None,
    "scan": False,
}
BY_LETTER = {
    **YES,
    **{"person": "Siti Rahmadani", "signatory": "Minister Ratna", "reference": "B-12/2026", "signed": SIGNED},
    "scan": True,
}
WAITS: dict[str, Any] = {
    "id": 3,
    "role": "coordinator",
    "agency": None,
    "since": BEFORE,
    "days": 7,
    "asked": [{"name": "Dewi Lestari", "away": False}],
    "held": None,
    "place": 1,
    "steps": 1,
    "record": [],
}
NEXT = {**WAITS, "agency": "Ministry of Finance", "place": 2, "steps": 2}
NOBODY = {**WAITS, "asked": [], "days": 1}
AUTHORS = {**NOBODY, "role": "focal_point", "held": "author"}
OF_US = {**NOBODY, "held": "secretariat"}
TWO = {**WAITS, "asked": [{"name": "Dewi Lestari", "away": False}, {"name": "Ratna Sari", "away": False}]}
LINK = "https://spnet.example.org/clear/mfzwizltor2a"
ASK: dict[str, Any] = {
    **ABOUT,
    "name": "Dewi Lestari",
    "author": "Siti Rahmadani",
    "asked": BEFORE,
    "sections": [
        {
            "letter": "E",
            "title": "Older persons",
            "given": True,
            "answers": [
                PENSION,
                {
                    **PENSION,
                    "title": "Persons with disabilities covered",
                    "mark": "same",
                    "authors": {"wrote": "Rina Kusuma", "agency": "Ministry of Health", "changed": "Siti Rahmadani"},
                },
                {**PENSION, "title": "Gini index", "mark": "new", "last": None, "last_cycle": None, "aim": AIM},
                {**PENSION, "title": "Village clinics", "mark": "new", "last": None, "last_cycle": None, "own": True},
            ],
        }
    ],
    "silent": ["B Health"],
    "changes": [PENSION],
    "known": True,
    "answered": 3,
    "total": 33,
    "general": [{"text": "Which line do you use?", "answer": "The line of 2024."}],
    "record": [YES, BY_LETTER],
    "before": None,
    "fresh": [],
    "link": None,
}
REFUSED = {"asked": BEFORE, "refused": WHEN, "person": "Dewi Lestari", "why": "The poverty figure is the old one."}
ONLY_ASKED = {"asked": BEFORE, "refused": None, "person": None, "why": None}
REMIND: dict[str, Any] = {
    **ABOUT,
    **{"name": "Dewi Lestari", "author": "Siti Rahmadani", "asked": BEFORE, "days": 4, "late": False, "link": None},
}
NOONE: dict[str, Any] = {
    **ABOUT,
    **{"role": "coordinator", "agency": None, "author": "Siti Rahmadani", "held": None, "secretariat": True},
}
GIVEN: dict[str, Any] = {
    **ABOUT,
    "name": "Siti Rahmadani",
    "person": "Dewi Lestari",
    "role": "coordinator",
    "agency": None,
    "when": WHEN,
    "signatory": None,
    "reference": None,
    "signed": None,
    "next": None,
}
LETTER: dict[str, Any] = {"signatory": "Minister Ratna", "reference": "B-12/2026", "signed": SIGNED}
VOID: dict[str, Any] = {
    **ABOUT,
    **{"name": "Dewi Lestari", "why": "changed", "by": "Siti Rahmadani", "when": WHEN, "title": "Gini index"},
    "cleared": None,
}
RECEIPT: dict[str, Any] = {
    **ABOUT,
    **{"person": "Dewi Lestari", "when": WHEN, "version": 4, "via": "slack", "next": None},
    **{"signatory": None, "reference": None, "signed": None},
}
SETTING: dict[str, Any] = {
    "member": "Indonesia",
    "done": None,
    "changed": None,
    "wanted": True,
    "author_may": False,
    "steps": [
        {"role": "coordinator", "agency": None, "holders": ["Dewi Lestari"], "only_author": False},
        {"role": "coordinator", "agency": "Ministry of Finance", "holders": [], "only_author": False},
    ],
}
BLOCKED = [SETTING["steps"][0], {**SETTING["steps"][1], "role": "focal_point", "agency": None, "only_author": True}]
BLOCKED[1] |= {"holders": ["Siti Rahmadani"]}
NEWS: dict[str, Any] = {
    **{key: SETTING[key] for key in ("member", "wanted", "author_may", "steps")},
    **{"name": "Siti Rahmadani", "by": "Aisyah Noor", "when": WHEN, "back": [], "reference": "B-77/2026"},
}
SUBMITTED: dict[str, Any] = {
    **ABOUT,
    **{"person": "Siti Rahmadani", "when": WHEN, "late": False, "waits": WAITS, "others": []},
}
PAGE = {"network": "ASEAN social protection network"}

CASES: dict[str, list[dict[str, Any]]] = {
    "assessment/in_other_hands": [
        {"state": "awaiting_clearance", "waits": waits, "may_withdraw": True}
        for waits in (WAITS, TWO, NOBODY, AUTHORS, OF_US)
    ],
    "assessment/status": [
        {"state": "awaiting_clearance", "waits": WAITS},
        {"state": "awaiting_clearance", "waits": TWO},
        {"state": "awaiting_clearance", "waits": NOBODY},
        {"state": "awaiting_clearance", "waits": WAITS, "locked": True},
        {"state": "submitted", "submitted": WHEN, "record": [YES, BY_LETTER]},
    ],
    "clearance/ask": [
        ASK,
        {**ASK, "before": REFUSED, "fresh": ["Gini index"], "record": []},
        {**ASK, "before": ONLY_ASKED, "changes": []},
        {**ASK, "link": LINK, "known": False, "record": [{**YES, "via": "page", "agency": "Ministry of Finance"}]},
    ],
    "clearance/remind": [REMIND, {**REMIND, "late": True, "days": 1, "link": LINK}],
    "clearance/nobody": [
        NOONE,
        {**NOONE, "agency": "Ministry of Finance", "held": "author"},
        {**NOONE, "secretariat": False},
        {**NOONE, "held": "secretariat"},
        {**NOONE, "secretariat": False, "held": "secretariat"},
        {**NOONE, "secretariat": False, "held": "author", "agency": "Ministry of Finance"},
    ],
    "clearance/given": [
        GIVEN,
        {**GIVEN, "next": NEXT},
        {**GIVEN, **LETTER, "agency": "Ministry of Finance", "next": NOBODY},
    ],
    "clearance/by_letter": [
        {**GIVEN, **LETTER, "name": "Dewi Lestari", "person": "Siti Rahmadani", "agency": agency}
        for agency in (None, "Ministry of Finance")
    ],
    "clearance/refused": [
        {
            **ABOUT,
            "name": "Siti Rahmadani",
            "person": "Dewi Lestari",
            "when": WHEN,
            "why": "The poverty figure is the old one.",
        }
    ],
    "clearance/void": [
        VOID,
        {**VOID, "cleared": BEFORE, "title": None, "by": None},
        {**VOID, "why": "withdrawn"},
        {**VOID, "why": "withdrawn", "by": None},
        {**VOID, "why": "setting"},
        {**VOID, "why": "cancelled"},
    ],
    "clearance/closed": [{**ABOUT, "name": "Siti Rahmadani", "waits": waits} for waits in (WAITS, NOBODY)],
    "clearance/receipt": [
        RECEIPT,
        {**RECEIPT, "via": "page", "next": NEXT},
        {**RECEIPT, **LETTER, "person": "Siti Rahmadani"},
    ],
    "clearance/sent_back": [
        {**ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": "The poverty figure is the old one."}
    ],
    "clearance/send_back_form": [ABOUT],
    "clearance/letter_form": [
        {**ABOUT, "role": "coordinator", "agency": agency, "earliest": FIRST, "most": 10}
        for agency in (None, "Ministry of Finance")
    ],
    "clearance/letter": [
        {**ABOUT, **LETTER, "person": "Siti Rahmadani", "when": WHEN, "link": link, "expires": DUE}
        for link in ("https://spnet.example.org/scan/mfzwizltor2a", None)
    ],
    "clearance/setting": [
        {**SETTING, "done": "changed", "changed": {"by": "Aisyah Noor", "when": WHEN, "reference": "B-77/2026"}},
        {
            **SETTING,
            "done": "unchanged",
            "author_may": True,
            "changed": {"by": "Dewi Lestari", "when": WHEN, "reference": None},
        },
        {**SETTING, "wanted": False},
        {**SETTING, "steps": BLOCKED},
    ],
    "clearance/setting_form": [
        {**SETTING, "changed": False, "blocks": False},
        {**SETTING, "changed": True, "blocks": False},
        {**SETTING, "changed": False, "blocks": True, "steps": BLOCKED},
    ],
    "clearance/setting_changed": [
        NEWS,
        {**NEWS, "wanted": False, "reference": None, "back": ["Full assessment 2026", "Short update 2026-Q4"]},
    ],
    "clearance/submitted": [
        SUBMITTED,
        {**SUBMITTED, "late": True, "waits": {**NOBODY, "steps": 2}},
        {**SUBMITTED, "waits": AUTHORS},
        {**SUBMITTED, "waits": OF_US},
    ],
    "layout/cleared": [{"one": YES}, {"one": {**YES, "via": "page", "agency": "Ministry of Finance"}}],
    "pages/clear": [
        {**PAGE, **ASK, "problem": None, "longest": 1000},
        {**PAGE, **ASK, "problem": "no_reason", "longest": 1000, "before": REFUSED, "fresh": ["Gini index"]},
        {**PAGE, **ASK, "problem": None, "longest": 1000, "before": ONLY_ASKED, "changes": [], "record": [BY_LETTER]},
    ],
    "pages/cleared": [
        {**PAGE, **ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": None, "next": None},
        {**PAGE, **ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": None, "next": NEXT},
        {**PAGE, **ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": None, "next": NOBODY},
        {**PAGE, **ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": None, "next": AUTHORS},
        {**PAGE, **ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": "The old figure.", "next": None},
    ],
    "refusals/already_cleared": [
        {**ABOUT, "person": "Dewi Lestari", "when": WHEN, "signatory": None, "signed": None},
        {**ABOUT, "person": "Siti Rahmadani", "when": WHEN, "signatory": "Minister Ratna", "signed": SIGNED},
    ],
    "refusals/already_sent_back": [{**ABOUT, "person": "Dewi Lestari", "when": WHEN, "why": "The old figure."}],
    "refusals/clearance_void": [{**ABOUT, "why": why} for why in ("changed", "withdrawn", "setting", "cancelled")],
    "refusals/not_the_clearer": [
        {**ABOUT, "role": "coordinator", "agency": agency} for agency in (None, "Ministry of Finance")
    ],
    "refusals/author_may_not_clear": [ABOUT],
    "refusals/secretariat_may_not_clear": [ABOUT, {**ABOUT, "cycle": None}],
    "refusals/letter_refused": [
        {"problem": problem, "signed": SIGNED, "earliest": FIRST}
        for problem in ("future", "too_early", "signatory", "reference")
    ],
    "refusals/scan_refused": [{"problem": problem, "most": 10} for problem in ("kind", "size", "empty", "gone")],
    "review/submission": [{"record": [YES, BY_LETTER]}],
}
