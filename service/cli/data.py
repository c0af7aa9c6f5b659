"""sync, run, simulate: what moves data."""

import json
import time
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from service.attendance import DESK as ATTENDANCE
from service.cli.house import opened_beside
from service.cli.stopping import interruptible, run
from service.cli.turns import in_turn
from service.cli.words import out, refuse, say
from service.core.settings import load_settings
from service.crew import DESK as CREW
from service.mill.rules.weeks import day_in
from service.simulators.frappe.loading import LoadError
from service.simulators.frappe.run import Simulation, run_simulator
from service.simulators.gartan import run as gartan_site
from service.simulators.mill import Plan
from service.simulators.mill import run as mill_files

sync = typer.Typer(help="Read what an upstream recorded.", no_args_is_help=True)
simulate = typer.Typer(help="Stand-ins for upstream systems.", no_args_is_help=True)


class Mode(StrEnum):
    """How much of the upstream is read."""

    auto = "auto"
    incremental = "incremental"
    full = "full"
    reconcile = "reconcile"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(sync, name="sync")
    app.add_typer(simulate, name="simulate")
    app.command(name="run")(run_job)


@sync.command(name=ATTENDANCE.name)
def sync_attendance(
    mode: Annotated[Mode, typer.Option(help="auto: first load if there was none, else what changed.")] = (
        Mode.auto
    ),
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
) -> None:
    """Read Frappe HR once, now, and recompute what changed."""
    params: dict[str, Any] = {"mode": mode.value}
    if start is not None:
        params["from"] = start.date().isoformat()
    if end is not None:
        params["to"] = end.date().isoformat()
    run(_run("attendance.sync", params))


@sync.command(name=CREW.name)
def sync_crew(
    station: Annotated[str | None, typer.Argument(help="Code of a station; default: every one.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=60, help="Days from today.")] = None,
    date: Annotated[list[datetime] | None, typer.Option(formats=["%Y-%m-%d"], help="Only these.")] = None,
    force: Annotated[bool, typer.Option(help="Also what was read a moment ago.")] = False,
) -> None:
    """Read the grids of fire stations from Gartan once, now."""
    params: dict[str, Any] = {"force": force, "days": days}
    if date:
        params["dates"] = [one.date().isoformat() for one in date]
    stations = [one.code for one in load_settings().upstream.gartan.stations]
    if not stations and station is None:
        raise refuse("no station is followed; set MUSTER_UPSTREAM__GARTAN__STATIONS")
    chosen = stations if station is None else [station]
    run(_run("crew.sync", *({**params, "station": code} for code in chosen)))


def run_job(
    job: Annotated[str, typer.Argument(help="Name of the job, such as attendance.recompute.")],
    param: Annotated[list[str] | None, typer.Option(help="name=value; JSON values are read as such.")] = None,
) -> None:
    """Run a job once, now, in this process."""
    run(_run(job, dict(_pair(text) for text in param or ())))


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise refuse(f"--param {text!r} is not name=value", code=2)
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


async def _run(job: str, *each: dict[str, Any]) -> None:
    """One run after the other in this process; what went wrong is said of each, and refused in the end."""
    lost = []
    async with opened_beside(load_settings()) as runtime:
        for params in each:
            started = time.monotonic()
            row = await in_turn(runtime, job, params)
            _tell(row, time.monotonic() - started)
            if row.state not in {"done", "partial"}:
                lost.append((row.error or {}).get("detail", f"the run {row.state}"))
    if lost:
        raise refuse("; ".join(dict.fromkeys(lost)))


def _tell(row: Any, seconds: float) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(row.counts.items()))
    nothing = "nothing to do" if row.state == "done" else "nothing was done"
    say(f"{row.job} {row.state} in {seconds:.1f} s: {counts or nothing}")
    if row.result:
        out.print_json(data=row.result)


@simulate.command()
def frappe(
    data: Annotated[Path | None, typer.Option(help="Folder of CSV or JSON files named by doctype.")] = None,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8100,
    people: Annotated[int, typer.Option(min=1, help="People of the generated firm.")] = 250,
    profile: Annotated[str, typer.Option(help="v14, v15 or v16.")] = "v15",
    zone: Annotated[str, typer.Option(help="Time zone of the site.")] = "America/Mexico_City",
) -> None:
    """Serve a simulated Frappe HR, with generated data or your own files."""
    simulation = Simulation(data=data, port=port, people=people, profile=profile, zone=zone)
    try:
        with interruptible():
            run_simulator(simulation, say)
    except (LoadError, OSError, ValueError) as error:
        raise refuse(str(error)) from None


class Labels(StrEnum):
    """How days of 23 and 25 hours are labelled."""

    single = "single"
    double = "double"


@simulate.command()
def gartan(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8101,
    stations: Annotated[int, typer.Option(min=1, max=50, help="Fire stations.")] = 2,
    people: Annotated[int, typer.Option(min=1, max=500, help="People of each station.")] = 12,
    zone: Annotated[str, typer.Option(help="Time zone of the stations.")] = "Europe/London",
    dst: Annotated[Labels, typer.Option(help="Labels of the hours when clocks change.")] = Labels.single,
    latency: Annotated[float, typer.Option(min=0, help="Seconds added to each answer.")] = 0.0,
) -> None:
    """Serve a simulated Gartan Availability with invented stations."""
    simulation = gartan_site.Simulation(
        stations=stations, people=people, port=port, zone=zone, dst=dst.value, latency=latency
    )
    try:
        with interruptible():
            gartan_site.run_simulator(simulation, say)
    except (OSError, ValueError) as error:
        raise refuse(str(error)) from None


class MillSize(StrEnum):
    """How large the mill is; S is as large as the one that was measured."""

    tiny = "tiny"
    S = "S"
    M = "M"
    L = "L"


@simulate.command()
def mill(
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")],
    size: Annotated[MillSize, typer.Option(help="tiny can be followed by hand; S is a real mill.")] = (
        MillSize.tiny
    ),
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same files.")] = 7,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Their first day; default: the last is today at the mill."),
    ] = None,
    dirty: Annotated[bool, typer.Option(help="With every error an import knows, listed in a file.")] = False,
    days: Annotated[int, typer.Option(min=1, max=60, help="So many days, each in a folder.")] = 1,
) -> None:
    """Write the files of a made-up knitting mill's ERP: yarns, recipes, orders, machines (CSV and XLSX)."""
    day = _ending_today(days) if as_of is None else as_of.date()
    plan = Plan(as_of=day, size=size.value, seed=seed)
    try:
        with interruptible():
            simulation = mill_files.Simulation(folder=folder, plan=plan, dirty=dirty, days=days)
            mill_files.run_simulator(simulation, say)
    except (OSError, ValueError) as error:
        raise refuse(str(error)) from None


def _ending_today(days: int) -> date:
    """The first of so many days of which the last is today at the mill: an import takes no later ones."""
    today = day_in(load_settings().mill.time_zone, datetime.now(UTC))
    return today - timedelta(days=days - 1)
