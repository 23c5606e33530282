"""PERMISSIONS: one table, role x act x whose. Every change asks here first."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import NotAllowed
from bot.speaker import Speaker
from db.vocabulary import Role


class Act(StrEnum):
    """What can be done."""

    ANSWER = "answer"
    READ_ANSWERS = "read_answers"
    REVIEW = "review"
    RUN_CYCLES = "run_cycles"
    REMIND = "remind"
    SEE_NETWORK_STATUS = "see_network_status"
    SEND_DIGEST = "send_digest"
    SHARE = "share"
    PUBLISH_EXPERIENCES = "publish_experiences"
    IMPORT = "import"


class Whose(StrEnum):
    """Whose things the act may touch."""

    OWN = "own"
    ANY = "any"


OWN, ANY = Whose.OWN, Whose.ANY

# A cell that is not here is a no. The secretariat reads every submitted answer and edits none.
PERMISSIONS: dict[Role, dict[Act, Whose]] = {
    Role.FOCAL_POINT: {Act.ANSWER: OWN, Act.READ_ANSWERS: OWN, Act.SHARE: ANY},
    Role.ALTERNATE: {Act.ANSWER: OWN, Act.READ_ANSWERS: OWN, Act.SHARE: ANY},
    Role.COORDINATOR: {Act.READ_ANSWERS: OWN, Act.SHARE: ANY},
    Role.SECRETARIAT: {
        Act.READ_ANSWERS: ANY,
        Act.REVIEW: ANY,
        Act.RUN_CYCLES: ANY,
        Act.REMIND: ANY,
        Act.SEE_NETWORK_STATUS: ANY,
        Act.SEND_DIGEST: ANY,
        Act.SHARE: ANY,
        Act.PUBLISH_EXPERIENCES: ANY,
        Act.IMPORT: ANY,
    },
    Role.PARTNER: {Act.SHARE: ANY},
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
