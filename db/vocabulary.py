"""Every enum of the house. The values are stored; they never change meaning."""

from enum import StrEnum


class Role(StrEnum):
    """The hat in which a person acts."""

    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"
    PARTNER = "partner"


class Kind(StrEnum):
    """What sort of answer a question wants."""

    PERCENT = "percent"
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    TEXT = "text"
    YES_NO = "yes_no"


class Direction(StrEnum):
    """Which way is progress."""

    UP = "up"
    DOWN = "down"


class QuestionSetCode(StrEnum):
    """The full assessment, or the short update."""

    FULL = "full"
    UPDATE = "update"


class Availability(StrEnum):
    """What stands behind an answer."""

    GIVEN = "given"
    ESTIMATE = "estimate"
    NOT_AVAILABLE = "not_available"
    SKIPPED = "skipped"


class CycleState(StrEnum):
    """One reporting round."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class CycleOrigin(StrEnum):
    """Asked by this bot, or brought in as history."""

    ASKED = "asked"
    IMPORTED = "imported"


class AssessmentState(StrEnum):
    """One member's answers in one cycle."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Stage(StrEnum):
    """What a prompt awaits from the person."""

    SECTION = "section"
    VALUE = "value"
    YEAR_AND_SOURCE = "year_and_source"
    REASON = "reason"
    WHICH = "which"
    REVIEW = "review"


class Medium(StrEnum):
    """The channels a delivery can take."""

    SLACK = "slack"
    EMAIL = "email"


class DeliveryState(StrEnum):
    """What became of a delivery."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    CANCELLED = "cancelled"
    DEAD = "dead"


class ExperienceKind(StrEnum):
    """What sort of experience is shared."""

    LESSON = "lesson"
    GOOD_PRACTICE = "good_practice"
    CHALLENGE = "challenge"
    ADVOCACY = "advocacy"
    TRAINING = "training"
    OFFER = "offer"
    REQUEST = "request"


class ExperienceState(StrEnum):
    """Whether the network may read it."""

    SHARED = "shared"
    PUBLISHED = "published"
    DECLINED = "declined"


class Theme(StrEnum):
    """What an experience is about: the sections of the format, and what lies across them."""

    COORDINATION = "coordination"
    HEALTH = "health"
    CHILDREN = "children"
    WORKING_AGE = "working_age"
    OLDER_PERSONS = "older_persons"
    POVERTY = "poverty"
    MOBILITY = "mobility"
    OTHER = "other"


class HeardState(StrEnum):
    """What became of something a person said."""

    TAKEN = "taken"
    IN_PART = "in_part"
    NOT_UNDERSTOOD = "not_understood"
    KEPT = "kept"


class Via(StrEnum):
    """Over which way a deed reached us; kept in the audit."""

    SLACK = "slack"
    EMAIL = "email"
    PAGE = "page"
    COMMAND_LINE = "command_line"
    BOT = "bot"
