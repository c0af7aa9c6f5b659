"""`POST /v1/crew/imports`: who may send which file, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.reporting.files import uploads
from tests.crew.house import House
from tests.crew.imports.ground import as_csv, as_xlsx, report_rows
from tests.crew.scenario import DAY, S1, settle_s1

PATH = "/v1/crew/imports"
DETAILS = b"ALDER, JO|Jo Alder|0100\n"
REPORT = {"station": "P22", "as_of": "2026-03-05T10:30:00Z"}


@pytest.fixture
async def serving(house: House) -> AsyncIterator[House]:
    await settle_s1(house.runtime)
    jobs = asyncio.create_task(house.runtime.tasks.serve())
    yield house
    jobs.cancel()
    await asyncio.gather(jobs, return_exceptions=True)


async def sent(
    house: House, content: bytes, token: str, kind: str = "text/csv", **params: str
) -> httpx.Response:
    headers = {"content-type": kind}
    return await house.ask("POST", PATH, token=token, content=content, params=params, headers=headers)


async def ended(house: House, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    for _ in range(300):
        run: dict[str, Any] = await house.get(answer.headers["location"])
        if run["state"] not in {"queued", "running"}:
            return run
        await asyncio.sleep(0.05)
    raise AssertionError(run)


async def test_who_may_send_what(serving: House) -> None:
    house = serving
    reader, writer = await house.token("crew:read"), await house.token("crew:write")
    admin, elsewhere = await house.token("crew:admin"), await house.token("crew:write", sites=["P23"])
    report = as_csv(report_rows(S1, DAY))
    for token, content, params, status, code in (
        (reader, report, REPORT, 403, "scope_missing"),
        (elsewhere, report, REPORT, 403, "site_not_allowed"),
        (writer, report, {**REPORT, "station": "P2"}, 422, "invalid"),
        (writer, report, {"station": "P22"}, 422, "as_of_required"),
        (writer, report, {**REPORT, "as_of": "2026-03-05T10:30:00"}, 422, "invalid"),
        (writer, report, {**REPORT, "kinds": "report"}, 422, "invalid"),
        (writer, b"neither|nor\n", REPORT, 422, "no_header"),
        (writer, DETAILS, {"station": "P22"}, 403, "scope_missing"),
    ):
        answer = await sent(house, content, token, **params)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await sent(house, report, writer, "image/png", **REPORT)).status_code == 415
    assert list(uploads.folder(house.runtime.settings).glob("*.csv")) == []
    refused = await sent(house, report, elsewhere, **{**REPORT, "station": "P23"})
    assert (refused.status_code, "P22" in refused.text) == (422, False)  # that there is a P22 is not theirs
    run = await ended(house, await sent(house, DETAILS, admin, "text/plain", station="P22"))
    assert (run["state"], run["result"]["people"]["changed"]) == ("done", 1)
    assert await house.sql("SELECT who, after FROM muster.audit WHERE what = 'crew.imported'") != []


async def test_an_upload_is_a_run_with_findings_for_its_station(serving: House) -> None:
    house = serving
    here, elsewhere = (
        await house.token("crew:write", sites=["P22"]),
        await house.token("crew:write", sites=["P23"]),
    )
    rows = [*report_rows(S1, DAY), ["BIRCH, KE", "Fri 05/03/26", *[""] * 96]]
    answer = await sent(house, as_xlsx(rows), here, "application/octet-stream", lenient="true", **REPORT)
    run = await ended(house, answer)
    assert (run["state"], run["result"]["days"], run["result"]["codes"]) == (
        "partial",
        {"applied": 1},
        {"bad_date": 1},
    )
    link = run["result"]["findings_link"]
    found = await house.ask("GET", link, token=here)
    assert found.text.splitlines()[1].startswith("14,Date,bad_date,rejected,")
    assert (await house.ask("GET", link, token=elsewhere)).status_code == 404
    assert (await house.ask("GET", link, token=await house.token())).status_code == 403
