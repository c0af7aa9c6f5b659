"""Exports to a file: whole or not at all."""

import asyncio
from pathlib import Path

import pytest

from service.client import (
    Backoff,
    CallOptions,
    IncompleteData,
    MusterClient,
    NotFound,
    TimedOut,
    Unavailable,
    Unreachable,
)
from service.client._desk import ReportCall, make_request
from service.schemas.envelope import Meta, ReportAnswer, Wire
from tests.client.serving import Reply, Scripted, Seen, problem, serving, speaking

QUICK = Backoff(first=0.001, longest=0.002)
TRUNCATED = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na,b\r\n"
CHUNKS_CUT = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\na,b\r\n\r\n"
WHOLE = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\na,b\r\n"


def names(folder: Path) -> list[str]:
    """What is in a folder, unfinished files included."""
    return sorted(path.name for path in folder.iterdir())


async def test_a_report_as_a_file(tmp_path: Path) -> None:
    def answer(seen: Seen) -> Reply:
        return Reply(body=b"person;day\r\n" * 100_000) if "format=csv" in seen.query else problem(406)

    app = Scripted([answer])
    async with serving(app) as url, MusterClient(url, "mst_x") as muster:
        request = make_request("GET", "/v1/sheet", query={"month": "2026-10"})
        call = ReportCall(muster._session, ReportAnswer[Wire], request, None)
        path = await call.download(tmp_path / "sheet.csv")
    assert path == tmp_path / "sheet.csv"
    assert path.read_bytes() == b"person;day\r\n" * 100_000
    assert app.seen[0].query == "month=2026-10&format=csv"
    assert app.seen[0].headers["accept"] == "*/*"
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("cut", [TRUNCATED, CHUNKS_CUT, None])
async def test_a_transfer_that_breaks_begins_anew(tmp_path: Path, cut: bytes | None) -> None:
    async with speaking(cut, WHOLE) as url, MusterClient(url, backoff=QUICK) as muster:
        path = await muster.download("/v1/sheet", tmp_path / "sheet.csv", format="csv")
    assert path.read_bytes() == b"a,b\r\n"


@pytest.mark.parametrize("cut", [TRUNCATED, CHUNKS_CUT])
async def test_a_transfer_that_always_breaks_leaves_the_old_file(tmp_path: Path, cut: bytes) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("old")
    async with speaking(cut) as url, MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(Unreachable):
            await muster.download("/v1/sheet", path)
    assert path.read_text() == "old"
    assert names(tmp_path) == [path.name]


async def test_a_refusal_is_an_error_and_no_file(tmp_path: Path) -> None:
    app = Scripted([problem(503), problem(404, detail="no such report")])
    async with serving(app) as url, MusterClient(url, backoff=QUICK) as muster:
        with pytest.raises(NotFound, match="no such report"):
            await muster.download("/v1/sheet", tmp_path / "sheet.csv")
        app.replies = [problem(503)]
        with pytest.raises(Unavailable):
            await muster.download("/v1/sheet", tmp_path / "sheet.csv")
    assert names(tmp_path) == []


async def test_a_slow_export_is_bounded_only_by_its_own_deadline(tmp_path: Path) -> None:
    async def drip(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for left in range(19, -1, -1):
            await asyncio.sleep(0.01)
            await send({"type": "http.response.body", "body": b"row\n", "more_body": left > 0})

    async with serving(drip) as url, MusterClient(url, deadline=0.05, timeout=5) as muster:
        path = await muster.download("/v1/sheet", tmp_path / "sheet.csv")
        assert path.read_text().count("row") == 20
        with pytest.raises(TimedOut, match="deadline"):
            await muster.download("/v1/sheet", path, options=CallOptions(deadline=0.05))
    assert path.read_text().count("row") == 20


async def test_an_incomplete_report_is_not_exported_where_completeness_is_required(tmp_path: Path) -> None:
    meta = Meta(complete=False, incomplete_reasons=["no sync since Friday"])
    app = Scripted([Reply(json={"meta": meta.model_dump(mode="json")})])
    async with serving(app) as url, MusterClient(url, require_complete=True) as muster:
        with pytest.raises(IncompleteData, match="since Friday"):
            await muster.download("/v1/sheet", tmp_path / "sheet.csv", format="csv")
    assert [seen.query for seen in app.seen] == [""]
    assert names(tmp_path) == []


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    async with serving(Scripted([Reply(body=b"x")])) as url, MusterClient(url) as muster:
        with pytest.raises(FileNotFoundError):
            await muster.download("/v1/sheet", tmp_path / "missing" / "sheet.csv")
