"""`muster simulate frappe`: serve generated data or somebody's own files until interrupted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from service.simulators.frappe.app import create_app
from service.simulators.frappe.config import ApiKey, FrappeConfig, RateLimit
from service.simulators.frappe.generate import GeneratorConfig, generate
from service.simulators.frappe.loading import load_data
from service.simulators.frappe.profiles import profile_named
from service.simulators.frappe.store import Store
from service.simulators.serving.server import bind, serve_until_stopped

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to serve and how. `data`: a folder to load; None: generate `people` over `days` days up to `until`
    (yesterday). `file`: keep the rows there and use them again next time. `key` is the caller's
    `key:secret`."""

    data: Path | None = None
    file: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8069
    profile: str = "v15"
    zone: str = "America/Mexico_City"
    people: int = 250
    days: int = 92
    until: date | None = None
    seed: int = 7
    latency: float = 0.0
    key: str = "demo:demo"
    rate_limit: RateLimit | None = None
    workers: int | None = None
    connection_close: bool = True

    def config(self) -> FrappeConfig:
        key, _, secret = self.key.partition(":")
        return FrappeConfig(
            profile=self.profile,
            keys=(ApiKey(key, secret),),
            seed=self.seed,
            latency=self.latency,
            rate_limit=self.rate_limit,
            workers=self.workers,
            connection_close=self.connection_close,
        )


def fill(store: Store, simulation: Simulation) -> str:
    """Load or generate the rows, unless the store has some already; answers one line that says what is
    there."""
    if store.count("Employee"):
        return f"{store.count('Employee Checkin')} check-ins of {store.count('Employee')} people, from before"
    if simulation.data is not None:
        counts = load_data(store, simulation.data)
        return "loaded " + ", ".join(f"{number} {doctype}" for doctype, number in counts.items())
    until = simulation.until or store.clock.local().date() - timedelta(days=1)
    settings = GeneratorConfig(
        until=until,
        people=simulation.people,
        days=simulation.days,
        seed=simulation.seed,
        zone=simulation.zone,
    )
    made = generate(store, settings)
    return f"{made.checkins} check-ins of {made.people} people, {simulation.days} days up to {until}"


def run_simulator(simulation: Simulation, say: Say | None = None) -> None:
    """Serve until SIGINT or SIGTERM; `say` gets the lines for the terminal.

    Call it from the main thread. PortTakenError, LoadError and ValueError (unknown profile or zone) come
    before anything is served.
    """
    speak: Say = say or (lambda _line: None)
    profile_named(simulation.profile)
    listener = bind(simulation.host, simulation.port)
    store = Store(simulation.file, zone=simulation.zone)
    try:
        speak(fill(store, simulation))
        port = listener.getsockname()[1]
        speak(
            f"Frappe HR {simulation.profile} on http://{simulation.host}:{port}, times in {simulation.zone}"
        )
        key, _, secret = simulation.key.partition(":")
        speak(f"It knows the API key {key!r} with the secret {secret!r}")
        serve_until_stopped(create_app(store, simulation.config()), listener)
    finally:
        listener.close()
        store.close()
