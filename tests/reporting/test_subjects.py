"""Reports about somebody whom not everybody may see: every shared path keeps to who may."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.core.auth import Caller
from service.core.database import Database
from service.core.tasks import JobContext
from service.reporting import exports
from service.reporting.desk import Desk
from service.reporting.subscriptions.delivering import Round
from service.schemas.exports import ExportParams
from tests.reporting import ward
from tests.reporting.conftest import CALLERS, House, built
from tests.reporting.stall import STALL
from tests.reporting.ward import COUNT, CURVE, WARD

RIGHTS = frozenset({"ward:read", "ward:write"})
NURSES = {
    name: Caller(id=f"key:{name}0000", name=name, kind="key", scopes=RIGHTS) for name in ("anna", "bert")
} | {
    "counter": Caller(id="key:count000", name="counter", kind="key", scopes=frozenset({"ward:count"})),
    "glass": Caller(id="key:anna0000", name="anna", kind="key", scopes=RIGHTS, break_glass=ward.GLASS),
}
CALLERS.update(NURSES)
REPORTS = "/v1/ward/reports"


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[House]:
    """The stall beside the ward."""
    async with built(database, (STALL, WARD)) as house:
        await ward.set_up(database)
        yield house


async def get(house: House, name: str, path: str, **asked: Any) -> httpx.Response:
    async with house.client(name) as http:
        return await http.get(path, params=asked)


async def post(house: House, name: str, path: str, body: dict[str, Any]) -> httpx.Response:
    async with house.client(name) as http:
        return await http.post(path, json=body)


async def sql(house: House, statement: str) -> list[Any]:
    async with house.runtime.database.write() as conn:
        result = await conn.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


async def sealed(house: House, name: str, report: str, **params: Any) -> str:
    made = await post(house, name, "/v1/ward/statements", {"report": report, "params": params})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_a_report_and_its_explanation_are_for_those_who_may_see(clinic: House) -> None:
    for path in (f"{REPORTS}/curve", f"{REPORTS}/curve/explain"):
        own = await get(clinic, "anna", path, patient=1)
        assert own.status_code == 200, own.text
        assert "no-store" in own.headers["cache-control"]
        hidden = [await get(clinic, "anna", path, patient=other) for other in (2, 3)]
        bodies = [{**one.json(), "request_id": None} for one in hidden]
        assert [one.status_code for one in hidden] == [404, 404]
        assert bodies[0] == bodies[1]
    assert await sql(clinic, "SELECT * FROM ward.reading") == [
        ("key:anna0000", "curve.read", [1]),
        ("key:anna0000", "curve.explain", [1]),
    ]


async def test_a_kept_copy_is_no_way_around(clinic: House) -> None:
    kinds = ("json", "csv", "html", "ndjson")
    for kind in kinds:
        first = await get(clinic, "anna", f"{REPORTS}/curve", patient=1, format=kind)
        assert first.status_code == 200
    await sql(clinic, "DELETE FROM ward.care WHERE patient = 1")
    for kind in kinds:
        after = await get(clinic, "anna", f"{REPORTS}/curve", patient=1, format=kind)
        assert after.status_code == 404
        other = await get(clinic, "bert", f"{REPORTS}/curve", patient=2, format=kind)
        assert other.status_code == 200
    assert len(await sql(clinic, "SELECT * FROM ward.reading")) == 2 * len(kinds)


async def test_statements_are_listed_and_read_by_those_who_see_whom_they_are_about(clinic: House) -> None:
    curve, everyone = await sealed(clinic, "anna", "curve", patient=1), await sealed(clinic, "anna", "round")
    for asked in ({"patient": 2}, {"patient": 3}):
        refused = await post(clinic, "anna", "/v1/ward/statements", {"report": "curve", "params": asked})
        assert refused.status_code == 404
    assert _ids(await get(clinic, "anna", "/v1/statements")) == {curve, everyone}
    for stranger in ("bert", "admin", "writer"):
        listing = await get(clinic, stranger, "/v1/statements", include="total")
        assert (_ids(listing), listing.json()["page"]["total"]) == (set(), 0), stranger
    for one in (curve, everyone):
        for part in ("", "/verify", "/changes", "/file"):
            assert (await get(clinic, "anna", f"/v1/statements/{one}{part}")).status_code == 200
            assert (await get(clinic, "bert", f"/v1/statements/{one}{part}")).status_code == 404
    await sql(clinic, "INSERT INTO ward.care VALUES ('key:bert0000', 1)")
    assert _ids(await get(clinic, "bert", "/v1/statements")) == {curve, everyone}
    taken = await post(clinic, "bert", f"/v1/statements/{curve}/withdraw", {"reason": "x"})
    assert (taken.status_code, taken.json()["code"]) == (403, "not_yours")
    await sql(clinic, "DELETE FROM ward.care WHERE nurse = 'key:anna0000'")
    assert (await get(clinic, "anna", f"/v1/statements/{curve}")).status_code == 404


def _ids(listing: httpx.Response) -> set[str]:
    assert listing.status_code == 200, listing.text
    return {one["id"] for one in listing.json()["items"]}


async def test_later_answers_name_only_statements_that_may_be_seen(clinic: House) -> None:
    own = await sealed(clinic, "anna", "round")
    shown = [
        (await get(clinic, name, f"{REPORTS}/round")).json()["meta"]["sealed"] for name in ("anna", "bert")
    ]
    assert [[seal["id"] for seal in seals] for seals in shown] == [[own], []]


async def test_readings_of_statements_are_noted(clinic: House) -> None:
    one = await sealed(clinic, "anna", "curve", patient=1)
    await get(clinic, "anna", "/v1/statements")
    await get(clinic, "anna", f"/v1/statements/{one}")
    noted = await sql(clinic, "SELECT what, about FROM ward.reading")
    assert noted == [("statement.list", [1]), ("statement.read", [1])]


async def test_a_report_may_need_another_scope(clinic: House) -> None:
    assert (await get(clinic, "anna", f"{REPORTS}/count")).status_code == 403
    assert (await get(clinic, "counter", f"{REPORTS}/count")).status_code == 200
    assert (await get(clinic, "counter", f"{REPORTS}/curve", patient=1)).status_code == 403
    for path in ("/v1/ward/statements", "/v1/ward/subscriptions"):
        body = {"report": "count"} | (SUBSCRIBED if "subsc" in path else {})
        assert (await post(clinic, "anna", path, body)).status_code == 403
    assert (await post(clinic, "anna", f"{REPORTS}/count/exports", {"format": "csv"})).status_code == 403
    started = await post(clinic, "counter", f"{REPORTS}/count/exports", {"format": "csv"})
    assert started.status_code == 202


async def carried_out(house: House, run: dict[str, Any]) -> dict[str, Any]:
    """The run's work, done here and now."""
    context = JobContext(house.runtime, run["id"], ExportParams.model_validate(run["params"]))
    result = await exports.export(WARD, context)
    await sql(house, f"UPDATE muster.run SET state = 'done', finished_at = now() WHERE id = '{run['id']}'")
    return result


async def test_runs_and_their_files_are_for_who_asked_while_they_may_see(clinic: House) -> None:
    path, asked = f"{REPORTS}/curve/exports", {"format": "csv", "params": {"patient": 1}}
    assert (await post(clinic, "bert", path, asked)).status_code == 404
    run = (await post(clinic, "anna", path, asked)).json()
    await carried_out(clinic, run)
    for stranger in ("bert", "admin", "counter"):
        assert _ids(await get(clinic, stranger, "/v1/runs")) == set(), stranger
        for part in ("", "/file", "/events"):
            assert (await get(clinic, stranger, f"/v1/runs/{run['id']}{part}")).status_code == 404
    assert _ids(await get(clinic, "anna", "/v1/runs")) == {run["id"]}
    assert b"38.5" in (await get(clinic, "anna", f"/v1/runs/{run['id']}/file")).content
    await sql(clinic, "DELETE FROM ward.care WHERE patient = 1")
    assert (await get(clinic, "anna", f"/v1/runs/{run['id']}/file")).status_code == 404


async def test_an_export_is_written_for_who_started_it_whatever_it_is_told(clinic: House) -> None:
    asked = {"report": "curve", "format": "csv", "params": {"patient": 1}, "caller": "key:anna0000"}
    run = await post(clinic, "admin", "/v1/runs", {"job": "ward.export", "params": asked})
    assert run.status_code == 202
    with pytest.raises(Exception, match="key"):
        await carried_out(clinic, run.json())


async def test_what_is_read_in_an_emergency_makes_no_files(clinic: House) -> None:
    asked = {"format": "csv", "params": {"patient": 1}}
    refused = await post(clinic, "glass", f"{REPORTS}/curve/exports", asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "access_level")


SUBSCRIBED = {"format": "csv", "cron": "0 7 * * *", "timezone": "UTC", "channel": "email"}
SUBSCRIBED["target"] = "anna0000@example.com"


async def test_a_subscription_ends_with_the_sight_of_whom_it_is_about(clinic: House) -> None:
    path, asked = "/v1/ward/subscriptions", {"report": "curve", "params": {"patient": 1}, **SUBSCRIBED}
    assert (await post(clinic, "bert", path, asked)).status_code == 404
    other = await post(clinic, "anna", path, {**asked, "target": "newspaper@example.com"})
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "not_yours")
    made = (await post(clinic, "anna", path, asked)).json()
    assert _ids(await get(clinic, "bert", path)) == set()
    now = datetime.now(UTC)

    async def delivered() -> dict[str, Any]:
        await sql(clinic, "UPDATE muster.subscription SET next_at = now() - interval '1 minute'")
        await Round(clinic.runtime, WARD, clock=lambda: now + timedelta(seconds=5)).carry_out()
        listing = await get(clinic, "anna", f"{path}/{made['id']}/deliveries")
        newest: dict[str, Any] = listing.json()["items"][0]
        return newest

    assert (await delivered())["state"] == "logged"  # there is no mail server here
    assert ("curve.deliver", [1]) in await sql(clinic, "SELECT what, about FROM ward.reading")
    await sql(clinic, "DELETE FROM ward.care WHERE patient = 1")
    failed = await delivered()
    assert (failed["state"], "may not" in failed["detail"]) == ("failed", True)
    for stranger in ("bert", "admin"):
        assert (await get(clinic, stranger, "/v1/gaps", desk="ward")).json()["items"] == []


def test_a_desk_of_subjects_takes_no_report_that_does_not_say_whom_it_is_about() -> None:
    with pytest.raises(ValueError, match="come together"):
        Desk(name="x", title="x", description="x", reports=(CURVE, COUNT))
