"""The plant of spec F.7 as rows in the tables: work centre W1 with M1 and M2, 25 lb/h, hours from time 0."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.mill.scenario import AS_OF, line, order, style, yarn
from tests.support.house import House

W1 = "1.30.28.F"
ZONE = "America/New_York"
ZERO_HOUR = datetime.combine(AS_OF, time(), ZoneInfo(ZONE))
"""Time 0 of section F.7: the begin of the as-of day."""


async def center(house: House, code: str = W1, **more: Any) -> int:
    """A work centre."""
    construction, diameter, cut, kind = code.split(".")
    return await _insert(
        house, "work_centers",
        {"code": code, "construction": int(construction), "diameter_in": int(diameter),
         "needle_cut": int(cut), "kind": kind, **more},
    )  # fmt: skip


async def machine(house: House, code: str, of: str = W1, **more: Any) -> int:
    """A machine of a work centre."""
    rows = await house.sql("SELECT id FROM mill.work_centers WHERE code = :of", of=of)
    return await _insert(house, "machines", {"machine_code": code, "work_center_id": rows[0].id, **more})


async def calendar(house: House, name: str, *shifts: tuple[int, time, time], zone: str = ZONE) -> int:
    """A calendar of shifts: weekday, begin and end."""
    number = await _insert(house, "calendars", {"name": name, "tz": zone})
    for weekday, start, end in shifts:
        await house.sql(
            "INSERT INTO mill.calendar_shifts (calendar_id, weekday, start_time, end_time)"
            " VALUES (:number, :weekday, :start, :end)",
            number=number, weekday=weekday, start=start, end=end,
        )  # fmt: skip
    return number


async def job(
    house: House, number: str, pounds: int, due: int | None = None, priority: int = 3, *,
    of: str | None = None, at: str | None = W1, rate: int | None = 600, **more: Any,
) -> None:  # fmt: skip
    """An order of a style (its own unless `of` names one) due in so many hours, a multiple of 24."""
    code = of or f"S-{number}"
    if not await house.sql("SELECT 1 FROM mill.styles WHERE style_code = :code", code=code):
        rows = await house.sql("SELECT id FROM mill.work_centers WHERE code = :at", at=at)
        stated = None if rate is None else Decimal(rate)
        await style(house, code, work_center_id=rows[0].id if rows else None, rate_lb_per_day=stated)
        await line(house, code, "Y", 1)
    day = None if due is None else AS_OF + timedelta(days=due // 24 - 1)
    await order(house, number, code, pounds, priority=priority, due_date=day, **more)


async def settle_f59(house: House) -> None:
    """Orders A to E of F-59 on M1 and M2, with yarn for everybody and no set-up."""
    await plenty(house)
    await center(house)
    for code in ("M1", "M2"):
        await machine(house, code)
    await job(house, "A", 1200, 72, 1)
    await job(house, "B", 600, 48, 1)
    await job(house, "C", 1800, 120, 2)
    await job(house, "D", 300, 24, 3)
    await job(house, "E", 100, None, 1, at=None)


async def plenty(house: House) -> None:
    """Yarn for everything."""
    await yarn(house, "Y", beginning_balance=1_000_000)


async def made(house: House, kind: str = "schedule", **parameters: Any) -> int:
    """A schedule of the as-of day; its number."""
    asked = {"kind": kind, "as_of": AS_OF, "parameters": {"setup_hours": 0, **parameters}}
    done = await house.runtime.tasks.run_now("mill.plan", asked, "test")
    assert done.state == "done", done.error
    return int(done.result["plan"])


async def placed(house: House, run: int) -> Mapping[str, tuple[str, float, float]]:
    """Machine, begin and end in hours of the first part of each order, out of the tables."""
    rows = await house.sql(
        "SELECT o.order_no, p.machine_code, p.setup_start, p.run_end FROM mill.schedule_ops p"
        " JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)"
        " WHERE p.run_id = :run ORDER BY p.seq DESC",
        run=run,
    )
    return {row.order_no: (row.machine_code, hours(row.setup_start), hours(row.run_end)) for row in rows}


def hours(at: datetime | str) -> float:
    """Hours from time 0."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return (moment - ZERO_HOUR) / timedelta(hours=1)


def day(number: int) -> date:
    """The as-of day is 0."""
    return AS_OF + timedelta(days=number)


async def _insert(house: House, table: str, values: dict[str, Any]) -> int:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    rows = await house.sql(f"INSERT INTO mill.{table} ({names}) VALUES ({marks}) RETURNING id", **values)
    return int(rows[0][0])
