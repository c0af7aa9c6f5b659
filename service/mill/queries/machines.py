"""Machines one by one: listed, found, changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, text, update

from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.mill import models
from service.schemas.mill.plant import MillMachinesAsk

_MACHINE = models.Machine.__table__.c
_CENTER = models.WorkCenter.__table__.c
_STYLE = models.Style.__table__.c
_OWN = models.Calendar.__table__.alias("own").c
_CENTERS_OWN = models.Calendar.__table__.alias("centers_own").c
BY_CODE: Final = (SortKey("machine_code", _MACHINE.machine_code),)
_LOCK = text("""
    SELECT id, status, available_from, efficiency, row_version FROM mill.machines
    WHERE machine_code = :code FOR UPDATE
""")
_CODES = text("SELECT machine_code FROM mill.machines ORDER BY machine_code")
# What the published schedule has begun on a machine binds it, what it has not is only a plan.
_BEGUN = text("""
    SELECT p.machine_code, max(p.run_end) AS free_from,
           (array_agg(o.style_code ORDER BY p.run_end DESC))[1] AS style_code
    FROM mill.published_runs r JOIN mill.schedule_ops p ON p.run_id = r.run_id
    JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
    WHERE r.kind = 'schedule' AND p.machine_code = :machine AND p.setup_start <= :now AND p.run_end > :now
    GROUP BY p.machine_code
""")
_WAITING = text("""
    SELECT o.order_no, s.style_code, o.balance, o.priority, o.status, o.due_date, w.code AS work_center,
           s.rate_lb_per_day, m.machine_code AS planned_on, k.kit_status, k.ready_on, k.reason, s.bom_status,
           CASE WHEN p.order_id IS NOT NULL AND o.machine_id = p.machine_id THEN p.fixed
                ELSE m.machine_code END AS machine_code
    FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id
    LEFT JOIN mill.work_centers w ON w.id = s.work_center_id
    LEFT JOIN mill.machines m ON m.id = o.machine_id
    LEFT JOIN (
        SELECT DISTINCT ON (o.order_id) o.order_id, p.machine_id, o.machine_code AS fixed
        FROM mill.published_runs r JOIN mill.schedule_ops p ON p.run_id = r.run_id
        JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
        WHERE r.kind = 'schedule' AND o.order_id IS NOT NULL
        ORDER BY o.order_id, p.setup_start, p.seq
    ) AS p ON p.order_id = o.id
    LEFT JOIN mill.plan_orders k ON k.run_id = CAST(:plan AS bigint) AND k.order_id = o.id
    WHERE o.status IN ('pending', 'assigned', 'in_progress') AND o.balance > 0
    ORDER BY o.priority, o.due_date NULLS LAST, o.order_no
""")


def machines(asked: MillMachinesAsk | None = None) -> Select[Any]:
    """Machines with centre, style and the calendar that they follow, in no order."""
    table, center = models.Machine.__table__, models.WorkCenter.__table__
    own, centers = _OWN.id.table, _CENTERS_OWN.id.table
    statement = select(
        *_MACHINE, _CENTER.code.label("center"), _CENTER.active, _STYLE.style_code,
        _OWN.name.label("own_calendar"),
        func.coalesce(_OWN.name, _CENTERS_OWN.name).label("calendar"),
    ).select_from(
        table.join(center, _CENTER.id == _MACHINE.work_center_id)
        .outerjoin(models.Style.__table__, _STYLE.id == _MACHINE.current_style_id)
        .outerjoin(own, _OWN.id == _MACHINE.calendar_id)
        .outerjoin(centers, _CENTERS_OWN.id == _CENTER.calendar_id)
    )  # fmt: skip
    if asked is not None and asked.work_center is not None:
        statement = statement.where(_CENTER.code == asked.work_center)
    if asked is not None and asked.status is not None:
        statement = statement.where(_MACHINE.status == asked.status)
    return statement


async def select_machine(conn: ReadConnection, code: str) -> Row[Any] | None:
    """A machine by its code."""
    query = machines().where(_MACHINE.machine_code == code)
    row: Row[Any] | None = (await conn.execute(query)).one_or_none()
    return row


async def lock_machine(conn: WriteConnection, code: str) -> Row[Any] | None:
    """A machine, so that nobody else changes it meanwhile."""
    return (await conn.execute(_LOCK, {"code": code})).one_or_none()


async def put_machine(conn: WriteConnection, number: int, changes: Mapping[str, Any]) -> None:
    """Change columns of a machine."""
    query = update(models.Machine).where(_MACHINE.id == number)
    await conn.execute(query.values(**changes, row_version=_MACHINE.row_version + 1))


async def select_machine_codes(conn: ReadConnection) -> list[str]:
    """Every code, to name near ones."""
    return list((await conn.execute(_CODES)).scalars())


async def select_begun(conn: ReadConnection, machine: str, now: object) -> Row[Any] | None:
    """Until when a machine is busy with what the published schedule has begun, and what that is."""
    return (await conn.execute(_BEGUN, {"machine": machine, "now": now})).one_or_none()


async def select_waiting(conn: ReadConnection, plan: int | None) -> Sequence[Row[Any]]:
    """Open orders in the order of service, with the state of their yarn as a plan found it."""
    return (await conn.execute(_WAITING, {"plan": plan})).all()
