"""The fire stations of the demo: a simulated Gartan on a port that it keeps, and a first look at each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from pydantic import AnyHttpUrl, SecretStr

from service.cli.house import kept_port
from service.cli.words import out, say
from service.core.runtime import Runtime
from service.core.settings import GartanStation, Settings
from service.desks import running_desks
from service.simulators.gartan import GartanServer, GeneratorConfig, Plan, generate

STATIONS: Final = GeneratorConfig(stations=2, people=14)
_USER: Final = "demo"


@asynccontextmanager
async def following_stations(settings: Settings, folder: Path) -> AsyncIterator[Settings]:
    """The settings with two simulated stations, served while the block runs.

    They are as they were where the crew desk is left out or follows stations of its own.
    """
    served = any(desk.name == "crew" for desk in running_desks(settings))
    if not served or settings.upstream.gartan.stations:
        yield settings
        return
    async with GartanServer(generate(STATIONS), port=kept_port(folder / "gartan-port")) as server:
        yield with_stations(settings, server.url, server.plan)


def with_stations(settings: Settings, url: str, plan: Plan) -> Settings:
    """The settings with the stations of a simulated site as upstream; it need not be spared."""
    stations = tuple(
        GartanStation(
            code=one.code, name=one.name, brigade_id=one.brigade_id, brigade_name=one.code, time_zone=one.zone
        )
        for one in plan.stations
    )
    said = {"url": AnyHttpUrl(url), "username": _USER, "password": SecretStr(_USER)}
    gartan = settings.upstream.gartan.model_copy(update={**said, "stations": stations, "spacing": 0.0})
    upstream = settings.upstream.model_copy(update={"gartan": gartan})
    return settings.model_copy(update={"upstream": upstream})


async def look_at_stations(runtime: Runtime) -> None:
    """Bring the grids of this week; later looks come by themselves."""
    for station in runtime.settings.upstream.gartan.stations:
        row = await runtime.tasks.run_now("crew.sync", {"station": station.code}, "demo")
        counts = ", ".join(
            f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(row.counts.items())
        )
        say(f"station {station.code} {row.state}: {counts}")


def tell_stations(runtime: Runtime, url: str) -> None:
    """Where one sees who can turn out."""
    for station in runtime.settings.upstream.gartan.stations[:1]:
        out.print(f"Who can turn out at fire station {station.code} now, in the same browser:")
        out.print(f"  {url}/v1/crew/reports/turnout?station={station.code}&format=html", markup=False)
