"""A day later: what changed is listed, and nothing else did; the sums still agree."""

from decimal import Decimal

from service.simulators.mill import Mill, next_day
from service.simulators.mill.files.materials import by_week


def test_a_day_later_what_changed_is_listed_and_nothing_else_did(tiny: Mill) -> None:
    after, changes = next_day(tiny)
    assert (after.as_of - tiny.as_of).days == 1
    told = {(one.file, one.key) for one in changes}
    assert {one.what for one in changes} == {
        "knitted", "receipt came", "receipt late", "new order", "changed recipe"
    }  # fmt: skip
    before = {order.code: order for order in tiny.orders}
    moved = {("knit_orders", order.code) for order in after.orders if before.get(order.code) != order}
    lines = {line.code: line for line in after.purchases}
    moved |= {("expected_receipts", line.code) for line in tiny.purchases if lines.get(line.code) != line}
    recipes = zip(tiny.styles.recipes, after.styles.recipes, strict=True)
    assert sum(one != other for one, other in recipes) == 1
    assert moved == {one for one in told if one[0] != "bom"}


def test_what_was_knitted_leaves_the_stock_and_what_came_enters_it(tiny: Mill) -> None:
    after, changes = next_day(tiny)
    knitted = sum(
        (Decimal(one.after) - Decimal(one.before) for one in changes if one.what == "knitted"), Decimal(0)
    )
    came = sum(
        (Decimal(one.after) - Decimal(one.before) for one in changes if one.what == "receipt came"),
        Decimal(0),
    )
    both = list(zip(tiny.stock, after.stock, strict=True))
    used = sum((one.consumed - other.consumed for one, other in both), Decimal(0))
    assert knitted > 0
    assert 0 < used <= knitted + 1
    assert sum((other.received - one.received for one, other in both), Decimal(0)) == came > 0
    ordered = sum(tiny.on_order.values()) - sum(after.on_order.values())
    assert ordered == came
    for yarn, stock in enumerate(after.stock):
        left = stock.balance - after.needed.get(yarn, 0) + after.on_order.get(yarn, 0)
        assert left == after.planning_balance(yarn)


def test_a_week_later_what_did_not_come_is_past_due(measured: Mill) -> None:
    mill = measured
    for _ in range(7):
        mill, _ = next_day(mill)
    assert mill.weeks.monday > measured.weeks.monday
    for line in mill.purchases:
        weekly = by_week(line, mill.weeks)
        assert sum(weekly) == line.balance > 0
    late = {line.code for line in mill.purchases if by_week(line, mill.weeks)[-1]}
    expected = {line.code for line in measured.purchases if by_week(line, measured.weeks)[-1]}
    assert expected < late
    assert len(mill.orders) == len(measured.orders) + 7


def test_the_next_day_is_the_same_each_time(tiny: Mill) -> None:
    one, other = next_day(tiny), next_day(tiny)
    assert one[1] == other[1]
    assert one[0].orders == other[0].orders
    assert one[0].stock == other[0].stock
