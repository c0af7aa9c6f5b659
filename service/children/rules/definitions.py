"""What every figure is worked from, in one line each: unit, rule, and which rows with which of their values.

Explanations are written from here, so that a figure can be worked again from its explanation alone (spec D7).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any, Final

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: `rows` names the set it is worked over, `fields` the values of these that it takes."""

    unit: str | None
    rows: str
    fields: Sequence[str]
    rule: str


SETS: Final[Mapping[str, Callable[[Row], bool]]] = {
    "all": lambda _: True,
    "finished": lambda row: row["f"],
    "completed": lambda row: row["c"],
    "timed": lambda row: row["c"] and row["duration_seconds"] is not None,
    "engaged": lambda row: row["f"] and row["engagement_score"] is not None,
    "accurate": lambda row: row["f"] and row["accuracy_pct"] is not None,
    "helped": lambda row: row["f"] and row["interactions_count"] > 0,
    "rated": lambda row: row["f"] and row["parent_rating"] is not None,
    "leveled": lambda row: row["anxiety_level_before"] is not None and row["anxiety_level_after"] is not None,
}
"""Sets of sessions (finished, completed …) and activities (leveled: with anxiety before and after)."""

_STATUS, _SCORE = ("completion_status",), ("score",)
_ANSWERS, _HELP = ("correct_responses", "incorrect_responses"), ("help_requests", "interactions_count")
_STATES = ("initial_state", "final_state")
_ALL = ("completion_status", "engagement_score", "active_seconds", *_ANSWERS, *_HELP, *_STATES)
_SETUP = ("scenario_version", "device_type")

_MEASURES: Final[Mapping[str, Definition]] = {
    "total": Definition("sessions", "all", _STATUS, "number of sessions that began in the window"),
    "finished": Definition("sessions", "all", _STATUS, "number of sessions that are not in progress"),
    "completed": Definition("sessions", "all", _STATUS, "number of completed sessions"),
    "abandoned": Definition("sessions", "all", _STATUS, "number of abandoned sessions"),
    "interrupted": Definition("sessions", "all", _STATUS, "number of interrupted sessions"),
    "in_progress": Definition("sessions", "all", _STATUS, "number of sessions in progress"),
    "completion_rate": Definition("percent", "finished", _STATUS, "100 × completed / finished"),
    "score": Definition("points", "completed", _SCORE, "{what} of the score of completed sessions"),
    "duration_seconds": Definition(
        "seconds", "timed", ("duration_seconds",), "{what} of the duration of completed sessions"
    ),
    "duration": Definition(
        "seconds", "timed", ("duration_seconds",), "{what} of the duration of completed sessions"
    ),
    "active_seconds": Definition(
        "seconds", "finished", ("active_seconds",), "sum of active seconds of finished sessions"
    ),
    "engagement": Definition(
        "points", "engaged", ("engagement_score",), "{what} of engagement of finished sessions that have one"
    ),
    "accuracy": Definition(
        "percent", "accurate", ("accuracy_pct",), "{what} of accuracy of finished sessions that have one"
    ),
    "accuracy_pooled": Definition(
        "percent", "finished", _ANSWERS, "100 × Σ correct / Σ (correct + incorrect) over finished sessions"
    ),
    "independence": Definition(
        "percent", "helped", _HELP,
        "{what} of 100 × (1 − help / interactions) over finished sessions with interactions",
    ),
    "help_rate": Definition(
        "percent", "finished", _HELP, "100 × Σ help / Σ interactions over finished sessions"
    ),
    "parent_rating": Definition(
        "points", "rated", ("parent_rating",), "{what} of the parents' rating of finished sessions"
    ),
    "sessions_per_week": Definition("sessions", "finished", _STATUS, "finished / days of the window × 7"),
}  # fmt: skip

_OWN: Final[Mapping[str, Definition]] = {
    "summary/accuracy.pooled": _MEASURES["accuracy_pooled"],
    "summary/accuracy.correct": Definition(
        "responses", "finished", _ANSWERS, "Σ correct over finished sessions"
    ),
    "summary/accuracy.responses": Definition(
        "responses", "finished", _ANSWERS, "Σ (correct + incorrect) over finished sessions"
    ),
    "summary/help.pooled_rate": _MEASURES["help_rate"],
    "summary/help.requests": Definition("requests", "finished", _HELP, "Σ help over finished sessions"),
    "summary/help.interactions": Definition(
        "interactions", "finished", _HELP, "Σ interactions over finished sessions"
    ),
    "summary/labels.attention": Definition(
        None, "engaged", ("active_seconds",),
        "mean active minutes: 20 or more high, 10 or more moderate, else limited",
    ),
    "summary/labels.mean_active_minutes": Definition(
        "minutes", "engaged", ("active_seconds",), "mean of active seconds / 60, sessions with engagement"
    ),
    "summary/labels.help_pattern": Definition(
        None, "finished", _HELP, "mean help a session: below 2 independent, below 5 appropriate, else high"
    ),
    "summary/labels.help_per_session": Definition(
        "requests", "finished", _HELP, "mean of help over finished sessions"
    ),
    "summary/labels.regular": Definition(None, "finished", _STATUS, "two or more finished sessions a week"),
    "summary/labels.sessions_per_week": _MEASURES["sessions_per_week"],
    "summary/recommendations.*": Definition(
        None, "finished", _ALL, "proposed where its figure passes the threshold (D7.12), from 3 sessions on"
    ),
    "series/*": Definition(
        "points", "completed", _SCORE,
        "completed sessions up to this one: mean of the last 3, step from the one before, best so far",
    ),
    "emotions/volatility.*": Definition(
        "sessions", "finished", ("transitions",), "transitions: none very stable, 1–3 stable, more volatile"
    ),
    "emotions/anxiety.*": Definition(
        None, "leveled", ("anxiety_level_before", "anxiety_level_after"),
        "mean of before − after; percent: 100 × Σ (before − after) / Σ before",
    ),
    "emotions/scale_version": Definition(None, "finished", _STATES, "version of the scale of states"),
    "emotions/*": Definition(
        None, "finished", _STATES,
        "valence after − before (scale 1) where both states are recorded; shares of all recorded states",
    ),
    "activities/*": Definition(
        None, "all", ("activity_type", "points_earned", "verified", "day"),
        "activities of the window: their number, points, and share verified by a parent or a professional",
    ),
    "streaks/*": Definition(
        "days", "completed", ("day",),
        "local days in a row with a completed session up to a day; current when it ends then or a day before",
    ),
    "by-type/types.*.completion_rate": _MEASURES["completion_rate"],
    "by-type/types.*.score.*": _MEASURES["score"],
    "by-type/types.*": Definition("sessions", "all", _STATUS, "number of sessions of the type"),
}  # fmt: skip


def definition_of(section: str, figure: str) -> Definition:
    """What a figure of a section is worked from; `figure` is a path that the section has."""
    for pattern, definition in _OWN.items():
        if fnmatchcase(f"{section}/{figure}", pattern):
            return definition
    parts = figure.split(".")
    if section == "trends":
        return _trend(_MEASURES[parts[0]], parts[-1])
    named = {"comparison": 1, "timeseries": 2}.get(section, 0)
    name = parts[named] if len(parts) > named else parts[-1]
    measure = _MEASURES.get(name, _MEASURES["total"])
    if section == "comparison":
        return _compared(measure, parts[-1])
    return _told(measure, parts[-1])


def _told(measure: Definition, part: str) -> Definition:
    what = {"n": "number", "p90": "90th percentile"}.get(part, part)
    unit = "sessions" if part == "n" else measure.unit
    return Definition(unit, measure.rows, measure.fields, measure.rule.format(what=what))


def _trend(measure: Definition, part: str) -> Definition:
    rule = (
        "values in order of time; early: mean of the first ⌊n/2⌋, late: of the rest, delta: late − early;"
        " direction: delta beyond the threshold, from 4 sessions on, and where scenario version and device"
        " type allow the comparison; slope and r²: least squares on 1…n"
    )
    unit = "sessions" if part == "n" else measure.unit
    return Definition(unit, measure.rows, (*measure.fields, *_SETUP), rule)


def _compared(measure: Definition, part: str) -> Definition:
    rule = measure.rule.format(what="mean")
    told = f"{rule}; previous: the same over the window before; delta: value − previous"
    unit = "sessions" if part in ("n", "previous_n") else measure.unit
    return Definition(unit, measure.rows, (*measure.fields, *_SETUP), told)


def plain(value: Any) -> Any:
    """A value as JSON has it: exact numbers as numbers."""
    return float(value) if isinstance(value, Decimal) else value
