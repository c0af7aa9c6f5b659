"""T106 beyond the desk's own tables: after an erasure no table of the database holds a word about the child."""

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from service.children import DESK
from service.core.tasks import JobContext
from service.reporting.exports import export
from service.schemas.exports import ExportParams
from tests.children.cases.test_erasures import executed
from tests.children.house import House
from tests.children.playing import SESSION
from tests.children.rights import fill

NAME = "Zephyrine"
WORDS = (NAME, "hid the blue lamp", "Lantern walk", "of a quiet June")
"""The child's name, a note, a session's name, what somebody wrote to a seal."""
JUNE = {"child_id": 1, "from": "2025-06-01", "to": "2025-06-30"}


async def holding(house: House, word: str) -> dict[str, int]:
    """In which tables a word stands, in text or in bytes, and in how many rows."""
    tables = await house.sql(
        """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
           WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
    )
    found = {}
    for (table,) in tables:
        [(rows,)] = await house.sql(
            f"SELECT count(*) FROM {table} AS t WHERE position(:word IN t::text) + position(:bytes IN t::text) > 0",
            word=word,
            bytes=word.encode().hex(),
        )
        if rows:
            found[table] = rows
    return found


async def _done(house: House, who: str, method: str, path: str, body: Any, **headers: str) -> Any:
    answer = await house.ask(
        who, method, path, json=body, headers={"Idempotency-Key": f"{who} {path}", **headers}
    )
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


async def _use(house: House) -> dict[str, Any]:
    """Everything that leaves something about the child somewhere; the statements that were sealed."""
    await _done(house, "G1", "PATCH", "/1", {"name": NAME}, **{"If-Match": '"1"'})
    note = {"category": "general", "note": "hid the blue lamp", "visibility": "all"}
    await _done(house, "E1", "POST", "/1/notes", note)
    played = await _done(house, "G1", "POST", "/1/sessions", {**SESSION, "scenario_name": "Lantern walk"})
    await _done(house, "G1", "POST", f"/sessions/{played['id']}/complete", {})
    seal = {
        "report": "progress",
        "params": JUNE,
        "accept_incomplete": True,
        "note": f"{NAME} of a quiet June",
    }
    one = await _done(house, "E1", "POST", "/statements", seal)
    days = {"from": JUNE["from"], "to": JUNE["to"]}
    load = {"report": "caseload", "params": days, "accept_incomplete": True, "note": "of a quiet June"}
    several = await _done(house, "C1", "POST", "/statements", load)
    async with house.http("C1") as http:
        body = {"reason": f"{NAME} was ill"}
        assert (await http.post(f"/v1/statements/{several['id']}/withdraw", json=body)).status_code == 200
    subscribed = {"report": "progress", "params": {"child_id": 1}, "format": "csv", "cron": "0 6 * * *"}
    mail = {"timezone": "UTC", "channel": "email", "target": "e1@example.org"}
    await _done(house, "E1", "POST", "/subscriptions", {**subscribed, **mail})
    for report, params in (("progress", JUNE), ("caseload", days)):
        asked = {"format": "csv", "params": params}
        run = await _done(house, "E1", "POST", f"/reports/{report}/exports", asked)
        await export(DESK, JobContext(house.runtime, run["id"], ExportParams.model_validate(run["params"])))
    await house.sql("UPDATE muster.run SET state = 'done', finished_at = now()")
    return {str(statement["id"]): statement["sha256"] for statement in (one, several)}


async def test_t106_not_a_word_is_left_in_any_table(house: House) -> None:
    await fill(house)
    sealed = await _use(house)
    before = {word: await holding(house, word) for word in WORDS}
    assert all(before.values()), before  # the search finds what there is
    assert {"muster.idempotency_key", "muster.statement", "children.children"} <= before[NAME].keys()
    asked = await house.ask("G1", "POST", "/1/erasure", json={"confirm_name": NAME})
    assert asked.status_code == 202, asked.text
    assert (await executed(house)).counts["children_deleted"] == 1
    assert {word: await holding(house, word) for word in WORDS} == {word: {} for word in WORDS}
    proof = (await house.ask("G1", "GET", f"/erasures/{asked.json()['id']}")).json()["verification"]
    shared = {"idempotency_key", "statement", "subscription", "run", "run_file"}
    assert {f"muster.{name}" for name in shared} <= proof.keys()
    assert set(proof.values()) == {0}
    kept = await house.sql("SELECT id, sha256, sealed_by FROM muster.erased_statement")
    assert {str(row.id): row.sha256 for row in kept} == sealed
    assert {row.sealed_by for row in kept} == {"person:13", "person:12"}
    async with house.http("E1") as http:
        for statement in sealed:
            assert (await http.get(f"/v1/statements/{statement}")).status_code == 404


async def test_what_was_signed_stays_signed_otherwise(house: House) -> None:
    """Neither a statement without its line nor the line itself goes."""
    seal = {"report": "progress", "params": JUNE, "accept_incomplete": True}
    one = (await house.ask("E1", "POST", "/statements", json=seal)).json()
    for statement in (
        "DELETE FROM muster.statement",
        "UPDATE muster.statement SET note = ''",
        "TRUNCATE muster.statement CASCADE",
    ):
        with pytest.raises(DBAPIError, match="stays signed"):
            await house.sql(statement)
    await house.sql(
        """INSERT INTO muster.erased_statement (id, desk, report, sha256, sealed_by, sealed_at)
           SELECT id, desk, report, 'another', sealed_by, sealed_at FROM muster.statement"""
    )
    for statement in ("DELETE FROM muster.statement", "DELETE FROM muster.erased_statement"):
        with pytest.raises(DBAPIError, match="stays signed"):
            await house.sql(statement)
    async with house.http("E1") as http:
        assert (await http.get(f"/v1/statements/{one['id']}/verify")).json()["intact"] is True
