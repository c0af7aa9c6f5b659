"""Each yarn over the weeks: balances, first shortage, what to order (spec R9, E.6.5)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from service.mill.planning.requirements import Requirement, by_yarn
from service.mill.planning.shortage import FirstShort, first_short
from service.mill.rules.balances import Cover, Stock, weekly_demand, weeks_of_supply
from service.mill.rules.ground import Ground, ReceiptGround, YarnGround
from service.mill.rules.lots import Lead, Origin, Sized, lead_time, lot_of, lot_rule
from service.mill.rules.quantities import ZERO
from service.mill.rules.record import RecordWeek, planning_record
from service.mill.rules.weeks import WeeklyRecord, bucket_of, receipts_bucketed, time_phase


@dataclass(frozen=True, slots=True, kw_only=True)
class YarnPlan:
    """A yarn's weeks without (`weekly`) and with what the plan advises to order (`record`).

    `gross` is all that orders need, `undated` what of it has no date, `beyond` what of it lies after the last
    week; both are in no week.
    """

    yarn: YarnGround
    weekly: WeeklyRecord
    record: Sequence[RecordWeek]
    gross: Decimal
    undated: Decimal
    beyond: Decimal
    first_short: FirstShort | None
    lead: Lead
    sized: Sized
    supply: Cover
    needs: Sequence[Requirement]
    receipts: Sequence[ReceiptGround]

    @property
    def lead_source(self) -> str:
        """Who says the lead time: `yarn`, `supplier`, or `default:<origin>`, an assumption."""
        return f"default:{self.yarn.lead_of}" if self.lead.estimated else self.lead.source

    @property
    def planned(self) -> Decimal:
        """All that is advised to be ordered within the weeks."""
        return sum((week.planned for week in self.record), ZERO)

    @property
    def largest_short(self) -> Decimal:
        """The deepest shortage of any week (F-41)."""
        return self.weekly.to_buy


def plan_yarns(ground: Ground, rows: Sequence[Requirement], weeks: int) -> list[YarnPlan]:
    """Every yarn that is in store, on its way or needed, by code."""
    needs = by_yarn(rows)
    receipts: dict[str, list[ReceiptGround]] = defaultdict(list)
    for one in ground.receipts:
        receipts[one.yarn].append(one)
    return [
        _plan(ground, ground.yarns[code], needs.get(code, []), receipts.get(code, []), weeks)
        for code in sorted(ground.yarns)
    ]


def _plan(
    ground: Ground,
    yarn: YarnGround,
    needs: Sequence[Requirement],
    receipts: Sequence[ReceiptGround],
    weeks: int,
) -> YarnPlan:
    parameters = ground.parameters
    level = parameters.weekly_shortage_level
    least = yarn.safety_stock if level == "safety_stock" else level
    demand = _demand(needs)
    coming = receipts_bucketed(((one.kind, one.due, one.pounds) for one in receipts), ground.as_of, weeks)
    gone = [demand.get(week, ZERO) for week in range(weeks)]
    weekly = time_phase(
        yarn.opening, gone, coming.weeks, past_due=coming.past_due, policy=parameters.past_due_policy,
        level=least, later_receipts=coming.later, later_demand=demand.get(weeks, ZERO),
    )  # fmt: skip
    lead = _lead(ground, yarn)
    dated = _dated(ground, needs)
    stock = Stock(consumed=yarn.consumed, allocated=yarn.allocated)
    weekly_mean = weekly_demand(dated, stock, parameters)
    sized = lot_rule(
        lot_of(yarn.moq, yarn.multiple, yarn.maximum, parameters),
        None if weekly_mean is None else weekly_mean.value, yarn.cost, yarn.safety_stock, parameters,
    )  # fmt: skip
    return YarnPlan(
        yarn=yarn,
        weekly=weekly,
        record=planning_record(
            yarn.opening, yarn.safety_stock, gone, [week.receipts for week in weekly.weeks],
            lead_weeks=-(-lead.days // 7), rule=sized.rule,
        ),
        gross=sum((row.pounds for row in needs), ZERO),
        undated=demand.get(None, ZERO),
        beyond=demand.get(weeks, ZERO),
        first_short=first_short(ground, yarn.opening, receipts, needs, least),
        lead=lead,
        sized=sized,
        supply=weeks_of_supply(yarn.opening, dated, weekly_mean),
        needs=needs,
        receipts=receipts,
    )  # fmt: skip


def _dated(ground: Ground, needs: Sequence[Requirement]) -> Sequence[Decimal]:
    """Dated demand by week, looking further than the plan's weeks (E.3)."""
    weeks = ground.parameters.forecast_weeks
    dated = [ZERO] * weeks
    for row in needs:
        week = None if row.need is None else max(0, bucket_of(row.need, ground.as_of, weeks - 1))
        if week is not None and week < weeks:
            dated[week] += row.pounds
    return dated


def _lead(ground: Ground, yarn: YarnGround) -> Lead:
    """Days from order to arrival; the snapshot says whose they are, or whose default counts."""
    own, source = yarn.lead_days, yarn.lead_of
    origin: Origin = source if source in get_args(Origin) else "unknown"  # type: ignore[assignment]
    of_yarn = own if source == "yarn" else None
    return lead_time(of_yarn, own if of_yarn is None else None, origin, ground.parameters)


def _demand(needs: Sequence[Requirement]) -> Mapping[int | None, Decimal]:
    found: dict[int | None, Decimal] = {}
    for row in needs:
        found[row.bucket] = found.get(row.bucket, ZERO) + row.pounds
    return found
