"""Parameters and rows of the declared reports: a child's progress, its sessions, a caseload."""

from typing import Literal

from pydantic import Field

from service.schemas.children.analytics import FiguresAsk
from service.schemas.children.fields import LARGEST_NUMBER
from service.schemas.children.figures import Direction
from service.schemas.children.words import CompletionStatus, EmotionalState, SessionType
from service.schemas.envelope import Instant, Wire

ProgressFigure = Literal[
    "finished",
    "completed",
    "completion_rate",
    "score",
    "duration_seconds",
    "active_seconds",
    "engagement",
    "accuracy",
    "accuracy_pooled",
    "independence",
    "help_rate",
    "parent_rating",
    "sessions_per_week",
]
SessionFigure = Literal["engagement", "accuracy", "independence", "active_seconds"]
CaseloadFigure = Literal["finished", "completion_rate", "score", "engagement", "sessions_per_week"]


class ChildParams(FiguresAsk):
    """A child, and a window of local days that ends today (by `tz`, else UTC) unless dates are given."""

    child_id: int = Field(ge=1, le=LARGEST_NUMBER)


class ProgressRow(Wire):
    """A figure of the window beside that of the equal window before."""

    figure: ProgressFigure
    value: float | None = None
    n: int = Field(title="From", description="What it rests on: sessions, responses or interactions.")
    unit: str
    previous: float | None = Field(None, title="Before", description="The equal window before.")
    change: float | None = None
    direction: Direction | None = Field(
        None, title="Against before", description="Claimed from four sessions in each window, of like setups."
    )
    trend: Direction | None = Field(None, title="Within the window", description="Later half on earlier.")
    sufficient: bool = Field(title="Enough data", description="Four or more to go by.")


class ProgressExplainParams(ChildParams):
    """The figure to explain."""

    figure: ProgressFigure


class SessionRow(Wire):
    """A session that began in the window."""

    session_id: int = Field(title="Session")
    started_at: Instant
    session_type: SessionType
    scenario_version: str | None = None
    device_type: str | None = None
    completion_status: CompletionStatus
    score: int
    duration_seconds: int | None = None
    active_seconds: int | None = None
    engagement: float | None = None
    accuracy: float | None = None
    independence: float | None = None
    help_requests: int
    initial_state: EmotionalState | None = None
    final_state: EmotionalState | None = None
    parent_rating: int | None = None
    came_late: bool = Field(description="It was delivered more than a day after it ended.")


class SessionExplainParams(ChildParams):
    """The figure of a session to explain."""

    session_id: int = Field(ge=1, le=LARGEST_NUMBER)
    figure: SessionFigure


class CaseloadParams(FiguresAsk):
    """A window over the children one is assigned to."""


class CaseloadRow(Wire):
    """A child of the caseload over the window."""

    child_id: int = Field(title="Child")
    name: str
    access: str
    finished: int
    completion_rate: float | None = None
    score: float | None = None
    score_n: int = Field(title="Scores")
    score_direction: Direction
    engagement: float | None = None
    engagement_n: int = Field(title="With engagement")
    engagement_direction: Direction
    sessions_per_week: float
    open_sessions: int
    last_session_at: Instant | None = None
    recommendations: list[str]


class CaseloadExplainParams(CaseloadParams):
    """The figure of a child to explain."""

    child_id: int = Field(ge=1, le=LARGEST_NUMBER)
    figure: CaseloadFigure
