"""Q57 at the mill desk: every operation, called over a real database with the document's own examples."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from service.client import MusterClient, MusterClientSync, Refused
from service.schemas.envelope import Run
from service.schemas.mill.imports import MillImportReport
from tests.client.operations import given, operations
from tests.client.serving import serving
from tests.mill.imports.ground import imported
from tests.mill.scenario import AS_OF, settle_f58
from tests.support.house import House, open_house

STOCK = b"Desc#,Theoretical Balance,Consumed,Allocated,On Order\nY1,1000,0,-200,300\nY2,224,0,-1500,0\n"
OF_THEIR_OWN: dict[str, dict[str, Any]] = {
    "import_file": {"kind": "yarn_inventory", "mode": "lenient"},
    "decide_action": {"seq": 1, "if_match": "*"},
    "export": {"body": {"format": "csv"}},
    "change_order": {"body": {"priority": 2}, "if_match": "*"},
    "commit_allocations": {"body": {"lines": [{"order": "O1", "yarn": "Y1", "quantity_lb": "1"}]}},
    "preview_allocations": {"body": {"orders": ["O1"]}},
    "put_substitute": {"body": {"substitute": "Y2", "score": "0.9"}, "if_match": "*"},
    "delete_substitute": {"if_match": "*"},
    "fabric_yarn_requirements": {"body": {"items": [{"style": "G1", "quantity": "1"}]}},
    "netting": {"body": {"demands": [{"order_no": "D1", "style": "G1", "quantity": "1"}]}},
}
"""Arguments of one operation only."""
NAMED = {
    "code": "G1", "style_code": "G1", "yarn": "Y1", "yarn_code": "Y1", "substitute": "Y2", "no": "O1",
    "order_no": "O1",
}  # fmt: skip
"""What of F-58 a path or a query names."""
NOTHING_THERE = {"decide_action", "export"}
"""No plan advises anything yet, and there is no report."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """F-58."""
    async with open_house(database_url) as opened:
        await settle_f58(opened)
        yield opened


async def things(house: House) -> dict[Any, Any]:
    """One thing of every kind that an operation may name, made here: a file in force and a plan of F-58."""
    stock = await imported(house, "yarn_inventory", STOCK)
    made = await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    assert made.state == "done", made.error
    await house.ask("PUT", "/v1/mill/substitutes/Y1", json={"substitute": "Y2", "score": "0.9"})
    held = {"lines": [{"order": "O3", "yarn": "Y1", "quantity_lb": "1"}]}
    given = await house.ask("POST", "/v1/mill/allocations/commit", json=held)
    assert given.status_code == 201, given.text
    number = given.json()["items"][0]["id"]
    return {"job_id": stock.job_id, "plan": "latest", "report": "shortages", "number": number, **NAMED}


async def called(muster: MusterClient, known: Mapping[Any, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What each operation answered, and which were refused."""
    answered: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, spec in sorted(operations("mill").items()):
        method = getattr(muster.mill, name)
        try:
            answered[name] = await method(**given(method, spec, known, OF_THEIR_OWN.get(name, {})))
        except Refused as refused:
            wrong[name] = str(refused)
            continue
        if isinstance(answered[name], Run):
            await muster.runs.cancel(answered[name].id)  # a job runs once at a time
    return answered, wrong


async def test_q57_every_operation_of_the_mill_desk_answers_what_the_client_promises(house: House) -> None:
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    async with MusterClient("http://muster.test", house.admin, transport=transport, retries=0) as muster:
        answered, wrong = await called(muster, await things(house))
        assert wrong.keys() == NOTHING_THERE, wrong
        begun = await muster.mill.import_file(b"another", kind="styles")
        known = await muster.mill.import_file(
            STOCK, kind="yarn_inventory", mode="lenient", snapshot_date=AS_OF
        )
    assert isinstance(begun, Run)
    assert isinstance(known, MillImportReport)
    assert known.repeated
    assert len(answered) >= 15


async def test_the_blocking_twin_reads_a_plan(house: House) -> None:
    await things(house)

    def read(url: str) -> tuple[int, list[str], str]:
        with MusterClientSync(url, house.admin) as muster:
            files = list(muster.mill.imports(kind="yarn_inventory"))
            weeks = muster.mill.plan_weeks("latest", yarn="Y1", limit=4)
            return len(files), [str(one.balance_lb) for one in weeks], muster.mill.plan("latest").status

    async with serving(house.app) as url:
        files, balances, status = await asyncio.to_thread(read, url)
    assert (len(balances), files, status) == (9, 1, "done")
