"""Schedules as they were stored, and the one that is published."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select, text

from service.core.database import ReadConnection
from service.core.paging import SortKey
from service.mill import models
from service.schemas.mill.schedules import MillLoadsAsk, MillOperationsFilter

_OP = models.ScheduleOp.__table__.c
_ORDER = models.PlanOrder.__table__.c
_LOAD = models.PlanLoad.__table__.c
IN_TIME: Final = (SortKey("setup_start", _OP.setup_start), SortKey("machine_code", _OP.machine_code))
"""The order of operations: no two of a run begin at once on a machine."""
BY_CENTER: Final = (SortKey("work_center", _LOAD.work_center), SortKey("bucket", _LOAD.bucket))
_PUBLISHED = text("SELECT run_id FROM mill.published_runs WHERE kind = 'schedule'")
_LATEST = text("""
    SELECT id FROM mill.plan_runs
    WHERE kind IN ('plan', 'six_phase', 'schedule') AND status = 'done' AND stats ? 'schedule'
    ORDER BY id DESC LIMIT 1
""")
_UNSCHEDULED = text("""
    SELECT o.order_no, o.style_code, o.schedule_reason, o.reason,
           coalesce((SELECT jsonb_agg(jsonb_build_array(m.yarn_code, m.missing) ORDER BY m.yarn_code)
                     FROM (SELECT y.yarn_code, (max(a.required_lb) - sum(a.quantity_lb))::text AS missing
                           FROM mill.plan_allocations a
                           JOIN mill.plan_yarns y ON (y.run_id, y.yarn_id) = (a.run_id, a.yarn_id)
                           WHERE (a.run_id, a.order_seq) = (o.run_id, o.seq)
                           GROUP BY y.yarn_code
                           HAVING max(a.required_lb) - sum(a.quantity_lb) > :tolerance) AS m
                     WHERE o.schedule_reason = 'NO_MATERIAL'), '[]') AS yarns
    FROM mill.plan_orders o WHERE o.run_id = :run AND o.schedule_reason IS NOT NULL
    ORDER BY o.seq
""")
_MACHINES = text("""
    SELECT machine_code, work_center, status, efficiency, style_code, busy_hours, window_hours
    FROM mill.plan_machines WHERE run_id = :run ORDER BY machine_code
""")
_PROMISED = text("""
    SELECT y.yarn_code, a.kind, a.quantity_lb, a.required_lb, a.available_on, r.po_no
    FROM mill.plan_allocations a JOIN mill.plan_yarns y ON (y.run_id, y.yarn_id) = (a.run_id, a.yarn_id)
    LEFT JOIN mill.plan_receipts r ON (r.run_id, r.receipt_id) = (a.run_id, a.receipt_id)
    WHERE a.run_id = :run AND a.order_seq = :seq
    ORDER BY y.yarn_code, a.part
""")


async def select_published_schedule(conn: ReadConnection) -> int | None:
    """The run whose schedule is the mill's; None: none was ever published."""
    return (await conn.execute(_PUBLISHED)).scalar_one_or_none()


async def select_latest_schedule(conn: ReadConnection) -> int | None:
    """The newest run that has a schedule."""
    return (await conn.execute(_LATEST)).scalar_one_or_none()


def operations(run: int, asked: MillOperationsFilter) -> Select[Any]:
    """Operations of a run with what they say of their orders, in no order."""
    columns = [column for column in _OP if column.name != "run_id"]
    statement = select(
        *columns, _ORDER.order_no, _ORDER.style_code, _ORDER.due_date, _ORDER.priority, _ORDER.kind
    ).where(_OP.run_id == run, _ORDER.run_id == _OP.run_id, _ORDER.seq == _OP.order_seq)
    named = {_OP.machine_code: asked.machine, _OP.work_center: asked.work_center}
    statement = statement.where(*(column == value for column, value in named.items() if value is not None))
    if asked.order is not None:
        statement = statement.where(_is(asked.order))
    if asked.late is not None:
        is_late: ColumnElement[bool] = _OP.late_hours.is_not(None) & (_OP.late_hours > 0)
        statement = statement.where(is_late if asked.late else ~is_late)
    return statement


async def select_operations(
    conn: ReadConnection, run: int, asked: MillOperationsFilter, most: int | None = None
) -> Sequence[Row[Any]]:
    """Operations of a run in the order of time."""
    statement = operations(run, asked).order_by(*(key.column for key in IN_TIME))
    rows: Sequence[Row[Any]] = (await conn.execute(statement.limit(most))).all()
    return rows


def loads(run: int, asked: MillLoadsAsk, warning: Decimal, critical: Decimal) -> Select[Any]:
    """Loads of a run; the limits are those above which a week is a WARNING, CRITICAL."""
    statement = select(*(column for column in _LOAD if column.name != "run_id")).where(_LOAD.run_id == run)
    if asked.work_center is not None:
        statement = statement.where(_LOAD.work_center == asked.work_center)
    if asked.level is None:
        return statement
    fuller, full = func.greatest(_LOAD.planned_hours, _LOAD.required_hours), _LOAD.capacity_hours
    above = {"OK": None, "WARNING": full * warning, "CRITICAL": full * critical, "OVERLOAD": full}
    names = list(above)
    least, most = above[asked.level], above.get(dict(pairwise(names)).get(asked.level, ""))
    if least is not None:
        statement = statement.where(fuller > least)
    return statement if most is None else statement.where(fuller <= most)


async def select_unscheduled(conn: ReadConnection, run: int, tolerance: object) -> Sequence[Row[Any]]:
    """Orders without a place, in the order of service, with the yarns that nobody brings."""
    return (await conn.execute(_UNSCHEDULED, {"run": run, "tolerance": tolerance})).all()


async def select_machines(conn: ReadConnection, run: int) -> Sequence[Row[Any]]:
    """The machines as a run saw them."""
    return (await conn.execute(_MACHINES, {"run": run})).all()


async def select_promised(conn: ReadConnection, run: int, seq: int) -> Sequence[Row[Any]]:
    """What a run promised an order of each yarn."""
    return (await conn.execute(_PROMISED, {"run": run, "seq": seq})).all()


async def select_plan_order(conn: ReadConnection, run: int, number: str) -> Row[Any] | None:
    """An order as a run saw it."""
    query = select(*_ORDER).where(_ORDER.run_id == run, _is(number))
    return (await conn.execute(query.order_by((_ORDER.order_no == number).desc()).limit(1))).one_or_none()


def _is(number: str) -> ColumnElement[bool]:
    """The number as it is written or in upper case, as orders are found everywhere."""
    return _ORDER.order_no.in_([number, number.upper()])
