"""All answers as they were handed in, a row a round; and what became of them since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from db.engine import Session
from db.models import Evidence, Submission
from db.queries import assessments as queries
from db.queries import evidence as evidence_queries
from db.queries import reviews as review_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import Availability

KEPT = ("number", "text", "year", "source", "note", "said_by", "explanation")
# Two answers are the same where these are; who said it is no part of it.
SAID = ("availability", "number", "text", "year", "source", "note")


def plain(answer: Given | None) -> dict[str, Any] | None:
    """An answer as the audit and a submission keep it."""
    if answer is None:
        return None
    return {"availability": answer.availability.value, **{name: getattr(answer, name) for name in KEPT}}


def _as_json(answer: Given) -> dict[str, Any]:
    row = plain(answer) or {}
    number = row["number"]
    return {**row, "number": format(number, "f") if isinstance(number, Decimal) else number}


def given_of(code: str, row: Mapping[str, Any]) -> Given:
    """A kept answer read back."""
    number = row.get("number")
    return Given(
        code,
        Availability(row["availability"]),
        Decimal(number) if number is not None else None,
        row.get("text"),
        row.get("year"),
        row.get("source"),
        row.get("note"),
        row.get("said_by"),
        None,
        explanation=row.get("explanation"),
    )


async def keep(session: Session, talk: Talk, author: int, now: datetime) -> None:
    """Keep what is handed in now, under the round that it begins."""
    answers = await queries.answers(session, talk.assessment.id)
    row = Submission(
        assessment_id=talk.assessment.id,
        round=talk.assessment.round,
        version=talk.assessment.version,
        answers={code: _as_json(answer) for code, answer in answers.items()},
        by=author,
        at=now,
    )
    await review_queries.put_submission(session, row)


@dataclass(frozen=True)
class Change:
    """What became of one answer since it was last handed in.

    Attributes:
        how: `new`, `changed`, `beside` (the same answer, with another explanation or other evidence), `gone` or `same`.
        before: what was handed in then; None where nothing was.
    """

    how: str
    before: Given | None


def _stands(answer: Given | None) -> bool:
    return answer is not None and answer.availability is not Availability.SKIPPED


def stood(piece: Evidence, at: datetime) -> bool:
    """Whether a piece of evidence stood behind its answer at a moment."""
    return piece.added_at <= at and (piece.removed_at is None or piece.removed_at > at)


def compare(
    now: Mapping[str, Given], before: Mapping[str, Given], proven_anew: Collection[str] = ()
) -> dict[str, Change]:
    """Each answer beside what was handed in last, by question.

    Args:
        proven_anew: questions with other evidence than then.
    """
    found: dict[str, Change] = {}
    for code in {*now, *before}:
        new, old = now.get(code), before.get(code)
        if not _stands(new):
            if _stands(old):
                found[code] = Change("gone", old)
        elif not _stands(old) or new is None or old is None:
            found[code] = Change("new", None)
        else:
            same = all(getattr(new, name) == getattr(old, name) for name in SAID)
            beside = code in proven_anew or new.explanation != old.explanation
            found[code] = Change("changed" if not same else "beside" if beside else "same", old)
    return found


async def since_last(session: Session, talk: Talk, now: Mapping[str, Given], *, before_round: int) -> dict[str, Change]:
    """What became of each answer since it was handed in last; empty where it never was.

    Args:
        before_round: of what was handed in, an earlier round than this.
    """
    last = await review_queries.last_submission(session, talk.assessment.id, before_round)
    if last is None:
        return {}
    pieces = [kept.evidence for kept in await evidence_queries.of(session, [talk.assessment.id], removed=True)]
    proven_anew = {each.indicator for each in pieces if stood(each, last.at) is not (each.removed_at is None)}
    return compare(now, {code: given_of(code, row) for code, row in last.answers.items()}, proven_anew)
