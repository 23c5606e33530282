"""A message: a kind, its facts, its choices. It knows no medium; the words are in templates/."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import structlog

log = structlog.stdlib.get_logger("spnet.pictures")


class Deed(StrEnum):
    """What a choice does when it is taken. `handlers/actions.py` says which conversation hears it."""

    START = "start"
    LATER = "later"
    SEE_QUESTIONS = "see_questions"
    NOTHING_CHANGED = "nothing_changed"
    ONE_BY_ONE = "one_by_one"
    SKIP_SECTION = "skip_section"
    TAKE = "take"
    IS_RIGHT = "is_right"
    EVIDENCE = "evidence"
    ADD_EVIDENCE = "add_evidence"
    ATTACH = "attach"
    REMOVE_EVIDENCE = "remove_evidence"
    GET_EVIDENCE = "get_evidence"
    TRAIL = "trail"
    SAME = "same"
    NOT_AVAILABLE = "not_available"
    SKIP = "skip"
    BACK = "back"
    HELP = "help"
    PAUSE = "pause"
    RESUME = "resume"
    REVIEW = "review_answers"
    EDIT = "edit"
    SUBMIT = "submit"
    SUBMIT_WITHOUT = "submit_without"
    HAND_OVER = "hand_over"
    DELEGATE = "delegate"
    CONTRIBUTORS = "contributors"
    NUDGE = "nudge"
    TAKE_BACK = "take_back"
    WRITTEN = "written"
    WITHDRAW = "withdraw"
    GO_TO = "go_to"
    WEAR = "wear"
    ACCEPT = "accept"
    RETURN = "return"
    ACCEPT_WITHOUT = "accept_without"
    UNDO_ACCEPT = "undo_accept"
    COMMENT = "comment"
    REPLY_COMMENT = "reply_comment"
    FINE = "fine"
    SEE_SUBMISSION = "see_submission"
    CONFIRM_GRANT = "confirm_grant"
    CONFIRM_OPEN = "confirm_open"
    CONFIRM_EXTEND = "confirm_extend"
    CONFIRM_CLOSE = "confirm_close"
    CONFIRM_CANCEL = "confirm_cancel"
    CONFIRM_REMIND = "confirm_remind"
    CONFIRM_DIGEST = "confirm_digest"
    DISMISS = "dismiss"
    PUBLISH = "publish"
    DECLINE = "decline"
    SHARE = "share"
    EDIT_MECHANISM = "edit_mechanism"
    KEEP_AGENCY = "keep_agency"
    KEEP_BODY = "keep_body"
    KEEP_MEETING = "keep_meeting"
    KEEP_MILESTONE = "keep_milestone"
    MAIL_MECHANISMS = "mail_mechanisms"
    PROFILE = "profile"
    CHANGE_PROFILE = "change_profile"
    ADD_ADDRESS = "add_address"
    USE_ADDRESS = "use_address"
    REMOVE_ADDRESS = "remove_address"
    PLAN_LEAVE = "plan_leave"
    END_LEAVE = "end_leave"
    AM_AWAY = "am_away"
    WAS_ANSWER = "was_answer"
    FOCAL_APPOINT = "focal_appoint"
    FOCAL_HANDOVER = "focal_handover"
    FOCAL_END = "focal_end"
    END_CONTRIBUTOR = "end_contributor"
    CARRY_OUT = "carry_out"
    UNDO_ROLE = "undo_role"
    CLEAR = "clear"
    SEND_BACK = "send_back"
    SEE_CLEARANCE = "see_clearance"
    RECORD_LETTER = "record_letter"
    SEE_LETTER = "see_letter"
    SET_CLEARANCE = "set_clearance"
    KEEP_BENCHMARK = "keep_benchmark"
    MAIL_BENCHMARKS = "mail_benchmarks"
    MAIL_COMPARISON = "mail_comparison"
    MAIL_STATUS = "mail_status"
    ERRATUM = "erratum"
    ISSUE_ERRATUM = "issue_erratum"
    KEEP_ANSWER = "keep_answer"
    CHANGE_ANSWER = "change_answer"
    EXPORT = "export"
    GET_FILE = "get_file"
    PROGRESS = "progress"
    COMPARE = "compare"
    SEE_FLOORS = "see_floors"
    SET_FLOOR = "set_floor"
    FLOOR_HISTORY = "floor_history"
    WITHDRAW_FLOOR = "withdraw_floor"
    ASK_FLOORS = "ask_floors"
    SEE_PROPOSALS = "see_proposals"
    CLEAR_FLOORS = "clear_floors"
    REFUSE_FLOOR = "refuse_floor"
    SEE_OWN_QUESTIONS = "see_own_questions"
    ADD_QUESTION = "add_question"
    RETIRE_QUESTION = "retire_question"


@dataclass(frozen=True)
class Choice:
    """A button. `label` names an entry of templates/labels.toml, filled with `facts`."""

    deed: Deed
    value: str
    label: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    style: str | None = None


@dataclass(frozen=True)
class Menu:
    """A select. Each option is (value, text); the text is shown as it is."""

    deed: Deed
    options: tuple[tuple[str, str], ...]
    label: str


@dataclass(frozen=True)
class Picture:
    """A picture that belongs to a message: `name` is its file name, and `cid:<name>` its place in an HTML template.

    `content` is PNG; `alt` says in words what it shows; `title` stands beside it in chat.
    """

    name: str
    content: bytes
    alt: str
    title: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that is handed over with a message.

    Attributes:
        name: its file name. It says what the file is, as `indonesia-2026.xlsx` does: after a crash a file that was
            perhaps shared already is looked for by its name.
        content: the bytes; not empty.
        media_type: such as `text/csv`.
        title: one line that says what it is; the name where it is empty.
    """

    name: str
    content: bytes
    media_type: str
    title: str = ""


@dataclass(frozen=True)
class Message:
    """Something to be said.

    Attributes:
        kind: the template, `<subject>/<message>`.
        facts: what fills it: JSON values, aware moments, dates and decimals.
        choices: buttons and selects, in order.
        about: what it is, for a look-up after a crash, such as `prompt:12:7`.
        pictures: uploaded in chat, inline in a mail.
        files: uploaded in chat, attached to a mail. A command's answer goes to its asker only: its pictures and files
            go to the asker's direct messages.
        draws: makes further pictures, in a worker thread, once the words are said: see `drawn`.
        stop_link: where the reader stops messages of this kind; None where they are part of a duty.
    """

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    choices: tuple[Choice | Menu, ...] = ()
    about: str | None = None
    pictures: tuple[Picture, ...] = ()
    files: tuple[Attachment, ...] = ()
    draws: Callable[[], Sequence[Picture]] | None = field(default=None, compare=False)
    stop_link: str | None = None

    @property
    def more_than_words(self) -> bool:
        """Whether pictures or files go with it."""
        return bool(self.pictures or self.files or self.draws)


async def drawn(message: Message) -> Message:
    """The message with the pictures that it draws. A picture that cannot be drawn costs nobody the words."""
    if message.draws is None:
        return message
    try:
        pictures = await asyncio.to_thread(message.draws)
    except Exception as error:
        log.exception("not_drawn", kind=message.kind, error=type(error).__name__)
        pictures = ()
    return replace(message, pictures=(*message.pictures, *pictures), draws=None)


class Sort(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    EMAIL = "email"
    CHOICE = "choice"
    CHECKS = "checks"
    DATE = "date"
    PERSON = "person"
    FILE = "file"


@dataclass(frozen=True)
class Field:
    """One field of a form. With `options` it is a select, with `many` of several; otherwise text is typed.

    Attributes:
        name: what the answer is called.
        label: an entry of templates/labels.toml, filled with `facts` where there are any.
        options: (value, text) pairs; the text is shown as it is.
        sort: how it is filled in; a date is `2026-05-03`, a person the channel's own id, files the channel's ids.
        initial: what stands in it at first; of several chosen ones, their values with a comma between.
        maximum: of characters typed; of files.
        hint: an entry of templates/labels.toml: small print below the field.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False
    multiline: bool = False
    optional: bool = False
    initial: str | None = None
    maximum: int = 3000
    sort: Sort = Sort.TEXT
    hint: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def way(self) -> Sort:
        """`sort`, or a choice where there are options to choose from."""
        return Sort.CHOICE if self.options and self.sort is Sort.TEXT else self.sort


@dataclass(frozen=True)
class Form:
    """Something to be filled in.

    Attributes:
        deed: what it is for; names its labels `<deed>_title`, `<deed>_submit`.
        fields: in order.
        private: what comes back with it, such as a token.
        intro: said above the fields, such as a preview of what would happen.
        submit: an entry of templates/labels.toml for its last button; `<deed>_submit` where it is empty.
        close: the same for the button that leaves it; `close` where it is empty.
    """

    deed: Deed
    fields: tuple[Field, ...]
    private: str = ""
    intro: Message | None = None
    submit: str = ""
    close: str = ""
