"""Sealing a report of any desk: what is signed, how it is kept, shown, verified and compared."""

import asyncio
import hashlib
import json
import zlib
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core import models
from service.core.auth import Caller
from service.schemas.statements import SealedReport, Statement
from tests.reporting.conftest import CALLERS, House
from tests.reporting.stall import sell_and_tell

SEAL = "/v1/stall/statements"
STATEMENTS = "/v1/statements"
ASK: dict[str, Any] = {
    "report": "takings",
    "params": {"from": "2026-10-01", "to": "2026-10-31"},
    "note": "October",
}
SIGNED = (
    "id", "desk", "report", "title", "note", "period_from", "period_to", "sites", "row_count", "complete",
    "sealed_by", "sealed_by_name", "sealed_at", "read_from", "params", "summary", "notes", "meta", "sources", "items",
)  # fmt: skip


async def seal(client: httpx.AsyncClient, **changed: Any) -> Statement:
    answer = await client.post(SEAL, json=ASK | changed)
    assert answer.status_code == 201, answer.text
    return Statement.model_validate_json(answer.content)


async def whole(client: httpx.AsyncClient, statement: Statement) -> dict[str, Any]:
    answer = await client.get(f"{STATEMENTS}/{statement.id}")
    SealedReport.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def changes(client: httpx.AsyncClient, statement: Statement, **asked: Any) -> dict[str, Any]:
    answer = await client.get(f"{STATEMENTS}/{statement.id}/changes", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def canonical(value: Any) -> bytes:
    """As the schema says it: whoever has the JSON can compute the hash."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


async def test_the_hash_can_be_computed_from_the_json_alone(house: House) -> None:
    async with house.client("writer") as client:
        made = await seal(client)
        kept = await whole(client, made)
        report = (await client.get("/v1/stall/reports/takings", params=ASK["params"])).json()
    assert kept["items"] == report["items"]
    assert [kept[part] for part in ("summary", "notes")] == [report["summary"], report["notes"]]
    assert made.sha256 == hashlib.sha256(canonical(kept["digests"])).hexdigest()
    assert set(kept["digests"]) == set(SIGNED)
    for part in ("params", "summary", "notes", "meta", "sources", "items", "id", "note", "sites", "complete"):
        assert kept["digests"][part] == hashlib.sha256(canonical(kept[part])).hexdigest(), part


async def test_q58_a_seal_repeated_by_its_key_is_one_statement(house: House) -> None:
    headers = {"Idempotency-Key": "october"}
    async with house.client("writer") as client:
        answers = [await client.post(SEAL, json=ASK, headers=headers) for _ in range(3)]
        listed = (await client.get(STATEMENTS)).json()["items"]
        other = await client.post(SEAL, json=ASK | {"note": "else"}, headers=headers)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(listed) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_refused_seal_repeated_by_its_key_is_refused_the_same_way(house: House) -> None:
    headers = {"Idempotency-Key": "sheet"}
    sheet = {"report": "day-sheet", "params": {"month": "2026-10"}}
    async with house.client("writer") as client:
        answers = [await client.post(SEAL, json=sheet, headers=headers) for _ in range(2)]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "incomplete")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"report": "takngs"}, "/body/report"),
        ({"report": "takings", "params": {"form": "2026-10-01"}}, "/body/params/form"),
        ({"report": "takings", "params": {"from": "soon"}}, "/body/params/from"),
        ({"report": "takings", "colour": "red"}, "/body/colour"),
        ({"report": "takings", "note": "\0"}, "/body/note"),
    ],
)
async def test_what_cannot_be_sealed_is_refused(
    quiet_house: House, body: dict[str, Any], pointer: str
) -> None:
    async with quiet_house.client("writer") as client:
        answer = await client.post(SEAL, json=body)
    assert answer.status_code == 422, answer.text
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_a_reader_may_not_seal_nor_withdraw(house: House) -> None:
    async with house.client("writer") as client:
        made = await seal(client)
    async with house.client("reader") as reader:
        assert (await reader.post(SEAL, json=ASK)).status_code == 403
        refused = await reader.post(f"{STATEMENTS}/{made.id}/withdraw", json={"reason": "x"})
        assert refused.status_code == 403
        assert (await reader.get(f"{STATEMENTS}/{made.id}")).status_code == 200
    async with house.client("other") as stranger:
        assert (await stranger.get(f"{STATEMENTS}/{made.id}")).status_code == 404
        assert (await stranger.get(STATEMENTS)).json()["items"] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE muster.statement SET note = 'other'",
        "DELETE FROM muster.statement",
        "TRUNCATE muster.statement CASCADE",
        "UPDATE muster.statement_withdrawal SET reason = 'other'",
        "DELETE FROM muster.statement_withdrawal",
    ],
)
async def test_q9_the_database_refuses_to_change_what_was_signed(house: House, statement: str) -> None:
    async with house.client("writer") as client:
        made = await seal(client)
        gone = await client.post(f"{STATEMENTS}/{made.id}/withdraw", json={"reason": "wrong month"})
        assert gone.status_code == 200
        before = await whole(client, made)
        with pytest.raises(DBAPIError, match="what was signed stays signed"):
            async with house.runtime.database.write() as conn:
                await conn.execute(text(statement))
        assert await whole(client, made) == before


TAMPERED = [
    ("note = 'other'", ["note"]),
    ("sealed_at = sealed_at + interval '1 day'", ["sealed_at"]),
    ("complete = NOT complete", ["complete"]),
    ("sites = ARRAY['North']", ["sites"]),
    ("meta = replace(meta, 'true', 'false')", ["meta"]),
    ("rows = :rows", ["items"]),
    ("rows = 'nothing'", ["items"]),
    ("""digests = digests || '{"note": "00"}'""", ["note", "sha256"]),
    ("sha256 = '00'", ["sha256"]),
]


@pytest.mark.parametrize(("change", "parts"), TAMPERED)
async def test_q9_tampering_behind_the_triggers_is_found(house: House, change: str, parts: list[str]) -> None:
    """Somebody with all rights in the database: the parts that differ are named."""
    async with house.client("writer") as client:
        made = await seal(client)
        assert (await client.get(f"{STATEMENTS}/{made.id}/verify")).json()["intact"] is True
        async with house.runtime.database.write() as conn:
            await conn.execute(text("ALTER TABLE muster.statement DISABLE TRIGGER append_only"))
            values = {"rows": zlib.compress(b'[{"item":"corn"}]')} if ":rows" in change else {}
            await conn.execute(text(f"UPDATE muster.statement SET {change}"), values)
        check = (await client.get(f"{STATEMENTS}/{made.id}/verify")).json()
    assert (check["intact"], check["differs"]) == (False, parts)
    assert (check["computed"] == made.sha256) == (parts[-1] == "sha256")


async def test_differences_by_row_and_figure(house: House) -> None:
    async with house.client("writer") as client:
        made = await seal(client)
        assert await changes(client, made) | {"meta": None, "statement": None} == {
            "items": [], "summary": [], "counts": {}, "meta": None, "statement": None,
            "page": {"next": None, "has_more": False, "limit": 100, "total": None, "total_capped": False},
        }  # fmt: skip
        async with house.runtime.database.write() as conn:
            await conn.execute(text("UPDATE stall.sale SET quantity = 9 WHERE item = 'corn'"))
            await conn.execute(text("DELETE FROM stall.sale WHERE item = 'beans'"))
        await sell_and_tell(house.runtime.database, house.runtime.versions, "plum", date(2026, 10, 9), 1)
        found = await changes(client, made, include="total")
    assert found["counts"] == {"changed": 1, "appeared": 1, "vanished": 1}
    assert found["page"]["total"] == 3
    vanished, changed, appeared = found["items"]
    assert (vanished["kind"], vanished["key"]["item"], vanished["today"]) == ("vanished", "beans", None)
    assert {name: changed[name] for name in ("kind", "key", "figure", "sealed", "today")} == {
        "kind": "changed", "key": {"item": "corn", "sold_on": "2026-10-01"}, "figure": "quantity",
        "sealed": 7, "today": 9,
    }  # fmt: skip
    assert (appeared["kind"], appeared["today"]["quantity"]) == ("appeared", 1)
    # The stall does not know causes: the honest word, not an invented one.
    assert {cause["code"] for one in found["items"] for cause in one["causes"]} == {"recomputed"}


async def test_differences_are_paged(house: House) -> None:
    async with house.client("writer") as client:
        made = await seal(client)
        async with house.runtime.database.write() as conn:
            await conn.execute(text("UPDATE stall.sale SET quantity = quantity + 1, open_seconds = 5"))
        everything = (await changes(client, made))["items"]
        walked: list[Any] = []
        cursor = None
        while True:
            asked = {"limit": 3} | ({} if cursor is None else {"cursor": cursor})
            page = await changes(client, made, **asked)
            walked += page["items"]
            cursor = page["page"]["next"]
            if cursor is None:
                break
    assert len(everything) == 8
    assert walked == everything


async def test_files_show_what_was_signed_in_the_formats_of_the_report(house: House) -> None:
    async with house.client("writer") as client:
        made = await seal(client, note="<b>October</b>")
        before = {
            name: await client.get(
                f"{STATEMENTS}/{made.id}/file", params={"format": name, "durations": "seconds"}
            )
            for name in ("json", "csv", "html")
        }
        async with house.runtime.database.write() as conn:
            await conn.execute(text("UPDATE stall.sale SET quantity = 1000"))
        for name, answer in before.items():
            again = await client.get(
                f"{STATEMENTS}/{made.id}/file", params={"format": name, "durations": "seconds"}
            )
            assert again.content == answer.content, name
        book = await client.get(f"{STATEMENTS}/{made.id}/file", params={"format": "xlsx"})
        wrong = await client.get(f"{STATEMENTS}/{made.id}/file", params={"format": "pdf"})
        as_page = await client.get(f"{STATEMENTS}/{made.id}/file", headers={"Accept": "text/html"})
        kept = await client.get(f"{STATEMENTS}/{made.id}")
    assert before["json"].content == kept.content
    assert "statement_takings_" in before["csv"].headers["content-disposition"]
    assert book.content.startswith(b"PK")
    assert before["csv"].text.count("\r\n") == 5
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    page = as_page.text
    assert made.sha256 in page
    assert "&lt;b&gt;October" in page
    assert "<b>October" not in page
    assert "data-explain" not in page
    assert 'href="file?format=csv"' in page


async def test_a_sealed_period_is_told_on_the_report_and_its_page(house: House) -> None:
    async with house.client("writer") as client:
        first = await client.get("/v1/stall/reports/takings")
        assert first.json()["meta"]["sealed"] == []
        answer = await client.post(SEAL, json=ASK)
        made = Statement.model_validate_json(answer.content)
        asked = {"If-None-Match": first.headers["etag"], "Min-Data-Version": answer.headers["data-version"]}
        later = await client.get("/v1/stall/reports/takings", headers=asked)
        page = await client.get("/v1/stall/reports/takings", headers={"Accept": "text/html"})
    (told,) = later.json()["meta"]["sealed"]
    assert (told["id"], told["sha256"], told["sealed_by"]) == (made.id, made.sha256, "key:writer")
    assert f"{STATEMENTS}/{made.id}/changes" in page.text


async def test_no_number_of_other_statements_hides_one(house: House) -> None:
    """Thousands of newer ones of the same report and days, each of another site."""
    days = {"from": "2026-10-01", "to": "2026-10-31"}
    async with house.client("writer") as client:
        made = await seal(client, params=days | {"site": "North"})
        async with house.runtime.database.write() as conn:
            names = models.Statement.__table__.columns.keys()
            changed = {
                "id": "gen_random_uuid()",
                "params": """replace(params, 'North', 'North ' || n)""",
                "sealed_at": "sealed_at + n * interval '1 second'",
            }
            values = ", ".join(changed.get(name, name) for name in names)
            await conn.execute(
                text(
                    f"INSERT INTO muster.statement ({', '.join(names)}) SELECT {values}"
                    " FROM muster.statement, generate_series(1, 5100) AS n"
                )
            )
        answer = await client.get("/v1/stall/reports/takings", params=days | {"site": "North"})
    assert [one["id"] for one in answer.json()["meta"]["sealed"]] == [made.id]


async def test_statements_are_listed_newest_first_by_pages_and_filters(house: House) -> None:
    async with house.client("writer") as client:
        made = [await seal(client, note=str(number)) for number in range(5)]
        sheet = await client.post(
            SEAL, json={"report": "day-sheet", "params": {"month": "2026-10"}, "accept_incomplete": True}
        )
        assert sheet.json()["complete"] is False
        first = (await client.get(STATEMENTS, params={"limit": 4, "include": "total"})).json()
        rest = (await client.get(STATEMENTS, params={"limit": 4, "cursor": first["page"]["next"]})).json()
        takings = (await client.get(STATEMENTS, params={"report": "takings", "desk": "stall"})).json()[
            "items"
        ]
        unknown = await client.get(STATEMENTS, params={"desk": "stal"})
    assert first["page"]["total"] == 6
    notes = [one["note"] for one in first["items"] + rest["items"]]
    assert notes == ["", "4", "3", "2", "1", "0"]
    assert [one["id"] for one in takings] == [one.id for one in reversed(made)]
    assert unknown.status_code == 422


async def test_seals_at_the_same_time_do_not_wait_for_each_others_connections(house: House) -> None:
    async with house.client("writer") as client:
        answers = await asyncio.gather(*(client.post(SEAL, json=ASK | {"note": str(n)}) for n in range(30)))
    assert {answer.status_code for answer in answers} == {201}


async def test_what_is_written_while_a_report_is_sealed_is_not_taken_for_known(house: House) -> None:
    """A transaction open at the sealing began before it: its rows say so, and are still found later."""
    async with house.client("writer") as client, house.runtime.database.write() as conn:
        began = (await conn.execute(text("SELECT now()"))).scalar_one()
        made = await seal(client)
    assert made.read_from <= began
    assert made.sealed_at >= began


@pytest.mark.parametrize("name", ["nothing", "%00", "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11"])
@pytest.mark.parametrize("path", ["", "/verify", "/changes", "/file"])
async def test_what_is_not_there_is_404(client: httpx.AsyncClient, name: str, path: str) -> None:
    answer = await client.get(f"{STATEMENTS}/{name}{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_key_of_a_site_sees_what_was_sealed_for_its_site(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = {"scopes": frozenset({"stall:write"}), "kind": "key"}
    for site in ("North", "South"):
        caller = Caller(id=f"key:{site}", name=site, sites=frozenset({site}), **limited)  # type: ignore[arg-type]
        monkeypatch.setitem(CALLERS, site, caller)
    async with house.client("writer") as client:
        everywhere, north = await seal(client), await seal(client, params=ASK["params"] | {"site": "North"})
    async with house.client("North") as client:
        assert [one["id"] for one in (await client.get(STATEMENTS)).json()["items"]] == [north.id]
        assert (await client.get(f"{STATEMENTS}/{everywhere.id}/changes")).status_code == 404
        assert (await changes(client, north))["items"] == []
        sealed = (await client.get("/v1/stall/reports/takings")).json()["meta"]["sealed"]
        assert [one["id"] for one in sealed] == [north.id]
    async with house.client("South") as client:
        assert (await client.get(STATEMENTS)).json()["items"] == []
        assert (await client.get("/v1/stall/reports/takings")).json()["meta"]["sealed"] == []
