"""demo: everything on one machine, with a simulated Frappe HR and Gartan that are synced over real HTTP."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import AnyHttpUrl, SecretStr

from service.access.keys import create_key
from service.access.sessions import create_sign_in_link
from service.app import create_app
from service.attendance.decisions.schedules import add_schedule
from service.attendance.queries.schedules import people_without_schedule
from service.cli.families import settle_families, tell_people
from service.cli.house import address, free_socket, kept_port, opened
from service.cli.mill_demo import settling_mill, tell_mill
from service.cli.progress import shown_progress
from service.cli.serving import serve_until_stopped
from service.cli.stations import followed_stations, settling, tell_stations
from service.cli.stopping import Stopped, interruptible, run
from service.cli.words import out, refuse, say
from service.core.auth import SYSTEM
from service.core.mail import OUTBOX
from service.core.runtime import Runtime
from service.core.settings import Settings, load_settings
from service.desks import running_desks
from service.schemas.attendance.decisions import ScheduleAsk
from service.simulators.frappe import FrappeConfig, FrappeServer, PortTakenError, Store
from service.simulators.frappe.run import Simulation, fill
from service.simulators.gartan import Plan

ZONE = "America/Mexico_City"
DAYS = 92
SITE = "Villas"
QUINCENA_SITE = "Nave"
QUINCENA_SINCE = date(2020, 1, 1)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    port: Annotated[int | None, typer.Option(help="Port to listen on; default MUSTER_PORT or 8000.")] = None,
    people: Annotated[int, typer.Option(min=10, max=20_000, help="People of the simulated firm.")] = 250,
    children: Annotated[int, typer.Option(min=2, max=20_000, help="Children of made-up families.")] = 48,
    no_children: Annotated[bool, typer.Option("--no-children", help="Make up no families.")] = False,
    no_crew: Annotated[bool, typer.Option("--no-crew", help="Make up no fire stations.")] = False,
    no_mill: Annotated[bool, typer.Option("--no-mill", help="Make up no knitting mill.")] = False,
) -> None:
    """Try it: a simulated Frappe HR and Gartan, families, a knitting mill, then the API and pages."""
    settings = load_settings() if port is None else load_settings(port=port)
    if settings.log.format == "auto":
        settings = settings.model_copy(update={"log": settings.log.model_copy(update={"level": "ERROR"})})
    bound = free_socket(settings.host, settings.port, "choose another with `make run PORT=…` or --port")
    code = 0
    try:
        with bound:
            with interruptible():
                store = _store(settings.home / "demo", people)
            made_up = made_up_of(
                settings, children, no_children=no_children, no_crew=no_crew, no_mill=no_mill
            )
            run(_demo(settings, store, bound, made_up))
    except Stopped as cut_short:
        code = cut_short.exit_code
    say("stopped; `make run` goes on from here")
    if code:
        raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What is made up beside the firm: so many children, fire stations or not, a mill or not."""

    children: int
    stations: bool
    mill: bool


def made_up_of(
    settings: Settings, children: int, *, no_children: bool, no_crew: bool, no_mill: bool
) -> MadeUp:
    """What a flag, the setting and the desks that run leave."""
    families = _serves(settings, "children") and settings.children.demo and not no_children
    followed = settings.upstream.gartan.stations
    stations = _serves(settings, "crew") and settings.crew.demo and not no_crew and not followed
    mill = _serves(settings, "mill") and settings.mill.demo and not no_mill
    return MadeUp(children if families else 0, stations, mill)


def _serves(settings: Settings, name: str) -> bool:
    return any(desk.name == name for desk in running_desks(settings))


async def _demo(settings: Settings, store: Store, bound: socket.socket, made_up: MadeUp) -> None:
    folder = settings.home / "demo"
    try:
        async with _upstreams(settings, store, made_up) as (known, stations), opened(known) as runtime:
            await first_sync(runtime)
            await half_month_schedules(runtime)
            known_as = await settle_families(runtime, folder, made_up.children) if made_up.children else None
            url = address(settings, bound.getsockname()[1])
            app = create_app(known, runtime, fronted=True)
            async with (
                settling(runtime, stations),
                settling_mill(runtime, folder / "mill", wanted=made_up.mill),
            ):
                told = _Told(known_as, stations, made_up.mill)
                await serve_until_stopped(app, runtime, bound, lambda: _tell(runtime, url, told))
    except PortTakenError as taken:
        stop = f"stop what does, perhaps another `make run` on {settings.home}, or choose another MUSTER_HOME"
        raise refuse(f"A simulated upstream cannot start: {taken}; {stop}.") from None
    finally:
        store.close()


@asynccontextmanager
async def _upstreams(
    settings: Settings, store: Store, made_up: MadeUp
) -> AsyncIterator[tuple[Settings, Plan | None]]:
    """The simulated sites, each at the address it had before, and the settings that follow them."""
    folder = settings.home / "demo"
    async with FrappeServer(store, FrappeConfig(profile="v15"), port=kept_port(folder / "port")) as frappe:
        known = with_upstream(settings, frappe.url)
        if not made_up.stations:
            yield known, None
            return
        async with followed_stations(known, kept_port(folder / "gartan-port")) as followed:
            yield followed


def _store(folder: Path, people: int) -> Store:
    """The simulated site's data: made once, kept for the next start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"frappe-{people}.sqlite"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        store = Store(unfinished, zone=ZONE)
        try:
            say(fill(store, Simulation(people=people, days=DAYS, zone=ZONE)))
        finally:
            store.close()
        unfinished.rename(path)
    return Store(path, zone=ZONE)


def with_upstream(settings: Settings, url: str) -> Settings:
    """The settings with the simulated site as upstream."""
    frappe = settings.upstream.frappe.model_copy(
        update={
            "url": AnyHttpUrl(url),
            "key": SecretStr("demo"),
            "secret": SecretStr("demo"),
            "time_zone": ZONE,
            "hook_secret": settings.upstream.frappe.hook_secret or SecretStr("demo"),
        }
    )
    upstream = settings.upstream.model_copy(update={"frappe": frappe})
    return settings.model_copy(update={"upstream": upstream})


async def first_sync(runtime: Runtime) -> None:
    """Sync in this process with a progress bar; the first time everything, later what changed."""
    with shown_progress("sync") as tell:
        row = await runtime.tasks.run_now("attendance.sync", {}, "demo", watch=tell)
    if row.state not in {"done", "partial"}:
        raise refuse(f"the sync {row.state}: {(row.error or {}).get('detail', 'no reason given')}")
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(row.counts.items()))
    seconds = (row.finished_at - row.started_at).total_seconds()
    say(f"sync {row.state} in {seconds:.1f} s: {counts}")


async def half_month_schedules(runtime: Runtime) -> None:
    """At one site Saturdays are worked in the first half of a month only; said once, by weekly schedules.

    The simulated upstream knows no such thing, so it is kept here, as a firm would.
    """
    async with runtime.database.read() as conn:
        people = await people_without_schedule(conn, QUINCENA_SITE)
    for number, shift_type in people:
        async with runtime.database.write() as conn:
            for half, weekdays in (("first", [1, 2, 3, 4, 5, 6]), ("second", [1, 2, 3, 4, 5])):
                asked = {"person": number, "shift_type": shift_type, "half": half, "weekdays": weekdays}
                ask = ScheduleAsk.model_validate({**asked, "valid_from": QUINCENA_SINCE})
                await add_schedule(conn, SYSTEM, ask)
    if people:
        await runtime.tasks.run_now("attendance.recompute", {}, "demo")
        say(f"weekly schedules by half month for {len(people)} people of {QUINCENA_SITE}")


@dataclass(frozen=True, slots=True)
class _Told:
    """Who and what there is to be told of, where there is."""

    passwords: Mapping[str, str] | None
    stations: Plan | None
    mill: bool


async def _tell(runtime: Runtime, url: str, told: _Told) -> None:
    made = await create_key(
        runtime.database,
        "demo",
        ["admin"],
        expires=datetime.now(UTC) + timedelta(days=30),
        replace=True,
    )
    month = _month_of_yesterday()
    target = f"/v1/attendance/reports/monthly-sheet?month={month}&site={SITE}&format=html"
    link = await create_sign_in_link(runtime.database, made.key.id, target, timedelta(hours=12))
    sheet = f"{url}/v1/attendance/reports/monthly-sheet?month={month}&site={SITE}"
    out.print(f"\nThe sheet of {month} in a browser (this link signs you in, once):")
    out.print(f"  {url}{link.path}", markup=False)
    out.print("What the service tells about itself, in the same browser:")
    out.print(f"  {url}/dashboard", markup=False)
    if told.stations is not None:
        tell_stations(told.stations, url)
    if told.mill:
        tell_mill(url, made.token)
    out.print("The API, described:")
    out.print(f"  {url}/docs", markup=False)
    out.print("The same sheet for a program:")
    out.print(f"  curl -H 'Authorization: Bearer {made.token}' '{sheet}'", markup=False)
    out.print("Ctrl-C stops all of it.\n")
    if told.passwords is not None:
        tell_people(told.passwords, url, runtime.settings.home / OUTBOX)


def _month_of_yesterday(today: date | None = None) -> str:
    now = today or datetime.now(ZoneInfo(ZONE)).date()
    return (now - timedelta(days=1)).strftime("%Y-%m")
