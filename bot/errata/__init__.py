"""Errata: an edition that is in use changes only by one, and nobody's answer is lost by it.

catalogue.py  the editions in use as they were first used, the errata laid over them, and what a file may not change
issuing.py    one question's wording or bounds corrected by the secretariat, with a preview
settling.py   each member that had answered keeps its answer, or changes it
asking.py     what is written to these members, and to the secretariat
listing.py    the record: what was corrected, who kept, who changed, who is silent
"""

from bot.errata.catalogue import EditionChanged, agreed, catch_up, current, every, forget, settle, use

__all__ = [
    "EditionChanged",
    "agreed",
    "catch_up",
    "current",
    "every",
    "forget",
    "settle",
    "use",
]
