"""Sections of D7 on the wire, from the exact sums and counts of their statement: one definition each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from service.children.queries.figures.reading import Figures
from service.children.rules.advice import hours, labels_of, recommendations_of
from service.children.rules.rounding import mean, percent, rounded, settled
from service.children.rules.states import anxiety_of, shifts_of, volatility_of
from service.children.rules.trends import LEAST, Group, judged, trend_of
from service.schemas.children.figures import (
    Accuracy,
    Activities,
    ActivityKind,
    Bucket,
    BucketUnit,
    ByType,
    Compared,
    Comparison,
    DailyPoints,
    Emotions,
    Help,
    Labels,
    Mean,
    Metric,
    Section,
    Series,
    SeriesPoint,
    Spread,
    Streaks,
    Summary,
    Timeseries,
    Trends,
    TypeFigures,
)
from service.schemas.children.words import words

METRICS: Final[Sequence[Metric]] = words(Metric)  # type: ignore[assignment]
Found = Mapping[str, Any]


def parts_of(section: Section, bucket: BucketUnit = "week") -> tuple[str, ...]:
    """The documents a section is made of; the summary always comes along, for `meta`."""
    own: Mapping[Section, tuple[str, ...]] = {
        "summary": ("emotions",),
        "trends": ("trends",),
        "timeseries": (f"timeseries_{bucket}",),
        "series": ("series",),
        "emotions": ("emotions", "around", "anxiety"),
        "activities": ("activities",),
        "by-type": ("types",),
        "streaks": ("streaks",),
        "comparison": ("before", "compared"),
    }
    return ("summary", *own[section])


def summary_of(found: Found | None, states: Found | None, days: int) -> Summary:
    """D7.4 with the labels and recommendations of D7.12; a window without sessions has zeros and nulls."""
    row: Found = defaultdict(lambda: None, found or {})
    figures = Summary(
        **{name: row[name] or 0 for name in _COUNTS},
        completion_rate=percent(row["completed"], row["finished"]),
        score=Spread(
            mean=mean(row["score_sum"], row["completed"] or 0),
            n=row["completed"] or 0,
            median=rounded(row["score_median"]),
            p90=rounded(row["score_p90"]),
            min=row["score_min"],
            max=row["score_max"],
        ),
        duration_seconds=_mean(row, "duration"),
        active_seconds=row["active_seconds"] or 0,
        engagement=_mean(row, "engagement"),
        accuracy=_accuracy(row),
        independence=_independence(row),
        help=Help(
            pooled_rate=percent(row["help"], row["interactions"]),
            requests=row["help"] or 0,
            interactions=row["interactions"] or 0,
        ),
        parent_rating=_mean(row, "rating"),
        labels=_labels(row, days),
        recommendations=[],
    )
    moved = states or {}
    up, down = moved.get("improvements", 0), moved.get("deteriorations", 0)
    advice = recommendations_of(figures, days=days, up=up, down=down)
    return figures.model_copy(update={"recommendations": advice})


_COUNTS: Final = ("total", "finished", "completed", "abandoned", "interrupted", "in_progress")


def _mean(row: Found, name: str) -> Mean:
    n = row[f"{name}_n"] or 0
    return Mean(mean=mean(row[f"{name}_sum"], n), n=n)


def _accuracy(row: Found) -> Accuracy:
    of_sessions = _mean(row, "accuracy")
    return Accuracy(
        mean=of_sessions.mean,
        n=of_sessions.n,
        pooled=percent(row["correct"], row["responses"]),
        correct=row["correct"] or 0,
        responses=row["responses"] or 0,
    )


def _independence(row: Found) -> Mean:
    n = row["independence_n"] or 0
    return Mean(mean=rounded(settled(row["independence_sum"]) / n) if n else None, n=n)


def _labels(row: Found, days: int) -> Labels:
    return labels_of(
        finished=row["finished"] or 0,
        days=days,
        engaged=row["engagement_n"] or 0,
        engaged_seconds=row["engaged_seconds"] or 0,
        help_requests=row["help"] or 0,
    )


def groups_of(found: Sequence[Found] | None) -> Mapping[Metric, list[Group]]:
    """The earlier and later sessions by metric and setup."""
    groups: dict[Metric, list[Group]] = {metric: [] for metric in METRICS}
    for row in found or ():
        groups[row["metric"]].append(
            Group(
                late=row["late"],
                scenario_version=row["scenario_version"],
                device_type=row["device_type"],
                n=row["n"],
                total=Decimal(row["total"]),
                by_rank=Decimal(row["by_rank"]),
                squares=Decimal(row["squares"]),
            )
        )
    return groups


def trends_of(found: Figures) -> Trends:
    """D7.5 for every metric."""
    groups = groups_of(found.documents["trends"])
    return Trends.model_validate({metric: trend_of(groups[metric], metric) for metric in METRICS})


def timeseries_of(found: Figures, bucket: BucketUnit, metric: Metric | None) -> Timeseries:
    """D7.6: every bucket that the window touches."""
    shown = METRICS if metric is None else (metric,)
    rows = found.documents[f"timeseries_{bucket}"] or ()
    return Timeseries(bucket=bucket, buckets=[_bucket(row, shown) for row in rows])


def _bucket(row: Found, shown: Sequence[Metric]) -> Bucket:
    given = {name: row[name] for name in Bucket.model_fields if name in row}
    means = {metric: _mean(row, metric) for metric in shown}
    return Bucket.model_validate(
        {**given, "from": row["from"], "hours": hours(Decimal(row["seconds"])), **means}
    )


def series_of(found: Figures) -> Series:
    """D7.7: completed sessions in order."""
    rows = found.documents["series"] or ()
    points = [{**row, "moving_average": mean(row["sum3"], row["n3"])} for row in rows]
    return Series(sessions=[SeriesPoint.model_validate(point) for point in points])


def emotions_of(found: Figures) -> Emotions:
    """D7.8: sessions, and activities with anxiety."""
    documents = found.documents
    return Emotions(
        sessions=shifts_of(documents["emotions"]),
        volatility=volatility_of(documents["emotions"]),
        activities=shifts_of(documents["around"]),
        anxiety=anxiety_of(documents["anxiety"]),
    )


def activities_of(found: Figures) -> Activities:
    """Activities of the window, their points by local day."""
    document = found.documents["activities"] or {}
    kinds = [ActivityKind.model_validate(kind) for kind in document.get("types") or ()]
    total, verified = sum(kind.total for kind in kinds), sum(kind.verified for kind in kinds)
    return Activities(
        total=total,
        points=sum(kind.points for kind in kinds),
        verified=verified,
        verification_rate=percent(verified, total),
        by_type=kinds,
        daily_points=[DailyPoints.model_validate(day) for day in document.get("days") or ()],
    )


def by_type_of(found: Figures) -> ByType:
    """Completion and scores by type of session."""
    rows = found.documents["types"] or ()
    return ByType(types=[_type(row) for row in rows])


def _type(row: Found) -> TypeFigures:
    completed = row["completed"]
    return TypeFigures(
        session_type=row["session_type"],
        total=row["total"],
        finished=row["finished"],
        completed=completed,
        completion_rate=percent(completed, row["finished"]),
        score=Mean(mean=mean(row["score_sum"], completed), n=completed),
    )


def streaks_of(found: Figures) -> Streaks:
    """D7.10."""
    return Streaks.model_validate(found.documents["streaks"])


def comparison_of(found: Figures) -> Comparison:
    """D7.11: the window against [from − (to − from), from); directions where the setups allow them."""
    before = summary_of(found.documents["before"], None, found.days)
    now = summary_of(found.documents["summary"], None, found.days)
    groups = groups_of(found.documents["compared"])
    verdicts = {_FIGURE_OF[metric]: judged(groups[metric], metric, each=LEAST) for metric in METRICS}
    figures = {}
    for name, (value_of, n_of) in COMPARED.items():
        value, previous = value_of(now), value_of(before)
        delta = None if value is None or previous is None else rounded(_exact(value) - _exact(previous))
        verdict = verdicts.get(name)
        if verdict is not None and verdict.delta is not None:
            delta = rounded(verdict.delta)
        figures[name] = Compared(
            value=value,
            n=n_of(now),
            previous=previous,
            previous_n=n_of(before),
            delta=delta,
            direction=None if verdict is None else verdict.direction,
            reason=None if verdict is None else verdict.reason,
        )
    return Comparison(previous_from_at=found.before_at, previous_to_at=found.from_at, figures=figures)


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


COMPARED: Final[Mapping[str, tuple[Callable[[Summary], float | None], Callable[[Summary], int]]]] = {
    "finished": (lambda s: s.finished, lambda s: s.finished),
    "completed": (lambda s: s.completed, lambda s: s.finished),
    "completion_rate": (lambda s: s.completion_rate, lambda s: s.finished),
    "score": (lambda s: s.score.mean, lambda s: s.score.n),
    "duration_seconds": (lambda s: s.duration_seconds.mean, lambda s: s.duration_seconds.n),
    "active_seconds": (lambda s: s.active_seconds, lambda s: s.finished),
    "engagement": (lambda s: s.engagement.mean, lambda s: s.engagement.n),
    "accuracy": (lambda s: s.accuracy.mean, lambda s: s.accuracy.n),
    "accuracy_pooled": (lambda s: s.accuracy.pooled, lambda s: s.accuracy.responses),
    "independence": (lambda s: s.independence.mean, lambda s: s.independence.n),
    "help_rate": (lambda s: s.help.pooled_rate, lambda s: s.help.interactions),
    "parent_rating": (lambda s: s.parent_rating.mean, lambda s: s.parent_rating.n),
    "sessions_per_week": (lambda s: s.labels.sessions_per_week, lambda s: s.finished),
}
"""Figures of both windows: the value, and what it rests on."""
_FIGURE_OF: Final[Mapping[Metric, str]] = {
    "score": "score", "engagement": "engagement", "accuracy": "accuracy", "duration": "duration_seconds",
}  # fmt: skip
