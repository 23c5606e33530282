"""What messages of the conversation share: what a button carries, the facts that all name, how much is shown."""

from __future__ import annotations

from typing import Any

from bot.interview.scene import Scene
from bot.messages import Choice, Deed
from db.queries.assessments import Given
from db.queries.delegations import Part
from db.vocabulary import Availability, Stage

SHORTENED = 160


def token(scene: Scene, indicator: str | None = None, arg: str = "") -> str:
    """What a button carries: the assessment, the asking it belongs to, the question, an argument, and the part of a
    contributor."""
    serial = scene.prompt.serial if scene.prompt else 0
    part = f":{scene.delegation.id}" if scene.delegation else ""
    return f"{scene.talk.assessment.id}:{serial}:{indicator or ''}:{arg}{part}"


def about(scene: Scene) -> str:
    """What an asking is called, for a look-up after a crash."""
    serial = scene.prompt.serial if scene.prompt else 0
    part = f":{scene.delegation.id}" if scene.delegation else ""
    return f"prompt:{scene.talk.assessment.id}:{serial}{part}"


def common(scene: Scene) -> dict[str, Any]:
    """The facts that every asking names."""
    return {
        "echo": scene.echo,
        "member": scene.talk.member.name,
        "cycle": scene.talk.cycle.title,
        "due": scene.talk.due_at,
        "late": scene.now > scene.talk.due_at,
        "part": scene.delegation is not None,
        "over_all": scene.prompt is not None and scene.prompt.stage is Stage.REVIEW,
        "returned": [{"text": question.text, "answer": question.answer} for question in scene.asked_of_all()],
    }


def with_whom(part: Part | None) -> dict[str, Any] | None:
    """Who has a question now, and until when."""
    return {"person": part.person, "due": part.delegation.due_on} if part else None


def to_a_colleague(scene: Scene, code: str | None = None, arg: str = "") -> tuple[Choice, ...]:
    """The button that hands this to a contributor; a contributor hands nothing on."""
    return () if scene.delegation else (Choice(Deed.DELEGATE, token(scene, code, arg)),)


def stands(answer: Given | None) -> bool:
    """Whether there is an answer; a skipped one is none."""
    return answer is not None and answer.availability is not Availability.SKIPPED


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= SHORTENED else text[:SHORTENED].rsplit(" ", 1)[0] + " …"


def shortened_value(line: dict[str, Any]) -> dict[str, Any]:
    """A line with the beginning of its long value."""
    return {**line, "value": shortened(line["value"]) if line["value"] else None}
