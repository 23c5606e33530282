"""The digest: who has reported, what moved, what was shared, what is due next; to the network's channel and by e-mail.

compose(session, by, cycle, now)    freeze an edition and queue it to everybody; None when nothing is new
preview(session, by, cycle, now)    the same, without writing anything
notice_with(link_for, draw)         what the ledger's worker asks when it sends one
SECTIONS                            the parts of a digest, in order
"""

from __future__ import annotations

from bot.digests.compose import KIND, Composed, News, NotForADigest, compose, preview
from bot.digests.notice import Draw, LinkFor, notice, notice_with
from bot.digests.sections import SECTIONS, Section

__all__ = [
    "KIND",
    "SECTIONS",
    "Composed",
    "Draw",
    "LinkFor",
    "News",
    "NotForADigest",
    "Section",
    "compose",
    "notice",
    "notice_with",
    "preview",
]
