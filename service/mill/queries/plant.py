"""The plant of a plan, read in one snapshot: a fixed number of statements, whatever the sizes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, text

from service.core.database import ReadConnection
from service.mill.rules.plant import MachineGround, Plant, PublishedOp
from service.mill.rules.scheduling.calendars import Calendar, DayException, Shift

SCHEDULE: Final = "schedule"
"""The kind under which a schedule is published."""
_MACHINES = text("""
    SELECT m.id, m.machine_code, w.code AS center, m.status, m.efficiency, s.style_code, m.available_from,
           coalesce(m.calendar_id, w.calendar_id) AS calendar_id, w.diameter_in, w.needle_cut, m.feeders,
           m.rpm, m.stitch_mm, w.active
    FROM mill.machines m JOIN mill.work_centers w ON w.id = m.work_center_id
    LEFT JOIN mill.styles s ON s.id = m.current_style_id
    ORDER BY m.machine_code
""")
_CALENDARS = text("""
    SELECT c.id, c.tz, s.weekday, s.start_time, s.end_time, s.efficiency
    FROM mill.calendars c LEFT JOIN mill.calendar_shifts s ON s.calendar_id = c.id
    ORDER BY c.id, s.weekday, s.start_time
""")
_EXCEPTIONS = text("""
    SELECT calendar_id, day, working, start_time, end_time FROM mill.calendar_exceptions
    ORDER BY calendar_id, day
""")
_RATES = text("""
    SELECT m.machine_code, w.code AS center, s.style_code, r.lb_per_hour
    FROM mill.machine_style_rates r JOIN mill.styles s ON s.id = r.style_id
    LEFT JOIN mill.machines m ON m.id = r.machine_id
    LEFT JOIN mill.work_centers w ON w.id = r.work_center_id
    WHERE s.style_code = ANY (CAST(:styles AS text[]))
    ORDER BY s.style_code, m.machine_code, w.code
""")
_ALTERNATES = text("""
    SELECT s.style_code, w.code FROM mill.style_work_centers a
    JOIN mill.styles s ON s.id = a.style_id JOIN mill.work_centers w ON w.id = a.work_center_id
    WHERE s.style_code = ANY (CAST(:styles AS text[]))
    ORDER BY s.style_code, w.code
""")
_STATED = text("""
    SELECT w.code, array_agg(s.rate_lb_per_day ORDER BY s.rate_lb_per_day) AS rates
    FROM mill.styles s JOIN mill.work_centers w ON w.id = s.work_center_id
    WHERE s.rate_lb_per_day > 0 GROUP BY w.code ORDER BY w.code
""")
# A pound of fabric holds f lb of a yarn of so many tex: the mean over the feeders is harmonic.
_TEX = text("""
    SELECT s.style_code, sum(b.quantity_per) / sum(b.quantity_per / y.tex) AS tex
    FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id LEFT JOIN mill.yarns y ON y.id = b.yarn_id
    WHERE s.style_code = ANY (CAST(:styles AS text[])) AND :as_of >= b.valid_from AND :as_of < b.valid_to
    GROUP BY s.style_code HAVING count(*) = count(y.tex) AND min(y.tex) > 0 ORDER BY s.style_code
""")
_PUBLISHED = text("""
    SELECT o.order_no, o.style_code, p.seq, p.machine_code, p.quantity, p.setup_start, p.run_start, p.run_end
    FROM mill.published_runs r JOIN mill.schedule_ops p ON p.run_id = r.run_id
    JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
    WHERE r.kind = 'schedule' AND p.run_end > :start
    ORDER BY p.machine_code, p.setup_start
""")


async def select_plant(
    conn: ReadConnection, zone: str, start: datetime, as_of: date, styles: Sequence[str]
) -> Plant:
    """The plant from an instant on, with the rates of these styles; `zone` is the mill's."""
    asked = {"styles": list(styles)}
    rates = (await conn.execute(_RATES, asked)).all()
    return Plant(
        zone=zone,
        start=start,
        machines=[_machine(row) for row in await conn.execute(_MACHINES)],
        calendars=await select_calendars(conn),
        machine_rates={
            (row.machine_code, row.style_code): row.lb_per_hour for row in rates if row.machine_code
        },
        center_rates={(row.center, row.style_code): row.lb_per_hour for row in rates if row.center},
        styles_per_day={row.code: tuple(row.rates) for row in await conn.execute(_STATED)},
        alternates=_grouped(await conn.execute(_ALTERNATES, asked)),
        tex={row.style_code: row.tex for row in await conn.execute(_TEX, {**asked, "as_of": as_of})},
        published=[_published(row) for row in await conn.execute(_PUBLISHED, {"start": start})],
    )


async def select_calendars(conn: ReadConnection) -> Mapping[int, Calendar]:
    """Every calendar by its number; one without a shift never works but on days it says so."""
    shifts: dict[int, list[Shift]] = defaultdict(list)
    zones: dict[int, str] = {}
    for row in await conn.execute(_CALENDARS):
        zones[row.id] = row.tz
        if row.weekday is not None:
            shifts[row.id].append(Shift(row.weekday, row.start_time, row.end_time, float(row.efficiency)))
    days: dict[int, list[DayException]] = defaultdict(list)
    for row in await conn.execute(_EXCEPTIONS):
        days[row.calendar_id].append(DayException(row.day, row.working, row.start_time, row.end_time))
    return {one: Calendar(zone, tuple(shifts[one]), tuple(days[one])) for one, zone in zones.items()}


def _machine(row: Row[Any]) -> MachineGround:
    return MachineGround(
        id=row.id, code=row.machine_code, center=row.center, status=row.status, efficiency=row.efficiency,
        style=row.style_code, available_from=row.available_from, calendar=row.calendar_id,
        diameter=row.diameter_in, cut=row.needle_cut, feeders=row.feeders, rpm=row.rpm,
        stitch_mm=row.stitch_mm, active=row.active,
    )  # fmt: skip


def _published(row: Row[Any]) -> PublishedOp:
    return PublishedOp(
        order=row.order_no, part=row.seq, style=row.style_code, machine=row.machine_code,
        pounds=row.quantity, setup_start=row.setup_start, run_start=row.run_start, end=row.run_end,
    )  # fmt: skip


def _grouped(rows: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for style, center in rows:
        found[style].append(center)
    return {style: tuple(centers) for style, centers in found.items()}
