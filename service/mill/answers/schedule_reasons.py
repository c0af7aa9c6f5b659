"""Why an order is knitted when and where it is, and what would make it punctual."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.schedules import MadeSchedule
from service.mill.queries.schedules import select_operations, select_promised
from service.mill.rules.orders import NO_DUE_DATE
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep
from service.schemas.mill.schedules import MillOperationsFilter

VERSION: Final = "mill-schedule/1"
RULE: Final = "Hours after 24:00 of the due date at which its last part ends, 0 in time."
_SOURCE: Final = "spec E.7"
_WAITED: Final = {
    "material": "It waits for the last of its yarn.",
    "machine": "It waits until the machine has knitted what was served before it.",
    "calendar": "It waits until the machine's shift begins.",
    "due_date": "It begins no sooner than its due date asks (backward plan).",
}
_REFUSED: Final = {
    "NO_ELIGIBLE_MACHINE": "no machine can knit it: its work centre is unknown, or all of it are down",
    "NO_RATE": "nobody knows how fast it is knitted",
    "NO_MATERIAL": "nothing is expected that would complete its yarn",
    "ON_HOLD": "it is on hold",
    "NO_QUANTITY": "nothing is left to knit",
    "NO_WORKING_TIME": "the calendars of its machines have no room for it",
}
_REMEDIES: Final = {
    "YARN_AT_ONCE": "if its yarn were there at once",
    "SERVED_FIRST": "if it were served before all that is not frozen",
    "FIRST_WITH_YARN": "if its yarn were there at once and it were served first",
    "DIVIDED": "if it were served first and divided over several machines",
    "WITHOUT_PAUSES": "if it were served first and the shifts never paused",
}


async def explain_order(conn: ReadConnection, found: MadeSchedule, order: Row[Any]) -> Explanation:
    """The course of an order through a schedule: figures to recompute its lateness from, and the reasons."""
    asked = MillOperationsFilter(machine=None, work_center=None, order=order.order_no, late=None)
    parts = sorted(await select_operations(conn, found.number, asked), key=lambda part: part.seq)
    zone = ZoneInfo(found.stats["zone"])
    promised = await select_promised(conn, found.number, order.seq)
    due = None if order.due_date is None else found.clock.instant(found.clock.end_of(order.due_date))
    ends = [part.run_end for part in parts]
    late = None if due is None or not ends else max(0.0, (max(ends) - due).total_seconds() / 3600)
    return Explanation(
        subject=f"Order {order.order_no} in schedule {found.number}",
        value=None if late is None else round(late, 4),
        unit="hours",
        rule=RULE,
        rule_version=VERSION,
        inputs=[*_inputs(found, order, due, zone), *_ends(parts, zone), *_yarns(promised, order)],
        steps=[*_refused(order), *(step for part in parts for step in _steps(part, zone))],
    )


def _inputs(
    found: MadeSchedule, order: Row[Any], due: datetime | None, zone: ZoneInfo
) -> Iterator[ExplanationInput]:
    yield ExplanationInput(
        name="due", value=NO_DUE_DATE if due is None else _wall(due, zone),
        link=f"/v1/mill/plan-runs/{found.number}/orders?order={quote(order.order_no)}",
    )  # fmt: skip
    yield ExplanationInput(name="place in the order of service", value=order.seq)
    yield ExplanationInput(name="priority", value=order.priority)
    yield ExplanationInput(name="to be knitted", value=f"{order.quantity:.4f}", unit="lb")
    yield ExplanationInput(name="rule", value=found.parameters.schedule_rule)
    yield ExplanationInput(name="planned from", value=_wall(found.clock.epoch, zone))


def _ends(parts: Sequence[Row[Any]], zone: ZoneInfo) -> Iterator[ExplanationInput]:
    for part in parts:
        name = "end" if len(parts) == 1 else f"end of part {part.seq}"
        yield ExplanationInput(name=name, value=_wall(part.run_end, zone))


def _yarns(promised: Sequence[Row[Any]], order: Row[Any]) -> Iterator[ExplanationInput]:
    """What of its yarn is promised from where: the last to come decides when it is ready."""
    if order.reason is not None:
        yield ExplanationInput(name="yarn", value=order.reason)
    pegs = f"/v1/mill/plan-runs/{order.run_id}/pegs?order={quote(order.order_no)}"
    for row in promised:
        whence = "stock" if row.available_on is None else f"purchase {row.po_no} on {row.available_on}"
        yield ExplanationInput(
            name=f"yarn {row.yarn_code}, of {row.required_lb:.4f} lb from {whence}",
            value=f"{row.quantity_lb:.4f}",
            unit="lb",
            link=f"{pegs}&yarn={quote(row.yarn_code)}",
        )
    if order.ready_on is not None:
        yield ExplanationInput(name="all of its yarn is there on", value=order.ready_on.isoformat())


def _refused(order: Row[Any]) -> Iterator[ExplanationStep]:
    if order.schedule_reason is not None:
        yield ExplanationStep(
            rule="What has no place says why.",
            source=_SOURCE,
            outcome=_REFUSED.get(order.schedule_reason, order.schedule_reason),
            value=order.schedule_reason,
        )


def _steps(part: Row[Any], zone: ZoneInfo) -> Iterator[ExplanationStep]:
    why = part.why
    if part.frozen:
        yield ExplanationStep(
            rule="What is being knitted, or begins within the freeze window, is not moved.",
            source=_SOURCE, outcome=f"it stays on {part.machine_code}", value=_wall(part.setup_start, zone),
        )  # fmt: skip
    for cause, hours in why.get("waited_hours", {}).items():
        yield ExplanationStep(
            rule=_WAITED[cause], source=_SOURCE, outcome=f"on {part.machine_code}", value=float(hours),
            unit="hours",
        )  # fmt: skip
    if why.get("alternatives") is not None:
        yield _choice(part, zone)
    if why.get("rate_source") is not None:
        estimated = ", an estimate" if why.get("rate_estimated") else ""
        yield ExplanationStep(
            rule="The first source that states a rate decides how long it runs.",
            source=_SOURCE, outcome=f"{why['rate_source']}{estimated}",
            value=round((part.run_end - part.run_start).total_seconds() / 3600, 4), unit="hours",
        )  # fmt: skip
    for one in why.get("remedies", ()):
        yield ExplanationStep(
            rule=f"It would end sooner {_REMEDIES[one['kind']]}.",
            source=_SOURCE,
            figure=one["kind"],
            outcome=f"{'in time' if one['punctual'] else 'still late'}, on {', '.join(one['machines'])}",
            value=_wall(datetime.fromisoformat(one["end"]), zone),
        )


def _choice(part: Row[Any], zone: ZoneInfo) -> ExplanationStep:
    """The machines that could have knitted it, each with the end that it would have brought."""
    others = part.why.get("others", [])
    return ExplanationStep(
        rule="The machine is chosen that ends it first, then with the least set-up, the earliest begin.",
        source=_SOURCE,
        outcome=f"{part.machine_code}, of {part.why['alternatives']} that could knit it",
        value=_wall(part.run_end, zone),
        inputs=[
            ExplanationInput(
                name=f"end on {one['machine']}", value=_wall(datetime.fromisoformat(one["end"]), zone)
            )
            for one in others
        ],
    )


def _wall(at: datetime, zone: ZoneInfo) -> str:
    """An instant by the mill's clocks, with its offset."""
    return at.astimezone(zone).isoformat()
