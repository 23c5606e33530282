"""Every action_id and callback_id: which conversation hears which deed. A button's id is `<deed>:<place>`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.interview import DEEDS
from bot.messages import Deed

ASSESSMENT: tuple[Deed, ...] = DEEDS
REVIEW = (Deed.ACCEPT, Deed.FINE, Deed.SEE_SUBMISSION)
# Each opens a form, and is what its callback id is called; the last is the country's.
REVIEW_FORMS = (Deed.RETURN, Deed.ACCEPT_WITHOUT, Deed.UNDO_ACCEPT, Deed.COMMENT, Deed.REPLY_COMMENT)
COMMANDS = (
    Deed.CONFIRM_OPEN,
    Deed.CONFIRM_EXTEND,
    Deed.CONFIRM_CLOSE,
    Deed.CONFIRM_CANCEL,
    Deed.CONFIRM_REMIND,
    Deed.CONFIRM_DIGEST,
    Deed.CONFIRM_GRANT,
    Deed.DISMISS,
)
EVIDENCE = (Deed.EVIDENCE, Deed.REMOVE_EVIDENCE, Deed.TRAIL)
# Gives out a file, to who asks alone.
EVIDENCE_FILES = (Deed.GET_EVIDENCE,)
EVIDENCE_FORMS = (Deed.ADD_EVIDENCE,)
ATTACH = (Deed.ATTACH,)
EXPERIENCES = (Deed.PUBLISH, Deed.DECLINE, Deed.SHARE)
DELEGATION = (Deed.CONTRIBUTORS, Deed.NUDGE, Deed.TAKE_BACK, Deed.WRITTEN)
DELEGATION_FORMS = (Deed.DELEGATE,)
HATS = (Deed.WEAR,)
PROFILE = (Deed.PROFILE, Deed.USE_ADDRESS, Deed.REMOVE_ADDRESS, Deed.END_LEAVE, Deed.AM_AWAY, Deed.WAS_ANSWER)
# Each opens a form, and is what its callback id is called.
PROFILE_FORMS = (Deed.CHANGE_PROFILE, Deed.ADD_ADDRESS, Deed.PLAN_LEAVE)
MECHANISMS = (Deed.EDIT_MECHANISM, Deed.KEEP_AGENCY, Deed.KEEP_BODY, Deed.KEEP_MEETING, Deed.KEEP_MILESTONE)
PROGRESS = (Deed.PROGRESS, Deed.COMPARE)
CLEARANCE = (Deed.CLEAR, Deed.SEE_CLEARANCE, Deed.SEE_LETTER)
# Each opens a form, and is what its callback id is called.
CLEARANCE_FORMS = (Deed.SEND_BACK, Deed.RECORD_LETTER, Deed.SET_CLEARANCE)
FLOORS = (Deed.SEE_FLOORS, Deed.FLOOR_HISTORY, Deed.WITHDRAW_FLOOR, Deed.ASK_FLOORS, Deed.SEE_PROPOSALS)
FLOOR_DECISIONS = (Deed.CLEAR_FLOORS,)
# Each opens a form, and is what its callback id is called.
FLOOR_FORMS = (Deed.SET_FLOOR, Deed.REFUSE_FLOOR)
OWN_QUESTIONS = (Deed.SEE_OWN_QUESTIONS,)
# Each opens a form, and is what its callback id is called.
OWN_QUESTION_FORMS = (Deed.ADD_QUESTION, Deed.RETIRE_QUESTION)
# Each opens a form of the register, and is what its callback id is called; the first is also in the weekly report.
REGISTER_FORMS = (Deed.FOCAL_APPOINT, Deed.FOCAL_HANDOVER, Deed.FOCAL_END)
EXPORTS = (Deed.GET_FILE,)
# Opens a form, and is what its callback id is called.
EXPORT_FORMS = (Deed.EXPORT,)
REGISTER = (Deed.CARRY_OUT, Deed.UNDO_ROLE, Deed.END_CONTRIBUTOR)
BENCHMARKS = (Deed.KEEP_BENCHMARK,)
# Each sends the table above it by e-mail.
BY_MAIL = (Deed.MAIL_MECHANISMS, Deed.MAIL_BENCHMARKS, Deed.MAIL_COMPARISON, Deed.MAIL_STATUS)
# The first opens a form; each is what its form's callback id is called.
ERRATUM_FORMS = (Deed.ERRATUM, Deed.ISSUE_ERRATUM)
CORRECTED = (Deed.KEEP_ANSWER, Deed.CHANGE_ANSWER)

# Callback ids of modals and message shortcuts.
SHARE_FORM = Deed.SHARE.value
SHARE_SHORTCUT = "share_message"


def any_of(deeds: Iterable[Deed]) -> re.Pattern[str]:
    """What matches the action_ids of these deeds."""
    return re.compile(rf"^({'|'.join(deed.value for deed in deeds)})(:[0-9]+)?\Z")


def deed_of(action_id: str) -> Deed:
    """The deed of an action_id."""
    return Deed(action_id.split(":")[0])
