"""Sites, devices, shift types and holiday lists."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from service.attendance.models import Device, Holiday, HolidayList, ShiftType, Site
from service.attendance.queries.browse.listed import Asking, Listed, Shelf, entities
from service.attendance.queries.browse.visible import visible_to
from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.schemas.attendance import DevicesAsk, MastersAsk


def site_shown(site: Site) -> Mapping[str, Any]:
    """A site as the wire has it."""
    return {"id": site.id, "name": site.name}


def device_shown(device: Device) -> Mapping[str, Any]:
    """A device as the wire has it."""
    return {"id": device.id, "name": device.name, "site": device.site and device.site.name}


def shift_type_shown(shift: ShiftType) -> Mapping[str, Any]:
    """A shift type as the wire has it; equal start and end are a shift of 24 hours."""
    return {
        "id": shift.id,
        "name": shift.name,
        "start_time": shift.start_time,
        "end_time": shift.end_time,
        "overnight": shift.end_time <= shift.start_time,
        "before_minutes": shift.before_minutes,
        "after_minutes": shift.after_minutes,
        "late_marking": shift.late_marking,
        "late_grace_minutes": shift.late_grace_minutes,
        "early_marking": shift.early_marking,
        "early_grace_minutes": shift.early_grace_minutes,
        "half_day_threshold_hours": shift.half_day_threshold_hours,
        "absent_threshold_hours": shift.absent_threshold_hours,
        "pairing_mode": shift.pairing_mode,
        "hours_mode": shift.hours_mode,
        "auto_attendance": shift.auto_attendance,
        "mark_on_holidays": shift.mark_on_holidays,
        "process_after": shift.process_after,
        "last_sync": shift.last_sync,
        "holiday_list": shift.holiday_list and shift.holiday_list.name,
    }


def holiday_list_shown(holidays: HolidayList) -> Mapping[str, Any]:
    """A holiday list as the wire has it, with its days."""
    return {
        "id": holidays.id,
        "name": holidays.name,
        "from_date": holidays.from_date,
        "to_date": holidays.to_date,
        "holidays": [_holiday_shown(holiday) for holiday in holidays.holidays],
    }


def _holiday_shown(holiday: Holiday) -> Mapping[str, Any]:
    return {
        "day": holiday.day,
        "description": holiday.description,
        "weekly_off": holiday.weekly_off,
        "half_day": holiday.half_day,
    }


def _shelf(name: str, model: type[Any], shown: Any) -> Shelf:
    columns = model.__table__.c
    keys = (SortKey("name", columns.name), SortKey("id", columns.id))
    return Shelf(name=f"attendance.{name}", keys=keys, one=columns.id, read=entities, shown=shown)


SITES: Final = _shelf("sites", Site, site_shown)
DEVICES: Final = _shelf("devices", Device, device_shown)
SHIFT_TYPES: Final = _shelf("shift_types", ShiftType, shift_type_shown)
HOLIDAY_LISTS: Final = _shelf("holiday_lists", HolidayList, holiday_list_shown)


async def list_sites(conn: ReadConnection, asking: Asking, ask: MastersAsk) -> Listed:
    """A page of the sites one may see."""
    visible = await visible_to(conn, asking.caller)
    statement = select(Site).where(Site.deleted_at.is_(None), *visible.sites)
    if ask.q is not None:
        statement = statement.where(Site.name.icontains(ask.q, autoescape=True))
    return await SITES.page(conn, asking, ask, statement)


async def list_devices(conn: ReadConnection, asking: Asking, ask: DevicesAsk) -> Listed:
    """A page of the devices one may see. Raises `SiteNotAllowed`, or `Invalid` for an unknown site."""
    visible = await visible_to(conn, asking.caller, ask.site)
    statement = select(Device).options(joinedload(Device.site))
    if ask.site is None:
        statement = statement.where(*visible.devices)
    else:
        statement = statement.where(Device.site_id.in_(visible.site_ids or ()))
    if ask.device_like is not None:
        statement = statement.where(Device.name.ilike(ask.device_like))
    return await DEVICES.page(conn, asking, ask, statement)


async def list_shift_types(conn: ReadConnection, asking: Asking, ask: MastersAsk) -> Listed:
    """A page of the shift types."""
    statement = (
        select(ShiftType).where(ShiftType.deleted_at.is_(None)).options(joinedload(ShiftType.holiday_list))
    )
    if ask.q is not None:
        statement = statement.where(ShiftType.name.icontains(ask.q, autoescape=True))
    return await SHIFT_TYPES.page(conn, asking, ask, statement)


async def list_holiday_lists(conn: ReadConnection, asking: Asking, ask: MastersAsk) -> Listed:
    """A page of the holiday lists, each with all its days (one more statement for the whole page)."""
    statement = (
        select(HolidayList)
        .where(HolidayList.deleted_at.is_(None))
        .options(selectinload(HolidayList.holidays))
    )
    if ask.q is not None:
        statement = statement.where(HolidayList.name.icontains(ask.q, autoescape=True))
    return await HOLIDAY_LISTS.page(conn, asking, ask, statement)
