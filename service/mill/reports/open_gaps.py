"""What needs somebody at the mill today: short yarns, orders without recipe, receipts and files missing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.newest import NewestPlan, newest_plan
from service.mill.queries.doubtful import (
    select_freshness,
    select_last_contact,
    select_past_due,
    select_refused,
    select_without_recipe,
)
from service.mill.queries.ground import select_as_of
from service.mill.queries.plan_needs import ShortDay, select_short_days
from service.mill.rules.quantities import rounded
from service.mill.rules.sources import PLAN_NEEDS
from service.mill.rules.weeks import is_overdue
from service.reporting.desk import SourceState
from service.reporting.report import BuildContext
from service.schemas.envelope import Gap

SHORT: Final = "yarn_short"
NO_RECIPE: Final = "order_without_recipe"
PAST_DUE: Final = "receipt_past_due"
REFUSED: Final = "mill_file_refused"
NO_PLAN: Final = "mill_plan_missing"
CODES: Final = (SHORT, NO_RECIPE, PAST_DUE, REFUSED, NO_PLAN)
"""Every kind of gap that `open_gaps` may find."""


async def open_gaps(conn: ReadConnection, context: BuildContext) -> Sequence[Gap]:
    """Of the newest plan's weeks and of the files of now."""
    zone = ZoneInfo(context.settings.mill.time_zone)
    stock_of = await select_as_of(conn)
    if stock_of is None and not await select_freshness(conn):
        return []  # nothing was ever read: the desk is not in use
    as_of = stock_of or context.now.astimezone(zone).date()
    plan = await newest_plan(conn)
    return [
        *_of_files(await select_refused(conn)),
        *_of_plan(plan),
        *await _short(conn, plan, zone),
        *(_without_recipe(one, zone) for one in await select_without_recipe(conn, as_of)),
        *(_past_due(one, as_of, zone) for one in await select_past_due(conn, as_of)),
    ]


async def _short(conn: ReadConnection, plan: NewestPlan, zone: ZoneInfo) -> list[Gap]:
    """Yarns that the newest plan has short within its weeks, also where it is old: that is told apart."""
    if plan.id is None:
        return []
    found = await select_short_days(conn, plan.id, only_short=True)
    return [_yarn_short(one, plan, zone) for one in found.values()]


def _yarn_short(one: ShortDay, plan: NewestPlan, zone: ZoneInfo) -> Gap:
    assert one.day is not None
    assert one.pounds is not None
    orders = one.told or "the stock itself"
    return Gap(
        code=SHORT,
        need=f"{rounded(one.deepest)} lb of {one.yarn} within the weeks of the plan",
        have=f"{rounded(one.pounds)} lb too little on {one.day}, by plan {plan.id}",
        from_=_midnight(one.day, zone),
        reasons=[f"short because of {orders}", *([] if one.known else ["nobody ever counted it"])],
        remedies=[
            f"see what the plan advises: /v1/mill/reports/procurement?yarn={quote(one.yarn)}",
            "hasten a receipt, order, or use an approved substitute",
        ],
        subject=one.yarn,
        link=f"/v1/mill/yarns/{quote(one.yarn)}/timeline?format=html",
    )


def _of_plan(plan: NewestPlan) -> Iterator[Gap]:
    if not plan.current:
        yield Gap(
            code=NO_PLAN,
            need="a plan of the data of now",
            have="none was ever made" if plan.id is None else f"plan {plan.id} of older data",
            remedies=["make one: POST /v1/mill/plan-runs, or `muster run mill.plan`"],
            subject="mill.plan",
            link="/v1/mill/plan-runs",
        )


def _without_recipe(one: Row[Any], zone: ZoneInfo) -> Gap:
    return Gap(
        code=NO_RECIPE,
        need=f"a recipe of {one.styles}",
        have=f"order {one.order_no} of {rounded(one.balance)} lb, whose yarn is not known, or not all of it",
        to=None if one.due_date is None else _midnight(one.due_date, zone),
        reasons=["no line of a recipe of its style, or of a part of it, is in force"],
        remedies=["send the recipe in a file of `bom`, or map the style to one that has a recipe"],
        subject=one.order_no,
        link="/v1/mill/reports/open-orders?format=html",
    )


def _past_due(one: Row[Any], as_of: date, zone: ZoneInfo) -> Gap:
    """A receipt that has not come. One of a day earlier this week is in this week's balance all the same."""
    supplier = one.supplier_code or "a supplier that nobody names"
    counted = "plans do not count on it unless the policy of past-due receipts says so"
    if not is_overdue(one.kind, one.due_date, as_of):
        counted = "plans count on it from today on: its day is of this week"
    return Gap(
        code=PAST_DUE,
        need=f"{rounded(one.quantity)} lb of {one.yarn_code} from {supplier}",
        have=f"purchase {one.po_no} line {one.line_no} has not come",
        from_=None if one.due_date is None else _midnight(one.due_date, zone),
        reasons=[counted],
        remedies=["ask the supplier for a day, and send the next file of expected receipts"],
        subject=one.yarn_code,
        link="/v1/mill/reports/receipts?kind=past_due&format=html",
    )


def _of_files(found: Sequence[Row[Any]]) -> Iterator[Gap]:
    for one in found:
        yield Gap(
            code=REFUSED,
            need=f"a file of {one.file_kind} that can be put in force",
            have=f"{one.file_name} was {one.status}: what was there before still holds",
            from_=one.at,
            reasons=[f"{one.rows_rejected} rows were rejected"] if one.rows_rejected else [],
            remedies=["see what was said of its rows, mend them, and send it again"],
            subject=one.file_kind,
            link=f"/v1/mill/imports/{one.id}",
        )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


async def source_states(conn: ReadConnection) -> list[SourceState]:
    """The mill's files as one upstream: complete through the oldest of those that a plan needs."""
    fresh = await select_freshness(conn)
    if not fresh:
        return []
    needed = [fresh.get(kind) for kind in PLAN_NEEDS]
    through = None if None in needed else min(at for at in needed if at is not None)
    return [SourceState("files", None, await select_last_contact(conn), through)]
