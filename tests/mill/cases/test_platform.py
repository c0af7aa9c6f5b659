"""Section F.9: what the predecessor's monitoring, retries, caches and flags promised, as the platform keeps it.

Where the platform decided otherwise than the spec of this desk, the test says what holds and why.
"""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from service.core.batches import collected
from service.core.cache import BoundedMemory, Cache
from service.core.cron import due_after
from service.core.flags import Flags
from service.core.retries import RetryPolicy
from service.core.settings import FlagSettings, load_settings
from service.mill.jobs import JOBS
from service.monitoring.alerts.states import Limits, Reading, Standing, judged, to_tell
from service.monitoring.loadtest.statistics import Histogram
from service.monitoring.memory.growth import MIB, suspicion
from service.monitoring.performance import recommendations
from service.monitoring.performance.bottlenecks import bottlenecks
from service.monitoring.ttl_advice import Evidence, ttl_advice
from service.schemas.monitoring.performance import EndpointStatistics, QueryStatistics, StatementTimes
from tests.core.building import Builder, Clock
from tests.mill.scenario import AS_OF, settle_f58
from tests.support.house import open_house

PLANNED = (
    "/v1/mill/plan-runs/latest/weeks", "/v1/mill/plan-runs/latest/actions",
    "/v1/mill/plan-runs/latest/requirements", "/v1/mill/reports/shortages", "/v1/mill/reports/yarn-weeks",
    "/v1/mill/reports/procurement", "/v1/mill/yarns/Y1/timeline", "/v1/mill/yarns/Y1/balance",
    "/v1/mill/orders", "/v1/mill/schedule",
)  # fmt: skip
"""What a planner reads."""


async def test_f074_answers_are_the_same_bytes_with_optimisations_off(database_url: str) -> None:
    async with open_house(database_url) as fast:
        await settle_f58(fast)
        made = await fast.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
        assert made.state == "done", made.error
        plain = {"performance_optimizations_enabled": False}
        async with open_house(database_url, flags=plain) as slow:
            for path in PLANNED:
                one, other = await fast.ask("GET", path), await slow.ask("GET", path)
                assert (one.status_code, one.content) == (200, other.content), path


def endpoint(**more: Any) -> EndpointStatistics:
    """One that breaks no rule."""
    figures: dict[str, Any] = {
        "operation": "op", "method": "GET", "route": "/v1/x", "count": 100, "refused": 0, "failed": 0,
        "success_rate": 100.0, "min_ms": 10.0, "mean_ms": 100.0, "p50_ms": 100.0, "p95_ms": 120.0,
        "p99_ms": 150.0, "max_ms": 200.0, "variance_ms2": 1.0, "database_percent": 10.0, "pool_percent": 0.0,
        "main_statement": None,
    }  # fmt: skip
    return EndpointStatistics(**{**figures, **more})


def broken(**more: Any) -> list[tuple[str, str]]:
    return [(one.category, one.severity) for one in bottlenecks([endpoint(**more)], {}, {})]


@pytest.mark.parametrize(
    ("samples", "share", "expected"),
    [(range(10, 101, 10), 0.5, 50), (range(10, 101, 10), 0.95, 100), (range(10, 101, 10), 0.99, 100),
     (range(1, 21), 0.95, 19)],
)  # fmt: skip
def test_f075_percentiles_are_the_nearest_rank(samples: range, share: float, expected: int) -> None:
    times = Histogram()
    for one in samples:
        times.add(one / 1000)
    # Kept in buckets of a few per cent, whatever their number.
    assert times.percentile(share) * 1000 == pytest.approx(expected, rel=0.03)


def test_f075_a_largest_value_of_four_means_is_told() -> None:
    # The platform tells it as information: it is ranked by p99 over p50, and a single value proves nothing.
    assert broken(min_ms=10.0, max_ms=400.0, mean_ms=100.0) == [("HIGH_VARIANCE", "info")]


def test_f084_waits_double_and_end_with_the_last_attempt() -> None:
    policy = RetryPolicy(attempts=3, base=1.0, jitter=0.0)
    error = ConnectionError("away")
    assert [policy.after(attempt, error) for attempt in (1, 2, 3)] == [1.0, 2.0, None]


async def test_f085_twenty_tasks_ten_at_a_time_in_their_order_one_failing() -> None:
    running = most = 0

    async def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        if number == 7:
            raise ValueError(number)
        return number * number

    batch = await collected(range(20), work, at_once=10)
    assert most == 10
    assert batch.results == [n * n for n in range(20) if n != 7]
    assert [(one.index, str(one.error)) for one in batch.errors] == [(7, "7")]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (datetime(2025, 3, 9, tzinfo=UTC), datetime(2025, 3, 9, 7, tzinfo=UTC)),  # 02:00 is skipped: 03:00
        (datetime(2025, 11, 2, 5, tzinfo=UTC), datetime(2025, 11, 2, 7, tzinfo=UTC)),  # 01:00 comes twice
        (datetime(2025, 9, 3, 5, tzinfo=UTC), datetime(2025, 9, 3, 6, tzinfo=UTC)),
    ],
)
def test_f086_two_in_the_morning_comes_once_on_days_of_clock_change(day: datetime, due: datetime) -> None:
    first = due_after("0 2 * * *", "America/New_York", day)
    assert first == due
    assert due_after("0 2 * * *", "America/New_York", first) - first > timedelta(hours=22)


LATE = {
    ("America/New_York", 2026, "30 2 * * *"): [(date(2026, 3, 8), 3)],
    ("Europe/London", 2027, "30 1 * * *"): [(date(2027, 3, 28), 2)],
}
"""The day on which the clock jumps over that time: it is due an hour later by it."""


@pytest.mark.parametrize(("zone", "year"), [("America/New_York", 2026), ("Europe/London", 2027)])
@pytest.mark.parametrize("cron", ["30 2 * * *", "30 1 * * *"])
def test_f086_the_plan_of_each_day_is_made_once_a_day_by_the_mills_clock(
    cron: str, zone: str, year: int
) -> None:
    settings = load_settings({"MUSTER_MILL__PLAN_AT": cron, "MUSTER_MILL__TIME_ZONE": zone})
    [job] = [one for one in JOBS if one.name == "mill.plan"]
    at, days = datetime(year, 1, 1, 12, tzinfo=UTC), []
    late: list[tuple[date, int]] = []
    clock = f"{int(cron.split()[1]):02}:30"
    while (due := job.next_due(settings, at)) is not None and due.year == year:
        at, local = due, due.astimezone(ZoneInfo(zone))
        days.append(local.date())
        if f"{local:%H:%M}" != clock:
            late.append((local.date(), local.hour))
    assert late == LATE.get((zone, year, cron), [])
    assert days == [date(year, 1, 2) + timedelta(days=one) for one in range(364)]


async def test_f087_a_life_of_300_s_ends_and_a_hundred_misses_are_one_build() -> None:
    clock, build = Clock(), Builder(waits=True)
    cache = Cache(BoundedMemory(1000, 1_000_000, clock=clock))

    async def ask(key: str = "mill/1") -> bytes:
        return await cache.get_or_build(key, build, ttl=timedelta(seconds=300), namespace="mill")

    asking = [asyncio.create_task(ask()) for _ in range(100)]
    await asyncio.sleep(0)
    build.gate.set()
    assert set(await asyncio.gather(*asking)) == {b"sheet"}
    assert build.calls == 1
    clock.now += 269  # lives differ by a tenth, so that they do not end together
    await ask()
    assert build.calls == 1
    clock.now += 62
    await ask()
    assert build.calls == 2
    await ask("mill/2")  # the data version is in the key: after an import nothing old is found
    assert build.calls == 3
    await cache.close()


def test_f088_lifetimes_are_advised_from_what_was_seen_within_bounds() -> None:
    def advised(**seen: Any) -> tuple[str, int | None]:
        usual = {"namespace": "/v1/mill/yarns", "ttl": 300.0, "requests": 500, "expired": 50, "unchanged": 50}
        found = ttl_advice(Evidence(**{**usual, **seen}))
        return found.verdict, found.advised_seconds

    assert advised(requests=1, watched=10_000.0, changes=0) == ("unknown", None)  # too little: unchanged
    assert advised(watched=10_000.0, changes=1000) == ("shorter", 60)
    # The platform advises from how often data change, not from how often they are asked for.
    assert advised(watched=864_000.0, changes=1) == ("longer", 86_400)


def test_f089_nobody_everybody_and_always_the_same() -> None:
    def acting(share: int) -> list[str]:
        flags = Flags(FlagSettings(response_cache=share))
        return [who for who in map(str, range(500)) if flags.acts("response_cache", who)]

    assert acting(0) == []
    assert len(acting(100)) == 500
    half = acting(50)
    assert 150 < len(half) < 350
    assert acting(50) == half


@pytest.mark.parametrize("share", [150, -5])
def test_f089_a_share_there_is_not_is_refused_and_never_bent(share: int) -> None:
    with pytest.raises(ValidationError):
        FlagSettings(response_cache=share)


def test_f091_equal_samples_are_no_leak_and_rising_ones_are() -> None:
    level = [(float(at), 100.0 * MIB) for at in range(0, 3600, 10)]
    rising = [(float(at), (100 + at / 400) * MIB) for at in range(0, 3600, 10)]  # 9 % in an hour
    assert not suspicion(level).suspected
    assert suspicion(rising).suspected


def test_f092_success_and_slowness_at_their_limits() -> None:
    assert broken(success_rate=94.0) == [("LOW_SUCCESS_RATE", "critical")]
    assert broken(success_rate=95.0) == []
    assert broken(p95_ms=200.0) == []
    assert broken(p95_ms=200.1) == [("MODERATE_RESPONSE", "warning")]
    assert broken(p95_ms=500.1) == [("SLOW_RESPONSE", "critical")]


@pytest.mark.parametrize(("calls", "told"), [(99, 0), (100, 1)])
def test_f093_a_statement_that_takes_the_time_is_told_once_it_was_seen_often(calls: int, told: int) -> None:
    # The platform advises by the share of all SQL time: a mean above a second is slow wherever it stands.
    slow = StatementTimes(
        fingerprint="9f1c", statement="SELECT ?", calls=calls, rows=calls, errors=0, slow=calls,
        mean_ms=1001.0, p50_ms=1001.0, p95_ms=1001.0, p99_ms=1001.0, max_ms=1001.0, total_ms=1001.0 * calls,
    )  # fmt: skip
    seen = QueryStatistics.model_construct(calls=calls, total_ms=slow.total_ms, statements=[slow])
    assert len(list(recommendations._of_queries(seen))) == told


def test_f094_eleven_short_yarns_are_told_once_while_they_stay_short() -> None:
    """The spec repeats an alert after 30 minutes; the platform tells each change of state once."""
    limits = Limits(">", 10)
    now = datetime(2025, 9, 3, tzinfo=UTC)
    standing, told, heard = Standing("ok", now, now), None, []
    for minutes, short in ((0, 10), (1, 11), (5, 11), (31, 11), (32, 10), (33, 11)):
        standing = judged(limits, standing, Reading(short, "short yarns"), now + timedelta(minutes=minutes))
        if to_tell(standing, told, silenced=False):
            told = standing.state
            heard.append((minutes, told))
    assert heard == [(1, "firing"), (32, "ok"), (33, "firing")]
