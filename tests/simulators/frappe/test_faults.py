"""Each fault of the plan, seen from the client's side of a real connection."""

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from service.simulators.frappe import FrappeConfig, FrappeServer, Store, faults
from tests.simulators.frappe.conftest import CHECKIN, Caller, serving
from tests.simulators.frappe.seeding import KEYS


@pytest.fixture(autouse=True)
def punches(store: Store) -> None:
    rows = ((f"C-{n:04d}", "2026-01-01 08:00:00", "2026-01-01 08:00:00") for n in range(100))
    store.insert_rows("Employee Checkin", ("name", "time", "modified"), rows)


async def page(call: Caller) -> httpx.Response:
    return await call.get(fields=["name", "time"], order_by="name asc", limit="50")


@pytest.mark.parametrize("after", [2, "2.5", None, "3600"])
async def test_q12_too_many_requests(site: FrappeServer, call: Caller, after: object) -> None:
    site.faults.add(faults.too_many_requests(after), nth=1)  # type: ignore[arg-type]
    answer = await page(call)
    assert (answer.status_code, answer.json()["exc_type"]) == (429, "TooManyRequestsError")
    assert answer.headers.get("retry-after") == (None if after is None else str(after))
    assert (await page(call)).status_code == 200


async def test_q12_retry_after_as_a_date_and_the_old_status(site: FrappeServer, call: Caller) -> None:
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=90)
    site.faults.add(faults.too_many_requests(due), nth=1)
    assert parsedate_to_datetime((await page(call)).headers["retry-after"]) == due
    site.faults.add(faults.too_many_requests(status=417), nth=1)
    old = await page(call)
    assert (old.status_code, old.json()["exc_type"]) == (417, "RateLimitExceededError")


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (faults.server_failure(), 500, "application/json"),
        (faults.server_failure("QueryDeadlockError", 508), 508, "application/json"),
        (faults.html_error(502), 502, "text/html; charset=utf-8"),
        (faults.html_error(504), 504, "text/html; charset=utf-8"),
        (faults.maintenance(), 503, "application/json"),
        (faults.login_page(), 200, "text/html; charset=utf-8"),
        (faults.credential_refused(), 401, "application/json"),
        (faults.forbidden(), 403, "application/json"),
        (faults.raw(418, b"tea", "text/plain"), 418, "text/plain"),
        (faults.wrong_content_type("text/plain"), 200, "text/plain"),
    ],
)
async def test_q13_answers_instead_of_the_page(
    site: FrappeServer, call: Caller, fault: faults.Fault, status: int, kind: str
) -> None:
    rule = site.faults.add(fault, times=1)
    answer = await page(call)
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)
    assert len((await page(call)).json()["data"]) == 50
    assert (rule.seen, rule.fired) == (2, 1)


async def test_q13_a_reset_connection(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.reset(), nth=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await page(call)
    assert site.requests.entries[-1].status == 0
    assert (await page(call)).status_code == 200


async def test_q13_a_site_that_is_down_refuses_and_comes_back_on_the_same_port(
    site: FrappeServer, call: Caller
) -> None:
    assert (await page(call)).status_code == 200
    await site.stop()
    with pytest.raises(httpx.ConnectError):
        await page(call)
    await site.start()
    assert (await page(call)).status_code == 200


async def test_q14_a_body_that_breaks_off(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.broken_off(0.5), nth=1)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await page(call)


async def test_q14_truncated_json(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.truncated(0.5), nth=1)
    cut = (await page(call)).text
    whole = (await page(call)).text
    assert whole.startswith(cut)
    assert len(cut) == len(whole) // 2


async def test_q14_a_gzip_bomb(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.gzip_bomb(8), nth=1)
    async with call.client.stream("GET", CHECKIN) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) > 8 << 20


async def test_q14_a_huge_body_is_valid_json_of_that_size(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.huge_body(3), nth=1)
    answer = await page(call)
    assert len(answer.content) > 3 << 20
    assert len(answer.json()["data"]) == 1


async def test_q14_wrong_types_extra_fields_and_dropped_rows(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.wrong_types(time=17, nosuch=1), nth=1)
    site.faults.add(faults.extra_fields(surprise={"a": [1]}), nth=2)
    site.faults.add(faults.dropped_rows(3), nth=3)
    assert (await page(call)).json()["data"][0] == {"name": "C-0000", "time": 17}
    assert (await page(call)).json()["data"][7]["surprise"] == {"a": [1]}
    assert len((await page(call)).json()["data"]) == 47
    assert len((await page(call)).json()["data"]) == 50


async def test_a_middle_page_comes_back_empty(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.empty_data(), when=lambda asked: asked.params.get("limit_start") == "40")
    sizes = [len(await call.rows(order_by="name asc", limit_start=str(at))) for at in (20, 40, 60)]
    assert sizes == [20, 0, 20]


async def test_q15_a_slow_drip(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.slow_body(pause=0.02, chunk=200), nth=1)
    async with call.client.stream("GET", CHECKIN, params={"limit": 100}) as answer:
        parts = [part async for part in answer.aiter_raw()]
    assert len(parts) > 1
    assert len(json.loads(b"".join(parts))["data"]) == 100


async def test_q15_headers_come_and_the_body_does_not(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.hang_after_headers(3_600), nth=1)
    site.faults.add(faults.hang_after_headers(0.05), nth=2)
    async with call.client.stream("GET", CHECKIN, timeout=0.5) as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            await answer.aread()
    assert len((await page(call)).json()["data"]) == 50


async def test_q15_a_hanging_answer_does_not_keep_the_server_from_stopping(
    site: FrappeServer, call: Caller
) -> None:
    site.faults.add(faults.hang_after_headers(3_600))
    with pytest.raises(httpx.ReadTimeout):
        await call.client.get(CHECKIN, timeout=0.2)
    await site.stop()
    with pytest.raises(httpx.ConnectError):
        await page(call)


async def test_q16_one_page_fails_for_ever_and_others_do_not(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.html_error(504), when=lambda asked: "C-0049" in str(asked.params.get("filters")))
    good, bad = [["name", ">", "C-0019"]], [["name", ">", "C-0049"]]
    for _ in range(3):
        assert (await call.get(filters=bad)).status_code == 504
        assert (await call.get(filters=good)).status_code == 200


async def test_q17_the_credential_is_refused_midway(site: FrappeServer, call: Caller) -> None:
    site.faults.add(faults.credential_refused(), doctype="Employee Checkin", nth=range(2, 100))
    assert [(await page(call)).status_code for _ in range(3)] == [200, 401, 401]
    assert (await call.get("/api/resource/Employee")).status_code == 200


async def test_q11_somebody_writes_between_two_pages(site: FrappeServer, call: Caller) -> None:
    def change() -> None:
        site.store.delete("Employee Checkin", "C-0003")
        site.store.update("Employee Checkin", "C-0060", {"device_id": "late"})
        site.store.insert("Employee Checkin", {"name": "C-0055b", "time": "2026-01-01 09:00:00"})

    site.faults.add(faults.mutate(change), nth=1)
    first = await call.names(order_by="name asc", limit="50")
    assert "C-0003" in first
    rest = await call.names(order_by="name asc", limit_start="50", limit="100")
    assert "C-0055b" in rest
    assert "C-0050" not in first + rest  # an offset lost it: the deletion moved it to the page already read
    site.faults.add(
        faults.mutate(lambda: site.store.delete("Employee Checkin", "C-0060"), before=True), nth=1
    )
    assert "C-0060" not in await call.names(limit="0")


async def test_faults_are_nested_and_can_be_lifted(site: FrappeServer, call: Caller) -> None:
    outer = site.faults.add(faults.latency(0.01, 0.02))
    inner = site.faults.add(faults.edited(lambda rows: rows[:1]), kind="list", method="GET", user=None)
    assert len((await page(call)).json()["data"]) == 1
    assert site.requests.entries[-1].faults == (outer.label, inner.label)
    site.faults.remove(inner)
    assert len((await page(call)).json()["data"]) == 50
    site.faults.clear()
    await page(call)
    assert (outer.fired, site.requests.entries[-1].faults) == (2, ())


async def test_conditions_of_a_rule(site: FrappeServer, call: Caller) -> None:
    rule = site.faults.add(faults.html_error(503), path="/api/method/*", times=1)
    assert (await page(call)).status_code == 200
    assert (await call.get("/api/method/ping")).status_code == 503
    assert (await call.get("/api/method/ping")).status_code == 200
    assert (rule.seen, rule.fired) == (2, 1)


async def test_latency_holds_requests_together_and_workers_bound_them(store: Store) -> None:
    peaks = []
    for workers in (None, 1):
        config = FrappeConfig(keys=KEYS, latency=(0.2, 0.21), workers=workers)
        async with serving(store, config) as (server, call):
            together = [call.names(order_by="name asc") for _ in range(4)]
            assert len({tuple(names) for names in await asyncio.gather(*together)}) == 1
            ends = sorted(entry.started + entry.seconds for entry in server.requests.entries)
            peaks.append((server.requests.peak_in_flight, ends[-1] - ends[0] > 0.4))
    assert peaks[0][0] > 1
    assert peaks[1][1]  # one after the other


async def test_the_request_log_counts_what_tests_ask_for(site: FrappeServer, call: Caller) -> None:
    await page(call)
    await call.get("/api/resource/Employee/nobody")
    await call.get("/api/method/frappe.client.get_count", doctype="Employee Checkin")
    log = site.requests
    assert log.count(doctype="Employee Checkin") == 2
    assert log.count(doctype="Employee Checkin", kind="list", status=200, method="GET") == 1
    assert log.count(status=404, kind="document") == 1
    assert log.count(path="/api/method/frappe.client.get_count") == 1
    entry = log.select("Employee Checkin")[0]
    assert (entry.rows, entry.user, entry.params["limit"]) == (50, "sync@example.com", "50")
    assert log.rows_sent == 50
    log.clear()
    assert (log.count(), log.entries) == (0, [])
