"""History: rings of fixed size that survive restarts and clocks that jump; holes stay holes."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.database import Database
from service.core.telemetry import Distribution
from service.monitoring.figures import FIGURES
from service.monitoring.history import queries
from service.monitoring.history.spans import RINGS, Span, Spans, Value, merged, restored, shares
from service.monitoring.history.writing import HistoryWriter
from service.monitoring.samples import Sample
from tests.core.refused import checked
from tests.core.whole import whole

TEN = RINGS[0]


def told(seconds: float, **values: float) -> Span:
    """What a sample tells of the seconds before it."""
    return Span(covered=seconds, values={name: Value(one, one, one, seconds) for name, one in values.items()})


def sample(clock: float, requests: float = 0, **gauges: float) -> Sample:
    return Sample(datetime.now(UTC), clock, {"requests": requests}, gauges, Distribution().buckets)


@given(st.floats(0, 1e9), st.floats(0.01, 20_000))
@settings(max_examples=200)
def test_a_samples_time_is_shared_out_whole_and_no_span_between_is_left_out(
    start: float, seconds: float
) -> None:
    for ring in RINGS:
        parts = dict(shares(ring, start, start + seconds))
        if seconds <= (ring.length - 1) * ring.seconds:
            assert abs(sum(parts.values()) - 1) < 1e-3
        assert len(parts) <= ring.length
        assert sorted(parts) == list(range(min(parts), max(parts) + 1))


@given(st.lists(st.tuples(st.floats(1, 30), st.floats(0, 500)), min_size=1, max_size=20))
@settings(max_examples=100)
def test_rolled_up_means_are_weighted_and_peaks_stay(parts: list[tuple[float, float]]) -> None:
    whole_span = merged([told(seconds, cpu_percent=value, rss_mib=value) for seconds, value in parts])
    mean = sum(seconds * value for seconds, value in parts) / sum(seconds for seconds, _ in parts)
    cpu, rss = whole_span.values["cpu_percent"], whole_span.values["rss_mib"]
    assert abs(cpu.value - mean) < 1e-6 * max(1, mean)
    assert (cpu.lowest, cpu.highest) == (min(v for _, v in parts), max(v for _, v in parts))
    assert rss.value == max(v for _, v in parts)


def test_a_percentile_of_a_longer_span_is_that_of_all_its_requests() -> None:
    few, many = told(10), told(10)
    few.times[7], many.times[1] = 1.0, 999.0  # one request of about 1 s, 999 of about 5 ms
    few.values["p95_ms"] = Value(1000, 1000, 1000, 1)
    many.values["p95_ms"] = Value(5, 5, 5, 999)
    rolled = merged([few, many]).values["p95_ms"]
    assert rolled.value < 5.1
    assert rolled.highest == 1000


def test_what_is_kept_of_a_span_is_enough_to_go_on_with_it() -> None:
    first, second = told(30, cpu_percent=10, rss_mib=80), told(15, cpu_percent=40, rss_mib=60)
    again = restored(merged([first]).stored())
    again.join(second)
    assert again.stored() == merged([first, second]).stored()
    assert restored({**first.stored(), "values": {"gone": [1, 1, 1, 1]}, "buckets": 1}).values == {}


def test_q06_spans_follow_a_clock_that_jumps_and_what_waits_is_bounded() -> None:
    spans, end = Spans(), 1_000_000_000.0
    for jump in (0, 0, 3600, 0, -7200, 86_400, 0, -86_400, *[0] * 500):
        end += jump + 10
        spans.add(end, told(10, cpu_percent=1))
    rows = spans.unsaved()
    assert len(rows) <= 60
    newest = max(row["at"] for row in rows if row["seconds"] == 10)
    assert newest == end - end % 10 - (10 if end % 10 == 0 else 0)
    spans.saved()
    spans.add(end + 10, told(10, cpu_percent=1))
    assert len(spans._spans) <= 2 * len(RINGS)


async def test_the_rings_keep_their_size_and_a_slot_goes_only_to_a_newer_round(database: Database) -> None:
    now = time.time() // 10 * 10
    row = {"seconds": 10, "slot": 7, "figures": told(10, cpu_percent=1).stored()}
    fuller = {**row, "figures": told(12, cpu_percent=2).stored()}

    async def write(at: float, what: dict[str, Any] = row) -> tuple[float, float]:
        async with database.write() as conn:
            await queries.write_spans(conn, "one", [{**what, "at": at}])
        async with database.read() as conn:
            (kept,) = await queries.select_spans(conn, 10, 0, 1e11)
        return kept.number * 10, restored(orjson.loads(kept.figures)).covered

    assert await write(now - 3600) == (now - 3600, 10)
    assert await write(now) == (now, 10)
    assert await write(now - 3600) == (now, 10)  # an older round, after the clock was set back
    assert await write(now, fuller) == (now, 12)
    assert await write(now) == (now, 12)  # who knows less of the same span
    assert await write(now + 86_400) == (now + 86_400, 10)
    assert await write(now + 10) == (now + 10, 10)  # nothing is kept of a future that did not come


async def test_figures_are_written_read_and_continued_after_a_restart(database_url: str) -> None:
    async with whole(database_url, monitoring={"instance": "here", "enabled": False}) as house:
        clock = time.monotonic() - 20
        for start in (0.0, 4.0):  # the process ends and another one goes on
            writer = HistoryWriter(house.runtime.database, "here")
            for seconds in (0.0, 4.0):
                figures: dict[str, float | None] = dict.fromkeys(FIGURES)
                figures |= {"rss_mib": 80.0 + start, "cpu_percent": 5.0}
                await writer.note(sample(clock + start + seconds), figures)
        async with house.client() as client:
            answer = await client.get("/v1/history", params={"figures": "rss_mib,p95_ms", "range": "24h"})
            everything = (await client.get("/v1/history")).json()
    shown = answer.json()
    rss, p95 = shown["figures"]
    assert answer.headers["cache-control"] == "no-store"
    assert (shown["resolution_seconds"], shown["instance"]) == (60, "here")
    assert [row["name"] for row in shown["instances"]] == ["here"]
    assert [len(series) for series in (rss["points"], rss["lowest"], rss["highest"])] == [1440] * 3
    noted = [point for point in rss["points"] if point is not None]
    assert noted[-1] == 84.0
    assert min(point for point in rss["lowest"] if point is not None) == 80.0
    assert set(p95["points"]) == {None}  # no requests: a hole, not a zero
    assert [figure["name"] for figure in everything["figures"]] == list(FIGURES)
    assert {len(figure["points"]) for figure in everything["figures"]} == {360}
    assert [figure["name"] for figure in shown["catalogue"]] == list(FIGURES)


async def test_only_who_leads_writes_and_takes_up_what_the_other_wrote(database: Database) -> None:
    leads = False
    writer = HistoryWriter(database, "here", lambda: leads)
    other = HistoryWriter(database, "here")
    clock = time.monotonic() - 5
    for seconds in (0, 1):
        await writer.note(sample(clock + seconds), {"cpu_percent": 10.0})
    async with database.read() as conn:
        assert await queries.select_instances(conn) == []
    for seconds in (0, 1):
        await other.note(sample(clock + seconds), {"cpu_percent": 10.0})
    leads = True
    await writer.note(sample(clock + 2), {"cpu_percent": 30.0})
    async with database.read() as conn:
        rows = await queries.select_spans(conn, 3600, 0, 1e11)
    spans = [restored(orjson.loads(row.figures)) for row in rows]
    assert abs(sum(span.covered for span in spans) - 2) < 0.01
    assert abs(merged(spans).values["cpu_percent"].value - 20) < 0.01


async def test_a_database_that_is_away_costs_nothing_but_time(database: Database) -> None:
    url, away = database.url, replace(sample(0), clock=time.monotonic() - 10)
    writer = HistoryWriter(Database(url), "here")  # not open: every use fails
    await writer.note(away, {"cpu_percent": 1.0})
    failures = 0
    for seconds in (2, 4):
        try:
            await writer.note(replace(away, clock=away.clock + seconds), {"cpu_percent": 1.0})
        except RuntimeError:
            failures += 1
    writer.database = database
    await writer.note(replace(away, clock=away.clock + 6), {"cpu_percent": 1.0})
    async with database.read() as conn:
        rows = await queries.select_spans(conn, 3600, 0, 1e11)
    assert failures == 2
    assert sum(restored(orjson.loads(row.figures)).covered for row in rows) >= 1.9


async def test_installations_that_are_gone_are_forgotten(database: Database) -> None:
    now = time.time() // 3600 * 3600
    kept = told(10, cpu_percent=1).stored()
    rows = [
        {"seconds": seconds, "slot": slot, "at": now - days * 86_400, "figures": kept}
        for seconds, slot, days in ((10, 1, 3), (60, 1, 3), (3600, 1, 3), (3600, 2, 32))
    ]
    async with database.write() as conn:
        await queries.write_spans(conn, "gone", rows)
        assert await queries.forget_spans(conn) == 3
        assert [row.number for row in await queries.select_spans(conn, 3600, 0, 1e11)] == [
            (now - 3 * 86_400) // 3600
        ]


async def test_what_is_not_known_is_named_with_what_is_near(database_url: str) -> None:
    async with whole(database_url) as house, house.client() as client:
        document = checked(await client.get("/v1/history?figures=p95"), 422, "invalid")
        assert document["errors"][0]["pointer"] == "/query/figures"
        assert "p95_ms" in document["detail"]
        checked(await client.get("/v1/history?instance=elsewhere"), 422, "invalid")
        checked(await client.get("/v1/history?range=2h"), 422, "invalid")
        document = checked(await client.get("/v1/history?figure=p95_ms"), 422, "invalid")
        assert "figures" in document["detail"]
    async with house.client(token=None) as client:
        checked(await client.get("/v1/history"), 401, "not_authenticated")
