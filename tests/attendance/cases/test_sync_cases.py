"""The numbered cases of the attendance spec that concern the sync (G.7), against a simulated site."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from service.attendance.queries.completeness import select_mirror_state
from service.attendance.recompute import Recompute
from service.core.compute import Compute
from service.core.database import Database
from service.core.errors import UpstreamRefused
from service.simulators.frappe import FrappeConfig, FrappeServer, faults
from tests.attendance.mirroring import (
    Recorder,
    add_person,
    add_punch,
    add_punches,
    clean,
    client_of,
    cursors,
    dirty,
    fetch,
    punches,
    site,
    sync,
    there,
)

CHECKIN = "Employee Checkin"


@pytest.fixture
async def server() -> AsyncIterator[FrappeServer]:
    async with site() as opened:
        add_person(opened.store, "E1")
        yield opened


async def judge(database: Database, day: str, rule_set: str = "recommended") -> str:
    """Recompute what is due at the end of July 2025 and give one day's status."""
    compute = Compute()
    now = datetime(2025, 7, 31, 18, tzinfo=UTC)
    try:
        await Recompute(database, None, compute).run(now=now)
    finally:
        compute.close()
    rows = await fetch(database, """
        SELECT d.status FROM attendance.day d JOIN attendance.rule_set r ON r.id = d.rule_set_id
        WHERE r.name = :rule_set AND d.work_date = CAST(CAST(:day AS text) AS date)
    """, rule_set=rule_set, day=day)  # fmt: skip
    return str(rows[0][0])


async def complete(database: Database, day: str) -> bool:
    """Whether everything up to the end of a day is known and no gap is open there."""
    when = date.fromisoformat(day)
    async with database.snapshot() as conn:
        state = await select_mirror_state(conn, when, when)
    return state.complete_through is not None and not state.gaps


async def test_g_n_83_every_punch_once_though_pages_come_in_random_order(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 1957)
    result = await sync(database, server, with_page=100, with_max_page=100)
    assert await punches(database) == there(server.store)
    assert len(await punches(database)) == 1957
    assert result.gaps == 0
    lists = server.requests.select(CHECKIN)
    assert all("order_by" in entry.params for entry in lists)


async def test_g_n_85_a_page_that_fails_twice_is_retried_twice(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 450)
    third = "limit_page_length"
    server.faults.add(
        faults.server_failure(), kind="list", doctype=CHECKIN, times=2,
        when=lambda call: call.params.get(third) == "100" and '"name",">"' in str(call.params.get("filters")),
    )  # fmt: skip
    recorder = Recorder()
    result = await sync(database, server, recorder, with_page=100, with_max_page=100)
    assert await punches(database) == there(server.store)
    assert result.retries == 2
    assert recorder.counts["updated"] == 0


async def test_g_n_86_a_credential_refused_on_page_two_ends_the_run_at_once(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 450)
    refusal = server.faults.add(
        faults.credential_refused(), when=lambda call: '["name",">","' in str(call.params.get("filters"))
    )
    with pytest.raises(UpstreamRefused) as refused:
        await sync(database, server, with_page=100, with_max_page=100, with_max_in_flight=1)
    assert refused.value.code == "upstream_credential"
    assert refusal.fired == 1
    assert CHECKIN not in {name for name, row in (await cursors(database)).items() if row[0] == "live"}
    assert not await complete(database, "2025-07-01")
    server.faults.clear()
    await sync(database, server, with_page=100, with_max_page=100)
    assert await punches(database) == there(server.store)
    assert await complete(database, "2025-07-01")


async def test_g_n_87_retry_after_two_seconds_is_waited_for(database: Database, server: FrappeServer) -> None:
    add_punches(server.store, 250)
    server.faults.add(faults.too_many_requests(2), kind="list", doctype=CHECKIN, nth=3)
    await sync(database, server, with_page=100, with_max_page=100)
    assert await punches(database) == there(server.store)
    lists = server.requests.entries
    refused = next(n for n, entry in enumerate(lists) if entry.status == 429)
    assert lists[refused + 1].started - lists[refused].started >= 2


@pytest.mark.parametrize("fault", [faults.login_page(), faults.truncated(), faults.wrong_content_type()])
async def test_g_n_88_html_or_truncated_json_is_retried_never_an_empty_page(
    database: Database, server: FrappeServer, fault: object
) -> None:
    add_punches(server.store, 250)
    server.faults.add(fault, kind="list", doctype=CHECKIN, nth={2, 4})  # type: ignore[arg-type]
    result = await sync(database, server, with_page=100, with_max_page=100)
    assert await punches(database) == there(server.store)
    assert result.retries == 2
    assert result.gaps == 0


async def test_g_n_89_a_late_upload_marks_the_days_around_it_and_nobody_else(
    database: Database, server: FrappeServer
) -> None:
    add_person(server.store, "E2")
    add_punches(server.store, 5)
    await sync(database, server)
    await clean(database)
    add_punch(server.store, "E1", "2025-07-03 08:00:00")
    await sync(database, server)
    assert await dirty(database) == {("E1", "2025-07-02"), ("E1", "2025-07-03"), ("E1", "2025-07-04")}


async def test_g_n_90_a_commit_stamped_five_minutes_before_the_cursor_is_picked_up(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 5)
    late = server.store.insert(
        CHECKIN,
        {"employee": "E1", "time": "2025-07-02 09:00:00", "modified": earlier(server, 300)},
        held=True,
    )
    add_punch(server.store, "E1", "2025-07-02 10:00:00")
    await sync(database, server)
    assert late not in await punches(database)
    server.store.release()
    await sync(database, server)
    assert await punches(database) == there(server.store)


def earlier(server: FrappeServer, seconds: float) -> str:
    moment = datetime.fromisoformat(server.store.clock.stamp())
    return str(datetime.fromtimestamp(moment.timestamp() - seconds))


@pytest.mark.parametrize("logged", [True, False])
async def test_g_n_91_a_deleted_checkin_is_tombstoned_and_the_day_becomes_absent(
    database: Database, server: FrappeServer, logged: bool
) -> None:
    add_punches(server.store, 3, first="2025-07-02 08:00:00")
    alone = add_punch(server.store, "E1", "2025-07-03 08:00:00")
    await sync(database, server)
    assert await judge(database, "2025-07-03") == "MISSING_OUT"
    server.store.delete(CHECKIN, alone, log=logged)
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-31")
    assert await fetch(
        database, "SELECT deleted_at IS NOT NULL FROM attendance.checkin WHERE upstream_name = :n", n=alone
    ) == [(True,)]
    assert await judge(database, "2025-07-03") == "ABSENT"
    audit = await fetch(database, "SELECT what FROM muster.audit WHERE what LIKE 'checkin%'")
    assert audit == [("checkin.deleted_upstream",)]


async def test_g_n_91_the_log_of_deletions_is_enough(database: Database, server: FrappeServer) -> None:
    names = add_punches(server.store, 3)
    await sync(database, server)
    server.store.delete(CHECKIN, names[1])
    await sync(database, server)
    assert await punches(database) == there(server.store)


async def test_g_n_92_a_cancelled_leave_gives_the_absence_back(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 3)
    leave = server.store.insert("Leave Application", {
        "employee": "E1", "leave_type": "Casual Leave", "from_date": "2025-07-08", "to_date": "2025-07-08",
        "status": "Approved", "docstatus": 1, "total_leave_days": 1,
    })  # fmt: skip
    await sync(database, server)
    assert await judge(database, "2025-07-08") == "ON_LEAVE"
    server.store.cancel("Leave Application", leave)
    await sync(database, server)
    assert await judge(database, "2025-07-08") == "ABSENT"


async def test_g_n_93_an_edited_punch_puts_the_old_and_the_new_day_in_doubt(
    database: Database, server: FrappeServer
) -> None:
    punch = add_punch(server.store, "E1", "2025-07-07 08:00:00")
    add_punch(server.store, "E1", "2025-07-07 17:00:00")
    await sync(database, server)
    assert await judge(database, "2025-07-07") == "PRESENT"
    server.store.update(CHECKIN, punch, {"time": "2025-07-07 09:30:00"})
    await sync(database, server)
    assert await judge(database, "2025-07-07") == "SEVERE_LATE"
    server.store.update(CHECKIN, punch, {"time": "2025-07-10 08:00:00"})
    await sync(database, server)
    assert {day for _, day in await dirty(database)} == {
        "2025-07-06", "2025-07-07", "2025-07-08", "2025-07-09", "2025-07-10", "2025-07-11",
    }  # fmt: skip


async def test_g_n_94_naive_times_are_the_site_s(database: Database, server: FrappeServer) -> None:
    add_punch(server.store, "E1", "2025-07-01 08:00:00")
    await sync(database, server)
    rows = await fetch(database, "SELECT local_time, day, at FROM attendance.checkin")
    assert rows == [
        (datetime(2025, 7, 1, 8), date(2025, 7, 1), datetime(2025, 7, 1, 14, tzinfo=UTC)),
    ]


async def test_g_n_96_employee_names_of_any_shape(database: Database, server: FrappeServer) -> None:
    names = ["HR-EMP-00044", "44", "a/b c", "Ñandú & söhne?#%20"]
    for name in names:
        add_person(server.store, name)
        add_punch(server.store, name, "2025-07-01 08:00:00")
    await sync(database, server)
    assert {row[0] for row in (await punches(database)).values()} == set(names)
    async with client_of(server) as client:
        from service.attendance.upstream.documents import EMPLOYEE

        assert all([await client.exists(EMPLOYEE, name) for name in names])
        assert not await client.exists(EMPLOYEE, "a/b d")


async def test_g_n_98_killed_in_the_backfill_it_resumes_to_the_same_totals(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 900)

    class Killed(BaseException):
        """Nothing in the sync may catch it."""

    class Fatal(Recorder):
        async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
            if message == CHECKIN and done > 300:
                raise Killed

    with pytest.raises(Killed):
        await sync(database, server, Fatal(), with_page=100, with_max_page=100, with_max_in_flight=1)
    before = len(await punches(database))
    assert 0 < before < 900
    server.requests.clear()
    await sync(database, server, with_page=100, with_max_page=100, with_max_in_flight=1)
    assert await punches(database) == there(server.store)
    # By question: the page that the killed run was waiting for may be answered, unheard, after the kill.
    pages = {
        str(entry.params["filters"]): entry.rows or 0
        for entry in server.requests.select(CHECKIN)
        if entry.params["order_by"] == "name asc"
    }
    assert sum(pages.values()) == 900 - before


async def test_g_n_102_an_unknown_optional_field_is_left_out_and_remembered(database: Database) -> None:
    async with site(FrappeConfig(profile="v14")) as server:
        add_person(server.store, "E1")
        server.store.insert("Attendance", {
            "employee": "E1", "attendance_date": "2025-07-01", "status": "Half Day", "docstatus": 1,
        })  # fmt: skip
        async with client_of(server) as client:
            from service.attendance.sync import SyncParams, synchronise

            await synchronise(database, client, SyncParams(), Recorder())
            assert client.refused_fields["Attendance"] == {"half_day_status"}
            refusals = server.requests.count(status=417, doctype="Attendance")
            await synchronise(database, client, SyncParams(), Recorder())
            assert server.requests.count(status=417, doctype="Attendance") == refusals == 1
    assert await fetch(database, "SELECT status, other_half FROM attendance.upstream_attendance") == [
        ("Half Day", None)
    ]
