"""Pegging of supplies to orders: what is like F-50, F-56 and F-58, and who suffers from a late receipt."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.pegging import Harm, Need, Pegging, Supply, harmed, peg, supplies
from service.mill.rules.precedence import rank

D = Decimal


def day(number: int) -> date:
    return date(2025, 9, number)


def need(order: str, pounds: str | int, on: int | None, priority: int = 1) -> Need:
    when = None if on is None else day(on)
    return Need(order, D(pounds), when, rank(priority, when, order))


def receipt(number: int, on: int | None, pounds: int) -> Supply:
    return Supply("receipt", number, None if on is None else day(on), D(pounds))


def told(pegging: Pegging) -> list[tuple[object, ...]]:
    return [(one.supply.kind, one.supply.id, one.order, one.pounds, one.days_late) for one in pegging.pegs]


def test_f050_stock_goes_in_the_order_of_service() -> None:
    found = peg(
        supplies(D(1000), []), [need("O1", 600, 11), need("O2", 300, 6), need("O3", 400, 2, priority=2)]
    )
    assert told(found) == [
        ("stock", None, "O2", 300, 0), ("stock", None, "O1", 600, 0), ("stock", None, "O3", 100, 0),
    ]  # fmt: skip
    assert found.unmet == {"O3": 300}


def test_f056_what_a_receipt_brings_too_late_is_pegged_and_told() -> None:
    found = peg(supplies(D(100), [receipt(1, 10, 200)]), [need("O1", 150, 6)])
    assert told(found) == [("stock", None, "O1", 100, 0), ("receipt", 1, "O1", 50, 4)]
    assert found.unmet == {}


def test_f058_pegs_of_the_first_yarn() -> None:
    needs = [need("O1", "367.71", 11), need("O2", 600, 1, priority=2), need("O3", 300, 6)]
    found = peg(supplies(D(1000), [receipt(1, 10, 500), receipt(2, None, 100)]), needs)
    assert told(found) == [
        ("stock", None, "O3", 300, 0), ("stock", None, "O1", D("367.71"), 0), ("stock", None, "O2", D("332.29"), 0),
        ("receipt", 1, "O2", D("267.71"), 9),
    ]  # fmt: skip


def test_a_negative_stock_is_paid_from_what_comes_first() -> None:
    assert supplies(D(-60), [receipt(2, 9, 50), receipt(1, 5, 50)]) == [receipt(2, 9, 40)]
    assert supplies(D(-200), [receipt(1, 5, 50)]) == []
    assert peg([], [need("O1", 5, 3)]).unmet == {"O1": 5}


def test_an_order_without_a_date_is_never_late() -> None:
    assert told(peg([receipt(1, 9, 5), receipt(2, None, 5)], [need("O1", 10, None)])) == [
        ("receipt", 1, "O1", 5, 0), ("receipt", 2, "O1", 5, 0),
    ]  # fmt: skip


COMING = [receipt(1, 8, 100), receipt(2, 20, 100)]
NEEDS = [need("O1", 150, 9), need("O2", 50, 12), need("O3", 60, 21)]


def test_who_suffers_if_a_receipt_is_late() -> None:
    assert harmed(D(100), COMING, NEEDS, 1, day(11)) == [Harm("O1", D(50), 2, D(0))]
    assert harmed(D(100), COMING, NEEDS, 1, day(25)) == [
        Harm("O1", D(50), 11, D(0)), Harm("O2", D(50), 8, D(0)), Harm("O3", D(60), 4, D(0)),
    ]  # fmt: skip
    assert harmed(D(100), COMING, NEEDS, 1, day(9)) == []
    assert harmed(D(100), COMING, NEEDS, 9, None) == []


def test_who_suffers_if_a_receipt_never_comes() -> None:
    assert harmed(D(100), COMING, NEEDS, 1, None) == [
        Harm("O1", D(50), 11, D(0)), Harm("O2", D(50), 8, D(0)), Harm("O3", D(0), 0, D(60)),
    ]  # fmt: skip


def test_a_late_receipt_that_would_have_paid_for_a_negative_stock_is_felt() -> None:
    needs = [need("O1", 50, 22)]
    assert harmed(D(-100), COMING, needs, 1, day(25)) == [Harm("O1", D(50), 3, D(0))]
    assert harmed(D(-100), COMING, needs, 1, None) == [Harm("O1", D(0), 0, D(50))]


amounts = st.integers(1, 30).map(Decimal)
days = st.none() | st.integers(1, 28).map(day)
coming = st.lists(st.tuples(days, amounts), max_size=4).map(
    lambda rows: [Supply("receipt", number, on, pounds) for number, (on, pounds) in enumerate(rows)]
)
wishes = st.lists(st.tuples(amounts, days, st.integers(1, 4)), max_size=5).map(
    lambda rows: [
        Need(f"O{at}", pounds, on, rank(priority, on, f"O{at}"))
        for at, (pounds, on, priority) in enumerate(rows)
    ]
)


@given(st.integers(-20, 40).map(Decimal), coming, wishes)
def test_every_pound_is_pegged_or_unmet(opening: Decimal, receipts: list[Supply], needs: list[Need]) -> None:
    stock = supplies(opening, receipts)
    found = peg(stock, needs)
    assert found == peg(stock, list(reversed(needs)))
    for one in needs:
        pegged = sum(each.pounds for each in found.pegs if each.order == one.order)
        assert pegged + found.unmet.get(one.order, 0) == one.pounds
    for supply in stock:
        assert sum(each.pounds for each in found.pegs if each.supply == supply) <= supply.pounds
    total = max(D(0), opening + sum(one.pounds for one in receipts))
    assert sum(one.pounds for one in stock) == total


@given(coming, wishes, st.integers(1, 20))
def test_a_late_receipt_takes_no_pound_away_and_a_lost_one_no_more_than_it_had(
    receipts: list[Supply], needs: list[Need], by: int
) -> None:
    for one in receipts:
        if one.day is not None and one.id is not None:
            assert harmed(D(10), receipts, needs, one.id, one.day) == []
            gone = harmed(D(10), receipts, needs, one.id, None)
            late = harmed(D(10), receipts, needs, one.id, one.day + timedelta(days=by))
            assert sum(each.pounds_unmet for each in late) == 0
            assert sum(each.pounds_unmet for each in gone) <= one.pounds
