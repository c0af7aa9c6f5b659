"""The knitting mill of the demo: a made-up ERP's files of two days, imported and planned each day."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from service.access import audit
from service.cli.alongside import alongside
from service.cli.words import out, say
from service.core.auth import SYSTEM
from service.core.errors import Unavailable
from service.core.runtime import Runtime
from service.mill.decisions.plans import publish
from service.mill.decisions.schedules import publish_schedule
from service.mill.files.recognising import ORDER, recognised
from service.mill.rules.weeks import day_in
from service.reporting.files import uploads
from service.simulators.mill import Mill, Plan, generate, next_day, write_mill

SIZE: Final = "tiny"
"""60 yarns, 36 recipes, 60 orders, 12 machines: few enough to be followed by hand."""
FORMATS: Final = ("csv",)
_BEGUN: Final = "demo.mill_begun"
_MADE: Final = "demo.mill_made"
_MARKS = text("SELECT what, after FROM muster.audit WHERE what = ANY(:marks)")
_OWN_FILES = text("SELECT EXISTS (SELECT FROM mill.import_jobs)")


@dataclass(frozen=True, slots=True)
class Day:
    """The files of a day, in the order in which they are read, each with its kind."""

    on: date
    folder: Path
    files: Sequence[tuple[str, Path]]


@asynccontextmanager
async def settling_mill(runtime: Runtime, folder: Path, *, wanted: bool) -> AsyncIterator[None]:
    """Beside the service that already answers, where `wanted`: two days of a mill; ends with the service."""
    work = partial(settle_mill, runtime, folder, datetime.now(UTC)) if wanted else None
    async with alongside("the mill", work):
        yield


async def settle_mill(runtime: Runtime, folder: Path, now: datetime) -> None:
    """Files of yesterday and of today below `folder`, imported; a plan of each day, today's published.

    It is made once, and goes on where it was stopped; where files of somebody's own came first there is none.
    """
    today = await begun(runtime, now)
    if today is None:
        return
    for day in await runtime.compute.in_thread(written, folder, today):
        for kind, path in day.files:
            await _imported(runtime, kind, path, day.on)
        number = await _planned(runtime, day.on)
    async with runtime.database.write() as conn:
        await publish_schedule(conn, SYSTEM, str(number))
    async with runtime.database.write() as conn:
        await audit.record(conn, SYSTEM, _MADE, f"plan:{number}")
        await publish(conn, SYSTEM, str(number))
    days = f"{today - timedelta(days=1)} and {today}"
    say(f"the mill: files of {days} in {folder}, two plans, {number} published")


async def begun(runtime: Runtime, now: datetime) -> date | None:
    """The mill's second day: today, or that of the start that was stopped; None where nothing is to do."""
    today = day_in(runtime.settings.mill.time_zone, now)
    async with runtime.database.write() as conn:
        rows = await conn.execute(_MARKS, {"marks": [_BEGUN, _MADE]})
        marks = {row.what: row.after for row in rows}
        if _MADE in marks:
            return None
        if _BEGUN in marks:
            return date.fromisoformat(marks[_BEGUN]["today"])
        if (await conn.execute(_OWN_FILES)).scalar_one():
            return None
        await audit.record(conn, SYSTEM, _BEGUN, "mill", after={"today": today.isoformat()})
    return today


def written(folder: Path, today: date) -> list[Day]:
    """The files of yesterday and of today, in a folder for each day."""
    yesterday = generate(Plan(as_of=today - timedelta(days=1), size=SIZE))
    tomorrow, _ = next_day(yesterday)
    return [_written(mill, folder / mill.as_of.isoformat()) for mill in (yesterday, tomorrow)]


def _written(mill: Mill, folder: Path) -> Day:
    found = ((recognised(path), path) for path in write_mill(mill, folder, FORMATS))
    known = [(kind, path) for kind, path in found if kind is not None]
    return Day(mill.as_of, folder, sorted(known, key=lambda one: (ORDER.index(one[0]), one[1].name)))


async def _imported(runtime: Runtime, kind: str, path: Path, on: date) -> None:
    """Put a file in force as an import over HTTP does: what is wrong in it is told, the rest is taken."""
    upload = await runtime.compute.in_thread(partial(uploads.copied, runtime.settings, path))
    asked = {"kind": kind, "mode": "lenient", "snapshot_date": on.isoformat(), "lead_unit": "days"}
    await _done(runtime, "mill.import", {**asked, "name": path.name, "upload": upload})


async def _planned(runtime: Runtime, on: date) -> int:
    note = f"the made-up mill on {on}"
    result = await _done(runtime, "mill.plan", {"as_of": on.isoformat(), "note": note})
    return int(result["plan"])


async def _done(runtime: Runtime, job: str, params: dict[str, Any]) -> dict[str, Any]:
    row = await runtime.tasks.run_now(job, params, "demo")
    if row.result is None:
        detail = (row.error or {}).get("detail", f"the run {row.state}")
        raise Unavailable(f"{params.get('name', job)}: {detail}")
    result: dict[str, Any] = row.result
    return result


def tell_mill(url: str, token: str) -> None:
    """Where the mill shows, and how a program asks."""
    out.print("Which yarns of the knitting mill run short (its two days come within a minute):")
    out.print(f"  {url}/v1/mill/board", markup=False)
    out.print("The same for a program:")
    shortages = f"{url}/v1/mill/reports/shortages"
    out.print(f"  curl -H 'Authorization: Bearer {token}' '{shortages}'", markup=False)
