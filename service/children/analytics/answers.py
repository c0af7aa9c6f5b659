"""Answers about one child: whether it may be seen and the figures in one statement, kept by data version.

What is kept is looked for first and shown last: a kept answer leaves only after a statement has told that the
caller may see the child now. It is the same for everybody who may (spec E4.3 gives figures to every level):
kept once for a child and not for each caller.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from service.children.analytics import sections
from service.children.door import Hidden, Standing, admit, check, note_reading
from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import Figures, select_figures
from service.children.queries.scopes import of_activities, of_child, of_sessions
from service.children.rules.completeness import meta_of
from service.children.rules.permissions import Action
from service.children.rules.windows import span_of
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.versions import token
from service.reporting.rendering import quarter_hour_after
from service.reporting.snapshots import Platform, reach
from service.schemas.children import analytics as wire
from service.schemas.children.figures import BucketUnit, Section
from service.schemas.children.words import words

READING: Final = "analytics.read"
NAMESPACE: Final = "children/analytics"
SHORT: Final = timedelta(seconds=60)
"""How long an answer lives while a session of today is open (spec D8)."""
SECTIONS: Final[tuple[Section, ...]] = words(Section)  # type: ignore[assignment]
MODELS: Final[Mapping[str, type[Any]]] = {
    "summary": wire.SummaryAnswer,
    "trends": wire.TrendsAnswer,
    "timeseries": wire.TimeseriesAnswer,
    "series": wire.SeriesAnswer,
    "emotions": wire.EmotionsAnswer,
    "activities": wire.ActivitiesAnswer,
    "by-type": wire.ByTypeAnswer,
    "streaks": wire.StreaksAnswer,
    "comparison": wire.ComparisonAnswer,
    "analytics": wire.AnalyticsAnswer,
}
"""What each route answers; `analytics` is all sections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Finished JSON, whether it was kept, and what it stands on."""

    body: bytes
    hit: bool
    data_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One section (or `analytics`: all) of one child, as it was asked for."""

    child_id: int
    name: str
    ask: wire.FiguresAsk
    asking: Asking

    @property
    def sections(self) -> Sequence[Section]:
        """The sections of the answer."""
        return [section for section in SECTIONS if self.name in (section, "analytics")]

    @property
    def parts(self) -> list[str]:
        """The documents that the statement gathers, each once."""
        bucket: BucketUnit = getattr(self.ask, "bucket", "week")
        named = [part for section in self.sections for part in sections.parts_of(section, bucket)]
        return list(dict.fromkeys(named))

    @property
    def scopes(self) -> list[str]:
        """The data versions it stands on."""
        return [of_child(self.child_id), of_sessions(self.child_id), of_activities(self.child_id)]

    def key(self, versions: Mapping[str, int]) -> str:
        """The cache key: child, section, what was asked, data versions, and the quarter of an hour.

        Every local midnight on Earth is at a full quarter: within one, no window moves, in any zone.
        """
        span, now = self.asking.span, self.asking.now
        over = span.ended_everywhere(now.date())
        until = "" if over else quarter_hour_after(now).isoformat()
        asked = orjson.dumps(self.ask.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        text = b"\0".join([asked, until.encode(), token(versions).encode()])
        return f"{self.child_id}/{self.name}/{hashlib.sha256(text).hexdigest()[:32]}"


def question_of(child_id: int, name: str, ask: wire.FiguresAsk, now: datetime) -> Question:
    """The question of a request. Raises `Invalid` for a window that cannot be."""
    asking = Asking(
        span=span_of(ask),
        now=now,
        children=[child_id],
        session_type=ask.session_type,
        as_of=getattr(ask, "as_of", None),
    )
    return Question(child_id=child_id, name=name, ask=ask, asking=asking)


async def answer(
    platform: Platform,
    caller: Caller,
    child_id: int,
    name: str,
    ask: wire.FiguresAsk,
    least: Mapping[str, int] | None = None,
) -> Answered:
    """Answer a section of a child and note that it was read. Raises `Hidden`, `LevelTooLow`, `Invalid`."""
    question = question_of(child_id, name, ask, datetime.now(UTC))
    await reach(platform, least)
    # Before the statement: what a slow reader builds is kept under the versions it began with (spec D8).
    versions = platform.versions.known(question.scopes)
    keeps = platform.versions.trusted and platform.flags.acts("shared_cache", caller.id)
    key = question.key(versions)
    kept = platform.cache.peek(key, namespace=NAMESPACE) if keeps else None
    async with platform.database.read() as conn:
        if kept is not None:
            await admit(conn, caller, child_id, Action.READ, READING)
            found = None
        else:
            found = await figures_of(conn, caller, question.asking, question.parts)
    body = kept if found is None else _document(question, found, token(versions))
    assert body is not None
    if found is not None and keeps:
        await _keep(platform, key, body, _life(platform, question, found))
    await note_reading(platform.database, caller, READING, child_id)
    return Answered(body=body, hit=kept is not None, data_version=token(versions))


async def figures_of(
    conn: ReadConnection, caller: Caller, asking: Asking, parts: Sequence[str], what: str = READING
) -> Figures:
    """The figures of one child whom the caller may see. Raises `Hidden` and `LevelTooLow`."""
    assert asking.children is not None
    [child_id] = asking.children
    rows = await select_figures(conn, caller, asking, parts)
    if not rows or rows[0].level is None:
        raise Hidden(caller, what, child_id, exists=bool(rows))
    passed(caller, rows[0], what)
    return rows[0]


def passed(caller: Caller, found: Figures, what: str) -> None:
    """Check the level of a visible child. Raises `LevelTooLow`."""
    standing: Any = found
    check(
        caller,
        Standing(found.child_id, standing.level, found.is_active, found.restricted, found.timezone),
        Action.READ,
        what,
    )


def period_of(found: Figures) -> wire.Period:
    """The window on the wire."""
    elapsed = (found.to_at - found.from_at).total_seconds()
    return wire.Period.model_validate(
        {
            "from": found.first,
            "to": found.last,
            "days": found.days,
            "timezone": found.zone,
            "from_at": found.from_at,
            "to_at": found.to_at,
            "hours": elapsed / 3600,
        }
    )


def section_of(found: Figures, section: Section, ask: wire.FiguresAsk) -> Any:
    """One section on the wire."""
    if section == "summary":
        return sections.summary_of(found.documents["summary"], found.documents["emotions"], found.days)
    if section == "timeseries":
        return sections.timeseries_of(found, getattr(ask, "bucket", "week"), getattr(ask, "metric", None))
    work: Mapping[str, Callable[[Figures], Any]] = {
        "trends": sections.trends_of,
        "series": sections.series_of,
        "emotions": sections.emotions_of,
        "activities": sections.activities_of,
        "by-type": sections.by_type_of,
        "streaks": sections.streaks_of,
        "comparison": sections.comparison_of,
    }
    return work[section](found)


def _document(question: Question, found: Figures, data_version: str) -> bytes:
    meta = meta_of(
        found.documents["summary"],
        now=question.asking.now,
        to_at=found.to_at,
        zone=found.zone,
        raised_at=found.raised_at,
        data_version=data_version,
    )
    named = {
        section.replace("-", "_"): section_of(found, section, question.ask) for section in question.sections
    }
    document = MODELS[question.name](
        child_id=found.child_id,
        window=period_of(found),
        generated_at=found.raised_at,
        meta=meta,
        **named,
    )
    text: str = document.model_dump_json(by_alias=True)
    return text.encode()


async def _keep(platform: Platform, key: str, body: bytes, life: timedelta) -> None:
    async def built() -> bytes:
        return body

    await platform.cache.get_or_build(key, built, ttl=life, namespace=NAMESPACE)


def _life(platform: Platform, question: Question, found: Figures) -> timedelta:
    """As long as the settings say; a minute while a session of today is open (spec D8)."""
    most = timedelta(seconds=platform.settings.cache.analytics_ttl)
    is_open = bool((found.documents["summary"] or {}).get("in_progress"))
    return min(most, SHORT) if is_open and found.to_at > question.asking.now else most


def with_children(asking: Asking, children: Sequence[int] | None) -> Asking:
    """The same question about other children."""
    return replace(asking, children=children)
