"""Houses that follow simulated stations, and one run of the sync."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from service.simulators.gartan import GartanServer, GeneratorConfig, generate
from tests.crew.house import House, open_house
from tests.support import dates

CREW = generate(GeneratorConfig(stations=2, people=4))
STORED = """SELECT v.local_date, sum(cardinality(v.listed)) AS people FROM crew.day_version v
            JOIN crew.station s ON s.id = v.station_id
            WHERE s.code = :code AND v.known_to IS NULL GROUP BY 1 ORDER BY 1"""
SEGMENTS = """SELECT m.grid_name, a.local_date, a.during, a.state, a.reason FROM crew.crew_availability a
              JOIN crew.crew_member m ON m.id = a.crew_id ORDER BY 1, 3"""
DAYS = [date(2026, 3, day) for day in (3, 4, 5)]


def gartan_settings(server: GartanServer, **more: Any) -> dict[str, Any]:
    """Settings that follow every station of a simulated site, without its politeness in seconds."""
    stations = [
        {"code": one.code, "brigade_id": one.brigade_id, "time_zone": one.zone}
        for one in server.plan.stations
    ]
    return {
        "url": server.url, "username": "demo", "password": "demo", "stations": stations,
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
    """The date at a station now, which it stays for a while."""
    return dates.today(ZoneInfo(zone))


def asked(*days: date) -> list[str]:
    return [day.isoformat() for day in days]


async def stored(house: House, code: str = "P22") -> list[date]:
    return [row.local_date for row in await house.sql(STORED, code=code)]


def states(run: Any) -> dict[str, str]:
    """What came of each day, with its code where it has one."""
    return {one["date"]: one.get("code") or one["state"] for one in run.result["days"]}


async def waits(house: House) -> bool:
    """Whether somebody waits for a lock that somebody else has."""
    waiting = """SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    return (await house.sql(waiting)) != [(0,)]
