"""Several children at once: side by side, at a glance, and a caseload; a statement for each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final, Literal

from service.children.analytics.answers import passed, period_of
from service.children.analytics.sections import groups_of, summary_of
from service.children.door import Hidden, note_reading
from service.children.queries.figures.across import select_platform
from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import Figures, select_figures
from service.children.rules.completeness import meta_of
from service.children.rules.trends import judged
from service.children.rules.windows import Span, span_of
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import NotAllowed
from service.reporting.snapshots import Platform
from service.schemas.children import across as wire
from service.schemas.children.analytics import FiguresAsk, WindowAsk

MOST_LATEST: Final = 10


async def compare(platform: Platform, caller: Caller, ask: wire.CompareAsk) -> wire.Comparing:
    """The windows of two to five children. Raises `Hidden` for one that the caller may not see."""
    now = datetime.now(UTC)
    ids = sorted(ask.ids)
    asking = Asking(span=span_of(ask), now=now, children=ids, session_type=ask.session_type)
    async with platform.database.read() as conn:
        found = await select_figures(conn, caller, asking, ("summary", "emotions"))
    seen = {row.child_id: row for row in found}
    for child_id in ids:
        if child_id not in seen or seen[child_id].level is None:
            raise Hidden(caller, "analytics.compare", child_id, exists=child_id in seen)
        passed(caller, seen[child_id], "analytics.compare")
    answer = wire.Comparing(children=[_compared(row, now) for row in found])
    await note_reading(platform.database, caller, "analytics.compare", child_ids=ids)
    return answer


def _compared(found: Figures, now: datetime) -> wire.ComparedChild:
    documents = found.documents
    return wire.ComparedChild(
        child_id=found.child_id,
        name=found.name,
        window=period_of(found),
        summary=summary_of(documents["summary"], documents["emotions"], found.days),
        meta=meta_of(
            documents["summary"], now=now, to_at=found.to_at, zone=found.zone, raised_at=found.raised_at
        ),
    )


async def dashboard(platform: Platform, caller: Caller) -> wire.Dashboard:
    """What concerns whoever asks: one statement, however many children. Raises `NotAllowed`."""
    now = datetime.now(UTC)
    if caller.break_glass is None and caller.may("population:read"):
        return await _platform(platform, caller, now)
    caller.require("analytics:read")
    parts = ("lately", "lately_around", "latest", "points")
    asking = Asking(span=Span(days=30), now=now, only_active=True)
    async with platform.database.read() as conn:
        found = await select_figures(conn, caller, asking, parts)
    rows = [row for row in found if row.level is not None]
    role: Literal["parent", "professional"] = "professional" if caller.role == "professional" else "parent"
    answer = wire.Dashboard(
        role=role,
        children=[_glance(row) for row in sorted(rows, key=lambda row: (row.name, row.child_id))],
        points_7_days=_points(rows),
        latest_activities=_latest(rows),
        as_of=now,
    )
    ids = [row.child_id for row in rows]
    await note_reading(platform.database, caller, "dashboard.read", child_ids=ids)
    return answer


def _glance(found: Figures) -> wire.ChildGlance:
    played, done = found.documents["lately"] or {}, found.documents["lately_around"] or {}
    points = found.documents["points"] or {"points": 0, "level": 1}
    return wire.ChildGlance.model_validate(
        {
            "child_id": found.child_id,
            "name": found.name,
            "access": found.level,
            "points": points["points"],
            "points_level": points["level"],
            "last_7_days": {**played.get("week", {}), **done.get("week", {})},
            "last_30_days": {**played.get("month", {}), **done.get("month", {})},
            "open_sessions": played.get("open", 0),
            "last_session_at": played.get("last_at"),
            "last_activity_at": done.get("last_at"),
        }
    )


def _points(rows: Sequence[Figures]) -> list[wire.PointsOfDay]:
    days: Counter[str] = Counter()
    for row in rows:
        for day in (row.documents["points"] or {}).get("days") or ():
            days[day["day"]] += day["points"]
    return [wire.PointsOfDay.model_validate({"day": day, "points": days[day]}) for day in sorted(days)]


def _latest(rows: Sequence[Figures]) -> list[wire.LatestActivity]:
    done = [activity for row in rows for activity in row.documents["latest"] or ()]
    done.sort(key=itemgetter("completed_at", "activity_id"), reverse=True)
    return [wire.LatestActivity.model_validate(activity) for activity in done[:MOST_LATEST]]


async def _platform(platform: Platform, caller: Caller, now: datetime) -> wire.Dashboard:
    least = platform.settings.children.smallest_group
    async with platform.database.read() as conn:
        found = await select_platform(conn, now)
    glance = wire.PlatformGlance(
        people=found.people or {},
        new_people_30_days=found.new_people,
        children=_counted(found.children, found.children, least),
        sessions_7_days=_counted(found.week, found.week_children, least),
        sessions_30_days=_counted(found.month, found.month_children, least),
    )
    await note_reading(platform.database, caller, "dashboard.read")
    return wire.Dashboard(role="admin", platform=glance, as_of=now)


def _counted(count: int, children: int, least: int) -> wire.Counted:
    """A count that is told only where it is of enough children, or of none."""
    few = 0 < children < least
    return wire.Counted(count=None if few else count, suppressed=few)


async def caseload(platform: Platform, caller: Caller, ask: FiguresAsk) -> wire.Caseload:
    """The children a professional is assigned to, in figures. Raises `NotAllowed` for others."""
    now = datetime.now(UTC)
    async with platform.database.read() as conn:
        rows = await caseload_rows(conn, caller, ask, now)
    answer = wire.Caseload(window=_named(ask), children=[caseload_child(row) for row in rows], as_of=now)
    await note_reading(platform.database, caller, "caseload.read", child_ids=[row.child_id for row in rows])
    return answer


async def caseload_rows(
    conn: ReadConnection, caller: Caller, ask: FiguresAsk, now: datetime
) -> list[Figures]:
    """The figures of the caseload by name, in one statement. Raises `NotAllowed` (`professionals_only`)."""
    if caller.role != "professional":
        raise NotAllowed("a caseload is a professional's", code="professionals_only")
    asking = Asking(span=span_of(ask), now=now, session_type=ask.session_type, only_active=True)
    found = await select_figures(conn, caller, asking, ("summary", "emotions", "trends"))
    assigned = [row for row in found if row.level in ("view", "comment", "edit")]
    return sorted(assigned, key=lambda row: (row.name, row.child_id))


def caseload_child(found: Figures) -> wire.CaseloadChild:
    """A child of the caseload."""
    documents: Mapping[str, Any] = found.documents
    summary = summary_of(documents["summary"], documents["emotions"], found.days)
    groups = groups_of(documents["trends"])
    return wire.CaseloadChild.model_validate(
        {
            "child_id": found.child_id,
            "name": found.name,
            "access": found.level,
            "finished": summary.finished,
            "completion_rate": summary.completion_rate,
            "score": {"mean": summary.score.mean, "n": summary.score.n},
            "score_direction": judged(groups["score"], "score").direction,
            "engagement": summary.engagement,
            "engagement_direction": judged(groups["engagement"], "engagement").direction,
            "sessions_per_week": summary.labels.sessions_per_week,
            "open_sessions": summary.in_progress,
            "last_session_at": (documents["summary"] or {}).get("last_at"),
            "recommendations": [advice.code for advice in summary.recommendations],
        }
    )


def _named(ask: WindowAsk) -> str:
    return f"{ask.from_}/{ask.to}" if ask.from_ is not None else ask.window or "30d"
