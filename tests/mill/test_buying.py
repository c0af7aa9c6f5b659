"""What to buy, and the order list that is sent: out of the newest plan, with the predecessor's rule beside it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.mill.scenario import AS_OF, line, order, settle_f58, style, yarn
from tests.support.house import House

D = Decimal
PATH = "/v1/mill/reports"


async def settle(house: House) -> None:
    """F-17: two yarns of which orders need 200 lb a week, with 300 and with 1,200 lb on order."""
    await settle_f58(house)
    for code, stock, on_order in (("P17", 1800, 300), ("Q17", 900, 1200)):
        await yarn(
            house, code, beginning_balance=stock, allocated=-2600, on_order=on_order, cost_per_lb=D("4.25"),
            lead_time_days=10,
        )  # fmt: skip
        await style(house, f"S{code}")
        await line(house, f"S{code}", code, 1)
        await order(house, f"O{code}", f"S{code}", 2600, due_date=AS_OF + timedelta(days=25))
    done = await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    assert done.state == "done", done.error


async def test_f017_advice_with_its_reasons_and_the_order_list(house: House) -> None:
    await settle(house)
    body = await house.get(f"{PATH}/procurement")
    rows = {(row["yarn_code"], row["action"]): row for row in body["items"]}
    ordered = rows["P17", "ORDER"]
    assert (ordered["quantity_lb"], ordered["money"], ordered["lead_source"]) == (
        "800.0000",
        "3400.00",
        "yarn",
    )
    assert (ordered["need_date"], ordered["release_date"], ordered["days_late"]) == (
        "2025-09-22", "2025-09-12", 0,
    )  # fmt: skip
    assert "missing 800.0000" in ordered["trigger"]
    assert (ordered["predecessor_lb"], rows["Q17", "ORDER"]["predecessor_lb"]) == ("660.0000", "0.0000")
    late = rows["Y3", "RELEASE"]
    assert (late["release_date"], late["lead_days"], late["lead_source"]) == (
        "2025-09-03",
        21,
        "default:unknown",
    )
    assert (late["money"], body["summary"]["without_cost"]) == (None, 1)
    await explained(house, body["items"])
    assert (await house.get(f"{PATH}/order-list"))["items"] == []
    decided = await house.ask(
        "PATCH", f"/v1/mill/plan-runs/latest/actions/{ordered['number']}",
        json={"state": "accepted", "note": "by phone"}, headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert decided.status_code == 200, decided.text
    seen = {"Min-Data-Version": decided.headers["data-version"]}
    sent = (await house.ask("GET", f"{PATH}/order-list", headers=seen)).json()
    [row] = sent["items"]
    assert (row["yarn_code"], row["quantity_lb"], row["money"], row["note"]) == (
        "P17", "800.0000", "3400.00", "by phone",
    )  # fmt: skip
    assert (sent["summary"]["accepted"], sent["summary"]["money"]) == (1, "3400.00")
    left = (await house.ask("GET", f"{PATH}/procurement?state=open", headers=seen)).json()["items"]
    assert "P17" not in {row["yarn_code"] for row in left}
    closed = {"as_of": AS_OF, "parameters": {"holidays": ["2025-09-12", "2025-12-25", "2025-09-12"]}}
    await house.runtime.tasks.run_now("mill.plan", closed, "test")
    again = {row["yarn_code"]: row for row in (await house.get(f"{PATH}/procurement"))["items"]}
    assert (again["P17"]["need_date"], again["P17"]["release_date"]) == ("2025-09-22", "2025-09-11")
    before = body["summary"]
    assert (before["money"], before["known_money"]) == (None, "10625.00")
    dropped = await house.ask(
        "PATCH", f"/v1/mill/plan-runs/latest/actions/{late['number']}",
        json={"state": "dismissed", "note": "not made any more"}, headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert dropped.status_code == 200, dropped.text
    seen = {"Min-Data-Version": dropped.headers["data-version"]}
    after = (await house.ask("GET", f"{PATH}/procurement", headers=seen)).json()["summary"]
    assert D(before["to_buy_lb"]) - D(after["to_buy_lb"]) == D(late["quantity_lb"])
    assert (after["money"], after["known_money"], after["without_cost"]) == ("10625.00", "10625.00", 0)


async def explained(house: House, rows: list[dict[str, Any]]) -> None:
    """Each figure of each piece of advice follows from its explanation alone."""
    for row in rows:
        for figure in ("release_date", "days_late", "money", "predecessor_lb"):
            told = await house.get(f"{PATH}/procurement/explain", number=row["number"], figure=figure)
            assert told["value"] == row[figure]
            given = {one["name"]: one["value"] for one in told["inputs"]}
            if row[figure] is not None and row["action"] in {"ORDER", "RELEASE"}:
                assert str(recomputed(figure, given)) == str(row[figure]), (row["yarn_code"], figure)


def recomputed(figure: str, given: dict[str, Any]) -> Any:
    """By the words of the rule."""
    if figure == "money":
        return (D(given["quantity_lb"]) * D(given["cost_per_lb"])).quantize(D("0.01"))
    if figure == "predecessor_lb":
        short = max(D(0), -D(given["planning_balance_lb"]))
        wanted = max(D(given["weekly_demand_lb"]) * 4 * D("1.2"), short * D("1.5"))
        return max(D(0), wanted - D(given["on_order_lb"])).quantize(D("0.0001"))
    lead, need = timedelta(days=given["lead_days"]), date.fromisoformat(given["need_date"])
    if figure == "days_late":
        return max(0, (date.fromisoformat(given["release_date"]) + lead - need).days)
    day = need - lead
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return max(day, date.fromisoformat(given["as_of"]))
