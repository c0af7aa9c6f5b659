"""What one can browse: whose rows, by which names, as what they travel, and every row exactly once."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import InvalidRequestError

from service.attendance.models import Device, Holiday, Person, RuleSet, Source
from service.attendance.queries import browse
from service.attendance.queries.browse.listed import decimal_text
from service.core.auth import SiteNotAllowed
from service.core.database import ReadConnection, orm
from service.core.errors import Invalid
from service.schemas import attendance as wire
from tests.attendance.browsing import LISTS, MONDAY, WEEK, List, asking, listed
from tests.attendance.make import Firm, add, judged, leave


@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_over_pages_gives_every_check_in_once_and_in_order(made: Firm, seed: int) -> None:
    """Many share their time; some are added, before and after the place, while the walk goes on."""
    chance = random.Random(seed)
    moments = [f"2026-09-14 08:00:0{chance.randrange(4)}" for _ in range(40)]
    there = {await made.punch("HR-EMP-00001", moment) for moment in moments}
    seen: list[dict[str, Any]] = []
    asked = wire.CheckinsAsk.model_validate({**WEEK, "limit": chance.randrange(1, 12)})
    while True:
        page = await browse.list_checkins(cast(ReadConnection, made.conn), asking(), asked)
        seen += orjson.loads(page.body())["items"]
        if page.page.next is None:
            break
        asked = asked.model_copy(update={"cursor": page.page.next})
        await made.punch("HR-EMP-00002", f"2026-09-14 08:00:0{chance.randrange(4)}")
    old = [item["id"] for item in seen if item["id"] in there]
    assert len(old) == len(set(old))
    assert set(old) == there
    order = [(item["local_time"], item["id"]) for item in seen]
    assert order == sorted(order, reverse=True)


async def test_a_key_of_one_site_sees_the_rows_of_its_people_only(made: Firm) -> None:
    for person in ("HR-EMP-00001", "HR-EMP-00003", "HR-EMP-00004", "nobody we know"):
        await made.punch(person, "2026-09-14 08:00:00", "kitchen")
    for person in ("HR-EMP-00001", "HR-EMP-00003"):
        await made.day(person, MONDAY)
        await leave(made, person, MONDAY, MONDAY)
        await judged(made, person, MONDAY)
    seen: dict[str, list[set[str]]] = {}
    for name in ("checkins", "days", "leaves", "upstream attendance"):
        build, ask, _, window = LISTS[name]
        for sites in ([], ["Villas"], ["Centro"], ["Villas", "Centro"], ["Nowhere"]):
            items = await listed(made, build, ask.model_validate(window), *sites)
            seen.setdefault(name, []).append({item["person"] or item["unknown_person"] for item in items})
    one, three = "HR-EMP-00001", "HR-EMP-00003"
    everybody = {one, three, "HR-EMP-00004", "nobody we know"}
    for name, got in seen.items():
        expected = [everybody if name == "checkins" else {one, three}, {one}, {three}, {one, three}, set()]
        assert got == expected, name


async def test_a_key_of_one_site_sees_its_devices_and_unmapped_ones_its_people_used(made: Firm) -> None:
    await made.punch("HR-EMP-00001", "2026-09-14 08:00:00", "kitchen")
    await made.punch("HR-EMP-00001", "2026-09-14 09:00:00", "centro-1")
    await made.device("nobody's")
    seen = {
        sites: [item["name"] for item in await listed(made, browse.list_devices, wire.DevicesAsk(), *sites)]
        for sites in ((), ("Villas",), ("Centro",))
    }
    assert seen == {
        (): ["centro-1", "kitchen", "nobody's", "villas-gate-1"],
        ("Villas",): ["kitchen", "villas-gate-1"],
        ("Centro",): ["centro-1"],
    }
    found = await listed(made, browse.list_devices, wire.DevicesAsk(site="Villas"))
    assert [(item["name"], item["site"]) for item in found] == [("villas-gate-1", "Villas")]


async def test_a_device_that_a_row_names_may_be_asked_for(made: Firm) -> None:
    await made.punch("HR-EMP-00001", "2026-09-14 09:00:00", "centro-1")
    window = {"from": "2026-09-14", "to": "2026-09-14"}
    ask = wire.CheckinsAsk.model_validate({"site": "Villas", "device": "centro-1", **window})
    found = await listed(made, browse.list_checkins, ask)
    assert [(item["person"], item["device"]) for item in found] == [("HR-EMP-00001", "centro-1")]
    before = ask.model_copy(update={"from_": date(2026, 9, 1), "to": date(2026, 9, 2)})
    with pytest.raises(Invalid, match="centro-1"):
        await listed(made, browse.list_checkins, before, "Villas")


async def test_a_foreign_site_is_refused_whether_or_not_it_exists(made: Firm) -> None:
    for site in ("Centro", "Nowhere"):
        ask = wire.PeopleAsk(site=site)
        with pytest.raises(SiteNotAllowed):
            await browse.list_people(cast(ReadConnection, made.conn), asking("Villas"), ask)


@pytest.mark.parametrize(
    ("build", "ask", "code", "near"),
    [
        (browse.list_people, {"site": "Vilas"}, "unknown_site", "Villas"),
        (browse.list_people, {"department": "kitchen"}, "unknown_department", "Kitchen"),
        (browse.list_checkins, {"person": "HR-EMP-0001"}, "unknown_person", "HR-EMP-00001"),
        (browse.list_checkins, {"device": "vilas-gate"}, "unknown_device", "villas-gate-1"),
        (browse.list_checkins, {"rule_set": "recomended"}, "unknown_rule_set", "recommended"),
        (browse.list_days, {"rule_set": "frape_hr"}, "unknown_rule_set", "frappe_hr"),
        (browse.list_days, {"incident": "MISING_OUT"}, "unknown_incident", "MISSING_OUT"),
        (browse.list_days, {"department": "Kitchn"}, "unknown_department", "Kitchen"),
        (browse.list_leaves, {"leave_type": "Casual"}, "unknown_leave_type", "Casual Leave"),
    ],
)
async def test_an_unknown_name_is_refused_with_names_like_it(
    made: Firm, build: List, ask: dict[str, str], code: str, near: str
) -> None:
    kind, window = next((entry[1], entry[3]) for entry in LISTS.values() if entry[0] is build)
    with pytest.raises(Invalid) as refused:
        await build(cast(ReadConnection, made.conn), asking(), kind.model_validate({**window, **ask}))
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == (f"/query/{next(iter(ask))}", code)
    assert near in error.detail


async def test_near_matches_never_name_what_the_caller_may_not_see(made: Firm) -> None:
    ask = wire.CheckinsAsk.model_validate({**WEEK, "person": "HR-EMP-00003"})
    with pytest.raises(Invalid) as refused:
        await browse.list_checkins(cast(ReadConnection, made.conn), asking("Villas"), ask)
    assert "HR-EMP-00001" in refused.value.detail
    assert "HR-EMP-00004" not in refused.value.detail
    for device in ("centro-1", "centro-2"):
        with pytest.raises(Invalid) as refused:
            ask = wire.CheckinsAsk.model_validate({**WEEK, "device": device})
            await browse.list_checkins(cast(ReadConnection, made.conn), asking("Villas"), ask)
        assert "mean" not in refused.value.detail


@pytest.mark.parametrize(
    ("pattern", "devices"),
    [
        ("%villas%", ["villas-gate-1"]),
        ("VILLAS%", ["villas-gate-1"]),
        ("%gate", ["100% gate"]),
        ("%-_", ["centro-1", "villas-gate-1"]),
        ("%\\%%", ["100% gate"]),
        ("kitchen", ["kitchen"]),
    ],
)
async def test_devices_are_found_by_like_patterns(made: Firm, pattern: str, devices: list[str]) -> None:
    await made.device("100% gate")
    for device in ("villas-gate-1", "centro-1", "kitchen", "100% gate"):
        await made.punch("HR-EMP-00001", "2026-09-14 08:00:00", device)
    await made.punch("HR-EMP-00001", "2026-09-14 08:00:00")
    found = await listed(made, browse.list_devices, wire.DevicesAsk(device_like=pattern))
    assert [item["name"] for item in found] == devices
    ask = wire.CheckinsAsk.model_validate({**WEEK, "device_like": pattern})
    assert sorted(item["device"] for item in await listed(made, browse.list_checkins, ask)) == devices


async def test_unassigned_are_the_check_ins_that_no_shift_claims(made: Firm) -> None:
    """Counted: claimed. Set aside within the window (a duplicate): claimed. Outside it, of no shift: not."""
    counted = await made.punch("HR-EMP-00001", "2026-09-14 08:00:00")
    double = await made.punch("HR-EMP-00001", "2026-09-14 08:00:30")
    stray = await made.punch("HR-EMP-00001", "2026-09-14 23:30:00")
    night = await made.punch("HR-EMP-00001", "2026-09-16 02:00:00")
    rest = await made.punch("HR-EMP-00003", "2026-09-14 11:00:00")
    unknown = await made.punch("nobody we know", "2026-09-14 11:00:00")
    ends = datetime(2026, 9, 14, 18)
    await made.day("HR-EMP-00001", MONDAY, punches=[counted, double, stray], punch_count=1, window_end=ends)
    await made.day("HR-EMP-00001", date(2026, 9, 15), punches=[night], punch_count=1)
    await made.day("HR-EMP-00003", MONDAY, shift_type_id=None, punches=[rest], punch_count=1)
    found: dict[bool, set[int]] = {}
    for unassigned in (True, False):
        ask = wire.CheckinsAsk.model_validate({**WEEK, "unassigned": unassigned})
        found[unassigned] = {item["id"] for item in await listed(made, browse.list_checkins, ask)}
    assert found == {True: {stray, rest, unknown}, False: {counted, double, night}}
    ask = wire.CheckinsAsk.model_validate({**WEEK, "unassigned": True, "rule_set": "frappe_hr"})
    assert len(await listed(made, browse.list_checkins, ask)) == 6  # nothing computed under these rules yet


async def test_a_day_is_shown_with_its_names_and_decimal_figures(made: Firm) -> None:
    holiday = await add(
        made.conn, Holiday, holiday_list_id=made.ids["Mexico 2026"], day=MONDAY, description="Feast"
    )
    await made.day(
        "HR-EMP-00001", MONDAY, hours_hundredths=807, leave_hundredths=50, incidents=1 | 1024,
        leave_type_id=made.ids["Casual Leave"], holiday_id=holiday, status="PENDING", pending_reason=3,
    )  # fmt: skip
    (day,) = await listed(made, browse.list_days, wire.DaysAsk.model_validate(WEEK))
    shown = {
        "person": "HR-EMP-00001", "person_name": "Ana Ruiz", "site": "Villas", "department": "Kitchen",
        "shift": "Day", "rule_set": "recommended/1", "hours": "8.07", "leave_fraction": "0.50",
        "leave_type": "Casual Leave", "holiday": "Feast", "pending_reason": "AWAITING_CHECKINS",
        "incidents": ["MISSING_IN", "WORKED_ON_DAY_OFF"], "shift_start": "2026-09-14T08:00:00",
        "first_in": None, "work_date": "2026-09-14",
    }  # fmt: skip
    assert {name: day[name] for name in shown} == shown
    by_incident = wire.DaysAsk.model_validate({**WEEK, "incident": "WORKED_ON_DAY_OFF"})
    assert len(await listed(made, browse.list_days, by_incident)) == 1
    other = wire.DaysAsk.model_validate({**WEEK, "incident": "MISSING_OUT"})
    assert await listed(made, browse.list_days, other) == []


async def test_days_come_from_the_newest_active_version_of_their_rules(made: Firm) -> None:
    rules = {"name": "recommended", "parameters": {}}
    newer = await add(made.conn, RuleSet, version=2, **rules)
    await add(made.conn, RuleSet, version=3, active=False, **rules)
    await made.day("HR-EMP-00001", MONDAY)
    await made.day("HR-EMP-00001", MONDAY, rule_set_id=newer, status="ABSENT")
    (day,) = await listed(made, browse.list_days, wire.DaysAsk.model_validate(WEEK))
    assert (day["rule_set"], day["status"]) == ("recommended/2", "ABSENT")


async def test_a_check_in_bears_the_offset_its_site_had_then(made: Firm) -> None:
    """Mexico City: UTC-6 all year since 2022, UTC-5 in the summer of 2021."""
    await made.punch("HR-EMP-00001", "2021-07-01 08:00:00")
    await made.punch("HR-EMP-00001", "2026-07-01 08:00:00")
    found = []
    for year in (2021, 2026):
        ask = wire.CheckinsAsk.model_validate({"from": f"{year}-07-01", "to": f"{year}-07-01"})
        found += [(item["local_time"], item["at"]) for item in await listed(made, browse.list_checkins, ask)]
    assert found == [
        ("2021-07-01T08:00:00", "2021-07-01T08:00:00-05:00"),
        ("2026-07-01T08:00:00", "2026-07-01T08:00:00-06:00"),
    ]


async def test_what_the_upstream_deleted_is_not_listed_and_keeps_its_past(made: Firm) -> None:
    await made.punch("HR-EMP-00001", "2026-09-14 08:00:00")
    gone = await made.punch("HR-EMP-00001", "2026-09-14 09:00:00", deleted_at=datetime.now(UTC))
    await made.conn.execute(
        text("UPDATE attendance.person SET deleted_at = now() WHERE upstream_name = 'HR-EMP-00001'")
    )
    people = await listed(made, browse.list_people, wire.PeopleAsk())
    assert "HR-EMP-00001" not in {person["number"] for person in people}
    ask = wire.CheckinsAsk.model_validate({**WEEK, "person": "HR-EMP-00001"})
    punches = await listed(made, browse.list_checkins, ask)
    assert len(punches) == 1
    assert punches[0]["id"] != gone


async def test_one_number_in_two_sources_means_both_in_filters(made: Firm) -> None:
    other = await add(made.conn, Source, kind="frappe", base_url="https://two", time_zone="Asia/Kolkata")
    first = made.ids["HR-EMP-00001"]
    await made.punch("HR-EMP-00001", "2026-09-14 08:00:00")
    twin = await add(made.conn, Person, source_id=other, upstream_name="HR-EMP-00001", name="Uma Rao")
    made.ids["HR-EMP-00001"] = twin
    await made.punch("HR-EMP-00001", "2026-09-14 09:00:00", source_id=other)
    assert first != twin
    ask = wire.CheckinsAsk.model_validate({**WEEK, "person": "HR-EMP-00001"})
    found = await listed(made, browse.list_checkins, ask)
    assert [item["person_name"] for item in found] == ["Uma Rao", "Ana Ruiz"]


async def test_nothing_loads_by_itself(made: Firm) -> None:
    async with orm(cast(ReadConnection, made.conn)) as session:
        device = (await session.scalars(select(Device).limit(1))).one()
        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            _ = device.site


@given(st.integers(-(10**9), 10**9))
def test_hundredths_become_the_exact_decimal(hundredths: int) -> None:
    assert Decimal(decimal_text(hundredths)) == Decimal(hundredths) / 100
