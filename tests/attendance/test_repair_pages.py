"""The pages on which the repair queue is worked off: `/` and the exceptions, for who may decide and who may not."""

import html
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text

from tests.attendance.house import House
from tests.attendance.repairing import MONTH, NOW, REPORT, fill, recent, rows
from tests.support.statements import counted_statements
from tests.support.workbooks import Opened


@pytest.fixture
async def september(house: House) -> House:
    async with house.writing() as firm:
        await fill(firm)
    await house.recompute(NOW)
    return house


@pytest.fixture
async def http(september: House) -> AsyncIterator[httpx.AsyncClient]:
    async with september.http(await september.token("attendance:write")) as opened:
        yield opened


def proposals_in(page: str) -> list[list[dict[str, Any]]]:
    return [json.loads(html.unescape(found)) for found in re.findall(r'data-fixes="([^"]*)"', page)]


async def test_the_page_of_today_groups_what_needs_somebody(
    september: House, http: httpx.AsyncClient
) -> None:
    day = await recent(september)
    async with september.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.person SET name = '<b>Ana'"))
        await conn.execute(
            text("""
                INSERT INTO muster.run (id, job, scope, state, params, requested_by, finished_at)
                VALUES (gen_random_uuid(), 'attendance.sync', 'attendance.sync', 'failed', '{}', 'schedule', now())
            """)
        )
    asked = {"report": "exceptions", "params": MONTH, "note": "September", "accept_incomplete": True}
    sealed = (await http.post("/statements", json=asked)).json()
    async with september.http(await september.token("attendance:write"), base="") as writer:
        engine = september.runtime.database.engine
        page = (await writer.get("/")).text
        assert page.index("Missing punch") < page.index("Sealed lately") < page.index("Runs that failed")
        assert f"/v1/statements/{sealed['id']}/changes" in page
        assert "attendance.sync" in page
        assert "Times in America/Mexico_City" in page
        assert "UTC" not in page
        local = datetime.fromisoformat(sealed["sealed_at"]).astimezone(ZoneInfo("America/Mexico_City"))
        assert f"{local:%Y-%m-%d %H:%M}" in page
        assert "<b>Ana" not in page
        (link,) = re.findall(r'href="(/v1/attendance/reports/exceptions[^"]*kind=missing_punch[^"]*)"', page)
        assert str(day) in (await writer.get(html.unescape(link))).text
        assert [fix["action"] for fix in proposals_in(page)[0]] == ["upstream", "dismiss"]
        with counted_statements(engine) as kept:
            await writer.get("/")
        assert len(kept) < 20
        assert "Checada faltante" in (await writer.get("/", params={"locale": "es"})).text
    async with september.http(await september.token("attendance:read"), base="") as reader:
        page = (await reader.get("/")).text
        assert "Missing punch" in page
        assert proposals_in(page) == []
        assert 'id="decide"' not in page


async def test_pages_offer_decisions_to_those_who_may_decide(
    september: House, http: httpx.AsyncClient
) -> None:
    asked = MONTH | {"format": "html"}
    page = (await http.get(REPORT, params=asked)).text
    fixes = [row["fixes"] for row in await rows(http) if row["fixes"]]
    assert sorted(map(json.dumps, proposals_in(page))) == sorted(map(json.dumps, fixes))
    assert 'id="decide"' in page
    assert "add an exit at 2026-09-07 17:00" in page
    async with september.reader() as reader:
        page = (await reader.get(REPORT, params=asked)).text
    assert proposals_in(page) == []
    assert 'id="decide"' not in page
    assert "add an exit at 2026-09-07 17:00" in page


async def test_the_sheet_says_what_its_codes_mean(http: httpx.AsyncClient) -> None:
    sheet, asked = "/reports/monthly-sheet", {"month": "2026-09", "locale": "es"}
    page = (await http.get(sheet, params=asked | {"format": "html"})).text
    assert "<dt>WO</dt><dd>descanso semanal</dd>" in page
    assert (
        'class="legend"'
        not in (await http.get(sheet, params=asked | {"format": "html", "summarized": True})).text
    )
    book = Opened((await http.get(sheet, params=asked | {"format": "xlsx"})).content)
    about = dict(row[:2] for row in book.values(book.names[-1]))
    assert about["Código: HD/A"] == "medio día, la otra mitad falta"


async def test_names_are_escaped_where_they_are_decided(september: House, http: httpx.AsyncClient) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.shift_type SET name = '\"><script>x</script>'"))
        await conn.execute(text("UPDATE attendance.person SET name = '\"><script>y</script>'"))
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    page = (await http.get(REPORT, params=MONTH | {"format": "html"})).text
    assert "<script>x" not in page
    assert "<script>y" not in page
    assert any('"><script>x' in fix["basis"] for fixes in proposals_in(page) for fix in fixes)
