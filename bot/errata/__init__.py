"""Errata: an edition that is in use changes only by one, and nobody's answer is lost by it.

catalogue.py  the editions in use as they were first used, the errata laid over them, and what a file may not change
issuing.py    one question's wording or bounds corrected by the secretariat, with a preview
settling.py   each member that had answered keeps its answer, or changes it
asking.py     what is written to these members, and to the secretariat; an answer that is given anew is settled by that
on_page.py    the same on a page, for whoever reads mails
listing.py    the record: what was corrected, who kept, who changed, who is silent
"""

from bot.errata import on_page
from bot.errata.asking import ERRATUM_LINK, notices_with
from bot.errata.catalogue import EditionChanged, agreed, catch_up, current, every, forget, settle, use
from bot.errata.issuing import About, NotInUse, choose, form, read_about, store, typed_in
from bot.errata.listing import beyond, listed
from bot.errata.settling import facts_of, find, keep

__all__ = [
    "ERRATUM_LINK",
    "About",
    "EditionChanged",
    "NotInUse",
    "agreed",
    "beyond",
    "catch_up",
    "choose",
    "current",
    "every",
    "facts_of",
    "find",
    "forget",
    "form",
    "keep",
    "listed",
    "notices_with",
    "on_page",
    "read_about",
    "settle",
    "store",
    "typed_in",
    "use",
]
