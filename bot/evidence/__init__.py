"""Evidence: what an answer rests on, a link or a file.

given.py     what is handed in, looked at before it is kept
keeping.py   added and taken away by those who answer
shown.py     what people see of it, and who gets a file
"""

from bot.evidence.given import EvidenceRefused, Handed, Limits, Link, file_of, link_of, links_in
from bot.evidence.keeping import add, part_of, remove
from bot.evidence.shown import (
    EVIDENCE_LINK,
    FileLink,
    Filled,
    KeptFile,
    Seen,
    beside,
    file_for,
    form,
    handed_out,
    listing,
    of,
    parse,
    read_form,
    removed,
    seen,
    take,
    token,
    without_pages,
)

__all__ = [
    "EVIDENCE_LINK",
    "EvidenceRefused",
    "FileLink",
    "Filled",
    "Handed",
    "KeptFile",
    "Limits",
    "Link",
    "Seen",
    "add",
    "beside",
    "file_for",
    "file_of",
    "form",
    "handed_out",
    "link_of",
    "links_in",
    "listing",
    "of",
    "parse",
    "part_of",
    "read_form",
    "remove",
    "removed",
    "seen",
    "take",
    "token",
    "without_pages",
]
