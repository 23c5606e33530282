"""PERMISSIONS: one table, role x act x whose. Every change asks here first."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import NotAllowed
from bot.speaker import Speaker
from db.vocabulary import Role


class Act(StrEnum):
    """What can be done."""

    ANSWER = "answer"
    DELEGATE = "delegate"
    CONTRIBUTE = "contribute"
    READ_ANSWERS = "read_answers"
    CLEAR = "clear"
    RECORD_LETTER = "record_letter"
    SET_CLEARANCE = "set_clearance"
    REVIEW = "review"
    RUN_CYCLES = "run_cycles"
    REMIND = "remind"
    SEE_NETWORK_STATUS = "see_network_status"
    SEND_DIGEST = "send_digest"
    SHARE = "share"
    PUBLISH_EXPERIENCES = "publish_experiences"
    IMPORT = "import"
    APPOINT = "appoint"
    READ_REGISTER = "read_register"
    KEEP_MECHANISM = "keep_mechanism"
    KEEP_FORMAT = "keep_format"
    KEEP_BENCHMARKS = "keep_benchmarks"
    READ_PROGRESS = "read_progress"
    READ_FLOORS = "read_floors"
    SET_FLOORS = "set_floors"
    CLEAR_FLOORS = "clear_floors"


class Whose(StrEnum):
    """Whose things the act may touch."""

    OWN = "own"
    ANY = "any"


OWN, ANY = Whose.OWN, Whose.ANY

# A cell that is not here is a no. The secretariat reads every submitted answer and edits none. A contributor does
# nothing but answer, and sees nothing but what was handed to them. Of whom a member's clearance asks its yes, the
# member's own steps say; being allowed to clear is not yet being asked. What a member sets for itself, its floors and
# its own questions, nobody else sets, and only its coordinator clears.
_ANSWERS: dict[Act, Whose] = {
    Act.ANSWER: OWN,
    Act.DELEGATE: OWN,
    Act.READ_ANSWERS: OWN,
    Act.RECORD_LETTER: OWN,
    Act.SHARE: ANY,
    Act.READ_REGISTER: ANY,
    Act.READ_PROGRESS: ANY,
    Act.KEEP_MECHANISM: OWN,
    Act.KEEP_BENCHMARKS: OWN,
    Act.READ_FLOORS: ANY,
    Act.SET_FLOORS: OWN,
}
PERMISSIONS: dict[Role, dict[Act, Whose]] = {
    Role.FOCAL_POINT: {**_ANSWERS, Act.CLEAR: OWN},
    Role.ALTERNATE: _ANSWERS,
    Role.CONTRIBUTOR: {Act.CONTRIBUTE: OWN},
    Role.COORDINATOR: {
        Act.READ_ANSWERS: OWN,
        Act.CLEAR: OWN,
        Act.RECORD_LETTER: OWN,
        Act.SET_CLEARANCE: OWN,
        Act.SHARE: ANY,
        Act.READ_REGISTER: ANY,
        Act.READ_PROGRESS: ANY,
        Act.KEEP_MECHANISM: OWN,
        Act.KEEP_BENCHMARKS: OWN,
        Act.READ_FLOORS: ANY,
        Act.CLEAR_FLOORS: OWN,
    },
    Role.SECRETARIAT: {
        Act.READ_ANSWERS: ANY,
        Act.SET_CLEARANCE: ANY,
        Act.REVIEW: ANY,
        Act.RUN_CYCLES: ANY,
        Act.REMIND: ANY,
        Act.SEE_NETWORK_STATUS: ANY,
        Act.SEND_DIGEST: ANY,
        Act.SHARE: ANY,
        Act.PUBLISH_EXPERIENCES: ANY,
        Act.IMPORT: ANY,
        Act.APPOINT: ANY,
        Act.READ_REGISTER: ANY,
        Act.READ_PROGRESS: ANY,
        Act.KEEP_MECHANISM: ANY,
        Act.KEEP_FORMAT: ANY,
        Act.READ_FLOORS: ANY,
    },
    Role.PARTNER: {Act.SHARE: ANY, Act.READ_REGISTER: ANY, Act.READ_PROGRESS: ANY},
}


def allowed(by: Speaker, act: Act, member: str | None = None) -> bool:
    """Whether this role may do this, to this member's things."""
    whose = PERMISSIONS[by.role].get(act)
    return whose is ANY or (whose is OWN and member is not None and member == by.member)


def require(by: Speaker, act: Act, member: str | None = None) -> None:
    """Let through, or refuse.

    Raises:
        NotAllowed: the role does not have this right over this member's things.
    """
    if not allowed(by, act, member):
        raise NotAllowed(act=act.value, role=by.role.value)
