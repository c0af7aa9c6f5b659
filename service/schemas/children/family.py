"""Children as they travel: what is asked and answered about one, and lists of them (spec D4, D5.1)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate
from service.schemas.children.care import (
    Contacts,
    ContactShown,
    SafetyAsk,
    SafetyPatch,
    SafetyShown,
    SensoryDomainShown,
    SensoryProfilePatch,
    SomeSenses,
    Therapies,
    TherapyShown,
)
from service.schemas.children.fields import Name, OneOf, Text, Url, Within, Zone
from service.schemas.children.words import (
    AgeCategory,
    CommunicationStyle,
    CompletionStatus,
    Level,
    Relation,
    SensoryDomain,
    SessionType,
)
from service.schemas.envelope import Ask, Instant, PageAsk, Wire

Age = Annotated[int, Within(0, 25, "age_out_of_range")]
SupportLevel = Annotated[int, Within(1, 3)]
Style = Annotated[CommunicationStyle, OneOf()]
Diagnosis = Annotated[str, Text(200, 3)]
Person = Annotated[str, Text(200)]
CommunicationNotes = Annotated[str, Text(1000)]
BehavioralNotes = Annotated[str, Text(2000)]


class ChildDocument(Ask):
    """A child as its guardians describe it; a change is judged on the whole of it."""

    name: Name
    date_of_birth: CalendarDate | None = None
    age: Age | None = Field(None, description="Completed years, only where the date of birth is unknown.")
    timezone: Zone = "UTC"
    avatar_url: Url | None = None
    diagnosis: Diagnosis | None = None
    support_level: SupportLevel | None = None
    diagnosis_date: CalendarDate | None = None
    diagnosing_professional: Person | None = None
    communication_style: Style | None = None
    communication_notes: CommunicationNotes | None = None
    behavioral_notes: BehavioralNotes | None = None
    sensory_profile: SomeSenses | None = None
    therapies: Therapies = []
    safety_protocols: SafetyAsk | None = None
    emergency_contacts: Contacts = []


class ConsentGiven(Ask):
    """A consent given with the child; those to professionals are given with their invitation."""

    purpose: Literal["processing", "analytics", "research", "media"]
    policy_version: Annotated[str, Text(50)] | None = Field(
        None, description="The policy that was read; refused unless it is the present one."
    )


class ChildAsk(ChildDocument):
    """A new child; whoever adds it becomes its primary guardian. `processing` must be among the consents."""

    relation: Annotated[Relation, OneOf()] = Field("guardian", description="Who you are to the child.")
    consents: list[ConsentGiven] = []


class ChildPatch(Ask):
    """What changes (RFC 7396): null takes away, lists are given as a whole."""

    name: Name | None = None
    date_of_birth: CalendarDate | None = None
    age: Age | None = None
    timezone: Zone | None = None
    avatar_url: Url | None = None
    diagnosis: Diagnosis | None = None
    support_level: SupportLevel | None = None
    diagnosis_date: CalendarDate | None = None
    diagnosing_professional: Person | None = None
    communication_style: Style | None = None
    communication_notes: CommunicationNotes | None = None
    behavioral_notes: BehavioralNotes | None = None
    sensory_profile: SensoryProfilePatch | None = None
    therapies: Therapies | None = None
    safety_protocols: SafetyPatch | None = None
    emergency_contacts: Contacts | None = None


class RecentSession(Wire):
    """One of a child's newest sessions."""

    id: int
    started_at: Instant
    session_type: SessionType
    scenario_name: str
    completion_status: CompletionStatus
    score: int


class PersonNamed(Wire):
    """A person by name."""

    id: int
    name: str


class ChildSummary(Wire):
    """A child in a list."""

    id: int
    name: str
    age: int | None = Field(None, description="Completed years, at today's date where the child lives.")
    age_category: AgeCategory | None = None
    timezone: str
    support_level: int | None = None
    communication_style: CommunicationStyle | None = None
    avatar_url: str | None = None
    points: int
    level: int
    is_active: bool
    restricted: bool = Field(description="It can be read and no more.")
    access: Level = Field(description="What you are to the child.")
    consent_review_due: bool = Field(
        description="The child has reached an age to decide itself, or the policy has changed since."
    )
    created_at: Instant
    version: int
    sensory_profile: dict[SensoryDomain, SensoryDomainShown] | None = None
    recent_sessions: list[RecentSession] | None = Field(None, description="The five newest.")


class ChildDetail(Wire):
    """A child; what you may not see is not in the answer, and `withheld` names it."""

    id: int
    name: str
    age: int | None = Field(None, description="Completed years, at today's date where the child lives.")
    age_category: AgeCategory | None = None
    date_of_birth: str | None = Field(None, description="A date; the year alone for some professionals.")
    timezone: str
    avatar_url: str | None = None
    diagnosis: str | None = None
    support_level: int | None = None
    diagnosis_date: date | None = None
    diagnosing_professional: str | None = None
    communication_style: CommunicationStyle | None = None
    communication_notes: str | None = None
    behavioral_notes: str | None = None
    sensory_profile: dict[SensoryDomain, SensoryDomainShown] = {}
    therapies: list[TherapyShown] = []
    safety_protocols: SafetyShown | None = None
    emergency_contacts: list[ContactShown] = []
    points: int
    level: int
    is_active: bool
    restricted: bool
    access: Level
    primary_guardian: PersonNamed
    consent_review_due: bool
    withheld: list[str] = []
    created_at: Instant
    updated_at: Instant
    version: int


def _included(given: str | None) -> str | None:
    words = set() if given is None else set(given.split(","))
    if not words <= {"recent_sessions", "sensory", "total"}:
        raise PydanticCustomError("included", "give some of recent_sessions, sensory and total")
    return given


Term = Annotated[str, Text(100, 2)]


class ChildrenAsk(PageAsk):
    """The children one may see, newest first."""

    limit: int = Field(20, ge=1, le=100, description="Children on a page; out of range is refused.")
    include: Annotated[str, AfterValidator(_included)] | None = Field(  # type: ignore[assignment]
        None, description="Of `recent_sessions`, `sensory` and `total` (an exact count), with commas."
    )
    q: Term | None = Field(None, description="Part of the name, of at least 2 characters.")
    support_level: SupportLevel | None = None
    age_min: Age | None = Field(None, description="Completed years.")
    age_max: Age | None = Field(None, description="Completed years.")
    is_active: bool = Field(True, description="False: those that are archived.")


class ChildrenSearchAsk(PageAsk):
    """Children by name, age, support level or diagnosis, among those one may see."""

    limit: int = Field(50, ge=1, le=200, description="Children on a page; out of range is refused.")
    search_term: Term | None = Field(None, description="Part of the name, of at least 2 characters.")
    diagnosis_keyword: Term | None = Field(None, description="Part of the diagnosis.")
    support_level: SupportLevel | None = None
    age_min: Age | None = None
    age_max: Age | None = None


class ChildrenStatistics(Wire):
    """The children one may see, counted; of ages, styles and points only those that are not archived."""

    children: int
    archived: int
    restricted: int
    by_support_level: dict[str, int]
    by_age_category: dict[str, int]
    by_communication_style: dict[str, int]
    points: int
    mean_level: float | None = None
    sessions: int = Field(description="Sessions that began in the last 30 days.")
    completed_sessions: int
    active_children: int = Field(description="Children with a session that began in the last 30 days.")


class ChildTemplate(Wire):
    """What is usual for a level of support: something to begin a description with."""

    support_level: int
    title: str
    communication_style: CommunicationStyle
    safety_protocols: SafetyShown
    sensory_profile: dict[SensoryDomain, SensoryDomainShown]


class ChildTemplates(Wire):
    """One for each level of support."""

    items: list[ChildTemplate]


class CompletionSection(Wire):
    """One part of a child's description."""

    section: str
    done: bool


class ProfileCompletion(Wire):
    """How much of a child's description there is: ten parts of 10 percent each."""

    child_id: int
    percent: int
    standing: Literal["excellent", "good", "moderate", "needs_attention"]
    sections: list[CompletionSection]


class SensoryProfileShown(Wire):
    """By domain; with the child's version."""

    child_id: int
    sensory_profile: dict[SensoryDomain, SensoryDomainShown]
    version: int
