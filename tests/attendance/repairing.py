"""What the tests of the repair queue stand on: a month with something of nearly every kind, and its callers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.make import Firm, leave

ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in range(1, 5))
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
MONTH = {"month": "2026-09"}
REPORT = "/reports/exceptions"


async def fill(made: Firm) -> None:
    """September 2026: something of nearly every kind."""
    await made.conn.execute(
        text("UPDATE attendance.person SET default_shift_type_id = :d"), {"d": made.ids["Day"]}
    )
    await made.punch(ANA, "2026-09-07 08:00:00", "villas-gate-1", log_type="IN")
    await made.punch(BEN, "2026-09-07 17:00:00", "villas-gate-1", log_type="OUT")
    await made.punch(CARLA, "2026-09-07 17:30:00", "centro-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 08:00:00", "villas-gate-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 08:00:20", "villas-gate-1", log_type="IN")
    await made.punch(ANA, "2026-09-08 17:00:00", "kitchen", log_type="OUT", skip=True)
    await made.punch(CARLA, "2026-09-13 08:00:00", "centro-1")
    await made.punch(CARLA, "2026-09-13 12:00:00", "centro-1")
    await made.punch(DARIO, "2026-09-15 08:00:00", "kitchen")
    await leave(made, DARIO, date(2026, 9, 15), date(2026, 9, 15))
    await made.punch(BEN, "2026-09-09 08:00:00", "kitchen", upstream_modified=datetime(2026, 9, 9, 7))
    await made.punch(BEN, "2026-09-09 17:00:00", "kitchen")
    await made.punch("HR-EMP-0003", "2026-09-05 08:00:00", "centro-1")
    await made.punch(None, "2026-09-05 09:00:00", "centro-1")
    await made.known_through(NOW - timedelta(hours=1))


async def rows(http: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await http.get(REPORT, params=MONTH | asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def fix_of(row: Mapping[str, Any], action: str) -> dict[str, Any]:
    return next(dict(fix["body"]) for fix in row["fixes"] if fix["action"] == action)


async def post(http: httpx.AsyncClient, *items: Mapping[str, Any]) -> list[dict[str, Any]]:
    answer = await http.post("/corrections", json={"items": list(items)})
    assert answer.status_code == 207, answer.text
    return list(answer.json()["items"])


async def missing(http: httpx.AsyncClient, person: str) -> dict[str, Any]:
    (row,) = [
        row for row in await rows(http, kind="missing_punch", person=person) if row["day"] == "2026-09-07"
    ]
    return row


async def recent(house: House) -> date:
    """A missing exit of Ana's, three days ago."""
    day = datetime.now(UTC).date() - timedelta(days=3)
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO attendance.day (rule_set_id, person_id, work_date, shift_seq, schedule_source, status,
                                            base_status, code, input_hash)
                SELECT r.id, p.id, :day, 0, 'default', 'MISSING_OUT', 'MISSING_OUT', 'A', 1
                FROM attendance.rule_set r, attendance.person p
                WHERE r.name = 'recommended' AND r.active AND p.upstream_name = :ana
            """),
            {"day": day, "ana": ANA},
        )
    return day


async def a_crew(house: House, people: int) -> None:
    """People of Centro: two usual days, then one on which the clock runs 50 minutes ahead."""
    async with house.runtime.database.write() as conn:
        ids = (await conn.execute(text("SELECT upstream_name, id FROM attendance.person"))).all()
        places = (await conn.execute(text("SELECT name, id FROM attendance.site"))).all()
        devices = (await conn.execute(text("SELECT name, id FROM attendance.device"))).all()
        shifts = (await conn.execute(text("SELECT name, id FROM attendance.shift_type"))).all()
        made = Firm(conn, source=await conn.scalar(text("SELECT min(id) FROM attendance.source")), made=5000)
        made.ids = dict(tuple(row) for row in (*ids, *places, *devices, *shifts))
        for number in range(people):
            name = f"CREW-{number}"
            await made.person(name, name, "Centro", default_shift_type_id=made.ids["Day"])
            for day, start in ((16, "08:00"), (17, "08:00"), (18, "08:50")):
                await made.punch(name, f"2026-09-{day} {start}:00", "centro-1", log_type="IN")
                await made.punch(name, f"2026-09-{day} 17:00:00", "centro-1", log_type="OUT")
        await made.announce("attendance/masters", "attendance/2026-09", "attendance/2026-09/Centro")
    await house.recompute(NOW, (date(2026, 9, 1), date(2026, 9, 30)))
