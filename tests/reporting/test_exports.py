"""Exports as runs: written in the background, fetched once done, for whoever asked, until they expire."""

import asyncio
import hashlib
import io
import subprocess
import sys
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from service.core import queries
from service.reporting import exports
from tests.reporting.conftest import House
from tests.reporting.test_formats import rows_of
from tests.reporting.test_runs import ENDED, reached, working
from tests.support.ground import Ground
from tests.support.owners import ROOT
from tests.support.workbooks import Opened

__all__ = ["working"]
TAKINGS = "/v1/stall/reports/takings/exports"
LEDGER = "/v1/stall/reports/ledger/exports"


async def exported(
    client: httpx.AsyncClient, path: str, **asked: Any
) -> tuple[dict[str, Any], httpx.Response]:
    """The ended run and its file."""
    started = await client.post(path, json=asked)
    assert started.status_code == 202, started.text
    assert started.headers["location"] == f"/v1/runs/{started.json()['id']}"
    run = await reached(client, started.json()["id"], ENDED)
    assert run["state"] == "done", run
    return run, await client.get(run["result"]["file"]["href"])


async def test_a_file_is_written_and_fetched(working: House) -> None:
    async with working.client() as client:
        run, file = await exported(client, TAKINGS, format="csv", params={"items": ["corn"]}, locale="es")
        told = run["result"]["file"]
        assert rows_of(file.content)[0][:3] == ["Artículo", "Día", "Cantidad"]
        assert len(rows_of(file.content)) == 2
        assert told["name"] == "takings_2026-10-01_2026-10-31_corn.csv"
        assert file.headers["content-disposition"] == f'attachment; filename="{told["name"]}"'
        assert (told["bytes"], told["sha256"]) == (
            len(file.content),
            hashlib.sha256(file.content).hexdigest(),
        )
        assert int(file.headers["content-length"]) == len(file.content)
        assert (run["result"]["complete"], run["counts"], run["progress"]["done"]) == (True, {"rows": 1}, 1)


@pytest.mark.parametrize("name", ["csv", "ndjson", "json", "xlsx", "html"])
async def test_a_streamed_file_is_the_file_of_the_route(working: House, name: str) -> None:
    async with working.client() as client:
        run, file = await exported(client, LEDGER, format=name, params={"rows": 1234})
        answer = await client.get("/v1/stall/reports/ledger", params={"format": name, "rows": 1234})
        assert file.headers["content-type"] == answer.headers["content-type"]
        if name == "json":
            assert file.json() == answer.json()
        else:
            assert file.content == answer.content
        assert run["result"]["rows"] == 1234
        assert run["result"]["file"]["name"].startswith("ledger_1234_incomplete.")


async def test_large_files_are_kept_in_parts(working: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART", 10_000)
    async with working.client() as client:
        run, file = await exported(client, LEDGER, format="ndjson", params={"rows": 1000})
        lines = file.content.splitlines()
        assert orjson.loads(lines[-1])["rows"] == len(lines) - 1 == 1000
    async with working.runtime.database.read() as conn:
        parts = await conn.scalar(text("SELECT count(*) FROM muster.run_file_part"))
    assert parts == -(-run["result"]["file"]["bytes"] // 10_000) > 15


async def test_the_file_is_for_whoever_asked(working: House) -> None:
    async with working.client() as reader, working.client("north") as north, working.client("admin") as admin:
        run, _ = await exported(reader, TAKINGS, format="csv")
        href = run["result"]["file"]["href"]
        assert (await north.get(href)).status_code == 404
        assert (await admin.get(href)).status_code == 200
        async with working.client("writer") as writer:
            refused = await writer.get(href)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
        run, _ = await exported(north, TAKINGS, format="csv")
        assert run["params"]["sites"] == ["North"]
        foreign = await north.post(TAKINGS, json={"format": "csv", "params": {"site": "South"}})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
    async with working.client("other") as other:
        assert (await other.post(TAKINGS, json={"format": "csv"})).status_code == 403


async def test_nobody_exports_in_somebody_elses_name(house: House) -> None:
    params = {"report": "takings", "format": "csv", "caller": "key:reader"}
    async with house.client("writer") as client:
        answer = await client.post("/v1/runs", json={"job": "stall.export", "params": params})
    assert answer.status_code == 403


async def test_an_expired_file_is_gone(working: House) -> None:
    async with working.client() as client:
        run, _ = await exported(client, TAKINGS, format="csv")
        href = run["result"]["file"]["href"]
        async with working.runtime.database.write() as conn:
            await conn.execute(text("UPDATE muster.run_file SET expires_at = now()"))
        for expected in (1, 0):
            answer = await client.get(href)
            assert (answer.status_code, answer.json()["code"]) == (410, "file_expired")
            async with working.runtime.database.write() as conn:
                assert await queries.delete_expired_files(conn) == expected
        async with working.runtime.database.read() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM muster.run_file_part")) == 0


async def test_a_run_without_a_file_says_so(house: House) -> None:
    async with house.client("writer") as client:
        run = (await client.post("/v1/runs", json={"job": "stall.count", "params": {"to": 1}})).json()
        assert (await client.get(f"/v1/runs/{run['id']}/file")).json()["code"] == "run_active"
        await client.post(f"/v1/runs/{run['id']}/cancel")
        assert (await client.get(f"/v1/runs/{run['id']}/file")).status_code == 404


async def test_an_export_is_cancelled_by_its_owner_and_leaves_nothing(working: House) -> None:
    async with working.client() as client:
        run = (await client.post(LEDGER, json={"format": "csv", "params": {"rows": 20_000_000}})).json()
        await reached(client, run["id"], {"running"})
        again = await client.post(LEDGER, json={"format": "csv", "params": {"rows": 20_000_000}})
        assert (again.status_code, again.json()["code"]) == (409, "run_active")
        assert (await client.post(f"/v1/runs/{run['id']}/cancel")).status_code == 200
        assert (await reached(client, run["id"], ENDED))["state"] == "cancelled"
        assert (await client.get(f"/v1/runs/{run['id']}/file")).status_code == 404
    async with working.runtime.database.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM muster.run_file")) == 0


@pytest.mark.parametrize(
    ("path", "asked", "status", "pointer"),
    [
        (LEDGER, {"format": "xlsxx"}, 422, "/body/format"),
        (LEDGER, {"format": "csv", "params": {"rows": 0}}, 422, "/body/params/rows"),
        (LEDGER, {"format": "csv", "params": {"colour": "red"}}, 422, "/body/params/colour"),
        (LEDGER, {"format": "csv", "delimiter": "x"}, 422, "/body/delimiter"),
        ("/v1/stall/reports/ledgr/exports", {"format": "csv"}, 404, None),
    ],
)
async def test_what_cannot_be_exported_is_refused_at_once(
    client: httpx.AsyncClient, path: str, asked: dict[str, Any], status: int, pointer: str | None
) -> None:
    answer = await client.post(path, json=asked)
    assert answer.status_code == status, answer.text
    if pointer is not None:
        assert answer.json()["errors"][0]["pointer"] == pointer
    else:
        assert "did you mean ledger" in answer.json()["detail"]


async def export_growth(ground: Ground, rows: int, name: str) -> int:
    """Bytes by which the memory of a process grows while it exports so many rows."""
    url = await ground.clone()
    command = [sys.executable, "-m", "tests.reporting.export_process", url, str(rows), name]
    made = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False
    )
    await ground.drop(url)
    assert made.returncode == 0, made.stderr
    told = orjson.loads(made.stdout)
    assert (told["state"], told["rows"]) == ("done", rows)
    return int(told["grown"])


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
async def test_q54_memory_does_not_grow_with_the_rows(ground: Ground, name: str) -> None:
    assert await export_growth(ground, 60_000, name) < 64 * 1024 * 1024


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
async def test_q54_a_million_rows(ground: Ground, name: str) -> None:
    assert await export_growth(ground, 1_000_000, name) < 64 * 1024 * 1024


async def test_a_workbook_of_an_export_opens(working: House) -> None:
    async with working.client() as client:
        _, file = await exported(client, LEDGER, format="xlsx", params={"rows": 3}, locale="es")
    assert Opened(io.BytesIO(file.content).getvalue()).names[-1] == "Acerca de"
