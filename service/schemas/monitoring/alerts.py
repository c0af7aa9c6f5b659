"""Alert rules on the wire: what is watched, how that stands, who was told."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from service.schemas.asked import Sentences, Word, usable
from service.schemas.envelope import Ask, Instant, PageAsk, Wire
from service.schemas.monitoring.history import KnownFigure

AlertState = Literal["ok", "pending", "firing", "unknown"]
Severity = Literal["info", "warning", "critical"]
Comparison = Literal[">", ">=", "<", "<=", "=", "!="]
SourceKind = Literal["figure", "report", "gaps", "data_age", "burn_rate", "checker"]
AlertChannelKind = Literal["webhook", "email"]
Number = Annotated[float, Field(allow_inf_nan=False)]


class AlertSource(Wire):
    """Where a rule's value comes from; which fields it has depends on `kind`.

    `figure`: a figure of this service over the last minute, of the installation that is worst.
    `report`: `value` of a report. `gaps`: how many gaps a desk has. `data_age`: hours since a desk's data
    were complete. `burn_rate`: how many times faster than allowed requests miss the latency objective, over
    both windows. `checker`: seconds since alerts were evaluated last, which every replica watches for itself.
    """

    kind: SourceKind
    figure: Word | None = Field(None, description="`figure`: its name, see `/v1/alert-figures`.")
    instance: Word | None = Field(None, description="`figure`: only of this installation.")
    desk: Word | None = Field(None, description="`report`, `gaps`, `data_age`: of this desk.")
    report: Word | None = Field(None, description="`report`: its name.")
    params: dict[str, Any] = Field({}, description="`report`: its parameters; default as when it is read.")
    value: Word | None = Field(
        None,
        description="`report`: `rows`, `max:<column>`, `min:<column>`, `sum:<column>` or `summary:<figure>`.",
    )
    code: Word | None = Field(None, description="`gaps`: only of this kind, such as `missing_punch`.")
    source: Word | None = Field(None, description="`data_age`: only this source; default: the oldest.")
    short_seconds: int | None = Field(None, ge=60, le=21_600, description="`burn_rate`: default 300.")
    long_seconds: int | None = Field(None, ge=300, le=2_592_000, description="`burn_rate`: default 3600.")


class AlertSourceAsk(AlertSource):
    """A source that is asked for: unknown names are refused."""

    model_config = Ask.model_config


class AlertChannel(Wire):
    """Who is told; every rule tells the log as well."""

    channel: AlertChannelKind
    target: Annotated[str, Field(max_length=2000), AfterValidator(usable)] = Field(
        description="URL of a webhook, or e-mail address."
    )


class AlertChannelAsk(AlertChannel):
    """A channel that is asked for: unknown names are refused."""

    model_config = Ask.model_config


class AlertAsk(Ask):
    """A rule: it fires when its value has been beyond the threshold for so many seconds."""

    name: Word
    source: AlertSourceAsk
    comparison: Comparison = ">"
    threshold: Number
    clear_at: Number | None = Field(
        None, description="It resolves only when the value is no longer beyond this; default: the threshold."
    )
    for_seconds: int = Field(0, ge=0, le=604_800)
    severity: Severity = "warning"
    channels: list[AlertChannelAsk] = Field([], max_length=10)
    flag: Word | None = Field(None, description="The optimisation that is switched off when it fires.")
    enabled: bool = True


class AlertsAsk(PageAsk):
    """Which rules to list."""

    state: AlertState | None = Field(None, description="Only rules in this state.")
    severity: Severity | None = Field(None, description="Only rules of this severity.")
    enabled: bool | None = Field(None, description="Only rules that are switched on, or off.")


class AlertEventsAsk(PageAsk):
    """Where in the list of a rule's events."""


class SilenceAsk(Ask):
    """Tell nobody until then; null: tell again. Who would have been told is told if it still fires then."""

    until: Instant | None
    because: Sentences = ""


class AlertRule(Wire):
    """A rule, and how it stands over all replicas."""

    id: str
    name: str
    source: AlertSource
    comparison: Comparison
    threshold: float
    clear_at: float | None = None
    for_seconds: int
    severity: Severity
    channels: list[AlertChannel]
    flag: str | None = None
    enabled: bool
    silenced_until: Instant | None = None
    silenced_because: str | None = None
    version: int = Field(description="What `If-Match` of a change must name.")
    created_by: str
    created_at: Instant
    changed_at: Instant
    state: AlertState
    state_since: Instant
    value: float | None = Field(None, description="As it was read last; null: there was none.")
    unit: str = ""
    detail: str | None = Field(None, description="What was read last, as of when, and how complete.")
    evaluated_at: Instant | None = None


class NewAlertRule(AlertRule):
    """A rule as it is answered when it is made or changed."""

    secret: str | None = Field(
        None, description="What signs its webhooks, shown this once: HMAC-SHA256, see `Muster-Signature`."
    )


class ToldAlert(Wire):
    """One channel that was told, or is to be: `logged` mail was only written to the log."""

    channel: Literal["log", "webhook", "email"]
    target: str = ""
    state: Literal["waiting", "delivered", "logged", "failed"]
    attempts: int = 0
    detail: str | None = None
    at: Instant | None = None
    retry_at: Instant | None = None


class AlertEvent(Wire):
    """A rule went into another state. Nobody was told of what happened while it was silenced."""

    id: int
    at: Instant
    state: AlertState
    value: float | None = None
    threshold: float
    detail: str
    told: list[ToldAlert]


class AlertVerdict(Wire):
    """What an evaluation now would say; nothing is changed and nobody is told."""

    value: float | None
    unit: str
    detail: str
    beyond: bool | None = Field(description="Whether the value is beyond the threshold; null: there is none.")
    state: AlertState = Field(description="How it stands.")
    next_state: AlertState = Field(description="How it would stand after an evaluation now.")
    as_of: Instant


class WatchableReport(Wire):
    """A report that a rule can watch: the columns and figures of its summary that hold numbers."""

    desk: str
    report: str
    title: str
    columns: list[str]
    summary: list[str]


class WatchableSource(Wire):
    """A source of a desk whose age a rule can watch."""

    desk: str
    source: str
    complete_through: Instant | None


class AlertFigures(Wire):
    """What rules can watch."""

    figures: list[KnownFigure]
    reports: list[WatchableReport]
    gaps: list[str] = Field(description="Desks whose gaps can be watched.")
    sources: list[WatchableSource]
    flags: list[str] = Field(description="Optimisations that a rule may switch off.")
