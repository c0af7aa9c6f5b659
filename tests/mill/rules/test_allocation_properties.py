"""Allocation against a sequential loop, and what holds of it always (spec F.10, R11)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from service.mill.rules.allocation import Claim, Share, allocate, allocate_columns, allocate_kits

CASES = 200
Mode = Callable[..., list[Share]]
Case = tuple[list[Claim], dict[str, Decimal], dict[tuple[str, str], Decimal]]


def case(random: Random) -> Case:
    """Up to twelve orders of five yarns, ties in priority and date, stock below zero, yarns never counted."""
    claims = [
        Claim(
            f"O{order}",
            f"Y{yarn}",
            Decimal(random.randint(0, 5_000_000)).scaleb(-4),
            random.randint(1, 3),
            random.choice([None, date(2025, 9, 1) + timedelta(random.randint(0, 3))]),
        )
        for order in range(random.randint(1, 12))
        for yarn in random.sample(range(5), random.randint(1, 3))
    ]
    stock = {f"Y{yarn}": Decimal(random.randint(-(10**6), 10**7)).scaleb(-4) for yarn in range(4)}
    holding = [one for one in claims if random.random() < 0.1]
    return claims, stock, {one.key: min(one.required, Decimal(random.randint(1, 100))) for one in holding}


def one_by_one(
    claims: list[Claim], stock: dict[str, Decimal], hard: dict[tuple[str, str], Decimal]
) -> dict[tuple[str, str], Decimal]:
    left = {
        yarn: max(
            Decimal(0), pounds - sum((held for key, held in hard.items() if key[1] == yarn), Decimal(0))
        )
        for yarn, pounds in stock.items()
    }
    got = {}
    for one in sorted(
        claims, key=lambda one: (one.priority, one.due is None, one.due or date.min, one.order)
    ):
        asked = one.required - hard.get(one.key, Decimal(0))
        got[one.key] = min(asked, left.get(one.yarn, Decimal(0)))
        left[one.yarn] = left.get(one.yarn, Decimal(0)) - got[one.key]
    return got


def got(shares: list[Share]) -> dict[tuple[str, str], Decimal]:
    return {one.claim.key: one.allocated for one in shares}


def test_columns_give_what_a_loop_gives() -> None:
    random = Random(3)
    for _ in range(CASES):
        made = case(random)
        assert got(allocate(*made)) == one_by_one(*made)


def test_columns_give_what_a_loop_gives_at_the_size_of_a_large_plan() -> None:
    """20,000 claims of 1,700 yarns, units as they are."""
    random = Random(31)
    yarn = np.array([min(int(random.expovariate(1 / 300)), 1_699) for _ in range(20_000)], np.int64)
    required = np.array([random.choice((0, random.randint(1, 376_000_000))) for _ in range(20_000)], np.int64)
    served = np.array(random.sample(range(20_000), 20_000), np.int64)
    available = np.array([random.randint(-(10**9), 2 * 10**10) for _ in range(1_700)], np.int64)
    before = [column.copy() for column in (yarn, served, required, available)]
    given = allocate_columns(yarn, served, required, available).tolist()
    left = available.clip(0).tolist()
    for at in served.argsort().tolist():
        assert given[at] == min(int(required[at]), left[yarn[at]])
        left[yarn[at]] -= given[at]
    assert all(
        (was == now).all() for was, now in zip(before, (yarn, served, required, available), strict=True)
    )


@pytest.mark.parametrize("mode", [allocate, allocate_kits])
def test_whatever_the_order_of_the_input_and_never_more_than_there_is(mode: Mode) -> None:
    random = Random(5)
    for _ in range(CASES):
        claims, stock, hard = case(random)
        shares = mode(claims, stock, hard)
        assert mode(random.sample(claims, len(claims)), stock, hard) == shares
        for yarn in {one.yarn for one in claims}:
            given = sum(one.allocated for one in shares if one.claim.yarn == yarn)
            held = sum((pounds for key, pounds in hard.items() if key[1] == yarn), Decimal(0))
            assert 0 <= given <= max(0, stock.get(yarn, Decimal(0)) - held)
        for one in shares:
            assert one.hard + one.allocated + one.short == max(one.hard, one.claim.required)


def test_more_stock_of_a_yarn_never_gives_out_less_of_it() -> None:
    random = Random(7)
    for _ in range(CASES):
        claims, stock, hard = case(random)
        yarn = random.choice(sorted(stock))
        more = {**stock, yarn: stock[yarn] + random.randint(1, 500)}
        before, after = got(allocate(claims, stock, hard)), got(allocate(claims, more, hard))
        assert all(
            after[key] >= before[key] if key[1] == yarn else after[key] == before[key] for key in before
        )


def test_a_kit_is_in_proportion_to_a_unit() -> None:
    random = Random(9)
    for _ in range(CASES):
        claims, stock, _ = case(random)
        kits: dict[str, list[Share]] = {}
        for one in allocate_kits(claims, stock):
            if one.claim.required:
                kits.setdefault(one.claim.order, []).append(one)
        for kit in kits.values():
            low = max(one.allocated / one.claim.required for one in kit)
            high = min((one.allocated + Decimal("0.0001")) / one.claim.required for one in kit)
            assert low <= high


def test_an_order_that_claims_a_yarn_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        allocate([Claim("O1", "Y", Decimal(1)), Claim("O1", "Y", Decimal(2))], {})


def test_nothing_claimed_gives_nothing() -> None:
    assert allocate([], {"Y": Decimal(5)}) == []
