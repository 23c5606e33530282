"""A focal point's side of the conversation: reads what the bot asks, and answers with what stands in the file.

What the file does not hold is "not available" where it is required, and is skipped where it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import StrEnum
from random import Random

from bot.cli.playing import spelling
from bot.cli.playing.people import Part
from bot.cli.playing.spelling import Figure
from bot.cli.playing.stage import Button, Stage, buttons
from bot.formats import Indicator, QuestionSet, Section
from bot.messages import Deed
from bot.sandbox import Message
from db.vocabulary import Kind

MOST_TURNS = 150
# So often a figure is said in other words before it is given up.
MOST_TRIES = 6
# How often somebody mistypes a figure that is asked for.
SLIPS = 0.08
REASONS = (
    "no survey this year",
    "not yet published",
    "the statistics office did not collect it",
    "no figure for this year",
)
# The same where no figure is asked for: it says nothing about the country.
WHY_NOT_SAID = (
    "the ministry has not confirmed it yet",
    "we wait for the answer of the ministry",
    "it is for another ministry to say",
    "to be agreed between the ministries",
)
# What somebody says who is asked what changed.
WHAT_CHANGED = (
    "a new survey with other questions",
    "The method was revised, the earlier figure is not comparable.",
    "this is what the statistics office published in 2 tables",
    "it is right",
)


class Habit(StrEnum):
    """How somebody likes to answer."""

    ONE_BY_ONE = "one_by_one"
    LINES = "lines"
    SHEET = "sheet"


# Is told who said or clicked what, and what the bot answered.
Watch = Callable[[Part, str, Message], Awaitable[None]]


class Stuck(Exception):
    """The conversation does not come to its end."""


class Talk:
    """One member's conversation in one cycle.

    Args:
        figures: what there is to say in numbers, by indicator.
        said: what there is to say in words, by indicator: a text, the code of a choice, "yes" or "no".
        ever: the indicators that this member has said or will say in any year.
        typed: how some of the figures are typed; the dice decide on the others.
        dice: decides how everything is written; the same dice, the same conversation.
        habit: how this person likes to answer; the dice decide if not given.
        because: what this person says who is asked what changed, by indicator; the dice decide on the others.
        watch: is told of each turn: what was said or clicked, and what the bot answered.
    """

    def __init__(
        self,
        stage: Stage,
        part: Part,
        questions: QuestionSet,
        figures: Mapping[str, Figure],
        ever: Collection[str],
        dice: Random,
        *,
        said: Mapping[str, str] | None = None,
        typed: Mapping[str, list[str]] | None = None,
        habit: Habit | None = None,
        because: Mapping[str, str] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._stage = stage
        self._part = part
        self._questions = questions
        self._figures = figures
        self._said = said or {}
        self._ever = ever
        self._dice = dice
        # Whoever has little to say seldom goes through every question.
        patience = 4 if figures else 1
        self._habit = habit or dice.choices(list(Habit), (patience, 6, 6))[0]
        self._because = because or {}
        self._watch = watch
        self._to_type = {code: spelling.typed(figure, dice) for code, figure in figures.items()} | dict(typed or {})
        self._fixed = frozenset(typed or ())
        self._told: set[str] = set()
        self._tries: Counter[str] = Counter()

    async def runs(self, until: str | None = None) -> None:
        """From the opening to the receipt, or until a question is asked, which then stays open.

        Args:
            until: the indicator of that question.

        Raises:
            Stuck: it does not come to its end.
            TimeoutError: the bot does not answer.
        """
        message = await self._begins()
        message = await self._tells_at_once(message)
        for _ in range(MOST_TURNS):
            offered = {button.deed: button for button in reversed(buttons(message))}
            if Deed.WITHDRAW in offered:
                return
            if Deed.SKIP in offered and until in map(_code, offered.values()):
                return
            message = await self._goes_on(message, offered)
        raise Stuck(f"{self._part.name} is not done after {MOST_TURNS} turns; last: {message.text[:200]}")

    async def _begins(self) -> Message:
        for message in reversed(self._stage.person(self._part).messages()):
            for button in buttons(message):
                if button.deed in (Deed.START, Deed.RESUME):
                    return await self._clicks(button)
        return await self._says("start")

    async def _tells_at_once(self, message: Message) -> Message:
        """Those who do not wait to be asked."""
        if self._habit is Habit.ONE_BY_ONE:
            return message
        told = [self._row(i) for i in self._questions.indicators if i.code in self._figures]
        known = self._figures.keys() | self._said.keys()
        absent = [i for i in self._questions.indicators if i.required and i.code not in known]
        if self._habit is Habit.SHEET:
            rows = told + [(i.code, "n/a: " + self._reason(i), "", "") for i in absent]
            rows += [(code, text, "", "") for code, text in self._said.items()]
            self._told |= {row[0] for row in rows}
            return await self._says(spelling.table(rows, self._dice)) if rows else message
        if told:
            self._told |= set(self._figures)
            message = await self._says("\n".join(spelling.line(f, self._dice) for f in self._figures.values()))
        if absent:
            self._told |= {i.code for i in absent}
            message = await self._says("\n".join(f"{i.code} n/a: {self._reason(i)}" for i in absent))
        return message

    def _row(self, indicator: Indicator) -> tuple[str, str, str, str]:
        figure = self._figures[indicator.code]
        value = self._dice.choice((figure.point, figure.point if figure.ambiguous else figure.comma))
        return indicator.code, value, str(figure.year), figure.source

    async def _goes_on(self, message: Message, offered: Mapping[str, Button]) -> Message:
        if Deed.SUBMIT in offered:
            if overlooked := self._overlooked(message):
                return await self._says(f"edit {overlooked}")
            return await self._either("submit", offered[Deed.SUBMIT])
        if Deed.NOTHING_CHANGED in offered:
            return await self._section(message, offered)
        if Deed.IS_RIGHT in offered:
            return await self._unusual(message, offered)
        if Deed.EDIT in offered:
            return await self._clicks(offered[Deed.EDIT])
        code = next((code for button in offered.values() if (code := _code(button))), None)
        if code is None:
            return await self._says("review")
        if Deed.SKIP in offered:
            return await self._question(self._questions.indicator(code), message, offered)
        return await self._asked_back(code, message)

    async def _section(self, message: Message, offered: Mapping[str, Button]) -> Message:
        section = self._section_in(message)
        open_ = [i for i in section.indicators if i.code not in self._told]
        if any(i.code in self._figures or i.code in self._said for i in open_):
            return await self._clicks(offered[Deed.ONE_BY_ONE])
        if not any(i.required for i in open_):
            return await self._clicks(offered[Deed.SKIP_SECTION])
        if not any(i.code in self._ever for i in section.indicators):
            return await self._either("nothing changed in this section", offered[Deed.NOTHING_CHANGED])
        return await self._clicks(offered[Deed.ONE_BY_ONE])

    def _section_in(self, message: Message) -> Section:
        for section in self._questions.sections:
            if f"{section.letter} · {section.title}" in message.text:
                return section
        raise Stuck(f"{self._part.name} does not see which section is meant: {message.text[:200]}")

    async def _question(self, indicator: Indicator, message: Message, offered: Mapping[str, Button]) -> Message:
        code = indicator.code
        if to_type := self._to_type.get(code):
            figure = self._figures[code]
            if figure.plain and code not in self._fixed and self._dice.random() < SLIPS:
                return await self._slips(figure)
            return await self._says(to_type.pop(0))
        if code in self._figures and self._tries_again(code):
            return await self._says(spelling.once_more(self._figures[code]))
        if code in self._said:
            return await self._in_words(indicator, self._said[code], message)
        if not indicator.required:
            if self._in_a_hurry() and self._habit is not Habit.ONE_BY_ONE and self._dice.random() < 0.5:
                return await self._says("review")
            return await self._either(self._dice.choice(("skip", "Skip", "skip please")), offered[Deed.SKIP])
        if self._dice.random() < 0.5:
            return await self._clicks(offered[Deed.NOT_AVAILABLE])
        reason = self._reason(indicator)
        return await self._says(f"n/a, {reason}" if indicator.numeric else f"not available: {reason}")

    async def _unusual(self, message: Message, offered: Mapping[str, Button]) -> Message:
        """Asked whether an unusual value is right: looks at it again, and says what changed, or only that it is."""
        code = _code(offered[Deed.IS_RIGHT]) or ""
        figure = self._figures.get(code)
        if figure is not None and not (figure.point in message.text and f"({figure.year}, " in message.text):
            return await self._clicks(offered[Deed.EDIT])
        if code in self._because:
            return await self._says(self._because[code])
        if self._dice.random() < 0.5:
            return await self._says(self._dice.choice(WHAT_CHANGED))
        return await self._either("yes", offered[Deed.IS_RIGHT])

    def _overlooked(self, review: Message) -> str | None:
        """A figure that the review does not show: it was not taken among others, and is said once more."""
        for code, figure in self._figures.items():
            if f"{figure.indicator.title}: no answer" in review.words and self._tries[code] < MOST_TRIES:
                return code
        return None

    def _tries_again(self, code: str) -> bool:
        """Whether it is still worth saying a figure that was not understood; what is given up shows in the count."""
        self._tries[code] += 1
        return self._tries[code] <= MOST_TRIES

    async def _slips(self, figure: Figure) -> Message:
        """The wrong year is typed, noticed, and corrected in the message itself."""
        self._to_type[figure.indicator.code] = []
        await self._says(f"{figure.point} {figure.year - 10} {figure.source}")
        text = spelling.once_more(figure)
        message = await self._stage.corrects(self._part, text)
        if self._watch:
            await self._watch(self._part, text, message)
        return message

    def _in_a_hurry(self) -> bool:
        """Whether nothing that is left to say would be passed over."""
        return self._said.keys() <= self._told

    async def _in_words(self, indicator: Indicator, words: str, message: Message) -> Message:
        self._told.add(indicator.code)
        if indicator.kind is Kind.TEXT:
            return await self._says(words)
        for button in buttons(message):
            if button.value.endswith(f":{words}"):
                return await self._clicks(button)
        return await self._says(words)

    async def _asked_back(self, code: str, message: Message) -> Message:
        figure = self._figures.get(code)
        if figure is None:
            return await self._says(self._reason(self._questions.indicator(code)))
        if not self._tries_again(code):
            back = next(button for button in buttons(message) if button.deed == Deed.BACK)
            return await self._clicks(back)
        meant = (figure.point, str(figure.year))
        for button in buttons(message):
            if button.deed == Deed.TAKE and button.label in meant:
                return await self._clicks(button)
        if to_type := self._to_type[code]:
            return await self._says(to_type.pop(0))
        return await self._says(spelling.once_more(figure))

    def _reason(self, indicator: Indicator) -> str:
        return self._dice.choice(REASONS if indicator.numeric else WHY_NOT_SAID)

    async def _either(self, text: str, button: Button) -> Message:
        return await (self._says(text) if self._dice.random() < 0.5 else self._clicks(button))

    async def _says(self, text: str) -> Message:
        message = await self._stage.says(self._part, text)
        if self._watch:
            await self._watch(self._part, text, message)
        return message

    async def _clicks(self, button: Button) -> Message:
        message = await self._stage.clicks(self._part, button)
        if self._watch:
            await self._watch(self._part, f"[{button.label}]", message)
        return message


def _code(button: Button) -> str | None:
    """The question that a button is about; it carries it as `assessment:asking:question:argument`."""
    parts = button.value.split(":")
    return parts[2] if len(parts) == 4 and parts[2] else None
