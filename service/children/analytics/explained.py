"""Why a figure of a child is what it is: the rule, and every session or activity that it is worked from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from service.children.analytics.answers import figures_of, question_of, section_of
from service.children.door import note_reading
from service.children.queries.figures.reading import Figures
from service.children.rules.definitions import SETS, Definition, Row, definition_of, plain
from service.children.rules.trends import LEAST, THRESHOLDS
from service.core.auth import Caller
from service.core.errors import unknown_value
from service.reporting.snapshots import Platform
from service.schemas.children.analytics import DEFINITIONS, ExplainAsk
from service.schemas.children.figures import Section
from service.schemas.envelope import Explanation, ExplanationInput, Gap, Wire

READING: Final = "analytics.explain"
_NAMED_BY: Final = ("label", "session_id", "session_type", "state", "activity_type", "day", "code")
"""What names an element of a list in a figure's path."""
_INPUTS: Final[Mapping[Section, Sequence[str]]] = {
    "comparison": ("inputs", "inputs_before"),
    "activities": ("inputs_around",),
    "emotions": ("inputs", "inputs_around"),
    "streaks": ("inputs_ever",),
}


async def explain(
    platform: Platform, caller: Caller, child_id: int, section: Section, ask: ExplainAsk
) -> Explanation:
    """Explain a figure and note the reading. Raises `Hidden`; `Invalid` for an unknown figure."""
    question = question_of(child_id, section, ask, datetime.now(UTC))
    wanted = (*question.parts, *inputs_of(section))
    async with platform.database.read() as conn:
        found = await figures_of(conn, caller, question.asking, wanted, READING)
    explanation = explained(found, section, ask)
    await note_reading(platform.database, caller, READING, child_id)
    return explanation


def inputs_of(section: Section) -> Sequence[str]:
    """The documents with the rows that a section's figures are worked from."""
    return _INPUTS.get(section, ("inputs",))


def figures_in(section: Wire) -> dict[str, Any]:
    """Every figure of a section by its path; elements of lists by what names them, or else by their place."""
    return dict(_leaves(section.model_dump(mode="json", by_alias=True), ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _leaves(part, f"{path}.{_name_of(part, place)}")
    else:
        yield path, value


def _name_of(part: Any, place: int) -> str:
    if not isinstance(part, dict):
        return str(place)
    if "scenario_version" in part and "session_id" not in part:
        return f"{part['scenario_version'] or 'unknown'}/{part['device_type'] or 'unknown'}"
    # A day that is a field of something named otherwise is a figure of it.
    return str(next((part[name] for name in _NAMED_BY if name in part), place))


def explained(found: Figures, section: Section, ask: ExplainAsk) -> Explanation:
    """Why a figure of what was found is what it is. Raises `Invalid` for a figure that is not there."""
    answer = section_of(found, section, ask)
    figures = figures_in(answer)
    if ask.figure not in figures:
        raise unknown_value("/query/figure", "figure", ask.figure, figures)
    definition = definition_of(section, ask.figure)
    inputs = [_window(found), *_inputs(found, section, ask.figure, definition)]
    return Explanation(
        subject=f"child:{found.child_id}",
        value=figures[ask.figure],
        unit=definition.unit,
        rule=definition.rule,
        rule_version=DEFINITIONS,
        threshold=_threshold(section, ask.figure),
        inputs=inputs,
        gaps=_gaps(figures, section, ask.figure),
    )


def _window(found: Figures) -> ExplanationInput:
    bounds = {"from_at": found.from_at.isoformat(), "to_at": found.to_at.isoformat(), "days": found.days}
    return ExplanationInput(name="window", value={**bounds, "as_of": found.as_of.isoformat()})


def _threshold(section: Section, figure: str) -> int | None:
    # A comparison's own figures, such as its first day, have no measure to stand for.
    measure, _, below = figure.partition(".")
    name = {"trends": measure, "comparison": below.partition(".")[0]}.get(section, "")
    known = {str(metric): threshold for metric, threshold in THRESHOLDS.items()}
    return (known | {"duration_seconds": known["duration"]}).get(name)


def _gaps(figures: Mapping[str, Any], section: Section, figure: str) -> list[Gap]:
    if section != "trends" or figure.partition(".")[2] not in ("direction", "delta", "early", "late"):
        return []
    n = figures[f"{figure.partition('.')[0]}.n"]
    if n >= LEAST:
        return []
    return [Gap(code="too_few_sessions", need=f"{LEAST} sessions with a value", have=f"{n}")]


def _inputs(
    found: Figures, section: Section, figure: str, definition: Definition
) -> Iterator[ExplanationInput]:
    if section == "comparison":
        yield from _rows(found.documents["inputs_before"], definition, "session", " of the window before")
    kind = (
        "activity" if section == "activities" or figure.startswith(("activities.", "anxiety.")) else "session"
    )
    rows = found.documents.get(
        "inputs_around" if kind == "activity" else "inputs_ever" if section == "streaks" else "inputs"
    )
    chosen = [row for row in rows or () if _concerns(found, section, figure, row)]
    yield from _rows(chosen, definition, kind)


def _rows(
    rows: Sequence[Row] | None, definition: Definition, kind: str, which: str = ""
) -> Iterator[ExplanationInput]:
    chosen = SETS[definition.rows]
    path = "activities" if kind == "activity" else "sessions"
    for row in rows or ():
        if chosen(row):
            values = {name: plain(row[name]) for name in definition.fields if name in row}
            link = f"/v1/children/{path}/{row['id']}"
            yield ExplanationInput(name=f"{kind} {row['id']}{which}", value=values, link=link)


def _concerns(found: Figures, section: Section, figure: str, row: Row) -> bool:
    """Whether a row belongs to the bucket, type or place in the series that the figure is of."""
    name = figure.split(".")[1] if "." in figure else ""
    if section == "by-type":
        return bool(row["session_type"] == name)
    if section == "timeseries" and name:
        return _within(found, name, row)
    if section == "series":
        [place] = [one for one in found.documents["series"] if str(one["session_id"]) == name]
        return (datetime.fromisoformat(row["started_at"]), row["id"]) <= (
            datetime.fromisoformat(place["started_at"]),
            place["session_id"],
        )
    if section == "streaks":
        return date.fromisoformat(row["day"]) <= found.as_of
    return True


def _within(found: Figures, label: str, row: Row) -> bool:
    buckets = next(rows for name, rows in found.documents.items() if name.startswith("timeseries_"))
    [bucket] = [one for one in buckets if one["label"] == label]
    return bool(bucket["from"] <= row["day"] <= bucket["to"])
