"""`muster simulate gartan`: serve invented stations until interrupted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson

from service.simulators.gartan.config import GartanConfig
from service.simulators.gartan.generate import GeneratorConfig, generate
from service.simulators.gartan.layout import Mode
from service.simulators.gartan.plan import Plan
from service.simulators.gartan.server import create_app
from service.simulators.gartan.site import Site
from service.simulators.serving.server import bind, serve_until_stopped

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to serve and how; `latency` is seconds added to each answer."""

    stations: int = 2
    people: int = 12
    host: str = "127.0.0.1"
    port: int = 8101
    zone: str = "Europe/London"
    dst: Mode = "single"
    latency: float = 0.0
    user: str = "demo"
    password: str = "demo"  # noqa: S105
    seed: int = 7

    def plan(self) -> Plan:
        """The stations; ValueError for a zone that there is not."""
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {self.zone!r}") from None
        return generate(GeneratorConfig(self.stations, self.people, seed=self.seed, zone=self.zone))

    def config(self) -> GartanConfig:
        """How the site behaves."""
        users = {self.user: self.password}
        return GartanConfig(users=users, dst=self.dst, latency=self.latency, seed=self.seed)


def settings_for(plan: Plan, url: str, user: str, password: str) -> Mapping[str, str]:
    """The settings, as environment variables, with which the service reads this site."""
    stations = [
        {"code": one.code, "name": one.name, "brigade_id": one.brigade_id, "brigade_name": one.code,
         "time_zone": one.zone}
        for one in plan.stations
    ]  # fmt: skip
    prefix = "MUSTER_UPSTREAM__GARTAN__"
    values = {"URL": url, "USERNAME": user, "PASSWORD": password, "STATIONS": orjson.dumps(stations).decode()}
    return {f"{prefix}{name}": value for name, value in values.items()}


def run_simulator(simulation: Simulation, say: Say | None = None) -> None:
    """Serve until SIGINT or SIGTERM; `say` gets the lines for the terminal.

    Call it from the main thread. PortTakenError and ValueError (unknown zone) come before anything is served.
    """
    speak: Say = say or (lambda _line: None)
    plan = simulation.plan()
    listener = bind(simulation.host, simulation.port)
    try:
        url = f"http://{simulation.host}:{listener.getsockname()[1]}"
        codes = ", ".join(one.code for one in plan.stations)
        speak(f"Gartan Availability on {url}: {codes}, each with {simulation.people} people")
        speak("It is read with these settings:")
        for name, value in settings_for(plan, url, simulation.user, simulation.password).items():
            speak(f"  {name}='{value}'")
        serve_until_stopped(create_app(Site(plan, simulation.config())), listener)
    finally:
        listener.close()
