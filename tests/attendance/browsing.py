"""The lists one can browse, asked as somebody, without HTTP: for the tests of their statements."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, cast

import orjson
from pydantic import BaseModel

from service.attendance.queries import browse
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.paging import Cursors
from service.schemas import attendance as wire
from service.schemas.envelope import PageAsk
from tests.attendance.make import Firm

MONDAY = date(2026, 9, 14)
WEEK = {"from": "2026-09-14", "to": "2026-09-20"}
CURSORS = Cursors(["k" * 32])
List = Callable[[ReadConnection, browse.Asking, Any], Awaitable[browse.Listed]]


def asking(*sites: str) -> browse.Asking:
    """Somebody who sees everything, or these sites."""
    scopes = frozenset({"attendance:read"})
    limited = frozenset(sites) if sites else None
    caller = Caller(id="key:1", name="k", kind="key", scopes=scopes, sites=limited)
    return browse.Asking(caller, CURSORS)


async def listed(made: Firm, build: List, ask: PageAsk, *sites: str) -> list[dict[str, Any]]:
    """The items as they travel."""
    page = await build(cast(ReadConnection, made.conn), asking(*sites), ask)
    items: list[dict[str, Any]] = orjson.loads(page.body())["items"]
    return items


LISTS: dict[str, tuple[List, type[PageAsk], type[BaseModel], dict[str, str]]] = {
    "people": (browse.list_people, wire.PeopleAsk, wire.Person, {}),
    "sites": (browse.list_sites, wire.MastersAsk, wire.Site, {}),
    "devices": (browse.list_devices, wire.DevicesAsk, wire.Device, {}),
    "shift types": (browse.list_shift_types, wire.MastersAsk, wire.ShiftType, {}),
    "holiday lists": (browse.list_holiday_lists, wire.MastersAsk, wire.HolidayList, {}),
    "leaves": (browse.list_leaves, wire.LeavesAsk, wire.Leave, {}),
    "checkins": (browse.list_checkins, wire.CheckinsAsk, wire.Checkin, WEEK),
    "days": (browse.list_days, wire.DaysAsk, wire.Day, WEEK),
    "upstream attendance": (
        browse.list_upstream_attendance, wire.UpstreamAttendanceAsk, wire.UpstreamAttendance, WEEK,
    ),
}  # fmt: skip
