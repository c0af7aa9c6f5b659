"""A stretch of a schedule as blocks of its machines, and as a page to print."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.mill.answers.pictures import PictureFrame, PlanFigures, gantt_page
from service.mill.answers.schedules import (
    MadeSchedule,
    block_of,
    find_schedule,
    operation_shown,
    told_of,
    unscheduled_shown,
)
from service.mill.queries.known import require_known
from service.mill.queries.schedules import select_operations, select_unscheduled
from service.mill.rules.scheduling.blocks import Block
from service.mill.rules.scheduling.gantt import gantt, span_of
from service.mill.rules.scheduling.shop import Unscheduled
from service.schemas.exports import Locale
from service.schemas.mill.schedules import MillGanttAsk, MillOperationsFilter

SHOWN: Final = timedelta(days=14)
"""What a picture shows at most where nobody says how much."""
MOST_DAYS: Final = 366
TITLES: Final[dict[Locale, str]] = {"en": "Schedule", "es": "Programa de máquinas"}
EXPLAINED: Final = "/v1/mill/schedule/explain"
"""What a click on an order leads to."""
_DAY: Final = timedelta(days=1)


async def gantt_body(conn: ReadConnection, asked: MillGanttAsk) -> dict[str, Any]:
    """The blocks, by work centre and machine."""
    found = await find_schedule(conn, asked.plan)
    await require_known(conn, asked)
    rows = await select_operations(conn, found.number, _filter(asked))
    start, end = _window(found, asked, [block_of(row) for row in rows])
    shown = [row for row in rows if row.setup_start < end and row.run_end > start]
    shown.sort(key=lambda row: (row.work_center, row.machine_code, row.setup_start))
    by_machine = groupby(shown, key=lambda row: (row.work_center, row.machine_code))
    return {
        **told_of(found),
        "from": start,
        "to": end,
        "rows": [
            {"machine": machine, "work_center": center, "blocks": [operation_shown(row) for row in of]}
            for (center, machine), of in by_machine
        ],
        "outside": len(rows) - len(shown),
    }


async def gantt_html(conn: ReadConnection, asked: MillGanttAsk) -> str:
    """The same as a page."""
    found = await find_schedule(conn, asked.plan)
    await require_known(conn, asked)
    blocks = [block_of(row) for row in await select_operations(conn, found.number, _filter(asked))]
    start, end = _window(found, asked, blocks)
    refused = await select_unscheduled(conn, found.number, found.parameters.kit_tolerance_lb)
    unscheduled = [Unscheduled(one["order"], one["reason"]) for one in unscheduled_shown(refused, found)]
    picture = gantt(blocks, found.stats["zone"], start, end)
    return gantt_page(picture, _figures(found), unscheduled, _frame(found, asked))


def _filter(asked: MillGanttAsk) -> MillOperationsFilter:
    return MillOperationsFilter(machine=None, work_center=asked.work_center, order=None, late=None)


def _window(found: MadeSchedule, asked: MillGanttAsk, blocks: list[Block]) -> tuple[datetime, datetime]:
    """The days that are asked for, from midnight to midnight at the mill. Raises `Invalid`."""
    zone = ZoneInfo(found.stats["zone"])
    first, last = span_of(blocks, found.clock.epoch, SHOWN)
    start = first if asked.from_ is None else _midnight(asked.from_, zone)
    end = max(last, start + _DAY) if asked.to is None else _midnight(asked.to + _DAY, zone)
    if asked.to is None and asked.from_ is not None:
        end = max(_midnight(asked.from_ + SHOWN, zone), start + _DAY)
    if not timedelta() < end - start <= timedelta(days=MOST_DAYS, hours=1):
        detail = f"give `to` on or after `from`, {MOST_DAYS} days at most"
        raise Invalid(detail, errors=[FieldError("/query/to", "bad_window", detail)])
    return start, end


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _figures(found: MadeSchedule) -> PlanFigures:
    stats = found.stats
    return PlanFigures(
        on_time=stats["on_time"],
        with_due=stats["with_due"],
        total_late_hours=Decimal(stats["total_late_hours"]),
        max_late_hours=Decimal(stats["max_late_hours"]),
        makespan_hours=Decimal(stats["makespan_hours"]),
        setup_hours=Decimal(stats["setup_hours"]),
        estimated_rates=stats["estimated_rates"],
    )


def _frame(found: MadeSchedule, asked: MillGanttAsk) -> PictureFrame:
    said = WORDS[asked.locale]
    data = found.made.data
    facts = [(said["number"], str(found.number)), (said["as_of"], data["as_of"].isoformat())]
    facts.append((said["state"], said["published" if found.published else "draft"]))
    notes = [*data["reasons"], *(_assumed(one, said) for one in data["assumptions"])]
    said_in = "" if asked.locale == "en" else f"&locale={asked.locale}"
    explained = f"{EXPLAINED}?plan={found.number}&format=html{said_in}&order="
    return PictureFrame(facts=facts, notes=notes, locale=asked.locale, explained=explained)


def _assumed(one: dict[str, Any], said: dict[str, str]) -> str:
    if "parameter" in one:
        return said["parameter"].format(name=one["parameter"], value=one["value"])
    return said["assumed"].format(name=one["assumption"])


WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "number": "plan", "as_of": "as of", "state": "state", "published": "published",
        "draft": "not published", "parameter": "Parameter {name} is {value} here.",
        "assumed": "Assumed: {name}.",
    },
    "es": {
        "number": "plan", "as_of": "a fecha de", "state": "estado", "published": "publicado",
        "draft": "sin publicar", "parameter": "El parámetro {name} es aquí {value}.",
        "assumed": "Se supone: {name}.",
    },
}  # fmt: skip
"""Words of the frame, beside those of the pictures."""
