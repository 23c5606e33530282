"""Load and check an edition of the common monitoring format, and the list of members.

Both are data that a secretariat may edit (`templates/formats/`), so every mistake is told with the file, the code of
the row, the field, what is wrong with it and an example of right. What the fields mean is written at the top of the
data files; the questions follow shared definitions (SDG 1.3.1, 1.2, 3.8.1, 10.2, 11.1; ILO Recommendation 202).
"""

from bot.formats.difference import Change, Difference, difference
from bot.formats.edition import (
    NUMERIC,
    Edition,
    Indicator,
    MemberData,
    Option,
    QuestionSet,
    Rule,
    RuleKind,
    Section,
    UnknownIndicator,
    UnknownQuestionSet,
)
from bot.formats.following import against
from bot.formats.loading import edition_of, examine, load_edition
from bot.formats.members import load_members
from bot.formats.overlay import BOUNDS, WORDING, overlaid, written
from bot.formats.rows import FormatError, text_of

__all__ = [
    "BOUNDS",
    "NUMERIC",
    "WORDING",
    "Change",
    "Difference",
    "Edition",
    "FormatError",
    "Indicator",
    "MemberData",
    "Option",
    "QuestionSet",
    "Rule",
    "RuleKind",
    "Section",
    "UnknownIndicator",
    "UnknownQuestionSet",
    "against",
    "difference",
    "edition_of",
    "examine",
    "load_edition",
    "load_members",
    "overlaid",
    "text_of",
    "written",
]
