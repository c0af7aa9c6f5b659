"""The result as one page that needs no network and no script: its charts are inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment

from service.core.pages import inline, template_environment
from service.monitoring.loadtest.comparing import Verdict
from service.monitoring.loadtest.result import Result
from service.reporting.pages import STYLE

_HERE: Final = Path(__file__).parent / "pages"
WIDTH: Final = 860
HEIGHT: Final = 200
_LEFT: Final = 56
_BOTTOM: Final = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart as the points of an SVG polyline; `kind` chooses its look."""

    name: str
    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart; `title` is what is told of it."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis at a place of it."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in the coordinates of its SVG."""

    title: str
    across: Sequence[Tick]
    up: Sequence[Tick]
    lines: Sequence[Line] = ()
    bars: Sequence[Bar] = ()


def page_of(result: Result, verdict: Verdict) -> str:
    """The whole page."""
    return (
        _templates()
        .get_template("loadtest.html")
        .render(
            locale="en",
            result=result,
            verdict=verdict,
            charts=[chart for chart in (throughput(result), latencies(result), histogram(result)) if chart],
            width=WIDTH,
            height=HEIGHT,
            left=_LEFT,
            bottom=HEIGHT - _BOTTOM,
        )
    )


@cache
def _templates() -> Environment:
    return template_environment(_HERE, style=STYLE + inline(_HERE / "loadtest.css"))


def throughput(result: Result) -> Chart | None:
    """Answers, errors and dropped requests a second over time."""
    series = {
        "answers": [span.rate for span in result.timeline],
        "errors": [span.errors for span in result.timeline],
        "dropped": [span.dropped for span in result.timeline],
    }
    shown = {name: values for name, values in series.items() if name == "answers" or any(values)}
    return _over_time("Throughput, requests a second", result, shown)


def latencies(result: Result) -> Chart | None:
    """The p95 of the response times over time."""
    return _over_time("p95 of the response times, ms", result, {"p95": [s.p95_ms for s in result.timeline]})


def _over_time(title: str, result: Result, series: dict[str, list[float]]) -> Chart | None:
    seconds = [span.second for span in result.timeline]
    if len(seconds) < 2:
        return None
    most = max(max(values) for values in series.values()) or 1.0
    lines = [
        Line(
            name,
            name,
            " ".join(
                f"{_x(second - seconds[0], seconds[-1] - seconds[0]):.1f},{_y(value, most):.1f}"
                for second, value in zip(seconds, values, strict=True)
            ),
        )
        for name, values in series.items()
    ]
    ends = (seconds[0], (seconds[0] + seconds[-1]) / 2, seconds[-1])
    across = [Tick(_x(s - seconds[0], seconds[-1] - seconds[0]), f"{s:g} s") for s in ends]
    return Chart(title, across, _up(most), lines=lines)


def histogram(result: Result) -> Chart | None:
    """How many answers took how long; the time axis is logarithmic."""
    columns = result.histogram
    if not columns:
        return None
    most, width = max(column.count for column in columns), (WIDTH - _LEFT) / len(columns)
    bars = []
    for number, column in enumerate(columns):
        top = _y(column.count, most)
        title = f"{column.count} from {_ms(column.from_ms)} to {_ms(column.to_ms)}"
        bars.append(Bar(_LEFT + number * width, top, max(width - 1, 0.5), HEIGHT - _BOTTOM - top, title))
    steps = sorted({0, len(columns) // 4, len(columns) // 2, 3 * len(columns) // 4})
    across = [Tick(_LEFT + step * width, _ms(columns[step].from_ms)) for step in steps]
    return Chart("Response times (logarithmic), answers", across, _up(most), bars=bars)


def _x(value: float, most: float) -> float:
    return _LEFT + (WIDTH - _LEFT) * value / most


def _y(value: float, most: float) -> float:
    return (HEIGHT - _BOTTOM) - (HEIGHT - _BOTTOM - 8) * value / most


def _up(most: float) -> list[Tick]:
    return [Tick(_y(share * most, most), f"{share * most:,.4g}") for share in (0, 0.5, 1)]


def _ms(value: float) -> str:
    return f"{value / 1000:.3g} s" if value >= 1000 else f"{value:.3g} ms"
