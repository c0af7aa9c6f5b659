"""The figures a report was written from, as they were: their hash, and what would differ (promise 6)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row

from service.children.analytics.answers import figures_of, period_of, section_of
from service.children.analytics.sections import parts_of
from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import Figures
from service.children.queries.reports import select_recorded
from service.children.rules.completeness import meta_of
from service.children.rules.windows import Span, span_of
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import Invalid
from service.reporting.statements.comparing import summary_changes
from service.reporting.statements.signature import canonical
from service.schemas.children.analytics import DEFINITIONS, AnalyticsAsk, Period, WindowAsk
from service.schemas.children.figures import Section
from service.schemas.children.reports import ReportChange
from service.schemas.envelope import Cause

SECTIONS: Final[Sequence[Section]] = ("summary", "trends", "emotions", "by-type", "activities")
"""What a report is written from; streaks are not, for they rest on all that was ever played."""
_RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "activities": ("activities",),
    "emotions": ("sessions", "activities"),
}
_ONE: Final = {"sessions": "session", "activities": "activity"}
SIGNED: Final = ("child_id", "type", "title", "period_start", "period_end", "content", "source_snapshot")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Figures of a window as JSON values, with the ids and versions of everything they rest on."""

    period: Period
    values: dict[str, Any]


async def taken(conn: ReadConnection, caller: Caller, child_id: int, ask: WindowAsk, what: str) -> Snapshot:
    """The figures of this moment. Raises as `figures_of`, and `Invalid` for a window that cannot be."""
    found = await figures_of(conn, caller, asking_of(child_id, _span(ask)), _parts(), what)
    period = period_of(found)
    recorded = await select_recorded(conn, child_id, period.from_at, period.to_at, {})
    meta = meta_of(
        found.documents["summary"],
        now=datetime.now(UTC),
        to_at=found.to_at,
        zone=found.zone,
        raised_at=found.raised_at,
    )
    values = {
        "window": period.model_dump(mode="json", by_alias=True),
        "definitions_version": DEFINITIONS,
        "meta": meta.model_dump(mode="json", by_alias=True),
        "sections": _sections(found),
        **{kind: [[row.id, row.version] for row in recorded if row.kind == kind] for kind in _ONE},
    }
    return Snapshot(period, values)


def sha256_of(row: Row[Any]) -> str:
    """The SHA-256 of what is published of a report, as canonical JSON: keys sorted, no spaces, UTC."""
    signed = {name: _spelled(getattr(row, name)) for name in SIGNED}
    return hashlib.sha256(canonical(signed)).hexdigest()


def intact(row: Row[Any]) -> bool | None:
    """Whether a report still is what was published; None where nothing was."""
    return None if row.statement_sha256 is None else sha256_of(row) == row.statement_sha256


async def differing(conn: ReadConnection, caller: Caller, row: Row[Any], what: str) -> list[ReportChange]:
    """Every figure that would differ today, with what caused it. Raises as `figures_of`."""
    kept: Mapping[str, Any] = row.source_snapshot
    if not kept:
        return []
    window = Period.model_validate(kept["window"])
    span = Span(first=window.from_, last=window.to, zone=window.timezone)
    found = await figures_of(conn, caller, asking_of(row.child_id, span), _parts(), what)
    differences = summary_changes(kept["sections"], _sections(found))
    if not differences:
        return []
    known = {kind: [one for one, _ in kept[kind]] for kind in _ONE}
    start, end = window.from_at, window.to_at
    happened = causes_of(kept, await select_recorded(conn, row.child_id, start, end, known))
    return [
        ReportChange(**one.model_dump(), causes=_causes(one.figure.partition(".")[0], happened, kept))
        for one in differences
    ]


def causes_of(kept: Mapping[str, Any], recorded: Iterable[Row[Any]]) -> dict[str, list[Cause]]:
    """By kind, what became of the sessions and activities since the figures were kept."""
    versions = {kind: dict(map(tuple, kept[kind])) for kind in _ONE}
    found: dict[str, list[Cause]] = {kind: [] for kind in _ONE}
    for row in recorded:
        before = versions[row.kind].get(row.id)
        if before is None and row.counts:
            found[row.kind].append(
                _cause(row, "added", "came in after the report was written", row.created_at)
            )
        elif before is not None and not row.counts:
            found[row.kind].append(_cause(row, "voided", "was voided, or left the window", row.updated_at))
        elif before is not None and before != row.version:
            found[row.kind].append(_cause(row, "changed", "was changed since", row.updated_at))
    return found


def asking_of(child_id: int, span: Span) -> Asking:
    """The question about one child."""
    return Asking(span=span, now=datetime.now(UTC), children=[child_id])


def _cause(row: Row[Any], deed: str, told: str, at: datetime) -> Cause:
    kind = _ONE[row.kind]
    link = f"/v1/children/{row.kind}/{row.id}"
    return Cause(
        code=f"{kind}_{deed}", detail=f"{kind} {row.id} {told}", at=at, subject=str(row.id), link=link
    )


def _causes(section: str, happened: Mapping[str, list[Cause]], kept: Mapping[str, Any]) -> list[Cause]:
    found = [cause for kind in _RESTS_ON.get(section, ("sessions",)) for cause in happened[kind]]
    if kept["definitions_version"] != DEFINITIONS:
        detail = f"worked out by the definitions {kept['definitions_version']}; today they are {DEFINITIONS}"
        found.append(Cause(code="definitions_changed", detail=detail, subject=DEFINITIONS))
    return found or [Cause(code="recomputed", detail="which input made the difference is not recorded")]


def _span(ask: WindowAsk) -> Span:
    """The window of a body: what is wrong with it is pointed at there."""
    try:
        return span_of(ask)
    except Invalid as refused:
        errors = [replace(one, pointer=one.pointer.replace("/query", "/body")) for one in refused.errors]
        raise Invalid(refused.detail, errors=errors) from None


def _parts() -> list[str]:
    return list(dict.fromkeys(part for section in SECTIONS for part in parts_of(section)))


def _sections(found: Figures) -> dict[str, Any]:
    asked = AnalyticsAsk()
    return {
        section: section_of(found, section, asked).model_dump(mode="json", by_alias=True)
        for section in SECTIONS
    }


def _spelled(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
