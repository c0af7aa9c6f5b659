"""Notes and assessments: what people write about a child, and what they are shown of it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from service.schemas.children.bounds import Details, Observed, Text50, Text100, Text200
from service.schemas.children.fields import AtMost, Number, OneOf, Text
from service.schemas.children.words import NoteCategory, NoteVisibility
from service.schemas.envelope import Ask, Instant, PageAsk, Wire

Note = Annotated[str, Text(2000, 5)]
Category = Annotated[NoteCategory, OneOf()]
Visibility = Annotated[NoteVisibility, OneOf()]
Findings = Annotated[list[Annotated[str, Text(500)]], AtMost(20)]
Long = Annotated[str, Text(5000)]


class Author(Wire):
    """Who wrote it."""

    id: int
    name: str
    role: str


class NoteAsk(Ask):
    """A note about a child."""

    category: Category
    note: Note
    visibility: Visibility = Field("all", description="Which side reads it, beside its author.")
    noted_at: Observed | None = Field(None, description="When it was observed; default: now.")


class NoteChangeAsk(Ask):
    """What is written otherwise; what is not named stays."""

    category: Category | None = None
    note: Note | None = None
    visibility: Visibility | None = None


class NotesAsk(PageAsk):
    """Notes of one category, if not all."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    category: Category | None = None


class ProgressNote(Wire):
    """A note about a child."""

    id: int
    child_id: int
    author: Author
    category: NoteCategory
    note: str
    visibility: NoteVisibility
    noted_at: Instant
    edited_at: Instant | None = None
    created_at: datetime
    version: int = Field(description="What `If-Match` of a change must name.")


class NoteRemoved(Wire):
    """A note that nobody is shown any more."""

    id: int
    child_id: int
    removed_at: Instant


class AssessmentAsk(Ask):
    """An assessment as it was administered; it is not changed afterwards."""

    assessment_type: Text100
    assessment_name: Text200
    edition: Text50 | None = None
    administered_by: Text200
    administered_at: Observed
    location: Text200 | None = None
    raw_scores: Details = {}
    standard_scores: Details = {}
    percentiles: Details = {}
    age_equivalents: Details = {}
    interpretation: Long | None = None
    recommendations: Findings = []
    goals_identified: Findings = []
    previous_assessment_id: Number | None = Field(None, description="The one it follows, of the same child.")
    progress_summary: Long | None = None
    areas_of_growth: Findings = []
    areas_of_concern: Findings = []


class AssessmentsAsk(PageAsk):
    """Assessments of one type, if not all."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    assessment_type: Text100 | None = None


class AssessmentListed(Wire):
    """An assessment without what was found."""

    id: int
    child_id: int
    author: Author
    assessment_type: str
    assessment_name: str
    edition: str | None = None
    administered_by: str
    administered_at: Instant
    previous_assessment_id: int | None = None
    status: str
    created_at: datetime
    version: int


class Assessment(AssessmentListed):
    """An assessment."""

    location: str | None = None
    raw_scores: dict[str, Any]
    standard_scores: dict[str, Any]
    percentiles: dict[str, Any]
    age_equivalents: dict[str, Any]
    interpretation: str | None = None
    recommendations: list[str]
    goals_identified: list[str]
    progress_summary: str | None = None
    areas_of_growth: list[str]
    areas_of_concern: list[str]
