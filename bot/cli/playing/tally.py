"""What arrived: the database, the sandbox and the mailbox are held against the file and against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

from bot.cli.playing.stage import Stage
from bot.observations import Observation
from db.queries import records
from db.queries.records import Sent, Value
from db.vocabulary import Availability, CycleOrigin, CycleState, DeliveryState, HeardState, Medium


@dataclass(frozen=True)
class Figures:
    """What can be counted; the meaning stands at `bot.cli.replay.Report`."""

    cycles: int
    prompts: int
    answers_stored: int
    answers_wrong: int
    accepted: int
    deliveries: int
    mails: int
    lost: int


@dataclass
class Losses:
    """Whatever was meant to arrive and did not.

    Attributes:
        rows: rows of the file that are in no accepted answer of their year.
        ledger: deliveries that are neither sent nor cancelled with their need.
        unreceived: deliveries settled as sent that are not in the sandbox's channels or in the mailbox.
        unheard: messages typed by people that the bot has no record of, or took no answer or step from.
        failures: conversations, commands and clicks that did not come to their end.
    """

    rows: list[str] = field(default_factory=list[str])
    ledger: list[str] = field(default_factory=list[str])
    unreceived: list[str] = field(default_factory=list[str])
    unheard: list[str] = field(default_factory=list[str])
    failures: list[str] = field(default_factory=list[str])

    @property
    def lines(self) -> list[str]:
        """All of them."""
        return [*self.failures, *self.rows, *self.ledger, *self.unreceived, *self.unheard]


@dataclass(frozen=True)
class Counted:
    """The figures, what was lost, and the rows that differ."""

    figures: Figures
    losses: Losses
    wrong: list[str]


async def count(on: Stage, rows: Sequence[Observation], failures: Sequence[str]) -> Counted:
    """Count what a play came to.

    Args:
        rows: what was to be said, each in the cycle of its year.
        failures: what did not come to its end, in words.
    """
    async with on.app.database.reading() as session:
        values = await records.accepted_values(session)
        heard = await records.heard(session)
        ledger = await records.deliveries(session)
        accepted = await records.accepted(session)
        cycles = await records.cycles(session, CycleState.PUBLISHED)
        prompts = await records.prompts(session)
    losses = Losses(failures=list(failures))
    stored = {(v.whole_year, v.member, v.indicator): v for v in values if v.origin is CycleOrigin.ASKED}
    wrong: list[str] = []
    found = 0
    for row in rows:
        value = stored.get((row.year, row.member, row.indicator))
        if value is None:
            losses.rows.append(f"line {row.line}: {row.member} {row.indicator} {row.year}")
            continue
        found += 1
        if not _same(row, value):
            wrong.append(f"line {row.line}: {row.value} {row.year} {row.source} != {value}")
    losses.ledger = [
        f"{each.kind}: {each.state} {each.error or ''}"
        for each in ledger
        if each.state not in (DeliveryState.SENT, DeliveryState.CANCELLED)
    ]
    sent = [each for each in ledger if each.state is DeliveryState.SENT]
    losses.unreceived = _unreceived(on, sent)
    taken = (HeardState.TAKEN, HeardState.IN_PART)
    losses.unheard = [
        f"message {key}: {heard.get(key, 'not heard')}" for key in on.typed if heard.get(key) not in taken
    ]
    return Counted(
        Figures(cycles, prompts, found, len(wrong), accepted, len(sent), len(on.mailbox.letters), len(losses.lines)),
        losses,
        wrong,
    )


def _same(row: Observation, value: Value) -> bool:
    return (
        value.availability is Availability.GIVEN
        and value.number == row.value
        and value.year == row.year
        and value.source == row.source
    )


def _unreceived(on: Stage, sent: Sequence[Sent]) -> list[str]:
    """Sent by the ledger's word, but not there."""
    said = {ts for channel in on.sandbox.workspace.channels.values() for ts in channel.messages}
    headers = BytesHeaderParser()
    letters = {str(headers.parsebytes(letter.raw)["Message-ID"]) for letter in on.mailbox.letters}
    return [
        f"{each.kind} by {each.medium}: {each.provider_id}"
        for each in sent
        if each.provider_id not in (said if each.medium is Medium.SLACK else letters)
    ]
