"""All tables."""

from db.models.assessments import Answer, Assessment, Heard, Prompt, ReviewQuestion
from db.models.audit import AuditRow
from db.models.clearances import Clearance, ClearanceStep, StoredFile
from db.models.cycles import Cycle
from db.models.delegations import Contribution, Delegation, Entry
from db.models.experiences import Experience
from db.models.floors import Floor, OwnIndicator
from db.models.formats import BenchmarkPosition, EditionInUse, Erratum, ErratumAsked
from db.models.ledger import Delivery, DigestEdition
from db.models.mechanisms import Mechanism, Meeting, Milestone
from db.models.people import Address, Agency, Appointment, Leave, Member, Person
from db.models.reviews import Comment, Evidence, ReviewMark, Submission

TABLES = (
    Member,
    Agency,
    Person,
    Address,
    Leave,
    Appointment,
    Mechanism,
    Meeting,
    Milestone,
    Cycle,
    Assessment,
    Answer,
    Delegation,
    Contribution,
    Entry,
    Prompt,
    Heard,
    ReviewQuestion,
    ClearanceStep,
    StoredFile,
    Clearance,
    Evidence,
    Comment,
    ReviewMark,
    Submission,
    Floor,
    OwnIndicator,
    EditionInUse,
    Erratum,
    ErratumAsked,
    BenchmarkPosition,
    Experience,
    DigestEdition,
    Delivery,
    AuditRow,
)

__all__ = [
    "TABLES",
    "Address",
    "Agency",
    "Answer",
    "Appointment",
    "Assessment",
    "AuditRow",
    "BenchmarkPosition",
    "Clearance",
    "ClearanceStep",
    "Comment",
    "Contribution",
    "Cycle",
    "Delegation",
    "Delivery",
    "DigestEdition",
    "EditionInUse",
    "Entry",
    "Erratum",
    "ErratumAsked",
    "Evidence",
    "Experience",
    "Floor",
    "Heard",
    "Leave",
    "Mechanism",
    "Meeting",
    "Member",
    "Milestone",
    "OwnIndicator",
    "Person",
    "Prompt",
    "ReviewMark",
    "ReviewQuestion",
    "StoredFile",
    "Submission",
]
