"""The ordering traps of the real site (observed), which a client that does not order totally must fall
into."""

from collections import Counter
from datetime import datetime, timedelta

from service.simulators.frappe import FrappeConfig, FrappeServer, Store
from tests.simulators.frappe.conftest import Caller, serving
from tests.simulators.frappe.seeding import KEYS


def fill(store: Store, count: int = 1_957) -> set[str]:
    """Check-ins of which ten share each second."""
    begin = datetime(2025, 7, 1, 8)
    fixed = [
        (
            f"EMP-CKIN-07-2025-{n:06d}",
            f"2025-07-01 08:00:00.{n + 1:06d}",
            str(begin + timedelta(seconds=n // 10)),
        )
        for n in range(count)
    ]
    store.insert_rows("Employee Checkin", ("name", "modified", "time"), fixed)
    return {name for name, _, _ in fixed}


async def pages(call: Caller, size: int, **params: object) -> list[str]:
    """Offset paging until a short page."""
    names: list[str] = []
    while True:
        page = await call.names(limit_start=str(len(names)), limit_page_length=str(size), **params)
        names += page
        if len(page) < size:
            return names


async def test_each_unordered_answer_has_its_own_order(site: FrappeServer, call: Caller) -> None:
    fill(site.store)
    answers = [tuple(await call.names(limit_page_length="50")) for _ in range(4)]
    assert len(set(answers)) == 4


async def test_g_n_83_unordered_pages_lose_rows_and_keyset_pages_do_not(
    site: FrappeServer, call: Caller
) -> None:
    every = fill(site.store)
    unordered = await pages(call, 100)
    assert len(unordered) == len(every)
    assert set(unordered) < every
    keyset: list[str] = []
    while page := await call.names(
        filters=[["name", ">", keyset[-1] if keyset else ""]], order_by="name asc", limit="100"
    ):
        keyset += page
    assert keyset == sorted(every)


async def test_ties_of_a_key_that_is_not_unique_move_between_pages(site: FrappeServer, call: Caller) -> None:
    every = fill(site.store)
    by_time = Counter(await pages(call, 25, order_by="time asc"))
    assert by_time.total() == len(every)
    assert set(by_time) < every
    assert Counter(await pages(call, 25, order_by="time asc, name asc")) == Counter(every)


async def test_order_keys_are_kept_whatever_happens_to_ties(site: FrappeServer, call: Caller) -> None:
    fill(site.store)
    rows = await call.rows(fields=["time"], order_by="time desc", limit="300")
    times = [row["time"] for row in rows]
    assert times == sorted(times, reverse=True)


async def test_editing_rows_while_paging_by_modified_loses_others(site: FrappeServer, call: Caller) -> None:
    every = fill(site.store, 500)
    seen = await call.names(order_by="modified asc, name asc", limit="100")
    for name in seen[:10]:
        site.store.update("Employee Checkin", name, {"device_id": "moved"})
    while page := await call.names(
        order_by="modified asc, name asc", limit="100", limit_start=str(len(seen))
    ):
        seen += page
    assert len(seen) == 500
    assert every - set(seen)
    assert max(Counter(seen).values()) == 2


async def test_the_disorder_is_the_same_for_the_same_seed_and_request_number() -> None:
    async def first_answers(seed: int) -> list[list[str]]:
        store = Store()
        fill(store, 200)
        async with serving(store, FrappeConfig(keys=KEYS, seed=seed)) as (_, call):
            answers = [await call.names() for _ in range(3)]
        store.close()
        return answers

    assert await first_answers(1) == await first_answers(1) != await first_answers(2)


async def test_a_release_with_a_default_order_can_be_asked_for(store: Store) -> None:
    fill(store, 200)
    async with serving(store, FrappeConfig(keys=KEYS, default_sort=True)) as (_, call):
        assert await call.names() == [f"EMP-CKIN-07-2025-{n:06d}" for n in range(20)]
