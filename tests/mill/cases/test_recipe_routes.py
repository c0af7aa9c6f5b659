"""Spec F.3 and F.4 over HTTP: recipes exploded and read, fabric converted, demand netted (F-18 to F-32)."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.mill.scenario import line, order, style, yarn
from tests.support.ground import Ground
from tests.support.house import House, open_house


@pytest.fixture(scope="module")
async def shop(ground: Ground) -> AsyncIterator[House]:
    """The recipes of F-18 to F-29, which only read."""
    url = await ground.clone()
    async with open_house(url) as house:
        for code in ("Y1", "Y2", "Y3", "Y"):
            await yarn(house, code, beginning_balance=100)
        await style(house, "S 18/1", yds_per_lb=Decimal("1.29"))
        for code, part in (("Y1", ".6"), ("Y2", ".25"), ("Y3", ".15")):
            await line(house, "S 18/1", code, part)
        for code in ("F1", "G1", "YIELD", "X", "Z", "V", "P", "Q", "R", "DATED", "A", "B", "C", "D"):
            await style(house, code, **({"loss_mode": "yield"} if code == "YIELD" else {}))
        for of, component, per, loss in (
            ("F1", "G1", "1", "0.03"), ("G1", "Y1", ".7", "0.02"), ("G1", "Y2", ".3", "0.02"),
            ("YIELD", "G1", "1", "0.03"),
            ("X", "Z", "1", "0"), ("Z", "X", "1", "0"), ("V", "X", "1", "0"),
            ("P", "Q", "1", "0"), ("P", "R", "2", "0"), ("Q", "R", "3", "0"), ("R", "Y", "1", "0"),
            ("A", "B", "2", "0"), ("A", "C", "3", "0"), ("B", "D", "40", "0"), ("C", "D", "50", "0"),
            ("D", "Y", "1", "0"),
        ):  # fmt: skip
            await line(house, of, component, per, loss=loss)
        turn = date(2025, 10, 1)
        await line(house, "DATED", "Y1", ".60", valid_to=turn)
        await line(house, "DATED", "Y1", ".55", valid_from=turn)
        await house.sql(
            "INSERT INTO mill.style_aliases (kind, alias_code, style_id, method) SELECT 'fstyle', 'FS18', id,"
            " 'file' FROM mill.styles WHERE style_code = 'S 18/1'"
        )
        yield house
    await ground.drop(url)


async def post(house: House, path: str, **asked: Any) -> Any:
    answer = await house.ask("POST", f"/v1/mill{path}", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def explode(house: House, *items: tuple[str, str], **more: Any) -> Any:
    return await post(
        house, "/bom/explode", items=[{"style": code, "quantity": pounds} for code, pounds in items], **more
    )


def yarns(body: Any, field: str = "gross_lb") -> dict[str, str]:
    return {row["yarn_code"]: row[field] for row in body["yarns"]}


async def test_f018_a_style_needs_the_parts_of_its_recipe(shop: House) -> None:
    body = await explode(shop, ("S 18/1", "1000"), as_of="2025-09-03")
    assert yarns(body) == {"Y1": "600.0000", "Y2": "250.0000", "Y3": "150.0000"}
    assert body["gross_lb"] == "1000.0000"


async def test_f019_waste_and_shrinkage_are_multiplied(shop: House) -> None:
    body = await post(shop, "/fabric/yarn-requirements", items=[{"style": "s 18/1", "quantity": "1000"}])
    assert body["factor"] == "1.0506"
    assert yarns(body, "required_lb") == {"Y1": "630.3600", "Y2": "262.6500", "Y3": "157.5900"}
    assert (body["base_lb"], body["required_lb"]) == ("1000.0000", "1050.6000")
    other = await post(
        shop, "/fabric/yarn-requirements", items=[{"style": "S 18/1", "quantity": "1000"}],
        fabric_waste="0.05", yarn_shrinkage="0",
    )  # fmt: skip
    assert other["required_lb"] == "1050.0000"


async def test_f021_yards_become_pounds_by_the_factor_of_the_style(shop: House) -> None:
    body = await post(
        shop, "/fabric/yarn-requirements", items=[{"style": "S 18/1", "quantity": "5000", "uom": "yd"}]
    )
    item = body["items"][0]
    assert (item["quantity_lb"], item["exploded_lb"], item["source"]) == (
        "3875.9690", "4072.0930", "yds_per_lb",
    )  # fmt: skip
    assert (yarns(body, "base_lb")["Y1"], yarns(body, "required_lb")["Y1"]) == ("2325.5814", "2443.2558")
    weighed = await post(shop, "/fabric/convert", quantity="5000", uom="yd", oz_per_lin_yd="12.4")
    assert (weighed["quantity_lb"], weighed["estimated"]) == ("3875.0000", False)
    answer = await shop.ask("POST", "/v1/mill/fabric/convert", json={"quantity": "1", "uom": "yd"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_conversion")
    assert answer.json()["errors"][0]["code"] == "NO_CONVERSION"
    unknown = await post(shop, "/bom/explode", items=[{"style": "F1", "quantity": "1", "uom": "yd"}])
    assert (unknown["items"][0]["quantity_lb"], unknown["items"][0]["reason"]) == (None, "NO_CONVERSION")
    assert not unknown["data"]["complete"]
    assert (unknown["yarns"], unknown["styles"]) == ([], [])
    answer = await shop.ask(
        "POST", "/v1/mill/fabric/convert", json={"quantity": "1", "uom": "lb", "to": "yd"}
    )
    assert answer.json()["errors"][0]["pointer"] == "/body/to"


async def test_f022_width_and_weight_by_exact_constants(shop: House) -> None:
    body = await post(shop, "/fabric/convert", quantity="1000", uom="yd", width_in="60", gsm="180")
    assert (body["quantity_lb"], body["estimated"], body["sources"][0]) == ("553.0036", True, "width_gsm")
    assert {one["name"]: one["value"] for one in body["factors"]}["grams_per_lb"] == "453.59237"
    back = await post(shop, "/fabric/convert", quantity="100", uom="lb", to="kg")
    assert back["converted"] == "45.3592"
    yards = await post(shop, "/fabric/convert", quantity="100", uom="lb", to="yd", style="FS18")
    assert yards["converted"] == "129.0000"


async def test_f023_losses_of_every_level(shop: House) -> None:
    body = await explode(shop, ("F1", "500"))
    assert {row["style_code"]: row["gross_lb"] for row in body["styles"]} == {
        "F1": "500.0000", "G1": "515.0000",
    }  # fmt: skip
    assert yarns(body) == {"Y1": "367.7100", "Y2": "157.5900"}
    first = body["rows"][0]
    assert (first["path"], [level["quantity_lb"] for level in first["levels"]]) == (
        ["F1", "G1"], ["500.0000", "515.0000"],
    )  # fmt: skip
    divided = await explode(shop, ("YIELD", "500"))
    assert divided["styles"][0] == {"style_code": "G1", "gross_lb": "515.4639"}
    forced = await explode(shop, ("F1", "500"), loss_mode="yield")
    assert {row["style_code"]: row["gross_lb"] for row in forced["styles"]}["G1"] == "515.4639"


async def test_f024_a_part_reached_by_two_ways_counts_twice(shop: House) -> None:
    """A takes 2 B and 3 C, B 40 D, C 50 D: 230 of D for a pound of A, not the 80 of the first way."""
    body = await explode(shop, ("A", "1"))
    assert {row["style_code"]: row["gross_lb"] for row in body["styles"]}["D"] == "230.0000"
    assert len(body["rows"]) == 2
    tree = await shop.get("/v1/mill/styles/A/bom")
    assert tree["yarn_per_lb"] == {"Y": "230.0000000000"}


async def test_f025_a_circle_is_told_once_and_its_styles_left_out(shop: House) -> None:
    body = await explode(shop, ("X", "7"), ("V", "2"), ("F1", "500"))
    assert body["cycles"] == [["X", "Z", "X"]]
    left_out = [one["subject"] for one in body["warnings"] if "left out" in one["message"]]
    assert left_out == ["V", "X"]
    assert yarns(body) == {"Y1": "367.7100", "Y2": "157.5900"}
    tree = await shop.get("/v1/mill/styles/V/bom")
    assert (tree["reason"], tree["nodes"]) == ("BOM_CYCLE", [])


async def test_f026_a_style_is_expanded_once_with_all_of_its_need(shop: House) -> None:
    one = await explode(shop, ("P", "1"))
    assert {row["style_code"]: row["gross_lb"] for row in one["styles"]} == {
        "P": "1.0000", "Q": "1.0000", "R": "5.0000",
    }  # fmt: skip
    more = await explode(shop, ("P", "1"), ("R", "10"))
    assert (more["styles"][-1], yarns(more)) == ({"style_code": "R", "gross_lb": "15.0000"}, {"Y": "15.0000"})


@pytest.mark.parametrize(("day", "pounds"), [("2025-09-30", "600.0000"), ("2025-10-01", "550.0000")])
async def test_f027_the_recipe_of_the_day(shop: House, day: str, pounds: str) -> None:
    assert yarns(await explode(shop, ("DATED", "1000"), as_of=day)) == {"Y1": pounds}


async def test_f029_setting_up_loses_what_the_lines_say(house: House) -> None:
    await yarn(house, "Y1")
    await style(house, "S1")
    await line(house, "S1", "Y1", ".6", loss="0.02")
    await house.sql("UPDATE mill.bom SET setup_lb = 5")
    body = await post(house, "/bom/explode", items=[{"style": "S1", "quantity": "500", "setups": 1}])
    assert (body["yarns"][0]["gross_lb"], body["yarns"][0]["setup_lb"]) == ("311.0000", "5.0000")
    item = {"style": "S1", "quantity": "500", "setups": 1}
    needs = await post(house, "/fabric/yarn-requirements", items=[item])
    assert needs["yarns"] == [{"yarn_code": "Y1", "base_lb": "311.0000", "required_lb": "311.0000"}]


POOL = [("F01", "100"), ("I01", "50"), ("G00", "200"), ("G02", "150"), ("KO", "300")]


async def netted(house: House, *pounds: str, stock: list[tuple[str, str]], **more: Any) -> Any:
    return await post(
        house, "/netting", as_of="2025-09-03",
        demands=[{"order_no": f"D{at}", "style": "F1", "quantity": lb} for at, lb in enumerate(pounds)],
        stock=[{"style": "F1", "stage": stage, "quantity_lb": lb} for stage, lb in stock], **more,
    )  # fmt: skip


async def test_f030_stages_are_used_in_their_order(shop: House) -> None:
    ours = (await netted(shop, "400", stock=POOL))["items"][0]
    assert ours["used_lb"] == {"F01": "100.0000", "I01": "50.0000", "G02": "150.0000", "G00": "100.0000"}
    assert (ours["net_lb"], ours["coverage_pct"]) == ("0.0000", "100.00")
    order_of_stages = ["F01", "I01", "G00", "G02", "KO"]
    theirs = (await netted(shop, "400", stock=POOL, stage_order=order_of_stages))["items"][0]
    assert theirs["used_lb"] == {"F01": "100.0000", "I01": "50.0000", "G00": "200.0000", "G02": "50.0000"}


@pytest.mark.parametrize(
    ("pounds", "stock", "net", "coverage", "first"),
    [
        ("1000", POOL, "200.0000", "80.00", "2025-09-03"),
        ("-100", POOL, "0.0000", None, None),
        ("500", [], "500.0000", "0.00", None),
        ("50", POOL, "0.0000", "100.00", "2025-09-03"),
        ("50", [("F01", "0"), ("I01", "100")], "0.0000", "100.00", "2025-09-05"),
    ],
)
async def test_f031_what_stages_do_not_cover(
    shop: House, pounds: str, stock: list[tuple[str, str]], net: str, coverage: str | None, first: str | None
) -> None:
    line = (await netted(shop, pounds, stock=stock))["items"][0]
    assert (line["net_lb"], line["coverage_pct"], line["first_available"]) == (net, coverage, first)


async def test_f032_each_pound_of_the_pool_is_used_once(shop: House) -> None:
    body = await netted(shop, "80", "80", stock=[("F01", "100")])
    assert [line["net_lb"] for line in body["items"]] == ["0.0000", "60.0000"]
    assert (body["used_lb"]["F01"], body["left"][0]["quantity_lb"]) == ("100.0000", "0.0000")
    assert [(one["quantity_lb"], one["serves"]) for one in body["planned_orders"]] == [("100.0000", ["D1"])]


async def test_a_style_is_told_as_a_whole_whatever_name_it_goes_by(house: House) -> None:
    """A.6: the mapping comes first, then the code itself, then the part before the slash; A.7: by style."""
    await style(house, "S1")
    await style(house, "FS1")
    await house.sql(
        "INSERT INTO mill.style_aliases (kind, alias_code, style_id, method) SELECT 'fstyle', 'FS1', id,"
        " 'file' FROM mill.styles WHERE style_code = 'S1'"
    )
    demands = [
        {"order_no": number, "style": name, "quantity": pounds}
        for number, name, pounds in (("D1", "fs1", "30"), ("D2", "S1", "50"), ("D3", "S1/7", "40"))
    ]
    stock = [
        {"style": name, "stage": stage, "quantity_lb": pounds}
        for name, stage, pounds in (("FS1", "I01", "70"), ("S1/2", "G00", "20"))
    ]
    body = await post(house, "/netting", demands=demands, stock=stock, as_of="2025-09-03")
    assert body["styles"] == [{
        "style_code": "S1", "demand_lb": "120.0000", "used_lb": {"I01": "70.0000", "G00": "20.0000"},
        "net_lb": "30.0000", "coverage_pct": "75.00", "first_available": "2025-09-05", "reason": None,
    }]  # fmt: skip
    returned = [{"order_no": "D1", "style": "S1", "quantity": "-5"}]
    [line] = (await post(house, "/netting", demands=returned, stock=stock))["items"]
    assert (line["first_available"], line["reason"]) == (None, "NOTHING_ASKED")


@pytest.mark.parametrize(
    ("more", "code"),
    [({"stage_order": ["F01", "F01"]}, "repeated_stage"),
     ({"stock": [{"style": "F9", "stage": "F01", "quantity_lb": "5"}]}, "unknown_style")],
)  # fmt: skip
async def test_a_netting_that_cannot_be_meant_is_refused(shop: House, more: Any, code: str) -> None:
    asked = {"demands": [{"order_no": "D1", "style": "F1", "quantity": "5"}], **more}
    answer = await shop.ask("POST", "/v1/mill/netting", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_f032_the_pool_of_the_files_is_shared_by_what_is_exploded(house: House) -> None:
    """100 lb lie finished, 40 come of a knit order: of 2 x 80 lb 20 lb are exploded."""
    await yarn(house, "Y1", beginning_balance=5)
    await style(house, "S1")
    await line(house, "S1", "Y1", 1)
    await order(house, "KO1", "S1", 40)
    await house.sql(
        "INSERT INTO mill.stage_inventory (stage, roll_no, style_id, style_code, lb)"
        " SELECT 'F01', 'R1', id, style_code, 100 FROM mill.styles"
    )
    body = await explode(house, ("S1", "80"), ("S1", "80"), netted=True)
    assert [item["exploded_lb"] for item in body["items"]] == ["0.0000", "20.0000"]
    assert (yarns(body), yarns(body, "net_lb")) == ({"Y1": "20.0000"}, {"Y1": "15.0000"})


async def test_a_stock_that_nobody_counted_is_told_where_it_is_netted(house: House) -> None:
    await house.sql("INSERT INTO mill.yarns (yarn_code, active) VALUES ('Y9', false)")
    await style(house, "S1")
    await line(house, "S1", "Y9", 1)
    body = await explode(house, ("S1", "80"), netted=True)
    assert [(one["code"], one["subject"]) for one in body["warnings"]] == [("NO_STOCK_ROW", "Y9")]
    assert (body["yarns"][0]["theoretical_balance_lb"], body["data"]["complete"]) == (None, False)


async def test_a_recipe_is_a_tree_and_is_read_upwards(shop: House) -> None:
    tree = await shop.get("/v1/mill/styles/F1/bom")
    assert [(one["level"], one["component"], one["per_top_lb"]) for one in tree["nodes"]] == [
        (1, "G1", "1.0300000000"), (2, "Y1", "0.7354200000"), (2, "Y2", "0.3151800000"),
    ]  # fmt: skip
    up = await shop.get("/v1/mill/where-used/y2", as_of="2025-09-03")
    assert [(use["style_code"], use["level"], use["per_lb"]) for use in up["items"]][:2] == [
        ("G1", 1, "0.3060000000"), ("F1", 2, "0.3151800000"),
    ]  # fmt: skip


async def test_an_assumption_about_recipes_is_made_and_told_where_a_yarn_is_used(house: House) -> None:
    await yarn(house, "Y1")
    await style(house, "S1")
    await line(house, "S1", "Y1", ".63")
    await house.sql("UPDATE mill.styles SET bom_status = 'incomplete'")
    await house.sql(
        "INSERT INTO mill.planning_params (name, valid_from, value, set_by)"
        " VALUES ('scale_incomplete', '2025-01-01', 'true', 'test')"
    )
    found = await house.get("/v1/mill/where-used/Y1")
    assert found["items"][0]["per_lb"] == "1.0000000000"
    assert found["assumptions"] == ["scale_incomplete: the recipe of S1 adds to 0.63, taken as 1"]
    assert "recipes that do not add up to 1: S1" in found["data"]["reasons"]


async def test_a_code_may_hold_a_slash_and_blanks(shop: House) -> None:
    for path in ("/v1/mill/styles/S 18/1", "/v1/mill/styles/s%2018%2F1"):
        found = await shop.get(path)
        assert (found["style_code"], [one["alias_code"] for one in found["aliases"]]) == ("S 18/1", ["FS18"])
    assert (await shop.get("/v1/mill/styles/S 18/1/bom"))["yarn_per_lb"]["Y3"] == "0.1500000000"
    body = await explode(shop, ("FS18", "10"))
    assert (body["items"][0]["style_code"], body["items"][0]["named"]) == ("S 18/1", "FS18")


async def test_styles_are_listed_by_code_and_narrowed(shop: House) -> None:
    body = await shop.get("/v1/mill/styles", limit=3)
    assert [one["style_code"] for one in body["items"]] == ["A", "B", "C"]
    assert (body["count"], body["page"]["has_more"]) == (15, True)
    rest = await shop.get("/v1/mill/styles", limit=3, cursor=body["page"]["next"])
    assert [one["style_code"] for one in rest["items"]] == ["D", "DATED", "F1"]
    assert (await shop.get("/v1/mill/styles", q="18/"))["count"] == 1


@pytest.mark.parametrize("path", ["/styles/NONE", "/styles/NONE/bom", "/where-used/NONE", "/styles/%00"])
async def test_what_there_is_not_is_a_404(shop: House, path: str) -> None:
    assert (await shop.ask("GET", f"/v1/mill{path}")).status_code == 404


async def test_f082_the_same_question_twice_has_the_same_answer(shop: House) -> None:
    for path in ("/styles/F1/bom", "/where-used/Y1", "/styles"):
        first, second = [await shop.ask("GET", f"/v1/mill{path}") for _ in range(2)]
        assert first.content == second.content
    assert await explode(shop, ("F1", "500")) == await explode(shop, ("F1", "500"))
