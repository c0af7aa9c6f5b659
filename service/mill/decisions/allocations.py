"""Allocations committed and released, under a lock and never beyond what there is (spec E.11, R11)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotFound, unknown_value
from service.mill.answers.needs import Needs, assumed, needs_of
from service.mill.answers.shown import lb
from service.mill.queries import allocations, orders
from service.mill.queries.allocations import StockRow
from service.mill.queries.known import near_codes
from service.mill.queries.recipes import select_recipes
from service.mill.rules.allocation import Claim, Share, allocate, allocate_kits
from service.mill.rules.ground import OPEN
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO
from service.mill.rules.weeks import arrival
from service.schemas.mill.allocations import MillAllocationCommitAsk, MillAllocationLineAsk

STOCK_CHANGED: Final = "STOCK_CHANGED"
Place = tuple[str, str, str, int | None]
"""Order, yarn, kind and receipt: what a line is known by."""


@dataclass(frozen=True, slots=True)
class Given:
    """A line that was asked for and the pounds it was given."""

    line: MillAllocationLineAsk
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class Committed:
    """What was given, the rows that hold it, and the stock afterwards."""

    lines: Sequence[Given]
    ids: Sequence[int]
    stock: Mapping[str, StockRow]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a commit stands on, locked."""

    orders: Mapping[str, Row[Any]]
    needs: Needs
    stock: Mapping[str, StockRow]
    receipts: Mapping[int, Row[Any]]
    arrivals: Mapping[int, date]
    """Of the receipts that can be counted on, the day of each (R9)."""
    held: Mapping[tuple[str, str], Decimal]


async def commit_allocations(
    conn: WriteConnection, caller: Caller, asked: MillAllocationCommitAsk, parameters: Parameters, as_of: date
) -> Committed:
    """Give orders what is asked for, or what is left of it.

    Orders are locked, then yarns, then receipts, each in ascending id: whoever comes second waits, and then
    sees what is left. Raises `Invalid` for what no order needs, `Conflict` (`stock_changed`) for what is no
    longer there, `Conflict` (`order_not_open`).
    """
    ground = await _locked(conn, asked, parameters, as_of)
    _check_needs(asked.lines, ground)
    given = _given(asked, ground, parameters)
    if asked.when_short == "refuse" or not any(one.pounds for one in given):
        _check_given(given, ground)
    rows = [_row(one, ground) for one in given if one.pounds]
    ids = await allocations.insert_allocations(conn, rows, caller.id)
    await audit.record(
        conn, caller, "mill.allocated", f"allocation:{ids[0]}",
        after={"ids": ids, "lines": rows, "reason": asked.reason},
    )  # fmt: skip
    return Committed(given, ids, await allocations.select_stock(conn, sorted(ground.stock)))


async def _locked(
    conn: WriteConnection, asked: MillAllocationCommitAsk, parameters: Parameters, as_of: date
) -> _Ground:
    numbers = sorted({line.order for line in asked.lines})
    found = {row.order_no: row for row in await orders.select_orders(conn, numbers)}
    await _check_known(conn, asked.lines, found)
    await orders.lock_orders(conn, sorted(row.id for row in found.values()))
    found = {row.order_no: row for row in await orders.select_orders(conn, numbers)}
    _check_open(asked.lines, found)
    book = await select_recipes(conn, sorted({row.style_code for row in found.values()}), as_of)
    needs = needs_of(found.values(), assumed(book.recipes, parameters).recipes, book)
    yarns = sorted({line.yarn for line in asked.lines})
    wanted = sorted({line.receipt_id for line in asked.lines if line.receipt_id is not None})
    await allocations.lock_stock(conn, yarns, wanted)
    coming = {row.id: row for row in await allocations.select_coming(conn, yarns)} if wanted else {}
    arrivals = _arrivals(coming.values(), parameters, as_of)
    held: dict[tuple[str, str], Decimal] = {}
    for row in await allocations.select_live(conn, [one.id for one in found.values()]):
        held[row.order_no, row.yarn_code] = held.get((row.order_no, row.yarn_code), ZERO) + row.quantity_lb
    return _Ground(found, needs, await allocations.select_stock(conn, yarns), coming, arrivals, held)


def _arrivals(coming: Iterable[Row[Any]], parameters: Parameters, as_of: date) -> dict[int, date]:
    policy = parameters.past_due_policy
    days = ((row.id, arrival(row.kind, row.due_date, as_of, policy)) for row in coming)
    return {number: day for number, day in days if day is not None}


async def _check_known(
    conn: WriteConnection, lines: Sequence[MillAllocationLineAsk], found: Mapping[str, Row[Any]]
) -> None:
    for at, line in enumerate(lines):
        if line.order not in found:
            near = await near_codes(conn, "order", line.order)
            raise unknown_value(f"/body/lines/{at}/order", "order", line.order, near)
        if (line.kind == "expected") != (line.receipt_id is not None):
            detail = "an `expected` line names its receipt, and no other does"
            raise _bad(at, "receipt_id", "receipt_and_kind", detail)


def _check_open(lines: Sequence[MillAllocationLineAsk], found: Mapping[str, Row[Any]]) -> None:
    for at, line in enumerate(lines):
        status = found[line.order].status
        if status not in OPEN:
            detail = f"order {line.order} is {status}: nothing is allocated to it"
            raise Conflict(
                detail, code="order_not_open", errors=[FieldError(f"/body/lines/{at}/order", status, detail)]
            )


def _check_needs(lines: Sequence[MillAllocationLineAsk], ground: _Ground) -> None:
    wanted: dict[tuple[str, str], Decimal] = dict(ground.held)
    seen: set[Place] = set()
    for at, line in enumerate(lines):
        place = (line.order, line.yarn, line.kind, line.receipt_id)
        key = place[:2]
        wanted[key] = wanted.get(key, ZERO) + line.quantity_lb
        if place in seen:
            raise _bad(at, "yarn", "repeated_line", "another line is of the same order, yarn and kind")
        seen.add(place)
        if line.order not in ground.needs.of:
            reason = ground.needs.unknown[line.order]
            raise _bad(at, "order", reason, f"what {line.order} needs is not known: {reason}")
        if line.yarn not in ground.stock:
            raise _bad(at, "yarn", "unknown_yarn", f"there is no yarn {line.yarn!r}")
        needed = ground.needs.of[line.order].get(line.yarn, ZERO)
        if wanted[key] > needed:
            held = ground.held.get(key, ZERO)
            detail = f"{line.order} needs {lb(needed)} lb of {line.yarn} and holds {lb(held)} lb"
            raise _bad(at, "quantity_lb", "more_than_needed", detail)
        if line.receipt_id is not None and _receipt_of(line, ground) is None:
            detail = f"no receipt {line.receipt_id} of {line.yarn} that can be counted on is on its way"
            raise _bad(at, "receipt_id", "unknown_receipt", detail)


def _receipt_of(line: MillAllocationLineAsk, ground: _Ground) -> Row[Any] | None:
    row = ground.receipts.get(line.receipt_id or 0)
    return row if row is not None and row.yarn_code == line.yarn and row.id in ground.arrivals else None


def _given(asked: MillAllocationCommitAsk, ground: _Ground, parameters: Parameters) -> list[Given]:
    """What each line gets: hard before soft, then in the order of service; receipts line by line."""
    left = {code: row.left for code, row in ground.stock.items() if row.theoretical is not None}
    least = parameters.kit_minimum_fraction if asked.min_fraction is None else asked.min_fraction
    shares: dict[tuple[str, str, str], Share] = {}
    for kind in ("hard", "soft"):
        claims = [_claim(line, ground) for line in asked.lines if line.kind == kind]
        got = allocate_kits(claims, left, None, least) if asked.mode == "kit" else allocate(claims, left)
        for share in got:
            shares[share.claim.order, share.claim.yarn, kind] = share
            if share.claim.yarn in left:
                left[share.claim.yarn] -= share.allocated
    coming = {number: max(ZERO, row.free) for number, row in ground.receipts.items()}
    found = []
    for line in asked.lines:
        if line.receipt_id is None:
            pounds = shares[line.order, line.yarn, line.kind].allocated
        else:
            pounds = min(line.quantity_lb, coming[line.receipt_id])
            coming[line.receipt_id] -= pounds
        found.append(Given(line, pounds))
    return found


def _claim(line: MillAllocationLineAsk, ground: _Ground) -> Claim:
    order = ground.orders[line.order]
    return Claim(line.order, line.yarn, line.quantity_lb, order.priority, order.due_date)


def _check_given(given: Sequence[Given], ground: _Ground) -> None:
    errors = list(_shortages(given, ground))
    if errors:
        told = "; ".join(error.detail for error in errors[:3])
        raise Conflict(f"less is left than is asked for: {told}", code="stock_changed", errors=errors)


def _shortages(given: Sequence[Given], ground: _Ground) -> Iterator[FieldError]:
    for at, one in enumerate(given):
        line = one.line
        if one.pounds < line.quantity_lb:
            receipt = ground.receipts.get(line.receipt_id or 0)
            stock = ground.stock.get(line.yarn)
            left = ZERO if stock is None else stock.left
            free = max(ZERO, receipt.free) if receipt is not None else left
            where = line.yarn if receipt is None else f"receipt {line.receipt_id} of {line.yarn}"
            detail = (
                f"{lb(free)} lb of {where} are left, {lb(line.quantity_lb)} lb were asked for {line.order}"
            )
            yield FieldError(f"/body/lines/{at}/quantity_lb", STOCK_CHANGED, detail)


def _row(one: Given, ground: _Ground) -> dict[str, Any]:
    line = one.line
    receipt = _receipt_of(line, ground)
    return {
        "order_id": ground.orders[line.order].id,
        "yarn_id": ground.stock[line.yarn].id,
        "kind": line.kind,
        "required_lb": lb(ground.needs.of[line.order][line.yarn]),
        "quantity_lb": lb(one.pounds),
        "receipt_id": line.receipt_id,
        "available_on": None if receipt is None else ground.arrivals[receipt.id].isoformat(),
    }


def _bad(at: int, name: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"/body/lines/{at}/{name}", code, detail)])


async def release(conn: WriteConnection, caller: Caller, number: int, reason: str | None) -> None:
    """Give an allocation back. Raises `NotFound`, `Conflict` (`already_released`)."""
    if await allocations.lock_allocation(conn, number) is None:
        raise NotFound(f"there is no allocation {number}", code="allocation_not_found")
    if not await allocations.release_allocations(conn, [number], caller.id, reason):
        raise Conflict(f"allocation {number} was released before", code="already_released")
    subject = f"allocation:{number}"
    await audit.record(conn, caller, "mill.allocation_released", subject, after={"reason": reason})
