"""Cases T1 to T23, T54 and T64 of the spec: every number was worked by hand there."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from service.children.rules.windows import Span
from tests.children.family import LEO
from tests.children.figured import LONG_AGO, child_of, figures, play, session, worked
from tests.children.house import House, open_house
from tests.support.ground import Ground


@pytest.fixture(scope="module")
async def house(ground: Ground) -> AsyncIterator[House]:
    """The families of F0, for all cases that only read; what they add belongs to children of their own."""
    url = await ground.clone()
    async with open_house(url) as opened:
        yield opened
    await ground.drop(url)


async def test_t001_engagement_of_a_session(house: House) -> None:
    rows = await house.sql("SELECT engagement_score FROM children.game_sessions WHERE id < 10 ORDER BY id")
    assert [None if value is None else float(value) for (value,) in rows] == [
        60.00, 75.00, 20.00, 90.00, 90.00, None, 75.00, None, 80.00,
    ]  # fmt: skip


async def test_t002_accuracy_of_a_session(house: House) -> None:
    rows = await house.sql("SELECT accuracy_pct FROM children.game_sessions WHERE id < 10 ORDER BY id")
    assert [None if value is None else float(value) for (value,) in rows] == [
        50.00, 60.00, 40.00, 75.00, 85.00, None, 97.78, 60.00, 100.00,
    ]  # fmt: skip


async def test_t003_t004_engagement_by_interactions_activity_and_achievements(house: House) -> None:
    child = await child_of(house, "G1", 103)
    rows = [
        (0, 600, 0, "abandoned", 0, 0.00),
        (50, 600, 0, "completed", 0, 80.00),
        (51, 600, 0, "completed", 4, 100.00),
        (1000, 600, 0, "completed", 10, 100.00),
        (7, 180, 0, "abandoned", 0, 23.33),
        (1, 7, 0, "completed", 1, 85.00),
        (50, 700, 100, "completed", 0, 80.00),
    ]
    made = [
        session(
            1030 + place, child, interactions_count=interactions, duration_seconds=seconds,
            total_pause_seconds=paused, completion_status=status, achievements_unlocked=["a"] * unlocked,
        )
        for place, (interactions, seconds, paused, status, unlocked, _) in enumerate(rows)
    ]  # fmt: skip
    await play(house, made)
    found = await house.sql(
        "SELECT engagement_score, active_seconds FROM children.game_sessions WHERE child_id = 103 ORDER BY id"
    )
    assert [float(score) for score, _ in found] == [row[-1] for row in rows]
    assert found[-1][1] == 600


async def test_t005_the_summary_of_a_window(house: House) -> None:
    summary = await figures(house, "summary")
    assert [summary[name] for name in ("total", "finished", "completed", "abandoned", "interrupted")] == [
        8, 7, 5, 1, 1,
    ]  # fmt: skip
    assert summary["in_progress"] == 1
    assert summary["completion_rate"] == 71.43
    assert summary["score"] == {"mean": 66.0, "n": 5, "median": 70, "p90": 86, "min": 40, "max": 90}
    assert summary["duration_seconds"] == {"mean": 900.0, "n": 5}
    assert summary["active_seconds"] == 4800
    assert summary["engagement"] == {"mean": 68.33, "n": 6}
    assert summary["accuracy"] == {
        "mean": 67.96, "n": 6, "pooled": 74.49, "correct": 257, "responses": 345,
    }  # fmt: skip
    assert summary["independence"] == {"mean": 88.68, "n": 6}
    assert summary["help"] == {"pooled_rate": 4.64, "requests": 16, "interactions": 345}
    assert summary["parent_rating"] == {"mean": 4.2, "n": 5}


async def test_t006_t007_t008_trends(house: House) -> None:
    trends = await figures(house, "trends")
    score, engagement = trends["score"], trends["engagement"]
    assert (score["n"], score["early"], score["late"], score["delta"]) == (5, 45.0, 80.0, 35.0)
    assert (score["direction"], score["confidence"]) == ("improving", "low")
    assert (score["slope_per_session"], score["r2"]) == (13.0, 0.9826)
    assert (engagement["n"], engagement["early"], engagement["late"]) == (6, 51.67, 85.0)
    assert (engagement["delta"], engagement["direction"]) == (33.33, "improving")
    assert engagement["slope_per_session"] == 5.43
    accuracy = trends["accuracy"]
    assert (accuracy["early"], accuracy["late"], accuracy["delta"]) == (50.0, 85.93, 35.93)
    assert accuracy["direction"] == "improving"
    duration = trends["duration"]
    assert (duration["early"], duration["late"], duration["delta"]) == (750.0, 1000.0, 250.0)
    assert duration["direction"] == "increasing"


@pytest.mark.parametrize(
    ("child", "scores", "early", "late", "delta", "direction"),
    [
        (191, [50, 50, 55, 55], 50.0, 55.0, 5.0, "stable"),
        (192, [50, 50, 56, 55], 50.0, 55.5, 5.5, "improving"),
        (193, [50, 60, 70], None, None, None, "insufficient_data"),
        (194, [10, 10, 30, 10, 10], 10.0, 16.67, 6.67, "improving"),
    ],
)
async def test_t009_boundaries_of_a_trend(
    house: House,
    child: int,
    scores: list[int],
    early: float | None,
    late: float | None,
    delta: float | None,
    direction: str,
) -> None:
    await child_of(house, "G1", child)
    days = [LONG_AGO + timedelta(days=place) for place in range(len(scores))]
    await play(
        house,
        [
            session(child * 10 + place, child, day, score=score, interactions_count=1)
            for place, (day, score) in enumerate(zip(days, scores, strict=True))
        ],
    )
    trend = (await figures(house, "trends", child, **{"from": "2025-02-20", "to": "2025-03-20"}))["score"]
    assert (trend["early"], trend["late"], trend["delta"]) == (early, late, delta)
    assert trend["direction"] == direction


async def test_t010_series_with_moving_average_step_and_personal_best(house: House) -> None:
    points = (await figures(house, "series"))["sessions"]
    assert [point["moving_average"] for point in points] == [40.0, 45.0, 53.33, 66.67, 80.0]
    assert [point["delta"] for point in points] == [None, 10, 20, 10, 10]
    assert all(point["personal_best"] for point in points)


async def test_t011_weeks_of_a_window(house: House) -> None:
    weeks = (await figures(house, "timeseries", bucket="week"))["buckets"]
    assert [week["label"] for week in weeks] == [f"2025-W{number}" for number in range(22, 27)]
    assert [week["finished"] for week in weeks] == [0, 3, 4, 0, 0]
    assert [week["completed"] for week in weeks] == [0, 2, 3, 0, 0]
    assert [week["score"]["mean"] for week in weeks] == [None, 45.0, 80.0, None, None]
    assert [week["engagement"]["mean"] for week in weeks] == [None, 51.67, 85.0, None, None]
    assert [week["active_seconds"] for week in weeks] == [0, 1800, 3000, 0, 0]
    assert [week["partial"] for week in weeks] == [True, False, False, False, False]
    assert weeks[0]["from"] == "2025-05-26"


async def test_t012_by_type(house: House) -> None:
    types = {row["session_type"]: row for row in (await figures(house, "by-type"))["types"]}
    found = {
        name: (row["completed"], row["finished"], row["completion_rate"], row["score"]["mean"])
        for name, row in types.items()
    }
    assert found == {
        "dental_visit": (4, 4, 100.0, 62.5),
        "social_scenario": (1, 2, 50.0, 80.0),
        "therapy_session": (0, 1, 0.0, None),
    }


async def test_t013_emotions(house: House) -> None:
    emotions = (await figures(house, "emotions"))["sessions"]
    assert (emotions["tracked"], emotions["improvements"], emotions["deteriorations"]) == (6, 4, 1)
    assert (emotions["stable"], emotions["improvement_rate"], emotions["mean_shift"]) == (1, 66.7, 1.33)
    assert emotions["direction"] == "positive"
    assert [(share["state"], share["percent"]) for share in emotions["distribution"]] == [
        ("happy", 30.8), ("calm", 23.1), ("anxious", 15.4), ("focused", 7.7), ("frustrated", 7.7),
        ("overwhelmed", 7.7), ("tired", 7.7),
    ]  # fmt: skip
    assert (emotions["most_common"], emotions["stability"]) == ("happy", "low")
    assert emotions["completeness"] == 92.86


async def test_t015_a_window_without_sessions(house: House) -> None:
    window = {"from": "2025-01-01", "to": "2025-01-31"}
    summary = await figures(house, "summary", **window)
    assert (summary["total"], summary["finished"], summary["active_seconds"]) == (0, 0, 0)
    assert summary["completion_rate"] is None
    for name in ("score", "engagement", "accuracy", "independence", "parent_rating", "duration_seconds"):
        assert (summary[name]["mean"], summary[name]["n"]) == (None, 0)
    trends = await figures(house, "trends", **window)
    assert {trend["direction"] for trend in trends.values()} == {"insufficient_data"}
    everything = await house.ask("G1", "GET", "/1/analytics", params=window)
    assert everything.status_code == 200
    assert everything.json()["emotions"]["sessions"]["direction"] == "none"


async def test_t016_recommendations_with_their_numbers(house: House) -> None:
    summary = await figures(house, "summary")
    assert [advice["code"] for advice in summary["recommendations"]] == ["MORE_REGULAR_SESSIONS"]
    assert summary["recommendations"][0]["evidence"] == {
        "sessions_per_week": 1.63, "below": 2, "n": 7, "days": 30,
    }  # fmt: skip
    labels = summary["labels"]
    assert (labels["mean_active_minutes"], labels["attention"]) == (13.33, "moderate")
    assert (labels["help_per_session"], labels["help_pattern"]) == (2.29, "appropriate")
    assert (labels["sessions_per_week"], labels["regular"]) == (1.63, False)


@pytest.mark.parametrize(
    ("as_of", "current", "longest"),
    [
        ("2025-05-01", 0, 0),
        ("2025-06-09", 1, 2),
        ("2025-06-10", 2, 2),
        ("2025-06-11", 2, 2),
        ("2025-06-12", 1, 2),
        ("2025-06-13", 1, 2),
        ("2025-06-14", 0, 2),
    ],
)
async def test_t017_streaks_as_of_a_day(house: House, as_of: str, current: int, longest: int) -> None:
    streaks = await figures(house, "streaks", as_of=as_of)
    assert (streaks["as_of"], streaks["current"], streaks["longest"]) == (as_of, current, longest)


async def test_t019_windows_are_local_days(house: House) -> None:
    evening = datetime(2025, 6, 14, 20, tzinfo=UTC)  # 22:00 in Rome
    found = await worked(house, Span(days=7), evening, "summary", child=LEO)
    assert (found.from_at, found.to_at) == (
        datetime(2025, 6, 7, 22, tzinfo=UTC), datetime(2025, 6, 14, 22, tzinfo=UTC),
    )  # fmt: skip
    assert (found.first, found.last) == (date(2025, 6, 8), date(2025, 6, 14))
    short = {"from": "2025-03-30", "to": "2025-03-30", "bucket": "day"}
    answer = (await house.ask("G2", "GET", "/2/analytics/timeseries", params=short)).json()
    assert answer["window"]["from_at"] == "2025-03-29T23:00:00Z"
    assert answer["window"]["to_at"] == "2025-03-30T22:00:00Z"
    assert answer["window"]["hours"] == 23
    assert [day["hours"] for day in answer["timeseries"]["buckets"]] == [23]


async def test_t022_a_window_includes_its_beginning_and_not_its_end(house: House) -> None:
    child = await child_of(house, "G1", 122)
    start, end = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 8, tzinfo=UTC)
    just = timedelta(microseconds=1)
    await play(
        house, [session(1220 + n, child, at) for n, at in enumerate((start, start - just, end - just, end))]
    )
    summary = await figures(house, "summary", child, **{"from": "2025-03-01", "to": "2025-03-07"})
    assert summary["total"] == 2
    points = (await figures(house, "series", child, **{"from": "2025-03-01", "to": "2025-03-07"}))["sessions"]
    assert [point["session_id"] for point in points] == [1220, 1222]


async def test_t023_a_voided_session_is_in_no_figure(house: House) -> None:
    child = await child_of(house, "G1", 123)
    days = [LONG_AGO + timedelta(days=place) for place in range(5)]
    made = [session(1230 + n, child, day, score=40 + n, interactions_count=9) for n, day in enumerate(days)]
    made[2]["deleted_at"], made[2]["voided_reason"] = LONG_AGO, "another child played"
    await play(house, made)
    window = {"from": "2025-02-25", "to": "2025-03-10"}
    summary = await figures(house, "summary", child, **window)
    assert (summary["total"], summary["score"]["mean"]) == (4, 42.0)
    assert (await figures(house, "trends", child, **window))["score"]["n"] == 4
    streaks = await figures(house, "streaks", child, **window, as_of="2025-03-05")
    assert (streaks["current"], streaks["longest"], streaks["days"]) == (2, 2, 4)
    points = (await figures(house, "series", child, **window))["sessions"]
    assert 1232 not in [point["session_id"] for point in points]


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"window": "45d"}, "/query/window", "unknown_window"),
        ({"from": "2025-06-30", "to": "2025-06-01"}, "/query/from", "invalid_range"),
        ({"from": "2025-06-30"}, "/query/to", "invalid_range"),
        ({"from": "2024-01-01", "to": "2025-01-01"}, "/query/from", "range_too_long"),
        ({"tz": "Mars/X"}, "/query/tz", "unknown_timezone"),
        ({"tz": "../etc/passwd"}, "/query/tz", "unknown_timezone"),
        ({"windw": "30d"}, "/query/windw", "unknown_parameter"),
    ],
)
async def test_t054_windows_that_cannot_be(
    house: House, asked: dict[str, str], pointer: str, code: str
) -> None:
    refused = await house.ask("G1", "GET", "/1/analytics/summary", params=asked)
    assert refused.status_code == 422
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in refused.json()["errors"]]


async def test_t054_the_longest_window_is_366_days(house: House) -> None:
    longest = {"from": "2024-01-01", "to": "2024-12-31"}
    assert (await house.ask("G1", "GET", "/1/analytics", params=longest)).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("G1", 200), ("G2", 404), ("G3", 200), ("V1", 200), ("C1", 200), ("E1", 200), ("X1", 404), ("W1", 404),
        ("N1", 404), ("U1", 404), ("AD", 403), ("K1", 403), ("K2", 403), (None, 401),
    ],
)  # fmt: skip
async def test_t064_who_may_read_figures(house: House, who: str | None, status: int) -> None:
    paths = ("/1/analytics", "/1/analytics/summary", "/1/analytics/timeseries")
    answers = [await house.ask(who, "GET", path) for path in paths]
    assert [answer.status_code for answer in answers] == [status] * len(paths)
    if status == 403:
        assert answers[0].json()["code"] == "scope_missing"


async def test_t021_activities(house: House) -> None:
    child = await child_of(house, "G1", 121)
    rows = [
        ("dental_care", 15, "2025-06-10T09:00Z", "anxious", "calm", 6, 3, True),
        ("dental_care", 10, "2025-06-11T09:00Z", "calm", "calm", 3, 3, False),
        ("exercise", 20, "2025-06-11T10:00Z", "happy", "tired", 2, 4, True),
        ("sensory_break", 5, "2025-06-12T09:00Z", "overwhelmed", "focused", 9, 4, False),
        ("educational", 0, "2025-06-12T10:00Z", None, None, None, None, False),
    ]
    for kind, points, at, before, after, high, low, verified in rows:
        await house.sql(
            """INSERT INTO children.activities (child_id, activity_type, activity_name, points_earned,
                   completed_at, emotional_state_before, emotional_state_after, anxiety_level_before,
                   anxiety_level_after, verified_by_parent, created_by)
               VALUES (121, :kind, 'a', :points, :at, :before, :after, :high, :low, :verified, 'system')""",
            kind=kind, points=points, at=datetime.fromisoformat(at), before=before, after=after, high=high,
            low=low, verified=verified,
        )  # fmt: skip
    window = {"from": "2025-06-07", "to": "2025-06-13"}
    found = await figures(house, "activities", child, **window)
    assert (found["total"], found["points"], found["verified"], found["verification_rate"]) == (
        5,
        50,
        2,
        40.0,
    )
    assert [day["points"] for day in found["daily_points"]] == [0, 0, 0, 15, 30, 5, 0]
    emotions = await figures(house, "emotions", child, **window)
    around, anxiety = emotions["activities"], emotions["anxiety"]
    assert (around["tracked"], around["improvements"], around["deteriorations"]) == (4, 2, 1)
    assert (around["stable"], around["improvement_rate"]) == (1, 50.0)
    assert (anxiety["n"], anxiety["mean_reduction"], anxiety["percent_reduction"]) == (4, 1.5, 30.0)
