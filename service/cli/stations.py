"""The fire stations of the demo: two made-up ones in a simulated Gartan, followed over HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import orjson
from pydantic import AnyHttpUrl, SecretStr
from sqlalchemy import text

from service.cli.alongside import alongside
from service.cli.words import out, say
from service.core.auth import SYSTEM
from service.core.errors import Conflict
from service.core.runtime import Runtime
from service.core.sealing import Sealer
from service.core.settings import GartanStation, Settings
from service.crew.days.applying import apply_day
from service.crew.decisions import contacts
from service.crew.queries.stations import StationRow, put_station
from service.crew.sync.reading import observed
from service.crew.sync.schedule import LOOK_AHEAD
from service.crew.upstream.client import Page
from service.schemas.crew.contacts import ContactDetailsAsk
from service.simulators.gartan import (
    Booking,
    GartanServer,
    GeneratorConfig,
    Plan,
    Station,
    View,
    at,
    draw,
    generate,
)

PLAN: Final = GeneratorConfig(stations=2, people=12)
LOOKED_BACK: Final = 62
"""Days: the whole month before this one, so that its return can be signed."""
PLANNED_AHEAD: Final = timedelta(days=3)
"""A first look at each day comes so long before it; what was booked later supersedes it."""
SPACING: Final = 0.02
"""Seconds between two calls: the simulated site needs no sparing."""
_IN_FORCE = text("""
    SELECT local_date, fetched_at FROM crew.day_version WHERE station_id = :station AND known_to IS NULL
""")
_WITHOUT_CONTACT = text("""
    SELECT m.id, m.grid_name, m.role FROM crew.crew_member m
    WHERE NOT EXISTS (SELECT 1 FROM crew.crew_contact c WHERE c.crew_id = m.id) ORDER BY m.id
""")


@dataclass(frozen=True, slots=True)
class Look:
    """A station as it stood at an instant, and the day that was looked at."""

    at: datetime
    day: date
    station: Station


@asynccontextmanager
async def followed_stations(settings: Settings, port: int) -> AsyncIterator[tuple[Settings, Plan]]:
    """The made-up stations on that port, and the settings by which they are followed."""
    plan = generate(PLAN)
    async with GartanServer(plan, port=port) as site:
        yield with_gartan(settings, plan, site.url), plan


def with_gartan(settings: Settings, plan: Plan, url: str) -> Settings:
    """The settings with the simulated site as upstream."""
    stations = tuple(
        GartanStation(
            code=one.code,
            name=one.name,
            brigade_id=one.brigade_id,
            brigade_name=one.code,
            time_zone=one.zone,
        )
        for one in plan.stations
    )
    gartan = settings.upstream.gartan.model_copy(
        update={
            "url": AnyHttpUrl(url),
            "username": "demo",
            "password": SecretStr("demo"),
            "stations": stations,
            "body": "literal",
            "spacing": SPACING,
        }
    )
    upstream = settings.upstream.model_copy(update={"gartan": gartan})
    return settings.model_copy(update={"upstream": upstream})


@asynccontextmanager
async def settling(runtime: Runtime, plan: Plan | None) -> AsyncIterator[None]:
    """Beside the service that already answers: the weeks before, who can be called, a first sync.

    It takes some seconds at the first start and less at the next; it ends with the service.
    """
    work = None if plan is None else partial(settle_stations, runtime, plan, datetime.now(UTC))
    async with alongside("the fire stations", work):
        yield


async def settle_stations(runtime: Runtime, plan: Plan, now: datetime, days: int = LOOKED_BACK) -> None:
    """Looks at so many days before `now` as they would have been made then, contacts, two weeks from now on.

    What is there stays; looks come in the order of their time, so that rules and profiles do too.
    """
    looked = 0
    for one in plan.stations:
        async with runtime.database.write() as conn:
            station = await put_station(
                conn,
                one.code,
                name=one.name,
                zone=one.zone,
                brigade_id=one.brigade_id,
                brigade_name=one.code,
            )
        looked += await _look_back(runtime, station, looks_back(one, now, days))
    called = await _make_contacts(runtime)
    for one in plan.stations:
        with suppress(Conflict):  # the service follows them by itself, and may just have begun
            ahead = {"station": one.code, "mode": "comprehensive"}
            await runtime.tasks.run_now(LOOK_AHEAD, ahead, "demo")
    if looked or called:
        codes = " and ".join(one.code for one in plan.stations)
        say(f"fire stations {codes}: {looked} looks at the {days} days before, {called} contacts")


async def _look_back(runtime: Runtime, station: StationRow, looks: Sequence[Look]) -> int:
    """Make those looks that are newer than what is in force of their day; how many that were."""
    async with runtime.database.read() as conn:
        rows = await conn.execute(_IN_FORCE, {"station": station.id})
        in_force = {row.local_date: row.fetched_at for row in rows}
    missing = [one for one in looks if one.day not in in_force or in_force[one.day] < one.at]
    for look in missing:
        body = await runtime.compute.in_thread(partial(_drawn, look))
        page = Page(200, body, "application/json; charset=utf-8", "http://demo.invalid/GetSchedule", look.at)
        await apply_day(runtime, await observed(runtime, station, look.day, page))
    return len(missing)


def looks_back(station: Station, now: datetime, days: int) -> Sequence[Look]:
    """What would have been seen: each day before all was booked for it, and once more when it was over."""
    today = now.astimezone(ZoneInfo(station.zone)).date()
    dates = [today + timedelta(days=number) for number in range(-days, PLANNED_AHEAD.days + 1)]
    ahead = [
        Look(at(day - PLANNED_AHEAD, 6.25, station.zone), day, as_planned(station, day)) for day in dates
    ]
    after = [Look(at(day + timedelta(days=1), 0.75, station.zone), day, station) for day in dates]
    return sorted((one for one in (*ahead, *after) if one.at < now), key=lambda one: one.at)


def as_planned(station: Station, day: date) -> Station:
    """The station before somebody booked off for that evening, and before somebody else booked on again."""
    crew, number = station.crew, day.toordinal()
    leaving, coming = crew[number % len(crew)].name, crew[(number * 5 + 2) % len(crew)].name
    before = station.booked(leaving, Booking(at(day, 17, station.zone), at(day, 22, station.zone), None))
    return before.booked(coming, Booking(at(day, 6, station.zone), at(day, 11, station.zone), "O"))


def _drawn(look: Look) -> bytes:
    return orjson.dumps({"d": draw(View(look.station, look.day))})


async def _make_contacts(runtime: Runtime) -> int:
    """A made-up telephone and mailbox for everybody who has none: numbers and names that lead nowhere."""
    sealer = Sealer.of(runtime.settings)
    async with runtime.database.write() as conn:
        without = (await conn.execute(_WITHOUT_CONTACT)).all()
        for row in without:
            asked = ContactDetailsAsk.model_validate(contact_of(row.id, row.grid_name, row.role))
            await contacts.put(conn, SYSTEM, sealer, row.id, asked, None)
    return len(without)


def contact_of(number: int, name: str, role: str | None) -> Mapping[str, str | None]:
    """Of the numbers that are kept free for the stage, and of the domain that is kept free for examples."""
    surname, _, initials = name.partition(", ")
    mailbox = f"{initials}.{surname}@example.org".lower().replace(" ", "")
    return {"phone": f"+44 7700 900{number % 1000:03}", "email": mailbox, "position": role}


def tell_stations(plan: Plan, url: str) -> None:
    """Where the first station shows: its board, and its month."""
    code = plan.stations[0].code
    out.print("The fire stations, in the same browser (their weeks before come within a minute):")
    out.print(f"  {url}/v1/crew/board", markup=False)
    out.print(f"When the appliance of {code} was off the run, and why:")
    out.print(f"  {url}/v1/crew/reports/off-the-run?station={code}&format=html", markup=False)
