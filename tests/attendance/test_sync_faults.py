"""The sync against a site that fails: nothing lost quietly, nothing doubled, never falsely complete."""

import os
import random
from contextlib import suppress
from typing import Any

import pytest

from service.attendance.queries.completeness import REQUIRED, select_complete_through
from service.attendance.queries.watermarks import select_windows
from service.core.database import Database
from service.core.errors import UpstreamError, UpstreamRefused, UpstreamSilent
from service.simulators.frappe import FrappeServer, faults
from tests.attendance.mirroring import (
    CHECKIN,
    Recorder,
    add_punch,
    add_punches,
    cursors,
    gaps,
    punches,
    sync,
    there,
)

# Runs with six injected losses each: 48, in `make prove` 240.
LOSSES = 40 if os.environ.get("MUSTER_PROVE") else 8


async def is_complete(database: Database) -> bool:
    """Whether a report over everything would say `complete: true` (but for its dates)."""
    async with database.snapshot() as conn:
        through = await select_complete_through(conn)
        open_ = await select_windows(conn, 1, states=("gap",))
    return all(through.get(doctype) for doctype in REQUIRED) and not open_


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_failure(), faults.html_error(502), faults.html_error(503), faults.html_error(504),
        faults.maintenance(), faults.reset(), faults.broken_off(), faults.truncated(), faults.login_page(),
        faults.too_many_requests(), faults.too_many_requests(0), faults.raw(200, b"{}"),
    ],
    ids=lambda fault: fault.__name__,
)  # fmt: skip
async def test_q13_passing_failures_leave_no_trace(
    database: Database, server: FrappeServer, fault: object
) -> None:
    add_punches(server.store, 350)
    rule = server.faults.add(fault, kind="list", nth=range(2, 60, 5))  # type: ignore[arg-type]
    await sync(database, server, with_max_page=50, with_page=50)
    assert await punches(database) == there(server.store)
    assert rule.fired > 3
    assert await is_complete(database)


async def test_q11_a_site_in_use_during_the_first_load(database: Database, server: FrappeServer) -> None:
    names = add_punches(server.store, 800)
    dice = random.Random(11)
    number = 0

    def disturb() -> None:
        nonlocal number
        number += 1
        add_punch(server.store, "E2", f"2025-08-{1 + number % 28:02d} {number // 28 % 24:02d}:00:00")
        server.store.update(CHECKIN, dice.choice(names), {"device_id": f"edited {number}"})
        victim = dice.choice(names)
        names.remove(victim)
        server.store.delete(CHECKIN, victim)

    rule = server.faults.add(faults.mutate(disturb), kind="list", doctype=CHECKIN)
    await sync(database, server, with_page=50, with_max_page=50)
    server.faults.remove(rule)
    await sync(database, server)
    assert await punches(database) == there(server.store)


async def test_q16_one_page_that_fails_for_ever_is_a_gap_and_the_rest_is_served(
    database: Database, server: FrappeServer
) -> None:
    names = sorted(add_punches(server.store, 950, old=True))
    before = names[449]
    rule = server.faults.add(
        faults.server_failure(), kind="list", doctype=CHECKIN,
        when=lambda call: f'["name",">","{before}"]' in str(call.params.get("filters"))
        and call.params.get("fields") != '["name"]',
    )  # fmt: skip
    result = await sync(database, server, with_page=50, with_max_page=50, with_max_in_flight=1)
    assert result.partial
    stored = await punches(database)
    assert set(names) - set(stored) == set(names[450:500])
    assert [row[:2] for row in await gaps(database)] == [(before, names[499])]
    assert not await is_complete(database)
    again = await sync(database, server, with_page=50, with_max_page=50)
    assert again.retries == 0  # a known hole is not tried at every poll
    server.faults.remove(rule)
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-08")
    assert await punches(database) == there(server.store)


async def test_q16_the_gap_closes_when_the_page_comes(database: Database, server: FrappeServer) -> None:
    names = sorted(add_punches(server.store, 300, old=True))
    before = names[149]
    rule = server.faults.add(
        faults.html_error(503), kind="list", doctype=CHECKIN,
        when=lambda call: f'["name",">","{before}"]' in str(call.params.get("filters"))
        and call.params.get("fields") != '["name"]',
    )  # fmt: skip
    await sync(database, server, with_page=50, with_max_page=50, with_max_in_flight=1)
    assert not await is_complete(database)
    server.faults.remove(rule)
    async with database.write() as conn:
        from sqlalchemy import text

        await conn.execute(text("UPDATE attendance.sync_window SET updated_at = now() - interval '1 hour'"))
    await sync(database, server)
    assert await punches(database) == there(server.store)
    assert await is_complete(database)


@pytest.mark.parametrize("fault", [faults.empty_data(), faults.dropped_rows(7)], ids=["empty", "dropped"])
async def test_q7_rows_swallowed_once_are_noticed_and_read_again(
    database: Database, server: FrappeServer, fault: object
) -> None:
    add_punches(server.store, 700)
    server.faults.add(fault, kind="list", doctype=CHECKIN, nth=6)  # type: ignore[arg-type]
    recorder = Recorder()
    result = await sync(database, server, recorder, with_page=50, with_max_page=50, with_max_in_flight=1)
    assert await punches(database) == there(server.store)
    assert recorder.counts["short_listings"] == 1
    assert not result.partial


async def test_q7_complete_is_never_stated_wrongly(database: Database, server: FrappeServer) -> None:
    """Random losses at every step: whenever rows are missing afterwards, it says so."""
    dice = random.Random(7)
    add_punches(server.store, 120)
    kinds = [faults.empty_data(), faults.dropped_rows(1), faults.html_error(502), faults.truncated(0.4)]
    for step in range(LOSSES):
        add_punches(
            server.store, 9, employee="E2", first=f"2025-{8 + step // 28:02d}-{step % 28 + 1:02d} 08:00:00"
        )
        rules = [
            server.faults.add(
                dice.choice(kinds), kind="list", doctype=CHECKIN, nth=dice.sample(range(1, 9), 3)
            )
            for _ in range(2)
        ]
        result = None
        with suppress(UpstreamError):
            result = await sync(database, server, with_page=20, with_max_page=20)
        for rule in rules:
            server.faults.remove(rule)
        if result is not None and not result.partial:
            assert await punches(database) == there(server.store), f"step {step}"
    await sync(database, server)
    assert await punches(database) == there(server.store)


async def test_q17_credential_refused_midway_stops_every_stream(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 2000)
    await sync(database, server, doctypes=("Employee",))
    refusal = server.faults.add(faults.credential_refused(), nth=range(8, 10_000))
    with pytest.raises(UpstreamRefused) as refused:
        await sync(database, server, with_page=20, with_max_page=20, with_max_in_flight=4)
    assert refused.value.code == "upstream_credential"
    assert refusal.fired <= 4  # those already under way, and no retry
    before = await cursors(database)
    with pytest.raises(UpstreamRefused):
        await sync(database, server)
    assert await cursors(database) == before


async def test_q19_a_site_that_is_down_fails_the_run_and_keeps_what_there_is(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 50)
    await sync(database, server)
    kept = await cursors(database)
    await server.stop()
    with pytest.raises(UpstreamSilent):
        await sync(database, server)
    assert await cursors(database) == kept
    assert len(await punches(database)) == 50
    await server.start()
    add_punch(server.store, "E1", "2025-07-02 08:00:00")
    await sync(database, server)
    assert await punches(database) == there(server.store)


async def test_q18_a_changed_layout_is_loud_and_never_fewer_punches(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 3)
    await sync(database, server)
    before = await punches(database)

    def renamed(rows: list[dict[str, Any]]) -> object:
        return [
            {("punch_time" if key == "time" else key): value for key, value in row.items()} for row in rows
        ]

    server.faults.add(faults.edited(renamed), kind="list", doctype="Employee Checkin")
    add_punch(server.store, "E1", "2025-07-02 08:00:00")
    with pytest.raises(UpstreamError) as loud:
        await sync(database, server)
    assert "time" in loud.value.detail
    assert await punches(database) == before
