"""Finished demand netted against fabric in stages, as it is answered (spec E.6.3, F-30 to F-32)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from service.mill.answers.shown import decimals, lb
from service.mill.rules.netting import Demand, Netted, Netting, NetWeek, Pool, net_by_week, planned_orders
from service.mill.rules.parameters import Parameters, Stage
from service.mill.rules.quantities import ZERO, Fabric, to_pounds
from service.mill.rules.weeks import iso_week
from service.schemas.mill.netting import MillDemandAsk, MillNettingAsk, MillStageStockAsk


def terms_of(asked: MillNettingAsk, parameters: Parameters) -> Parameters:
    """The parameters with the order of stages of this question."""
    if asked.stage_order is None:
        return parameters
    return replace(parameters, stage_order=tuple(asked.stage_order))


def demand_of(asked: MillDemandAsk, style: str, fabric: Fabric) -> Demand:
    """A demand in pounds. Raises `NoConversion`."""
    pounds = to_pounds(asked.quantity, asked.uom, fabric).pounds
    return Demand(asked.order_no, style, pounds, asked.priority, asked.due_date)


def names_of(asked: MillNettingAsk) -> list[tuple[str, str]]:
    """Every name of a style with its pointer."""
    demanded = [(f"/body/demands/{at}/style", one.style) for at, one in enumerate(asked.demands)]
    return demanded + [(f"/body/stock/{at}/style", one.style) for at, one in enumerate(asked.stock or ())]


def pool_of(stated: Iterable[MillStageStockAsk], meant: Mapping[str, str]) -> Pool:
    """Fabric by style and stage, `meant` by its name; what is stated twice is added."""
    found: dict[str, dict[Stage, Decimal]] = {}
    for one in stated:
        of = found.setdefault(meant[one.style], {})
        of[one.stage] = of.get(one.stage, ZERO) + one.quantity_lb
    return found


def as_pool(stages: Mapping[str, Mapping[str, Decimal]]) -> Pool:
    """What the files say lies in stages, as a pool."""
    return cast(Pool, stages)


def netting_object(netting: Netting, as_of: date, weeks: int, parameters: Parameters) -> dict[str, Any]:
    """Every demand in the order of service, the weeks, and what would have to be knitted."""
    return {
        "as_of": as_of,
        "stage_order": list(parameters.stage_order),
        "items": [_line(line, as_of, parameters) for line in netting.lines],
        "styles": [_result(style, as_of, parameters) for style in netting.styles],
        "weeks": [_week(one) for one in net_by_week(netting, as_of, weeks)],
        "planned_orders": [
            {
                "style_code": one.style,
                "quantity_lb": lb(one.pounds),
                "due_date": one.due,
                "priority": one.priority,
                "serves": list(one.serves),
            }
            for one in planned_orders(netting, as_of, weeks, parameters)
        ],
        "used_lb": {stage: lb(pounds) for stage, pounds in netting.used.items()},
        "left": [
            {"style_code": style, "stage": stage, "quantity_lb": lb(pounds)}
            for style, stages in sorted(netting.left.items())
            for stage, pounds in sorted(stages.items())
        ],
        "demand_lb": lb(netting.demanded),
        "net_lb": lb(netting.net),
    }


def _line(line: Netted, as_of: date, parameters: Parameters) -> dict[str, Any]:
    asked = line.demand
    named = {"order_no": asked.order_no, "priority": asked.priority, "due_date": asked.due}
    return {**named, **_result(line, as_of, parameters)}


def _result(line: Netted, as_of: date, parameters: Parameters) -> dict[str, Any]:
    day, reason = line.first_available(as_of, parameters)
    return {
        "style_code": line.demand.style,
        "demand_lb": lb(line.demand.pounds),
        "used_lb": {stage: lb(pounds) for stage, pounds in line.used.items()},
        "net_lb": lb(line.net),
        "coverage_pct": decimals(line.coverage, 2),
        "first_available": day,
        "reason": reason,
    }


def _week(week: NetWeek) -> dict[str, Any]:
    return {
        "style_code": week.style,
        "week_start": week.start,
        "iso_week": None if week.start is None else iso_week(week.start),
        "demand_lb": lb(week.demanded),
        "net_lb": lb(week.net),
    }
