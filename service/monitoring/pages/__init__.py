"""The dashboard's page: one template, one style sheet, one script, no network."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from service.core.pages import csp_hash, inline, template_environment

_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = (
    "page",
    "live",
    "chart",
    "history",
    "table",
    "dialog",
    "flags",
    "panels",
    "sources",
    "alerts",
    "rules",
)
"""In the order in which they lie in the page, as one script: each stands on those before it."""

STYLE: Final = inline(_HERE / "page.css") + inline(_HERE / "panels.css")
THEME: Final = inline(_HERE / "theme.js")
"""Runs before the first paint: whoever chose dark colours is not shown light ones first."""
SCRIPT: Final = Markup("").join(inline(_HERE / f"{name}.js") for name in _SCRIPTS)

HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src {csp_hash(STYLE)}; script-src {csp_hash(THEME)} {csp_hash(SCRIPT)}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Authorization, Cookie",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A live figure in the page's own short words; from `high` on it is marked, from `bad` on as critical.

    The scale of its sparkline reaches from zero to `scale` at least.
    """

    figure: str
    label: str
    unit: str
    high: float | None = None
    bad: float | None = None
    scale: float = 1.0


# 200 and 500 ms are the limits of the performance report's MODERATE_RESPONSE and SLOW_RESPONSE.
TILES: Final = (
    Tile("requests_per_second", "Requests", "/s"),
    Tile("error_percent", "Failed", "%", high=1, bad=5, scale=5),
    Tile("p50_ms", "Median", "ms", high=200, bad=500, scale=10),
    Tile("p95_ms", "95 % within", "ms", high=200, bad=500, scale=10),
    Tile("p99_ms", "99 % within", "ms", scale=10),
    Tile("in_flight", "In flight", "", scale=5),
    Tile("cache_hit_percent", "Cache hits", "%", scale=100),
    Tile("statements_per_second", "SQL", "/s"),
    Tile("pool_in_use", "Pool in use", "", scale=5),
    Tile("pool_waiting", "Pool waiting", "", high=1, scale=5),
    Tile("loop_lag_ms", "Loop lag", "ms", high=100, bad=1000, scale=20),
    Tile("cpu_percent", "Processor", "%", scale=100),
    Tile("rss_mib", "Memory", "MiB", scale=100),
    Tile("open_files", "Open files", "", scale=50),
    Tile("upstream_failures_per_minute", "Upstream failures", "/min", high=1, scale=5),
    Tile("job_failures_per_minute", "Job failures", "/min", high=1, scale=5),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as a line of a chart."""

    figure: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures of one unit over time; the scale reaches from zero to `scale` at least."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    scale: float = 1.0


CHARTS: Final = (
    Chart("Requests", "/s", (Line("requests_per_second", "all"),)),
    Chart(
        "Answer times",
        "ms",
        (Line("p50_ms", "median"), Line("p95_ms", "95 %"), Line("p99_ms", "99 %")),
        scale=10,
    ),
    Chart("Failed requests", "%", (Line("error_percent", "5xx"),), scale=5),
    Chart("Cache hits", "%", (Line("cache_hit_percent", "hits"),), scale=100),
    Chart("SQL statements", "/s", (Line("statements_per_second", "all"),)),
    Chart("Connections", "", (Line("pool_in_use", "in use"), Line("pool_waiting", "waiting")), scale=4),
    Chart("Processor", "%", (Line("cpu_percent", "this process"),), scale=100),
    Chart("Memory", "MiB", (Line("rss_mib", "process"), Line("cache_mib", "caches")), scale=100),
)


@cache
def templates() -> Environment:
    """The page's template, everything escaped."""
    made = template_environment(_HERE, style=STYLE)
    made.globals |= {"script": SCRIPT, "theme": THEME}
    return made
