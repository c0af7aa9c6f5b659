"""Houses that follow simulated stations, and one run of the sync."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

from service.crew.rules.planning import local_date
from service.simulators.gartan import GartanServer
from tests.crew.house import House, open_house

PASSWORD = "demo"


def gartan_settings(server: GartanServer, **more: Any) -> dict[str, Any]:
    """Settings that follow every station of a simulated site, without its politeness in seconds."""
    stations = [
        {"code": one.code, "brigade_id": one.brigade_id, "time_zone": one.zone}
        for one in server.plan.stations
    ]
    return {
        "url": server.url, "username": "demo", "password": PASSWORD, "stations": stations,
        "spacing": 0, "backoff": 0, "poll_seconds": 0, "total_timeout": 5, **more,
    }  # fmt: skip


@asynccontextmanager
async def following(
    database_url: str, server: GartanServer, crew: dict[str, Any] | None = None, **more: Any
) -> AsyncIterator[House]:
    """A house whose stations are those of the site."""
    groups = {"upstream": {"gartan": gartan_settings(server, **more)}, "crew": crew or {}}
    async with open_house(database_url, **groups) as house:
        yield house


async def synced(house: House, station: str = "P22", **params: Any) -> Any:
    """One run, ended: its row."""
    return await house.runtime.tasks.run_now("crew.sync", {"station": station, **params}, "test")


def today(zone: str = "Europe/London") -> date:
    """The date at a station now."""
    return local_date(datetime.now(UTC), zone)
