"""Rows for the tests of the desk: a small firm with two sites, and single rows on top of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.attendance.models import (
    Checkin,
    Company,
    Correction,
    Day,
    Device,
    Holiday,
    HolidayList,
    Leave,
    LeaveType,
    Person,
    RuleSet,
    ShiftType,
    Site,
    Source,
    SyncCursor,
    UpstreamAttendance,
    WeeklySchedule,
)
from service.attendance.queries.completeness import REQUIRED
from service.core.versions import raise_versions

ZONE = "America/Mexico_City"


async def add(conn: AsyncConnection, model: Any, **values: Any) -> int:
    """One row; its id (0 for tables without one)."""
    table = model.__table__
    statement = insert(table).values(**values)
    if "id" not in table.c:
        await conn.execute(statement)
        return 0
    made: int = (await conn.execute(statement.returning(table.c.id))).scalar_one()
    return made


@dataclass
class Firm:
    """A source with its ids by name, and a way to add to it; `made` counts rows for unique names."""

    conn: AsyncConnection
    source: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    made: int = 0

    async def add(self, model: Any, upstream_name: str, **values: Any) -> int:
        """A mirrored document."""
        known = {"source_id": self.source, "upstream_name": upstream_name} | values
        if "name" in model.__table__.c:
            known.setdefault("name", upstream_name)
        self.ids[upstream_name] = await add(self.conn, model, **known)
        return self.ids[upstream_name]

    async def person(self, number: str, name: str, site: str | None = None, **values: Any) -> int:
        """A person of a site."""
        site_id = None if site is None else self.ids[site]
        return await self.add(Person, number, name=name, site_id=site_id, **values)

    async def device(self, name: str, site: str | None = None) -> int:
        """A device, mapped to a site or not."""
        site_id = None if site is None else self.ids[site]
        self.ids[name] = await add(self.conn, Device, source_id=self.source, name=name, site_id=site_id)
        return self.ids[name]

    async def punch(self, person: str | None, at: str, device: str | None = None, **values: Any) -> int:
        """A check-in at a reading of the site's clock; a person who is not in the firm is unknown."""
        self.made += 1
        local = datetime.fromisoformat(at)
        who = {"person_id": self.ids[person]} if person in self.ids else {"unknown_person": person}
        known: Mapping[str, Any] = {
            "source_id": self.source,
            "upstream_name": f"CKIN-{self.made:05}",
            "local_time": local,
            "day": local.date(),
            "at": local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC),
            "device_id": None if device is None else self.ids[device],
            **who,
        }
        return await add(self.conn, Checkin, **{**known, **values})

    async def day(self, person: str, day: date, **values: Any) -> None:
        """A day result: the shift `Day`, 08:00 to 17:00, present, unless told otherwise."""
        start = datetime.combine(day, time(8))
        known = {
            "rule_set_id": self.ids["recommended"],
            "person_id": self.ids[person],
            "work_date": day,
            "shift_seq": 0,
            "shift_type_id": self.ids["Day"],
            "schedule_source": "assignment",
            "status": "PRESENT",
            "base_status": "PRESENT",
            "code": "P",
            "shift_start": start,
            "shift_end": start + timedelta(hours=9),
            "window_start": datetime.combine(day, time()),
            "window_end": datetime.combine(day, time(23, 59, 59)),
            "input_hash": 1,
        }
        await add(self.conn, Day, **{**known, **values})

    async def shift(self, name: str, start: str, end: str, **values: Any) -> int:
        """A shift type that the upstream processes by itself from September 2026 on."""
        times = {"start_time": time.fromisoformat(start), "end_time": time.fromisoformat(end)}
        auto = {
            "auto_attendance": True, "process_after": date(2026, 9, 1), "last_sync": datetime(2026, 10, 2),
        }  # fmt: skip
        return await self.add(ShiftType, name, **{**times, **auto, **values})

    async def works(self, person: str, shift: str | None) -> None:
        """A person's default shift."""
        await self.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE id = :id"),
            {"shift": None if shift is None else self.ids[shift], "id": self.ids[person]},
        )

    async def known_through(self, instant: datetime, *doctypes: str) -> None:
        """Every document type (or these) is complete through here."""
        for doctype in doctypes or (*REQUIRED, "Attendance"):
            await self.conn.execute(
                text("DELETE FROM attendance.sync_cursor WHERE doctype = :name"), {"name": doctype}
            )
            values = {"source_id": self.source, "doctype": doctype, "phase": "live"}
            await add(self.conn, SyncCursor, **values, complete_through=instant)

    async def announce(self, *scopes: str) -> None:
        """Raise data versions, as who writes such rows does."""
        await raise_versions(self.conn, scopes or ("attendance/masters",))  # type: ignore[arg-type]  # a write


async def decided(made: Firm, person: str, day: date) -> None:
    """A dismissal of something on that day, and a weekly schedule from it on."""
    by = {"person_id": made.ids[person], "created_by": "key:somebody"}
    await add(made.conn, Correction, work_date=day, kind="dismissal", incident="SKIPPED", reason="-", **by)
    await add(made.conn, WeeklySchedule, shift_type_id=made.ids["Day"], weekday=1, valid_from=day, **by)


async def firm(conn: AsyncConnection) -> Firm:
    """Two sites, four people, two mapped devices and one that is not, a shift type, holidays, leave types."""
    made = Firm(conn)
    made.source = await add(conn, Source, kind="frappe", base_url="https://hr.example.com", time_zone=ZONE)
    for site in ("Villas", "Centro"):
        await made.add(Site, site)
    await made.add(Company, "Casa Norte")
    holidays = await made.add(
        HolidayList, "Mexico 2026", from_date=date(2026, 1, 1), to_date=date(2026, 12, 31)
    )
    for day, what, weekly in (
        (date(2026, 9, 16), "Independence", False),
        (date(2026, 9, 20), "Sunday", True),
    ):
        await add(conn, Holiday, holiday_list_id=holidays, day=day, description=what, weekly_off=weekly)
    await made.add(
        ShiftType, "Day", start_time=time(8), end_time=time(17), holiday_list_id=holidays,
        half_day_threshold_hours=4,
    )  # fmt: skip
    await made.add(ShiftType, "Night", start_time=time(22), end_time=time(6))
    await made.add(LeaveType, "Casual Leave")
    await made.add(LeaveType, "Leave Without Pay", unpaid=True)
    await _people(made, holidays)
    for device, where in (("villas-gate-1", "Villas"), ("centro-1", "Centro"), ("kitchen", None)):
        await made.device(device, where)
    rules = await conn.execute(select(RuleSet.id).where(RuleSet.name == "recommended"))
    made.ids["recommended"] = rules.scalar_one()
    return made


async def _people(made: Firm, holidays: int) -> None:
    more = {
        "company_id": made.ids["Casa Norte"],
        "holiday_list_id": holidays,
        "default_shift_type_id": made.ids["Day"],
    }
    await made.person("HR-EMP-00001", "Ana Ruiz", "Villas", department="Kitchen", **more)
    await made.person("HR-EMP-00002", "Ben Ortiz", "Villas", department="Garden", status="Left")
    await made.person("HR-EMP-00003", "Carla Soto", "Centro", department="Kitchen")
    await made.person("HR-EMP-00004", "Dario Paz")


async def leave(made: Firm, person: str, first: date, last: date, **values: Any) -> int:
    """An approved leave."""
    made.made += 1
    known = {
        "person_id": made.ids[person],
        "leave_type_id": made.ids["Casual Leave"],
        "from_date": first,
        "to_date": last,
        "status": "Approved",
        "docstatus": 1,
    }
    return await made.add(Leave, f"HR-LAP-{made.made:05}", **{**known, **values})


async def judged(made: Firm, person: str, day: date, status: str = "Present", **values: Any) -> int:
    """A row of the upstream's own attendance."""
    made.made += 1
    known = {"person_id": made.ids[person], "day": day, "status": status, "docstatus": 1, "hours": 8.5}
    return await made.add(UpstreamAttendance, f"HR-ATT-{made.made:05}", **{**known, **values})
