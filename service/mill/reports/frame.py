"""What every report of the mill begins with: parameters in force, how far its files are known, the plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import NotFound, unknown_value
from service.mill.answers.newest import NewestPlan, newest_plan
from service.mill.answers.standing import completeness_of, standing_of
from service.mill.queries import scopes
from service.mill.queries.ground import select_as_of
from service.mill.queries.parameters import InForce, select_parameters
from service.mill.queries.stocks import StockAsk, select_days
from service.mill.rules.parameters import Parameters
from service.mill.rules.sources import Standing
from service.mill.rules.weeks import day_in
from service.reporting.report import BuildContext, Built

OF_STOCK: Final = ("yarn_inventory",)
OF_ORDERS: Final = ("knit_orders", "bom")
OF_RECEIPTS: Final = ("expected_receipts",)
SCOPES: Final = scopes.ALL
"""All: each report looks at the newest plan and at the last files, which anything may make old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The mill as one snapshot has it, on the day that the report is of."""

    as_of: date
    in_force: InForce
    standing: Standing
    plan: NewestPlan
    zone: str

    @property
    def parameters(self) -> Parameters:
        """The planning parameters."""
        return self.in_force.values

    def built(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        summary: Mapping[str, Any],
        doubts: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> Built:
        """The report, with the parameters that are not the usual ones told."""
        changed = self.parameters.changed()
        told = [f"Assumed: {name} = {value}." for name, value in sorted(changed.items())]
        return Built(
            rows=rows,
            completeness=completeness_of(self.standing, doubts, self.zone),
            timezone=self.zone,
            rules_version=self.in_force.version,
            notes=[*notes, *told],
            summary={"as_of": self.as_of, **summary},
            next_change=self.standing.until,
        )


async def framed(
    conn: ReadConnection, context: BuildContext, kinds: Iterable[str], as_of: date | None = None
) -> Frame:
    """The frame of a report on these kinds of files, of a day or of that of the newest stock."""
    zone = context.settings.mill.time_zone
    day = as_of or await select_as_of(conn) or day_in(zone, context.now)
    return Frame(
        as_of=day,
        in_force=await select_parameters(conn),
        standing=await standing_of(conn, context.now, kinds),
        plan=await newest_plan(conn),
        zone=zone,
    )


async def kept_day(conn: ReadConnection, asked: date | None) -> date | None:
    """The day of an earlier inventory that is asked for; None: the one in force. Raises `Invalid`."""
    if asked is None or asked == await select_as_of(conn):
        return None
    days = await select_days(conn)
    if asked not in days:
        raise unknown_value("/query/as_of", "day of an inventory", str(asked), [str(day) for day in days])
    return asked


def stock_ask(params: Any, day: date | None) -> StockAsk:
    """Which yarns parameters ask for."""
    return StockAsk(code=getattr(params, "yarn", None), supplier=params.supplier, q=params.q, day=day)


def no_such(kind: str, code: str) -> NotFound:
    """What an explanation of a row that is not there answers."""
    return NotFound(f"there is no {kind} {code} in the report")
