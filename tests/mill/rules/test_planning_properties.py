"""Plans against the spec's own plain code and against their sums."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.actions import Case, Receipt, advise
from service.mill.rules.lots import Lot, LotRule
from service.mill.rules.parameters import Parameters
from service.mill.rules.record import consume_forecast, planning_record

AS_OF = date(2025, 9, 3)
UNDAMPED = Parameters(damper_days=0, damper_lb=Decimal(0))

pounds = st.integers(0, 20).map(Decimal)
weeks = st.lists(pounds, min_size=1, max_size=5)
lots = st.sampled_from(
    [Lot(), Lot(Decimal(7)), Lot(Decimal(6), Decimal(4)), Lot(Decimal(6), Decimal(4), Decimal(9))]
)
receipts = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 20).map(Decimal)), max_size=4)


def stated(
    opening: Decimal, safety: Decimal, demand: list[Decimal], coming: list[tuple[int, int, Decimal]], lot: Lot
) -> tuple[list[tuple[object, ...]], list[Decimal]]:
    """Action messages as spec E.9 writes them down, step by step."""
    left = [list(one) for one in sorted(coming, key=lambda one: (one[1], one[0]))]
    said: list[tuple[object, ...]] = []
    out: list[Decimal] = []
    touched, available = set(), opening
    for week, wanted in enumerate(demand):
        available += sum(one[2] for one in left if one[1] == week) - wanted
        short = safety - available
        for one in left:
            if short <= 0:
                break
            if one[1] > week and one[2] > 0:
                take = min(short, one[2])
                one[2] -= take
                available += take
                short -= take
                touched.add(one[0])
                said.append(("EXPEDITE", one[0], one[1], week, take))
        if short > 0:
            quantity = sum(lot.sizes(short))
            available += quantity
            said.append(("ORDER", None, None, week, quantity))
        out.append(available)
    if not any(one[0] == "ORDER" for one in said):
        out = given_back(said, out, [one for one in coming if one[0] not in touched], safety)
    return said, out


def given_back(
    said: list[tuple[object, ...]],
    out: list[Decimal],
    coming: list[tuple[int, int, Decimal]],
    safety: Decimal,
) -> list[Decimal]:
    """The second half of the same."""
    for number, bucket, quantity in sorted(coming, key=lambda one: (-one[1], one[0])):
        if bucket >= len(out):
            continue
        without = [one - quantity for one in out[bucket:]]
        need = next((bucket + at for at, one in enumerate(without) if one < safety), None)
        if need is None:
            said.append(("CANCEL", number, bucket, None, quantity))
            out = out[:bucket] + without
            continue
        if need > bucket:
            said.append(("DEFER", number, bucket, need, quantity))
            out = out[:bucket] + without[: need - bucket] + out[need:]
        spare = min(min(out[need:]) - safety, quantity)
        if spare > 0:
            said.append(("DECREASE", number, bucket, None, spare))
            out = out[:need] + [one - spare for one in out[need:]]
    return out


@given(st.integers(-10, 40).map(Decimal), pounds, weeks, receipts, lots)
def test_advice_is_what_the_spec_s_own_code_says(
    opening: Decimal, safety: Decimal, demand: list[Decimal], coming: list[tuple[int, Decimal]], lot: Lot
) -> None:
    rows = [(number, bucket, quantity) for number, (bucket, quantity) in enumerate(coming)]
    case = Case("Y", AS_OF, opening, demand, [Receipt(*row) for row in rows], safety, rule=LotRule(lot=lot))
    advice = advise(case, UNDAMPED)
    told = [(one.kind, one.receipt, one.from_bucket, one.to_bucket, one.quantity) for one in advice.actions]
    assert (told, advice.balances) == stated(opening, safety, demand, rows, lot)


@given(st.integers(-10, 40).map(Decimal), pounds, weeks, receipts, lots)
def test_no_week_is_below_its_safety_stock_when_the_advice_is_followed(
    opening: Decimal, safety: Decimal, demand: list[Decimal], coming: list[tuple[int, Decimal]], lot: Lot
) -> None:
    rows = [Receipt(number, bucket, quantity) for number, (bucket, quantity) in enumerate(coming)]
    advice = advise(Case("Y", AS_OF, opening, demand, rows, safety, rule=LotRule(lot=lot)), UNDAMPED)
    assert min(advice.balances) >= safety
    for one in rows:
        moved = sum(
            each.quantity for each in advice.actions if (each.kind, each.receipt) == ("EXPEDITE", one.id)
        )
        assert moved <= one.pounds


@given(st.integers(-10, 40).map(Decimal), pounds, weeks, lots)
def test_what_is_left_is_what_was_there_and_came_less_what_went(
    opening: Decimal, safety: Decimal, gross: list[Decimal], lot: Lot
) -> None:
    coming = [Decimal(3)] * len(gross)
    record = planning_record(opening, safety, gross, coming, rule=LotRule(lot=lot))
    planned = sum(row.planned for row in record)
    assert record[-1].available == opening + sum(coming) + planned - sum(gross)
    assert all(row.available >= safety for row in record)
    plain = planning_record(opening, safety, gross, coming)
    assert all(row.available == safety for row in plain if row.net)


@given(
    st.lists(pounds, min_size=1, max_size=14),
    st.sampled_from(["period_of_supply", "min_max", "eoq", "fixed_quantity"]),
    st.integers(1, 4),
)
def test_no_policy_leaves_a_week_short(gross: list[Decimal], policy: str, weeks_covered: int) -> None:
    rule = LotRule(policy, quantity=Decimal(9), weeks=weeks_covered, up_to=Decimal(30))  # type: ignore[arg-type]
    record = planning_record(Decimal(5), Decimal(2), gross, [Decimal(0)] * len(gross), rule=rule)
    assert all(row.available >= 2 for row in record)


@given(st.lists(st.tuples(pounds, pounds), min_size=1, max_size=6), st.integers(0, 3))
def test_a_forecast_is_used_up_and_never_below_nothing(
    both: list[tuple[Decimal, Decimal]], window: int
) -> None:
    orders, forecast = (list(column) for column in zip(*both, strict=True))
    demand = consume_forecast(orders, forecast, window)
    assert all(0 <= left <= expected for left, expected in zip(demand.forecast, forecast, strict=True))
    if window == 0:
        assert list(demand.total) == [max(one) for one in both]
    used = sum(forecast) - sum(demand.forecast)
    assert used <= sum(orders)
    wider = consume_forecast(orders, forecast, len(both))
    assert sum(wider.total) == max(sum(orders), sum(forecast))
