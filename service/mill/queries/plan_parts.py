"""The parts of a plan as lists: each with its order, its filters and the names that its rows need."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, select, text

from service.core.database import ReadConnection
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.mill import models
from service.schemas.envelope import Page, PageAsk
from service.schemas.mill import plan_parts as asked

_ACTION = models.PlanAction.__table__.c
_BUCKET = models.PlanBucket.__table__.c
_ORDER = models.PlanOrder.__table__.c
_PEG = models.PlanPeg.__table__.c
_GIVEN = models.PlanAllocation.__table__.c
_NEED = models.PlanRequirement.__table__.c
_RECEIPT = models.PlanReceipt.__table__.c
_YARN = models.PlanYarn.__table__.c

Part = tuple[str, Sequence[SortKey], Select[Any]]
"""A list: its name, its order, its statement."""


async def read_part(
    conn: ReadConnection, cursors: Cursors, ask: PageAsk, part: Part, number: int
) -> tuple[list[Row[Any]], Page]:
    """One page of a part of the plan `number`; a cursor holds for that plan alone."""
    name, keys, statement = part
    paging = Paging(cursors, ask, f"mill/{name}/{number}", keys)
    found = (await conn.execute(paging.narrow(statement))).all()
    return paging.page(found, await count_up_to(conn, statement) if paging.wants_total else None)


def weeks(number: int, ask: asked.MillPlanWeeksAsk) -> Part:
    """Weeks of yarns."""
    columns = [column for column in _BUCKET if column.name != "run_id"]
    statement = _with_yarn(_BUCKET, number, _YARN.yarn_code, *columns)
    statement = _where(statement, _YARN.yarn_code, ask.yarn)
    if ask.short is not None:
        statement = statement.where((_BUCKET.shortage > 0) == ask.short)
    return "plan-weeks", [SortKey("yarn_code", _YARN.yarn_code), SortKey("bucket", _BUCKET.bucket)], statement


def actions(number: int, ask: asked.MillActionsAsk) -> Part:
    """What is advised."""
    statement = _where(_actions(number), _YARN.yarn_code, ask.yarn)
    statement = _where(statement, _ACTION.action, ask.action)
    statement = _where(_where(statement, _ACTION.state, ask.state), _ACTION.assignee, ask.assignee)
    return "plan-actions", [SortKey("seq", _ACTION.seq)], statement


def requirements(number: int, ask: asked.MillPlanOfOrderAsk) -> Part:
    """What each order needs."""
    statement = _of_order_and_yarn(
        _NEED, number, ask, _NEED.path, _NEED.bucket, _NEED.need_date, _NEED.gross_lb
    )
    keys = [*_BY_YARN_AND_ORDER, SortKey("path", _NEED.path)]
    return "plan-requirements", keys, statement


def pegs(number: int, ask: asked.MillPegsAsk) -> Part:
    """Which supply serves which order."""
    columns = (_PEG.seq, _PEG.supply_kind, _PEG.supply_id, _PEG.supply_date, _PEG.need_date, _PEG.quantity)
    statement = _of_order_and_yarn(_PEG, number, ask, *columns, _RECEIPT.po_no)
    statement = _with_receipt(statement, _PEG.run_id, _PEG.supply_id)
    statement = _where(statement, _PEG.supply_kind, ask.supply)
    if ask.receipt_id is not None:
        statement = statement.where(_PEG.supply_kind == "receipt", _PEG.supply_id == ask.receipt_id)
    return "plan-pegs", [SortKey("seq", _PEG.seq)], statement


def allocations(number: int, ask: asked.MillPlanOfOrderAsk) -> Part:
    """What is promised."""
    columns = (
        _GIVEN.part, _GIVEN.kind, _GIVEN.required_lb, _GIVEN.quantity_lb, _GIVEN.receipt_id,
        _GIVEN.available_on, _GIVEN.reason,
    )  # fmt: skip
    statement = _of_order_and_yarn(_GIVEN, number, ask, *columns)
    keys = [*_BY_YARN_AND_ORDER, SortKey("part", _GIVEN.part)]
    return "plan-allocations", keys, statement


def orders(number: int, ask: asked.MillPlanOrdersAsk) -> Part:
    """Orders in the order of service."""
    statement = select(*_ORDER).where(_ORDER.run_id == number)
    statement = _where(_where(statement, _ORDER.order_no, ask.order), _ORDER.kind, ask.kind)
    statement = _where(_where(statement, _ORDER.kit_status, ask.kit), _ORDER.plannable, ask.plannable)
    return "plan-orders", [SortKey("seq", _ORDER.seq)], statement


def yarns(number: int, ask: asked.MillPlanYarnsAsk) -> Part:
    """Yarns by code."""
    statement = _where(select(*_YARN).where(_YARN.run_id == number), _YARN.yarn_code, ask.yarn)
    if ask.short is not None:
        is_short: ColumnElement[bool] = _YARN.first_short_on.is_not(None)
        statement = statement.where(is_short == ask.short)
    return "plan-yarns", [SortKey("yarn_code", _YARN.yarn_code)], statement


async def select_action(conn: ReadConnection, number: int, seq: int) -> Row[Any] | None:
    """One advice of a plan."""
    row: Row[Any] | None = (await conn.execute(_actions(number).where(_ACTION.seq == seq))).one_or_none()
    return row


_SUFFERERS = text("""
    SELECT p.yarn_id, p.order_seq, max(o.order_no) AS order_no,
           (SELECT sum(q.gross_lb) FROM mill.plan_requirements q
            WHERE (q.run_id, q.yarn_id, q.order_seq) = (p.run_id, p.yarn_id, p.order_seq)) AS need_lb,
           sum(p.quantity) AS short_lb
    FROM mill.plan_pegs p JOIN mill.plan_orders o ON (o.run_id, o.seq) = (p.run_id, p.order_seq)
    WHERE p.run_id = :number AND p.yarn_id = ANY (:yarns)
      AND (p.supply_kind IN ('planned', 'unmet') OR p.supply_date > p.need_date)
    GROUP BY p.run_id, p.yarn_id, p.order_seq ORDER BY p.yarn_id, p.order_seq
""")


async def select_sufferers(conn: ReadConnection, number: int, yarns: Sequence[int]) -> Sequence[Row[Any]]:
    """Of each yarn every order that neither stock nor receipts serve in time, in the order of service."""
    return (await conn.execute(_SUFFERERS, {"number": number, "yarns": list(yarns)})).all()


async def select_order_numbers(conn: ReadConnection, number: int, seqs: Sequence[int]) -> dict[int, str]:
    """Numbers of orders by their places in the order of service."""
    query = select(_ORDER.seq, _ORDER.order_no).where(_ORDER.run_id == number, _ORDER.seq.in_(seqs))
    return {row.seq: row.order_no for row in await conn.execute(query)}


_BY_YARN_AND_ORDER: Final = (SortKey("yarn_code", _YARN.yarn_code), SortKey("order_seq", _ORDER.seq))


def _actions(number: int) -> Select[Any]:
    other = models.Yarn.__table__.alias("other")
    columns = [*_ACTION, _YARN.yarn_code, _YARN.supplier_code, _RECEIPT.po_no, _RECEIPT.line_no]
    columns.append(_RECEIPT.quantity.label("receipt_lb"))
    statement = select(*columns, other.c.yarn_code.label("substitute")).where(_ACTION.run_id == number)
    of_yarn = and_(_YARN.run_id == _ACTION.run_id, _YARN.yarn_id == _ACTION.yarn_id)
    of_receipt = and_(_RECEIPT.run_id == _ACTION.run_id, _RECEIPT.receipt_id == _ACTION.expected_receipt_id)
    joined = models.PlanAction.__table__.outerjoin(models.PlanYarn.__table__, of_yarn)
    joined = joined.outerjoin(models.PlanReceipt.__table__, of_receipt)
    return statement.select_from(joined.outerjoin(other, other.c.id == _ACTION.substitute_id))


def _with_yarn(table: Any, number: int, *columns: Any) -> Select[Any]:
    of_yarn = and_(_YARN.run_id == table.run_id, _YARN.yarn_id == table.yarn_id)
    return select(*columns).where(table.run_id == number, of_yarn)


def _of_order_and_yarn(table: Any, number: int, ask: asked.MillPlanOfOrderAsk, *columns: Any) -> Select[Any]:
    named = (_YARN.yarn_code, _ORDER.seq.label("order_seq"), _ORDER.order_no, *columns)
    statement = _with_yarn(table, number, *named)
    statement = statement.where(_ORDER.run_id == table.run_id, _ORDER.seq == table.order_seq)
    return _where(_where(statement, _YARN.yarn_code, ask.yarn), _ORDER.order_no, ask.order)


def _with_receipt(statement: Select[Any], run: Any, receipt: Any) -> Select[Any]:
    of_receipt = and_(_RECEIPT.run_id == run, _RECEIPT.receipt_id == receipt, _PEG.supply_kind == "receipt")
    return statement.outerjoin_from(models.PlanPeg.__table__, models.PlanReceipt.__table__, of_receipt)


def _where(statement: Select[Any], column: Any, value: Any) -> Select[Any]:
    return statement if value is None else statement.where(column == value)
