"""A yarn week by week, computed on the spot: balances, what is advised, what must be known (E.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.needs import assumed, needs_of
from service.mill.answers.newest import NewestPlan
from service.mill.answers.orders import need_of
from service.mill.queries.one_yarn import (
    select_needs_now,
    select_needs_of_plan,
    select_receipts_of,
)
from service.mill.queries.orders import select_orders
from service.mill.queries.recipes import select_recipes
from service.mill.rules.actions import Action, Case, Receipt, advise
from service.mill.rules.balances import Stock, WeeklyDemand, weekly_demand
from service.mill.rules.lots import Lead, lead_time, lot_of, lot_rule, working_days
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.weeks import (
    Buckets,
    WeeklyRecord,
    arrival_week,
    bucketed,
    demand_by_week,
    iso_week,
    receipts_bucketed,
    time_phase,
    week_start,
)


class Need(NamedTuple):
    """Pounds that an order needs on a day; None: it has no date."""

    day: date | None
    pounds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The weeks of a yarn. `plan`: the plan that its demand is of; None: of the open knit orders of now.

    `tolerance`: pounds by which its closing may differ from the planning balance (I9).
    """

    code: str
    as_of: date
    policy: str
    level: Decimal
    record: WeeklyRecord
    undated: Decimal
    actions: Sequence[Action]
    lead: Lead
    plan: int | None
    stocked: bool
    tolerance: Decimal
    assumed: Sequence[str] = ()

    def week_rows(self) -> list[dict[str, Any]]:
        """Each week as it is shown."""
        return [
            {
                "bucket": week.bucket,
                "week_start": week_start(self.as_of, week.bucket),
                "iso_week": iso_week(week_start(self.as_of, week.bucket)),
                "receipts": rounded(week.receipts),
                "demand": rounded(week.demand),
                "balance": rounded(week.balance),
                "shortage": rounded(week.shortage),
                "new_shortage": rounded(week.new_shortage),
            }
            for week in self.record.weeks
        ]

    @property
    def notes(self) -> list[str]:
        """What must be known before it is trusted."""
        told = []
        if not self.stocked:
            told.append("NO_STOCK_ROW: nobody ever counted it: taken as none")
        if self.plan is None:
            told.append("no plan is current: knit orders for sales and forecasts are not in the demand")
        told += self.assumed
        if self.undated:
            told.append(
                f"{rounded(self.undated)} lb are needed by orders without a date: they are in no week"
            )
        return told


async def timeline_of(
    conn: ReadConnection, yarn: Row[Any], parameters: Parameters, plan: NewestPlan, as_of: date
) -> Timeline:
    """The weeks of a yarn by the parameters' horizon, policy and level."""
    run = plan.id if plan.current else None
    needs, told = await _needs(conn, yarn, parameters, run, as_of)
    receipts = await select_receipts_of(conn, yarn.id)
    weeks = parameters.weeks_horizon
    demand = bucketed(needs, as_of, weeks)
    coming = receipts_bucketed(((one.kind, one.due_date, one.quantity) for one in receipts), as_of, weeks)
    level = parameters.weekly_shortage_level
    least = yarn.safety_stock_lb if level == "safety_stock" else level
    record = time_phase(
        yarn.opening, demand_by_week(demand), coming.weeks, past_due=coming.past_due,
        policy=parameters.past_due_policy, level=least, later_receipts=coming.later,
        later_demand=demand.later,
    )  # fmt: skip
    mean = _mean(yarn, needs, parameters, as_of)
    lead = lead_time(yarn.lead_time_days, yarn.supplier_days, yarn.origin or "unknown", parameters)
    return Timeline(
        code=yarn.yarn_code, as_of=as_of, policy=parameters.past_due_policy, level=least, record=record,
        undated=demand.undated, actions=_advice(yarn, receipts, demand, mean, lead, parameters, as_of),
        lead=lead, plan=run, stocked=yarn.stocked, tolerance=parameters.balance_tolerance_lb,
        assumed=told,
    )  # fmt: skip


async def _needs(
    conn: ReadConnection, yarn: Row[Any], parameters: Parameters, run: int | None, as_of: date
) -> tuple[Sequence[Need], Sequence[str]]:
    """What a plan needs of it, else the open knit orders of now; and what was assumed of recipes."""
    if run is not None:
        rows = await select_needs_of_plan(conn, yarn.id, run)
    elif not parameters.scale_incomplete:
        rows = await select_needs_now(conn, yarn.id, as_of, parameters.production_lead_days)
    else:
        return await _needs_scaled(conn, yarn.yarn_code, parameters, as_of)
    return [Need(row.need_date, row.pounds) for row in rows], ()


async def _needs_scaled(
    conn: ReadConnection, code: str, parameters: Parameters, as_of: date
) -> tuple[Sequence[Need], Sequence[str]]:
    """By recipes whose sums are known: those that do not add up are assumed to."""
    orders = await select_orders(conn, None)
    book = await select_recipes(conn, sorted({row.style_code for row in orders}), as_of)
    taken = assumed(book.recipes, parameters)
    of = needs_of(orders, taken.recipes, book).of
    pounds = ((row, of.get(row.order_no, {}).get(code, ZERO)) for row in orders)
    return [Need(need_of(row, parameters), lb) for row, lb in pounds if lb], taken.told


def _mean(yarn: Row[Any], needs: Sequence[Need], parameters: Parameters, as_of: date) -> WeeklyDemand | None:
    """What a week uses of it, as plans take it (E.3)."""
    ahead = bucketed(needs, as_of, parameters.forecast_weeks)
    stock = Stock(consumed=yarn.consumed, allocated=yarn.allocated)
    return weekly_demand(demand_by_week(ahead), stock, parameters)


def _advice(
    yarn: Row[Any],
    receipts: Sequence[Row[Any]],
    demand: Buckets,
    mean: WeeklyDemand | None,
    lead: Lead,
    parameters: Parameters,
    as_of: date,
) -> Sequence[Action]:
    """What to hasten, order or put off."""
    least = max(yarn.moq_lb, yarn.supplier_moq or ZERO)
    own = lot_of(least, yarn.order_multiple_lb, yarn.order_max_lb, parameters)
    weeks = parameters.weeks_horizon
    policy = parameters.past_due_policy
    coming = [
        Receipt(one.id, at, one.quantity, one.due_date)
        for one in receipts
        if (at := arrival_week(one.kind, one.due_date, as_of, policy, weeks)) is not None
    ]
    weekly = None if mean is None else mean.value
    case = Case(
        code=yarn.yarn_code, as_of=as_of, opening=yarn.opening, demand=demand_by_week(demand),
        receipts=coming, safety=yarn.safety_stock_lb, lead=lead,
        rule=lot_rule(own, weekly, yarn.cost_per_lb, yarn.safety_stock_lb, parameters).rule,
        working=working_days(parameters),
        beyond=demand.later + demand.undated,
    )  # fmt: skip
    return advise(case, parameters).actions
