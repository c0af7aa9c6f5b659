"""How a request about appliances is answered: named ones are found first, as versions bear their stations."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Path
from starlette.responses import Response

from service.core.database import ReadConnection
from service.crew.answers.appliance_answers import Answered, Asking
from service.crew.answers.asked import checked_range
from service.crew.answers.finding import appliance_asked
from service.crew.queries import scopes
from service.crew.queries.appliances import ApplianceRow
from service.crew.router.answers import Call
from service.reporting.entities import Answer, answer
from service.schemas.asked import Word

AHEAD: Final = timedelta(days=14)
"""A range that is not given: two weeks from now."""

Name = Annotated[Word, Path(description="Name of an appliance, such as `P22P6`.")]


async def found(call: Call, name: str, station: str | None, pointer: str = "/query/station") -> ApplianceRow:
    """The appliance of a request. Raises as `appliance_asked`."""
    async with call.runtime.database.read() as conn:
        return await appliance_asked(conn, call.caller, name, station, pointer)


async def answer_about(
    call: Call,
    appliance: ApplianceRow,
    known_at: datetime | None,
    build: Callable[[Asking], Awaitable[Answered]],
    *,
    kept: bool = True,
) -> Response:
    """An answer that stands on everything of the appliance's station."""

    async def built(conn: ReadConnection) -> Answer:
        made = await build(Asking(conn, call.runtime.settings, call.now, known_at))
        return Answer(made.body, made.until)

    return await answer(call, built, [scopes.of_station(appliance.station.code)], kept=kept)


def range_of(call: Call, ask: Any, place: str = "/query") -> tuple[datetime, datetime]:
    """The range of a question, by default the next two weeks. Raises as `checked_range`."""
    start = ask.from_ or call.now
    end = ask.to or start + AHEAD
    checked_range(start, end, place)
    return start, end
