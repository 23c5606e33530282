"""The national yes as people meet it: what is shown, what is told, the member's setting, letters on paper.

shown.py      the whole assessment for who must clear it; with whom it waits; who cleared what, when and how
notices.py    what the ledger brings
on_page.py    the same on a page, behind the signed link of a mail
setting.py    whether a member asks for a clearance, and of whom
letters.py    a letter signed on paper and its scan

The deeds themselves are in bot/assessments: asking.py and clearing.py.
"""

from bot.clearance.letters import (
    LARGEST_SCAN,
    SCAN_LINK,
    FilledIn,
    ScanLink,
    ScanRefused,
    gone,
    letter_form,
    once_more,
    read_letter,
    scan_file,
    scan_of,
    see_letter,
    without_pages,
    wrong_letter,
)
from bot.clearance.notices import (
    CLEAR_LINK,
    LinkFor,
    ask_with,
    by_letter,
    closed,
    given,
    nobody,
    receipt,
    refused,
    remind_with,
    void,
)
from bot.clearance.on_page import RECEIPT_KIND
from bot.clearance.setting import SET_KIND, setting_changed, show_setting
from bot.clearance.shown import (
    cleared_message,
    reason_of,
    record,
    see,
    send_back_form,
    sent_back_last,
    sent_back_message,
    waiting_for,
    waits,
    whole,
)

__all__ = [
    "CLEAR_LINK",
    "LARGEST_SCAN",
    "RECEIPT_KIND",
    "SCAN_LINK",
    "SET_KIND",
    "FilledIn",
    "LinkFor",
    "ScanLink",
    "ScanRefused",
    "ask_with",
    "by_letter",
    "cleared_message",
    "closed",
    "given",
    "gone",
    "letter_form",
    "nobody",
    "once_more",
    "read_letter",
    "reason_of",
    "receipt",
    "record",
    "refused",
    "remind_with",
    "scan_file",
    "scan_of",
    "see",
    "see_letter",
    "send_back_form",
    "sent_back_last",
    "sent_back_message",
    "setting_changed",
    "show_setting",
    "void",
    "waiting_for",
    "waits",
    "whole",
    "without_pages",
    "wrong_letter",
]
