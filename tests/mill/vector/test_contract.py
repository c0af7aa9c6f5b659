"""What all table operations have in common: names, empty frames, nulls, order, and whose memory it is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from service.mill import vector
from service.mill.vector import MissingColumn
from tests.mill.vector.kinds import KINDS, plain, rows

AS_OF = date(2025, 9, 3)
ORDERS = ("order_no", "yarn_id", "style_id", "work_center_id", "priority", "due_date", "quantity")
COLUMNS = (*ORDERS, "required_quantity", "production_rate", "order_date", "delivery_date")
STOCK = {"yarn_id": ["Y"], "available_quantity": [1]}
CENTRES = {"work_center_id": ["W"], "available_hours": [1]}
BOM = {"style_id": ["S"], "yarn_id": ["Y"], "quantity_per": [1]}
OPERATIONS: dict[str, tuple[Callable[[Any], Any], tuple[str, ...], set[str]]] = {
    "planning_balance": (
        vector.planning_balance,
        ("theoretical_balance", "allocated", "on_order"),
        {"planning_balance"},
    ),
    "shortages": (vector.shortages, ("planning_balance", "min_stock"), {"shortage_amount"}),
    "explode": (
        lambda frame: vector.explode(frame, BOM),
        ("order_no", "style_id", "quantity"),
        {"order_no", "style_id", "yarn_id", "required_quantity"},
    ),
    "allocate": (
        lambda frame: vector.allocate(frame, STOCK),
        ("yarn_id", "required_quantity", "priority", "due_date", "order_no"),
        {"allocated", "short", "can_fulfill", "allocation_reason"},
    ),
    "schedule": (
        lambda frame: vector.schedule(frame, CENTRES),
        ("quantity", "production_rate", "work_center_id", "priority", "due_date", "order_no"),
        {"production_hours", "start_hour", "end_hour", "can_schedule", "schedule_reason"},
    ),
    "cost": (
        vector.cost,
        ("material_cost", "labor_cost", "overhead_cost", "quantity"),
        {"total_cost", "cost_per_unit", "cost_reason"},
    ),
    "dates": (
        lambda frame: vector.dates(frame, AS_OF),
        ("order_date", "delivery_date", "due_date"),
        {"lead_time_days", "days_until_due", "is_overdue"},
    ),
    "aggregate": (
        lambda frame: vector.aggregate(frame, "yarn_id", {"quantity": ["sum", "count"]}),
        ("yarn_id", "quantity"),
        {"yarn_id", "quantity_sum", "quantity_count"},
    ),
    "choose": (
        lambda frame: vector.choose(frame, [], vector.KEEP, target="level"),
        ("level",),
        {"level"},
    ),
    "clean_text": (lambda frame: vector.clean_text(frame, ["note"]), ("note",), {"note"}),
}


def names_of(frame: Any) -> set[str]:
    return set(frame) if isinstance(frame, dict) else set(frame.columns)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_nothing_in_gives_nothing_with_all_columns_of_the_answer(operation: str, kind: Any) -> None:
    work, needed, made = OPERATIONS[operation]
    found = work(kind({name: [] for name in needed})).frame
    assert type(found) is kind
    assert made <= names_of(found)
    assert all(len(found[name]) == 0 for name in names_of(found))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_missing_column_is_named_with_those_there_are_and_the_near_ones(operation: str) -> None:
    work, needed, _ = OPERATIONS[operation]
    for name in needed:
        misspelt = name[:-1] + "x"
        with pytest.raises(MissingColumn) as raised:
            work({**{other: [] for other in needed if other != name}, misspelt: []})
        assert raised.value.name == name
        assert misspelt in raised.value.near
        assert misspelt in str(raised.value)


def test_columns_of_an_answer_are_nobody_elses_memory() -> None:
    frame = {
        "theoretical_balance": np.array([1, 2]),
        "allocated": np.array([0, 0]),
        "on_order": np.array([0, 0]),
    }
    for answer in (vector.planning_balance(frame).frame, vector.compact(frame).frame):
        for name, own in frame.items():
            assert not np.shares_memory(np.asarray(answer[name]), own)


def test_pandas_rows_keep_their_labels_and_other_columns_their_types() -> None:
    frame = pd.DataFrame(
        {
            "planning_balance": [5, -5, 1],
            "min_stock": pd.array([10, None, 10], dtype="Int64"),
            "kind": pd.Categorical(["a", "b", "a"]),
        },
        index=[7, 7, 9],
    )
    found = vector.shortages(frame).frame
    assert found.index.tolist() == [7, 9, 7]
    assert found["shortage_amount"].tolist() == [Decimal(5), Decimal(9), Decimal(5)]
    assert found["kind"].dtype == frame["kind"].dtype
    assert vector.choose(frame[["kind"]], [], "x", target="kind").frame.index.tolist() == [7, 7, 9]


def test_mixed_values_stay_what_they_are() -> None:
    found = vector.clean_text({"note": [" a ", 1, 2.5, True, None]}, ["note"])
    assert np.asarray(found.frame["note"]).tolist() == ["a", 1, 2.5, True, None]


def test_a_truth_value_is_no_number() -> None:
    found = vector.planning_balance(
        {"theoretical_balance": [1, True, "1"], "allocated": [0] * 3, "on_order": [0] * 3}
    )
    assert plain(found.frame["planning_balance"]) == [1, None, 1]
    assert [(one.row, one.raw, one.code) for one in found.errors] == [(1, True, "NUM_FORMAT")]


def test_units_are_whole_numbers_or_refused() -> None:
    with pytest.raises(TypeError, match="must hold int64 units, not float64"):
        vector.shortages({"planning_balance": [0.5], "min_stock": [0.5]}, units=True)
    frame = {"planning_balance": np.array([vector.UNKNOWN, -5]), "min_stock": np.array([0, vector.UNKNOWN])}
    found = vector.shortages(frame, units=True)
    assert rows(found.frame, "shortage_amount") == [(5,)]
    assert [(one.row, one.code) for one in found.errors] == [(0, "NUM_BLANK")]


def test_columns_that_differ_in_length_or_stand_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        vector.compact({"a": [1], "b": [1, 2]})
    with pytest.raises(ValueError, match="stands twice"):
        vector.compact(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_codes_are_one_whether_number_or_text() -> None:
    wanted = {
        "order_no": [2, 10],
        "yarn_id": [90001.0, "90001 "],
        "priority": [1, 1],
        "due_date": [None, None],
    }
    wanted["required_quantity"] = [4, 9]
    found = vector.allocate(wanted, {"yarn_id": ["90001"], "available_quantity": ["10"]})
    assert rows(found.frame, "order_no", "allocated") == [(2, 4), (10, 6)]


def test_stock_that_cannot_be_read_is_not_nothing() -> None:
    wanted = {
        "order_no": ["A"],
        "yarn_id": ["Y"],
        "priority": [1],
        "due_date": [None],
        "required_quantity": [4],
    }
    found = vector.allocate(wanted, {"yarn_id": ["Y"], "available_quantity": ["1,23"]})
    assert rows(found.frame, "allocated", "allocation_reason") == [(None, "STOCK_UNKNOWN")]
    assert [(one.column, one.raw) for one in found.errors] == [("available_quantity", "1,23")]
    with pytest.raises(ValueError, match="two rows of stock"):
        vector.allocate(wanted, {"yarn_id": ["Y", "y"], "available_quantity": [1, 2]})


def test_a_recipe_with_a_line_that_cannot_be_read_is_not_planned_at_all() -> None:
    bom = {
        "style_id": ["S", "S", "T", "U", "U"],
        "yarn_id": ["Y1", "Y2", "S", "Y1", None],
        "quantity_per": ["0.6", "0,4", "1", "1", None],
    }
    found = vector.explode({"order_no": [1, 2, 3], "style_id": ["S", "T", "U"], "quantity": [1, 1, 1]}, bom)
    assert [(one.row, one.reason) for one in found.unplanned] == [
        (0, "BOM_UNREADABLE"),
        (1, "BOM_UNREADABLE"),
    ]
    assert rows(found.totals, "yarn_id", "required_quantity") == [("Y1", 1)]
    assert [(one.row, one.code) for one in found.recipe.errors] == [(1, "NUM_FORMAT")]


def test_a_loss_is_a_fraction_and_a_style_without_lines_is_no_yarn() -> None:
    bom = {
        "style_id": ["S", "T", "U", "F", "G", "P"],
        "yarn_id": ["Y1", "Y1", "Y1", "G", None, "S"],
        "quantity_per": [1, 1, 1, 1, None, 1],
        "loss": [3, "-0.01", "0.99", None, None, None],
    }
    orders = {"order_no": list(range(5)), "style_id": ["S", "T", "U", "F", "P"], "quantity": [100] * 5}
    found = vector.explode(orders, bom, loss="loss")
    assert [(one.row, one.reason) for one in found.unplanned] == [
        (0, "BOM_UNREADABLE"), (1, "BOM_UNREADABLE"), (3, "NO_BOM"), (4, "BOM_UNREADABLE"),
    ]  # fmt: skip
    assert [(one.row, one.column, one.code) for one in found.recipe.errors] == [
        (0, "loss", "BOM_RANGE"), (1, "loss", "BOM_RANGE"),
    ]  # fmt: skip
    assert rows(found.totals, "yarn_id", "required_quantity") == [("Y1", 199)]


def test_groups_of_decimals_come_by_size_and_an_infinite_half_is_told() -> None:
    frame = {"k": [Decimal(10), Decimal(9), Decimal(100)], "lb": [1, 2, 3]}
    found = vector.aggregate(frame, "k", {"lb": "sum"}).frame
    assert rows(found, "k", "lb_sum") == [(9, 2), (10, 1), (100, 3)]
    half = {"planning_balance": np.array([np.inf, -1], dtype=np.float16), "min_stock": [0, 0]}
    assert [one.code for one in vector.shortages(half).errors] == ["NUM_RANGE"]


def test_a_day_is_judged_alike_however_it_is_held_and_keys_with_nulls_stay_whole() -> None:
    days = ["2028-09-03", "2028-09-04", "1999-12-31"]
    for held in (days, [date.fromisoformat(one) for one in days], np.array(days, dtype="datetime64[s]")):
        found = vector.dates({"due_date": held}, AS_OF, ["due_date"])
        assert plain(found.frame["days_until_due"]) == [1096, None, None]
        assert [(one.row, one.code) for one in found.errors] == [(1, "DATE_RANGE"), (2, "DATE_RANGE")]
    frame = pd.DataFrame({"k": pd.array([2**53 + 1, None, 2**53], dtype="Int64"), "lb": [1, 2, 3]})
    found = vector.aggregate(frame, "k", {"lb": "sum"})
    assert rows(found.frame, "k", "lb_sum") == [(2**53, 3), (2**53 + 1, 1), (None, 2)]


def test_groups_that_are_asked_for_are_there_without_a_row() -> None:
    frame = {"yarn_id": ["Y2", None, "Y1"], "quantity": [1, 2, "?"]}
    found = vector.aggregate(frame, "yarn_id", {"quantity": ["sum", "mean", "last"]}, groups=["Y0", "Y2"])
    assert rows(found.frame, "yarn_id", "quantity_sum", "quantity_mean", "quantity_last") == [
        ("Y0", 0, None, None),
        ("Y1", None, None, "?"),
        ("Y2", 1, 1, 1),
        (None, 2, 2, 2),
    ]
    with pytest.raises(ValueError, match="no function is called 'median'"):
        vector.aggregate(frame, "yarn_id", {"quantity": "median"})  # type: ignore[dict-item]


def test_choices_of_several_types_never_become_text() -> None:
    frame = {"x": np.array([1, 2, 3])}
    chosen = vector.choose(
        frame, [(np.array([True, False, False]), 0), ([None, True, False], "two")], 2.5, target="y"
    )
    assert np.asarray(chosen.frame["y"]).tolist() == [0, "two", 2.5]
    with pytest.raises(ValueError, match="flags for 3 rows"):
        vector.choose(frame, [([True], 0)], 1, target="y")


def test_all_steps_are_applied_whose_columns_are_there() -> None:
    frame = pd.DataFrame(
        {
            "yarn_id": [" y1 ", "y2"] * 500,
            "theoretical_balance": [1000, 5] * 500,
            "allocated": [-200, "?"] * 500,
            "on_order": [300, 0] * 500,
            "due_date": ["2025-09-03", None] * 500,
            "material_cost": ["500", None] * 500,
            "quantity": [100, 1] * 500,
        }
    )
    found = vector.apply_all(frame, AS_OF, codes=["yarn_id"])
    assert [(step.name, step.taken) for step in found.steps] == [
        ("text", True),
        ("dates", True),
        ("balance", True),
        ("cost", True),
        ("memory", True),
    ]
    assert len(found.steps[2].errors) == 500
    first = rows(found.frame, "yarn_id", "planning_balance", "days_until_due", "total_cost", "cost_per_unit")[
        :2
    ]
    assert first == [("Y1", 1100, 0, 500, 5), ("Y2", None, None, None, None)]
    again = vector.apply_all(found.frame, AS_OF, codes=["yarn_id"]).frame
    assert plain(again["total_cost"]) == plain(found.frame["total_cost"])
    less = vector.apply_all(frame[["quantity"]], AS_OF)
    assert [step.missing for step in less.steps if not step.taken][-1] == (
        "material_cost",
        "labor_cost",
        "overhead_cost",
    )
