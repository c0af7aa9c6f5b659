"""What one can browse, as statements: how many there are, and by which index they find their rows."""

from datetime import time
from typing import Any, cast

import pytest

from service.attendance.models import Holiday, HolidayList, ShiftType, Site
from service.attendance.queries import browse
from service.core.database import ReadConnection
from service.schemas import attendance as wire
from service.schemas.envelope import PageAsk
from tests.attendance.browsing import LISTS, MONDAY, List, asking, listed
from tests.attendance.make import Firm, add, judged, leave
from tests.attendance.plans import assert_by_index, captured, explained, read_of
from tests.support.statements import counted_statements


async def some_more(made: Firm, count: int) -> None:
    """So many rows of everything, each referring to rows of its own."""
    for _ in range(count):
        made.made += 1
        name = f"more {made.made:04}"
        lists = await made.add(HolidayList, f"holidays {name}")
        await add(made.conn, Holiday, holiday_list_id=lists, day=MONDAY)
        await made.add(Site, name)
        hours = {"start_time": time(8), "end_time": time(17)}
        shift = await made.add(ShiftType, f"shift {name}", holiday_list_id=lists, **hours)
        more = {"holiday_list_id": lists, "default_shift_type_id": shift}
        await made.person(f"person {name}", name, name, **more)
        await made.device(f"device {name}", name)
        await made.punch(f"person {name}", "2026-09-14 08:00:00", f"device {name}")
        await made.day(f"person {name}", MONDAY, shift_type_id=shift)
        await leave(made, f"person {name}", MONDAY, MONDAY)
        await judged(made, f"person {name}", MONDAY)


async def test_q33_the_number_of_statements_does_not_grow_with_the_rows(made: Firm) -> None:
    sent: dict[str, list[int]] = {name: [] for name in LISTS}
    for total, more in ((1, 1), (10, 9), (100, 90)):
        await some_more(made, more)
        for name, (build, ask, row, window) in LISTS.items():
            with counted_statements(made.conn) as seen:
                items = await listed(made, build, ask.model_validate({"limit": 1000, **window}))
            assert len(items) >= total
            assert {tuple(item) for item in items} == {tuple(items[0])}
            assert set(items[0]) == set(row.model_fields), name
            for item in items:
                row.model_validate(item)
            sent[name].append(len(seen))
    assert all(len(set(counts)) == 1 and counts[0] <= 2 for counts in sent.values()), sent


async def plan_of(made: Firm, build: List, ask: PageAsk, *sites: str) -> list[dict[str, Any]]:
    """The plan of the page's statement, carried out: the last statement that a list sends."""
    with captured(made.conn) as seen:
        await build(cast(ReadConnection, made.conn), asking(*sites), ask)
    return await explained(made.conn, *seen[-1])


async def test_q33_check_ins_come_by_the_composite_index(many: Firm) -> None:
    by_time, by_person = "ix_checkin_local_time_id", "ix_checkin_person_id_local_time"
    by_device = "ix_checkin_device_id_local_time"
    for ask, wanted in (
        ({}, {by_time}),
        ({"log_type": "IN"}, {by_time}),
        ({"site": "Villas"}, {by_time}),
        ({"person": "M-44"}, {by_person}),
        ({"device": "villas-gate-1"}, {by_time, by_device}),
        ({"device_like": "%VILLAS%"}, {by_time, by_device}),
        ({"unassigned": True}, {by_time}),
    ):
        asked = wire.CheckinsAsk.model_validate({"from": "2026-08-15", "to": "2026-09-20", **ask})
        assert_by_index(await plan_of(many, browse.list_checkins, asked), "checkin", wanted)


async def test_q33_days_come_by_the_composite_index(many: Firm) -> None:
    for ask, wanted in (
        ({}, "ix_day_work_date"),
        ({"site": "Villas"}, "ix_day_work_date"),
        ({"person": "M-44"}, "pk_day"),
        ({"status": "ABSENT"}, "ix_day_status"),
    ):
        asked = wire.DaysAsk.model_validate({"from": "2026-08-15", "to": "2026-09-20", **ask})
        assert_by_index(await plan_of(many, browse.list_days, asked), "day", {wanted})


async def test_q33_the_upstreams_attendance_comes_by_the_composite_index(many: Firm) -> None:
    asked = wire.UpstreamAttendanceAsk.model_validate({"from": "2026-09-15", "to": "2026-09-16"})
    plan = await plan_of(many, browse.list_upstream_attendance, asked)
    assert_by_index(plan, "upstream_attendance", {"ix_upstream_attendance_day_person_id"})


@pytest.mark.parametrize(
    ("build", "ask", "table"),
    [
        (browse.list_checkins, wire.CheckinsAsk, "checkin"),
        (browse.list_days, wire.DaysAsk, "day"),
    ],
)
async def test_q34_a_late_page_reads_as_few_rows_as_the_first(
    many: Firm, build: List, ask: type[PageAsk], table: str
) -> None:
    asked = ask.model_validate({"from": "2026-06-25", "to": "2026-09-20", "limit": 1000})
    conn = cast(ReadConnection, many.conn)
    first = read_of(await plan_of(many, build, asked), table)
    for _ in range(20):
        page = (await build(conn, asking(), asked)).page
        assert page.next is not None
        asked = asked.model_copy(update={"cursor": page.next})
    late = read_of(await plan_of(many, build, asked), table)
    # Days have no index on the last part of their order: the rest of one date and person is read with it.
    assert first <= 1001 + 3 * 200
    assert late <= 1.5 * first
