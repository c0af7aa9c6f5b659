"""The watch of a process: what happened between two samples becomes figures."""

import asyncio
from pathlib import Path
from typing import Any

from service.core.telemetry.metrics import REGISTRY
from service.monitoring import Monitor, Seat
from service.monitoring.figures import FIGURES
from tests.core.whole import whole
from tests.support.eventually import eventually


async def test_figures_tell_what_happened_since_a_sample(database_url: str) -> None:
    async with whole(database_url) as house, house.client() as client:
        monitor = house.app.state.monitor
        before = monitor.now()
        for _ in range(5):
            await client.get("/health")
        for _ in range(5):
            await client.get("/v1/trials/fail/boom")
        figures = await monitor.figures(before)
    assert set(figures) == set(FIGURES)
    assert figures["requests_per_second"] > 0
    assert figures["error_percent"] == 50
    assert figures["rss_mib"] > 10
    assert figures["pool_waiting"] == 0


async def test_a_listener_that_fails_keeps_nobody_else_from_being_told(database_url: str) -> None:
    heard: list[dict[str, Any]] = []

    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    async def listens(_: object, figures: dict[str, Any]) -> None:
        heard.append(figures)

    async with whole(database_url) as house:
        monitor = house.app.state.monitor
        monitor.listeners.extend((broken, listens))
        await monitor.keep()
        await monitor.keep()
    assert len(heard) >= 1
    assert heard[0]["in_flight"] is not None


async def test_a_sample_that_fails_is_not_the_last(database_url: str, tmp_path: Path) -> None:
    """What the workers share may be unreadable for a while."""

    def failed() -> float:
        labels = {"name": "monitoring.sample", "outcome": "failed"}
        return REGISTRY.get_sample_value("muster_events_total", labels) or 0.0

    broken, before = tmp_path / "gone.json", failed()
    broken.write_text("{")
    async with whole(database_url, monitoring={"sample_seconds": 0.01}) as house:
        monitor = Monitor(house.runtime, house.app.state.responses, Seat(tmp_path, 1))
        watch = asyncio.create_task(monitor.watch())
        await eventually(lambda: failed() > before)
        broken.unlink()
        await eventually(lambda: bool(monitor.samples))
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
