"""What a plan of F-58 promises, pegs and advises, and what sales and forecasts add to it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from service.mill.planning.plan import Plan, plan
from service.mill.queries.ground import select_ground
from service.mill.queries.parameters import select_parameters
from service.mill.rules.ground import ForecastGround, Ground, ReceiptGround, SaleGround
from service.mill.rules.parameters import Parameters
from service.mill.rules.recipes import Line, Recipes
from tests.mill.cases.test_plan import planned
from tests.mill.scenario import AS_OF
from tests.support.house import House

D = Decimal


async def ground_of(house: House, **changes: Any) -> Ground:
    async with house.runtime.database.snapshot() as conn:
        in_force = await select_parameters(conn)
        ground = await select_ground(conn, AS_OF, in_force, datetime.now(UTC))
    return ground.__class__(
        **{**{name: getattr(ground, name) for name in ground.__dataclass_fields__}, **changes}
    )


def sale(
    style: str | None, quantity: object, unit: str = "lb", due: date | None = None, no: int = 1
) -> SaleGround:
    return SaleGround(
        document=f"SO-{no}", line=1, style=style, named=style or "?", quantity=D(str(quantity)), unit=unit,
        due=due,
    )  # fmt: skip


def pegged(made: Plan) -> list[tuple[object, ...]]:
    number = {one.seq: one.order.number for one in made.orders}
    return [(one.yarn, number[one.seq], one.kind, one.day, one.pounds) for one in made.pegs]


async def test_f058_pegs_cover_every_pound(f58: House) -> None:
    made = await planned(f58)
    assert [one for one in pegged(made) if one[0] == "Y1"] == [
        ("Y1", "O3", "stock", None, D("300.0000")),
        ("Y1", "O1", "stock", None, D("367.7100")),
        ("Y1", "O2", "stock", None, D("332.2900")),
        ("Y1", "O2", "receipt", date(2025, 9, 10), D("267.7100")),
    ]
    assert [one for one in pegged(made) if one[0] == "Y3"] == [
        ("Y3", "O3", "planned", date(2025, 9, 24), D("200.0000")),
        ("Y3", "O2", "planned", date(2025, 9, 24), D("400.0000")),
    ]
    pounds: dict[tuple[int, str], Decimal] = {}
    for peg in made.pegs:
        pounds[peg.seq, peg.yarn] = pounds.get((peg.seq, peg.yarn), D(0)) + peg.pounds
    needed: dict[tuple[int, str], Decimal] = {}
    for row in made.requirements:
        needed[row.seq, row.yarn] = needed.get((row.seq, row.yarn), D(0)) + row.pounds
    assert pounds == needed


async def test_what_is_advised_arrives_after_the_fence(f58: House) -> None:
    made = await planned(f58, planning_fence_days=40)
    assert {day for yarn, _, kind, day, _ in pegged(made) if kind == "planned"} == {date(2025, 10, 13)}


async def test_f058_advice_is_what_is_to_be_done(f58: House) -> None:
    made = await planned(f58)
    # PO-1's 500 are never needed down to the last pound: Y1 keeps 232.29 that nobody asks for.
    assert [(one.key, one.action.quantity, one.action.days_late) for one in made.advice] == [
        ("yarn/Y1/DECREASE/PO-1:1", D("232.2900"), 0),
        ("yarn/Y3/RELEASE/2025-09-01", D("600"), 21),
    ]
    assert made.advice[1].action.trigger["lead_source"] == "default"


async def test_f058_kits(f58: House) -> None:
    made = await planned(f58)
    states = {one.order.number: made.kits[one.order.number] for one in made.orders}
    assert {number: (one.status, one.coverage, one.ready_on) for number, one in states.items()} == {
        "O1": ("READY", D(1), AS_OF), "O2": ("SHORT", D(0), None), "O3": ("SHORT", D(0), None),
    }  # fmt: skip
    assert states["O2"].missing == ("Y3",)


async def test_f058_weeks_of_supply_are_counted_on_dated_demand(f58: House) -> None:
    y1, y2, y3 = (await planned(f58)).yarns
    # 1,000 lb against 900 of week 0 and 367.71 of week 1: 1 + 100 / 367.71.
    assert y1.supply.value is not None
    assert round(y1.supply.value, 4) == D("1.2720")
    assert (y2.supply.reason, y3.supply.value) == ("COVERS_HORIZON", D(0))


async def test_a_planned_order_without_a_day_has_a_number_that_can_be_asked_for(f58: House) -> None:
    [made] = plan(await ground_of(f58, orders=(), sales=[sale("G2", 80)])).planned
    assert (made.order.number, made.order.due) == ("PLAN/G2/UNDATED", None)


async def test_sales_become_knit_orders_for_what_no_stock_covers(f58: House) -> None:
    ground = await ground_of(
        f58, orders=(), stages={("F01", "G2"): D(100)},
        sales=[sale("G2", 500, due=date(2025, 9, 11)), sale("G2", 20, due=date(2025, 9, 12), no=2),
               sale("G2", 30, due=date(2025, 9, 18), no=3)],
    )  # fmt: skip
    made = plan(ground)
    # 500 x 1.0506 - 100 in F01, + 20 x 1.0506; the third sale needs 31.518 of a batch of its own: 100.
    assert [(one.order.number, one.order.pounds, one.order.due) for one in made.planned] == [
        ("PLAN/G2/2025-09-08", D("446.3120"), date(2025, 9, 11)),
        ("PLAN/G2/2025-09-15", D("100"), date(2025, 9, 18)),
    ]
    assert [one["number"] for one in made.planned[0].serves] == ["SO-1/1", "SO-2/1"]
    assert made.planned[0].serves[0]["from_stock"] == {"F01": "100"}
    made_of = {(row.yarn, row.bucket): row.pounds for row in made.requirements}
    assert made_of["Y1", 1] == D("267.7872")
    assert [one.key for one in made.advice if not one.is_yarn] == [
        "style/G2/MAKE/2025-09-08", "style/G2/MAKE/2025-09-15",
    ]  # fmt: skip


async def test_a_batch_larger_than_its_week_serves_the_weeks_behind(f58: House) -> None:
    sales = [sale("G2", 20, due=date(2025, 9, 11)), sale("G2", 60, due=date(2025, 9, 18), no=2)]
    made = plan(await ground_of(f58, orders=(), sales=sales))
    assert [one.order.pounds for one in made.planned] == [D("100")]


async def test_f037_a_knit_order_that_is_planned_already_is_not_planned_again(f58: House) -> None:
    ground = await ground_of(f58, sales=[sale("G2", 1000, due=date(2025, 9, 11))])
    made = plan(ground)
    # O2 and O3 will give 1,500 of G2: more than 1,050.6.
    assert made.planned == []
    assert made.asked.netting.used["KO"] == D("1050.6000")


async def test_sales_use_up_the_forecast_of_their_week(f58: House) -> None:
    ground = await ground_of(
        f58, orders=(), sales=[sale("G2", 300, due=date(2025, 9, 11))],
        forecasts=[ForecastGround(style="G2", week=date(2025, 9, 8), pounds=D(500))],
    )  # fmt: skip
    made = plan(ground)
    assert [(one.number, one.pounds) for one in made.asked.wishes] == [
        ("SO-1/1", D("315.1800")), ("FORECAST/G2/2025-09-08", D("210.1200")),
    ]  # fmt: skip
    assert [one.order.pounds for one in made.planned] == [D("525.3000")]


async def test_a_style_with_losses_of_its_own_has_no_further_factor(f58: House) -> None:
    made = plan(await ground_of(f58, orders=(), sales=[sale("G1", 500, due=date(2025, 9, 11))]))
    assert made.asked.wishes[0].pounds == D("500.0000")
    ground = await ground_of(f58, orders=(), sales=[sale("F1", 500, due=date(2025, 9, 11))])
    lines = {**ground.recipes.lines, "F1": [Line("G1", D(1), is_yarn=False)]}
    deeper = plan(replace(ground, recipes=Recipes(lines)))
    assert deeper.asked.wishes[0].pounds == D("500.0000"), "the losses are in what F1 is made of"


async def test_a_part_that_nobody_knows_leaves_an_order_uncovered_and_what_is_known_of_it_asked_for(
    f58: House,
) -> None:
    """F1 takes half of its yarn by G1, half by a part without a recipe; G2's recipe does not add up."""
    ground = await ground_of(f58)
    lines = {
        **ground.recipes.lines,
        "F1": [Line("G1", D("0.5"), is_yarn=False), Line("STUB", D("0.5"), is_yarn=False)],
        "P2": [Line("G2", D(1), is_yarn=False)],
    }
    styles = {**ground.styles, "G2": replace(ground.styles["G2"], bom_status="incomplete"),
              **{code: replace(ground.styles["F1"], code=code) for code in ("STUB", "P2")}}  # fmt: skip
    orders = [replace(one, style="P2") if one.style == "G2" else one for one in ground.orders]
    made = plan(replace(ground, recipes=Recipes(lines), styles=styles, orders=orders))
    assert {one.order.number: one.reason for one in made.orders} == {
        "O1": "PART_WITHOUT_BOM", "O2": None, "O3": None,
    }  # fmt: skip
    assert {(row.seq, row.yarn) for row in made.requirements} >= {(2, "Y1"), (2, "Y2")}
    assert (made.kits["O1"], made.stats["bom_coverage"]) == (None, "0.750000")
    told = {one.code: one.subjects for one in made.gates}
    assert (told["PART_WITHOUT_BOM"], told["BOM_INCOMPLETE"]) == (("O1",), ("O3", "O2"))


async def test_f056_receipts_of_one_day_are_promised_by_number_nine_before_ten(f58: House) -> None:
    ground = await ground_of(f58)
    [coming] = [one for one in ground.receipts if one.kind == "dated"]
    twice = [replace(coming, id=number, line=number, pounds=D(20)) for number in (10, 9)]
    promised = plan(replace(ground, receipts=twice)).promised.expected
    assert [(one.receipt, one.pounds) for one in promised] == [(9, 20), (10, 20)]


async def test_sales_nobody_can_plan_are_told_and_not_taken_for_nothing(f58: House) -> None:
    sales = [sale("G2", 5, "yd"), sale(None, 7, no=2), sale("G2", 5, "ea", no=3)]
    made = plan(await ground_of(f58, orders=(), sales=sales))
    assert {gate.code: gate.subjects for gate in made.gates if gate.severity == "error"} == {
        "UNKNOWN_STYLE": ("SO-2/1",), "NO_CONVERSION": ("SO-1/1", "SO-3/1"),
    }  # fmt: skip


async def test_a_kind_of_plan_leaves_out_what_it_is_not_about(f58: House) -> None:
    ground = await ground_of(f58)
    part = plan(ground, kind="time_phased")
    assert part.yarns
    assert (part.pegs, part.advice, part.kits) == ((), (), {})
    assert plan(ground, kind="six_phase").advice == plan(ground).advice
    assert plan(ground, kind="allocation").kits == plan(ground).kits


@pytest.mark.parametrize(
    ("values", "ordered", "gate"),
    [({"lot_policy": "fixed_quantity", "lot_fixed_lb": "250"}, D(750), None),
     # 600 / 13 weeks x 4 = 184.6154 above what lacks: 784.6154, in fifties.
     ({"lot_policy": "min_max", "lot_period_weeks": 4}, D(800), None),
     ({"lot_policy": "fixed_quantity"}, D(600), "NO_LOT_QUANTITY"),
     ({"lot_policy": "eoq"}, D(600), "NO_COST")],
)  # fmt: skip
async def test_plans_order_by_the_policy_or_say_why_not(
    f58: House, values: dict[str, object], ordered: Decimal, gate: str | None
) -> None:
    made = await planned(f58, **values)
    (advised,) = (one.action for one in made.advice if one.action.code == "Y3")
    assert (made.yarns[2].planned, advised.quantity) == (ordered, ordered)
    told = {one.code: one.subjects for one in made.gates if one.code in ("NO_LOT_QUANTITY", "NO_COST")}
    assert told == ({} if gate is None else {gate: ("Y3",)})


async def test_lots_that_contradict_each_other_are_told(f58: House) -> None:
    ground = await ground_of(f58)
    yarns = {**ground.yarns, "Y3": replace(ground.yarns["Y3"], moq=D(500), maximum=D(400))}
    made = plan(replace(ground, yarns=yarns))
    assert [(one.code, one.subjects) for one in made.gates][-1] == ("LOT_MAX_BELOW_LEAST", ("Y3",))


@pytest.mark.parametrize(
    ("policy", "promised"), [("exclude", []), ("now", [AS_OF]), ("offset:1", [date(2025, 9, 8)])]
)
async def test_a_receipt_of_last_week_is_promised_only_when_the_policy_counts_on_it(
    f58: House, policy: str, promised: list[date]
) -> None:
    ground = await ground_of(f58)
    dated = ReceiptGround(
        id=98, po="PO-9", line=1, yarn="Y3", kind="dated", due=date(2025, 8, 29), pounds=D(100)
    )
    told = ReceiptGround(id=99, po="PO-9", line=2, yarn="Y3", kind="past_due", due=None, pounds=D(100))
    parameters = Parameters.from_values({**ground.parameters.as_values(), "past_due_policy": policy})
    made = plan(replace(ground, receipts=[*ground.receipts, dated, told], parameters=parameters))
    for number in (98, 99):
        days = [one.available_on for one in made.promised.expected if one.receipt == number]
        assert days == [one.day for one in made.pegs if one.supply_id == number] == promised
