"""How a yarn stands: balance, risk, cover and first short day, with what each follows from (R3, R4, A.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from service.core.database import ReadConnection
from service.mill.answers.newest import NewestPlan
from service.mill.queries.plan_needs import ShortDay, select_short_days, select_weekly_needs
from service.mill.queries.stocks import StockedYarn
from service.mill.rules.balances import (
    Cover,
    Criticality,
    Risk,
    Stock,
    WeeklyDemand,
    balance_score,
    criticality,
    risk,
    weekly_demand,
    weeks_of_supply,
)
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import rounded
from service.mill.rules.weeks import monday_of

PARTS: Final = ("beginning_balance", "received", "consumed", "adjustments", "misc")


@dataclass(frozen=True)
class YarnState:
    """A yarn in store with its dated demand of the coming weeks (empty: no plan knows it)."""

    yarn: StockedYarn
    dated: tuple[Decimal, ...]
    parameters: Parameters
    plan: NewestPlan
    found: ShortDay | None

    @property
    def stock(self) -> Stock:
        """Its row of the inventory."""
        return self.yarn.stock

    @cached_property
    def risk(self) -> Risk:
        """By planning balance."""
        return risk(self.stock.planning, self.parameters)

    @cached_property
    def weekly(self) -> WeeklyDemand | None:
        """Mean weekly demand; None: not known."""
        return weekly_demand(self.dated, self.stock, self.parameters)

    @cached_property
    def cover(self) -> Cover:
        """Weeks that what lies there lasts."""
        return weeks_of_supply(self.stock.theoretical, self.dated, self.weekly)

    @cached_property
    def criticality(self) -> Criticality:
        """The enhanced score."""
        weekly = None if self.weekly is None else self.weekly.value
        return criticality(
            self.stock.shortage, self.cover.value, self.stock.on_order, weekly, self.parameters
        )

    def values(self) -> dict[str, Any]:
        """Every figure of a row, rounded as it is shown."""
        stock, cover, found = self.stock, self.cover, self.found
        return {
            "yarn_code": self.yarn.code,
            "description": self.yarn.description,
            "color": self.yarn.color,
            "supplier": self.yarn.supplier,
            "status": self.yarn.status,
            "theoretical_balance_lb": rounded(stock.theoretical),
            "allocated_lb": rounded(stock.allocated),
            "on_order_lb": rounded(stock.on_order),
            "planning_balance_lb": rounded(stock.planning),
            "available_now_lb": rounded(stock.available_now),
            "min_stock_lb": rounded(stock.min_stock),
            "shortage_lb": rounded(stock.shortage),
            "risk": self.risk,
            "balance_score": rounded(balance_score(stock.planning), 2),
            "criticality_score": self.criticality.score,
            "criticality": self.criticality.level,
            "weekly_demand_lb": None if self.weekly is None else rounded(self.weekly.value),
            "weeks_of_supply": None if cover.value is None else rounded(cover.value, 2),
            "weeks_method": cover.method,
            "weeks_reason": cover.reason,
            "first_short_on": None if found is None else found.day,
            "first_short_lb": None if found is None or found.pounds is None else rounded(found.pounds),
            "culprits": "" if found is None else found.told,
            "short_reason": self.plan.reason,
        }

    def facts(self) -> dict[str, Any]:
        """The values with what they follow from, for explanations."""
        stock = self.stock
        parts = zip(
            PARTS,
            (stock.beginning, stock.received, stock.consumed, stock.adjustments, stock.misc),
            strict=True,
        )
        weekly = self.weekly
        return {
            **self.values(),
            **{f"{name}_lb": rounded(value) for name, value in parts},
            "dated_demand_lb": [rounded(one) for one in self.dated],
            "demand_pounds_lb": None if weekly is None else rounded(weekly.pounds),
            "demand_weeks": None if weekly is None else weekly.weeks,
            "criticality_parts": list(self.criticality.parts),
            "culprit_orders": [] if self.found is None else [list(one) for one in self.found.culprits],
        }


async def yarn_states(
    conn: ReadConnection, yarns: Sequence[StockedYarn], parameters: Parameters, plan: NewestPlan, as_of: date
) -> list[YarnState]:
    """The states of yarns in store; two statements where a plan is current, none where not."""
    dated: Mapping[int, tuple[Decimal, ...]] = {}
    found: Mapping[int, ShortDay] = {}
    if plan.current and plan.id is not None:
        one = [yarns[0].id] if len(yarns) == 1 else None
        weeks = parameters.forecast_weeks
        dated = await select_weekly_needs(conn, plan.id, monday_of(plan.as_of or as_of), weeks, one)
        found = await select_short_days(conn, plan.id)
    return [YarnState(one, dated.get(one.id, ()), parameters, plan, found.get(one.id)) for one in yarns]
