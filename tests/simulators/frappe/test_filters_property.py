"""Filters against a brute force over the same rows, for generated filters; whatever comes in, the answer is
one of the site's own."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.simulators.frappe import Store
from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.failures import Failure
from service.simulators.frappe.filters import Dialect
from service.simulators.frappe.query import Reader, count_rows, list_query

EMPLOYEES = ["E1", "E2", "e3", "É4"]
TYPES = ["", "IN", "OUT", None]
TIMES = [f"2026-01-0{day} {hour:02d}:00:00" for day in (1, 2, 3) for hour in (0, 8, 23)]
ROWS = [
    {"name": f"C-{n:03d}", "employee": EMPLOYEES[n % 4], "log_type": TYPES[n // 4 % 4], "time": TIMES[n % 9]}
    for n in range(144)
]  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> Iterator[Store]:
    store = Store()
    store.insert_rows("Employee Checkin", tuple(ROWS[0]), (tuple(row.values()) for row in ROWS))
    yield store
    store.close()


def reader(store: Store) -> Reader:
    return Reader(15, Dialect(True, store.clock.local().date()), aggregate_objects=False)


def folded(value: str | None) -> str:
    return "".join(c.lower() if c.isascii() else c for c in value or "")


def holds(row: dict[str, str | None], field: str, operator: str, value: object) -> bool:
    """What the site documents: text without case, nulls as empty text."""
    found = folded(row[field])
    if operator in {"in", "not in"}:
        assert isinstance(value, list)
        return (found in [folded(str(item)) for item in value]) == (operator == "in")
    wanted = folded(str(value))
    if operator == "=" and not wanted:
        return found == ""
    table = {
        "=": found == wanted, "!=": found != wanted, ">": found > wanted, ">=": found >= wanted, "<": found < wanted,
        "<=": found <= wanted,
    }  # fmt: skip
    return table[operator]


comparison = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
one_filter = st.one_of(
    st.tuples(st.just("employee"), comparison, st.sampled_from([*EMPLOYEES, "e2", "zz", "A"])),
    st.tuples(st.just("log_type"), comparison, st.sampled_from(["", "IN", "out"])),
    st.tuples(st.just("time"), comparison, st.sampled_from([*TIMES, "2026-01-02 08:30:00"])),
    st.tuples(
        st.sampled_from(["employee", "log_type"]),
        st.sampled_from(["in", "not in"]),
        st.lists(st.sampled_from([*EMPLOYEES, "", "IN"]), min_size=1, max_size=3),
    ),
)


@given(filters=st.lists(one_filter, max_size=3), either=st.lists(one_filter, max_size=2))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filters_choose_what_a_walk_over_the_rows_chooses(
    rows: Store, filters: list[tuple[str, str, object]], either: list[tuple[str, str, object]]
) -> None:
    expected = sorted(
        str(row["name"])
        for row in ROWS
        if all(holds(row, *f) for f in filters) and (not either or any(holds(row, *f) for f in either))
    )
    params = {"filters": json.dumps(filters), "or_filters": json.dumps(either), "limit": "0"}
    query = list_query(DOCTYPES["Employee Checkin"], params, reader(rows))
    text, count = query.page(rows.database)
    found = sorted(row["name"] for row in json.loads(text))
    assert found == expected
    assert count == count_rows(
        rows.database, DOCTYPES["Employee Checkin"], params | {"limit": None}, reader(rows)
    )


def answered(store: Store, params: dict[str, str]) -> object:
    """The rows, or the status of the refusal."""
    try:
        query = list_query(DOCTYPES["Employee Checkin"], params, reader(store))
    except Failure as failure:
        return failure.status
    return json.loads(query.page(store.database)[0])


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["name", "time", "in", "like"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=8,
)  # fmt: skip


@given(filters=odd, fields=odd, order=st.text(max_size=12))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_breaks_the_simulator(rows: Store, filters: object, fields: object, order: str) -> None:
    params = {"filters": json.dumps(filters), "fields": json.dumps(fields), "order_by": order}
    outcome = answered(rows, params)
    assert isinstance(outcome, list) or outcome in {417, 500}
