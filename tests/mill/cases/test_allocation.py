"""Cases of allocation (spec F.6), and their like."""

from datetime import date
from decimal import Decimal

import pytest

from service.mill.rules.allocation import Claim, Share, allocate, allocate_kits
from service.mill.rules.dyelots import Lot, allocate_lots
from service.mill.rules.expected import Receipt, promises
from service.mill.rules.explosion import Order, explode, paths
from service.mill.rules.orders import Status
from service.mill.rules.quantities import rounded
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.releasing import Allocation, Kind, reduced, released

D = Decimal
O1 = Claim("O1", "Y", D(600), 1, date(2025, 9, 11))
O2 = Claim("O2", "Y", D(300), 1, date(2025, 9, 6))
O3 = Claim("O3", "Y", D(400), 2, date(2025, 9, 2))


def got(shares: list[Share]) -> dict[tuple[str, str], Decimal]:
    return {share.claim.key: share.allocated for share in shares}


def test_f050_priority_then_due_date_decides() -> None:
    shares = allocate([O3, O1, O2], {"Y": D(1000)})
    assert [(one.claim.order, one.allocated, one.short) for one in shares] == [
        ("O2", 300, 0),
        ("O1", 600, 0),
        ("O3", 100, 300),
    ]


def test_f050_a_missing_due_date_is_served_last_and_the_number_settles_the_rest() -> None:
    claims = [
        Claim("B", "Y", D(60), 1),
        Claim("A", "Y", D(60), 1),
        Claim("C", "Y", D(60), 1, date(2030, 1, 1)),
    ]
    assert [one.claim.order for one in allocate(claims, {"Y": D(100)})] == ["C", "A", "B"]


def test_f051_negative_stock_gives_nothing_and_an_uncounted_yarn_says_so() -> None:
    shares = allocate([Claim("O1", "Y1", D(50)), Claim("O1", "Y9", D(50))], {"Y1": D(-20)})
    assert [(one.allocated, one.short, one.reason) for one in shares] == [
        (0, 50, None),
        (0, 50, "NO_STOCK_ROW"),
    ]


def test_f051_what_orders_hold_is_taken_off_first() -> None:
    held = {("O3", "Y"): D(250), ("O9", "Y"): D(50)}
    shares = allocate([O1, O2, O3], {"Y": D(1000)}, held)
    assert [(one.claim.order, one.hard, one.allocated, one.short) for one in shares] == [
        ("O2", 0, 300, 0),
        ("O1", 0, 400, 200),
        ("O3", 250, 0, 150),
    ]


KITS = [
    Claim("O1", "Y1", D(100), 1),
    Claim("O1", "Y2", D(100), 1),
    Claim("O2", "Y1", D(60), 2),
]


def test_f052_each_yarn_by_itself_strands_what_the_next_order_could_use() -> None:
    stock = {"Y1": D(100), "Y2": D(40)}
    assert got(allocate(KITS, stock)) == {("O1", "Y1"): 100, ("O1", "Y2"): 40, ("O2", "Y1"): 0}


@pytest.mark.parametrize(("least", "first"), [("0", 40), ("0.4", 40), ("0.5", 0)])
def test_f052_a_kit_takes_no_more_than_its_scarcest_yarn(least: str, first: int) -> None:
    found = got(allocate_kits(KITS, {"Y1": D(100), "Y2": D(40)}, min_fraction=D(least)))
    assert found == {("O1", "Y1"): first, ("O1", "Y2"): first, ("O2", "Y1"): 60}


def test_f052_what_an_order_holds_already_is_part_of_its_kit() -> None:
    found = got(allocate_kits(KITS, {"Y1": D(150), "Y2": D(40)}, {("O1", "Y1"): D(50)}))
    assert found == {("O1", "Y1"): 0, ("O1", "Y2"): 40, ("O2", "Y1"): 60}


def live(number: int, claim: Claim, pounds: int, kind: Kind = "soft") -> Allocation:
    return Allocation(number, claim, kind, D(pounds))


def test_f055_a_cancelled_order_gives_back_all_and_the_next_run_uses_it() -> None:
    held = {
        claim.order: live(at, claim, pounds)
        for at, (claim, pounds) in enumerate([(O2, 300), (O1, 600), (O3, 100)])
    }
    assert [(one.allocation.claim.order, one.pounds) for one in released("cancelled", [held["O1"]])] == [
        ("O1", 600)
    ]
    assert got(allocate([O2, O3], {"Y": D(1000)})) == {("O2", "Y"): 300, ("O3", "Y"): 400}


@pytest.mark.parametrize(
    ("status", "back"),
    [
        ("cancelled", {"hard", "soft", "expected"}),
        ("completed", {"hard", "soft", "expected"}),
        ("on_hold", {"soft", "expected"}),
        ("in_progress", set()),
        ("assigned", set()),
    ],
)
def test_f055_what_a_status_releases(status: Status, back: set[Kind]) -> None:
    kinds: tuple[Kind, ...] = ("hard", "soft", "expected")
    held = [live(at, O1, 100, kind) for at, kind in enumerate(kinds)]
    assert {one.allocation.kind for one in released(status, held)} == back


def test_f055_a_reduced_order_gives_back_promises_then_soft_then_hard_stock() -> None:
    held = [live(1, O1, 200, "hard"), live(2, O1, 300), live(3, O1, 100, "expected")]
    back = reduced({"Y": D(250)}, held)
    assert [(one.allocation.number, one.pounds) for one in back] == [(3, 100), (2, 250)]
    assert [one.pounds for one in reduced({"Y": D(150)}, held)] == [100, 300]
    assert [one.pounds for one in reduced({"Y": D(150)}, held, may_release_hard=True)] == [100, 300, 50]
    assert reduced({"Y": D(600)}, held) == []


def test_f056_what_stock_lacks_is_promised_from_a_receipt_with_its_delay() -> None:
    shares = allocate([Claim("O1", "Y", D(150), 1, date(2025, 9, 6))], {"Y": D(100)})
    (promise,) = promises(shares, [Receipt(1, "Y", date(2025, 9, 10), D(200))])
    assert (shares[0].allocated, promise.pounds) == (100, 50)
    assert (promise.available_on, promise.days_late) == (date(2025, 9, 10), 4)


def test_f056_each_pound_of_a_receipt_is_promised_once_the_earliest_first() -> None:
    claims = [Claim("A", "Y", D(80), 1), Claim("B", "Y", D(80), 2, date(2025, 9, 30))]
    receipts = [Receipt(2, "Y", date(2025, 9, 17), D(60)), Receipt(1, "Y", date(2025, 9, 10), D(50))]
    given = promises(allocate(claims, {"Y": D(0)}), receipts)
    assert [(one.claim.order, one.receipt, one.pounds, one.days_late) for one in given] == [
        ("A", 1, 50, None),
        ("A", 2, 30, None),
        ("B", 2, 30, 0),
    ]


def test_an_order_is_knitted_from_one_lot() -> None:
    lots = [
        Lot("Y", "L1", D(60), date(2025, 8, 1)),
        Lot("Y", "L2", D(120), date(2025, 8, 15)),
        Lot("Y", "L3", D(500), date(2025, 7, 1), on_hold=True),
    ]
    claims = [
        Claim("A", "Y", D(100), 1),
        Claim("B", "Y", D(50), 2),
        Claim("C", "Y", D(50), 3),
        Claim("D", "Y", D(5), 4),
    ]
    assert [(one.claim.order, one.lot, one.allocated, one.short) for one in allocate_lots(claims, lots)] == [
        ("A", "L2", 100, 0),
        ("B", "L1", 50, 0),
        ("C", "L2", 20, 30),
        ("D", "L1", 5, 0),
    ]
    (nothing,) = allocate_lots([Claim("A", "Z", D(5))], lots)
    assert (nothing.lot, nothing.allocated, nothing.short) == (None, 0, 5)


def test_f058_from_orders_to_what_is_short() -> None:
    recipes = Recipes(
        {
            "F1": [Line("G1", D(1), D("0.03"), is_yarn=False)],
            "G1": [Line("Y1", D("0.7"), D("0.02")), Line("Y2", D("0.3"), D("0.02"))],
            "G2": [Line("Y1", D("0.6")), Line("Y3", D("0.4"))],
        }
    )
    orders = [Order("O1", "F1", D(500)), Order("O2", "G2", D(1000)), Order("O3", "G2", D(500))]
    served = {"O1": (1, date(2025, 9, 11)), "O2": (2, date(2025, 9, 1)), "O3": (1, date(2025, 9, 6))}
    rows = [(way.order, way.yarn, rounded(way.gross)) for way in paths(orders, recipes)]
    assert rows == [
        ("O1", "Y1", D("367.7100")),
        ("O1", "Y2", D("157.5900")),
        ("O2", "Y1", 600),
        ("O2", "Y3", 400),
        ("O3", "Y1", 300),
        ("O3", "Y3", 200),
    ]
    assert explode({"F1": D(500), "G2": D(1500)}, recipes).yarns == {
        "Y1": D("1267.71"),
        "Y2": D("157.59"),
        "Y3": 600,
    }
    shares = allocate(
        [Claim(order, yarn, pounds, *served[order]) for order, yarn, pounds in rows],
        {"Y1": D(1000), "Y2": D(224)},
    )
    assert {one.claim.key: (one.allocated, one.short, one.reason) for one in shares} == {
        ("O3", "Y1"): (300, 0, None),
        ("O3", "Y3"): (0, 200, "NO_STOCK_ROW"),
        ("O1", "Y1"): (D("367.71"), 0, None),
        ("O1", "Y2"): (D("157.59"), 0, None),
        ("O2", "Y1"): (D("332.29"), D("267.71"), None),
        ("O2", "Y3"): (0, 400, "NO_STOCK_ROW"),
    }
