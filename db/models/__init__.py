"""All tables."""

from db.models.assessments import Answer, Assessment, Heard, Prompt, ReviewQuestion
from db.models.audit import AuditRow
from db.models.cycles import Cycle
from db.models.experiences import Experience
from db.models.ledger import Delivery, DigestEdition
from db.models.people import Appointment, Member, Person

TABLES = (
    Member,
    Person,
    Appointment,
    Cycle,
    Assessment,
    Answer,
    Prompt,
    Heard,
    ReviewQuestion,
    Experience,
    DigestEdition,
    Delivery,
    AuditRow,
)

__all__ = [
    "TABLES",
    "Answer",
    "Appointment",
    "Assessment",
    "AuditRow",
    "Cycle",
    "Delivery",
    "DigestEdition",
    "Experience",
    "Heard",
    "Member",
    "Person",
    "Prompt",
    "ReviewQuestion",
]
