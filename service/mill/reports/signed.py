"""Why figures of a signed report differ today: later files, other parameters, a newer plan."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.queries.since import select_since
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.envelope import Cause

_TOLD: Final = {
    "import": "file_read",
    "plan": "plan_made",
    "parameter": "parameter_set",
    "yarn": "yarn_edited",
    "order": "order_edited",
    "allocation": "allocation_changed",
    "action": "action_decided",
}
UNKNOWN: Final = Cause(code="not_known", detail="nothing that was kept since the sealing tells why")
_OF_STOCK: Final = ("import", "plan", "parameter", "yarn")


async def causes_of_stock(
    conn: ReadConnection, params: Any, found: Sequence[Difference], sealing: Sealing, context: BuildContext
) -> Sequence[Sequence[Cause]]:
    """For each difference what happened since the sealing; each has at least one cause."""
    _ = params, context
    rows = await select_since(conn, sealing.read_from)
    return [[*_causes(rows, one, sealing)] or [UNKNOWN] for one in found]


def _causes(rows: Iterable[Row[Any]], one: Difference, sealing: Sealing) -> Iterator[Cause]:
    """What is of a yarn or an order by name concerns its own row alone."""
    named = {str(value) for value in one.key.values()}
    for row in rows:
        if row.subject is None or row.subject in named:
            yield Cause(
                code=_TOLD[row.kind], detail=row.detail, at=row.at, subject=row.subject, link=row.link
            )
    yield from sealing.new_rules
