"""`POST /v1/attendance/imports`: an upload becomes a run; what cannot be used is refused at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.client import MusterClient
from service.reporting.files import uploads
from tests.attendance.house import House
from tests.attendance.imports.ground import PEOPLE, ZONE, punches, uploads_left, workbook

PUNCHES = "employee,time\nE1,2025-10-06 08:00\nE1,bad\n"
GOOD = "employee,time\nE1,2025-10-06 08:00\n"


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    serving = asyncio.create_task(house.runtime.tasks.serve())
    async with house.http(await house.token("attendance:read", "attendance:write")) as opened:
        yield opened
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def sent(
    http: httpx.AsyncClient, content: str | bytes, kind: str = "text/csv", **asked: Any
) -> httpx.Response:
    headers = {"content-type": kind} | asked.pop("headers", {})
    params = {"zone": ZONE} | asked
    return await http.post("/imports", content=content, params=params, headers=headers)


async def ended(house: House, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    token = await house.token("attendance:read")
    async with house.http(token, base="") as http:
        for _ in range(300):
            run: dict[str, Any] = (await http.get(answer.headers["location"])).json()
            if run["state"] not in {"queued", "running"}:
                return run
            await asyncio.sleep(0.05)
    raise AssertionError(run)


async def test_an_upload_is_a_run_with_a_report(house: House, http: httpx.AsyncClient) -> None:
    run = await ended(house, await sent(http, PUNCHES, lenient="true", name="october.csv"))
    assert run["state"] == "partial"
    result = run["result"]
    assert (result["file"], result["inserted"], result["rejected_rows"]) == ("october.csv", 1, 1)
    assert result["codes"] == {"unknown_person": 1, "bad_date": 1}
    findings = await http.get(result["findings_link"].removeprefix("/v1/attendance"))
    assert findings.headers["content-type"].startswith("text/csv")
    lines = findings.text.splitlines()
    assert lines[0] == "line,column,code,severity,message"
    assert lines[1].startswith("3,time,bad_date,rejected,")
    assert len(lines) == 3
    assert uploads_left(house.runtime.settings.home) == []
    assert len(await punches(house)) == 1


async def test_a_workbook_whatever_it_is_called(house: House, http: httpx.AsyncClient) -> None:
    content = workbook([["employee", "time"], ["E1", 45936.5]])
    run = await ended(house, await sent(http, content, "application/octet-stream"))
    assert (run["state"], run["result"]["inserted"]) == ("done", 1)


async def test_what_cannot_be_used_is_refused_at_once(house: House, http: httpx.AsyncClient) -> None:
    for content, asked, status, code in (
        ("employee,time\nE1,=NOW()\n", {}, 422, "formula_cell"),
        ("employee,time\nE1\0,2025-10-06 08:00\n", {}, 422, "nul_byte"),
        ("a,b\n1,2\n", {}, 422, "kind_unknown"),
        (GOOD, {"zone": "Mars/Base"}, 422, "zone_unknown"),
        (GOOD, {"colour": "red"}, 422, None),
        (GOOD, {"source": "../x"}, 422, None),
        (GOOD, {"kind": "application/json"}, 415, "unsupported_media_type"),
    ):
        kind = asked.pop("kind", "text/csv")
        answer = await sent(http, content, kind, **asked)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert code is None or answer.json()["code"] == code
        assert not (house.runtime.settings.home / "imports").exists() or not uploads_left(
            house.runtime.settings.home
        )


async def test_an_upload_has_a_limit_and_it_is_not_that_of_other_bodies(
    house: House, http: httpx.AsyncClient
) -> None:
    large = "employee,time,note\n" + f"E1,2025-10-06 08:00,{'x' * 1000}\n" * 5_000
    assert len(large) > 4 << 20
    answer = await sent(http, large, dry_run="true")
    assert answer.status_code == 202, answer.text
    declared = {"content-length": str(uploads.LARGEST + 1)}
    assert (await sent(http, b"", headers=declared)).status_code == 413


async def test_the_same_request_twice_is_one_run(house: House, http: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "one"}
    first = await sent(http, GOOD, headers=key)
    again = await sent(http, GOOD, headers=key)
    other = await sent(http, PUNCHES, headers=key)
    assert (first.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await ended(house, first))["state"] == "done"
    assert uploads_left(house.runtime.settings.home) == []


async def test_a_key_of_one_site_imports_nothing(house: House) -> None:
    async with house.http(await house.token("attendance:write", sites=["Villas"])) as http:
        answer = await sent(http, GOOD)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert (await http.get("/imports/5d1f4a0e-9b57-4a39-8f0c-5f6f6f1f9c22/findings")).status_code == 404


async def test_a_run_may_not_name_a_file_of_the_server(house: House) -> None:
    async with house.http(await house.token("attendance:write"), base="") as http:
        for upload in ("/etc/passwd", "../../etc/passwd", "x.csv"):
            ask = {"job": "attendance.import", "params": {"upload": upload}}
            assert (await http.post("/v1/runs", json=ask)).status_code == 422


async def test_the_client_imports_a_file(house: House, http: httpx.AsyncClient) -> None:
    token = await house.token("attendance:read", "attendance:write")
    transport = httpx.ASGITransport(house.app)
    async with MusterClient("http://muster.test", api_key=token, transport=transport) as muster:
        run = await muster.attendance.import_file(
            PEOPLE.replace(",Day", ",").encode(), zone=ZONE, dry_run=True
        )
        run = await muster.wait(run, every=0.05, timeout=30)
        assert (run.state, (run.result or {})["inserted"]) == ("done", 2)
        assert (await muster.attendance.import_findings(run.id)).startswith("line,column")
