"""What no year of the network brings by itself: how far countries are, in every way of being on the way."""

from __future__ import annotations

from typing import Any

# Numbers and their sign stay together.
NB = "\u00a0"
PLAIN: dict[str, Any] = {
    "country": "Indonesia",
    "title": "Older persons receiving a pension",
    "percent": True,
    "last": {"value": f"32{NB}%", "year": 2022, "estimate": False},
    "now": {"value": f"41.5{NB}%", "year": 2025, "estimate": True},
    "change": "9.5",
    "up": True,
    "verdict": "better",
    "floor": None,
    "ceiling": None,
    "by": None,
    "floor_reached": None,
    "ceiling_reached": None,
    "to_floor": None,
    "to_ceiling": None,
    "track": "no_target",
    "told": False,
    "pace": None,
    "rising": False,
    "since": None,
    "expected": None,
}
AIMED: dict[str, Any] = {
    **PLAIN,
    **{"floor": f"40{NB}%", "ceiling": f"60{NB}%", "by": 2030, "floor_reached": True, "ceiling_reached": False},
    **{"to_floor": "1.5", "to_ceiling": "18.5", "track": "off_track", "told": True},
    **{"pace": "3.17", "rising": True, "since": 2022, "expected": f"57.33{NB}%"},
}
ONLY_FLOOR: dict[str, Any] = {
    **PLAIN,
    **{"country": "Lao PDR", "title": "Gini index", "percent": False, "floor": "38", "by": 2028},
    **{"now": {"value": "38.5", "year": 2025, "estimate": False}, "last": None, "change": None, "verdict": "first"},
    **{"floor_reached": False, "to_floor": "0.5", "track": "on_track", "told": True},
    **{"pace": "0.25", "since": 2023, "expected": "37.75"},
}
ROWS: list[dict[str, Any]] = [
    AIMED,
    ONLY_FLOOR,
    {**AIMED, "country": "Malaysia", "title": "Mothers with newborns covered", "pace": "0", "expected": f"41.5{NB}%"},
    {
        **{**AIMED, "country": "Philippines", "title": "Children covered", "by": 2025, "expected": None},
        **{"pace": None, "since": None},
    },
    {
        **{**AIMED, "country": "Thailand", "title": "Unemployed people covered", "track": "reached", "told": False},
        **{"ceiling_reached": True, "to_ceiling": "0", "expected": None},
    },
    {
        **{**AIMED, "country": "Timor-Leste", "title": "Poor people covered", "floor": None, "floor_reached": None},
        **{"to_floor": None, "track": "too_few", "told": False, "pace": None, "expected": None},
    },
    {
        **{**AIMED, "country": "Viet Nam", "title": "Portability of benefits", "now": None, "change": None},
        **{"verdict": "not_available", "floor_reached": None, "ceiling_reached": None, "told": False},
        **{"track": "not_available", "pace": None, "expected": None},
    },
]
WITHOUT = [
    {**PLAIN, "country": f"Country {place}", "title": f"Question {place}", "verdict": verdict, **more}
    for place, (verdict, more) in enumerate(
        {
            "better": {},
            "worse": {"up": False},
            "same": {"change": "0"},
            "changed": {},
            "revised": {},
            "first": {"change": None, "last": None},
            "not_available": {"change": None, "now": None},
        }.items(),
        1,
    )
]
COUNTS: dict[str, Any] = {
    **{"title": PLAIN["title"], "directed": True, "members": 7, "reported": 6, "set_floor": 5, "reached": 2},
    **{"set_ceiling": 4, "ceiling_reached": 1, "compared": 5, "moved_right": 4, "on_a_way": 3, "on_track": 1},
}
FEW: dict[str, Any] = {**COUNTS, "reported": 2, "set_floor": None, "reached": None, "compared": None}
CYCLE = "Full assessment 2026"
INDICATOR: dict[str, Any] = {
    "own": None,
    **{"title": PLAIN["title"], "direction": "up", "numeric": True, "cycle": CYCLE, "rows": ROWS, "floors": True},
    **{"told": [row for row in ROWS if row["told"]], "missing": ["Cambodia", "Singapore"], "spared": ["Myanmar"]},
    "together": COUNTS,
}
OVERALL = {"set_floor": 12, "reached": 5, "compared": 20, "moved_right": 11, "on_a_way": 7, "on_track": 4}
REGION: dict[str, Any] = {
    **{"cycle": CYCLE, "asked": 10, "accepted": 8, "missing": ["Cambodia", "Singapore"], "spared": ["Myanmar"]},
    **{"fewest": 3, "overall": OVERALL, "rows": [COUNTS, {**COUNTS, "title": "Gini index", "set_floor": 0}]},
    "few": ["Urban population in slums"],
}
CASES: dict[str, list[dict[str, Any]]] = {
    "progress/country": [
        {"country": "Indonesia", "cycle": CYCLE, "rows": ROWS, "told": INDICATOR["told"], "floors": True},
        {"country": "Indonesia", "cycle": CYCLE, "rows": WITHOUT, "told": [], "floors": False},
    ],
    "progress/indicator": [
        INDICATOR,
        {
            **{**INDICATOR, "direction": "down", "rows": WITHOUT, "told": [], "floors": False, "spared": []},
            "together": {**COUNTS, "set_floor": 1, "reached": 1, "compared": 0},
        },
        {**INDICATOR, "direction": None, "rows": [], "told": [], "missing": [], "together": FEW},
        {**INDICATOR, "together": None},
        {**INDICATOR, "own": "https://spnet.example.org/progress/token"},
    ],
    "progress/region": [
        REGION,
        {
            **{**REGION, "missing": [], "spared": [], "few": []},
            "overall": {**OVERALL, "reached": 1, "on_track": 1},
        },
        {**REGION, "accepted": 1, "overall": None, "rows": [], "few": [PLAIN["title"], "Gini index"]},
    ],
    "progress/nothing": [
        {"country": "Indonesia", "cycle": CYCLE},
        {"country": "Indonesia", "cycle": None},
        {"country": None, "cycle": None},
    ],
    "progress/choose": [{"cycle": CYCLE}],
}
