"""The statement of every section against plain Python, over generated sessions; and what a trend may claim."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.children.analytics.answers import section_of
from service.children.analytics.sections import parts_of
from service.children.rules.rounding import rounded
from service.children.rules.trends import THRESHOLDS
from service.children.rules.windows import Span
from service.schemas.children.analytics import StreaksAsk, TimeseriesAsk
from service.schemas.children.figures import Metric, Section
from service.schemas.children.words import EmotionalState, SessionType, words
from tests.children.figured import child_of, play, session, worked
from tests.children.house import House
from tests.children.oracle import Rows, exact, feeling, half_up, measure, streak, trend

ROME = ZoneInfo("Europe/Rome")
CHILD = 700
SPAN = Span(first=date(2025, 3, 17), last=date(2025, 4, 13))
"""Four weeks around the night of the clock change, from a Monday."""
NOW = datetime(2025, 7, 1, 9, tzinfo=UTC)
EXAMPLES = 300 if os.environ.get("MUSTER_PROVE") == "1" else 12
FROM, TO = datetime(2025, 3, 17, tzinfo=ROME), datetime(2025, 4, 14, tzinfo=ROME)
BEFORE = FROM.astimezone(UTC) - (TO.astimezone(UTC) - FROM.astimezone(UTC))


@st.composite
def played(draw: st.DrawFn) -> dict[str, Any]:
    """A session as it could have been, somewhere around the window."""
    interactions = draw(st.integers(0, 200))
    correct = draw(st.integers(0, interactions))
    seconds = draw(st.one_of(st.none(), st.integers(0, 3000)))
    states = st.one_of(st.none(), st.sampled_from(words(EmotionalState)))
    status = draw(st.sampled_from(["completed", "completed", "completed", "abandoned", "in_progress"]))
    return {
        "started_at": BEFORE + timedelta(minutes=draw(st.integers(0, 60 * 24 * 60))),
        "session_type": draw(st.sampled_from(words(SessionType)[:3])),
        "completion_status": status,
        "score": draw(st.integers(0, 100)),
        "duration_seconds": None if status == "in_progress" else seconds,
        "total_pause_seconds": draw(st.integers(0, seconds or 0)) if status != "in_progress" else 0,
        "interactions_count": interactions,
        "correct_responses": correct,
        "incorrect_responses": draw(st.integers(0, interactions - correct)),
        "help_requests": draw(st.integers(0, interactions)),
        "achievements_unlocked": ["a"] * draw(st.integers(0, 6)),
        "initial_state": draw(states),
        "final_state": draw(states),
        "parent_rating": draw(st.one_of(st.none(), st.integers(1, 5))),
        "scenario_version": draw(st.sampled_from([None, "1", "2"])),
        "device_type": draw(st.sampled_from([None, None, "tablet"])),
        "deleted_at": draw(st.sampled_from([None, None, None, NOW])),
    }


def with_figures(rows: Rows) -> Rows:
    """The sessions with the figures of each (D7.1, D7.2), in order of time."""
    for row in rows:
        seconds = row["duration_seconds"]
        active = None if seconds is None else max(seconds - row["total_pause_seconds"], 0)
        row["active_seconds"] = active
        row["f"], row["c"] = (
            row["completion_status"] != "in_progress",
            row["completion_status"] == "completed",
        )
        answers = row["correct_responses"] + row["incorrect_responses"]
        row["accuracy_pct"] = half_up(Fraction(100 * row["correct_responses"], answers)) if answers else None
        row["engagement_score"] = engagement(row, active) if active else None
        row["day"], row["transitions"] = row["started_at"].astimezone(ROME).date().isoformat(), 0
    return sorted(rows, key=lambda row: (row["started_at"], row["id"]))


def engagement(row: Mapping[str, Any], active: int) -> float | None:
    pace = min(Fraction(row["interactions_count"] * 60, active * 5), Fraction(1)) * 50
    whole = pace + (30 if row["c"] else 0) + min(5 * len(row["achievements_unlocked"]), 20)
    return half_up(min(whole, Fraction(100)))


def within(rows: Rows, start: datetime, end: datetime) -> Rows:
    return [row for row in rows if row["deleted_at"] is None and start <= row["started_at"] < end]


MEASURED = {
    "completion_rate": ("completion_rate", "", lambda row: row["f"]),
    "score.mean": ("score", "mean", lambda row: row["c"]),
    "score.median": ("score", "median", lambda row: row["c"]),
    "score.p90": ("score", "p90", lambda row: row["c"]),
    "duration_seconds.mean": (
        "duration_seconds", "mean", lambda row: row["c"] and row["duration_seconds"] is not None,
    ),
    "active_seconds": ("active_seconds", "", lambda row: row["f"]),
    "engagement.mean": ("engagement", "mean", lambda row: row["f"] and row["engagement_score"] is not None),
    "accuracy.mean": ("accuracy", "mean", lambda row: row["f"] and row["accuracy_pct"] is not None),
    "accuracy.pooled": ("accuracy", "pooled", lambda row: row["f"]),
    "independence.mean": ("independence", "mean", lambda row: row["f"] and row["interactions_count"] > 0),
    "help.pooled_rate": ("help", "pooled_rate", lambda row: row["f"]),
    "parent_rating.mean": ("parent_rating", "mean", lambda row: row["f"] and row["parent_rating"] is not None),
}  # fmt: skip
"""Figures of a summary: the oracle's measure, its part, and the sessions it is over."""


def picked(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document[name]
    return document


def check_summary(summary: Any, rows: Rows) -> None:
    assert summary["total"] == len(rows)
    assert summary["completed"] == sum(row["c"] for row in rows)
    for path, (name, part, chosen) in MEASURED.items():
        of = [row for row in rows if chosen(row)]
        assert picked(summary, path) == measure(name, part, of, 28), path


def check_trends(trends: Any, rows: Rows) -> None:
    fields = {
        "score": ("score", "c"), "engagement": ("engagement_score", "f"), "accuracy": ("accuracy_pct", "f"),
        "duration": ("duration_seconds", "c"),
    }  # fmt: skip
    for metric, (field, chosen) in fields.items():
        of = [row for row in rows if row[chosen] and row[field] is not None]
        shown = trends[metric]
        assert shown["n"] == len(of)
        if len(of) < 4:
            assert (shown["direction"], shown["delta"]) == ("insufficient_data", None)
            continue
        values = [{field: row[field]} for row in of]
        for part in ("early", "late", "delta", "slope_per_session"):
            assert shown[part] == trend(values, part, 5, duration=False), (metric, part)
        expected = claimed(
            [(row["scenario_version"], row["device_type"], exact(row[field])) for row in of], metric
        )
        assert shown["direction"] == expected, metric


def claimed(values: list[tuple[str | None, str | None, Fraction]], metric: str) -> str:
    """The direction by the rule of `rules/trends.py`, as told there in words."""
    half = len(values) // 2
    early, late = values[:half], values[half:]
    setups = {value[:2] for value in values}
    share = {s: (Fraction(sum(v[:2] == s for v in early), half), Fraction(sum(v[:2] == s for v in late), len(late)))
             for s in setups}  # fmt: skip
    overlap = sum((min(shares) for shares in share.values()), Fraction(0))
    moved = direction(average(late) - average(early), metric)
    if overlap < Fraction(1, 2):
        return "not_comparable"
    if overlap == 1 or moved == "stable":
        return moved
    weight, drift = 0, Fraction(0)
    for setup in setups:
        a, b = ([v for v in part if v[:2] == setup] for part in (early, late))
        if a and b:
            weight += min(len(a), len(b))
            drift += min(len(a), len(b)) * (average(b) - average(a))
    return moved if direction(drift / weight, metric) == moved else "not_comparable"


def average(values: list[tuple[str | None, str | None, Fraction]]) -> Fraction:
    return sum((value[2] for value in values), Fraction(0)) / len(values)


def direction(delta: Fraction, metric: str) -> str:
    threshold = {"score": 5, "engagement": 10, "accuracy": 5, "duration": 120}[metric]
    up, down = ("increasing", "decreasing") if metric == "duration" else ("improving", "declining")
    return up if delta > threshold else down if delta < -threshold else "stable"


def check_weeks(buckets: Any, rows: Rows) -> None:
    assert [bucket["from"] for bucket in buckets] == ["2025-03-17", "2025-03-24", "2025-03-31", "2025-04-07"]
    assert [bucket["hours"] for bucket in buckets] == [168, 167, 168, 168]
    for bucket in buckets:
        of = [row for row in rows if bucket["from"] <= row["day"] <= bucket["to"]]
        assert bucket["total"] == len(of)
        completed = [row for row in of if row["c"]]
        assert bucket["score"] == {"mean": measure("score", "mean", completed, 7), "n": len(completed)}
        assert bucket["active_seconds"] == sum(row["active_seconds"] or 0 for row in of if row["f"])


def check_series(points: Any, rows: Rows) -> None:
    completed = [row for row in rows if row["c"]]
    assert [point["session_id"] for point in points] == [row["id"] for row in completed]
    scores = [row["score"] for row in completed]
    for place, point in enumerate(points):
        last = scores[max(place - 2, 0) : place + 1]
        assert point["moving_average"] == half_up(Fraction(sum(last), len(last)))
        assert point["delta"] == (scores[place] - scores[place - 1] if place else None)
        assert point["personal_best"] == (scores[place] > max(scores[:place], default=-1))


async def shown(house: House, section: Section) -> Any:
    found = await worked(house, SPAN, NOW, *parts_of(section), child=CHILD)
    ask = TimeseriesAsk() if section == "timeseries" else StreaksAsk()
    return section_of(found, section, ask).model_dump(mode="json", by_alias=True)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions=st.lists(played(), max_size=24))
async def test_every_section_is_what_plain_python_makes_of_the_sessions(
    shared: House, sessions: list[dict[str, Any]]
) -> None:
    await shared.sql("DELETE FROM children.children WHERE id = 700")
    await child_of(shared, "G1", CHILD, "Europe/Rome")
    made = [session(7000 + place, CHILD, **given) for place, given in enumerate(sessions)]
    if made:
        await play(shared, made)
    everything = with_figures(made)
    rows = within(everything, FROM, TO)
    check_summary(await shown(shared, "summary"), rows)
    check_trends(await shown(shared, "trends"), rows)
    check_weeks((await shown(shared, "timeseries"))["buckets"], rows)
    check_series((await shown(shared, "series"))["sessions"], rows)
    emotions = (await shown(shared, "emotions"))["sessions"]
    finished = [row for row in rows if row["f"]]
    for part in ("tracked", "improvements", "deteriorations", "mean_shift", "most_common", "completeness"):
        assert emotions[part] == feeling(finished, ["sessions", part]), part
    days = [row for row in within(everything, BEFORE - timedelta(days=9), TO) if row["c"]]
    streaks = await shown(shared, "streaks")
    assert [streaks[part] for part in ("current", "longest", "days")] == [
        streak(days, part, date(2025, 4, 13)) for part in ("current", "longest", "days")
    ]
    before = [row for row in within(everything, BEFORE, FROM) if row["f"]]
    compared = (await shown(shared, "comparison"))["figures"]["accuracy_pooled"]
    assert compared["previous"] == measure("accuracy_pooled", "", before, 28)
    assert compared["value"] == measure("accuracy_pooled", "", finished, 28)


@settings(max_examples=60)
@given(st.fractions(-(10**9), 10**9, max_denominator=10**6), st.integers(0, 4))
def test_rounding_is_half_away_from_zero(value: Fraction, places: int) -> None:
    found = rounded(value, places)
    assert found is not None
    shift = Fraction(10) ** places
    whole = Fraction(str(found)) * shift
    assert whole.denominator == 1
    assert abs(whole - value * shift) <= Fraction(1, 2)
    assert abs(whole) >= abs(value * shift) or abs(whole - value * shift) < Fraction(1, 2)


def test_the_thresholds_are_those_of_the_spec() -> None:
    expected: dict[Metric, int] = {"score": 5, "engagement": 10, "accuracy": 5, "duration": 120}
    assert expected == THRESHOLDS


async def test_improvement_is_not_claimed_where_only_the_version_or_the_device_changed(
    shared: House,
) -> None:
    start = datetime(2025, 3, 18, 10, tzinfo=UTC)
    cases = [
        ("scenario_version", ["1"] * 4 + ["2"] * 4, [40] * 4 + [70] * 4, "not_comparable"),
        ("device_type", ["phone"] * 4 + ["tablet"] * 4, [40] * 4 + [70] * 4, "not_comparable"),
        # Half of the later ones as before: those did not move.
        ("scenario_version", ["1"] * 6 + ["2"] * 2, [40] * 6 + [90] * 2, "not_comparable"),
        # They moved too.
        ("scenario_version", ["1"] * 6 + ["2"] * 2, [40] * 4 + [60] * 2 + [90] * 2, "improving"),
        ("scenario_version", ["1"] * 8, [40] * 4 + [70] * 4, "improving"),
    ]
    for number, (field, setups, scores, expected) in enumerate(cases):
        child = await child_of(shared, "G1", 710 + number)
        made = [
            session(child * 10 + place, child, start + timedelta(days=place), score=score, **{field: setup})
            for place, (setup, score) in enumerate(zip(setups, scores, strict=True))
        ]
        await play(shared, made)
        found = section_of(
            await worked(shared, SPAN, NOW, "summary", "trends", child=child), "trends", StreaksAsk()
        )
        assert found.score.direction == expected, (number, found.score)
        assert found.score.reason == (f"{field}_changed" if expected == "not_comparable" else None)
        assert sum(setup.n for setup in found.score.setups) == 8
