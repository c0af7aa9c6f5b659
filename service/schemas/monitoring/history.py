"""The history of the service's figures on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.envelope import Ask, Instant, Wire

HistoryRange = Literal["1h", "24h", "30d"]
Points = list[float | None]


class HistoryAsk(Ask):
    """Which figures, over which range, of which installation."""

    figures: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="Names of figures with commas between, such as `p95_ms,rss_mib`; default: all."
    )
    range: HistoryRange = Field("1h", description="1 h by 10 s, 24 h by minute, or 30 d by hour.")
    instance: Word | None = Field(None, description="Which installation; default: the one that answers.")


class KnownFigure(Wire):
    """A figure that is kept: its title, its unit, and how it is rolled up over longer spans."""

    name: str
    title: str
    unit: str
    rollup: str = Field(description="`mean` (weighted), `max`, or `quantile` (of all requests of the span).")


class FigureSeries(KnownFigure):
    """A figure's points, one for each span from `from` on; null where nothing was noted (never a zero)."""

    points: Points
    lowest: Points = Field(description="The lowest value within each span.")
    highest: Points = Field(description="The highest value within each span.")


class KnownInstance(Wire):
    """An installation whose history is kept."""

    name: str
    newest: Instant = Field(description="Beginning of the newest span.")


class History(Wire):
    """Figures over time: aligned points, `resolution_seconds` apart."""

    as_of: Instant
    range: HistoryRange
    resolution_seconds: int
    from_: Instant = Field(alias="from", description="Beginning of the first point's span.")
    to: Instant = Field(description="End of the last point's span; the newest may still grow.")
    newest: Instant | None = Field(description="Beginning of the newest span that was noted; null: none.")
    instance: str
    figures: list[FigureSeries]
    instances: list[KnownInstance]
    catalogue: list[KnownFigure] = Field(description="Every figure that can be asked for.")
