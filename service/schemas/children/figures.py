"""The sections of figures of a child (spec D7): numbers rounded already, each mean with what it rests on."""

from datetime import date
from typing import Literal

from pydantic import Field

from service.schemas.children.words import ActivityType, EmotionalState, SessionType
from service.schemas.envelope import Instant, Wire

BucketUnit = Literal["day", "week", "month"]
Metric = Literal["score", "engagement", "accuracy", "duration"]
Direction = Literal[
    "improving", "declining", "increasing", "decreasing", "stable", "insufficient_data", "not_comparable"
]
Reason = Literal["scenario_version_changed", "device_type_changed", "setup_changed"]
Confidence = Literal["low", "medium", "high"]
Section = Literal[
    "summary",
    "trends",
    "timeseries",
    "series",
    "emotions",
    "activities",
    "by-type",
    "streaks",
    "comparison",
]


class Mean(Wire):
    """A mean with the number of sessions it rests on."""

    mean: float | None = None
    n: int = 0


class Spread(Mean):
    """How values lie; percentiles are interpolated."""

    median: float | None = None
    p90: float | None = None
    min: int | None = None
    max: int | None = None


class Accuracy(Mean):
    """Mean of the sessions' accuracy, and the share of all responses that were right, in percent."""

    pooled: float | None = None
    correct: int = 0
    responses: int = 0


class Help(Wire):
    """Requests for help per 100 interactions, of all finished sessions together."""

    pooled_rate: float | None = None
    requests: int = 0
    interactions: int = 0


class Labels(Wire):
    """Words for figures, by fixed thresholds (spec D7.12); null where there is nothing to go by."""

    attention: Literal["high", "moderate", "limited"] | None = None
    mean_active_minutes: float | None = None
    help_pattern: Literal["independent", "appropriate", "high"] | None = None
    help_per_session: float | None = None
    sessions_per_week: float
    regular: bool


class Recommendation(Wire):
    """What the figures suggest trying, with the numbers it rests on; never a clinical statement."""

    code: Literal[
        "SHORTEN_OR_SIMPLIFY",
        "REVIEW_ENGAGEMENT",
        "INCREASE_DIFFICULTY",
        "DECREASE_DIFFICULTY",
        "MORE_SCAFFOLDING",
        "SHORTEN_SESSIONS",
        "CALMING_STRATEGIES",
        "MORE_REGULAR_SESSIONS",
        "CONTINUE",
        "INSUFFICIENT_DATA",
    ]
    evidence: dict[str, float]


class Summary(Wire):
    """A window in figures (spec D7.4): completion over finished sessions, scores over completed ones."""

    total: int = 0
    finished: int = 0
    completed: int = 0
    abandoned: int = 0
    interrupted: int = 0
    in_progress: int = 0
    completion_rate: float | None = None
    score: Spread = Spread()
    duration_seconds: Mean = Mean()
    active_seconds: int = 0
    engagement: Mean = Mean()
    accuracy: Accuracy = Accuracy()
    independence: Mean = Mean()
    help: Help = Help()
    parent_rating: Mean = Mean()
    labels: Labels
    recommendations: list[Recommendation]


class Setup(Wire):
    """A trend's sessions of one version of the scenario on one type of device."""

    scenario_version: str | None = None
    device_type: str | None = None
    n: int
    mean: float
    early_n: int
    early: float | None = None
    late_n: int
    late: float | None = None


class Trend(Wire):
    """Later half of the sessions against the earlier (spec D7.5); the middle one belongs to the later."""

    n: int = 0
    direction: Direction = "insufficient_data"
    reason: Reason | None = Field(None, description="Why the halves cannot be compared.")
    early: float | None = None
    late: float | None = None
    delta: float | None = None
    threshold: int
    slope_per_session: float | None = None
    r2: float | None = None
    confidence: Confidence | None = None
    setups: list[Setup] = []


class Trends(Wire):
    """The trends of a window; duration in seconds."""

    score: Trend
    engagement: Trend
    accuracy: Trend
    duration: Trend


class Bucket(Wire):
    """A day, ISO week or month of the local calendar, with zeros where nothing was played."""

    label: str
    from_: date = Field(alias="from")
    to: date
    hours: float
    partial: bool = Field(description="The window cuts it.")
    ongoing: bool = Field(description="It is not over yet.")
    total: int
    finished: int
    completed: int
    active_seconds: int
    score: Mean | None = None
    engagement: Mean | None = None
    accuracy: Mean | None = None
    duration: Mean | None = None


class Timeseries(Wire):
    """Buckets in order."""

    bucket: BucketUnit
    buckets: list[Bucket]


class SeriesPoint(Wire):
    """A completed session: its score, the mean of the last three, the step, whether it was the best."""

    session_id: int
    started_at: Instant
    session_type: SessionType
    scenario_version: str | None = None
    device_type: str | None = None
    score: int
    moving_average: float
    delta: int | None = None
    personal_best: bool


class Series(Wire):
    """Completed sessions in order."""

    sessions: list[SeriesPoint]


class StateShare(Wire):
    """How often a state was recorded, in percent of all recorded states."""

    state: EmotionalState
    count: int
    percent: float


class Shifts(Wire):
    """How states changed from before to after, on the scale of spec D7.8."""

    recorded: int = Field(0, description="Sessions that finished, or activities.")
    tracked: int = Field(0, description="Those with both states.")
    improvements: int = 0
    deteriorations: int = 0
    stable: int = 0
    improvement_rate: float | None = None
    mean_shift: float | None = None
    direction: Literal["positive", "negative", "stable", "none"] = "none"
    distribution: list[StateShare] = []
    most_common: EmotionalState | None = None
    stability: Literal["high", "moderate", "low"] | None = None
    completeness: float | None = Field(None, description="States recorded of those that could be, percent.")


class Volatility(Wire):
    """Finished sessions by the number of transitions between states."""

    very_stable: int = 0
    stable: int = 0
    volatile: int = 0


class Anxiety(Wire):
    """Anxiety before less after, over activities with both levels; percent of all before."""

    n: int = 0
    mean_reduction: float | None = None
    percent_reduction: float | None = None


class Emotions(Wire):
    """States around sessions and activities."""

    scale_version: int = 1
    sessions: Shifts
    volatility: Volatility
    activities: Shifts
    anxiety: Anxiety


class DailyPoints(Wire):
    """Points of the activities of a local day."""

    day: date
    points: int


class ActivityKind(Wire):
    """Activities of a type."""

    activity_type: ActivityType
    total: int
    points: int
    verified: int


class Activities(Wire):
    """Activities of a window; one is verified when a parent or a professional says so."""

    total: int = 0
    points: int = 0
    verified: int = 0
    verification_rate: float | None = None
    by_type: list[ActivityKind] = []
    daily_points: list[DailyPoints] = []


class TypeFigures(Wire):
    """Sessions of a type."""

    session_type: SessionType
    total: int
    finished: int
    completed: int
    completion_rate: float | None = None
    score: Mean


class ByType(Wire):
    """Types that were played, the most finished first."""

    types: list[TypeFigures]


class Streaks(Wire):
    """Local days in a row with a completed session, as of a day (spec D7.10)."""

    as_of: date
    current: int = 0
    longest: int = 0
    days: int = Field(0, description="Days with a completed session up to then.")


class Compared(Wire):
    """A figure of the window and of the equal one before it."""

    value: float | None = None
    n: int = 0
    previous: float | None = None
    previous_n: int = 0
    delta: float | None = None
    direction: Direction | None = Field(None, description="Only of figures with a threshold (spec D7.5).")
    reason: Reason | None = None


class Comparison(Wire):
    """The window against the one of equal length before it (spec D7.11)."""

    previous_from_at: Instant
    previous_to_at: Instant
    figures: dict[str, Compared]
