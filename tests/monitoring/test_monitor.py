"""The watch of a process: what happened between two samples becomes figures."""

import asyncio
from pathlib import Path
from typing import Any

from service.monitoring import Seat, watching
from service.monitoring.figures import FIGURES
from tests.client.serving import until
from tests.core.whole import whole


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


async def test_a_sample_that_cannot_be_taken_does_not_end_the_watch(
    database_url: str, tmp_path: Path
) -> None:
    seat = Seat(tmp_path, 1)
    async with whole(database_url, monitoring={"enabled": False}) as house:
        settings = house.runtime.settings
        frequent = settings.monitoring.model_copy(update={"enabled": True, "sample_seconds": 0.01})
        house.runtime.settings = settings.model_copy(update={"monitoring": frequent})
        (tmp_path / "gone.json").write_text("cut o")
        async with watching(house.runtime, house.app.state.responses, seat) as monitor:
            await asyncio.sleep(0.1)
            assert not monitor.samples
            (tmp_path / "gone.json").unlink()
            await until(lambda: len(monitor.samples) > 0)
