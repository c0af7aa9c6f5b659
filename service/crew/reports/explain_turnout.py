"""Why somebody stands as the report `turnout` shows them: what the grid says around the instant."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from service.core.database import ReadConnection
from service.crew.answers.asked import no_such_person, station_of
from service.crew.answers.states import minutes_left, shown_name
from service.crew.queries.states import AnyRow, StateRow, Whom, select_segments, select_states
from service.crew.reports.tallied import written
from service.reporting.report import BuildContext
from service.schemas.crew.turnout import TurnoutExplainParams
from service.schemas.envelope import Explanation, ExplanationInput

VERSION: Final = "crew-standing/1"
_RULES: Final = {
    "state": "What the grid says of the instant; not known where it was not read or does not tell.",
    "since": "Where the run of available stretches without a gap begins that holds the instant.",
    "until": "Where the run of available stretches without a gap ends that holds the instant.",
    "minutes_left": "Whole minutes from the instant to `until`.",
    "next_from": "Where the first available stretch after the instant begins.",
    "known_until": "Where the run of stretches of any state without a gap ends that holds the instant.",
}
_WHY: Final = {
    "not_fetched": "no grid that covers the instant was read",
    "not_listed": "the grid of the day does not list this person",
    "unclassified": "this person's cells at the instant could not be read",
}
_MOMENT: Final = timedelta(microseconds=1)


async def explain_turnout(
    conn: ReadConnection, params: TurnoutExplainParams, context: BuildContext
) -> Explanation:
    """The stretches around the instant that a person's figure follows from."""
    assert params.station is not None
    at = (params.at or context.now).astimezone(UTC)
    station = await station_of(conn, context.caller, params.station)
    whom = Whom([station.id], [params.crew_id], params.known_at)
    row = next(iter(await select_states(conn, whom, at)), None)
    if row is None:
        raise no_such_person(params.crew_id)
    start, end = _around(row, at)
    segments = await select_segments(conn, whom, start, end)
    name = shown_name(row.id, row.name, redact=params.redact)
    return Explanation(
        subject=f"{params.figure} of {name} ({station.code}) at {written(at)}",
        value=_value(row, params.figure, at),
        unit="minutes" if params.figure == "minutes_left" else None,
        rule=_RULES[params.figure],
        rule_version=VERSION,
        inputs=[ExplanationInput(name="instant", value=written(at)), *_inputs(row, segments, (start, end))],
    )


def _around(row: StateRow, at: datetime) -> tuple[datetime, datetime]:
    """All that the figures stand on: from where it is known to the end of the next run, if there is one."""
    ends = [end for end in (row.known_until, row.next_until) if end is not None]
    return row.known_from or at, max([*ends, at + _MOMENT])


def _value(row: StateRow, figure: str, at: datetime) -> Any:
    if figure == "minutes_left":
        return minutes_left(row, at)
    value = getattr(row, figure)
    return written(value) if isinstance(value, datetime) else value


def _inputs(row: StateRow, segments: Any, window: tuple[datetime, datetime]) -> Iterator[ExplanationInput]:
    if row.cause is not None:
        yield ExplanationInput(name="why it is not known", value=_WHY[row.cause])
    asked = urlencode({"from": written(window[0]), "to": written(window[1])})
    for one in segments:
        yield ExplanationInput(
            name=f"{written(one.start)} – {written(one.end)}",
            value=_said(one),
            link=f"/v1/crew/{row.id}/segments?{asked}",
        )


def _said(segment: AnyRow) -> Mapping[str, Any]:
    return {"state": segment.state, "reason": segment.reason}
