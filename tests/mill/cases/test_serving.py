"""Spec F.6 over HTTP: allocation tried out, committed, released (F-50 to F-56)."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.mill.imports.ground import imported
from tests.mill.scenario import AS_OF, line, order, read_files, receipt, style, yarn
from tests.support.house import House, open_house

PREVIEW, COMMIT = "/v1/mill/allocations/preview", "/v1/mill/allocations/commit"


async def settle_f50(house: House) -> None:
    """One yarn of 1,000 lb, three orders of a style that is nothing but that yarn."""
    await yarn(house, "Y1", beginning_balance=1000)
    await style(house, "S1")
    await line(house, "S1", "Y1", 1)
    await order(house, "O1", "S1", 600, priority=1, due_date=date(2025, 9, 11))
    await order(house, "O2", "S1", 300, priority=1, due_date=date(2025, 9, 6))
    await order(house, "O3", "S1", 400, priority=2, due_date=date(2025, 9, 2))
    await read_files(house, "yarn_inventory", "bom", "knit_orders", "expected_receipts")


async def preview(house: House, **asked: Any) -> Any:
    answer = await house.ask("POST", PREVIEW, json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shares(body: Any) -> list[tuple[str, str, str, str]]:
    """Order, yarn, allocated, short, in the order of service."""
    return [
        (of["order_no"], one["yarn_code"], one["allocated_lb"], one["short_lb"])
        for of in body["items"]
        for one in of["lines"]
    ]


async def commit(house: House, *lines: tuple[str, str, str], **more: Any) -> Any:
    """What is answered once the house has time for it: 503 did nothing."""
    body = {"lines": [{"order": o, "yarn": y, "quantity_lb": lb} for o, y, lb in lines], **more}
    answer = await house.ask("POST", COMMIT, json=body)
    while answer.status_code == 503:
        answer = await house.ask("POST", COMMIT, json=body)
    return answer


async def test_f050_orders_are_served_by_priority_due_date_and_number(house: House) -> None:
    await settle_f50(house)
    body = await preview(house)
    assert shares(body) == [
        ("O2", "Y1", "300.0000", "0.0000"),
        ("O1", "Y1", "600.0000", "0.0000"),
        ("O3", "Y1", "100.0000", "300.0000"),
    ]
    assert (body["allocated_lb"], body["short_lb"]) == ("1000.0000", "300.0000")
    assert body["data"] == {"as_of": "2025-09-03", "complete": True, "reasons": []}
    assert await house.sql("SELECT 1 FROM mill.allocations") == []


async def test_f051_negative_stock_gives_nothing_and_an_uncounted_yarn_says_so(house: House) -> None:
    await yarn(house, "Y1", beginning_balance=-20)
    await yarn(house, "Y2", stocked=False)
    await style(house, "S1")
    await line(house, "S1", "Y1", 1)
    await style(house, "S2")
    await line(house, "S2", "Y2", 1)
    await order(house, "O1", "S1", 50)
    await order(house, "O2", "S2", 50)
    body = await preview(house)
    assert shares(body) == [("O1", "Y1", "0.0000", "50.0000"), ("O2", "Y2", "0.0000", "50.0000")]
    assert [of["lines"][0]["reason"] for of in body["items"]] == [None, "NO_STOCK_ROW"]
    assert not body["data"]["complete"]
    assert "yarns that nobody ever counted, taken as none: Y2" in body["data"]["reasons"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"mode": "independent"}, ["100.0000", "40.0000", "0.0000"]),
        ({"mode": "kit"}, ["40.0000", "40.0000", "60.0000"]),
        ({"mode": "kit", "min_fraction": "0.5"}, ["0.0000", "0.0000", "60.0000"]),
    ],
)
async def test_f052_kits_strand_nothing(house: House, asked: dict[str, str], expected: list[str]) -> None:
    await yarn(house, "Y1", beginning_balance=100)
    await yarn(house, "Y2", beginning_balance=40)
    for code, yarns in (("S1", ("Y1", "Y2")), ("S2", ("Y1",))):
        await style(house, code)
        for one in yarns:
            await line(house, code, one, 1)
    await order(house, "O1", "S1", 100, priority=1)
    await order(house, "O2", "S2", 60, priority=2)
    body = await preview(house, **asked)
    assert [given for _, _, given, _ in shares(body)] == expected


async def test_f054_of_two_commits_the_second_gets_what_is_left_or_a_409(house: House) -> None:
    await settle_f50(house)
    await order(house, "O4", "S1", 600, priority=4)
    first = await commit(house, ("O1", "Y1", "600"))
    assert first.status_code == 201, first.text
    assert first.json()["yarns"][0]["left_lb"] == "400.0000"
    refused = await commit(house, ("O4", "Y1", "600"))
    assert (refused.status_code, refused.json()["code"]) == (409, "stock_changed")
    assert refused.json()["errors"][0] == {
        "pointer": "/body/lines/0/quantity_lb",
        "code": "STOCK_CHANGED",
        "detail": "400.0000 lb of Y1 are left, 600.0000 lb were asked for O4",
    }
    second = await commit(house, ("O4", "Y1", "600"), when_short="remaining")
    assert second.json()["lines"][0]["given_lb"] == "400.0000"
    assert (await commit(house, ("O3", "Y1", "1"), when_short="remaining")).status_code == 409


async def test_f054_fifty_commits_at_once_on_two_replicas_never_over_allocate(database_url: str) -> None:
    """Two yarns asked for in either order, 25 requests at each replica: no deadlock, no pound twice."""
    async with open_house(database_url) as one, open_house(database_url) as other:
        for code in ("Y1", "Y2"):
            await yarn(one, code, beginning_balance=1000)
        await style(one, "S1")
        for code in ("Y1", "Y2"):
            await line(one, "S1", code, 1)
        for number in range(50):
            await order(one, f"O{number:02}", "S1", 90)
        asked = []
        for number in range(50):
            pair = [(f"O{number:02}", code, "90") for code in ("Y1", "Y2")]
            house = (one, other)[number % 2]
            when_short = "remaining" if number % 3 else "refuse"
            asked.append(commit(house, *(pair if number % 4 < 2 else reversed(pair)), when_short=when_short))
        answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} <= {201, 409}
        given = [line for answer in answers if answer.status_code == 201 for line in answer.json()["lines"]]
        rows = await one.sql(
            "SELECT y.yarn_code, sum(a.quantity_lb) FROM mill.allocations a JOIN mill.yarns y"
            " ON y.id = a.yarn_id GROUP BY 1 ORDER BY 1"
        )
    assert [tuple(row) for row in rows] == [("Y1", Decimal(1000)), ("Y2", Decimal(1000))]
    assert sum(Decimal(line["given_lb"]) for line in given) == 2000


async def test_f056_what_stock_lacks_is_promised_from_a_receipt(house: House) -> None:
    await yarn(house, "Y1", beginning_balance=100)
    await style(house, "S1")
    await line(house, "S1", "Y1", 1)
    await order(house, "O1", "S1", 150, due_date=date(2025, 9, 6))
    number = await receipt(house, "PO-1", "Y1", 200, due=date(2025, 9, 10))
    await read_files(house, "yarn_inventory", "bom", "knit_orders", "expected_receipts")
    body = await preview(house, as_of=AS_OF.isoformat())
    assert body["items"][0]["lines"][0] == {
        "yarn_code": "Y1", "required_lb": "150.0000", "held_lb": "0.0000", "allocated_lb": "100.0000",
        "expected_lb": "50.0000", "short_lb": "50.0000", "reason": None,
        "expected": [{
            "receipt_id": number, "po_no": "PO-1", "quantity_lb": "50.0000", "available_on": "2025-09-10",
            "days_late": 4,
        }],
    }  # fmt: skip
    assert body["items"][0]["kit"] == {
        "status": "PARTIAL", "coverage": "0.666667", "producible_lb": "100.0000", "ready_on": "2025-09-10",
        "missing": [],
    }  # fmt: skip
    answer = await house.ask("POST", COMMIT, json={"lines": [
        {"order": "O1", "yarn": "Y1", "quantity_lb": "100"},
        {"order": "O1", "yarn": "Y1", "quantity_lb": "50", "kind": "expected", "receipt_id": number},
    ]})  # fmt: skip
    assert answer.status_code == 201, answer.text
    again = (await preview(house))["items"][0]["lines"][0]
    assert (again["held_lb"], again["expected_lb"], again["expected"]) == ("100.0000", "50.0000", [])


async def patch(house: House, number: str, version: int, **changed: Any) -> Any:
    return await house.ask(
        "PATCH", f"/v1/mill/orders/{number}", json=changed, headers={"If-Match": f'"{version}"'}
    )


async def test_what_is_past_due_is_promised_to_nobody_and_what_was_never_counted_leaves_null(
    house: House,
) -> None:
    await yarn(house, "Y7", stocked=False)
    await style(house, "S7")
    await line(house, "S7", "Y7", 1)
    await order(house, "O7", "S7", 150, due_date=date(2025, 9, 6))
    await receipt(house, "PO-7", "Y7", 200, due=date(2025, 8, 29))
    await read_files(house, "yarn_inventory", "bom", "knit_orders", "expected_receipts")
    body = await preview(house)
    assert [(one["kit"]["status"], one["lines"][0]["expected_lb"]) for one in body["items"]] == [
        ("SHORT", "0.0000")
    ]
    assert [one["left_lb"] for one in body["yarns"]] == [None]


async def test_f055_a_cancelled_order_gives_back_what_it_holds_in_the_same_transaction(house: House) -> None:
    await settle_f50(house)
    given = await commit(house, ("O2", "Y1", "300"), ("O1", "Y1", "600"), ("O3", "Y1", "100"))
    assert given.status_code == 201, given.text
    answer = await patch(house, "O1", 1, status="cancelled", reason="the customer withdrew")
    assert answer.status_code == 200, answer.text
    assert [one["quantity_lb"] for one in answer.json()["released"]] == ["600.0000"]
    line = (await preview(house, orders=["O3"]))["items"][0]["lines"][0]
    assert (line["held_lb"], line["allocated_lb"], line["short_lb"]) == ("100.0000", "300.0000", "0.0000")
    kept = await house.get("/v1/mill/allocations", live="false", order="O1")
    assert kept["items"][0]["release_reason"] == "the customer withdrew"


async def test_an_order_on_hold_keeps_what_it_holds_hard(house: House) -> None:
    await settle_f50(house)
    lines = [
        {"order": "O1", "yarn": "Y1", "quantity_lb": "200", "kind": "hard"},
        {"order": "O1", "yarn": "Y1", "quantity_lb": "100"},
    ]
    assert (await house.ask("POST", COMMIT, json={"lines": lines})).status_code == 201
    answer = await patch(house, "O1", 1, status="on_hold")
    assert [(one["kind"], one["quantity_lb"]) for one in answer.json()["released"]] == [("soft", "100.0000")]
    refused = await commit(house, ("O1", "Y1", "1"))
    assert (refused.status_code, refused.json()["code"]) == (409, "order_not_open")


async def test_a_smaller_order_gives_back_what_it_does_not_need(house: House) -> None:
    """Soft pounds first; hard ones only with permission."""
    await settle_f50(house)
    lines = [
        {"order": "O1", "yarn": "Y1", "quantity_lb": "400", "kind": "hard"},
        {"order": "O1", "yarn": "Y1", "quantity_lb": "200"},
    ]
    assert (await house.ask("POST", COMMIT, json={"lines": lines})).status_code == 201
    answer = await patch(house, "O1", 1, quantity_lb="350")
    assert [(one["kind"], one["quantity_lb"]) for one in answer.json()["released"]] == [("soft", "200.0000")]
    answer = await patch(house, "O1", 2, quantity_lb="300", release_hard=True)
    assert [(one["kind"], one["quantity_lb"]) for one in answer.json()["released"]] == [("hard", "100.0000")]
    held = await house.get("/v1/mill/orders/O1")
    assert [one["quantity_lb"] for one in held["allocations"]] == ["300.0000"]


async def test_f054_the_database_itself_refuses_more_than_there_is(house: House) -> None:
    """Whatever route it comes by: R11 is held by the table."""
    await settle_f50(house)
    put = (
        "INSERT INTO mill.allocations (order_id, yarn_id, kind, required_lb, quantity_lb, created_by)"
        " SELECT o.id, y.id, 'soft', 5000, CAST(:lb AS numeric), 'test' FROM mill.production_orders o,"
        " mill.yarns y WHERE o.order_no = :order"
    )
    await house.sql(put, order="O1", lb="700")
    with pytest.raises(DBAPIError, match="more is allocated"):
        await house.sql(put, order="O2", lb="300.0001")
    await house.sql(put, order="O2", lb="300")
    with pytest.raises(DBAPIError, match="more is allocated"):
        await house.sql("UPDATE mill.allocations SET quantity_lb = quantity_lb + 1")


async def test_f054_a_file_that_counts_less_takes_promises_back_from_who_is_served_last(house: House) -> None:
    await settle_f50(house)
    await commit(house, ("O2", "Y1", "300"), ("O1", "Y1", "600"), ("O3", "Y1", "100"))
    counted = b"Desc#,Beginning Balance,Consumed,Allocated,On Order\nY1,650,0,0,0\n"
    await imported(house, "yarn_inventory", counted)
    left = await house.get("/v1/mill/allocations")
    assert {one["order_no"]: one["quantity_lb"] for one in left["items"]} == {
        "O1": "350.0000",
        "O2": "300.0000",
    }
    gone = (await house.sql("SELECT after FROM muster.audit WHERE what = 'mill.allocations_fitted'"))[0].after
    assert sorted(Decimal(one["pounds"]) for one in gone["released"]) == [100, 250]


async def test_a_released_allocation_stays_on_record_and_is_released_once(house: House) -> None:
    await settle_f50(house)
    number = (await commit(house, ("O1", "Y1", "600"))).json()["items"][0]["id"]
    gone = await house.ask("DELETE", f"/v1/mill/allocations/{number}", params={"reason": "wrong order"})
    assert (gone.status_code, gone.json()["release_reason"]) == (200, "wrong order")
    again = await house.ask("DELETE", f"/v1/mill/allocations/{number}")
    assert (again.status_code, again.json()["code"]) == (409, "already_released")
    rows = await house.sql("SELECT what FROM muster.audit WHERE what LIKE 'mill.%' ORDER BY id")
    assert [row.what for row in rows] == ["mill.allocated", "mill.allocation_released"]
    assert (await house.get("/v1/mill/allocations"))["items"] == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"order": "O1", "yarn": "Y1", "quantity_lb": "600.0001"}, "more_than_needed"),
        ({"order": "O1", "yarn": "NONE", "quantity_lb": "1"}, "unknown_yarn"),
        ({"order": "O9", "yarn": "Y1", "quantity_lb": "1"}, "unknown_order"),
        ({"order": "O1", "yarn": "Y1", "quantity_lb": "1", "kind": "expected"}, "receipt_and_kind"),
        ({"order": "O1", "yarn": "Y1", "quantity_lb": "1", "kind": "expected", "receipt_id": 9}, "unknown_receipt"),
    ],
)  # fmt: skip
async def test_what_nobody_needs_is_not_allocated(house: House, line: dict[str, Any], code: str) -> None:
    await settle_f50(house)
    answer = await house.ask("POST", COMMIT, json={"lines": [line]})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
