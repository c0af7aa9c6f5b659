"""The figures of a copy: the summary of the whole period, as the desk gives it elsewhere (spec D7.4)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from service.children.analytics.answers import figures_of, question_of, section_of
from service.children.analytics.explained import figures_in
from service.children.queries.copies import first_and_last_day
from service.children.queries.figures.asked import Asking
from service.children.rules.windows import Span
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.schemas.children.analytics import FiguresAsk

COLUMNS: Final = ("figure", "value")


async def summary_rows(
    conn: ReadConnection, caller: Caller, child_id: int, params: Mapping[str, Any]
) -> Sequence[dict[str, Any]]:
    """Every figure of the summary by its path, with the days it is of; open ends are the first and last day
    there is something of.
    """
    first, last = await first_and_last_day(conn, child_id)
    span = Span(first=_day(params.get("from")) or first, last=_day(params.get("to")) or last)
    question = question_of(child_id, "summary", FiguresAsk(), datetime.now(UTC))
    asking = Asking(span=span, now=question.asking.now, children=[child_id])
    found = await figures_of(conn, caller, asking, question.parts, "export.create")
    days = {"from": str(span.first), "to": str(span.last), "timezone": found.zone}
    figures = days | figures_in(section_of(found, "summary", question.ask))
    return [{"figure": name, "value": value} for name, value in figures.items()]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
