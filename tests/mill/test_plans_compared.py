"""What changed since the last plan and why; what would be if, without a row written."""

from typing import Any

import pytest

from service.schemas.mill.comparing import MillComparison, MillWhatIf
from service.schemas.mill.order_list import MillPlanOrderList
from tests.mill.scenario import line, style, yarn
from tests.mill.test_plan_runs import RUNS, make_plan
from tests.support.house import House


def of(body: dict[str, Any], part: str, subject: str) -> dict[str, Any]:
    (found,) = (one for one in body[part] if one["subject"] == subject)
    return {
        "figures": {one["figure"]: (one["before"], one["after"]) for one in found["figures"]},
        "causes": {(body["causes"][number]["code"], body["causes"][number]["subject"]) for number in found["causes"]},
    }  # fmt: skip


async def test_what_changed_since_the_last_plan_is_told_with_its_causes(own_f58: House) -> None:
    await make_plan(own_f58)
    await own_f58.sql("UPDATE mill.production_orders SET quantity = 900 WHERE order_no = 'O2'")
    await own_f58.sql("UPDATE mill.expected_receipts SET due_date = '2025-09-17' WHERE kind = 'dated'")
    await own_f58.sql("UPDATE mill.yarn_inventory SET beginning_balance = 200 WHERE beginning_balance = 224")
    await make_plan(own_f58)
    body = await own_f58.get(f"{RUNS}/latest/compare/previous")
    MillComparison.model_validate(body)
    assert {(one["code"], one["subject"]) for one in body["causes"]} == {
        ("order_resized", "O2"), ("receipt_late", "PO-1:1"), ("stock_counted", "Y2"),
    }  # fmt: skip
    y1, y2 = of(body, "yarns", "Y1"), of(body, "yarns", "Y2")
    assert y1["figures"]["gross_lb"] == ("1267.7100", "1207.7100")
    assert y1["figures"]["first_short_on"] == (None, "2025-09-11")
    assert y1["causes"] == {("order_resized", "O2"), ("receipt_late", "PO-1:1")}
    assert (y2["figures"]["opening_lb"], y2["causes"]) == (
        ("224.0000", "200.0000"),
        {("stock_counted", "Y2")},
    )
    assert ("order_resized", "O2") in of(body, "yarns", "Y3")["causes"]
    # O1 wants Y1 too, of which O2 now leaves more, and Y2, of which there is less: enough all the same.
    assert {one["subject"] for one in body["orders"]} == {"O2"}
    assert all(one["cause_known"] for part in ("yarns", "orders", "actions") for one in body[part])


async def test_a_new_row_of_stock_other_lots_and_sales_are_causes_too(own_f58: House) -> None:
    await make_plan(own_f58)
    await yarn(own_f58, "NEW", beginning_balance=-5)
    await own_f58.sql("UPDATE mill.yarns SET moq_lb = 5000 WHERE yarn_code = 'Y3'")
    await own_f58.sql(
        "INSERT INTO mill.sales_activity (document_no, line_no, order_date, due_date, style_id, quantity, uom,"
        " open) SELECT 'SO-7', 1, '2025-09-01', '2025-09-20', id, 200, 'lb', true FROM mill.styles"
        " WHERE style_code = 'G1'"
    )
    await make_plan(own_f58)
    body = await own_f58.get(f"{RUNS}/latest/compare/previous")
    assert of(body, "yarns", "NEW")["causes"] == {("stock_row", "NEW")}
    assert of(body, "yarns", "Y3")["causes"] == {("lots_changed", "Y3")}
    [planned] = [one for one in body["causes"] if one["code"] == "order_new"]
    assert planned["detail"] == "the plan adds it for SO-7/1"
    await own_f58.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by)"
        " VALUES ('moq_lb', clock_timestamp(), '\"300\"', 'test')"
    )
    await make_plan(own_f58)
    body = await own_f58.get(f"{RUNS}/latest/compare/previous")
    assert [one["code"] for one in body["causes"]] == ["parameter_changed"]


async def test_equal_plans_differ_in_nothing(own_f58: House) -> None:
    first, second = await make_plan(own_f58), await make_plan(own_f58)
    body = await own_f58.get(f"{RUNS}/{second}/compare/{first}")
    assert [body[part] for part in ("causes", "yarns", "orders", "actions")] == [[], [], [], []]
    hashes = await own_f58.sql("SELECT DISTINCT input_hash FROM mill.plan_runs")
    assert len(hashes) == 1


async def test_of_plans_of_different_kinds_what_both_have_is_compared(own_f58: House) -> None:
    whole = await make_plan(own_f58)
    for kind, left_out in {"mrp": ["promises"], "time_phased": ["promises", "advice"]}.items():
        other = await make_plan(own_f58, kind=kind)
        body = await own_f58.get(f"{RUNS}/{other}/compare/{whole}")
        MillComparison.model_validate(body)
        parts = ("causes", "yarns", "orders", "actions", "left_out")
        assert [body[part] for part in parts] == [[], [], [], [], left_out]


async def test_what_if_tells_the_difference_and_who_suffers(f58: House) -> None:
    changes = [{"change": "delay_receipt", "purchase_order": "PO-1", "days": 7}]
    answer = await f58.ask("POST", "/v1/mill/what-if", json={"changes": changes, "as_of": "2025-09-03"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    MillWhatIf.model_validate(body)
    assert of(body, "yarns", "Y1")["figures"]["first_short_on"] == (None, "2025-09-11")
    assert of(body, "yarns", "Y1")["causes"] == {("receipt_late", "PO-1:1")}
    assert [one["yarn"] for one in body["after"]["short_yarns"]] == ["Y3", "Y1"]
    assert body["suffering"] == [
        {"order": "O2", "yarn": "Y1", "receipt": "PO-1:1", "pounds_late_lb": "267.7100", "days_late": 16,
         "pounds_unmet_lb": "0.0000"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"change": "add_order", "order": "O9", "style": "G1", "quantity_lb": "100", "due_date": "2025-09-10"},
         "order_new"),
        ({"change": "cancel_order", "order": "O2"}, "order_gone"),
        ({"change": "move_order", "order": "O1", "due_date": "2025-09-25"}, "order_moved"),
        ({"change": "resize_order", "order": "O1", "quantity_lb": "1500"}, "order_resized"),
        ({"change": "cancel_receipt", "purchase_order": "PO-1"}, "receipt_gone"),
        ({"change": "add_receipt", "yarn": "Y3", "quantity_lb": "50", "due_date": "2025-09-05"}, "receipt_new"),
        ({"change": "count_stock", "yarn": "Y1", "quantity_lb": "10"}, "stock_counted"),
        ({"change": "set_parameters", "values": {"past_due_policy": "now"}}, "parameter_changed"),
        ({"change": "set_recipe_line", "style": "G2", "component": "Y2", "quantity_per": "0.1"},
         "recipe_changed"),
    ],
)  # fmt: skip
async def test_every_change_can_be_tried_and_is_the_cause(
    f58: House, change: dict[str, Any], code: str
) -> None:
    answer = await f58.ask("POST", "/v1/mill/what-if", json={"changes": [change], "as_of": "2025-09-03"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [one["code"] for one in body["causes"]] == [code]
    differences = [one for part in ("yarns", "orders", "actions") for one in body[part]]
    assert differences
    assert all(one["causes"] == [0] for one in differences)


@pytest.mark.parametrize("order", ["PO-2", "PO-3"])
async def test_what_has_no_day_cannot_be_tried_later(f58: House, order: str) -> None:
    changes = [{"change": "delay_receipt", "purchase_order": order, "days": 7}]
    answer = await f58.ask("POST", "/v1/mill/what-if", json={"changes": changes})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "no_day")


async def test_what_if_writes_nothing(own_f58: House) -> None:
    tables = await own_f58.sql(
        "SELECT tablename FROM pg_tables WHERE schemaname IN ('mill', 'muster') ORDER BY 1"
    )
    assert len(tables) > 30

    async def content() -> list[Any]:
        found = []
        for (name,) in await own_f58.sql(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = 'mill'"
            " OR tablename IN ('data_version', 'audit', 'run', 'idempotency_key') ORDER BY 1"
        ):
            rows = await own_f58.sql(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            found.append((name, rows[0][0]))
        return found

    before = await content()
    changes = [
        {"change": "cancel_order", "order": "O1"},
        {"change": "count_stock", "yarn": "Y3", "quantity_lb": 9},
    ]
    answer = await own_f58.ask("POST", "/v1/mill/what-if", json={"changes": changes, "as_of": "2025-09-03"})
    assert answer.status_code == 200
    assert await content() == before


async def test_a_receipt_that_comes_sooner_comes_today_at_the_soonest(f58: House) -> None:
    changes = [
        {"change": "delay_receipt", "purchase_order": "PO-1", "days": -20},
        {"change": "add_receipt", "yarn": "Y3", "quantity_lb": "600", "due_date": "2025-08-20"},
    ]
    answer = await f58.ask("POST", "/v1/mill/what-if", json={"changes": changes, "as_of": "2025-09-03"})
    body = answer.json()
    # Before this week both would be past due, and counted on by nobody: sooner would be worse.
    assert [one["after"] for one in body["causes"]] == ["2025-09-03", "600.0000"]
    assert body["after"]["short_yarns"] == []


async def test_what_is_known_can_be_tried_though_no_plan_needs_it_yet_and_in_any_case(own_f58: House) -> None:
    await yarn(own_f58, "Y8", stocked=False)
    await style(own_f58, "G9")
    await line(own_f58, "G9", "Y8", "0.5")
    changes = [
        {"change": "set_recipe_line", "style": "g2", "component": "g9", "quantity_per": "0.5"},
        {"change": "add_receipt", "yarn": "y8", "quantity_lb": "100", "due_date": "2025-09-05"},
        {"change": "cancel_order", "order": "o1"},
    ]
    answer = await own_f58.ask("POST", "/v1/mill/what-if", json={"changes": changes, "as_of": "2025-09-03"})
    assert answer.status_code == 200, answer.text
    # O2 and O3 are 1,500 lb of G2, of which half a pound is G9 now, of that half Y8.
    y8 = of(answer.json(), "yarns", "Y8")
    assert y8["figures"]["gross_lb"] == ("0.0000", "375.0000")
    assert y8["causes"] == {("recipe_changed", "G2"), ("receipt_new", "WHAT-IF:1")}


async def test_what_there_is_not_is_refused_with_near_names(f58: House) -> None:
    changes = [{"change": "count_stock", "yarn": "Y11", "quantity_lb": "5"}]
    answer = await f58.ask("POST", "/v1/mill/what-if", json={"changes": changes})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (
        422, "/body/changes/0/yarn", "unknown_yarn",
    )  # fmt: skip
    unknown = await f58.ask("POST", "/v1/mill/what-if", json={"changes": [{"change": "burn_down"}]})
    assert unknown.status_code == 422


async def test_advice_carries_on_what_was_decided_and_what_vanished_is_superseded(own_f58: House) -> None:
    await make_plan(own_f58)
    actions = (await own_f58.get(f"{RUNS}/latest/actions"))["items"]
    assert [one["key"] for one in actions] == [
        "yarn/Y1/DECREASE/PO-1:1", "yarn/Y3/RELEASE/2025-09-01",
    ]  # fmt: skip
    for one in actions:
        path = f"{RUNS}/latest/actions/{one['seq']}"
        missing = await own_f58.ask("PATCH", path, json={"state": "accepted"})
        assert missing.status_code == 428
        decided = await own_f58.ask(
            "PATCH", path, json={"state": "accepted", "assignee": "Jo"}, headers={"If-Match": '"1"'}
        )
        assert (decided.status_code, decided.json()["state"], decided.headers["ETag"]) == (
            200,
            "accepted",
            '"2"',
        )
        stale = await own_f58.ask("PATCH", path, json={"note": "late"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
    await own_f58.sql("UPDATE mill.expected_receipts SET quantity = 267.71 WHERE kind = 'dated'")
    await make_plan(own_f58)
    (kept,) = (await own_f58.get(f"{RUNS}/latest/actions", state="accepted"))["items"]
    assert (kept["assignee"], kept["decided_by"] is not None) == ("Jo", True)
    gone = (await own_f58.get(f"{RUNS}/1/actions", state="superseded"))["items"]
    assert [one["key"] for one in gone] == ["yarn/Y1/DECREASE/PO-1:1"]


async def test_accepted_advice_is_an_order_list_by_supplier_in_which_no_text_is_a_formula(
    own_f58: House,
) -> None:
    await own_f58.sql("INSERT INTO mill.suppliers (supplier_code, name) VALUES ('SUP-A', 'Alder')")
    await own_f58.sql(
        "UPDATE mill.yarns SET supplier_id = (SELECT id FROM mill.suppliers), cost_per_lb = 4.25,"
        " description = '=1+1' WHERE yarn_code = 'Y3'"
    )
    await make_plan(own_f58)
    path = f"{RUNS}/latest/order-list"
    assert (await own_f58.get(path))["suppliers"] == []
    for seq in (1, 2):
        answer = await own_f58.ask(
            "PATCH", f"{RUNS}/latest/actions/{seq}", json={"state": "accepted"}, headers={"If-Match": '"1"'}
        )
        assert answer.status_code == 200
    body = await own_f58.get(path)
    MillPlanOrderList.model_validate(body)
    figures = ("supplier", "quantity_lb", "money", "changes")
    # The other line gives back 232.29 lb of what is on order: nothing that is bought.
    assert [tuple(one[name] for name in figures) for one in body["suppliers"]] == [
        ("SUP-A", "600.0000", "2550.00", 0), (None, "0.0000", "0.00", 1),
    ]  # fmt: skip
    assert body["suppliers"][1]["lines"][0]["quantity_lb"] == "232.2900"
    summary = (await own_f58.get("/v1/mill/reports/order-list"))["summary"]
    assert [summary[name] for name in ("accepted", "changes", "quantity_lb", "money", "without_cost")] == [
        2, 1, "600.0000", "2550.00", 0,
    ]  # fmt: skip
    written = await own_f58.ask("GET", path, params={"format": "csv"})
    assert written.text.splitlines()[1].startswith("SUP-A,RELEASE,Y3,'=1+1,600")
    book = await own_f58.ask("GET", path, params={"format": "xlsx"})
    assert book.content[:4] == b"PK\x03\x04"
