"""Each table operation says what a loop over the rows says, on invented frames, and leaves them as they were."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from service.mill import vector
from tests.mill.vector import loops
from tests.mill.vector.kinds import KINDS, image, plain, rows

AS_OF = date(2025, 9, 3)
ROWS = 60
Row = dict[str, Any]


@pytest.fixture(params=[(kind, seed) for kind in KINDS for seed in range(3)], ids=str)
def invented(request: pytest.FixtureRequest) -> Iterator["Invented"]:
    """Frames of a kind; whatever is asked of them, in the end they hold what they held."""
    kind, seed = request.param
    made = Invented(KINDS[kind], np.random.default_rng(seed))
    yield made
    made.unchanged()


class Invented:
    """Seeded frames, each with the rows it was made of and an image of its bytes."""

    def __init__(self, kind: Any, chance: np.random.Generator) -> None:
        self.kind, self.chance = kind, chance
        self._made: list[tuple[Any, Any]] = []

    def frame(self, some: list[Row]) -> Any:
        found = self.kind({name: copy.copy([row[name] for row in some]) for name in some[0]})
        self._made.append((found, image(found)))
        return found

    def unchanged(self) -> None:
        assert self._made
        for frame, before in self._made:
            assert image(frame) == before

    def pick(self, *values: Any) -> Any:
        return values[self.chance.integers(len(values))]

    def lb(self, least: int = 0, most: int = 20_000_000) -> Any:
        """As text, Decimal, whole number or float; with halves of the last place among them."""
        units = Decimal(int(self.chance.integers(least, most))).scaleb(-4)
        return self.pick(str(units), units, int(units), float(units), units + Decimal("0.00005"))

    def orders(self) -> list[Row]:
        return [
            {
                "order_no": f"O{number:03}",
                "yarn_id": self.pick("Y1", "Y2", "Y3", "Y9"),
                "style_id": self.pick("F1", "F2", "G1"),
                "work_center_id": self.pick("A", "B", "C"),
                "priority": int(self.chance.integers(1, 5)),
                "due_date": self.pick(None, *(str(AS_OF + timedelta(days=days)) for days in range(5))),
                "required_quantity": self.lb(),
                "quantity": int(self.chance.integers(0, 5000)),
                "production_rate": self.pick(None, 0, 7, 25, 90),
            }
            for number in self.chance.permutation(ROWS).tolist()
        ]


def test_planning_balance_adds_each_row(invented: Invented) -> None:
    some = [
        {
            "theoretical_balance": invented.pick(invented.lb(-10_000_000), None, ""),
            "allocated": invented.pick(invented.lb(-10_000_000, -1), 0),
            "on_order": invented.lb(),
        }
        for _ in range(ROWS)
    ]
    found = vector.planning_balance(invented.frame(some))
    assert found.errors == ()
    assert plain(found.frame["planning_balance"]) == loops.planning_balance(some)


def test_shortages_judge_each_row(invented: Invented) -> None:
    some = [
        {
            "yarn_id": f"Y{number:03}",
            "planning_balance": invented.pick(invented.lb(-10_000, 10_000), None),
            "min_stock": invented.pick(invented.lb(0, 10_000), None),
        }
        for number in range(ROWS)
    ]
    found = vector.shortages(invented.frame(some), key="yarn_id")
    assert rows(found.frame, "yarn_id", "shortage_amount") == loops.shortages(some)
    assert len(found.errors) == sum(row["planning_balance"] is None for row in some)


def test_explode_multiplies_along_each_path(invented: Invented) -> None:
    pairs = (("F1", "G1"), ("F1", "Y1"), ("F2", "F1"), ("F2", "G1"), ("G1", "Y1"), ("G1", "Y2"), ("G1", "Y3"))
    bom = [
        {
            "style_id": style,
            "yarn_id": part,
            "quantity_per": str(Decimal(int(invented.chance.integers(1, 10**8))).scaleb(-8)),
            "loss": invented.pick("0", "0.03", "0.0201"),
        }
        for style, part in pairs
    ]
    some = invented.orders()
    found = vector.explode(invented.frame(some), invented.frame(bom), loss="loss")
    told = {
        (order, yarn): lb for order, yarn, lb in rows(found.frame, "order_no", "yarn_id", "required_quantity")
    }
    assert told == loops.explode(some, bom)
    sums: dict[str, Decimal] = {}
    for (_, yarn), lb in told.items():
        sums[yarn] = sums.get(yarn, Decimal(0)) + lb
    assert rows(found.totals, "yarn_id", "required_quantity") == sorted(sums.items())


def test_allocate_serves_one_after_the_other(invented: Invented) -> None:
    some = invented.orders()
    stock = {"Y1": invented.lb(), "Y2": -5, "Y3": 2500}
    held = invented.frame([{"yarn_id": yarn, "available_quantity": lb} for yarn, lb in stock.items()])
    found = vector.allocate(invented.frame(some), held)
    assert rows(found.frame, "order_no", "allocated") == loops.allocate(some, stock)
    again = vector.allocate(invented.frame(some[::-1]), held)
    assert rows(again.frame, "order_no", "allocated") == rows(found.frame, "order_no", "allocated")


def test_schedule_runs_one_after_the_other(invented: Invented) -> None:
    some, hours = invented.orders(), {"A": 40, "B": 300}
    centres = invented.frame(
        [{"work_center_id": name, "available_hours": limit} for name, limit in hours.items()]
    )
    found = vector.schedule(invented.frame(some), centres)
    told = rows(found.frame, "order_no", "start_hour", "end_hour", "can_schedule")
    assert [(one[0], one[3]) for one in told] == [(one[0], one[3]) for one in loops.schedule(some, hours)]
    for ours, theirs in zip(told, loops.schedule(some, hours), strict=True):
        assert ours[1:3] == pytest.approx(theirs[1:3]) if theirs[1] is not None else ours[1:3] == (None, None)


def test_cost_adds_and_divides_each_row(invented: Invented) -> None:
    some = [
        {
            "material_cost": invented.pick(invented.lb(), None),
            "labor_cost": invented.lb(),
            "overhead_cost": invented.lb(),
            "other_cost": 1,
            "quantity": invented.pick(0, None, invented.lb(-5_000, 5_000), 3),
        }
        for _ in range(ROWS)
    ]
    found = vector.cost(invented.frame(some))
    assert rows(found.frame, "total_cost", "cost_per_unit", "cost_reason") == loops.cost(some)


def test_dates_count_days_of_each_row(invented: Invented) -> None:
    days = [AS_OF + timedelta(days=number) for number in range(-20, 20)]
    texts = [None, *(day.isoformat() for day in days), *(f"{day.month}/{day.day}/{day.year}" for day in days)]
    names = ("order_date", "delivery_date", "due_date", "lead_time")
    some = [{name: invented.pick(*texts) for name in names} for _ in range(ROWS)]
    found = vector.dates(invented.frame(some), AS_OF)
    assert found.errors == ()
    assert rows(found.frame, "lead_time_days", "days_until_due", "is_overdue") == loops.dates(some, AS_OF)
    assert plain(found.frame["lead_time"]) == [row["lead_time"] for row in some]


def test_aggregate_takes_each_row_to_its_group(invented: Invented) -> None:
    some = [{**row, "quantity": invented.pick(None, invented.lb(-9_000))} for row in invented.orders()]
    asked = ("sum", "mean", "min", "max", "count")
    found = vector.aggregate(invented.frame(some), ("style_id", "priority"), {"quantity": asked})
    names = ("style_id", "priority", *(f"quantity_{one}" for one in asked))
    assert rows(found.frame, *names) == loops.aggregate(some)


def test_choose_takes_the_first_rule_that_holds(invented: Invented) -> None:
    some = [
        {"quantity": int(invented.chance.integers(-2000, 100)), "level": invented.pick("low", "none")}
        for _ in range(ROWS)
    ]
    frame = invented.frame(some)
    amounts = np.asarray(frame["quantity"]).astype(int)
    found = vector.choose(
        frame,
        [(amounts < -1000, "critical"), (lambda _: (amounts < -100).tolist(), "high")],
        vector.KEEP,
        target="level",
    )
    assert plain(found.frame["level"]) == loops.choose(some)


def test_clean_text_tidies_each_row(invented: Invented) -> None:
    some = [
        {
            "note": invented.pick(" a  b\u00a0", "width", 5, None),
            "yarn_id": invented.pick(" y1", "Y2 ", "y\u00a0 3"),
            "price": invented.pick("$1,234.50 ", "12.5", " 7"),
            "valid": " left alone ",
        }
        for _ in range(ROWS)
    ]
    found = vector.clean_text(invented.frame(some), ["note"], upper=["yarn_id"], amounts=["price"])
    assert rows(found.frame, "note", "yarn_id", "price") == loops.clean_text(some)
    assert plain(found.frame["valid"]) == [" left alone "] * ROWS


def test_whole_units_give_what_pounds_give(invented: Invented) -> None:
    names = ("theoretical_balance", "allocated", "on_order")
    units = {
        name: invented.chance.integers(0, 10**9, ROWS) * (-1 if name == "allocated" else 1) for name in names
    }
    pounds = [{name: Decimal(int(units[name][row])).scaleb(-4) for name in names} for row in range(ROWS)]
    fast = vector.planning_balance(invented.kind(units), units=True).frame["planning_balance"]
    exact = plain(vector.planning_balance(invented.frame(pounds)).frame["planning_balance"])
    assert [Decimal(value).scaleb(-4) for value in plain(fast)] == exact
