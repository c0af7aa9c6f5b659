"""Every figure can be worked again from its explanation alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.children.analytics.answers import SECTIONS, section_of
from service.children.analytics.explained import explained, figures_in, inputs_of
from service.children.analytics.sections import parts_of
from service.children.rules.windows import Span
from service.schemas.children.analytics import ExplainAsk, FiguresAsk
from service.schemas.children.figures import Comparison, Section
from service.schemas.envelope import Wire
from tests.children.figured import WINDOW, worked
from tests.children.house import House
from tests.children.oracle import (
    Rows,
    activities,
    exact,
    feeling,
    half_up,
    measure,
    series,
    streak,
    total,
    trend,
)

NOW = datetime(2025, 7, 12, 8, tzinfo=UTC)


def compared(answer: Mapping[str, Any], name: str, part: str, now: Rows, before: Rows, days: int) -> Any:
    if part in ("direction", "reason"):
        return answer["value"]  # the windows of F2 have too few sessions before: see test_figures
    asked = "n" if part in ("n", "previous_n") else "mean"
    rows = before if part.startswith("previous") else now
    if asked == "n":
        sums = {
            "accuracy_pooled": ("correct_responses", "incorrect_responses"),
            "help_rate": ("interactions_count",),
        }
        if name in sums:
            return total(rows, *sums[name])
        statuses = [row.get("completion_status") for row in rows]
        return len([s for s in statuses if s != "in_progress"])
    if part == "delta":
        one, other = measure(name, "mean", now, days), measure(name, "mean", before, days)
        return half_up(exact(one) - exact(other))
    return measure(name, "mean", rows, days)


def worked_again(section: str, figure: str, answer: Mapping[str, Any]) -> Any:
    """The figure from its explanation."""
    window, *inputs = answer["inputs"]
    rows = [one["value"] for one in inputs if not one["name"].endswith("before")]
    before = [one["value"] for one in inputs if one["name"].endswith("before")]
    parts, days = figure.split("."), window["value"]["days"]
    as_of = date.fromisoformat(window["value"]["as_of"])
    ways: dict[str, Callable[[], Any]] = {
        "trends": lambda: trend(rows, parts[-1], answer["threshold"], duration=parts[0] == "duration"),
        "series": lambda: series(rows, parts[-1]),
        "emotions": lambda: feeling(rows, parts),
        "streaks": lambda: streak(rows, parts[-1], as_of),
        "activities": lambda: activities(rows, parts),
        "comparison": lambda: compared(answer, parts[1], parts[-1], rows, before, days),
        "summary": lambda: measure(parts[0], parts[-1], rows, days),
    }
    return ways.get(section, lambda: measure(parts[2], parts[-1], rows, days))()


NOT_WORKED = {
    "previous_from_at", "previous_to_at", "label", "from", "to", "hours", "partial", "ongoing", "bucket",
    "session_id", "started_at", "session_type", "activity_type", "day", "code", "state", "scenario_version",
    "device_type",
}  # fmt: skip
"""Names and bounds, which no figure is worked for."""


@pytest.mark.parametrize("section", SECTIONS)
async def test_every_figure_is_worked_again_from_its_explanation(shared: House, section: Section) -> None:
    """Of Emma's June; names and bounds are no figures, recommendations carry their own numbers."""
    span = Span(first=date(2025, 5, 31), last=date(2025, 6, 29))
    found = await worked(shared, span, NOW, *parts_of(section), *inputs_of(section))
    asked = 0
    for figure, value in figures_in(section_of(found, section, FiguresAsk())).items():
        if figure.rpartition(".")[2] not in NOT_WORKED and "recommendations" not in figure:
            ask = ExplainAsk(figure=figure)
            answer = explained(found, section, ask).model_dump(mode="json")
            assert answer["value"] == value, figure
            assert worked_again(section, figure, answer) == value, (figure, answer)
            asked += 1
    assert asked >= 3


@pytest.mark.parametrize(
    ("section", "figure", "value"),
    [
        ("summary", "score.mean", 66.0),
        ("trends", "score.delta", 35.0),
        ("timeseries", "buckets.2025-W23.score.mean", 45.0),
        ("by-type", "types.dental_visit.score.mean", 62.5),
    ],
)
async def test_an_explanation_comes_over_http(shared: House, section: str, figure: str, value: float) -> None:
    path, ask = f"/1/analytics/{section}/explain", {**WINDOW, "figure": figure}
    answer = await shared.ask("V1", "GET", path, params=ask)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json()["value"] == value
    links = [one["link"] for one in answer.json()["inputs"] if one["name"].startswith("session ")]
    assert set(links) <= {f"/v1/children/sessions/{number}" for number in range(1, 9)}
    assert links
    page = await shared.ask("V1", "GET", path, params={**ask, "format": "html", "locale": "es"})
    assert page.headers["content-type"].startswith("text/html")
    assert (await shared.ask("G2", "GET", path, params=ask)).status_code == 404


async def test_a_figure_that_is_not_there_is_refused_with_near_ones(shared: House) -> None:
    ask = {**WINDOW, "figure": "score.meen"}
    refused = await shared.ask("G1", "GET", "/1/analytics/summary/explain", params=ask)
    assert refused.status_code == 422
    assert "score.mean" in refused.json()["detail"]


def test_elements_without_a_name_go_by_their_place() -> None:
    class Part(Wire):
        worth: int

    class Whole(Wire):
        parts: list[Part]
        words: list[str]

    found = figures_in(Whole(parts=[Part(worth=3), Part(worth=4)], words=["a", "b"]))
    assert found == {"parts.0.worth": 3, "parts.1.worth": 4, "words.0": "a", "words.1": "b"}


async def test_every_figure_of_a_comparison_is_explained(house: House) -> None:
    """Also those beside the measures: they have no threshold."""
    answer = await house.ask("G1", "GET", "/1/analytics/comparison", params=WINDOW)
    figures = figures_in(Comparison.model_validate(answer.json()["comparison"]))
    for figure in figures:
        told = await house.ask(
            "G1", "GET", "/1/analytics/comparison/explain", params=dict(WINDOW) | {"figure": figure}
        )
        assert told.status_code == 200, (figure, told.text)
