"""Knit orders changed by a planner; what they no longer need goes back at once (spec E.6, E.11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Row

from service.access import audit
from service.access.answering import require_version
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, FieldError, unknown_value
from service.mill.answers.needs import assumed, needs_of
from service.mill.answers.orders import progress_of
from service.mill.answers.shown import lb
from service.mill.queries import allocations, orders
from service.mill.queries.known import near_codes
from service.mill.queries.recipes import select_recipes
from service.mill.rules.allocation import Claim
from service.mill.rules.orders import BadMove, Progress, Status, check_move
from service.mill.rules.parameters import Parameters
from service.mill.rules.releasing import Allocation, Release, reduced, released
from service.schemas.mill.orders import MillOrderChangeAsk

_PLAIN: Final = {"priority": "priority", "start_date": "start_date", "due_date": "due_date"}
_NEVER_NULL: Final = ("status", "priority", "quantity_lb")
_WITH_MACHINE: Final = {("pending", True): {"status": "assigned"}, ("assigned", False): {"status": "pending"}}
"""What becomes of an order that is given a machine, or loses it, where nobody says more (E.6, last)."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The number of the order and what it gave back."""

    order_no: str
    released: Sequence[Release]


async def change(
    conn: WriteConnection,
    caller: Caller,
    row: Row[Any],
    asked: MillOrderChangeAsk,
    if_match: str | None,
    parameters: Parameters,
    as_of: date,
) -> Changed:
    """Change an order at the version that `If-Match` names.

    Raises `PreconditionRequired`, `PreconditionFailed`, `Conflict` for a move that its course does not allow,
    `Invalid` for a machine that there is not.
    """
    await orders.lock_orders(conn, [row.id])
    before = await orders.select_order(conn, row.order_no)
    assert before is not None  # nobody deletes orders
    require_version(before.row_version, if_match)
    values = await _values(conn, before, asked)
    _check(before, values, asked)
    if not values:
        return Changed(before.order_no, ())
    await orders.update_order(conn, before.id, values)
    given_back = await _give_back(conn, caller, before, asked, parameters, as_of)
    await audit.record(
        conn, caller, "mill.order_changed", f"order:{before.order_no}",
        before={name: _plain(getattr(before, name, None)) for name in values if name != "machine_id"},
        after={
            **{name: _plain(value) for name, value in values.items()},
            "reason": asked.reason,
            "released": [
                {"id": one.allocation.number, "quantity_lb": lb(one.pounds)} for one in given_back
            ],
        },
    )  # fmt: skip
    return Changed(before.order_no, given_back)


async def _values(conn: WriteConnection, before: Row[Any], asked: MillOrderChangeAsk) -> dict[str, Any]:
    """The columns that change."""
    named = asked.model_fields_set
    values: dict[str, Any] = {name: getattr(asked, name) for name in _PLAIN if name in named}
    if asked.status is not None:
        values["status"] = asked.status
    if asked.quantity_lb is not None:
        values["quantity"] = asked.quantity_lb
    for name in list(values):
        if getattr(before, name) == values[name] or (values[name] is None and name in _NEVER_NULL):
            del values[name]
    if "machine" in named and asked.machine != before.machine_code:
        values["machine_id"] = await _machine(conn, asked.machine)
        if asked.status is None:
            values |= _WITH_MACHINE.get((before.status, asked.machine is not None), {})
    if values.get("status") in ("completed", "cancelled"):
        values["closed_reason"] = asked.reason
    return values


async def _machine(conn: WriteConnection, code: str | None) -> int | None:
    if code is None:
        return None
    number = await orders.select_machine(conn, code)
    if number is None:
        raise unknown_value("/body/machine", "machine", code, await near_codes(conn, "machine", code))
    return number


def _check(before: Row[Any], values: Mapping[str, Any], asked: MillOrderChangeAsk) -> None:
    if asked.status is None or "status" not in values:
        return
    now = progress_of(before)
    progress = Progress(values.get("quantity", now.ordered), now.produced, now.shipped, now.seconds)
    has_machine = values.get("machine_id", before.machine_code) is not None
    try:
        check_move(
            cast(Status, before.status),
            values["status"],
            progress,
            has_machine=has_machine,
            reason=asked.reason,
        )
    except BadMove as error:
        field = FieldError("/body/status", error.code, str(error))
        raise Conflict(str(error), code=error.code.lower(), errors=[field]) from None


async def _give_back(
    conn: WriteConnection, caller: Caller, before: Row[Any], asked: MillOrderChangeAsk,
    parameters: Parameters, as_of: date,
) -> list[Release]:  # fmt: skip
    """Release what the order as it is now does not keep; nothing of a need that nobody knows."""
    live = [live_allocation(row) for row in await allocations.select_live(conn, [before.id])]
    found = released(cast(Status, asked.status or before.status), live)
    if live and asked.quantity_lb is not None and asked.quantity_lb < before.quantity:
        gone = {one.allocation.number for one in found}
        kept = [one for one in live if one.number not in gone]
        needed = await _required(conn, before, parameters, as_of)
        if needed is not None:
            found += reduced(needed, kept, may_release_hard=asked.release_hard)
    await release_parts(conn, caller.id, found, asked.reason)
    return found


async def release_parts(
    conn: WriteConnection, who: str, found: Sequence[Release], reason: str | None
) -> None:
    """Release allocations whole, or cut a part off them."""
    if found:
        await allocations.lock_allocations(conn, [one.allocation.number for one in found])
    whole = [one.allocation.number for one in found if one.pounds == one.allocation.pounds]
    parts = {one.allocation.number: one.pounds for one in found if one.pounds < one.allocation.pounds}
    if whole:
        await allocations.release_allocations(conn, whole, who, reason)
    if parts:
        await allocations.cut_allocations(conn, parts)


async def _required(
    conn: WriteConnection, before: Row[Any], parameters: Parameters, as_of: date
) -> Mapping[str, Decimal] | None:
    """Pounds of each yarn that it needs now; None where not all of that is known."""
    after = await orders.select_order(conn, before.order_no)
    assert after is not None
    book = await select_recipes(conn, [after.style_code], as_of)
    needs = needs_of([after], assumed(book.recipes, parameters).recipes, book)
    return None if after.order_no in needs.unknown else needs.of[after.order_no]


def live_allocation(row: Row[Any]) -> Allocation:
    """A row of a live allocation, as the rules of releasing see it."""
    claim = Claim(row.order_no, row.yarn_code, row.required_lb, row.priority, row.due_date)
    return Allocation(row.id, claim, row.kind, row.quantity_lb)


def _plain(value: Any) -> Any:
    return lb(value) if isinstance(value, Decimal) else value if isinstance(value, int | None) else str(value)
