"""Every enum of the house. The values are stored; they never change meaning."""

from enum import StrEnum


class Role(StrEnum):
    """The hat in which a person acts."""

    FOCAL_POINT = "focal_point"
    ALTERNATE = "alternate"
    CONTRIBUTOR = "contributor"
    COORDINATOR = "coordinator"
    SECRETARIAT = "secretariat"
    PARTNER = "partner"


class Mandate(StrEnum):
    """The level at which somebody is mandated to act, as the letter of nomination gives it."""

    MINISTER = "minister"
    DEPUTY_MINISTER = "deputy_minister"
    PERMANENT_SECRETARY = "permanent_secretary"
    DIRECTOR_GENERAL = "director_general"
    DIRECTOR = "director"
    OFFICER = "officer"
    EXPERT = "expert"


class Sector(StrEnum):
    """What an agency or a body works on."""

    SOCIAL_WELFARE = "social_welfare"
    LABOUR = "labour"
    HEALTH = "health"
    SOCIAL_SECURITY = "social_security"
    RURAL_DEVELOPMENT = "rural_development"
    FINANCE = "finance"
    PLANNING = "planning"
    STATISTICS = "statistics"
    EDUCATION = "education"
    FOREIGN_AFFAIRS = "foreign_affairs"
    DISASTER_MANAGEMENT = "disaster_management"
    WOMEN_AND_CHILDREN = "women_and_children"
    OTHER = "other"


class AgencyKind(StrEnum):
    """What sort of body an agency is: the first five belong to a member, the others stand for no country."""

    MINISTRY = "ministry"
    PUBLIC_BODY = "public_body"
    WORKERS = "workers"
    EMPLOYERS = "employers"
    CIVIL_SOCIETY = "civil_society"
    SECTORAL_BODY = "sectoral_body"
    INTERNATIONAL = "international"
    HUB = "hub"
    TASK_FORCE = "task_force"


class MechanismStatus(StrEnum):
    """How far a national coordination mechanism has come."""

    NONE = "none"
    PLANNED = "planned"
    ESTABLISHED = "established"
    OPERATIONAL = "operational"


class Origin(StrEnum):
    """Who gave a name or a time zone: what a person set is never overwritten by the others."""

    REGISTER = "register"
    SLACK = "slack"
    PERSON = "person"


class Reach(StrEnum):
    """Over which way a person would rather be reached."""

    CHAT = "chat"
    MAIL = "mail"
    BOTH = "both"


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
    AWAITING_CLEARANCE = "awaiting_clearance"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    # The secretariat asks no report of this member in this cycle, and says why.
    NOT_REQUIRED = "not_required"


# Where those who answer can write: also before the start, and after a return.
ANSWERABLE = (AssessmentState.OPEN, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)


class DelegationState(StrEnum):
    """What became of a part that was handed to a contributor."""

    OPEN = "open"
    DONE = "done"
    TAKEN_BACK = "taken_back"
    # The assessment went on without it: it was submitted, or its cycle ended.
    OVERTAKEN = "overtaken"


class ClearanceState(StrEnum):
    """What became of one national yes that was asked for."""

    ASKED = "asked"
    CLEARED = "cleared"
    REFUSED = "refused"
    # What was to be cleared, or had been, is no longer what stands.
    VOID = "void"


class FloorState(StrEnum):
    """What became of a floor and ceiling that a focal point wrote down."""

    PROPOSED = "proposed"
    # The coordinator cleared it: it counts from its own date on, until a later one does.
    CLEARED = "cleared"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Who speaks in the thread of a question: the country, or the secretariat."""

    COUNTRY = "country"
    SECRETARIAT = "secretariat"


class ErratumState(StrEnum):
    """What a member said to an erratum of a question that it had answered."""

    ASKED = "asked"
    KEPT = "kept"
    CHANGED = "changed"
    # It should be another, but is handed in: only the secretariat can return it.
    WANTED = "wanted"


class Stage(StrEnum):
    """What a prompt awaits from the person."""

    SECTION = "section"
    VALUE = "value"
    YEAR_AND_SOURCE = "year_and_source"
    REASON = "reason"
    WHICH = "which"
    # Whether an unusual value is right, and what changed.
    EXPLAIN = "explain"
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
    # The acceptance that it came from was undone before anybody published it.
    WITHDRAWN = "withdrawn"


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
