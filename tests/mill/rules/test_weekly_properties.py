"""The two forms of the weekly balance are one rule, and its sums hold."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.quantities import to_units
from service.mill.rules.weeks import time_phase, time_phase_units, week_matrix

pounds = st.integers(0, 30_000).map(lambda units: Decimal(units) / 10_000)
balances = st.integers(-30_000, 30_000).map(lambda units: Decimal(units) / 10_000)
policies = st.sampled_from(["exclude", "now", "offset:1", "offset:3", "offset:9"])


@st.composite
def yarns(draw: st.DrawFn) -> tuple[list[Decimal], ...]:
    """Opening, past due, level, then demand and receipts of four weeks."""
    weeks = st.lists(pounds, min_size=4, max_size=4)
    return [draw(balances), draw(pounds), draw(pounds)], draw(weeks), draw(weeks)


def units(rows: list[list[Decimal]]) -> np.ndarray:
    return np.array([[to_units(one) for one in row] for row in rows], dtype=np.int64)


@given(st.lists(yarns(), min_size=1, max_size=5), policies)
def test_the_matrix_says_what_the_records_say(many: list[tuple[list[Decimal], ...]], policy: str) -> None:
    heads, demand, receipts = (list(column) for column in zip(*many, strict=True))
    opening, past_due, level = units(heads).T
    found = time_phase_units(
        opening, units(demand), units(receipts), past_due=past_due, policy=policy, level=level
    )
    for row, (head, wanted, coming) in enumerate(many):
        record = time_phase(head[0], wanted, coming, past_due=head[1], policy=policy, level=head[2])
        for name in ("receipts", "demand", "balance", "shortage", "new_shortage"):
            assert getattr(found, name)[row].tolist() == [
                to_units(getattr(week, name)) for week in record.weeks
            ]
        first = record.first_shortage
        assert found.first_shortage[row] == (-1 if first is None else first.bucket)
        assert found.to_buy[row] == to_units(record.to_buy)


@given(yarns(), policies)
def test_what_came_less_what_went_is_what_is_left(one: tuple[list[Decimal], ...], policy: str) -> None:
    (opening, past_due, _), demand, receipts = one
    record = time_phase(
        opening, demand, receipts, past_due=past_due, policy=policy, later_receipts=Decimal(7)
    )
    assert record.closing == opening - sum(demand) + sum(receipts) + past_due + 7


@given(st.lists(pounds, min_size=1, max_size=8))
def test_new_shortages_of_a_rising_run_add_to_its_peak(demand: list[Decimal]) -> None:
    record = time_phase(Decimal(2), demand, [Decimal(0)] * len(demand))
    assert sum(week.new_shortage for week in record.weeks) == record.to_buy


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 4), st.integers(0, 2**55)), max_size=20))
def test_a_matrix_of_sums_is_exact(rows: list[tuple[int, int, int]]) -> None:
    row, bucket, quantity = (
        np.array(column, dtype=np.int64) for column in (zip(*rows, strict=True) if rows else ([], [], []))
    )
    found = week_matrix(row, bucket, quantity, (3, 4))
    for at in range(3):
        for week in range(4):
            assert found[at, week] == sum(each for yarn, on, each in rows if (yarn, on) == (at, week))
