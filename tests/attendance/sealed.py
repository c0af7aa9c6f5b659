"""A September that can be sealed and then changed as a sync would change it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
from sqlalchemy import text

from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.make import Firm, firm

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
KNOWN = datetime(2026, 10, 2, 11, tzinfo=UTC)
ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in (1, 2, 3, 4))
SEAL: dict[str, Any] = {
    "report": "monthly-sheet",
    "params": {"month": "2026-09"},
    "note": "payroll of September",
}
STATEMENTS = "/v1/statements"


@dataclass
class September:
    """The firm's September, recomputed; `later` changes it afterwards, as a sync would."""

    house: House
    firm: Firm

    async def recompute(self) -> None:
        work = Recompute(self.house.runtime.database, self.house.runtime.versions, self.house.runtime.compute)
        await work.run(now=NOW, extent=(date(2026, 9, 1), date(2026, 9, 30)))

    async def run(self, statement: str, **values: Any) -> None:
        async with self.house.runtime.database.write() as conn:
            await conn.execute(text(statement), values)

    async def writer(self, *sites: str) -> httpx.AsyncClient:
        token = await self.house.token("attendance:write", sites=list(sites) or None)
        return self.house.http(token, base="")


async def fill(made: Firm) -> None:
    """Everybody by day but Dario, who works nights; Ana is late once."""
    for number, shift in ((ANA, "Day"), (BEN, "Day"), (CARLA, "Day"), (DARIO, "Night")):
        await made.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE upstream_name = :number"),
            {"shift": made.ids[shift], "number": number},
        )
    for day in (1, 2, 3):
        await made.punch(ANA, f"2026-09-{day:02} 08:00:00", "villas-gate-1")
        await made.punch(ANA, f"2026-09-{day:02} 17:00:00", "villas-gate-1")
    await made.punch(ANA, "2026-09-04 08:40:00", "villas-gate-1")
    await made.punch(ANA, "2026-09-04 17:00:00", "villas-gate-1")
    await made.punch(CARLA, "2026-09-10 08:00:00", "centro-1")
    await made.punch(CARLA, "2026-09-10 17:00:00", "centro-1")
    await made.punch(DARIO, "2026-09-10 22:00:00", "kitchen")
    await made.punch(DARIO, "2026-09-11 06:00:00", "kitchen")
    await made.known_through(KNOWN)


async def opened_september(house: House) -> September:
    """The firm's September in a house, recomputed."""
    async with house.runtime.database.write() as conn:
        made = await firm(conn)
        await fill(made)
    opened = September(house, made)
    await opened.recompute()
    return opened


async def seal(http: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await http.post("/v1/attendance/statements", json=SEAL | changed)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{STATEMENTS}/{made['id']}"
    return made


async def changes(http: httpx.AsyncClient, statement: dict[str, Any]) -> dict[Any, Any]:
    """By person and figure: sealed value, value of today, codes of the causes."""
    answer = await http.get(f"{STATEMENTS}/{statement['id']}/changes")
    assert answer.status_code == 200, answer.text
    return {
        (one["key"]["person"], one["figure"]): (
            one["sealed"],
            one["today"],
            {cause["code"] for cause in one["causes"]},
        )
        for one in answer.json()["items"]
    }
