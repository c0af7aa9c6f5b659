"""Q57 at the mill desk: every operation, called over a real database with the document's own examples."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.client import MusterClient, MusterClientSync, Refused
from service.schemas.envelope import Run
from service.schemas.mill.allocations import MillAllocationCommitAsk
from service.schemas.mill.imports import MillImportReport
from service.schemas.statements import StatementAsk
from service.schemas.subscriptions import SubscriptionAsk
from tests.client.operations import given, operations
from tests.client.serving import serving
from tests.mill.imports.ground import imported
from tests.mill.plant import center, machine
from tests.mill.scenario import AS_OF, settle_f58
from tests.support.house import House, open_house

STOCK = b"Desc#,Beginning Balance,Consumed,Allocated,On Order\nY1,1000,0,-200,300\nY2,224,0,-1500,0\n"
MONTHLY = {
    "report": "shortages", "format": "csv", "cron": "0 7 1 * *", "timezone": "UTC", "channel": "email",
    "target": "a@b.example",
}  # fmt: skip
GIVEN = {"lines": [{"order": "O1", "yarn": "Y1", "quantity_lb": "1.0000"}], "reason": "by hand"}
THINGS: dict[Any, Any] = {
    "plan": "latest", "report": "shortages", "style_code": "F1", "yarn_code": "Y1", "order_no": "O1",
    "no": "O1", "order": "O1", "yarn": "Y1", "code": "Y1", "table": "yarn_inventory", "name": "shifts",
    "other": "latest", "substitute": "Y2", "if_match": "1",
}  # fmt: skip
"""What an argument names, in F-58."""
OF_THEIR_OWN: dict[str, dict[str, Any]] = {
    "import_file": {"kind": "yarn_inventory", "mode": "lenient"},
    "decide_action": {"seq": 1, "if_match": "1"},
    "export": {"body": {"format": "csv"}},
    "preview_allocations": {"body": {"orders": ["O1"]}},
    "commit_allocations": {"body": GIVEN},
    "change_order": {"if_match": "1"},
    "bom_checks_explain": {"style_code": "G2"},
    "fabric_yarn_requirements": {"body": {"items": [{"style": "F1", "quantity": "10", "uom": "lb"}]}},
    "netting": {"body": {"demands": [{"order_no": "D1", "style": "F1", "quantity": "50"}], "stock": []}},
    "style": {"code": "F1"},
    "machine": {"code": "161"},
    "machine_suggestions": {"code": "161"},
    "change_machine": {"code": "161"},
    "explain_plan": {"yarn": "Y1"},
    "style_bom": {"code": "F1"},
    "style_cost": {"code": "F1"},
    "change_yarn": {"if_match": "1"},
    "put_calendar": {"if_match": "1"},
    "delete_calendar": {"if_match": "1"},
    "put_substitute": {"if_match": "1"},
    "delete_substitute": {"if_match": "1"},
    "put_parameters": {"if_match": "1"},
    "receipts_explain": {"receipt": 1},
    "data_quality_explain": {"source": "plan", "code": "PAST_DUE"},
}
"""Arguments of one operation only."""
FIRST = ("put_calendar", "put_substitute")
LATER = (
    "release_allocation", "change_order", "change_yarn", "delete_calendar", "delete_substitute", "unsubscribe",
)  # fmt: skip
"""What makes, and what takes away, the things that others ask for, in this order."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """F-58."""
    async with open_house(database_url) as opened:
        await settle_f58(opened)
        await center(opened)
        await machine(opened, "161")
        yield opened


async def plan(house: House) -> None:
    made = await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    assert made.state == "done", made.error


async def things(house: House, muster: MusterClient) -> dict[Any, Any]:
    """One thing of every kind that an operation may name, made here: a file in force, a plan of F-58, …"""
    stock = await imported(house, "yarn_inventory", STOCK)
    await plan(house)
    subscribed = await muster.mill.subscribe(SubscriptionAsk.model_validate(MONTHLY))
    held = await muster.mill.commit_allocations(MillAllocationCommitAsk.model_validate(GIVEN))
    numbers = {"job_id": stock.job_id, "subscription_id": subscribed.id, "number": held.items[0].id}
    sealed = {"report": "shortages", "accept_incomplete": True}
    return {**THINGS, **numbers, SubscriptionAsk: MONTHLY, StatementAsk: sealed}


async def called(muster: MusterClient, known: dict[Any, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What each operation answered, and which were refused."""
    answered: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    specs = operations("mill")
    for name in [*FIRST, *sorted(specs.keys() - {*FIRST, *LATER}), *LATER]:
        method = getattr(muster.mill, name)
        try:
            answer = answered[name] = await method(
                **given(method, specs[name], known, OF_THEIR_OWN.get(name, {}))
            )
        except Refused as refused:
            wrong[name] = str(refused)
            continue
        if isinstance(answer, Run):
            await muster.runs.cancel(answer.id)  # a job runs once at a time
    return answered, wrong


async def test_q57_every_operation_of_the_mill_desk_answers_what_the_client_promises(house: House) -> None:
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    async with MusterClient("http://muster.test", house.admin, transport=transport, retries=0) as muster:
        answered, wrong = await called(muster, await things(house, muster))
        assert wrong == {}
        begun = await muster.mill.import_file(b"another", kind="styles")
        known = await muster.mill.import_file(
            STOCK, kind="yarn_inventory", mode="lenient", snapshot_date=AS_OF
        )
    assert isinstance(begun, Run)
    assert isinstance(known, MillImportReport)
    assert known.repeated
    assert len(answered) >= 80


async def test_the_blocking_twin_reads_a_plan(house: House) -> None:
    await plan(house)

    def read(url: str) -> tuple[list[str], list[str], str]:
        with MusterClientSync(url, house.admin) as muster:
            files = [one.file for one in muster.mill.imports(limit=1)]
            weeks = muster.mill.plan_weeks("latest", yarn="Y1", limit=4)
            return files, [one.balance_lb for one in weeks], muster.mill.plan("latest").status

    async with serving(house.app) as url:
        files, balances, status = await asyncio.to_thread(read, url)
    assert sorted(files) == ["bom", "expected_receipts", "knit_orders", "yarn_inventory"]
    assert (len(balances), status) == (9, "done")
