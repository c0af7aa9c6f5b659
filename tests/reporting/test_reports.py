"""A declared report over HTTP: rows, meta, validators, formats' negotiation, bad input."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from service.core.telemetry import timings
from service.reporting import Completeness
from service.reporting.formats.xlsx_file import MEDIA_TYPE as XLSX
from service.reporting.rendering import quarter_hour_after
from service.schemas.envelope import Gap, ReportAnswer
from tests.reporting.conftest import House
from tests.reporting.stall import ITEMS, SheetRow, TakingsRow, sell_and_tell
from tests.support.dates import today

TAKINGS = "/v1/stall/reports/takings"
SHEET = "/v1/stall/reports/day-sheet"


async def test_the_answer_is_what_its_schema_says(client: httpx.AsyncClient) -> None:
    answer = await client.get(TAKINGS)
    assert answer.status_code == 200
    report = ReportAnswer[TakingsRow].model_validate_json(answer.content, strict=False)
    assert {row.item for row in report.items} == set(ITEMS)
    assert report.params == {"from": "2026-10-01", "to": "2026-10-31", "items": []}
    assert report.meta.complete
    assert report.meta.timezone == "America/Mexico_City"
    assert report.summary["sold"] == 7 + 6 + 5 + 4
    assert answer.json()["items"][0]["price"] == "-12.50"
    assert report.meta.data_version == answer.headers["data-version"]


async def test_incompleteness_says_why(client: httpx.AsyncClient) -> None:
    report = ReportAnswer[SheetRow].model_validate_json((await client.get(SHEET)).content)
    assert not report.meta.complete
    assert report.meta.incomplete_reasons == ["the scale has never been read"]
    assert report.meta.gaps[0].remedies == ["run `muster sync stall` again"]
    assert report.meta.complete_through["scale"] is None


def test_completeness_is_never_stated_beside_a_gap() -> None:
    with pytest.raises(ValueError, match="beside gaps"):
        Completeness(complete=True, gaps=[Gap(code="x", need="a", have="b")])
    with pytest.raises(ValueError, match="says why"):
        Completeness(complete=False)


async def test_generated_at_is_the_commit_time_of_the_newest_data(house: House) -> None:
    async with house.client() as client:
        assert (await client.get(TAKINGS)).json()["meta"]["generated_at"] is None
        before = datetime.now(UTC)
        await sell_and_tell(house.runtime.database, house.runtime.versions, "plum", date(2026, 10, 9), 1)
        meta = (await client.get(TAKINGS)).json()["meta"]
    assert before - timedelta(seconds=1) <= datetime.fromisoformat(meta["generated_at"]) <= datetime.now(UTC)


async def test_equal_data_give_equal_bytes_and_a_304(house: House) -> None:
    async with house.client() as client:
        first = await client.get(TAKINGS)
        again = await client.get(TAKINGS, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        house.responses.clear()
        await house.runtime.cache.clear()
        rebuilt = await client.get(TAKINGS)
    assert rebuilt.content == first.content
    assert rebuilt.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert "hit" not in rebuilt.headers["cache-status"]


async def test_new_data_give_a_new_answer_at_once(house: House) -> None:
    async with house.client() as client:
        first = await client.get(TAKINGS)
        raised = await sell_and_tell(
            house.runtime.database, house.runtime.versions, "plum", date(2026, 10, 9), 1
        )
        second = await client.get(TAKINGS, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.json()["summary"]["sold"] == first.json()["summary"]["sold"] + 1
    versions = f"stall/sales:{raised['stall/sales']},stall/statements/takings:0"
    assert second.headers["data-version"] == versions


async def test_a_reader_with_a_version_nobody_has_is_asked_to_come_again(client: httpx.AsyncClient) -> None:
    answer = await client.get(TAKINGS, headers={"Min-Data-Version": "stall/sales:9999999999999999"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_many_misses_are_one_build(house: House) -> None:
    async with house.client() as client:
        answers = await asyncio.gather(*(client.get(TAKINGS, params={"to": "2026-10-20"}) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert house.runtime.cache.stats()["report/stall"].misses == 1
    assert not timings().seconds


async def test_callers_with_other_rights_have_answers_of_their_own(quiet_house: House) -> None:
    async with quiet_house.client("reader") as reader, quiet_house.client("north") as north:
        assert (await reader.get(TAKINGS, params={"site": "South"})).status_code == 200
        refused = await north.get(TAKINGS, params={"site": "South"})
        own = await north.get(TAKINGS, params={"site": "North"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "site_not_allowed"
    assert own.status_code == 200


async def test_nobody_and_strangers_stay_outside(quiet_house: House) -> None:
    for path in (TAKINGS, f"{TAKINGS}/explain", "/v1/stall/reports", "/v1/runs", "/v1/gaps"):
        async with quiet_house.client(None) as nobody:
            assert (await nobody.get(path)).status_code == 401
    async with quiet_house.client("other") as stranger:
        assert (await stranger.get(TAKINGS)).json()["code"] == "scope_missing"


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("mont=2026-10", "/query/mont", "unknown_parameter"),
        ("from=2026-10-01&from=2026-10-02", "/query/from", "repeated_parameter"),
        ("from=2026-13-01", "/query/from", "date_from_datetime_parsing"),
        ("from=2026-10-31&to=2026-10-01", "/query", "value_error"),
        ("from=2026-01-01&to=2027-02-05", "/query", "value_error"),
        ("since=2026-10-01T10:00:00", "/query/since", "offset_required"),
        ("format=pdf", "/query/format", "literal_error"),
        ("locale=fr", "/query/locale", "literal_error"),
        ("site=Nort", "/query/site", "unknown_site"),
    ],
)
async def test_g_n_100_bad_values_are_422_with_a_pointer(
    client: httpx.AsyncClient, query: str, pointer: str, code: str
) -> None:
    answer = await client.get(f"{TAKINGS}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(entry["pointer"], entry["code"]) for entry in answer.json()["errors"]] == [(pointer, code)]


async def test_unknown_words_come_with_near_ones(client: httpx.AsyncClient) -> None:
    assert "did you mean from" in (await client.get(f"{TAKINGS}?frm=2026-10-01")).json()["detail"]
    assert "did you mean North" in (await client.get(f"{TAKINGS}?site=Nort")).json()["detail"]


async def test_lists_may_be_repeated(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{TAKINGS}?items=corn&items=beans")
    assert {row["item"] for row in answer.json()["items"]} == {"corn", "beans"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("application/json;q=0.1, text/csv;q=0.5", "text/csv; charset=utf-8; header=present"),
    ],
)
async def test_accept_chooses_the_format(client: httpx.AsyncClient, accept: str, media_type: str) -> None:
    answer = await client.get(TAKINGS, headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert "accept" in answer.headers["vary"].lower()


async def test_a_format_nobody_offers_is_406(client: httpx.AsyncClient) -> None:
    answer = await client.get(TAKINGS, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


async def test_the_other_formats_are_linked(client: httpx.AsyncClient) -> None:
    links = (await client.get(TAKINGS, params={"from": "2026-10-02"})).links
    assert links["alternate"]["type"] in {"text/csv", "text/html", "application/x-ndjson", XLSX}


async def test_defaults_from_the_clock_are_named_in_the_answer(client: httpx.AsyncClient) -> None:
    last = today(UTC).replace(day=1) - timedelta(days=1)
    answer = (await client.get(SHEET)).json()
    assert answer["params"] == {"month": f"{last:%Y-%m}"}


def test_quarters_of_an_hour_hold_every_midnight() -> None:
    kathmandu_midnight = datetime(2026, 10, 31, 18, 15, tzinfo=UTC)
    assert quarter_hour_after(datetime(2026, 10, 31, 18, 14, 59, tzinfo=UTC)) == kathmandu_midnight
    assert quarter_hour_after(kathmandu_midnight) == kathmandu_midnight + timedelta(minutes=15)


async def test_the_catalogue_names_every_report(client: httpx.AsyncClient) -> None:
    entries = (await client.get("/v1/stall/reports")).json()["items"]
    assert [entry["name"] for entry in entries] == ["takings", "day-sheet", "ledger"]
    assert entries[0]["formats"] == ["json", "csv", "html", "xlsx", "ndjson"]
    assert "from" in entries[0]["params"]["properties"]


async def test_timings_and_request_id_are_told(client: httpx.AsyncClient) -> None:
    asked = {"from": "2026-10-03", "locale": "es"}
    first = (await client.get(TAKINGS, params=asked, headers={"X-Request-Id": "abc"})).headers
    second = (await client.get(TAKINGS, params=asked)).headers
    assert first["x-request-id"] == "abc"
    assert "db;dur=" in first["server-timing"]
    assert "cache" in second["server-timing"]
    assert "hit" in second["cache-status"]
