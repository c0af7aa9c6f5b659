"""Why a yarn's week, or its first short day, is what it is."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.errors import FieldError, Invalid
from service.mill.answers.explaining import Rule, explained, given, no_figure, part_link
from service.mill.answers.plans import MadePlan
from service.mill.queries.plan_explained import YarnRows
from service.mill.rules.weeks import arrival, bucket_of, is_overdue, iso_week, monday_of
from service.schemas.envelope import Explanation, ExplanationInput

Inputs = list[ExplanationInput]
ZERO: Final = Decimal(0)
SUM: Final[Rule] = ("value = sum of the inputs", "spec E.6.5")
BALANCE: Final[Rule] = ("balance = before + receipts - demand", "spec R9")
SHORTAGE: Final[Rule] = ("shortage = max(0, level - balance)", "spec R9")
NEW_SHORTAGE: Final[Rule] = ("new_shortage = max(0, shortage - before)", "spec F-41")
PLANNED: Final[Rule] = (
    "planned = lots of max(0, safety_stock - (before + receipts - demand)) by the policy and its values",
    "spec E.6.5, E.6.6",
)
AVAILABLE: Final[Rule] = ("available = before + receipts - demand + planned", "spec E.6.5")
LARGEST: Final[Rule] = ("value = largest of the inputs", "spec F-41")
FIRST_SHORT: Final[Rule] = (
    "the first day whose running sum of opening and movements is below the level", "spec D.3"
)  # fmt: skip
SUPPLY: Final[Rule] = (
    "full weeks that the opening covers, and its part of the next; undated opening x weeks / pounds",
    "spec E.3",
)


def explain_week(made: MadePlan, rows: YarnRows, week: int, figure: str) -> Explanation:
    """A figure of a yarn in a week. Raises `Invalid`."""
    if not 0 <= week < len(rows.weeks):
        detail = f"the plan has weeks 0 to {len(rows.weeks) - 1}"
        raise Invalid(detail, errors=[FieldError("/query/week", "week_out_of_range", detail)])
    if figure not in _WEEKLY:
        raise no_figure(figure, _WEEKLY)
    row = rows.weeks[week]
    rule, inputs, threshold = _WEEKLY[figure](made, rows, row)
    subject = f"{figure} of {rows.yarn.yarn_code} in {iso_week(row.week_start)}"
    return explained(made, subject, getattr(row, figure), rule, inputs, threshold=threshold)


def explain_yarn(made: MadePlan, rows: YarnRows, figure: str) -> Explanation:
    """A figure of a yarn over all weeks. Raises `Invalid`."""
    if figure not in _WHOLE:
        raise no_figure(figure, _WHOLE)
    value, rule, inputs, threshold = _WHOLE[figure](made, rows)
    return explained(made, f"{figure} of {rows.yarn.yarn_code}", value, rule, inputs, threshold=threshold)


def level_of(made: MadePlan, yarn: Row[Any]) -> Decimal:
    """Below which a week is short."""
    level = made.row.params["parameters"]["weekly_shortage_level"]
    return yarn.safety_stock if level == "safety_stock" else Decimal(str(level))


def _before(rows: YarnRows, row: Row[Any], figure: str) -> Decimal:
    before: Decimal = rows.yarn.opening if row.bucket == 0 else getattr(rows.weeks[row.bucket - 1], figure)
    return before


def _balance(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    return BALANCE, [given("before", _before(rows, row, "balance")), *_moves(made, rows, row)], None


def _moves(made: MadePlan, rows: YarnRows, row: Row[Any]) -> Inputs:
    explain = {"yarn": rows.yarn.yarn_code, "week": row.bucket}
    return [
        given(name, getattr(row, name), link=part_link(made, "explain", **explain, figure=name))
        for name in ("receipts", "demand")
    ]


def _receipts(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    policy = made.row.params["parameters"]["past_due_policy"]
    inputs = [
        given(f"{one.po_no}:{one.line_no} {one.due_date or one.kind}", one.quantity)
        for one in rows.receipts
        if (day := _arrives(made, one)) is not None and monday_of(day) == row.week_start
    ]
    return SUM, inputs, f"past due: {policy}"


def _arrives(made: MadePlan, receipt: Row[Any]) -> date | None:
    policy = made.row.params["parameters"]["past_due_policy"]
    return arrival(receipt.kind, receipt.due_date, made.row.as_of, policy)


def _demand(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    return SUM, _needs(made, rows, lambda one: one.bucket == row.bucket), None


def _needs(made: MadePlan, rows: YarnRows, wanted: Callable[[Row[Any]], bool]) -> Inputs:
    return [
        given(
            f"{one.order_no} {one.path}", one.gross_lb,
            link=part_link(made, "explain", yarn=rows.yarn.yarn_code, order=one.order_no),
        )
        for one in rows.needs
        if wanted(one)
    ]  # fmt: skip


def _shortage(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    level = level_of(made, rows.yarn)
    return SHORTAGE, [given("level", level), given("balance", row.balance)], level


def _new_shortage(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    level = level_of(made, rows.yarn)
    first = max(ZERO, level - rows.yarn.opening)
    before = first if row.bucket == 0 else rows.weeks[row.bucket - 1].shortage
    return NEW_SHORTAGE, [given("shortage", row.shortage), given("before", before)], None


def _planned(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    lot = rows.yarn.lot
    inputs = [
        given("before", _before(rows, row, "available")),
        *_moves(made, rows, row),
        given("safety_stock", rows.yarn.safety_stock),
        given("policy", lot["policy"]),
        given("weeks", lot["weeks"]),
        *(given(name, Decimal(lot[f"{name}_lb"])) for name in ("least", "multiple", "most")),
        # Plans of before these were kept have neither.
        *(given(name, Decimal(lot.get(f"{name}_lb", 0))) for name in ("fixed", "up_to")),
        *(given("later", one.receipts - one.demand) for one in rows.weeks[row.bucket + 1 :]),
    ]
    return PLANNED, inputs, rows.yarn.safety_stock


def _available(made: MadePlan, rows: YarnRows, row: Row[Any]) -> tuple[Rule, Inputs, Any]:
    link = part_link(made, "explain", yarn=rows.yarn.yarn_code, week=row.bucket, figure="planned")
    before = given("before", _before(rows, row, "available"))
    return AVAILABLE, [before, *_moves(made, rows, row), given("planned", row.planned, link=link)], None


_WEEKLY: Final[Mapping[str, Callable[[MadePlan, YarnRows, Row[Any]], tuple[Rule, Inputs, Any]]]] = {
    "balance": _balance,
    "receipts": _receipts,
    "demand": _demand,
    "shortage": _shortage,
    "new_shortage": _new_shortage,
    "planned": _planned,
    "available": _available,
}
Whole = tuple[Any, Rule, Inputs, Any]


def _gross(made: MadePlan, rows: YarnRows) -> Whole:
    return rows.yarn.gross, SUM, _needs(made, rows, lambda _: True), None


def _undated(made: MadePlan, rows: YarnRows) -> Whole:
    return rows.yarn.undated, SUM, _needs(made, rows, lambda one: one.bucket is None), None


def _beyond(made: MadePlan, rows: YarnRows) -> Whole:
    last = len(rows.weeks)
    return rows.yarn.beyond, SUM, _needs(made, rows, lambda one: one.bucket == last), None


def _past_due(made: MadePlan, rows: YarnRows) -> Whole:
    overdue = [one for one in rows.receipts if is_overdue(one.kind, one.due_date, made.row.as_of)]
    return (
        rows.yarn.past_due,
        SUM,
        [given(f"{one.po_no}:{one.line_no}", one.quantity) for one in overdue],
        None,
    )


def _all_planned(made: MadePlan, rows: YarnRows) -> Whole:
    del made
    return rows.yarn.planned, SUM, [given(iso_week(one.week_start), one.planned) for one in rows.weeks], None


def _largest(made: MadePlan, rows: YarnRows) -> Whole:
    del made
    inputs = [given(iso_week(one.week_start), one.shortage) for one in rows.weeks]
    return rows.yarn.largest_short_lb, LARGEST, inputs, None


def _first_short(made: MadePlan, rows: YarnRows) -> Whole:
    level = level_of(made, rows.yarn)
    days = _days(made, rows)
    moves = [given(day.isoformat(), pounds) for day, pounds in sorted(days.items())]
    inputs = [given("level", level), given("opening", rows.yarn.opening), *moves]
    return rows.yarn.first_short_on, FIRST_SHORT, inputs, level


def _days(made: MadePlan, rows: YarnRows) -> dict[date, Decimal]:
    """What comes and goes by day; what is overdue counts on the as-of day, or when the policy says."""
    as_of = made.row.as_of
    found = {as_of: ZERO}
    for one in rows.receipts:
        arrives = _arrives(made, one)
        if arrives is not None:
            found[arrives] = found.get(arrives, ZERO) + one.quantity
    for need in rows.needs:
        if need.need_date is not None:
            day = max(need.need_date, as_of)
            found[day] = found.get(day, ZERO) - need.gross_lb
    return found


def _supply(made: MadePlan, rows: YarnRows) -> Whole:
    parameters = made.row.params["parameters"]
    weeks = int(parameters["forecast_weeks"])
    dated = [ZERO] * weeks
    for one in rows.needs:
        week = None if one.need_date is None else max(0, bucket_of(one.need_date, made.row.as_of, weeks - 1))
        if week is not None and week < weeks:
            dated[week] += one.gross_lb
    source = parameters["weekly_demand_source"]
    supply = rows.yarn.supply
    value = None if supply["value"] is None else Decimal(supply["value"])
    inputs = [
        given("opening", rows.yarn.opening),
        given("method", supply["method"]),
        given("consumed", rows.yarn.consumed),
        given("month_weeks", Decimal(source["month_weeks"])),
        given("allocated", rows.yarn.allocated),
        given("cycle_weeks", Decimal(source["cycle_weeks"])),
        *(given(f"week {week}", pounds) for week, pounds in enumerate(dated)),
    ]
    return value, SUPPLY, inputs, supply["reason"]


_WHOLE: Final[Mapping[str, Callable[[MadePlan, YarnRows], Whole]]] = {
    "first_short_on": _first_short,
    "gross": _gross,
    "undated": _undated,
    "beyond": _beyond,
    "past_due": _past_due,
    "planned": _all_planned,
    "largest_short": _largest,
    "weeks_of_supply": _supply,
}
