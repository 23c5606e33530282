"""How people write a figure: one value, year and source in the many ways that reach a bot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from bot.formats import Indicator
from db.vocabulary import Kind

# The digits of the languages in which some members write.
NATIVE = {"THA": "๐๑๒๓๔๕๖๗๘๙", "KHM": "០១២៣៤៥៦៧៨៩", "LAO": "໐໑໒໓໔໕໖໗໘໙", "MMR": "၀၁၂၃၄၅၆၇၈၉"}
# Where years are often written in the Buddhist calendar.
BUDDHIST = ("THA", "LAO", "KHM")
BUDDHIST_AHEAD = 543


@dataclass(frozen=True)
class Figure:
    """What somebody wants to say: the value, its year, its source."""

    indicator: Indicator
    value: Decimal
    year: int
    source: str
    member: str

    @property
    def point(self) -> str:
        """The value with a decimal point, digit by digit."""
        return format(self.value, "f")

    @property
    def comma(self) -> str:
        """The value with a decimal comma."""
        return self.point.replace(".", ",")

    @property
    def ambiguous(self) -> bool:
        """Whether the value with a comma could be thousands: it is then asked back, which several rows cannot be."""
        return len(self.point.partition(".")[2]) == 3

    @property
    def plain(self) -> bool:
        """Whether the source is a bare code, which can stand anywhere in a sentence."""
        return all(sign.isalnum() or sign in "._" for sign in self.source) and any(map(str.isalpha, self.source))


Way = Callable[[Figure], Sequence[str]]


def native(text: str, member: str) -> str:
    """A text with the digits of the member's own script, where it has one."""
    digits = NATIVE.get(member)
    return text.translate(str.maketrans("0123456789", digits)) if digits else text


def _percent(figure: Figure) -> str:
    return " %" if figure.indicator.kind is Kind.PERCENT else ""


# Each gives the messages that are typed one after another; the bot asks back where one of them leaves something open.
WAYS: tuple[Way, ...] = (
    lambda f: [f"{f.point} {f.year} {f.source}"],
    lambda f: [f"{f.comma} {f.year} {f.source}"],
    lambda f: [f"{f.point}{_percent(f)} ({f.year}, {f.source})"],
    lambda f: [f"{f.comma}{_percent(f)}, {f.year}, {f.source}"],
    lambda f: [f"{f.year}: {f.point}, source: {f.source}"],
    lambda f: [f"It is {f.point}{_percent(f)} in {f.year}, source: {f.source}"],
    lambda f: [f"{native(f.point, f.member)} {native(str(f.year), f.member)} {f.source}"],
    lambda f: [f.point, f"{f.year} {f.source}"],
    lambda f: [f"{f.comma}{_percent(f)}", str(f.year), f.source],
)
# A source of several words stands in brackets, as the bot writes it too: so it cannot be taken for anything else.
CAREFUL: tuple[Way, ...] = (
    lambda f: [f"{f.point} ({f.year}, {f.source})"],
    lambda f: [f"{f.point}{_percent(f)} ({f.year}, {f.source})"],
)


def typed(figure: Figure, dice: Random) -> list[str]:
    """One way to type a figure, chosen by the dice."""
    if not figure.plain:
        return list(dice.choice(CAREFUL)(figure))
    if figure.member in BUDDHIST and dice.random() < 0.1:
        return [f"{figure.point} {figure.year + BUDDHIST_AHEAD} {figure.source}"]
    return list(dice.choice(WAYS)(figure))


def line(figure: Figure, dice: Random) -> str:
    """A figure as one of several lines of a message."""
    name = dice.choice((figure.indicator.code, figure.indicator.title + ":", figure.indicator.code + ":"))
    return f"{name} {once_more(figure)}"


def once_more(figure: Figure) -> str:
    """A figure in the way that is taken most surely."""
    return (WAYS[0] if figure.plain else CAREFUL[0])(figure)[0]


def table(rows: Sequence[Sequence[str]], dice: Random) -> str:
    """Rows (code, value, year, source) as they come when they are pasted from a sheet."""
    bare = not any(sign in cell for row in rows for cell in row for sign in ";\t")
    between = dice.choice(("\t", ";", "\t")) if bare else "\t"
    return "\n".join(between.join(row) for row in (("code", "value", "year", "source"), *rows))
