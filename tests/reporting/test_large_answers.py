"""Large reports over their own routes: the same rows in every format, whole or an error, nothing held."""

import csv
import io

import httpx
import orjson
import pytest
from python_calamine import CalamineWorkbook

from service.reporting.large_answers import MOST_HELD

LEDGER = "/v1/stall/reports/ledger"
ROWS = 2 * MOST_HELD + 1


async def test_json_is_the_same_document_however_large(client: httpx.AsyncClient) -> None:
    small = (await client.get(LEDGER, params={"rows": MOST_HELD})).json()
    answer = await client.get(LEDGER, params={"rows": ROWS})
    large = answer.json()
    assert list(large) == list(small)
    assert large["items"][:MOST_HELD] == small["items"]
    assert len(large["items"]) == large["summary"]["lines"] == ROWS
    assert large["meta"] == small["meta"]
    assert answer.headers["content-type"] == "application/json"
    assert "content-disposition" not in answer.headers
    assert "data-version" in answer.headers


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
async def test_files_hold_every_row(client: httpx.AsyncClient, name: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    answer = await client.get(LEDGER, params={"rows": ROWS, "format": name}, headers=plain)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"].endswith(f'_incomplete.{name}"')
    assert answer.headers["data-complete"] == "false"
    assert answer.headers["incomplete-reasons"].startswith('%"')
    if name == "csv":
        found = len(list(csv.reader(io.StringIO(answer.text, newline="")))) - 1
    elif name == "ndjson":
        found = orjson.loads(answer.content.splitlines()[-1])["rows"]
    else:
        found = (
            len(CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python())
            - 1
        )
    assert found == ROWS


async def test_what_fails_on_the_way_is_an_error_and_no_shorter_file(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.reporting.ledger.LEDGER_SQL",
        """
        SELECT n AS number, 'x' AS item, DATE '2026-10-01' AS sold_on, now() AS sold_at, now() AS punched_at,
               1 / (3500 - n) AS open_seconds, 1::numeric AS price, true AS paid
        FROM generate_series(1, :rows) AS n
        """,
    )
    answer = await client.get(LEDGER, params={"rows": ROWS, "format": "csv"})
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == "application/problem+json"
