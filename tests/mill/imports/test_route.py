"""`POST /v1/mill/imports`: who may send which file, what becomes of it, how its report is read."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from service.mill.router.imports import LARGEST
from service.reporting.files import uploads
from tests.support.house import House

PATH = "/v1/mill/imports"
STOCK = b"Desc#,Theoretical Balance,Consumed,Allocated,On Order\n90001,100,0,0,0\n90002,50,0,5,0\n"
ASKED = {"kind": "yarn_inventory", "mode": "lenient", "snapshot_date": "2025-09-03", "name": "stock.csv"}


@pytest.fixture
async def serving(house: House) -> AsyncIterator[House]:
    jobs = asyncio.create_task(house.runtime.tasks.serve())
    yield house
    jobs.cancel()
    await asyncio.gather(jobs, return_exceptions=True)


async def sent(
    house: House, content: bytes, token: str, media: str = "text/csv", **params: str
) -> httpx.Response:
    headers = {"content-type": media}
    return await house.ask("POST", PATH, token=token, content=content, params=params, headers=headers)


async def ended(house: House, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    for _ in range(300):
        run: dict[str, Any] = await house.get(answer.headers["location"])
        if run["state"] not in {"queued", "running"}:
            return run
        await asyncio.sleep(0.05)
    raise AssertionError(run)


async def test_an_upload_is_a_run_whose_result_is_the_report(serving: House) -> None:
    house = serving
    reader, writer = await house.token("mill:read"), await house.token("mill:read", "mill:write")
    for token, content, params, status, code in (
        (reader, STOCK, ASKED, 403, "scope_missing"),
        (writer, STOCK, {**ASKED, "kind": "yarns"}, 422, "invalid"),
        (writer, STOCK, {**ASKED, "strict": "true"}, 422, "invalid"),
        (writer, STOCK, {"mode": "lenient"}, 422, "invalid"),
        (writer, b"PK\x03\x04 no workbook", ASKED, 422, "bad_workbook"),
        (writer, STOCK, {**ASKED, "snapshot_date": "2199-01-01"}, 422, "snapshot_ahead"),
        (writer, b"", ASKED, 422, "file_empty"),
        (writer, b"\xef\xbb\xbf\r\n , \r\n", ASKED, 422, "file_empty"),
        (writer, b"x" * (LARGEST + 1), ASKED, 413, "payload_too_large"),
    ):
        answer = await sent(house, content, token, **params)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await sent(house, STOCK, writer, "image/png", **ASKED)).status_code == 415
    run = await ended(house, await sent(house, STOCK, writer, **ASKED))
    result = run["result"]
    assert (run["state"], result["rows_read"], result["rows_ok"], result["rows_repaired"]) == (
        "done",
        2,
        1,
        1,
    )
    report = await house.get(f"{PATH}/{result['job_id']}")
    assert report == result
    assert list(uploads.folder(house.runtime.settings).glob("*.csv")) == []
    # F-83: the same file again is that import, and nothing is written.
    again = await sent(house, STOCK, writer, **ASKED)
    assert (again.status_code, again.json()["job_id"], again.json()["repeated"]) == (
        200, result["job_id"], True,
    )  # fmt: skip
    listed = await house.get(PATH, kind="yarn_inventory", include="total")
    assert [one["job_id"] for one in listed["items"]] == [result["job_id"]]
    assert listed["page"]["total"] == 1
    assert (await house.ask("GET", f"{PATH}/999")).status_code == 404
    assert await house.sql("SELECT who, after FROM muster.audit WHERE what = 'mill.imported'") != []


async def test_messages_as_a_list_and_as_files_with_the_rows_they_are_about(serving: House) -> None:
    house = serving
    wrong = b'Desc#,Theoretical Balance,Consumed,Allocated,On Order\n90001,"1,23",0,0,0\n=1+1,50,0,5,0\n'
    run = await ended(house, await sent(house, wrong, await house.token("mill:read", "mill:write"), **ASKED))
    assert run["state"] == "partial"
    path = f"{PATH}/{run['result']['job_id']}/errors"
    listed = await house.get(path)
    assert [(one["row"], one["code"]) for one in listed["items"]] == [
        (1, "TB_ONLY"), (2, "NUM_FORMAT"), (3, "ALLOC_SIGN"),
    ]  # fmt: skip
    assert listed["items"][1]["original"] == ["90001", "1,23", "0", "0", "0"]
    assert (listed["header"][0], listed["messages"], listed["messages_kept"]) == ("Desc#", 3, 3)
    first = await house.get(path, limit=1)
    second = await house.get(path, limit=1, cursor=first["page"]["next"])
    assert [one["code"] for one in second["items"]] == ["NUM_FORMAT"]
    assert [one["row"] for one in (await house.get(path, severity="error"))["items"]] == [2]
    text = (await house.ask("GET", path, params={"format": "csv"})).text.splitlines()
    assert text[0] == (
        "row,column,code,severity,action,raw,used,message,Desc#,Theoretical Balance,Consumed,Allocated,On Order"
    )
    assert text[2] == (
        '2,Theoretical Balance,NUM_FORMAT,error,rejected,"1,23",,"Not a number (use 1,234.50)",90001,"1,23",0,0,0'
    )
    assert text[3].endswith(",'=1+1,50,0,5,0")
    book = await house.ask("GET", path, params={"format": "xlsx", "severity": "error"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows[1:]] == [[2, "Theoretical Balance", "NUM_FORMAT"]]
    assert (await house.ask("GET", f"{PATH}/99/errors")).status_code == 404


@pytest.mark.parametrize("number", ["4711", "9" * 30])
@pytest.mark.parametrize("part", ["", "/errors"])
async def test_an_import_there_is_not_is_not_found(house: House, number: str, part: str) -> None:
    answer = await house.ask("GET", f"{PATH}/{number}{part}")
    assert answer.status_code == 404
    assert number in answer.json()["detail"]
