"""Action messages: case F-46, F-48 and what is like them."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from service.mill.rules.actions import (
    Action,
    Advice,
    Case,
    Receipt,
    advise,
    carried_on,
    substituted,
    uncovered,
)
from service.mill.rules.lots import Lead, Lot, LotRule
from service.mill.rules.parameters import Parameters
from service.mill.rules.substitution import Substitute

AS_OF = date(2025, 9, 3)
D = Decimal


def pounds(*values: int) -> list[Decimal]:
    return [D(value) for value in values]


def receipt(number: int, bucket: int, quantity: int) -> Receipt:
    return Receipt(number, bucket, D(quantity))


def case(opening: int, demand: list[int], *receipts: Receipt, **more: Any) -> Case:
    return Case("Y1", AS_OF, D(opening), pounds(*demand), receipts, **more)


def told(advice: Advice) -> list[tuple[object, ...]]:
    return [(one.kind, one.receipt, one.from_bucket, one.to_bucket, one.quantity) for one in advice.actions]


F046 = case(1000, [600, 700, 500, 400], receipt(1, 2, 900))


def test_f046_a_later_receipt_is_hastened_then_the_rest_is_ordered() -> None:
    advice = advise(F046)
    assert told(advice) == [("EXPEDITE", 1, 2, 1, 300), ("ORDER", None, None, 3, 300)]
    assert advice.balances == pounds(400, 0, 100, 0)


def test_f046_every_action_tells_what_triggered_it() -> None:
    hasten, order = advise(F046).actions
    assert hasten.trigger == {"balance": "-300", "safety_stock": "0", "missing": "300"}
    assert order.to_date == date(2025, 9, 22)
    assert order.trigger["lots"] == ["300"]
    json.dumps([one.trigger for one in advise(F046).actions])


def test_what_is_never_needed_is_cancelled() -> None:
    advice = advise(case(1000, [100, 100, 100], receipt(1, 1, 500), receipt(2, 2, 50)))
    assert told(advice) == [("CANCEL", 2, 2, None, 50), ("CANCEL", 1, 1, None, 500)]
    assert advice.balances == pounds(900, 800, 700)


def test_what_comes_too_soon_is_put_off_and_what_is_over_is_taken_off() -> None:
    advice = advise(case(250, [100, 100, 100, 100], receipt(1, 0, 400)))
    assert told(advice) == [("DEFER", 1, 0, 2, 400), ("DECREASE", 1, 0, None, 250)]
    assert advice.balances == pounds(150, 50, 100, 0)


def test_what_is_needed_after_the_last_week_is_not_given_back() -> None:
    behind = case(100, [0, 0], receipt(1, 1, 500), beyond=D(400))
    advice = advise(behind)
    assert told(advice) == [("DECREASE", 1, 1, None, 200)]
    assert (advice.actions[0].trigger["lowest_balance"], advice.balances) == ("200", pounds(100, 400))
    assert advise(replace(behind, beyond=D(600))).actions == []
    later = replace(behind, receipts=[receipt(1, 1, 500), receipt(2, 2, 300)])
    assert told(advise(later)) == [("CANCEL", 1, 1, None, 500)]


def test_nothing_is_given_back_while_something_is_short() -> None:
    advice = advise(case(0, [100, 0, 0], receipt(1, 0, 50)))
    assert told(advice) == [("ORDER", None, None, 0, 50)]


def test_an_order_is_lot_sized_and_the_rest_carries_on() -> None:
    rule = LotRule(lot=Lot(D(100), D(50), D(400)))
    advice = advise(case(0, [60, 60, 900], rule=rule))
    assert told(advice) == [
        ("ORDER", None, None, 0, 100), ("ORDER", None, None, 1, 100), ("ORDER", None, None, 2, 900),
    ]  # fmt: skip
    assert (
        advice.actions[2].trigger["lots"] == ["400", "400", "100"]
        or sum(D(lot) for lot in advice.actions[2].trigger["lots"]) == 850
    )


def test_f048_what_should_have_left_is_released_now_and_late() -> None:
    lead = Lead(21, "supplier", estimated=False)
    ask = Case("Y1", date(2025, 9, 20), D(0), pounds(0, 0, 0, 100), lead=lead)
    (late,) = advise(ask).actions
    assert (late.kind, late.release_date, late.days_late, late.to_date) == (
        "RELEASE", date(2025, 9, 20), 5, date(2025, 10, 6),
    )  # fmt: skip
    assert (late.trigger["express_days"], late.trigger["express_days_late"]) == (3, 0)
    (due,) = advise(replace(ask, as_of=date(2025, 9, 3), demand=pounds(0, 0, 0, 0, 0, 100))).actions
    assert (due.kind, due.release_date, due.days_late) == ("ORDER", date(2025, 9, 15), 0)
    assert "express_days" not in due.trigger


def test_inside_the_fence_nothing_is_ordered() -> None:
    fence = Parameters(planning_fence_days=12)
    advice = advise(case(0, [100, 50, 0, 30]), fence)
    assert told(advice) == [
        ("FENCE_CONFLICT", None, None, 0, 100), ("FENCE_CONFLICT", None, None, 1, 50), ("ORDER", None, None, 2, 150),
        ("ORDER", None, None, 3, 30),
    ]  # fmt: skip


def test_small_moves_and_quantities_give_no_message() -> None:
    assert advise(replace(F046, opening=D("1299.5")), Parameters(damper_days=7)).actions == []
    patient = advise(
        case(0, [100, 0, 100], receipt(1, 1, 100), receipt(2, 2, 100)), Parameters(damper_days=8)
    )
    assert patient.actions == []
    spare = advise(case(0, [100], receipt(1, 0, 100), safety=D("-0.5")))
    assert spare.actions == []


def test_the_same_receipt_is_not_offered_twice() -> None:
    advice = advise(case(0, [100, 100, 0], receipt(1, 2, 150)))
    assert told(advice) == [
        ("EXPEDITE", 1, 2, 0, 100), ("EXPEDITE", 1, 2, 1, 50), ("ORDER", None, None, 1, 50),
    ]  # fmt: skip
    assert advice.balances == pounds(0, 0, 0)


def test_a_receipt_of_the_week_may_be_enlarged() -> None:
    larger = Parameters(increase_open_orders=True)
    rule = LotRule(lot=Lot(D(100), D(50)))
    advice = advise(case(0, [130, 10], receipt(1, 0, 100), rule=rule), larger)
    assert told(advice) == [("INCREASE", 1, 0, 0, 50)]
    assert advice.balances == pounds(20, 10)


def test_a_knit_order_is_made_not_bought() -> None:
    assert advise(case(0, [100], supply="MAKE")).actions[0].kind == "MAKE"


def test_what_stays_short_may_be_substituted() -> None:
    late = advise(case(0, [100], lead=Lead(14, "yarn", estimated=False))).actions
    assert uncovered(advise(F046).actions) == []
    (short,) = uncovered(late)
    others = [
        Substitute("Y3", D("0.7"), D(500), approved=True),
        Substitute("Y2", D("0.9"), D(60), D(5), D("1.1"), approved=True),
        Substitute("Y4", D("1"), D(500)),
    ]
    best, next_best = substituted(short, others)
    assert (best.code, best.kind, best.substitute, best.quantity) == ("Y1", "SUBSTITUTE", "Y2", 55)
    assert (best.trigger["covers"], best.trigger["instead_of"]) == ("50.0000", "RELEASE")
    assert (next_best.substitute, next_best.quantity) == ("Y3", 100)
    json.dumps(best.trigger)


def test_the_same_advice_keeps_who_has_it_and_what_was_decided() -> None:
    hasten, order = advise(F046).actions
    before = [replace(hasten, assignee="bea", state="accepted", quantity=D(200)), replace(order, code="Y2")]
    now, gone = carried_on(before, [hasten, order])
    assert [(one.assignee, one.state, one.quantity) for one in now] == [
        ("bea", "accepted", 300),
        (None, "open", 300),
    ]
    assert [(one.code, one.state) for one in gone] == [("Y2", "superseded")]
    assert carried_on(gone, []) == ([], [])


def test_a_receipt_hastened_for_two_weeks_is_two_pieces_of_advice() -> None:
    first, second, _ = advise(case(0, [100, 100, 0], receipt(1, 2, 150))).actions
    now, gone = carried_on([replace(second, assignee="bea")], [first, second])
    assert ([one.assignee for one in now], gone) == ([None, "bea"], [])


def test_advice_of_another_day_of_the_week_is_the_same() -> None:
    def keys(advice: Advice) -> list[Any]:
        return [one.key for one in advice.actions]

    assert keys(advise(F046)) == keys(advise(replace(F046, as_of=date(2025, 9, 5))))


def test_actions_do_not_depend_on_the_order_of_receipts() -> None:
    receipts = (receipt(3, 2, 100), receipt(1, 2, 100), receipt(2, 1, 100))
    one = advise(case(0, [150, 100, 0, 50], *receipts))
    assert one == advise(case(0, [150, 100, 0, 50], *reversed(receipts)))
    assert all(isinstance(each, Action) for each in one.actions)
