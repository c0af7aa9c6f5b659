"""Weekly balances: cases F-40 to F-45 and F-49, and what is like them."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from service.mill.rules.weeks import (
    Buckets,
    WeeklyRecord,
    bucket_of,
    bucketed,
    buckets_of,
    demand_by_week,
    iso_week,
    monday_of,
    past_due_week,
    time_phase,
    week_start,
)

AS_OF = date(2025, 9, 3)
D = Decimal


def numbers(*values: float | str) -> list[Decimal]:
    return [D(str(value)) for value in values]


def balances(record: WeeklyRecord) -> list[Decimal]:
    return [week.balance for week in record.weeks]


def f040(policy: str) -> WeeklyRecord:
    return time_phase(
        D(1000), numbers(600, 700, 500, 400), numbers(0, 0, 900, 0), past_due=D(300), policy=policy
    )


def f042(policy: str) -> WeeklyRecord:
    return time_phase(
        D(2500),
        numbers(8800, 8600, 5400, *[1300] * 6),
        numbers(0, 0, 0, 0, 0, 0, 0, 4000, 4000),
        past_due=D(20_000),
        policy=policy,
        later_receipts=D(8000),
    )


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("exclude", (400, -300, 100, -300)), ("now", (700, 0, 400, 0)), ("offset:1", (400, 0, 400, 0))],
)
def test_f040_past_due_by_each_policy(policy: str, expected: tuple[int, ...]) -> None:
    assert balances(f040(policy)) == list(expected)


def test_f040_a_balance_of_nothing_is_not_short() -> None:
    assert f040("now").first_shortage is None
    first, recovery = f040("exclude").first_shortage, f040("exclude").recovery
    assert first is not None
    assert recovery is not None
    assert (first.bucket, first.shortage, recovery.bucket) == (1, 300, 2)


def test_f041_new_shortage_is_what_a_week_adds() -> None:
    record = f040("exclude")
    assert [week.shortage for week in record.weeks] == [0, 300, 0, 300]
    assert [week.new_shortage for week in record.weeks] == [0, 300, 0, 300]
    deeper = time_phase(D(0), numbers(300, 200), numbers(0, 0))
    assert [week.new_shortage for week in deeper.weeks] == [300, 200]
    assert deeper.to_buy == 500


@pytest.mark.parametrize(
    ("policy", "expected", "first"),
    [
        ("exclude", (-6300, -14900, -20300, -21600, -22900, -24200, -25500, -22800, -20100), 0),
        ("now", (13700, 5100, -300, -1600, -2900, -4200, -5500, -2800, -100), 2),
    ],
)
def test_f042_the_first_shortage_is_where_the_dated_demand_puts_it(
    policy: str, expected: tuple[int, ...], first: int
) -> None:
    record = f042(policy)
    assert balances(record) == list(expected)
    assert record.first_shortage is not None
    assert record.first_shortage.bucket == first


@pytest.mark.parametrize(
    ("day", "bucket"),
    [
        ("2025-08-31", -1),
        ("2025-09-01", 0),
        ("2025-09-07", 0),
        ("2025-09-08", 1),
        ("2025-09-12", 1),
        ("2025-11-02", 8),
        ("2025-11-03", 9),
        ("2027-01-01", 9),
    ],
)
def test_f043_buckets_of_days(day: str, bucket: int) -> None:
    assert bucket_of(date.fromisoformat(day), AS_OF) == bucket
    assert buckets_of(np.array([day], dtype="datetime64[D]"), AS_OF).tolist() == [bucket]


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2025-12-29", "2026-W01"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
    ],
)
def test_weeks_around_the_turn_of_a_year(day: str, week: str) -> None:
    assert iso_week(date.fromisoformat(day)) == week


def test_week_53_is_one_week_and_no_other() -> None:
    as_of = date(2026, 12, 23)
    starts = [week_start(as_of, bucket) for bucket in range(4)]
    assert [iso_week(start) for start in starts] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert [bucket_of(start, as_of) for start in starts] == [0, 1, 2, 3]
    assert all(monday_of(start) == start for start in starts)


def test_quantities_fall_into_weeks_before_them_behind_them_and_nowhere() -> None:
    days = [None, *map(date.fromisoformat, ("2025-08-31", "2025-09-07", "2025-09-12", "2025-09-15"))]
    found = bucketed(zip(days, numbers(1, 2, 4, 8, 16), strict=True), AS_OF, 2)
    assert found == Buckets((D(4), D(8)), past_due=D(2), later=D(16), undated=D(1))
    assert demand_by_week(found) == (6, 8)


def test_f045_the_end_of_the_horizon_is_the_planning_balance() -> None:
    for policy in ("exclude", "now", "offset:3", "offset:20"):
        record = f042(policy)
        assert record.closing == 7900 == D(2500) - 30_600 + 36_000
        assert record.total_demand == 30_600
        assert record.total_receipts == 36_000


def test_f049_a_row_of_the_demand_report() -> None:
    row = time_phase(D(5000), numbers(1200, 2000, 2500), numbers(300, 0, 1000), past_due=D(800))
    assert balances(row) == [4100, 2100, 600]
    assert (row.total_demand, row.total_receipts, row.closing) == (5700, 2100, 1400)


def test_f058_weeks_of_the_end_to_end_case() -> None:
    y1 = {
        "exclude": ("100.00", "232.29", "232.29"),
        "now": ("400.00", "532.29", "532.29"),
        "offset:1": ("100.00", "532.29", "532.29"),
    }
    for policy, expected in y1.items():
        record = time_phase(
            D(1000), numbers(900, "367.71", 0), numbers(0, 500, 0), past_due=D(300), policy=policy
        )
        assert balances(record) == numbers(*expected)
    y3 = time_phase(D(0), numbers(600, 0, 0), numbers(0, 0, 0))
    assert balances(y3) == [-600, -600, -600]
    assert [week.new_shortage for week in y3.weeks] == [600, 0, 0]


def test_a_week_below_its_safety_stock_is_short() -> None:
    record = time_phase(D(100), numbers(60, 0), numbers(0, 60), level=D(50))
    assert [week.shortage for week in record.weeks] == [10, 0]


@pytest.mark.parametrize("policy", ["", "later", "now:1", "offset:", "offset:-1"])
def test_an_unknown_policy_is_refused(policy: str) -> None:
    with pytest.raises(ValueError, match="no policy"):
        past_due_week(policy)
